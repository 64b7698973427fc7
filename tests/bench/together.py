"""Executes a rebalance with those trades in one transaction that are due at the same moment."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from indexkit import plan, quotes
from indexkit.execution import LIMIT_BPS, Execution, Trade
from indexkit.localnet.arbitrage import BASIS_POINTS, Reserves
from indexkit.rebalance_data import Component


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

    def _note(
        self, component: Component, pool: Reserves, is_buy: bool, event: Any, receipt: Any
    ) -> None:
        """Keep the record of a trade; its gas is an equal part of the transaction's."""
        sold, bought = event._amountSold, event._amountBought
        amount, weth = (bought, sold) if is_buy else (sold, bought)
        mid, value = int(amount * pool.mid_price), self._market.value(component.symbol, amount)
        self._last_trade[component.symbol] = receipt.timestamp
        self.trades.append(
            Trade(
                symbol=component.symbol,
                is_buy=is_buy,
                amount=amount,
                weth=weth,
                mid=mid,
                market=value,
                cost=plan.split_cost(weth, mid, value, is_buy=is_buy),
                gas=receipt.gas_used,
                time=receipt.timestamp,
            )
        )
