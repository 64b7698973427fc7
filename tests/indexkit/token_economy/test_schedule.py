"""Vesting schedules: the published tables, exact at each boundary, and the original's rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexkit.economics.allocation import load
from indexkit.economics.schedule import (
    MONTH_S,
    YEAR_S,
    OriginalVesting,
    Schedule,
    Segment,
    months_after,
    share_of_supply,
    vested_together,
)
from indexkit.errors import IndexkitError

E18 = 10**18
SUPPLY = 10_000_000 * E18
LAUNCH = 1_602_010_800


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw schedules with pauses, cliffs, odd amounts and spans."""
    begin = draw(st.integers(0, 2**33))
    spans = draw(st.lists(st.integers(1, 4 * YEAR_S), min_size=0, max_size=15))
    amount = st.one_of(st.just(0), st.integers(1, 10**6), st.integers(1, 2**100))
    segments, end = [], begin
    for span in spans:
        end += span
        segments.append(Segment(end, draw(amount)))
    return Schedule(begin, (*segments, Segment(end + 1, draw(st.integers(1, 9)))))


@pytest.mark.parametrize(
    ("months", "percent", "thirds"),
    [
        *((0, "0", 0), (2, "2.5", 1), (3, "3.75", 0), (6, "7.5", 0)),
        *((12, "15", 0), (18, "19.5", 0), (24, "24", 0), (36, "30", 0)),
    ],
)
def test_team__as_published(months: int, percent: str, thirds: int) -> None:
    """R-22: exactly; after two months each of two streams rounds thirds of a wei down, 1 in all.

    A month is a twelfth of a year of 365 days, since the boundaries are 365 days apart.
    """
    team, time = load().team(), months_after(LAUNCH, months)
    assert share_of_supply(team, time, SUPPLY) == Fraction(percent) / 100
    assert vested_together(team, time) == Fraction(percent) * SUPPLY / 100 - thirds


def test_months__make_years() -> None:
    """R-22: twelve months have no remainder, and end at the published boundaries."""
    boundaries = load().published.boundaries
    assert [months_after(LAUNCH, 12 * year) for year in range(4)] == list(boundaries)
    assert 12 * MONTH_S == YEAR_S == 31_536_000


@given(schedules(), st.data())
def test_vested__any_schedule(schedule: Schedule, data: st.DataObject) -> None:
    """R-22, I-27: exact at boundaries, monotone, never above the total, rounded down by under 1."""
    ended = 0
    assert schedule.vested(schedule.begin - 1) == schedule.vested(schedule.begin) == 0
    for segment in schedule.segments:
        before = schedule.vested(segment.end - 1)
        ended += segment.amount
        assert (
            before <= ended == schedule.vested(segment.end) == schedule.vested_exactly(segment.end)
        )
    assert ended == schedule.total == schedule.vested(schedule.end + 1)
    time = data.draw(st.integers(schedule.begin - 2, schedule.end + 2))
    later = data.draw(st.integers(time, schedule.end + 2))
    exact = schedule.vested_exactly(time)
    assert 0 <= exact - schedule.vested(time) < 1
    assert exact <= schedule.vested_exactly(later)


@given(schedules(), st.data())
def test_claims__lose_no_dust(schedule: Schedule, data: st.DataObject) -> None:
    """R-22, I-27: however often is claimed, the sum is what has vested."""
    span = st.integers(schedule.begin - 9, schedule.end + 9)
    times = sorted(data.draw(st.lists(span, min_size=1)))
    paid = schedule.claims(times)
    assert all(amount >= 0 for amount in paid)
    assert sum(paid) == schedule.vested(times[-1])
    assert sum(schedule.claims([*times, schedule.end + 9])) == schedule.total


def test_original__puts_off_dust_with_every_claim() -> None:
    """R-22: claimed once a day, the original is 339 wei behind on the last one; ours not one."""
    begin, end, amount = LAUNCH, LAUNCH + YEAR_S, 2_375_000 * E18
    ours = Schedule(begin, (Segment(end, amount),))
    original = OriginalVesting(begin, begin, end, amount)
    days = [begin + day * 86_400 + 7 for day in range(365)]
    due = ours.vested(days[-1])
    assert sum(ours.claims(days)) == due
    assert due - sum(original.claims(days)) == 339
    assert sum(original.claims([days[-1]])) == due
    # At its end it pays all the same.
    assert sum(original.claims([*days, end])) == amount


def test_original__small_amounts__pay_nothing_while_claimed() -> None:
    """R-22: below a unit a second, whoever claims often enough withholds all until the end."""
    begin, end, amount = LAUNCH, LAUNCH + YEAR_S, 1_000_000
    minutes = [begin + 13 * place for place in range(1, 2_000)]
    assert sum(OriginalVesting(begin, begin, end, amount).claims(minutes)) == 0
    ours = Schedule(begin, (Segment(end, amount),))
    assert sum(ours.claims(minutes)) == ours.vested(minutes[-1]) > 800


def test_original__before_the_cliff__refused() -> None:
    """As its contract reverts."""
    original = OriginalVesting(LAUNCH, LAUNCH + 10, LAUNCH + 20, 100)
    assert original.claims([LAUNCH + 10]) == (50,)
    with pytest.raises(IndexkitError, match="is before the cliff"):
        original.claims([LAUNCH + 9])


@pytest.mark.parametrize(
    ("begin", "segments", "reason"),
    [
        (5, (), "it has 0 segments"),
        (5, tuple(Segment(6 + place, 1) for place in range(17)), "it has 17 segments"),
        (5, (Segment(5, 1),), "a segment from 5 to 5 is no time span"),
        (5, (Segment(9, 1), Segment(8, 1)), "a segment from 9 to 8"),
        (-1, (Segment(9, 1),), "a segment from -1 to 9"),
        (5, (Segment(2**40, 1),), "a segment from 5 to 1099511627776"),
        (5, (Segment(9, -1), Segment(10, 2)), "ends at 9 has a negative amount"),
        (5, (Segment(9, 0),), "its total is 0 base units"),
        (5, (Segment(9, 2**128),), "its total is 340282366920938463463374607431768211456"),
    ],
)
def test_schedule__that_the_contract_refuses__refused(
    begin: int, segments: tuple[Segment, ...], reason: str
) -> None:
    """R-22: the same bounds as the contract's."""
    with pytest.raises(IndexkitError, match=reason):
        Schedule(begin, segments)


@pytest.mark.parametrize("supply", [0, -1])
def test_share_of_supply__of_nothing__refused(supply: int) -> None:
    """A share needs a whole."""
    with pytest.raises(IndexkitError, match="give a number of base units above zero"):
        share_of_supply(load().team(), LAUNCH, supply)
