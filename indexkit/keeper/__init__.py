"""The keeper: executes a started rebalance unattended, whatever kills it in between.

- `Keeper`: run, record, dry_run;
- `Contracts`: the index's token, module and guard; `Limits`, `Patience`: what it keeps to;
- `Execution`, `Trade`, `Step`: what it did and would do;
- `ChainClock`, `WallClock`: how it waits.
"""

from indexkit.keeper.clock import ChainClock, Clock, WallClock, clock_of_chain
from indexkit.keeper.contracts import Contracts, Holding, Snapshot
from indexkit.keeper.following import LIMIT_BPS, Limits
from indexkit.keeper.keeper import Keeper
from indexkit.keeper.preview import Step
from indexkit.keeper.record import Execution, Trade
from indexkit.keeper.refusals import Patience

__all__ = [
    "LIMIT_BPS",
    "ChainClock",
    "Clock",
    "Contracts",
    "Execution",
    "Holding",
    "Keeper",
    "Limits",
    "Patience",
    "Snapshot",
    "Step",
    "Trade",
    "WallClock",
    "clock_of_chain",
]
