"""Follows a schedule trade by trade: in order, under cool-offs, within the cash.

Sells need no cash and reach their targets. Buys are paid from what the sells brought, which is less
than planned by the cost of trading; a buy that cannot be paid yet waits. Whatever WETH remains when
no full trade is affordable any more is spent on one component.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from indexkit import guarding, quotes
from indexkit.keeper import checks, events, position, record
from indexkit.keeper.clock import Clock
from indexkit.keeper.contracts import Contracts, Holding
from indexkit.keeper.journal import FINISHING, REFUSED, WAITING, Journal
from indexkit.keeper.refusals import Patience, Refusals, StopError
from indexkit.keeper.sender import Call, RefusedError, Sender
from indexkit.localnet.arbitrage import BASIS_POINTS, Reserves, reserves
from indexkit.market import Market
from indexkit.rebalance_data import Component, Rebalance

DUST = 10**12
"""WETH below this {wei} is not spent: its gas would cost thousands of times more."""

DUST_SHARE = 10**3
"""WETH below this fraction of the traded value does not warrant raising the targets."""

LIMIT_BPS = 50
"""How much worse than its quote the trader lets a trade be."""

Tick = Callable[[str], None]


class Arbitrage(Protocol):
    """Whoever brings pools back to the market on a chain without other traders."""

    def restore(self, symbol: str) -> Any:
        """Bring a component's pool back."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a keeper keeps to.

    Attributes
    ----------
    slippage_bps
        How much worse than its quote a trade may be.
    patience
        With refused trades.
    unguarded
        Whether to trade even if no guard judges the trades.
    """

    slippage_bps: int = LIMIT_BPS
    patience: Patience = field(default_factory=Patience)
    unguarded: bool = False


@dataclass(frozen=True, slots=True)
class Follower:
    """One run along a schedule; all it knows it reads from the chain before each step.

    Attributes
    ----------
    nonce, start
        Of the rebalance, and its block.
    refusals
        Components that the chain refused of late.
    """

    contracts: Contracts
    rebalance: Rebalance
    market: Market
    clock: Clock
    arbitrage: Arbitrage | None
    limits: Limits
    nonce: int
    start: int
    journal: Journal
    sender: Sender
    refusals: Refusals

    @property
    def symbols(self) -> tuple[str, ...]:
        """The components' symbols, in the order of the plan."""
        return tuple(c.symbol for c in self.rebalance.components)

    def follow(self, tick: Tick, entries: int | None) -> None:
        """Follow the schedule from where the trades made so far leave it; see `Keeper.run`."""
        schedule = self.rebalance.schedule
        place = self.place()
        for symbol in schedule[: min(place, len(schedule) if entries is None else entries)]:
            tick(symbol)
        for symbol in schedule[place:entries]:
            self.attempt(symbol)
            tick(symbol)
        if entries is None:
            self.journal.add(FINISHING, time=self.clock.now())
            self.finish(max(place, len(schedule)))

    def place(self) -> int:
        """Return where the trades made so far leave the schedule; see `position`."""
        if self.raises() > 0:
            return len(self.rebalance.schedule)
        by_address = {c.address: c.symbol for c in self.rebalance.components}
        found = [by_address[t.component] for t in events.trades(self.contracts.module, self.start)]
        return position.place_after(self.rebalance.schedule, self.symbols, found)

    # ------------------------------------------------------------ the end

    def finish(self, place: int) -> None:
        """Trade what is affordable, spend the rest, or raise targets that cost too little."""
        if self.raises() == 0:
            self._trade_in_turn(place)
            if short := self._most_lacking():
                self._spend_rest(short)
                return
        while self.refusals.sentence() is None:
            if short := self._most_lacking():
                if not self._attempt_patiently(short.symbol):
                    self._spend_rest(short)
                    return
            elif self.raises() < checks.MAX_RAISES and self._much_is_left():
                self._raise()
            else:
                return

    def _trade_in_turn(self, place: int) -> None:
        """Trade component after component, until none of them can in a whole round."""
        idle = 0
        while idle < len(self.symbols):
            traded = self.attempt(position.entry(self.rebalance.schedule, self.symbols, place))
            idle = 0 if traded else idle + 1
            place += 1
            if idle == len(self.symbols) and self._wait_for_refused():
                idle = 0

    def _attempt_patiently(self, symbol: str) -> bool:
        while not (traded := self.attempt(symbol)):
            if not self._wait_for_refused():
                break
        return traded

    def _wait_for_refused(self) -> bool:
        """Wait until a refused component may be tried again; whether there is one."""
        until = self.refusals.until()
        if until is None:
            return False
        if (seconds := until - self.clock.now()) > 0:
            self._wait(seconds, "refused")
        return True

    def _most_lacking(self) -> Component | None:
        """Return the component that lacks the greatest value; None if none lacks any."""
        held = {c.symbol: self.contracts.holding(c) for c in self.rebalance.components}
        short = {s: h.missing for s, h in held.items() if h.missing > 0 and not h.met}
        if not short:
            return None
        symbol = max(short, key=lambda s: self.market.value(s, short[s]))
        return self.rebalance.component(symbol)

    def _much_is_left(self) -> bool:
        symbols = {c.address: c.symbol for c in self.rebalance.components}
        traded = sum(
            self.market.value(symbols[t.component], t.amount)
            for t in events.trades(self.contracts.module, self.start)
        )
        return self.contracts.cash() * DUST_SHARE > traded

    def raises(self) -> int:
        """Return how often the targets were raised since the start."""
        found = int(self.contracts.module.positionMultiplier())
        planned = self.rebalance.position_multiplier
        return position.raises(planned, found, checks.MAX_RAISES) or 0

    def _raise(self) -> None:
        call = Call.of(record.RAISE, self.contracts.module, "raiseAssetTargets")
        try:
            self.sender.send(call, time=self.clock.now())
        except RefusedError as refused:
            raise StopError(
                f"Raising the targets was refused ({refused.reason}): look at the index's "
                "positions, and start again."
            ) from refused

    # ------------------------------------------------------------ one trade

    def attempt(self, symbol: str) -> bool:
        """Trade a component once if it is off target and, for a buy, the cash allows it."""
        component = self.rebalance.component(symbol)
        if self.refusals.waits(symbol, self.clock.now()):
            return False
        held = self._holding(component)
        if held.met:
            return False
        size, is_buy = held.size, held.size > 0
        if is_buy and self.market.value(symbol, size) > self.contracts.cash():
            return False
        try:
            pool = self.prepare(component, is_buy=is_buy)
            quote = quotes.weth_for(component, pool, size)
            if is_buy and quote > self.contracts.cash():
                return False
            margin = quote * self.limits.slippage_bps // BASIS_POINTS
            limit = quote + margin if is_buy else quote - margin
            self._send("tradeWithLimit", component, held, quote, limit)
        except RefusedError as refused:
            self._refuse(symbol, refused.reason)
            return False
        self.refusals.clear(symbol)
        return True

    def _spend_rest(self, component: Component) -> None:
        """Spend all the WETH on a component; it buys less than one whole trade would."""
        while self.refusals.sentence() is None and (cash := self.contracts.cash()) >= DUST:
            try:
                pool = self.prepare(component, is_buy=True)
                quote = quotes.component_for(component, pool, cash)
                limit = quote - quote * self.limits.slippage_bps // BASIS_POINTS
                held = self._holding(component)
                self._send("tradeRemainingWETHWithLimit", component, held, quote, limit)
                return
            except RefusedError as refused:
                self._refuse(component.symbol, refused.reason)
                self._wait_for_refused()

    def _holding(self, component: Component) -> Holding:
        """Read a component's holding, of this rebalance and no other."""
        found = int(self.contracts.module.rebalanceNonce())
        if found != self.nonce:
            raise StopError(
                f"The manager started another rebalance (number {found}, this one was "
                f"{self.nonce}): execute that one, with its plan and a folder of its own."
            )
        return self.contracts.holding(component)

    def prepare(self, component: Component, *, is_buy: bool) -> Reserves:
        """Wait for cool-off and price history, let the arbitrageur act, and read the pool."""
        asset = self.contracts.asset(component)
        if asset.last_trade:
            wait = asset.last_trade + asset.cool_off - self.clock.now()
            if wait > 0:
                self._wait(wait, "cool-off", component.symbol)
        guard = self.contracts.guard
        if guard is not None and not guarding.has_history(guard, component, is_buy=is_buy):
            pairs = guarding.reference_pairs(guard, [component])
            call = Call.of(record.OBSERVE, guard, "observe", pairs)
            self.sender.send(call, component=component.symbol, time=self.clock.now())
            self._wait(int(guard.window()), "price history", component.symbol)
        if self.arbitrage is not None:
            self.arbitrage.restore(component.symbol)
        return reserves(component.address, component.exchange)

    def _send(
        self, function: str, component: Component, held: Holding, quote: int, limit: int
    ) -> None:
        call = Call.of(
            record.LIMITED[function], self.contracts.module, function, component.address, limit
        )
        self.sender.send(
            call,
            component=component.symbol,
            is_buy=held.size > 0,
            size=str(abs(held.size)),
            quoted=str(quote),
            limit=str(limit),
            time=self.clock.now(),
        )

    def _refuse(self, symbol: str, reason: str) -> None:
        now = self.clock.now()
        wait = self.refusals.add(symbol, reason, now)
        self.journal.add(REFUSED, component=symbol, why=reason, seconds=wait, time=now)

    def _wait(self, seconds: int, why: str, symbol: str | None = None) -> None:
        self.journal.add(WAITING, component=symbol, why=why, seconds=seconds, time=self.clock.now())
        self.clock.wait(seconds)
