"""The index level: continuous across a divisor change, and near what was published."""

import json
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit.errors import IndexkitError
from indexkit.methodology.basket import read_basket
from indexkit.methodology.level import (
    DIGITS,
    START_DIVISOR,
    divisor_for,
    level,
    next_divisor,
    weight_factors,
)
from indexkit.methodology.weights import allocate
from indexkit.plan import WAD
from indexkit.rebalance_data import Rebalance, load

DATA = Path(__file__).resolve().parents[3] / "data" / "methodology"
DAYS = {day["date"]: day for day in json.loads((DATA / "dpi-market-caps.json").read_text())["days"]}

figures = st.decimals("0.000001", "1e12", allow_nan=False, places=6)
baskets = st.dictionaries(st.sampled_from("ABCDEFGH"), figures, min_size=1)
all_prices = st.fixed_dictionaries(dict.fromkeys("ABCDEFGH", figures))


def index_value(rebalance: Rebalance) -> Decimal:
    """Return what one index token holds at the published prices, USD."""
    return sum(
        (c.price_usd * Decimal(c.current_unit).scaleb(-18) for c in rebalance.components),
        Decimal(0),
    )


@settings(deadline=None)
@given(all_prices, baskets, baskets, figures)
def test_level__is_continuous_across_a_divisor_change(
    prices: dict[str, Decimal],
    before: dict[str, Decimal],
    after: dict[str, Decimal],
    divisor: Decimal,
) -> None:
    """Whatever enters, leaves or changes, the level is the same to 49 digits (I-28, R-31)."""
    changed = next_divisor(divisor, prices, before, after)
    old, new = level(prices, before, divisor), level(prices, after, changed)
    with localcontext(prec=2 * DIGITS):
        assert abs(new - old) <= old * 2 * Decimal(10) ** (1 - DIGITS)


@settings(deadline=None)
@given(all_prices, baskets, figures)
def test_divisor_for__inverts_the_level(
    prices: dict[str, Decimal], quantities: dict[str, Decimal], wanted: Decimal
) -> None:
    """The divisor that is to give a level gives it (R-31)."""
    found = level(prices, quantities, divisor_for(prices, quantities, wanted))
    with localcontext(prec=2 * DIGITS):
        assert abs(found - wanted) <= wanted * 2 * Decimal(10) ** (1 - DIGITS)


def test_level__is_market_cap_over_divisor() -> None:
    """Laspeyres: price times quantity, summed, over the divisor (R-31)."""
    prices = {"A": Decimal("1.5"), "B": Decimal(2), "C": Decimal(9)}
    assert level(prices, {"A": Decimal(4), "B": Decimal(1)}, Decimal("0.5")) == Decimal(16)
    third = level(prices, {"B": Decimal(1)}, Decimal(3))
    assert third == Decimal("0." + "6" * (DIGITS - 1) + "7")


def test_level__starts_at_104_dollars() -> None:
    """The first divisor and the market cap of the launch day make 104.37 USD (R-31)."""
    assert Decimal("44679560.64") == START_DIVISOR
    cap = Decimal(DAYS["2020-09-14"]["component_market_cap_usd"])
    start = level({"DPI": cap}, {"DPI": Decimal(1)}, START_DIVISOR)
    assert round(start, 2) == Decimal("104.37")


def test_level__february_2021_near_the_public_series() -> None:
    """Level times supply is the published market cap of the index, within 1 % (R-31).

    The divisor is that of the rebalance of 2 February 2021; the prices are once those typed in
    during the day, once those of the public series of that day.
    """
    basket, published = read_basket(DATA / "dpi-2021-02.json"), load("dpi-2021-02")
    divisor = divisor_for(basket.prices, basket.supplies, index_value(published))
    assert int(divisor) == 54_247_841
    supply = Decimal(published.total_supply).scaleb(-18)
    day = DAYS["2021-02-02"]
    worth = Decimal(day["index_market_cap_usd"])
    components = Decimal(day["component_market_cap_usd"])
    assert abs(level(basket.prices, basket.supplies, divisor) * supply / worth - 1) < Decimal(
        "0.01"
    )
    assert abs(components / divisor * supply / worth - 1) < Decimal("0.003")


def test_next_divisor__april_2021_keeps_the_level() -> None:
    """From units held to capped weights: the level stays, and the divisor is 78129169 (R-31)."""
    basket, published = read_basket(DATA / "dpi-2021-04.json"), load("dpi-2021-04")
    value = index_value(published)
    divisor = divisor_for(basket.prices, basket.supplies, value)
    assert int(divisor) == 78_129_169
    cap = basket.market_cap()
    factors = weight_factors(basket.weights(), basket.prices, cap)
    assert abs(level(basket.prices, factors, divisor) - value) < Decimal("1e-40")
    # A weight factor over the divisor is the unit: base units agree to the published figures.
    for component in published.components:
        unit = factors[component.symbol] / divisor
        assert abs(unit / Decimal(component.target_unit).scaleb(-18) - 1) < Decimal("1e-11")


def test_weight_factors__without_a_cap_are_the_supplies() -> None:
    """Uncapped weights and the whole market cap give the circulating supplies (R-31)."""
    basket = read_basket(DATA / "dpi-2021-02.json")
    weights = allocate(basket.rule, basket.entries)
    cap = basket.market_cap()
    for symbol, factor in weight_factors(weights, basket.prices, cap).items():
        assert abs(factor / basket.supplies[symbol] - 1) < Decimal(1) / weights[symbol]


@pytest.mark.parametrize(
    ("prices", "quantities", "divisor", "sentence"),
    [
        ({}, {"A": 1}, 1, "A: the price is missing: give it."),
        ({"A": 0}, {"A": 1}, 1, "The price of A is 0: give a number above zero."),
        ({"A": 1}, {"A": -3}, 1, "The quantity of A is -3: give a number above zero."),
        ({"A": 1}, {"A": 1}, 0, "The divisor is 0: give a number above zero."),
        ({"A": 1}, {"A": 1}, "Infinity", "The divisor is Infinity: give a number above zero."),
        ({"A": 1}, {}, 1, "An index without components has no level: name at least one."),
    ],
)
def test_level__refuses(
    prices: dict[str, int], quantities: dict[str, int], divisor: int | str, sentence: str
) -> None:
    """What makes no sense is refused in one sentence (R-31)."""
    with pytest.raises(IndexkitError) as error:
        level(
            {symbol: Decimal(price) for symbol, price in prices.items()},
            {symbol: Decimal(quantity) for symbol, quantity in quantities.items()},
            Decimal(divisor),
        )
    assert error.value.message == sentence


def test_weight_factors__refuses_a_weight_of_zero() -> None:
    """A component with no weight has no place in the index (R-31)."""
    with pytest.raises(IndexkitError, match="The weight of A is 0: give a number above zero"):
        weight_factors({"A": 0, "B": WAD}, {"A": Decimal(1), "B": Decimal(1)}, Decimal(1))
