"""Published orders of trades against planned ones, in many worlds: a small simulation (R-46).

Plans are made for pools of the published depth, as on the localnet. Then both orders are played in
worlds that are not quite as assumed: every pool up to half as deep or twice as deep, and brought
back to the market at once, within an hour, or anything between. Seeds make the worlds the same on
every machine.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from rich.table import Table

from indexkit import plan
from indexkit.localnet.pools import plan_pools
from indexkit.planner import Comparison, compare
from indexkit.planner_model import Conditions, Expected, Order, order_of
from indexkit.planner_simulation import simulate
from indexkit.pool_state import PoolState
from indexkit.rebalance_data import Rebalance

GWEI = 10**9
PERCENT = 100
DEPTHS = (50, 200)
"""How deep a pool may be, in per cent of what was assumed."""

RECOVERIES_S = (0, 3600)
"""How long other traders may need to bring a pool back {s}."""


@dataclass(frozen=True, slots=True)
class Study:
    """What one rebalance is expected to cost at one gas price.

    Attributes
    ----------
    gas_price
        {wei}
    worlds
        Costs of the published and of the planned order in each perturbed world.
    """

    name: str
    gas_price: int
    comparison: Comparison
    worlds: tuple[tuple[Expected, Expected], ...]

    @property
    def savings(self) -> list[int]:
        """What the plan saves in each world {wei}, in ascending order; negative for a loss."""
        return sorted(published.total - planned.total for published, planned in self.worlds)

    def to_json(self) -> dict[str, object]:
        """Return the study as a JSON object."""
        return {
            "rebalance": self.name,
            "gas_price": str(self.gas_price),
            "plans": self.comparison.to_json(),
            "worlds": [
                {"published": published.to_json(), "planned": planned.to_json()}
                for published, planned in self.worlds
            ],
        }


def orders_of(rebalance: Rebalance) -> tuple[Order, ...]:
    """Return a rebalance's orders in pools of the published depth, in the order of its table."""
    pools = {
        pool.symbol: PoolState(
            pool.component, pool.exchange, pool.address, pool.component_reserve, pool.weth_reserve
        )
        for pool in plan_pools(rebalance)
    }
    return tuple(
        order_of(component, pools[component.symbol], rebalance.total_supply)
        for component in rebalance.components
    )


def study(
    rebalance: Rebalance, gas_price: int, seeds: Iterable[int], horizon: int | None = None
) -> Study:
    """Compare a published order with a plan, as assumed and in perturbed worlds.

    Parameters
    ----------
    gas_price
        {wei}
    seeds
        One for each world.
    horizon
        Longest time for the plan {s}; None for as long as the published order takes.
    """
    orders = orders_of(rebalance)
    conditions = Conditions(rebalance.weth_price, gas_price)
    found = compare(orders, rebalance.schedule, conditions, horizon=horizon)
    return Study(rebalance.name, gas_price, found, tuple(_worlds(found, orders, conditions, seeds)))


def _worlds(
    found: Comparison, orders: Sequence[Order], conditions: Conditions, seeds: Iterable[int]
) -> Iterator[tuple[Expected, Expected]]:
    for seed in seeds:
        world = Random(seed)
        changed = [replace(order, pool=_resized(order.pool, world)) for order in orders]
        other = replace(conditions, recovery_s=world.randint(*RECOVERIES_S))
        published, planned = (
            simulate(each.schedule, each.max_trade_sizes, changed, other)
            for each in (found.published, found.planned)
        )
        yield published, planned


def _resized(pool: PoolState, world: Random) -> PoolState:
    depth = world.randint(*DEPTHS)
    return replace(
        pool,
        component_reserve=pool.component_reserve * depth // PERCENT,
        weth_reserve=pool.weth_reserve * depth // PERCENT,
    )


def study_table(studies: Iterable[Study]) -> Table:
    """Return two rows per study: what the published and the planned order cost, in WETH."""
    table = Table(title="Expected cost in WETH")
    for heading in ("rebalance", "gwei", "order"):
        table.add_column(heading)
    for heading in ("trades", "hours", "fee", "impact", "gas", "total", "in other worlds"):
        table.add_column(heading, justify="right")
    for each in studies:
        rows = (("published", each.comparison.published), ("planned", each.comparison.planned))
        for place, (label, planned) in enumerate(rows):
            costs = sorted(world[place].total for world in each.worlds)
            table.add_row(
                *((each.name, str(each.gas_price // GWEI)) if place == 0 else ("", "")),
                label,
                *_figures(planned.expected),
                _spread(costs),
                end_section=place == 1,
            )
    return table


def saving_lines(studies: Iterable[Study]) -> Iterator[str]:
    """Yield a line per study: what planning saves, as assumed and in the other worlds."""
    for each in studies:
        savings = each.savings
        worse = sum(saving < 0 for saving in savings)
        yield (
            f"{each.name} at {each.gas_price // GWEI} gwei: the plan saves "
            f"{_weth(each.comparison.saving)} WETH, in {len(savings)} other worlds "
            f"{_spread(savings)}; it is worse in {worse}."
        )


def _figures(expected: Expected) -> Iterator[str]:
    yield str(expected.trades)
    yield f"{expected.seconds // 360 / 10:.1f}"
    for wei in (expected.fee, expected.impact, expected.gas_cost, expected.total):
        yield _weth(wei)


def _spread(weis: Sequence[int]) -> str:
    """Return the median and the ends of a sorted list."""
    if not weis:
        return ""
    return f"{_weth(weis[len(weis) // 2])} ({_weth(weis[0])} to {_weth(weis[-1])})"


def _weth(wei: int) -> str:
    milli = plan.div_trunc(wei, plan.WAD // 1000)
    sign = "-" if milli < 0 else ""
    return f"{sign}{abs(milli) // 1000}.{abs(milli) % 1000:03}"
