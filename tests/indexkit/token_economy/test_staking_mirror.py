"""The mirror of StakingRewards against exact fractions: nothing is lost, nothing made (I-27)."""

from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit.economics.staking_mirror import SCALE, StakingMirror

DAY_S = 86_400
DURATION_S = 60 * DAY_S
NAMES = ("A", "B", "C")

STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 13, DAY_S, 30 * DAY_S, 61 * DAY_S]),
        st.sampled_from(NAMES),
        st.sampled_from(["stake", "stake", "withdraw", "leave", "pay", "notify"]),
        st.integers(1, 10**24),
    ),
    min_size=1,
    max_size=30,
)


@dataclass
class Exact:
    """The stream as it is meant to be: even, and at rest while nobody stakes."""

    left: Fraction = Fraction(0)
    seconds: int = 0
    time: int = 0
    stakes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    earned: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(NAMES, Fraction(0)))

    def advance(self, time: int) -> None:
        """Stream up to a time {s}."""
        total = sum(self.stakes.values())
        if total and self.seconds:
            passed = min(time - self.time, self.seconds)
            streamed = self.left * passed / self.seconds
            self.left -= streamed
            self.seconds -= passed
            for name, stake in self.stakes.items():
                self.earned[name] += streamed * stake / total
        self.time = time


def play(mirror: StakingMirror, exact: Exact, step: tuple[int, str, str, int]) -> int:
    """Take a step in both; return what was paid."""
    pause, name, action, amount = step
    time = exact.time + pause
    exact.advance(time)
    stake = exact.stakes[name]
    if action == "notify":
        mirror.notify(time, amount)
        exact.left += amount
        exact.seconds = DURATION_S
    elif action == "stake":
        mirror.stake(time, name, amount)
        exact.stakes[name] += amount
    elif action in ("withdraw", "leave") and stake:
        part = stake if action == "leave" else min(stake, amount)
        mirror.withdraw(time, name, part)
        exact.stakes[name] -= part
    elif paid := mirror.earned(time, name):
        mirror.pay(time, name, paid)
        exact.earned[name] -= paid
        return paid
    return 0


@settings(max_examples=300, deadline=None)
@given(steps=STEPS)
def test_mirror__any_history(steps: list[tuple[int, str, str, int]]) -> None:
    """I-27: notified = paid + owed + waiting + still to stream, to the last part of a base unit."""
    mirror, exact = StakingMirror(DURATION_S), Exact(time=1_600_000_000)
    notified = paid = 0
    most = 1
    for done, step in enumerate(steps, 1):
        notified += step[3] if step[2] == "notify" else 0
        paid += play(mirror, exact, step)
        assert mirror.promised == notified - paid
        assert mirror.supply == sum(exact.stakes.values()) == sum(mirror.stakes.values())
        most = max(most, mirror.supply)
        tolerance = done + 2 + most // SCALE
        for name in NAMES:
            assert abs(mirror.earned(exact.time, name) - exact.earned[name]) <= tolerance

    # A stake brings the books up to date, and changes nobody's due.
    mirror.stake(exact.time, "D", 1)
    owed = sum(mirror.owed.get(name, 0) for name in NAMES)
    since = [mirror.per_token - mirror.per_token_paid.get(name, 0) for name in NAMES]
    owed += sum(mirror.stakes.get(name, 0) * rise for name, rise in zip(NAMES, since, strict=True))
    assert SCALE * mirror.promised == owed + mirror.undivided + SCALE * mirror.unstreamed


@settings(max_examples=100, deadline=None)
@given(steps=STEPS, later=st.integers(0, 10**8))
def test_earned__asking_changes_nothing(steps: list[tuple[int, str, str, int]], later: int) -> None:
    """I-27: whoever is asked about, at whatever time, the books stay as they are."""
    asked, silent = StakingMirror(DURATION_S), StakingMirror(DURATION_S)
    exact, other = Exact(time=1_600_000_000), Exact(time=1_600_000_000)
    for step in steps:
        play(asked, exact, step)
        play(silent, other, step)
        for name in (*NAMES, "nobody"):
            asked.earned(exact.time + later, name)
    assert asked == silent
