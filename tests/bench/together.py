"""Executes a rebalance with those trades in one transaction that are due at the same moment."""

from collections.abc import Iterable, Iterator

from indexkit import quotes
from indexkit.keeper import LIMIT_BPS, Keeper
from indexkit.keeper.following import Follower, Tick
from indexkit.keeper.record import TRADE
from indexkit.keeper.sender import Call
from indexkit.localnet.arbitrage import BASIS_POINTS


def moments(schedule: Iterable[str]) -> Iterator[list[str]]:
    """Yield the entries of a schedule that can be due together: up to the next of one of them.

    A component's trades are a cool-off apart, those of different components need not be.
    """
    moment: list[str] = []
    for symbol in schedule:
        if symbol in moment:
            yield moment
            moment = []
        moment.append(symbol)
    if moment:
        yield moment


class Together(Follower):
    """Follows a schedule by `tradeBatch`; what is left at the end is spent as ever."""

    def follow(self, tick: Tick, entries: int | None) -> None:
        """Follow the schedule moment by moment, then finish what it left."""
        for moment in moments(self.rebalance.schedule[:entries]):
            self._attempt_together(moment)
            tick(moment[-1])
        while self._attempt_together(self.symbols):
            pass
        self.finish(len(self.rebalance.schedule))

    def _attempt_together(self, symbols: Iterable[str]) -> bool:
        """Trade each component once that is off target and, for a buy, paid by the cash then."""
        cash, orders = self.contracts.cash(), []
        for symbol in symbols:
            component = self.rebalance.component(symbol)
            held = self.contracts.holding(component)
            if held.met or self.market.value(symbol, held.size) > cash:
                continue
            pool = self.prepare(component, is_buy=held.size > 0)
            quote = quotes.weth_for(component, pool, held.size)
            paid = quote if held.size > 0 else -quote
            if paid > cash:
                continue
            cash -= paid
            orders.append((component.address, abs(paid + quote * LIMIT_BPS // BASIS_POINTS)))
        if not orders:
            return False
        components, limits = (list(column) for column in zip(*orders, strict=True))
        call = Call.of(TRADE, self.contracts.module, "tradeBatch", components, limits)
        self.sender.send(call)
        return True


class TogetherKeeper(Keeper):
    """A keeper that follows its schedule so."""

    follower = Together
