"""Plans trades: how large, in which order, so that slippage and gas together cost the least.

On the chain a trade is always the smaller of the largest trade and what remains, so a component's
free choice is its largest trade, here N / k for k equal trades of a notional N. Costs are judged by
`planner_simulation.simulate` alone; the closed form only says where to look (``docs/PLANNER.md``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, cast

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.planner_model import Conditions, Expected, Order, Planned
from indexkit.planner_simulation import Run, require_distinct, simulate
from indexkit.planner_sizes import Sizes

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component

__all__ = ("Comparison", "Conditions", "Expected", "Order", "Planned", "compare", "plan_trades")

ROUNDS = 2
"""How often all components are gone through to improve a plan."""

PAIRED = 4
"""Up to so many components, two are changed at once: their number grows with its square."""

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
    return _improved(min(kept, key=_rank), ordered, conditions, limit)


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
    searches = {order.symbol: Sizes(order, conditions) for order in ordered}
    for part in range(BUDGETS, 0, -1):
        seconds = limit * part // BUDGETS
        sizes = {symbol: search.within(seconds) for symbol, search in searches.items()}
        planned = _listed(ordered, sizes, conditions)
        yield planned
        yield _judged(_greedy(ordered, sizes, conditions), sizes, ordered, conditions)
        if planned.expected.seconds <= limit:
            return


def _improved(
    best: Planned, ordered: Sequence[Order], conditions: Conditions, limit: int
) -> Planned:
    """Change the number of trades of one component or of two, as long as a plan gets cheaper."""
    groups: list[tuple[Order, ...]] = [(order,) for order in ordered]
    if len(ordered) <= PAIRED:
        groups += combinations(ordered, 2)
    for _ in range(ROUNDS):
        before = best
        for group in groups:
            near = [_near(order, best.max_trade_sizes[order.symbol]) for order in group]
            for changed_sizes in product(*near):
                symbols = (order.symbol for order in group)
                sizes = best.max_trade_sizes | dict(zip(symbols, changed_sizes, strict=True))
                changed = _listed(ordered, sizes, conditions)
                if changed.expected.seconds <= limit and _rank(changed) < _rank(best):
                    best = changed
        if best is before:
            break
    return best


def _near(order: Order, size: int) -> Iterator[int]:
    """Yield largest trades {comp} for some more and some fewer trades than a size makes."""
    amount = abs(order.notional)
    least, count = (plan.div_ceil(amount, each) for each in (order.max_trade_size, size))
    step = max(1, count // 4)
    for other in sorted({count - step, count - 1, count + 1, count + step}):
        if other >= max(1, least):
            yield order.size_for(other)


def _rank(planned: Planned) -> tuple[int, int]:
    return planned.expected.total, planned.expected.seconds


def _listed(ordered: Sequence[Order], sizes: Mapping[str, int], conditions: Conditions) -> Planned:
    """Schedule by lists: whatever may trade next, sells first, the longest way to go first."""
    run = Run(ordered, sizes, conditions)
    while _trade_next(run, ordered):
        pass
    last = [symbol for symbol in run.left for _ in range(run.remaining(symbol))]
    schedule = (*run.trades, *last)
    # Nothing more can trade, so following the rest of the schedule would change nothing.
    run.finish()
    return Planned(schedule, {symbol: sizes[symbol] for symbol in sorted(sizes)}, run.expected())


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
    sized = [replace(order, max_trade_size=sizes[order.symbol]) for order in ordered]
    # An order has the fields that the greedy order reads from a component.
    return plan.schedule(cast("list[Component]", sized), conditions.weth_price)


def _judged(
    schedule: tuple[str, ...],
    sizes: Mapping[str, int],
    ordered: Sequence[Order],
    conditions: Conditions,
) -> Planned:
    """Return a plan with what it is expected to cost."""
    by_symbol = {symbol: sizes[symbol] for symbol in sorted(sizes)}
    return Planned(schedule, by_symbol, simulate(schedule, sizes, ordered, conditions))
