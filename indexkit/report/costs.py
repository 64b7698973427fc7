"""What the trades cost: one by one, by component, in all, in gas, and against what was expected."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from indexkit.report.checks import bought, explained, sold
from indexkit.report.model import Component, Expected, Plan, Run, Spent, Trade
from indexkit.report.weights import usd
from indexkit.report.wording import EXACT

GWEI = 10**9
SHOWN_GAS_PRICES = (20, 50, 100)
"""Gwei; of which a rebalance on mainnet met any in 2021."""


def share_bps(part: int, whole: int) -> str | None:
    """Return a share in basis points with two digits, rounded to the nearest; None of nothing."""
    if whole == 0:
        return None
    hundredths = round(Fraction(part * 1_000_000, whole))
    return f"{EXACT.scaleb(Decimal(hundredths), -2):zf}"


def trade_lines(plan: Plan, trades: Iterable[Trade]) -> list[dict[str, Any]]:
    """Return a line per trade, in the order of the run."""
    return [_trade_line(plan, number, trade) for number, trade in enumerate(trades, start=1)]


def component_lines(plan: Plan, run: Run) -> list[dict[str, Any]]:
    """Return a line per component that was traded, in the order of the plan."""
    lines = []
    for component in plan.components:
        trades = [trade for trade in run.trades if trade.symbol == component.symbol]
        if trades:
            lines.append(_component_line(component, trades))
    return lines


def totals(plan: Plan, run: Run) -> dict[str, Any]:
    """Return the sums over all trades {wei}; ``sold`` and ``bought`` are at market prices.

    ``sold - bought - cost`` is ``received - paid``, what the index's WETH grew by, exactly, but for
    WETH that came and went besides the trades.
    """
    trades = run.trades
    market_sold = sum(trade.market for trade in trades if not trade.is_buy)
    market_bought = sum(trade.market for trade in trades if trade.is_buy)
    costs = _costs(trades)
    return {
        "trades": len(trades),
        "sold": str(market_sold),
        "bought": str(market_bought),
        "traded": str(market_sold + market_bought),
        **{name: str(value) for name, value in costs.items()},
        "cost_bps": share_bps(costs["cost"], market_sold + market_bought),
        "cost_usd": usd(costs["cost"], plan.weth_price),
        "traded_usd": usd(market_sold + market_bought, plan.weth_price),
        "received": str(bought(run, "WETH")),
        "paid": str(sold(run, "WETH")),
        "front_run": str(sum(trade.front_run for trade in trades)),
        "moved": sum(trade.moved for trade in trades),
        "sandwiched": sum(trade.sandwiched_by is not None for trade in trades),
        "seconds": trades[-1].time - trades[0].time if trades else 0,
        "raises": run.raises,
    }


def gas(plan: Plan, run: Run) -> dict[str, Any]:
    """Return the gas of the run, what it cost, and what it would at other gas prices."""
    every: tuple[Trade | Spent, ...] = (*run.trades, *run.spent)
    amount = sum(entry.gas for entry in every)
    cost = sum(entry.gas * entry.gas_price for entry in every)
    prices = [entry.gas_price for entry in every]
    return {
        "trades": sum(trade.gas for trade in run.trades),
        "besides": [
            {
                "what": entry.what,
                "gas": entry.gas,
                "gas_price": str(entry.gas_price),
                "transaction": entry.transaction,
            }
            for entry in run.spent
        ],
        "gas": amount,
        "cost": str(cost),
        "cost_usd": usd(cost, plan.weth_price),
        "lowest_price": str(min(prices, default=0)),
        "highest_price": str(max(prices, default=0)),
        "at": [_gas_at(plan, amount, price) for price in SHOWN_GAS_PRICES],
    }


def plan_lines(plan: Plan, run: Run) -> list[dict[str, Any]]:
    """Return what each plan expected, then what happened; nothing if there are no plans."""
    lines = [_plan_line(name, expected) for name, expected in plan.plans.items()]
    if not lines:
        return []
    costs = _costs(run.trades)
    gas_cost = sum(trade.gas * trade.gas_price for trade in run.trades)
    happened = Expected(
        fee=costs["fee"],
        impact=costs["impact"],
        gas_cost=gas_cost,
        gas=sum(trade.gas for trade in run.trades),
        trades=len(run.trades),
        seconds=run.trades[-1].time - run.trades[0].time if run.trades else 0,
    )
    return [*lines, _plan_line("happened", happened)]


def balance_lines(plan: Plan, run: Run) -> list[dict[str, Any]]:
    """Return each token's balance before, what trades and flows did to it, and that after."""
    tokens = [(c.symbol, c.decimals) for c in plan.components] + [("WETH", 18)]
    lines = []
    for symbol, decimals in tokens:
        before, after = run.before.balances[symbol], run.after.balances[symbol]
        expected = explained(run, symbol)
        lines.append(
            {
                "symbol": symbol,
                "decimals": decimals,
                "before": str(before),
                "bought": str(bought(run, symbol)),
                "sold": str(sold(run, symbol)),
                "flow": str(run.flows[symbol]),
                "expected": str(expected),
                "after": str(after),
                "agrees": expected == after,
            }
        )
    return lines


