"""Where a rebalance stands, from its trades alone (R-42)."""

from hypothesis import given
from hypothesis import strategies as st

from indexkit.keeper.position import entry, place_after, raises

ALL = ("A", "B", "C")


def test_place_after__nothing_traded__is_the_beginning():
    """R-42."""
    assert place_after(("A", "B"), ALL, ()) == 0


def test_place_after__passed_over_entries__are_behind():
    """A buy that could not be paid yet is not tried again before its next entry."""
    assert place_after(("A", "B", "A", "C"), ALL, ("A", "A")) == 3


def test_place_after__beyond_the_schedule__counts_rounds():
    """After the schedule all components come in turn, in the order of the plan."""
    assert place_after(("A", "B"), ALL, ("A", "B", "B")) == 4
    assert place_after(("A", "B"), ALL, ("A", "B", "B", "A")) == 6
    assert [entry(("C",), ALL, place) for place in range(5)] == ["C", "A", "B", "C", "A"]


@given(
    st.lists(st.sampled_from(ALL), max_size=12),
    st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_place_after__any_history__never_is_beyond_where_it_was(schedule, done):
    """Greedy matching never skips an entry that was not yet reached."""
    traded = [entry(schedule, ALL, place) for place, yes in enumerate(done) if yes]
    last = max((place for place, yes in enumerate(done) if yes), default=-1)
    assert place_after(schedule, ALL, traded) <= last + 1
    if all(done):
        assert place_after(schedule, ALL, traded) == last + 1


def test_raises__counts_the_modules_own_divisions():
    """Each raise divides by 1.0025 and rounds down; anything else is another rebalance's."""
    start = 994_832_748_042_687_048
    once = start * 10**18 // 1_002_500_000_000_000_000
    twice = once * 10**18 // 1_002_500_000_000_000_000
    assert [raises(start, found, 40) for found in (start, once, twice)] == [0, 1, 2]
    assert raises(start, once - 1, 40) is None
    assert raises(start, twice, 1) is None
