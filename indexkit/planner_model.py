"""What a plan of trades is made from and what it says: orders, conditions, expectations.

`docs/PLANNER.md` describes the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.fields import AMOUNT, COUNT, POSITIVE, SIGNED, TEXTS, Record
from indexkit.pool_state import PoolState

BLOCK_TIME_S = 13
"""Mainnet's time between blocks in 2021, rounded {s}."""

GAS_PER_TRADE = 188_000
"""Of a guarded trade by itself: the 209 of April 2021 take 39,290,061 (``docs/REBALANCE.md``)."""

RECOVERY_S = 600
"""How long other traders need to bring a pool back {s}: the shortest cool-off that was set."""

BAND_BPS = 30
"""How far from the market a price may be before anybody trades it back: the pools' fee."""


class Traded(Protocol):
    """What is asked of a component; `indexkit.rebalance_data.Component` has it."""

    @property
    def symbol(self) -> str:
        """Its symbol."""

    @property
    def decimals(self) -> int:
        """Its decimals."""

    @property
    def price(self) -> int:
        """D18{USD} per whole token."""

    @property
    def notional(self) -> int:
        """To be bought, or (negative) sold {comp}."""

    @property
    def max_trade_size(self) -> int:
        """Largest trade {comp}."""

    @property
    def cool_off_period(self) -> int:
        """Between two trades {s}."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be traded of a component, and where.

    Attributes
    ----------
    notional
        To be bought, or (negative) sold {comp}.
    price
        Market price, D18{USD} per whole token.
    max_trade_size
        No trade is larger {comp}.
    cool_off_period
        Between two trades {s}.
    pool
        As it is before the first trade.
    grain
        What one base unit of the component's unit stands for {comp}: the supply over 1e18.

    Raises
    ------
    IndexkitError
        A figure is impossible, or the pool does not bear the largest trade.
    """

    symbol: str
    decimals: int
    price: int
    notional: int
    max_trade_size: int
    cool_off_period: int
    pool: PoolState
    grain: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be traded."""
        if min(self.price, self.max_trade_size) <= 0 or self.cool_off_period < 0:
            raise IndexkitError(
                f"{self.symbol}: price and largest trade must be above zero and the cool-off not "
                "below it: correct the order."
            )
        if self.pool.is_empty or self.max_trade_size >= self.pool.component_reserve:
            raise IndexkitError(
                f"{self.symbol}: its {self.pool.exchange} pool holds "
                f"{self.pool.component_reserve} base units, not more than the largest trade "
                f"{self.max_trade_size}: lower that trade."
            )

    @property
    def is_buy(self) -> bool:
        """Whether the component is bought."""
        return self.notional > 0

    def size_for(self, count: int) -> int:
        """Return the largest trade {comp} that makes at most so many trades of the notional.

        The module rounds the unit down after each trade and so may lose a grain every time; without
        the two on top, a last trade of dust would follow that a guard cannot judge.
        """
        equal = plan.div_ceil(abs(self.notional), count)
        return min(self.max_trade_size, equal + 2 * self.grain)

    def market(self, weth_price: int) -> Fraction:
        """Return the market price {wei/comp}; `weth_price` is D18{USD}."""
        return Fraction(self.price * plan.WAD, weth_price * 10**self.decimals)


def order_of(component: Traded, pool: PoolState, total_supply: int) -> Order:
    """Return the order that a component of a rebalance makes in a pool.

    Parameters
    ----------
    total_supply
        Of the index token {set}.
    """
    return Order(
        component.symbol,
        component.decimals,
        component.price,
        component.notional,
        component.max_trade_size,
        component.cool_off_period,
        pool,
        plan.div_ceil(total_supply, plan.WAD),
    )


@dataclass(frozen=True, slots=True)
class Conditions:
    """The world in which trades are made.

    Attributes
    ----------
    weth_price
        D18{USD}
    gas_price
        {wei}
    gas_per_trade
        {gas}
    cash
        WETH at hand before the first trade {wei}.
    recovery_s
        How long other traders need to bring a pool back to the market {s}; 0 for at once.
    band_bps
        How far from the market its price may be before they trade.
    block_time_s
        Between two trades at least {s}.
    """

    weth_price: int
    gas_price: int
    gas_per_trade: int = GAS_PER_TRADE
    cash: int = 0
    recovery_s: int = RECOVERY_S
    band_bps: int = BAND_BPS
    block_time_s: int = BLOCK_TIME_S

    def __post_init__(self) -> None:
        """Refuse a world that cannot be."""
        figures = (self.gas_price, self.gas_per_trade, self.cash, self.recovery_s, self.band_bps)
        if self.weth_price <= 0 or min(figures) < 0 or self.block_time_s <= 0:
            raise IndexkitError(
                "The price of WETH and the block time must be above zero, and gas, cash, recovery "
                "and band not below it: correct the conditions."
            )


@dataclass(frozen=True, slots=True)
class Expected:
    """What a plan is expected to cost.

    Attributes
    ----------
    fee
        Kept by the pools {wei}.
    impact
        The rest of what is lost against market prices: price impact, and pools that were away from
        the market before a trade {wei}. Negative when they were away in our favour.
    gas_cost
        {wei}
    gas, trades, seconds
        Of all trades; seconds from the first to the last.
    unaffordable
        Market value of what the buys lack in the end, for want of WETH {wei}.
    """

    fee: int
    impact: int
    gas_cost: int
    gas: int
    trades: int
    seconds: int
    unaffordable: int = 0

    @property
    def total(self) -> int:
        """Return the whole cost {wei}."""
        return self.fee + self.impact + self.gas_cost

    def to_json(self) -> dict[str, object]:
        """Return the figures as a JSON object, wei as text."""
        weis = {name: str(getattr(self, name)) for name in ("fee", "impact", "gas_cost")}
        return weis | {"gas": self.gas, "trades": self.trades, "seconds": self.seconds}


@dataclass(frozen=True, slots=True)
class Planned:
    """An order of trades, their largest sizes, and what that is expected to cost.

    Attributes
    ----------
    schedule
        Symbols in the order of their trades.
    max_trade_sizes
        By symbol {comp}.
    """

    schedule: tuple[str, ...]
    max_trade_sizes: dict[str, int]
    expected: Expected

    def to_json(self) -> dict[str, object]:
        """Return the plan as a JSON object."""
        return {
            "schedule": list(self.schedule),
            "max_trade_sizes": {s: str(self.max_trade_sizes[s]) for s in self.max_trade_sizes},
            "expected": self.expected.to_json(),
        }


def planned_from_json(content: Mapping[str, object], where: str) -> Planned:
    """Read what `Planned.to_json` wrote; it does not say what is unaffordable, which reads as 0.

    Raises
    ------
    IndexkitError
        A field is missing or malformed.
    """
    record = Record(where, content)
    sizes, expected = record.record("max_trade_sizes"), record.record("expected")
    return Planned(
        schedule=record.read("schedule", TEXTS),
        max_trade_sizes={symbol: sizes.read(symbol, POSITIVE) for symbol in sizes.fields},
        expected=Expected(
            fee=expected.read("fee", AMOUNT),
            impact=expected.read("impact", SIGNED),
            gas_cost=expected.read("gas_cost", AMOUNT),
            gas=expected.read("gas", COUNT),
            trades=expected.read("trades", COUNT),
            seconds=expected.read("seconds", COUNT),
        ),
    )
