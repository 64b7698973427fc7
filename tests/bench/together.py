"""Executes a rebalance with those trades in one transaction that are due at the same moment."""

from collections.abc import Callable, Iterable, Iterator

from indexkit import quotes
from indexkit.execution import LIMIT_BPS, Execution
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


class Together(Execution):
    """An execution by `tradeBatch`; what is left at the end is spent as ever."""

    def run(self, schedule: tuple[str, ...], tick: Callable[[str], None]) -> None:
        """Follow the schedule moment by moment, then finish what it left."""
        for moment in moments(schedule):
            self._attempt_together(moment)
            tick(moment[-1])
        everything = [component.symbol for component in self._rebalance.components]
        while self._attempt_together(everything):
            pass
        self._finish()

    def _attempt_together(self, symbols: Iterable[str]) -> bool:
        """Trade each component once that is off target and, for a buy, paid by the cash then."""
        cash, orders = self.cash(), []
        for symbol in symbols:
            component = self._rebalance.component(symbol)
            held = self.holding(component)
            if held.met or self._market.value(symbol, held.size) > cash:
                continue
            pool = self._prepare(component, is_buy=held.size > 0)
            quote = quotes.weth_for(component, pool, held.size)
            paid = quote if held.size > 0 else -quote
            if paid > cash:
                continue
            cash -= paid
            orders.append((component, pool, paid + abs(paid) * LIMIT_BPS // BASIS_POINTS))
        if not orders:
            return False
        receipt = self._index.module.tradeBatch(
            [component.address for component, _, _ in orders],
            [abs(limit) for _, _, limit in orders],
            sender=self._index.roles.trader,
        )
        events = receipt.events.filter(self._index.module.TradeExecuted)
        for (component, pool, paid), event in zip(orders, events, strict=True):
            self._note(component, pool, paid > 0, event, receipt)
        return True
