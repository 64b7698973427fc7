"""Vesting schedules: what TokenStream vests by when, to the base unit, and exactly.

A month here is a twelfth of a year of 365 days, `MONTH_S`: the published boundaries are exactly 365
days apart, so that twelve such months are a year of the schedule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indexkit.errors import IndexkitError

YEAR_S = 365 * 86_400
MONTH_S = YEAR_S // 12
"""2,628,000 s; a year has no remainder."""

MAX_SEGMENTS = 16
MAX_TIME = 2**40 - 1
MAX_TOTAL = 2**128 - 1
"""What the contract takes: segments, seconds, base units of one stream."""


class InvalidScheduleError(IndexkitError):
    """A schedule that the contract would refuse."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a schedule: ``amount`` base units that vest evenly up to ``end`` {s, Unix time}."""

    end: int
    amount: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """A piecewise linear schedule, such as the contract takes.

    Attributes
    ----------
    begin
        Unix time {s}.
    segments
        Each vests from the end of the one before, the first from the begin.

    Raises
    ------
    InvalidScheduleError
        The contract would refuse it: ends do not rise from the begin, nothing is vested, or a
        figure is beyond its bound.
    """

    begin: int
    segments: tuple[Segment, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.segments) <= MAX_SEGMENTS:
            raise _refused(f"it has {len(self.segments)} segments, not 1 to {MAX_SEGMENTS}")
        starts = (self.begin, *(segment.end for segment in self.segments))
        for start, segment in zip(starts, self.segments, strict=False):
            if not 0 <= start < segment.end <= MAX_TIME:
                raise _refused(f"a segment from {start} to {segment.end} is no time span")
            if segment.amount < 0:
                raise _refused(f"the segment that ends at {segment.end} has a negative amount")
        if not 0 < self.total <= MAX_TOTAL:
            raise _refused(f"its total is {self.total} base units, not 1 to 2^128 - 1")

    @property
    def end(self) -> int:
        """When all has vested {s}."""
        return self.segments[-1].end

    @property
    def total(self) -> int:
        """Base units of all segments."""
        return sum(segment.amount for segment in self.segments)

    @property
    def boundaries(self) -> tuple[int, ...]:
        """The begin and the end of each segment {s}."""
        return (self.begin, *(segment.end for segment in self.segments))

    def shifted(self, seconds: int) -> "Schedule":
        """Return the same schedule, so much later {s}."""
        segments = (Segment(one.end + seconds, one.amount) for one in self.segments)
        return Schedule(self.begin + seconds, tuple(segments))

    def vested(self, time: int) -> int:
        """Return the base units that have vested by a time {s}, rounded down: the contract's."""
        # Ended segments are whole numbers: rounding the sum down rounds the running one down.
        return int(self.vested_exactly(time))

    def vested_exactly(self, time: int) -> Fraction:
        """Return the base units that have vested by a time {s}.

        ``Σ amount of ended segments + amount · (time - start) / (end - start)`` of the running one.
        """
        vested, start = Fraction(0), self.begin
        for segment in self.segments:
            if time < segment.end:
                passed = max(0, time - start)
                return vested + Fraction(segment.amount * passed, segment.end - start)
            vested += segment.amount
            start = segment.end
        return vested

    def claims(self, times: Iterable[int]) -> tuple[int, ...]:
        """Return what claims at these times {s}, in rising order, pay one after the other."""
        paid: list[int] = []
        for time in times:
            paid.append(self.vested(time) - sum(paid))
        return tuple(paid)


@dataclass(frozen=True, slots=True)
class OriginalVesting:
    """The rule of the vesting contracts that Index Coop deployed: one straight line each.

    The source is the compiled contract in ``@setprotocol/index-coop-contracts``, with which a test
    compares this.
    """

    begin: int
    cliff: int
    end: int
    amount: int

    def claims(self, times: Iterable[int]) -> tuple[int, ...]:
        """Return what claims at these times {s}, in rising order, pay one after the other.

        Before the end ``amount · (time - last claim) // (end - begin)``, each rounded down anew and
        the rest put off; from the end on all that is there.

        Raises
        ------
        IndexkitError
            A claim is before the cliff, where the contract reverts.
        """
        paid: list[int] = []
        last = self.begin
        for time in times:
            if time < self.cliff:
                raise IndexkitError(
                    f"The claim at {time} is before the cliff at {self.cliff}: "
                    "the vesting contract refuses it; claim later."
                )
            if time >= self.end:
                paid.append(self.amount - sum(paid))
            else:
                paid.append(self.amount * (time - last) // (self.end - self.begin))
                last = time
        return tuple(paid)


def months_after(begin: int, months: int) -> int:
    """Return the time {s} that many twelfths of a year of 365 days after a time {s}."""
    return begin + months * MONTH_S


def vested_together(schedules: Iterable[Schedule], time: int) -> int:
    """Return the base units that streams have vested by a time {s}, each rounded down."""
    return sum(schedule.vested(time) for schedule in schedules)


def share_of_supply(schedules: Sequence[Schedule], time: int, supply: int) -> Fraction:
    """Return what streams have vested by a time {s}, as a share of a supply {base units}, exactly.

    Raises
    ------
    IndexkitError
        The supply is not above zero.
    """
    if supply <= 0:
        raise IndexkitError(f"The supply is {supply}: give a number of base units above zero.")
    vested = (schedule.vested_exactly(time) for schedule in schedules)
    return sum(vested, Fraction(0)) / supply


def _refused(what: str) -> InvalidScheduleError:
    return InvalidScheduleError(f"A schedule cannot be streamed, because {what}: correct it.")
