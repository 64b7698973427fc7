"""The level of an index and its divisor (R-31): a Laspeyres index of quantities and prices.

``level = Σ price · quantity / divisor``. The quantity of a component is its circulating supply, or,
where weights are capped or given, its weight factor: the quantity that has the target weight. A
reconstitution changes quantities and divisor together, so that the level does not jump.

Everything is computed with 50 significant digits, each result rounded once, half to even: its
relative error is at most 5e-50, and that of a level after `next_divisor` at most 2e-49.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from indexkit.errors import IndexkitError
from indexkit.methodology.shares import to_decimal
from indexkit.plan import WAD

DIGITS = 50
"""Significant digits of a level, a divisor, a weight factor."""

START_DIVISOR = Decimal("44679560.64")
"""DPI's first divisor, September 2020, as published in the Index Cooperative's overview."""

Figures = Mapping[str, Decimal]


def level(prices: Figures, quantities: Figures, divisor: Decimal) -> Decimal:
    """Return the level of an index, USD.

    Parameters
    ----------
    prices
        USD per whole token, of every component at least.
    quantities
        Circulating supply or weight factor of each component, whole tokens.
    divisor
        Above zero.

    Raises
    ------
    IndexkitError
        A price is missing, or a figure is not above zero.
    """
    return _rounded(_value(prices, quantities) / _above_zero("divisor", divisor))


def divisor_for(prices: Figures, quantities: Figures, wanted: Decimal) -> Decimal:
    """Return the divisor that gives an index this level: the inverse of `level`.

    Raises
    ------
    IndexkitError
        As in `level`.
    """
    return _rounded(_value(prices, quantities) / _above_zero("level", wanted))


def next_divisor(divisor: Decimal, prices: Figures, before: Figures, after: Figures) -> Decimal:
    """Return the divisor from a reconstitution on: at its prices the level stays what it was.

    ``divisor · Σ price · after / Σ price · before``.

    Raises
    ------
    IndexkitError
        As in `level`.
    """
    change = _value(prices, after) / _value(prices, before)
    return _rounded(_above_zero("divisor", divisor) * change)


def weight_factors(
    weights: Mapping[str, int], prices: Figures, market_cap: Decimal
) -> dict[str, Decimal]:
    """Return the quantities that have these weights: ``weight · market cap / price``.

    Parameters
    ----------
    weights
        D18{1}, above zero.
    prices
        USD per whole token.
    market_cap
        What the quantities are to be worth together, USD; with the sum of the components' market
        caps, an uncapped index gets their circulating supplies.

    Raises
    ------
    IndexkitError
        A price is missing, or a figure is not above zero.
    """
    whole = _above_zero("market cap", market_cap)
    return {
        symbol: _rounded(
            _above_zero(f"weight of {symbol}", Decimal(weight)) / WAD * whole / _at(prices, symbol)
        )
        for symbol, weight in weights.items()
    }


def _value(prices: Figures, quantities: Figures) -> Fraction:
    if not quantities:
        raise IndexkitError("An index without components has no level: name at least one.")
    return sum(
        (
            _at(prices, symbol) * _above_zero(f"quantity of {symbol}", quantity)
            for symbol, quantity in quantities.items()
        ),
        Fraction(0),
    )


def _at(prices: Figures, symbol: str) -> Fraction:
    if symbol not in prices:
        raise IndexkitError(f"{symbol}: the price is missing: give it.")
    return _above_zero(f"price of {symbol}", prices[symbol])


def _above_zero(name: str, figure: Decimal) -> Fraction:
    if not figure.is_finite() or figure <= 0:
        raise IndexkitError(f"The {name} is {figure}: give a number above zero.")
    return Fraction(figure)


def _rounded(number: Fraction) -> Decimal:
    return to_decimal(number, DIGITS)
