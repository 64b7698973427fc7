"""Plans trades: how large, in which order, so that slippage and gas together cost the least.

On the chain a trade is always the smaller of the largest trade and what remains, so a component's
free choice is its largest trade, here N / k for k equal trades of a notional N. Costs are judged by
`planner_simulation.simulate` alone; the closed form only says where to look (``docs/PLANNER.md``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, cast

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.planner_model import Conditions, Expected, Order, Planned
from indexkit.planner_simulation import BASIS_POINTS, Run, require_distinct, simulate

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component

__all__ = ("Comparison", "Conditions", "Expected", "Order", "Planned", "compare", "plan_trades")

MOST_TRADES = 500
"""No component is split into more trades than this, unless its bound asks for it."""

STEP = (8, 7)
"""Counts of trades that are tried grow by this ratio."""

BUDGETS = 24
"""Parts of the time that are tried, from all of it downwards."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The published order and the planned one, judged by the same simulator."""

    published: Planned
    planned: Planned

    @property
    def saving(self) -> int:
        """Return what the plan is expected to save {wei}; never negative within the same time."""
        return self.published.expected.total - self.planned.expected.total

    def to_json(self) -> dict[str, object]:
        """Return both plans as a JSON object."""
        return {"published": self.published.to_json(), "planned": self.planned.to_json()}


class _Sizes:
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
        return plan.div_ceil(self._amount, best)

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
            self._costs[count] = self._played(plan.div_ceil(self._amount, count))
        return self._costs[count]

    def _played(self, size: int) -> int:
        """Return the cost of a component's trades by themselves, with all the cash they need."""
        run = Run([self._order], {self._order.symbol: size}, self._conditions)
        run.cash = 10 * run.value(self._order.symbol, self._amount) + plan.WAD
        while run.attempt(self._order.symbol):
            pass
        return run.expected().total


def plan_trades(
    orders: Iterable[Order],
    conditions: Conditions,
    *,
    horizon: int | None = None,
    baseline: Sequence[str] | None = None,
) -> Planned:
    """Plan the trades that are expected to cost the least within a time.

    Parameters
    ----------
    orders
        In any order; their largest trades are upper bounds.
    horizon
        The longest time from the first trade to the last {s}; None for the baseline's own.
    baseline
        The order to beat, with the orders' own largest trades; None for the greedy order of the
        components by symbol. It is returned if nothing is better, so that a plan is never worse.

    Raises
    ------
    IndexkitError
        There are two orders of a component, or no plan that was found keeps the horizon.
    """
    ordered = sorted(orders, key=lambda order: order.symbol)
    require_distinct(ordered)
    bounds = {order.symbol: order.max_trade_size for order in ordered}
    greedy = tuple(baseline) if baseline is not None else _greedy(ordered, bounds, conditions)
    first = _judged(greedy, bounds, ordered, conditions)
    limit = first.expected.seconds if horizon is None else horizon
    found = [first, _listed(ordered, bounds, conditions)]
    found += _sized(ordered, conditions, limit)
    kept = [planned for planned in found if planned.expected.seconds <= limit]
    if not kept:
        fastest = min(planned.expected.seconds for planned in found)
        raise IndexkitError(
            f"The trades take at least {fastest} seconds, more than the {limit} there are: "
            "allow larger trades, shorter cool-offs or more time."
        )
    return min(kept, key=lambda planned: (planned.expected.total, planned.expected.seconds))


def compare(
    orders: Iterable[Order],
    published: Sequence[str],
    conditions: Conditions,
    *,
    horizon: int | None = None,
) -> Comparison:
    """Plan trades and judge the published order with its largest trades by the same simulator.

    Parameters
    ----------
    orders
        With the published largest trades and cool-offs.
    published
        Symbols in the published order.
    horizon
        As for `plan_trades`: None for as long as the published order takes.
    """
    ordered = tuple(orders)
    bounds = {order.symbol: order.max_trade_size for order in ordered}
    judged = _judged(tuple(published), bounds, ordered, conditions)
    planned = plan_trades(ordered, conditions, horizon=horizon, baseline=published)
    return Comparison(judged, planned)


def horizon_until(deadline: int, now: int) -> int:
    """Return the time that a deadline leaves {s}; both by the chain's clock.

    Raises
    ------
    IndexkitError
        The deadline has passed.
    """
    if deadline <= now:
        raise IndexkitError(
            f"The deadline {deadline} is not after {now}, the chain's time: start the rebalance "
            "anew with a later one."
        )
    return deadline - now


def _sized(ordered: Sequence[Order], conditions: Conditions, limit: int) -> Iterator[Planned]:
    """Yield plans of best sizes for less and less time per component, until one keeps the limit.

    Components share blocks and cash, so together they take longer than the slowest by itself.
    """
    searches = {order.symbol: _Sizes(order, conditions) for order in ordered}
    for part in range(BUDGETS, 0, -1):
        seconds = limit * part // BUDGETS
        sizes = {symbol: search.within(seconds) for symbol, search in searches.items()}
        planned = _listed(ordered, sizes, conditions)
        yield planned
        yield _judged(_greedy(ordered, sizes, conditions), sizes, ordered, conditions)
        if planned.expected.seconds <= limit:
            return


def _listed(ordered: Sequence[Order], sizes: Mapping[str, int], conditions: Conditions) -> Planned:
    """Schedule by lists: whatever may trade next, sells first, the longest way to go first."""
    run = Run(ordered, sizes, conditions)
    while _trade_next(run, ordered):
        pass
    last = [symbol for symbol in run.left for _ in range(run.remaining(symbol))]
    return _judged((*run.trades, *last), sizes, ordered, conditions)


def _trade_next(run: Run, ordered: Sequence[Order]) -> bool:
    """Make the next trade, waiting for it if there is none at once; False if there is none."""
    open_ = [order for order in ordered if run.left.get(order.symbol)]

    def urgency(order: Order) -> tuple[int, bool, int, str]:
        to_go = run.remaining(order.symbol) * order.cool_off_period
        return run.opens(order.symbol), order.is_buy, -to_go, order.symbol

    return any(run.attempt(order.symbol) for order in sorted(open_, key=urgency))


def _greedy(
    ordered: Sequence[Order], sizes: Mapping[str, int], conditions: Conditions
) -> tuple[str, ...]:
    """Return the greedy order of the published rebalances, for these sizes."""
    sized = [_with_size(order, sizes[order.symbol]) for order in ordered]
    # An order has the fields that the greedy order reads from a component.
    return plan.schedule(cast("list[Component]", sized), conditions.weth_price)


def _with_size(order: Order, size: int) -> Order:
    return Order(
        order.symbol,
        order.decimals,
        order.price,
        order.notional,
        size,
        order.cool_off_period,
        order.pool,
    )


def _judged(
    schedule: tuple[str, ...],
    sizes: Mapping[str, int],
    ordered: Sequence[Order],
    conditions: Conditions,
) -> Planned:
    """Return a plan with what it is expected to cost."""
    by_symbol = {symbol: sizes[symbol] for symbol in sorted(sizes)}
    return Planned(schedule, by_symbol, simulate(schedule, sizes, ordered, conditions))
