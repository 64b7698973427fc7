"""Whole numbers that stand for fractions: 18 decimals, and divisions that say how they round."""

from decimal import Decimal
from fractions import Fraction

from indexkit.errors import IndexkitError

WAD = 10**18
"""One, with 18 decimals (D18)."""


def div_trunc(numerator: int, denominator: int) -> int:
    """Divide and drop the remainder, towards zero as Vyper and Solidity do (Python floors)."""
    quotient = abs(numerator) // abs(denominator)
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def div_ceil(numerator: int, denominator: int) -> int:
    """Divide and round up; for a numerator of zero or more and a positive denominator."""
    return -(-numerator // denominator)


def price_wad(price: Decimal) -> int:
    """Turn a USD price into an integer with 18 decimals, exactly.

    Raises
    ------
    IndexkitError
        The price is not a positive number of at most 18 decimals.
    """
    scaled = Fraction(price) * WAD if price.is_finite() else Fraction(0)
    if scaled <= 0 or scaled.denominator != 1:
        raise IndexkitError(
            f"The price {price:f} is not a positive number of at most 18 decimals: correct it."
        )
    return scaled.numerator
