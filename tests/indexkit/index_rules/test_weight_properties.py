"""Properties of the weighting rules, over any prices, supplies and caps."""

import json
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indexkit.methodology.weights import CAPPED, RULES, Entry, Rule, allocate, market_caps
from indexkit.plan import WAD

amounts = st.decimals("0.000001", "1e9", allow_nan=False, places=6)
caps = st.integers(1, WAD).map(lambda cap: Decimal(cap).scaleb(-18))
wads = st.integers(0, WAD // 100)


@st.composite
def baskets(draw: st.DrawFn, least: int = 1) -> list[Entry]:
    """Draw entries that have everything but a weight."""
    symbols = draw(st.lists(st.text("ABCDE", min_size=1), min_size=least, max_size=9, unique=True))
    return [
        Entry(symbol, draw(amounts), draw(amounts), liquidity=draw(amounts)) for symbol in symbols
    ]


def feasible(entries: list[Entry]) -> st.SearchStrategy[Decimal]:
    """Return the caps under which these entries can make a whole."""
    least = -(-WAD // len(entries))
    return st.integers(least, WAD).map(lambda cap: Decimal(cap).scaleb(-18))


@st.composite
def rules(draw: st.DrawFn, entries: list[Entry]) -> tuple[Rule, dict[str, int]]:
    """Draw a rule that has a solution for these entries, and current weights."""
    name = draw(st.sampled_from([name for name in RULES if name != "given"]))
    if name not in CAPPED:
        return Rule(name), {}
    # Wide enough that the components below the cap, or the whole, can take up the rest.
    cap = max(draw(caps), Decimal(1) / len(entries) + Decimal("0.01"))
    current = {entry.symbol: draw(wads) for entry in entries}
    return Rule(name, min(cap, Decimal(1)).quantize(Decimal("1e-18"))), current


@settings(deadline=None)
@given(st.data(), baskets())
def test_allocate__adds_up_to_the_whole(data: st.DataObject, entries: list[Entry]) -> None:
    """Weights are zero or more and sum to exactly 1e18 (I-28)."""
    rule, current = data.draw(rules(entries))
    weights = allocate(rule, entries, current)
    assert sum(weights.values()) == WAD
    assert min(weights.values()) >= 0
    assert list(weights) == sorted(entry.symbol for entry in entries)


@settings(deadline=None)
@given(st.data(), baskets(), st.randoms(use_true_random=False))
def test_allocate__order_is_irrelevant(
    data: st.DataObject, entries: list[Entry], random: Random
) -> None:
    """The same inputs in any order give byte-identical weights (I-28)."""
    rule, current = data.draw(rules(entries))
    shuffled = random.sample(entries, len(entries))
    once, again = allocate(rule, entries, current), allocate(rule, shuffled, current)
    assert json.dumps(once) == json.dumps(again)


@settings(deadline=None)
@given(st.data(), baskets(), amounts)
def test_allocate__a_common_factor_changes_nothing(
    data: st.DataObject, entries: list[Entry], factor: Decimal
) -> None:
    """Weights do not depend on the currency of the prices (R-32)."""
    rule, current = data.draw(rules(entries))
    scaled = [
        Entry(e.symbol, e.price * factor, e.supply, liquidity=e.liquidity)
        for e in entries
        if e.price is not None
    ]
    assert allocate(rule, scaled, current) == allocate(rule, entries, current)


@settings(deadline=None)
@given(st.data(), baskets())
def test_allocate__no_component_is_above_an_iterated_cap(
    data: st.DataObject, entries: list[Entry]
) -> None:
    """After iteration, and after rounding, nothing is above the cap (R-32)."""
    cap = data.draw(feasible(entries))
    weights = allocate(Rule("iterated-cap", cap), entries)
    assert max(weights.values()) <= int(cap * WAD)


@settings(deadline=None)
@given(baskets(), caps)
def test_allocate__single_pass_caps_what_was_above(entries: list[Entry], cap: Decimal) -> None:
    """What the first look finds above the cap ends at it, and nothing else falls (R-32)."""
    free = allocate(Rule("circulating-cap"), entries)
    limit = int(cap * WAD)
    assume(not all(weight > limit - 1 for weight in free.values()))
    capped = allocate(Rule("single-pass-cap", cap), entries)
    for symbol, weight in free.items():
        if weight > limit + 1:
            assert capped[symbol] == limit
        elif weight < limit - 1:
            assert capped[symbol] >= weight - 1


@settings(deadline=None)
@given(st.data(), baskets(), st.sampled_from(["circulating-cap", "iterated-cap"]))
def test_allocate__a_larger_market_cap_weighs_no_less(
    data: st.DataObject, entries: list[Entry], name: str
) -> None:
    """Weights are ordered as market caps are; single-pass weights need not be (R-32)."""
    cap = data.draw(feasible(entries)) if name == "iterated-cap" else None
    weights = allocate(Rule(name, cap), entries)
    values = market_caps(entries)
    for one in values:
        for other in values:
            if values[one] > values[other]:
                assert weights[one] >= weights[other]


@settings(deadline=None)
@given(baskets(least=2), st.decimals("1", "1000", places=3))
def test_allocate__a_dearer_component_weighs_no_less(entries: list[Entry], factor: Decimal) -> None:
    """A higher price raises its own weight and lowers every other, within a unit (R-32)."""
    first, *rest = entries
    assert first.price is not None
    dearer = Entry(first.symbol, first.price * factor, first.supply)
    before = allocate(Rule("circulating-cap"), entries)
    after = allocate(Rule("circulating-cap"), [dearer, *rest])
    assert after[first.symbol] >= before[first.symbol] - 1
    assert all(after[entry.symbol] <= before[entry.symbol] + 1 for entry in rest)


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**30), min_size=1, max_size=12))
def test_allocate__given_weights_round_by_less_than_a_unit(parts: list[int]) -> None:
    """Given weights of any number of decimals move by less than 1e-18 (I-28)."""
    total = 10 ** len(str(sum(parts)))
    parts = [*parts, total - sum(parts)]
    places = 1 - len(str(total))
    entries = [
        Entry(f"T{i}", Decimal(1), weight=Decimal(f"{part}e{places}"))
        for i, part in enumerate(parts)
        if part
    ]
    weights = allocate(Rule("given"), entries)
    assert sum(weights.values()) == WAD
    for entry in entries:
        assert entry.weight is not None
        assert abs(weights[entry.symbol] - Fraction(entry.weight) * WAD) < 1
