"""The methodology of an index: who may enter, what each is worth in it, its level, its dates.

Pure functions; only `basket.read_basket` and `evidence.read_evidence` read files. The formulas that
reproduce the figures of 2021 to the wei are not here but in `indexkit.history`.
``docs/METHODOLOGY.md`` is the reader's version.
"""
