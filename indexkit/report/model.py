"""What a report is made of: a plan, the run that executed it, and what the index held around it.

Amounts are integers in base units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from indexkit.errors import IndexkitError

WETH = "WETH"


@dataclass(frozen=True, slots=True)
class Component:
    """One token of the plan.

    Attributes
    ----------
    price
        D18{USD} per whole token.
    current_unit, target_unit
        D18{comp/set}
    """

    symbol: str
    name: str
    address: str
    decimals: int
    exchange: str
    price: int
    current_unit: int
    target_unit: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What a plan was to cost: WETH amounts {wei}, time {s}."""

    fee: int
    impact: int
    gas_cost: int
    gas: int
    trades: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What 4-units.json says; `plans` is empty if it compares none.

    Attributes
    ----------
    weth_price
        D18{USD} per WETH.
    """

    rebalance: str
    index: str
    index_name: str
    token: str
    date: date
    weth_price: int
    components: tuple[Component, ...]
    plans: Mapping[str, Expected]
    followed: str | None

    def component(self, symbol: str, where: str) -> Component:
        """Return a component by its symbol.

        Raises
        ------
        IndexkitError
            The plan has none; `where` says who names it.
        """
        for component in self.components:
            if component.symbol == symbol:
                return component
        raise IndexkitError(
            f"{where} names {symbol!r}, which 4-units.json does not: take both from one rebalance."
        )


@dataclass(frozen=True, slots=True)
class Reserves:
    """What a pool holds {wei}, {comp}."""

    weth: int
    component: int


@dataclass(frozen=True, slots=True)
class Trade:
    """One executed trade.

    Attributes
    ----------
    remaining
        Whether it spent the remaining WETH: then `quoted` and `limit` are of the component {comp},
        else of WETH {wei}. The limit is None if the call named none.
    amount, weth
        {comp}, {wei}
    mid, market, fee, impact, drift, front_run
        {wei}; see docs/REPORT.md.
    guard_loss
        What the guard counted {wei}; None without a guard, and in records that do not tell it.
    gas
        Of its transaction; 0 if a trade before it was made by the same one.
    """

    symbol: str
    is_buy: bool
    remaining: bool
    amount: int
    weth: int
    quoted: int
    limit: int | None
    mid: int
    market: int
    fee: int
    impact: int
    drift: int
    front_run: int
    sandwiched_by: str | None
    guard_loss: int | None
    block_start: Reserves
    before: Reserves
    gas: int
    gas_price: int
    time: int
    block: int
    transaction: str

    @property
    def cost(self) -> int:
        """Against the market price {wei}."""
        return self.fee + self.impact + self.drift

    @property
    def moved(self) -> bool:
        """Whether somebody moved the pool earlier in the trade's block."""
        return self.block_start != self.before


@dataclass(frozen=True, slots=True)
class Spent:
    """Gas of a transaction besides trades."""

    what: str
    gas: int
    gas_price: int
    transaction: str


@dataclass(frozen=True, slots=True)
class Moment:
    """What the index held before or after the run, by symbol and with WETH.

    Attributes
    ----------
    units, balances
        D18{comp/set}, {comp}
    """

    block: int
    time: int
    total_supply: int
    units: Mapping[str, int]
    balances: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """What 6-execution.json says; loss and budget {wei} are None without a guard.

    Attributes
    ----------
    flows
        What came into the index, less what left it, besides the trades: by symbol {comp}.
    """

    chain_id: int
    token: str
    module: str
    guard: str | None
    trader: str
    nonce: int
    start_block: int
    end_block: int
    trades: tuple[Trade, ...]
    spent: tuple[Spent, ...]
    before: Moment
    after: Moment
    flows: Mapping[str, int]
    targets: Mapping[str, int]
    raises: int
    loss: int | None
    loss_budget: int | None
    finished: bool
    stopped: str | None