def _trade_line(plan: Plan, number: int, trade: Trade) -> dict[str, Any]:
    executed = trade.amount if trade.remaining else trade.weth
    better_is_more = trade.remaining or not trade.is_buy
    worse = trade.quoted - executed if better_is_more else executed - trade.quoted
    amounts = ("amount", "weth", "quoted", "mid", "market", "fee", "impact", "drift")
    return {
        "number": number,
        "symbol": trade.symbol,
        "decimals": plan.component(trade.symbol, "trades").decimals,
        "is_buy": trade.is_buy,
        "kind": "remaining" if trade.remaining else "trade",
        **{name: str(getattr(trade, name)) for name in amounts},
        "limit": None if trade.limit is None else str(trade.limit),
        "cost": str(trade.cost),
        "worse_than_quoted": str(worse),
        "worse_than_quoted_bps": share_bps(worse, trade.quoted),
        "slippage_bps": share_bps(trade.fee + trade.impact, trade.mid),
        **{
            f"{name}_bps": share_bps(getattr(trade, name), trade.market)
            for name in ("fee", "impact")
        },
        "drift_bps": share_bps(trade.drift, trade.market),
        "gas": trade.gas,
        "gas_price": str(trade.gas_price),
        "time": trade.time,
        "block": trade.block,
        "transaction": trade.transaction,
        "moved": trade.moved,
        "front_run": str(trade.front_run),
        "sandwiched_by": trade.sandwiched_by,
        "guard_loss": None if trade.guard_loss is None else str(trade.guard_loss),
        "pool_moved_bps": _pool_moved(trade),
    }


def _pool_moved(trade: Trade) -> str | None:
    """Return how far others had moved the pool's price (WETH per token) since the block before."""
    start, before = trade.block_start, trade.before
    if not trade.moved or not start.weth or not before.component:
        return None
    return share_bps(
        before.weth * start.component - start.weth * before.component,
        start.weth * before.component,
    )


def _component_line(component: Component, trades: list[Trade]) -> dict[str, Any]:
    costs = _costs(trades)
    market = sum(trade.market for trade in trades)
    mid = sum(trade.mid for trade in trades)
    return {
        "symbol": component.symbol,
        "decimals": component.decimals,
        "exchange": component.exchange,
        "trades": len(trades),
        "bought": str(sum(trade.amount for trade in trades if trade.is_buy)),
        "sold": str(sum(trade.amount for trade in trades if not trade.is_buy)),
        "paid": str(sum(trade.weth for trade in trades if trade.is_buy)),
        "received": str(sum(trade.weth for trade in trades if not trade.is_buy)),
        "market": str(market),
        **{name: str(value) for name, value in costs.items()},
        **{f"{name}_bps": share_bps(value, market) for name, value in costs.items()},
        "slippage_bps": share_bps(costs["fee"] + costs["impact"], mid),
        "gas": sum(trade.gas for trade in trades),
    }


def _costs(trades: Iterable[Trade]) -> dict[str, int]:
    trades = tuple(trades)
    return {
        "cost": sum(trade.cost for trade in trades),
        "fee": sum(trade.fee for trade in trades),
        "impact": sum(trade.impact for trade in trades),
        "drift": sum(trade.drift for trade in trades),
    }


def _gas_at(plan: Plan, amount: int, gwei: int) -> dict[str, Any]:
    cost = amount * gwei * GWEI
    return {"gwei": gwei, "cost": str(cost), "usd": usd(cost, plan.weth_price)}


def _plan_line(name: str, expected: Expected) -> dict[str, Any]:
    return {
        "name": name,
        "fee": str(expected.fee),
        "impact": str(expected.impact),
        "gas_cost": str(expected.gas_cost),
        "total": str(expected.fee + expected.impact + expected.gas_cost),
        "gas": expected.gas,
        "trades": expected.trades,
        "seconds": expected.seconds,
    }
