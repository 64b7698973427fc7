"""The report on a rebalance: one page and the same as JSON, from the files it left.

`build` and `write` read a rebalance's folder; `figures` is the pure arithmetic between.
"""

from indexkit.report.building import build, write
from indexkit.report.figures import figures

__all__ = ["build", "figures", "write"]
