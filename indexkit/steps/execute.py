"""Step 6: the keeper executes what was submitted, and leaves its record and the report."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from ape import project

from indexkit import documents, report
from indexkit.errors import IndexkitError
from indexkit.keeper import Contracts, Execution, Keeper, Limits
from indexkit.keeper.following import Arbitrage, Tick
from indexkit.keeper.preview import Step
from indexkit.market import Market, market_of
from indexkit.rebalance_data import Rebalance
from indexkit.steps import chain, submit, units
from indexkit.steps.folder import Folder
from indexkit.steps.state import State

MARKET = "market.json"
"""The prices that costs are measured against: those of the first run hold for all."""


@dataclass(frozen=True, slots=True)
class Job:
    """A submitted rebalance and the keeper that executes it."""

    folder: Folder
    rebalance: Rebalance
    market: Market
    keeper: Keeper

    def run(self, tick: Tick = lambda _: None, *, entries: int | None = None) -> Execution:
        """Execute what is left, and keep the record.

        Parameters
        ----------
        tick
            Called after each entry of the schedule.
        entries
            Stop after so many of them; None for all.
        """
        execution = self.keeper.run(tick, entries=entries)
        self.folder.update("execution", execution.as_json())
        return execution

    def dry_run(self) -> tuple[Step, ...]:
        """Say what a run would do next; sends nothing."""
        return self.keeper.dry_run()

    def report(self) -> Path:
        """Write the report of what was executed, and return its page."""
        return report.write(self.folder.path)


def job_of(
    folder: Folder,
    trader: Any,
    *,
    arbitrage: Callable[[Rebalance], Arbitrage | None] = lambda _: None,
    unguarded: bool = False,
) -> Job:
    """Return the job of a run directory on the connected chain.

    Parameters
    ----------
    trader
        Account of Ape that is allowed to trade.
    arbitrage
        Who brings pools back between trades, on a local chain.
    unguarded
        Whether to trade even if no guard judges the trades.

    Raises
    ------
    IndexkitError
        A file of the run does not follow from those before it.
    """
    submit.verified(folder)
    content = chain.check(folder, "units").contents["units"]
    state = chain.state_of(folder)
    rebalance = units.rebalance_of(content)
    market = _market(folder, rebalance)
    keeper = Keeper(
        _contracts(state),
        rebalance,
        market,
        trader,
        folder.path,
        chain_id=state.chain_id,
        since=state.block,
        arbitrage=arbitrage(rebalance),
        limits=Limits(unguarded=unguarded),
    )
    return Job(folder, rebalance, market, keeper)


def _contracts(state: State) -> Contracts:
    guard = None if state.guard is None else project.ExecutionGuard.at(state.guard)
    return Contracts(
        project.SetToken.at(state.token), project.SingleIndexModule.at(state.module), guard
    )


def _market(folder: Folder, rebalance: Rebalance) -> Market:
    path = folder.path / MARKET
    if not path.exists():
        market = market_of(rebalance)
        documents.write(
            path,
            {
                "published": market.published,
                "prices": {symbol: str(price) for symbol, price in market.prices.items()},
            },
        )
    content = documents.read(path)
    try:
        prices = {symbol: Fraction(price) for symbol, price in content["prices"].items()}
        return Market(prices, bool(content["published"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise IndexkitError(
            f"{path}: is no list of prices ({error}): remove it to have them read anew."
        ) from error
