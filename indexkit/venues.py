"""What WETH pools of Uniswap V2, SushiSwap and Balancer V1 quote, and how much they bear.

Pure functions. Amounts are base units of the component {comp} and wei of WETH {wei}. A pool of
reserves x (paid in) and y (paid out) with weights w_x and w_y keeps x^w_x · y^w_y; equal weights
make that a constant product. Of what is paid in, the fee stays outside the curve.

Quotes of Uniswap V2 and SushiSwap equal the router's to the wei. Balancer computes with 18
decimals, so its own quotes differ from the exact curve that is used here; see `balancer_bound`.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from math import isqrt

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.pool_state import (
    BALANCER_V1,
    EXCHANGES,
    PoolState,
    mirrored,
    pool_from_json,
    pools_of,
)

__all__ = ("EXCHANGES", "PoolState", "mirrored", "pool_from_json", "pools_of")

DIGITS = 110
"""Precision of powers with unequal weights: reserves of 2^112 base units twice over, and spare."""

MOST_OUT, MOST_IN = 3, 2
"""Balancer lets a trade take a third of a reserve, or bring half of it, at most."""


def cost_of_buy(pool: PoolState, amount: int) -> int:
    """Quote the WETH that buying an amount {comp} costs {wei}, fee included.

    Rounded as the exchange does: quotient plus one on pairs, up on Balancer.

    Raises
    ------
    IndexkitError
        The amount is not between zero and the reserve, or the pool is empty.
    """
    if pool.exchange != BALANCER_V1:
        return plan.amount_in(amount, pool.weth_reserve, pool.component_reserve)
    _require_amount(pool, amount)
    if amount >= pool.component_reserve:
        raise IndexkitError(
            f"The pool holds {pool.component_reserve} base units, so it cannot sell {amount}: "
            "trade less or add liquidity."
        )
    paid = _curve_in(pool, amount) * plan.WAD / (plan.WAD - pool.fee)
    return plan.div_ceil(paid.numerator, paid.denominator)


def proceeds_of_sale(pool: PoolState, amount: int) -> int:
    """Quote the WETH that selling an amount {comp} brings {wei}, fee deducted, rounded down.

    Raises
    ------
    IndexkitError
        The amount is not above zero, or the pool is empty.
    """
    if pool.exchange != BALANCER_V1:
        return plan.amount_out(amount, pool.component_reserve, pool.weth_reserve)
    _require_amount(pool, amount)
    return int(_curve_out(pool, Fraction(amount * (plan.WAD - pool.fee), plan.WAD)))


def bought_with(pool: PoolState, weth: int) -> int:
    """Quote what an amount of WETH {wei} buys {comp}, fee deducted, rounded down.

    Raises
    ------
    IndexkitError
        The amount is not above zero, or the pool is empty.
    """
    return proceeds_of_sale(mirrored(pool), weth)


def after_buy(pool: PoolState, amount: int) -> tuple[PoolState, int]:
    """Return the pool after an amount {comp} was bought from it, and what that cost {wei}."""
    paid = cost_of_buy(pool, amount)
    left = pool.component_reserve - amount
    return replace(pool, component_reserve=left, weth_reserve=pool.weth_reserve + paid), paid


def after_sale(pool: PoolState, amount: int) -> tuple[PoolState, int]:
    """Return the pool after an amount {comp} was sold to it, and what that brought {wei}."""
    got = proceeds_of_sale(pool, amount)
    held = pool.component_reserve + amount
    return replace(pool, component_reserve=held, weth_reserve=pool.weth_reserve - got), got


def at_price(pool: PoolState, price: Fraction) -> PoolState:
    """Return the pool as arbitrage leaves it: on the same curve, with this mid price {wei/comp}.

    Notes
    -----
    With a constant product k the WETH reserve becomes sqrt(k · price). With unequal weights the
    reserves move by the powers of the price's change: WETH by the component's share of the weights,
    the component by WETH's share, downwards. The fee the arbitrageur leaves behind is not counted.
    """
    pool.require_reserves()
    if pool.is_even:
        product = pool.weth_reserve * pool.component_reserve
        weth = max(1, isqrt(product * price.numerator // price.denominator))
        return replace(pool, weth_reserve=weth, component_reserve=max(1, product // weth))
    change = price / pool.mid_price
    total = pool.component_weight + pool.weth_weight
    up = _power(change, Fraction(pool.component_weight, total))
    down = _power(change, Fraction(pool.weth_weight, total))
    return replace(
        pool,
        weth_reserve=max(1, int(pool.weth_reserve * up)),
        component_reserve=max(1, int(pool.component_reserve / down)),
    )


def impact_of_buy(pool: PoolState, amount: int) -> Fraction:
    """Return by which share buying an amount {comp} costs more than at the mid price, net of fees.

    Exact for equal weights: a / (y - a) for an amount a out of a reserve y. Without rounding.
    """
    _require_amount(pool, amount)
    return _curve_in(pool, amount) / (amount * pool.mid_price) - 1


def impact_of_sale(pool: PoolState, amount: int) -> Fraction:
    """Return by which share selling an amount {comp} brings less than at the mid price.

    Net of fees: of what the fee leaves of the amount, g·a, worth g·a at the mid price. Exact for
    equal weights: g·a / (x + g·a) for an amount a into a reserve x. Without rounding.
    """
    _require_amount(pool, amount)
    traded = Fraction(amount * (plan.WAD - pool.fee), plan.WAD)
    return 1 - _curve_out(pool, traded) / (traded * pool.mid_price)


def largest_buy(pool: PoolState, impact: Fraction) -> int:
    """Return the largest amount {comp} whose `impact_of_buy` is at most `impact`; 0 if none is.

    Notes
    -----
    With equal weights the condition a / (y - a) ≤ e reads a ≤ y · e / (1 + e), so rounding that
    down is exact. With unequal weights, r = w_y / w_x and z = a / y, it is
    ((1 - z)^-r - 1) / (r z) ≤ 1 + e, which no elementary formula solves for z; the left side grows
    with z, so integers are bisected.
    """
    _require_impact(impact)
    pool.require_reserves()
    if pool.is_even:
        found = int(pool.component_reserve * impact / (1 + impact))
    else:
        found = _bisect(lambda a: impact_of_buy(pool, a) <= impact, pool.component_reserve - 1)
    return found if pool.exchange != BALANCER_V1 else min(found, pool.component_reserve // MOST_OUT)


def largest_sell(pool: PoolState, impact: Fraction) -> int:
    """Return the largest amount {comp} whose `impact_of_sale` is at most `impact`; 0 if none is.

    Notes
    -----
    With equal weights the condition g·a / (x + g·a) ≤ e reads a ≤ x · e / ((1 - e) g). With unequal
    weights integers are bisected, as in `largest_buy`.
    """
    _require_impact(impact)
    pool.require_reserves()
    if pool.is_even:
        kept = Fraction(plan.WAD - pool.fee, plan.WAD)
        found = int(pool.component_reserve * impact / ((1 - impact) * kept))
    else:
        found = _bisect(lambda a: impact_of_sale(pool, a) <= impact, pool.component_reserve)
    return found if pool.exchange != BALANCER_V1 else min(found, pool.component_reserve // MOST_IN)


def balancer_bound(pool: PoolState) -> int:
    """Return how far Balancer's own quote in WETH may lie from the one here {wei}.

    For quotes in the component {comp}, ask for the bound of the `mirrored` pool.

    Notes
    -----
    Balancer computes ratios with 18 decimals, each step rounded to the nearest. With equal weights
    the power is a whole one: the steps make at most 4e-18 of the reserve, one base unit of what is
    paid in, and two of rounding. With unequal weights a series stands for the power and ends when
    a term is below 1e-10, so 1e-9 of the reserve takes the place of 4e-18.
    """
    share = 4 * pool.weth_reserve // plan.WAD if pool.is_even else pool.weth_reserve // 10**9
    return 2 + share + int(pool.mid_price)


def _curve_in(pool: PoolState, amount: int) -> Fraction:
    """Return what the curve takes in {wei} for an amount out {comp}, without fee and rounding."""
    left = pool.component_reserve - amount
    ratio = Fraction(pool.component_reserve, left)
    power = Fraction(pool.component_weight, pool.weth_weight)
    return pool.weth_reserve * (_power(ratio, power) - 1)


def _curve_out(pool: PoolState, amount: Fraction) -> Fraction:
    """Return what the curve gives {wei} for an amount in {comp}, without fee and rounding."""
    ratio = pool.component_reserve / (pool.component_reserve + amount)
    power = Fraction(pool.component_weight, pool.weth_weight)
    return pool.weth_reserve * (1 - _power(ratio, power))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """Return a power: exact for an exponent of one, else to `DIGITS` digits (the same anywhere)."""
    if exponent == 1:
        return base
    with localcontext() as context:
        context.prec = DIGITS
        number = Decimal(base.numerator) / Decimal(base.denominator)
        return Fraction(number ** (Decimal(exponent.numerator) / Decimal(exponent.denominator)))


def _bisect(holds: Callable[[int], bool], most: int) -> int:
    """Return the largest integer up to `most` for which it holds; 0 counts as holding."""
    low, high = 0, most + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _require_amount(pool: PoolState, amount: int) -> None:
    pool.require_reserves()
    if amount <= 0:
        raise IndexkitError(f"The amount {amount} cannot be quoted: ask for a positive amount.")


def _require_impact(impact: Fraction) -> None:
    if not 0 <= impact < 1:
        raise IndexkitError(f"The price impact {impact} is not between 0 and 1: correct it.")
