"""The keeper: executes a rebalance unattended, and goes on where a killed one left it.

Every decision follows from the chain: holdings, targets, cool-offs, and the trades made since the
rebalance started. The journal keeps the one thing the chain does not tell: what was signed, but is
not mined.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ape
import requests
from ape.exceptions import ApeException
from web3.exceptions import Web3Exception

from indexkit.errors import IndexkitError
from indexkit.keeper import checks, journal, opening, preview
from indexkit.keeper.clock import Clock, clock_of_chain
from indexkit.keeper.contracts import Contracts
from indexkit.keeper.flows import read_flows
from indexkit.keeper.following import Arbitrage, Follower, Limits, Tick
from indexkit.keeper.record import Execution, read_spent, read_trades
from indexkit.keeper.refusals import Refusals
from indexkit.keeper.sender import Sender
from indexkit.market import Market
from indexkit.rebalance_data import Rebalance


class Keeper:
    """Executes one rebalance.

    Parameters
    ----------
    contracts
        Of the index.
    rebalance
        Whose schedule is followed, as it was submitted.
    market
        Prices that costs are measured against; those of the first run hold for all.
    trader
        Account of Ape that is allowed to trade, and signs without questions.
    folder
        Where the journal is; one keeper works there at a time.
    chain_id
        That the plan is for; None for any.
    since
        A block before the rebalance started, from which the chain's logs are read.
    clock
        How to wait; the connected chain's own by default.
    arbitrage
        Brings pools back between trades; None leaves them where trades put them.
    watch
        Is shown each line of the journal once it is written.
    """

    follower: type[Follower] = Follower
    """Who follows the schedule."""

    def __init__(
        self,
        contracts: Contracts,
        rebalance: Rebalance,
        market: Market,
        trader: Any,
        folder: Path,
        *,
        chain_id: int | None = None,
        since: int = 0,
        clock: Clock | None = None,
        arbitrage: Arbitrage | None = None,
        limits: Limits | None = None,
        watch: journal.Watch = lambda _: None,
    ) -> None:
        self._contracts = contracts
        self._rebalance = rebalance
        self._market = market
        self._trader = trader
        self._folder = folder
        self._chain_id = chain_id
        self._since = since
        self._clock = clock or clock_of_chain()
        self._arbitrage = arbitrage
        self._limits = limits or Limits()
        self._watch = watch

    def run(self, tick: Tick = lambda _: None, *, entries: int | None = None) -> Execution:
        """Follow the schedule from where it stands, then finish what it left.

        Parameters
        ----------
        tick
            Called after each entry of the schedule, with its symbol; at once for those done before.
        entries
            Stop after so many entries of the schedule, and leave the rest; None for all.

        Returns
        -------
        Execution
            With the reason in `stopped` if the rebalance could not be executed to its end.

        Raises
        ------
        IndexkitError
            Nothing was begun: the chain is not as planned, the trader may not trade, another keeper
            works in the folder, or what was signed before cannot be sent.
        """
        with journal.open_journal(self._folder, self._watch) as kept, _in_one_sentence():
            follower, opened = self._open(kept)
            stopped = _follow(follower, tick, entries)
            now = self._clock.now()
            if stopped is not None:
                kept.add(journal.STOPPED, why=stopped, time=now)
            elif entries is None:
                kept.add(journal.FINISHED, time=now)
            return self._execution(kept, opened)

    def record(self) -> Execution:
        """Read what was executed so far; sends nothing.

        Raises
        ------
        IndexkitError
            No rebalance started, or another keeper works in the folder.
        """
        with journal.open_journal(self._folder) as kept, _in_one_sentence():
            return self._execution(kept, self._opening(kept))

    def dry_run(self) -> tuple[preview.Step, ...]:
        """Say what a run would do next, a step for each component; sends nothing.

        Raises
        ------
        IndexkitError
            As `run`.
        """
        with journal.open_journal(self._folder) as kept, _in_one_sentence():
            self._require()
            opened = self._opening(kept)
            return preview.steps(self._follower(kept, opened))

    def _require(self) -> None:
        checks.require_plan(self._contracts, self._rebalance, self._chain_id)
        checks.require_trader(
            self._contracts,
            self._trader,
            self._clock.now(),
            unguarded=self._limits.unguarded,
        )

    def _opening(self, kept: journal.Journal) -> opening.Opening:
        return opening.read(self._contracts, self._rebalance, self._market, kept, self._since)

    def _open(self, kept: journal.Journal) -> tuple[Follower, opening.Opening]:
        self._require()
        opened = self._opening(kept)
        opening.write(opened, self._contracts, self._trader.address, kept)
        follower = self._follower(kept, opened)
        follower.sender.resolve()
        return follower, opened

    def _follower(self, kept: journal.Journal, opened: opening.Opening) -> Follower:
        return self.follower(
            self._contracts,
            self._rebalance,
            opened.market,
            self._clock,
            self._arbitrage,
            self._limits,
            opened.nonce,
            opened.block,
            kept,
            Sender(self._trader, kept),
            Refusals(self._limits.patience),
        )

    def _execution(self, kept: journal.Journal, opened: opening.Opening) -> Execution:
        contracts, intents, last = self._contracts, kept.intents(), kept.lines[-1:]
        head = ape.chain.provider.get_block("latest")
        follower = self._follower(kept, opened)
        ended = {line["what"]: line for line in last}
        trades = read_trades(contracts, self._rebalance, opened.market, opened.block, intents)
        number = int(head.number)
        after = contracts.snapshot(self._rebalance, number, int(head.timestamp), block_id=number)
        token = contracts.token.address
        return Execution(
            chain_id=int(ape.chain.provider.chain_id),
            token=token,
            module=contracts.module.address,
            guard=None if contracts.guard is None else contracts.guard.address,
            trader=self._trader.address,
            nonce=opened.nonce,
            start_block=opened.block,
            end_block=number,
            trades=trades,
            gas_spent=read_spent(intents),
            before=opened.before,
            after=after,
            flows=read_flows(token, self._rebalance, opened.before, after, trades),
            targets=contracts.targets(self._rebalance),
            raises=follower.raises(),
            loss=contracts.loss(opened.nonce),
            loss_budget=contracts.loss_budget(),
            finished=journal.FINISHED in ended,
            stopped=ended.get(journal.STOPPED, {}).get("why"),
        )


def _follow(follower: Follower, tick: Tick, entries: int | None) -> str | None:
    """Follow the schedule; return why it stopped before its end, None if it did not."""
    try:
        with _in_one_sentence():
            follower.follow(tick, entries)
    except IndexkitError as error:
        return error.message
    return follower.refusals.sentence()


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Say of a node that fails what is to be done."""
    try:
        yield
    except (ApeException, Web3Exception, requests.RequestException) as error:
        words = " ".join(str(error).split())[:200].rstrip(".")
        raise IndexkitError(
            f"The node failed ({type(error).__name__}: {words}): the trades before stand; "
            "start the keeper again when it answers."
        ) from error
