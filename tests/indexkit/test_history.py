"""The formulas of 2021 give the published units from prices and supplies alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexkit import history, publication
from indexkit.conventions import PRESETS, named
from indexkit.errors import IndexkitError
from indexkit.history import CAP, Entry
from indexkit.replaying import entries

WAD = 10**18
NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
CAPPED = ("circulating-cap", "single-pass-cap", "flexible-cap")


def published(name: str) -> tuple[str, tuple[Entry, ...], dict[str, int]]:
    """Return the rule, the inputs and the published target units."""
    read = publication.read(name)
    units = {c.symbol: c.target_unit for c in read.rebalance.components}
    return read.rule, entries(read), units


@pytest.mark.parametrize("name", NAMES)
def test_target_units__published(name: str) -> None:
    """R-35: every unit to the wei, from the inputs alone."""
    rule, held, units = published(name)
    assert history.target_units(rule, held, history.index_value(held)) == units


def test_target_units__rounding_of_the_value() -> None:
    """DPI's units come out with either rounding; MANA of June 2021 with one per component only."""
    differences = {}
    for name in NAMES:
        rule, held, units = published(name)
        once = history.target_units(rule, held, history.index_value(held, "after-sum"))
        differences[name] = {s: once[s] - unit for s, unit in units.items() if once[s] != unit}
    assert differences == {"dpi-2021-02": {}, "dpi-2021-04": {}, "mvi-2021-06": {"MANA": 1}}


@pytest.mark.parametrize(
    ("name", "per_component", "after_sum"),
    [
        ("dpi-2021-02", 322841667800359472095, 322841667800359472100),
        ("dpi-2021-04", 427924639209043442485, 427924639209043442489),
        ("mvi-2021-06", 51635679295987123672, 51635679295987123676),
    ],
)
def test_index_value__both_roundings(name: str, per_component: int, after_sum: int) -> None:
    """R-35: rounding once gives a few wei more."""
    held = published(name)[1]
    assert history.index_value(held) == per_component
    assert history.index_value(held, "after-sum") == after_sum


