"""What a rebalance achieved and what it cost, from the chain and the executed trades."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from indexkit import plan
from indexkit.keeper.record import Execution, Trade
from indexkit.market import Market
from indexkit.plan import Cost
from indexkit.rebalance_data import Rebalance

UNLIMITED = 2**256 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """One component of the outcome.

    Attributes
    ----------
    before, target, after
        Units D18{comp/set}; the target at the index's multiplier after the run.
    missing
        What a buy lacks {comp}; 0 for a sell or a met target.
    unsold
        What a sell has left {comp}.
    missing_value
        `missing` at the market price {wei}.
    slippage_bps
        Average cost against the pool's mid price before each trade, fee included; None if none.
    """

    symbol: str
    before: int
    target: int
    after: int
    missing: int
    unsold: int
    missing_value: int
    trades: int
    slippage_bps: Decimal | None
    gas: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole rebalance; amounts in {wei} of WETH at market prices unless said otherwise.

    Attributes
    ----------
    sold, bought
        Market value of what was sold and bought.
    cost
        Of trading against market prices: fee, impact and drift.
    shortfall
        Market value of what the buys lack.
    plan_gap
        Planned buys less planned sells: what would lack or be left over if trading were free.
    left_over
        WETH that the index still holds.
    """

    lines: tuple[Line, ...]
    sold: int
    bought: int
    cost: Cost
    shortfall: int
    plan_gap: int
    left_over: int
    raises: int
    gas: int
    seconds: int

    @property
    def traded(self) -> int:
        """Market value of everything traded {wei}."""
        return self.sold + self.bought

    def as_json(self) -> dict[str, Any]:
        """Return the outcome with integers as decimal strings, ready for json.dumps."""
        content = asdict(self)
        content["traded"] = self.traded
        rendered = _stringify(content)
        assert isinstance(rendered, dict)
        return rendered


def outcome_of(rebalance: Rebalance, execution: Execution, market: Market) -> Outcome:
    """Sum up a run.

    Parameters
    ----------
    rebalance
        The plan.
    execution
        The run.
    market
        The prices costs are measured against.
    """
    lines = tuple(_line(c.symbol, execution, market) for c in rebalance.components)
    trades = execution.trades
    return Outcome(
        lines=lines,
        sold=sum(t.market for t in trades if not t.is_buy),
        bought=sum(t.market for t in trades if t.is_buy),
        cost=Cost(
            fee=sum(t.cost.fee for t in trades),
            impact=sum(t.cost.impact for t in trades),
            drift=sum(t.cost.drift for t in trades),
        ),
        shortfall=sum(line.missing_value for line in lines),
        plan_gap=_plan_gap(rebalance, market),
        left_over=execution.cash,
        raises=execution.raises,
        gas=sum(t.gas for t in trades),
        seconds=trades[-1].time - trades[0].time if trades else 0,
    )


def _line(symbol: str, execution: Execution, market: Market) -> Line:
    unit, target = execution.after.units[symbol], execution.targets[symbol]
    rest = plan.trade_size(execution.after.total_supply, unit, target, UNLIMITED)
    trades = [t for t in execution.trades if t.symbol == symbol]
    missing, unsold = max(rest, 0), max(-rest, 0)
    return Line(
        symbol=symbol,
        before=execution.before.units[symbol],
        target=target,
        after=unit,
        missing=missing,
        unsold=unsold,
        missing_value=market.value(symbol, missing),
        trades=len(trades),
        slippage_bps=_slippage(trades),
        gas=sum(t.gas for t in trades),
    )


def _slippage(trades: list[Trade]) -> Decimal | None:
    mid = sum(t.mid for t in trades)
    if mid == 0:
        return None
    against_mid = sum(t.cost.fee + t.cost.impact for t in trades)
    return (Decimal(against_mid) * 10_000 / mid).quantize(Decimal("0.1"))


def _plan_gap(rebalance: Rebalance, market: Market) -> int:
    gap = 0
    for component in rebalance.components:
        value = market.value(component.symbol, abs(component.notional))
        gap += value if component.notional > 0 else -value
    return gap


def _stringify(content: Any) -> Any:
    """Turn integers and decimals into strings: JSON readers lose digits above 2**53."""
    if isinstance(content, dict):
        return {key: _stringify(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_stringify(value) for value in content]
    if content is None or isinstance(content, str):
        return content
    return str(content)
