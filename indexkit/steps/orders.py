"""The greedy order of trades, as it was published, and the planned one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from indexkit import plan, planner
from indexkit.conventions import CORRECTED
from indexkit.fields import AMOUNT, COUNT, Kind, Record, one_of
from indexkit.planner_model import Conditions, Order, order_of
from indexkit.rebalance_data import Rebalance
from indexkit.steps.state import State

T = TypeVar("T")

PUBLISHED, PLANNED = "published", "planned"
GAS_PRICE = 50 * 10**9
"""At which plans are compared unless another is named {wei/gas}."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the operator chooses.

    Attributes
    ----------
    follow
        Whose order is executed: ``published`` (the greedy one) or ``planned``; None for the greedy
        one under the conventions of a published period, else the planned one.
    gas_price
        That the two are compared at {wei}.
    gas_per_trade
        {gas}
    horizon
        How long the planned one may take {s}; None for no bound.
    """

    follow: str | None
    gas_price: int
    gas_per_trade: int
    horizon: int | None

    def document(self) -> dict[str, Any]:
        """Return the options as JSON."""
        return {
            "follow": self.follow,
            "gas_price": str(self.gas_price),
            "gas_per_trade": self.gas_per_trade,
            "horizon": self.horizon,
        }


def options_of(content: Mapping[str, Any]) -> Options:
    """Return the options that a content of ``4-units.json`` was derived with."""
    record = Record("4-units.json", content).record("options")
    return Options(
        follow=_optional(record, "follow", one_of((PUBLISHED, PLANNED))),
        gas_price=record.read("gas_price", AMOUNT),
        gas_per_trade=record.read("gas_per_trade", COUNT),
        horizon=_optional(record, "horizon", COUNT),
    )


def compare(published: Rebalance, state: State, options: Options) -> dict[str, Any]:
    """Return the greedy order and the planned one, with what each is expected to cost."""
    pools = {(pool.component, pool.exchange): pool for pool in state.pools}
    orders = tuple(
        order_of(component, pools[component.address, component.exchange], state.total_supply)
        for component in published.components
        if component.notional
    )
    conditions = Conditions(
        published.weth_price,
        options.gas_price,
        gas_per_trade=options.gas_per_trade,
        cash=plan.current_notional(state.total_supply, state.unit(state.weth)),
    )
    return dict(_compared(orders, published.schedule, conditions, options.horizon).to_json())


@lru_cache(maxsize=4)
def _compared(
    orders: tuple[Order, ...],
    schedule: tuple[str, ...],
    conditions: Conditions,
    horizon: int | None,
) -> planner.Comparison:
    """Plan once for the same orders: each later step derives this one again."""
    return planner.compare(orders, schedule, conditions, horizon=horizon)


def planned(published: Rebalance, found: Mapping[str, Any]) -> Rebalance:
    """Return the rebalance with the planned sizes and order."""
    sizes = found["max_trade_sizes"]
    components = tuple(
        replace(
            component,
            max_trade_size=size,
            trade_count=plan.trade_count(component.notional, size, CORRECTED),
        )
        for component in published.components
        for size in [int(sizes.get(component.symbol, component.max_trade_size))]
    )
    return replace(
        published,
        components=components,
        schedule=tuple(found["schedule"]),
        conventions=CORRECTED,
    )


def _optional(record: Record, key: str, kind: Kind[T]) -> T | None:
    return None if record.fields.get(key) is None else record.read(key, kind)
