"""Weighting rules: what each gives, and one sentence for what it refuses."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from indexkit.errors import IndexkitError
from indexkit.methodology.basket import read_basket
from indexkit.methodology.shares import to_wad
from indexkit.methodology.weights import RULES, Entry, Rule, allocate, sqrt_liquidity
from indexkit.plan import WAD
from indexkit.rebalance_data import load

DATA = Path(__file__).resolve().parents[3] / "data" / "methodology"
QUARTER = Decimal("0.25")


def entries(**caps: str) -> list[Entry]:
    """Return entries with these market caps, USD."""
    return [Entry(symbol, Decimal(1), Decimal(cap)) for symbol, cap in caps.items()]


def shares(weights: dict[str, int]) -> dict[str, Fraction]:
    """Return weights as fractions of the whole."""
    return {symbol: Fraction(weight, WAD) for symbol, weight in weights.items()}


def test_allocate__april_2021_as_published() -> None:
    """UNI falls from 45.40 % to 25 %, the rest rises to what was published (R-32)."""
    basket = read_basket(DATA / "dpi-2021-04.json")
    assert basket.rule == Rule("single-pass-cap", QUARTER)
    free = allocate(Rule("circulating-cap"), basket.entries)
    assert round(Decimal(free["UNI"]).scaleb(-16), 2) == Decimal("45.40")
    weights = basket.weights()
    assert weights["UNI"] == WAD // 4
    published = load("dpi-2021-04")
    value = sum(c.price * c.target_unit for c in published.components)
    for component in published.components:
        found = weights[component.symbol]
        # The published units are whole base units: a part in 1e11 of the smallest weight.
        assert abs(component.price * component.target_unit * WAD // value - found) < 10**7


def test_allocate__february_2021_as_published() -> None:
    """Without a cap UNI ended at 33.26 % (R-32)."""
    weights = read_basket(DATA / "dpi-2021-02.json").weights()
    assert round(Decimal(weights["UNI"]).scaleb(-16), 2) == Decimal("33.26")
    assert round(Decimal(weights["MTA"]).scaleb(-16), 3) == Decimal("0.308")


def test_allocate__circulating_cap_is_in_proportion() -> None:
    """A weight is the share of the market cap, as a D18 integer, sorted by symbol (R-32)."""
    entry = Entry("C", Decimal("2.5"), Decimal("0.8"))
    weights = allocate(Rule("circulating-cap"), [*entries(B="1", A="5"), entry])
    assert list(weights.items()) == [("A", WAD * 5 // 8), ("B", WAD // 8), ("C", WAD // 4)]


def test_allocate__single_pass_leaves_others_above_the_cap() -> None:
    """The historical rule looks once: what the excess lifts above the cap stays there (R-32)."""
    caps = entries(A="60", B="22", C="10", D="8")
    once = shares(allocate(Rule("single-pass-cap", QUARTER), caps))
    assert once["A"] == Fraction(1, 4)
    assert once["B"] == pytest.approx(Fraction(3, 4) * 22 / 40)
    assert once["B"] > once["A"]
    iterated = shares(allocate(Rule("iterated-cap", Decimal("0.3")), caps))
    expected = {"A": 0.3, "B": 0.3, "C": 2 / 9, "D": 8 / 45}
    assert iterated == {symbol: pytest.approx(weight) for symbol, weight in expected.items()}


def test_allocate__iterated_cap_at_its_limit() -> None:
    """With as many components as the cap allows, all are at the cap (R-32)."""
    caps = entries(A="900", B="50", C="40", D="10")
    assert set(allocate(Rule("iterated-cap", QUARTER), caps).values()) == {WAD // 4}


def test_allocate__iterated_cap_without_solution_is_refused() -> None:
    """Three components of at most a quarter each are no index (R-32)."""
    with pytest.raises(IndexkitError) as error:
        allocate(Rule("iterated-cap", QUARTER), entries(A="1", B="1", C="1"))
    assert error.value.message == (
        "iterated-cap: 3 components of at most 0.25 each make 0.75, not 1: "
        "add components or raise the cap."
    )


def test_allocate__flexible_cap_goes_half_way() -> None:
    """A capped component goes half way from its current weight to the cap (R-32)."""
    caps = entries(A="50", B="24", C="16", D="10")
    current = {"A": WAD * 35 // 100, "B": WAD * 30 // 100}
    weights = shares(allocate(Rule("flexible-cap", QUARTER), caps, current))
    assert weights["A"] == Fraction(30, 100)
    assert weights["B"] == pytest.approx(Fraction(70, 100) * 24 / 50)
    new = shares(allocate(Rule("flexible-cap", QUARTER), caps, {"A": 0}))
    assert new["A"] == Fraction(1, 8)


@pytest.mark.parametrize("current", [None, {"B": WAD}, {"A": -1}, {"A": WAD + 1}])
def test_allocate__flexible_cap_needs_the_current_weight(current: dict[str, int] | None) -> None:
    """A capped component without a sensible current weight is refused by name (R-32)."""
    with pytest.raises(IndexkitError, match="flexible-cap: A is above the cap and its current"):
        allocate(Rule("flexible-cap", QUARTER), entries(A="9", B="2", C="2", D="2"), current)


def test_allocate__given_weights_stay_as_given() -> None:
    """Weights that sum to 1 are taken digit by digit (R-32)."""
    given = [
        Entry(symbol, Decimal(1), weight=Decimal(weight))
        for symbol, weight in (("A", "0.6"), ("B", "0.3999999999999999999"), ("C", "1e-19"))
    ]
    assert allocate(Rule("given"), given) == {
        "A": 6 * WAD // 10,
        "B": 4 * WAD // 10,
        "C": 0,
    }


def test_allocate__given_weights_of_june_2021() -> None:
    """MVI's published weights are a whole; with one digit changed they are refused (R-32)."""
    # IndexCoop/index-coop-smart-contracts, commit 3e9212c, index-rebalances/indices/mvi.
    published = (
        *("0.148602", "0.163991", "0.094662", "0.070983", "0.116519", "0.052414", "0.074887"),
        *("0.035523", "0.046693", "0.046942", "0.021873", "0.034784", "0.040146", "0.027568"),
        "0.024413",
    )
    given = [Entry(f"T{i:02}", Decimal(1), weight=Decimal(w)) for i, w in enumerate(published)]
    assert list(allocate(Rule("given"), given).values()) == [
        int(Decimal(weight).scaleb(18)) for weight in published
    ]
    given[0] = Entry("T00", Decimal(1), weight=Decimal("0.148601"))
    with pytest.raises(IndexkitError) as error:
        allocate(Rule("given"), given)
    assert error.value.message == (
        "given: the weights add up to 0.999999, not exactly 1: correct them."
    )


