"""Weights before, target and after, and how far the index ended from its target.

All at the prices the rebalance was planned with, so that only units move a weight.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import isqrt
from typing import Any

from indexkit import plan as arithmetic
from indexkit.plan import WAD
from indexkit.report.model import WETH, Component, Moment, Plan, Run

UNLIMITED = 2**256 - 1


def shares(values: Mapping[str, Fraction]) -> dict[str, int]:
    """Return the share of each value, D18{1}: exactly 1e18 in all, or all zero if nothing is worth.

    Rounded down; what is left over goes, one each, to the largest remainders (ties by name).
    """
    whole = sum(values.values())
    if not whole:
        return dict.fromkeys(values, 0)
    exact = {name: value * WAD / whole for name, value in values.items()}
    rounded = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: (rounded[name] - exact[name], name))
    for name in by_remainder[: WAD - sum(rounded.values())]:
        rounded[name] += 1
    return rounded


def weight_lines(plan: Plan, run: Run) -> list[dict[str, Any]]:
    """Return the weights of each component and of the cash before, as targeted, and after, D18."""
    before = shares(_values(plan, run.before.units))
    target = shares(_values(plan, {**run.targets, WETH: 0}))
    after = shares(_values(plan, run.after.units))
    return [
        {
            "symbol": symbol,
            "before": str(before[symbol]),
            "target": str(target[symbol]),
            "after": str(after[symbol]),
            "deviation": str(after[symbol] - target[symbol]),
        }
        for symbol in before
    ]


def tracking(lines: list[dict[str, Any]], units: list[dict[str, Any]]) -> dict[str, str]:
    """Return how far the index ended from its target.

    Returns
    -------
    dict
        ``active_share``: half the sum of the absolute deviations, exact, D18{1}; ``rms``: the root
        of their mean square over all lines, cash included, rounded down, D18{1}; ``shortfall`` and
        ``excess``: what buys lack and sells have left, at planned prices {wei}.
    """
    deviations = [int(line["deviation"]) for line in lines]
    missing = [int(line["missing_weth"]) for line in units]
    return {
        "active_share": str(sum(map(abs, deviations)) // 2),
        "rms": str(isqrt(sum(d * d for d in deviations) // len(deviations))),
        "shortfall": str(sum(value for value in missing if value > 0)),
        "excess": str(-sum(value for value in missing if value < 0)),
    }


def unit_lines(plan: Plan, run: Run) -> list[dict[str, Any]]:
    """Return the units of each component, D18{comp/set}, and what the run left to trade."""
    return [_unit_line(plan, component, run) for component in plan.components]


def cash(plan: Plan, moment: Moment) -> dict[str, str]:
    """Return the WETH that the index holds: its unit, the amount {wei} and its value in USD."""
    held = moment.balances[WETH]
    return {
        "unit": str(moment.units[WETH]),
        "weth": str(held),
        "usd": usd(held, plan.weth_price),
    }


def usd(wei: int, weth_price: int) -> str:
    """Value WETH in USD, to the cent, rounded to the nearest."""
    cents = round(Fraction(wei * weth_price * 100, WAD * WAD))
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}"


def _values(plan: Plan, units: Mapping[str, int]) -> dict[str, Fraction]:
    """Return the USD value of each unit, D18."""
    values = {
        component.symbol: Fraction(units[component.symbol] * component.price, _one(component))
        for component in plan.components
    }
    return {**values, WETH: Fraction(units[WETH] * plan.weth_price, WAD)}


def _unit_line(plan: Plan, component: Component, run: Run) -> dict[str, Any]:
    symbol, supply = component.symbol, run.after.total_supply
    unit, target = run.after.units[symbol], run.targets[symbol]
    missing = arithmetic.trade_size(supply, unit, target, UNLIMITED)
    value = arithmetic.value_in_weth(
        abs(missing), component.price, plan.weth_price, component.decimals
    )
    return {
        "symbol": symbol,
        "name": component.name,
        "decimals": component.decimals,
        "before": str(run.before.units[symbol]),
        "target": str(target),
        "after": str(unit),
        "difference": str(unit - target),
        "met": not missing or abs(unit - target) <= arithmetic.UNIT_TOLERANCE,
        "missing": str(missing),
        "missing_weth": str(value if missing > 0 else -value),
    }


def _one(component: Component) -> int:
    one: int = 10**component.decimals
    return one
