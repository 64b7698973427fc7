"""The exact model of the methodologist bounty, and what integer steps lose (R-24, I-27)."""

from fractions import Fraction
from random import Random

import pytest
from bounty_mirror import MOST_FEES, MOST_VALUE, Mirror, value_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexkit.economics.bounty_model import (
    Counting,
    Program,
    month_values,
    paid_in_turn,
    part_error,
    payment_error,
    payments,
    shared,
)

E18 = 10**18
Q112 = 2**112
DAY_S = 86_400
MONTH_S = 30 * DAY_S
BEGIN = 1_607_281_200
PROGRAM = Program(750_000 * E18, BEGIN)
WHO = ("first", "second", "third")


def counting(start, end, fees=E18, price=Fraction(1, 10), who="first", share=E18):
    """Return a counting between two times {s} after the begin, at a price {WETH/set}."""
    price_time = int((end - start) * Q112 / price) if price else 0
    return Counting(who, BEGIN + start, BEGIN + end, fees, share, price_time)


def test_tranches__add_up():
    """R-24: 41,666.67 INDEX a month, 750,000 in all, after every month as much as ever is due."""
    tranches = [PROGRAM.tranche(month) for month in range(18)]
    assert sum(tranches) == 750_000 * E18
    assert {tranche // E18 for tranche in tranches} == {41_666}
    assert max(tranches) - min(tranches) <= 1
    assert PROGRAM.end == 1_653_937_200


def test_month_values__spread_evenly():
    """R-24: half a month each side of a boundary is half the value each; outside is nothing."""
    over = counting(MONTH_S // 2, 3 * MONTH_S // 2)
    values = month_values(PROGRAM, [over])
    assert values[0] == values[1] == {"first": over.value / 2}
    assert set(map(len, values[2:])) == {0}
    assert over.value == over.price * E18
    early = counting(-MONTH_S, MONTH_S)
    late = counting(18 * MONTH_S - 1, 18 * MONTH_S + 2, who="second")
    values = month_values(PROGRAM, [early, late])
    assert values[0] == {"first": early.value / 2}
    assert values[17] == {"second": late.value / 3}


@pytest.mark.parametrize("nothing", [{"fees": 0}, {"price": 0}, {"share": 0}])
def test_month_values__worth_nothing(nothing):
    """R-24: no fees, no liquidity, nothing for the house: nobody is listed."""
    assert set(map(len, month_values(PROGRAM, [counting(0, MONTH_S, **nothing)]))) == {0}


def test_shared__carries_empty_months():
    """R-24: a month without fees leaves its tranche to the next, the last ones to the treasury."""
    months = [3, 4, 10]
    values = month_values(PROGRAM, [counting(m * MONTH_S, (m + 1) * MONTH_S) for m in months])
    tranches, rest = shared(PROGRAM, values)
    upto = [750_000 * E18 * (month + 1) // 18 for month in months]
    assert [tranches[m] for m in months] == [upto[0], upto[1] - upto[0], upto[2] - upto[1]]
    assert sum(tranches) + rest == 750_000 * E18
    assert shared(PROGRAM, month_values(PROGRAM, [])) == ((0,) * 18, 750_000 * E18)


def test_payments__by_the_part_of_the_value():
    """R-24: three to one."""
    values = month_values(
        PROGRAM, [counting(0, MONTH_S, 3 * E18), counting(0, MONTH_S, E18, who="second")]
    )
    due = payments(PROGRAM, values)[0]
    assert due["first"] == 3 * due["second"]
    assert sum(due.values()) == PROGRAM.tranche(0)


@given(st.integers(0, 2**128), st.lists(st.integers(1, 2**128), min_size=1, max_size=8))
def test_paid_in_turn__is_exact_in_sum(tranche, values):
    """R-24: all of it is paid; the k-th payment is within (-1, k] of the exact one."""
    paid = paid_in_turn(tranche, values)
    assert sum(paid) == tranche
    for place, (one, value) in enumerate(zip(paid, values, strict=True)):
        assert -1 < one - Fraction(tranche * value, sum(values)) <= place


@given(
    fees=st.integers(0, 2**100),
    share=st.integers(0, E18),
    seconds=st.integers(1, 10**8),
    price=st.integers(1, 2**140),
)
@example(fees=MOST_FEES, share=E18, seconds=10**8, price=Q112)
def test_value__loses_less_than_said(fees, share, seconds, price):
    """Step 1 of the proof: 0 <= exact - counted < 1 + price, below the bounds."""
    exact = Counting("", 0, seconds, fees, share, price * seconds)
    counted = value_of(fees, share, seconds, price * seconds)
    if counted < MOST_VALUE:
        assert 0 <= exact.value - counted < 1 + exact.price


# ---------------------------------------------------------------- histories

_STEP = st.tuples(
    st.sampled_from(
        ["count", "count", "count", "settle", "register", "hand over", "share", "claim"]
    ),
    st.integers(0, 2),
    st.integers(1, 80 * DAY_S),
    st.sampled_from([E18, 10**22, 10**9, 1, 0]) | st.integers(0, 10**22),
    st.sampled_from([10 * Q112, Q112, Q112 // 1000, Q112 << 90, 0]),
)


def _play(mirror, steps):
    """Play steps; return the time at the end {s}."""
    now, accrued = BEGIN - 40 * DAY_S, [0, 0, 0]
    for index in range(2):
        mirror.register(index, WHO[index], E18 * 7 // 10, now, 0)
    for kind, place, wait, fees, price in steps:
        now += wait
        accrued[place] += fees
        if kind == "settle":
            for index in sorted(mirror.entries):
                mirror.count(index, now, accrued[index], price * _elapsed(mirror, index, now))
            mirror.settle(now)
        elif place in mirror.entries:
            mirror.count(place, now, accrued[place], price * _elapsed(mirror, place, now))
            _change(mirror, kind, place)
        elif kind == "register":
            mirror.register(place, WHO[place], E18, now, accrued[place])
    now = max(now, mirror.program.end)
    for index in sorted(mirror.entries):
        mirror.count(index, now, accrued[index], Q112 * _elapsed(mirror, index, now))
    mirror.settle(now)


def _elapsed(mirror, index, now):
    return now - mirror.entries[index].counted


def _change(mirror, kind, place):
    if kind == "hand over":
        entry = mirror.entries[place]
        entry.methodologist = WHO[(WHO.index(entry.methodologist) + 1) % 3]
    elif kind == "share":
        mirror.entries[place].share = E18 - mirror.entries[place].share
    elif kind == "register":
        del mirror.entries[place]
    elif kind == "claim":
        for month in range(mirror.settled):
            for who in mirror.claimants(month)[:1]:
                mirror.claim(month, who)


@settings(max_examples=80, deadline=None)
@given(st.lists(_STEP, min_size=8, max_size=24), st.booleans())
def test_histories__are_off_by_less_than_proved(steps, backwards):
    """I-27: every payment is within its bound of the rational share, and 750,000 is paid in all."""
    _all_is_within_bounds(steps, backwards)


@pytest.mark.parametrize("seed", range(4))
def test_histories__crowded(seed):
    """I-27: the same with something in most months, counted at random times."""
    random = Random(seed)
    kinds = ["count"] * 8 + ["settle", "register", "hand over", "share", "claim"]
    prices = [Q112 << 90, Q112 // 1000, *[Q112] * 5, 0]
    steps = [
        (
            *(random.choice(kinds), random.randrange(3), random.randrange(1, 6 * DAY_S)),
            *(random.randrange(10 ** random.randrange(1, 22)), random.choice(prices)),
        )
        for _ in range(200)
    ]
    mirror = _all_is_within_bounds(steps, backwards=seed % 2 == 1)
    assert sum(map(bool, mirror.values)) > 8


def _all_is_within_bounds(steps, backwards):
    """Play a history, pay everybody, and compare with the exact model; return the mirror."""
    mirror = Mirror(PROGRAM)
    _play(mirror, steps)
    exact = month_values(PROGRAM, mirror.countings)
    order = reversed if backwards else iter
    for month in order(range(18)):
        for who in order(mirror.claimants(month)):
            mirror.claim(month, who)
    assert sum(sum(one.values()) for one in mirror.paid.values()) + mirror.carried == PROGRAM.total
    assert mirror.owed == 0
    for month in range(18):
        _month_is_within_bounds(mirror, month, exact[month])
    return mirror


def _month_is_within_bounds(mirror, month, exact):
    tranche, values = mirror.tranches[month], mirror.values[month]
    counted, error = sum(values.values()), part_error(PROGRAM, month, mirror.countings)
    assert abs(counted - sum(exact.values())) < error or counted == sum(exact.values())
    if counted == 0:
        assert tranche == 0
        return
    for place, (who, paid) in enumerate(mirror.paid[month].items()):
        due = tranche * exact[who] / sum(exact.values())
        assert abs(paid - due) < payment_error(tranche, counted, error, place)