def test_index_value__mixed_decimals() -> None:
    """Half a wei of a token of 8 decimals and half of one of 18 are one wei together."""
    held = [Entry("A", 8, 10**8 // 2, 0, 1), Entry("B", 18, WAD // 2, 0, 1)]
    assert [history.index_value(held, r) for r in publication.ROUNDINGS] == [0, 1]
    assert history.index_value([], "after-sum") == history.index_value([]) == 0


@pytest.mark.parametrize(
    ("name", "divisor"), [("dpi-2021-02", 54247841), ("dpi-2021-04", 78129169)]
)
def test_divisor__published(name: str, divisor: int) -> None:
    """R-35: market capitalisation over index value."""
    held = published(name)[1]
    assert history.divisor(held, history.index_value(held)) == divisor


def test_single_pass_cap__april() -> None:
    """UNI would have had 45.40 %; it gets 25 %, and nobody else is capped."""
    _, held, units = published("dpi-2021-04")
    value = history.index_value(held)
    free = history.target_units("circulating-cap", held, value)
    prices = {e.symbol: e.price for e in held}
    weights = {symbol: prices[symbol] * unit // value for symbol, unit in free.items()}
    assert [s for s, weight in weights.items() if weight > CAP] == ["UNI"]
    assert weights["UNI"] // 10**14 == 4540
    assert units["UNI"] == CAP * value // prices["UNI"]
    assert all(units[symbol] > free[symbol] for symbol in units if symbol != "UNI")


def test_single_pass_cap__looks_once() -> None:
    """Sharing out lifts B above 25 % and nothing cuts it again; exactly 25 % is not capped."""
    held = [Entry(s, 18, WAD, q, WAD) for s, q in zip("ABCDE", (60, 20, 10, 5, 5), strict=True)]
    units = history.target_units("single-pass-cap", held, 100 * WAD)
    assert units == {
        "A": 25 * WAD,
        "B": 375 * WAD // 10,
        "C": 1875 * WAD // 100,
        "D": 9375 * WAD // 1000,
        "E": 9375 * WAD // 1000,
    }
    quarter = [Entry(s, 18, WAD, 25, WAD) for s in "ABCD"]
    capped = history.target_units("single-pass-cap", quarter, 100 * WAD)
    assert capped == dict.fromkeys("ABCD", 25 * WAD)


def test_flexible_cap__half_way_from_the_weight_held() -> None:
    """Held at 45 %, capped at (25 + 45) / 2 = 35 %; the others share 65 %."""
    held = [
        Entry(s, 18, WAD, q, u * WAD) for s, q, u in (("A", 60, 45), ("B", 20, 25), ("C", 20, 30))
    ]
    units = history.target_units("flexible-cap", held, 100 * WAD)
    assert units == {"A": 35 * WAD, "B": 325 * WAD // 10, "C": 325 * WAD // 10}


def test_flexible_cap__may_take_from_the_rest() -> None:
    """Held at 90 %, the capped one keeps more than its market weight: the others shrink."""
    held = [Entry("A", 18, WAD, 30, 90 * WAD)]
    held += [Entry(s, 18, WAD, 14, 2 * WAD) for s in "BCDEF"]
    units = history.target_units("flexible-cap", held, 100 * WAD)
    assert units["A"] == 575 * WAD // 10
    assert {units[s] for s in "BCDEF"} == {85 * WAD // 10}


def test_flexible_cap__truncates_what_it_takes() -> None:
    """What the others lose is cut towards zero, not down: B would end 100 wei lower."""
    held = [Entry("A", 18, WAD, 30, 90 * WAD)]
    supplies = zip("BCDEF", (17, 13, 11, 16, 13), strict=True)
    held += [Entry(symbol, 18, WAD, supply, 0) for symbol, supply in supplies]
    units = history.target_units("flexible-cap", held, 100 * WAD)
    assert units["B"] == 10_321428571428571500


def test_given__divides_twice() -> None:
    """Both divisions drop their remainder; weights need not add up to one."""
    held = [Entry("A", 8, 3 * WAD, WAD // 3, 0), Entry("B", 4, 7 * WAD, WAD // 10, 0)]
    assert history.target_units("given", held, 100 * WAD) == {"A": 1111111111, "B": 14285}


def test_target_units__plain_tuples() -> None:
    """Whoever has the figures needs no class of ours."""
    plain = [("A", 18, WAD, 1, WAD), ("B", 18, WAD, 3, WAD)]
    units = history.target_units("circulating-cap", plain, 2 * WAD)
    assert units == {"A": WAD // 2, "B": 3 * WAD // 2}


GOOD = Entry("A", 18, WAD, 10, WAD)


@pytest.mark.parametrize(
    ("rule", "held", "value", "said"),
    [
        (
            "equal",
            [GOOD],
            WAD,
            "No rule is called 'equal': use one of circulating-cap, single-pass-cap, flexible-cap, "
            "given.",
        ),
        ("given", [GOOD, GOOD], WAD, "A is among the components twice: remove one of them."),
        (
            "given",
            [GOOD],
            0,
            "One index token is worth nothing at these prices: correct the current units or "
            "prices.",
        ),
        (
            "given",
            [GOOD._replace(price=0)],
            WAD,
            "A: the price 0 is not above zero, or the supply or weight 10 is below it: "
            "correct them.",
        ),
        (
            "circulating-cap",
            [GOOD._replace(measure=-1)],
            WAD,
            f"A: the price {WAD} is not above zero, or the supply or weight -1 is below it: "
            "correct them.",
        ),
        (
            "single-pass-cap",
            [GOOD._replace(decimals=8)],
            WAD,
            "A has 8 decimals, but the cap-weighted formula of 2021 holds for 18 only: "
            "use the rule 'given'.",
        ),
        (
            "circulating-cap",
            [GOOD._replace(measure=0)],
            WAD,
            "The components' market capitalisation is below the index value, so the divisor is "
            "zero: correct the circulating supplies.",
        ),
        (
            "single-pass-cap",
            [GOOD, GOOD._replace(symbol="B", measure=0)],
            WAD,
            "No component below the cap has any weight, so none can take what the cap frees: "
            "correct the circulating supplies.",
        ),
    ],
)
def test_target_units__refused(rule: str, held: list[Entry], value: int, said: str) -> None:
    """One sentence for each thing that the formulas cannot take."""
    with pytest.raises(IndexkitError) as raised:
        history.target_units(rule, held, value)
    assert raised.value.message == said


def test_named__presets() -> None:
    """Each preset is found by its name; another name is refused with those there are."""
    assert [named(preset.name) for preset in PRESETS] == list(PRESETS)
    with pytest.raises(IndexkitError) as raised:
        named("march-2021")
    assert raised.value.message == (
        "No conventions are called 'march-2021': use one of corrected, february-2021, may-2021, "
        "june-2021."
    )


@st.composite
def baskets(draw: st.DrawFn) -> list[Entry]:
    """Return inputs as DPI's: 18 decimals, supplies from thousands to billions."""
    return [
        Entry(
            symbol=f"T{place}",
            decimals=18,
            price=draw(st.integers(10**14, 10**23)),
            measure=draw(st.integers(10**3, 10**10)),
            current_unit=draw(st.integers(10**12, 10**20)),
        )
        for place in range(draw(st.integers(5, 10)))
    ]


@given(baskets(), st.sampled_from((*CAPPED, "given")), st.randoms(use_true_random=False))
def test_target_units__order_is_irrelevant(held: list[Entry], rule: str, random: Any) -> None:
    """R-32: shuffled inputs give the same units, value and divisor."""
    value = history.index_value(held)
    shuffled = random.sample(held, len(held))
    assert history.target_units(rule, shuffled, value) == history.target_units(rule, held, value)
    assert history.index_value(shuffled, "after-sum") == history.index_value(held, "after-sum")
    assert history.divisor(shuffled, value) == history.divisor(held, value)


@given(baskets(), st.integers(2, 1000))
def test_circulating_cap__price_moves_all_alike(held: list[Entry], factor: int) -> None:
    """All prices times a factor: the value follows, divisor and units stay."""
    value = history.index_value(held, "after-sum")
    dearer = [e._replace(price=e.price * factor) for e in held]
    assert history.index_value(dearer, "after-sum") - value * factor in range(factor)
    assert history.divisor(dearer, value * factor) == history.divisor(held, value)
    units = history.target_units("circulating-cap", held, value)
    assert history.target_units("circulating-cap", dearer, value * factor) == units


@given(baskets(), st.integers(0, 4), st.integers(2, 1000))
def test_circulating_cap__supply_moves_units_as_the_formula(
    held: list[Entry], place: int, factor: int
) -> None:
    """A supply times a factor: n_i = trunc(q_i 1e18 / D), with D of the new supplies."""
    value = history.index_value(held)
    more = list(held)
    more[place] = held[place]._replace(measure=held[place].measure * factor)
    cap = sum(e.measure * e.price for e in more)
    before = history.target_units("circulating-cap", held, value)
    after = history.target_units("circulating-cap", more, value)
    assert after == {e.symbol: e.measure * WAD // (cap // value) for e in more}
    assert after[more[place].symbol] >= before[more[place].symbol]
    assert all(after[e.symbol] <= before[e.symbol] for e in held if e.symbol != more[place].symbol)


@given(baskets(), st.integers(0, 4), st.integers(1, WAD))
def test_given__weight_moves_its_own_unit_only(held: list[Entry], place: int, weight: int) -> None:
    """A weight concerns one component: n = trunc(d trunc(V w / 1e18) / p)."""
    value = history.index_value(held)
    changed = list(held)
    changed[place] = entry = held[place]._replace(measure=weight)
    before = history.target_units("given", held, value)
    after = history.target_units("given", changed, value)
    assert after == before | {entry.symbol: WAD * (value * weight // WAD) // entry.price}
