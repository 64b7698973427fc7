"""Step 6: the keeper executes what was submitted, and leaves its record and the report."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ape
from ape import project

from indexkit import documents, report
from indexkit.errors import IndexkitError
from indexkit.keeper import Contracts, Execution, Keeper, Limits
from indexkit.keeper.following import Arbitrage, Tick
from indexkit.keeper.preview import Step
from indexkit.market import Market, market_from_json, market_of
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
        # Not before: who only looks must not fix the prices of a run to come.
        path = self.folder.path / MARKET
        if not path.exists():
            documents.write(path, self.market.to_json())
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
        A file of the run does not follow from those before it, or the connected chain has not
        started what was submitted.
    """
    submit.verified(folder)
    content = chain.check(folder, "units").contents["units"]
    state = chain.state_of(folder)
    rebalance = units.rebalance_of(content)
    contracts = _contracts(state)
    _require_started(state, contracts)
    market = _market(folder, rebalance)
    keeper = Keeper(
        contracts,
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


def _require_started(state: State, contracts: Contracts) -> None:
    """Refuse another chain, and a rebalance before or after the one that was submitted."""
    found = int(ape.chain.chain_id)
    if found != state.chain_id or not ape.chain.provider.get_code(state.module):
        raise IndexkitError(
            f"state.json is of the chain {state.chain_id} with a module at {state.module}, but "
            f"the chain {found} that is connected is another one: name its network with --network."
        )
    due, number = state.nonce + 1, int(contracts.module.rebalanceNonce())
    if number < due:
        raise IndexkitError(
            f"The module {state.module} has started rebalance {number}, not yet {due}, which was "
            "submitted here: have the Safe's owners execute the pack first."
        )
    if number > due:
        raise IndexkitError(
            f"The module {state.module} is at rebalance {number}, later than {due}, which was "
            "submitted here: execute that one in its own directory."
        )


def _market(folder: Folder, rebalance: Rebalance) -> Market:
    path = folder.path / MARKET
    if not path.exists():
        return market_of(rebalance)
    symbols = [component.symbol for component in rebalance.components]
    where = f"{path} (without it, prices are read anew)"
    return market_from_json(documents.read(path), symbols, where)
