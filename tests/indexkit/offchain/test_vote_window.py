"""When ballots count and when the index casts (R-13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexkit.errors import IndexkitError
from indexkit.metagov.window import DAY_S, Clock, Window, close_of

DAYS = st.sampled_from([DAY_S, 6_400, 7_200])


def test_close_of__a_day_before_the_end() -> None:
    """A vote of two days or more leaves exactly 24 hours for casting, in either unit."""
    assert close_of(1_000, 1_000 + 3 * DAY_S) == 1_000 + 2 * DAY_S
    assert close_of(1_000, 1_000 + 2 * DAY_S) == 1_000 + DAY_S
    assert close_of(12_000_000, 12_019_200, 6_400) == 12_012_800


def test_close_of__half_of_a_short_vote() -> None:
    """A shorter one is halved; of an odd length ballots get the larger half."""
    assert close_of(1_000, 1_000 + 2 * DAY_S - 1) == 1_000 + DAY_S
    assert close_of(10, 20) == 15
    assert close_of(10, 21) == 16
    assert close_of(10, 11) == 11


@pytest.mark.parametrize(("start", "end"), [(5, 5), (5, 4), (-1, 4)])
def test_close_of__no_time__raises(start: int, end: int) -> None:
    """A vote ends after it starts."""
    with pytest.raises(IndexkitError, match=f"cannot last from {start} to {end}"):
        close_of(start, end)


def test_close_of__no_day__raises() -> None:
    """A day has a length."""
    with pytest.raises(IndexkitError, match="A day cannot be 0 long"):
        close_of(1, 2, 0)


@given(st.integers(0, 10**12), st.integers(1, 10**8), DAYS)
def test_close_of__properties(start: int, length: int, day: int) -> None:
    """Ballots get at least half of the time, casting a day or the other half."""
    end = start + length
    close = close_of(start, end, day)
    assert start < close <= end
    assert end - close == (day if length >= 2 * day else length // 2)


def test_window__counts_then_casts() -> None:
    """Each moment of a vote is for ballots or for casting, none for both."""
    window = Window.of(10, 20, in_seconds=False, day=4)
    assert window == Window(10, 20, False, 16)
    assert [t for t in range(8, 23) if window.counts(t)] == [10, 11, 12, 13, 14, 15]
    assert [t for t in range(8, 23) if window.may_cast(t)] == [16, 17, 18, 19, 20]
    assert window.unit == "blocks"


def test_clock__seconds() -> None:
    """Blocks to come and blocks that were, both rounded down."""
    clock = Clock(block=12_000_000, time=1_618_900_000, blocks_per_day=6_400)
    assert clock.seconds(12_000_000) == 1_618_900_000
    assert clock.seconds(12_006_400) == 1_618_900_000 + DAY_S
    assert clock.seconds(12_000_002) == 1_618_900_027
    assert clock.seconds(12_000_001) == 1_618_900_013
    assert clock.seconds(11_999_999) == 1_618_899_986


def test_clock__no_blocks__raises() -> None:
    """A day has blocks."""
    with pytest.raises(IndexkitError, match="A day cannot have 0 blocks"):
        Clock(1, 1, 0).seconds(2)


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(1, 10**5))
def test_clock__is_monotonic(one: int, other: int, per_day: int) -> None:
    """A later block is never due earlier."""
    clock = Clock(50_000_000, 1_618_900_000, per_day)
    assert (clock.seconds(one) <= clock.seconds(other)) or one > other
