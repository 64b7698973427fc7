"""Exact fractions: shares of a whole, and the one rounding at the end."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt

from indexkit.plan import WAD

ROOT_DIGITS = 36
"""Decimals to which `root_share` is exact."""


def to_wad(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Round exact shares to D18{1} integers that add up to exactly 1e18.

    Each share is rounded down; what is missing goes, one unit each, to the largest remainders
    (Hamilton's method), the first by symbol among equals. No share moves by a whole unit, and one
    that needs no rounding does not move at all.

    Parameters
    ----------
    shares
        Symbol to share, zero or more each, adding up to exactly 1.

    Returns
    -------
    dict
        Symbol to weight, D18{1}, sorted by symbol.

    Raises
    ------
    ValueError
        The shares do not add up to 1: the caller's arithmetic is wrong.
    """
    if sum(shares.values()) != 1:
        raise ValueError(f"the shares add up to {sum(shares.values())}, not 1")
    scaled = {symbol: share * WAD for symbol, share in shares.items()}
    weights = {symbol: amount.__floor__() for symbol, amount in sorted(scaled.items())}
    # Sorting is stable: equal remainders stay in the order of their symbols.
    by_remainder = sorted(weights, key=lambda symbol: weights[symbol] - scaled[symbol])
    for symbol in by_remainder[: WAD - sum(weights.values())]:
        weights[symbol] += 1
    return weights


def proportional(amounts: Mapping[str, Fraction], whole: Fraction) -> dict[str, Fraction]:
    """Divide a whole in proportion to amounts above zero, exactly."""
    total = sum(amounts.values(), Fraction(0))
    return {symbol: whole * amount / total for symbol, amount in amounts.items()}


def root_share(share: Fraction) -> Fraction:
    """Return the square root of a number, rounded down to `ROOT_DIGITS` decimals."""
    scale: int = 10**ROOT_DIGITS
    return Fraction(isqrt(share.numerator * scale**2 // share.denominator), scale)


def to_decimal(number: Fraction, digits: int) -> Decimal:
    """Return a fraction to so many significant digits, rounded once, half to even."""
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    # Decimals are made of the integers themselves, so the division is the one rounding.
    return context.divide(Decimal(number.numerator), Decimal(number.denominator))