def test_sqrt_liquidity__three_quarters_by_root() -> None:
    """MVI: 75 % by the square root of market cap, 25 % by liquidity (R-32, IIP-15)."""
    caps = {"A": (1, 3), "B": (4, 1), "C": (9, 0.5), "D": (16, 0.5)}
    tokens = [
        Entry(s, Decimal(1), Decimal(cap), liquidity=Decimal(liquidity))
        for s, (cap, liquidity) in caps.items()
    ]
    assert sqrt_liquidity(tokens) == {
        "A": WAD * 225 // 1000,
        "B": WAD * 200 // 1000,
        "C": WAD * 250 // 1000,
        "D": WAD * 325 // 1000,
    }


def test_sqrt_liquidity__roots_are_exact_to_36_decimals() -> None:
    """An irrational root shows no error in a weight's 18 decimals (R-32)."""
    tokens = [
        Entry(s, Decimal(1), Decimal(c), liquidity=Decimal(1)) for s, c in (("A", 1), ("B", 2))
    ]
    # 0.75 / (1 + sqrt 2) + 0.125, to 30 decimals.
    expected = Decimal("0.435660171779821286601266543157")
    assert sqrt_liquidity(tokens)["A"] == round(expected.scaleb(18))


@pytest.mark.parametrize(
    ("rule", "given", "sentence"),
    [
        (Rule("equal"), entries(A="1"), "No weighting rule is called 'equal': use one of circu"),
        (Rule("circulating-cap"), [], "An index without components has no weights"),
        (Rule("circulating-cap"), entries(A="1") * 2, "A is listed 2 times: leave one."),
        (Rule("circulating-cap"), entries(A="0"), "A: the supply is 0: give a number above zero"),
        (Rule("circulating-cap"), entries(A="-1"), "A: the supply is -1: give a number above z"),
        (Rule("circulating-cap"), entries(A="NaN"), "A: the supply is NaN: give a number above"),
        (Rule("circulating-cap"), [Entry("A", Decimal(1))], "A: the supply is missing: give it."),
        (Rule("given"), [Entry("A", None, weight=Decimal(1))], "A: the price is missing: give it."),
        (Rule("given"), [Entry("A", Decimal(0), weight=Decimal(1))], "A: the price is 0: give a n"),
        (Rule("given"), [Entry("A", Decimal(-2), weight=Decimal(1))], "A: the price is -2: give a"),
        (Rule("given"), entries(A="1"), "A: the weight is missing: give it."),
        (Rule("sqrt-liquidity"), entries(A="1"), "A: the liquidity is missing: give it."),
        (Rule("circulating-cap", QUARTER), entries(A="1"), "circulating-cap has no cap, but 0.25"),
        (Rule("single-pass-cap"), entries(A="1"), "single-pass-cap: the cap is missing: give a"),
        (Rule("iterated-cap", Decimal(0)), entries(A="1"), "iterated-cap: the cap is 0: give a"),
        (Rule("iterated-cap", Decimal("1.1")), entries(A="1"), "iterated-cap: the cap is 1.1: gi"),
        (Rule("iterated-cap", Decimal("1e-19")), entries(A="1"), "the cap is 1E-19: give a num"),
        (Rule("iterated-cap", Decimal("NaN")), entries(A="1"), "iterated-cap: the cap is NaN: gi"),
        (
            Rule("single-pass-cap", QUARTER),
            entries(A="1", B="1"),
            "The capped components (A, B) take 0.5 of the index, and 0 others share the rest",
        ),
    ],
)
def test_allocate__refuses(rule: Rule, given: list[Entry], sentence: str) -> None:
    """What makes no sense is refused in one sentence that names it (R-32)."""
    with pytest.raises(IndexkitError) as error:
        allocate(rule, given)
    assert sentence in error.value.message
    assert error.value.message.endswith(".")


def test_to_wad__refuses_what_is_not_a_whole() -> None:
    """Shares that miss 1 are a mistake of the caller, not a thing to round away (I-28)."""
    with pytest.raises(ValueError, match="add up to 2/3, not 1"):
        to_wad({"A": Fraction(2, 3)})


def test_to_wad__gives_what_is_left_to_the_largest_remainders() -> None:
    """Thirds differ by one unit, which goes to the first symbol (I-28)."""
    thirds = to_wad(dict.fromkeys("CAB", Fraction(1, 3)))
    assert thirds == {"A": WAD // 3 + 1, "B": WAD // 3, "C": WAD // 3}
    uneven = to_wad({"A": Fraction(1, 3 * WAD), "B": 1 - Fraction(1, 3 * WAD)})
    assert uneven == {"A": 0, "B": WAD}


def test_rules__are_documented() -> None:
    """Every rule stands in the methodology's document (R-32)."""
    text = (DATA.parents[1] / "docs" / "METHODOLOGY.md").read_text()
    assert all(f"`{name}`" in text for name in RULES)
    assert json.loads((DATA / "dpi-2021-02.json").read_text())["rule"]["name"] in RULES
