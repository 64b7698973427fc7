"""Into how many equal trades one component is best split, by itself and within a time."""

from collections.abc import Iterator
from math import isqrt

from indexkit import plan
from indexkit.planner_model import Conditions, Order
from indexkit.planner_simulation import BASIS_POINTS, Run

MOST_TRADES = 500
"""No component is split into more trades than this, unless its bound asks for it."""

STEP = (8, 7)
"""Counts of trades that are tried grow by this ratio."""


class Sizes:
    """The best number of equal trades for one component by itself, within a time."""

    def __init__(self, order: Order, conditions: Conditions) -> None:
        self._order, self._conditions = order, conditions
        self._amount = abs(order.notional)
        self._gas = conditions.gas_price * conditions.gas_per_trade
        self._costs: dict[int, int] = {}
        self._least = plan.div_ceil(self._amount, order.max_trade_size)

    def within(self, seconds: int) -> int:
        """Return the best largest trade {comp} of those that take no longer than that."""
        if not self._amount:
            return self._order.max_trade_size
        most = max(self._least, self._most(seconds))
        best = min(self._tried(most), key=self._ranked)
        for step in (1, -1):
            while self._least <= best + step <= most and self._ranked(best + step) < self._ranked(
                best
            ):
                best += step
        return self._order.size_for(best)

    def _most(self, seconds: int) -> int:
        """Return beyond which count no plan is better: time, gas, or our patience forbids it."""
        most = max(MOST_TRADES, self._least)
        if self._order.cool_off_period:
            most = min(most, 1 + seconds // self._order.cool_off_period)
        if self._gas:
            # More gas than all of today's slippage buys nothing.
            most = min(most, self._least + max(0, self._cost(self._least)) // self._gas)
        return most

    def _tried(self, most: int) -> Iterator[int]:
        """Yield counts to try: closed forms, and steps in a constant ratio between the ends."""
        up, down = STEP
        count = self._least
        while count < most:
            yield count
            count = max(count + 1, count * up // down)
        yield most
        for guess in (self._guess_by_gas(), self._guess_by_band()):
            yield from (c for c in (guess - 1, guess, guess + 1) if self._least <= c <= most)

    def _guess_by_gas(self) -> int:
        """Return N · sqrt(P / (R g)): where impact P N² / (R k) and gas k g together are least."""
        if not self._gas:
            return MOST_TRADES
        pool, market = self._order.pool, self._order.market(self._conditions.weth_price)
        impact = self._amount**2 * market / pool.component_reserve
        return isqrt(int(impact / self._gas))

    def _guess_by_band(self) -> int:
        """Return how many trades each move the price to the edge of the arbitrageurs' band.

        A trade of s moves the mid price by 2 s / R. Smaller ones are not traded back one by one,
        so they gain nothing more.
        """
        moved = self._order.pool.component_reserve * self._conditions.band_bps
        return plan.div_ceil(2 * self._amount * BASIS_POINTS, moved) if moved else MOST_TRADES

    def _ranked(self, count: int) -> tuple[int, int]:
        """Rank a count by its cost; of equal ones the fewer trades."""
        return self._cost(count), count

    def _cost(self, count: int) -> int:
        if count not in self._costs:
            self._costs[count] = self._played(self._order.size_for(count))
        return self._costs[count]

    def _played(self, size: int) -> int:
        """Return the cost of a component's trades by themselves, with all the cash they need."""
        run = Run([self._order], {self._order.symbol: size}, self._conditions)
        run.cash = 10 * run.value(self._order.symbol, self._amount) + plan.WAD
        while run.attempt(self._order.symbol):
            pass
        return run.expected().total
