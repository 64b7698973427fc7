"""The six steps of a rebalance: each leaves a file, and checks those before it.

- `basket`: what the methodologist types in; `state`: what is read from the chain;
- `weights`, `params`, `units`: what follows from them, as pure functions;
- `folder`: the run directory and its chain of hashes; `chain`: derives every file again;
- `run`: the steps as the commands call them.
"""
