"""The arithmetic of a rebalance: notionals, trade counts, order and trade sizes.

Pure integer functions in base units. By the conventions of their time they repeat, to the wei, the
figures that the Index Coop published for its rebalances of February to July 2021
(``data/rebalances``), and they mirror the sizes that the index module computes on-chain. Signed
amounts are positive for a buy, negative for a sell. Prices are USD per whole token with 18 decimals
(D18); WETH amounts are wei.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexkit.conventions import CORRECTED, Conventions
from indexkit.fixed_point import WAD, div_ceil, div_trunc, price_wad
from indexkit.swaps import UNISWAP_V2_FEE, Cost, amount_in, amount_out, split_cost

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component

__all__ = [
    "CORRECTED",
    "UNISWAP_V2_FEE",
    "UNIT_TOLERANCE",
    "WAD",
    "WETH_DECIMALS",
    "Conventions",
    "Cost",
    "amount_in",
    "amount_out",
    "current_notional",
    "div_ceil",
    "div_trunc",
    "normalised_target",
    "notional",
    "notional_usd",
    "price_wad",
    "schedule",
    "split_cost",
    "target_notional",
    "trade_count",
    "trade_size",
    "trade_sizes",
    "value_in_weth",
]

WETH_DECIMALS = 18
UNIT_TOLERANCE = 2
"""How far from its target the index module takes a unit to have met it: rounding moves it so far
without a trade. D18{comp/set}"""


def value_in_weth(amount: int, price: int, weth_price: int, decimals: int) -> int:
    """Value an amount of a token at market prices.

    Parameters
    ----------
    amount
        Base units of the token, zero or more.
    price, weth_price
        D18{USD} per whole token.
    decimals
        Decimals of the token.

    Returns
    -------
    int
        Wei, rounded down.
    """
    one_token: int = 10**decimals
    return amount * price * WAD // (weth_price * one_token)


def notional(current_unit: int, target_unit: int, total_supply: int) -> int:
    """Return the whole amount to buy (or, negative, to sell), truncated towards zero."""
    return div_trunc((target_unit - current_unit) * total_supply, WAD)


def notional_usd(amount: int, price: int, decimals: int) -> int:
    """Return what a notional is worth in whole dollars, truncated towards zero.

    Parameters
    ----------
    amount
        Base units of the token; negative for a sell.
    price
        D18{USD} per whole token.
    decimals
        Decimals of the token.
    """
    return div_trunc(div_trunc(amount * price, 10**decimals), WAD)


def trade_count(amount: int, max_trade_size: int, conventions: Conventions = CORRECTED) -> int:
    """Count the trades of a notional: as many as it needs, none for zero.

    As published until July 2021 it is the quotient plus one (``"floor-plus-one"``): an exact
    multiple of the largest trade, and zero, count one trade more than they need.
    """
    if conventions.trade_count == "floor-plus-one":
        return abs(amount) // max_trade_size + 1
    return div_ceil(abs(amount), max_trade_size)


def trade_sizes(
    amount: int, max_trade_size: int, conventions: Conventions = CORRECTED
) -> tuple[int, ...]:
    """Split a notional into its counted trades, base units: full ones, then what remains.

    Where the conventions count one trade too many, the last one is of zero.
    """
    full, rest = divmod(abs(amount), max_trade_size)
    count = trade_count(amount, max_trade_size, conventions)
    return (*[max_trade_size] * full, *[rest] * (count - full))


def schedule(
    components: Iterable[Component], weth_price: int, conventions: Conventions = CORRECTED
) -> tuple[str, ...]:
    """Order the trades so that every buy can be paid from the sells before it.

    In each round every component sells once; then each buys once if the WETH at hand pays for it.
    Buys that were never affordable follow at the end, again in rounds.

    Parameters
    ----------
    components
        In the order of the strategy table (the order of the data file).
    weth_price
        D18{USD} per WETH.
    conventions
        How trades are counted and priced, and whether all buys that are left follow. With the
        present ones each symbol is in the order as often as it has trades, and no trade is of zero.

    Returns
    -------
    tuple of str
        Symbols in the order of the trades.
    """
    components = tuple(components)
    values = {c.symbol: _trade_values(c, weth_price, conventions) for c in components}
    sells = {c.symbol: values[c.symbol] for c in components if c.notional < 0}
    buys = {c.symbol: values[c.symbol] for c in components if c.notional >= 0}
    order: list[str] = []
    balance = 0
    for _ in range(max(map(len, values.values()), default=0)):
        for symbol, left in sells.items():
            if left:
                balance += left.popleft()
                order.append(symbol)
        for symbol, left in buys.items():
            if left and left[0] <= balance:
                balance -= left.popleft()
                order.append(symbol)
    lacking = {symbol: len(left) for symbol, left in buys.items()}
    rounds = max(lacking.values(), default=0) if conventions.leftover == "all" else 1
    return (*order, *(s for done in range(rounds) for s, count in lacking.items() if count > done))


def _trade_values(component: Component, weth_price: int, conventions: Conventions) -> deque[int]:
    """Value each trade of a component in wei, in order."""
    decimals = component.decimals if conventions.sizes == "scaled" else WETH_DECIMALS
    sizes = trade_sizes(component.notional, component.max_trade_size, conventions)
    return deque(value_in_weth(size, component.price, weth_price, decimals) for size in sizes)


def normalised_target(target_unit: int, multiplier: int, rebalance_multiplier: int) -> int:
    """Shrink a target by the streaming fees accrued since the rebalance started.

    Mirrors the index module; both multipliers are D18, the result is rounded down.
    """
    return target_unit * multiplier // rebalance_multiplier


def current_notional(total_supply: int, unit: int) -> int:
    """Return the base units that a position stands for, rounded down as the module does."""
    return total_supply * unit // WAD


def target_notional(total_supply: int, target_unit: int) -> int:
    """Return the base units that a target stands for, rounded up as the module does."""
    return div_ceil(total_supply * target_unit, WAD)


def trade_size(total_supply: int, unit: int, target_unit: int, max_trade_size: int) -> int:
    """Return the signed size of the module's next trade of a component.

    Parameters
    ----------
    total_supply
        Wei of the index token.
    unit, target_unit
        Current unit and normalised target, base units per whole index token.
    max_trade_size
        Largest trade, base units.

    Returns
    -------
    int
        Zero when the target is met (the module refuses the trade then) or when the two notionals
        round to the same amount.
    """
    if unit == target_unit:
        return 0
    missing = target_notional(total_supply, target_unit) - current_notional(total_supply, unit)
    return max(-max_trade_size, min(max_trade_size, missing))
