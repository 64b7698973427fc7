"""When INDEX holders vote, and when the index casts: both on the clock of the underlying governor.

Holders' ballots count before `close`; from then to `end` the index votes. The time for casting is a
day, or half of the underlying vote where that lasts less than two days.
"""

from dataclasses import dataclass

from indexkit.errors import IndexkitError

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Window:
    """The time of a vote, in seconds or in blocks: {t} is the unit of the governor.

    Attributes
    ----------
    start, end
        First and last moment at which the governor takes votes {t}.
    in_seconds
        Whether {t} is {s}; else it is blocks.
    close
        From here on ballots do not count, and the index may cast {t}.
    """

    start: int
    end: int
    in_seconds: bool
    close: int

    @classmethod
    def of(cls, start: int, end: int, in_seconds: bool, day: int = DAY_S) -> "Window":
        """Return the window of a vote; `day` as in `close_of`."""
        return cls(start, end, in_seconds, close_of(start, end, day))

    @property
    def unit(self) -> str:
        """What {t} is."""
        return "seconds" if self.in_seconds else "blocks"

    def counts(self, clock: int) -> bool:
        """Tell whether a ballot of that moment counts {t}."""
        return self.start <= clock < self.close

    @property
    def latest_opening(self) -> int:
        """Up to which moment a vote may be opened: holders get half as long as casting {t}."""
        return self.close - (self.end - self.close) // 2

    def may_cast(self, clock: int) -> bool:
        """Tell whether the index may vote at that moment {t}."""
        return self.close <= clock <= self.end


@dataclass(frozen=True, slots=True)
class Clock:
    """Relates blocks to seconds: a block, its time, and how fast blocks are taken to come.

    Attributes
    ----------
    block
        A block that exists.
    time
        Its time {s}.
    blocks_per_day
        {blocks/day}
    """

    block: int
    time: int
    blocks_per_day: int

    def seconds(self, block: int) -> int:
        """Return when a block is due {s}: time + (block - this block) · 86400 / blocks per day.

        Rounded down, also for a block before this one, so that a later block is never due earlier.
        """
        if self.blocks_per_day <= 0:
            raise IndexkitError(
                f"A day cannot have {self.blocks_per_day} blocks: state how many it has."
            )
        return self.time + (block - self.block) * DAY_S // self.blocks_per_day


def close_of(start: int, end: int, day: int = DAY_S) -> int:
    """Return when ballots stop to count: a day before the end, or half-way through a short vote.

    Parameters
    ----------
    start, end
        Of the underlying vote {t}.
    day
        24 hours in {t}: 86,400 or the number of blocks per day.

    Raises
    ------
    IndexkitError
        The vote ends before it starts, or a day has no length.
    """
    if not 0 <= start < end:
        raise IndexkitError(f"A vote cannot last from {start} to {end}: the start comes first.")
    if day <= 0:
        raise IndexkitError(f"A day cannot be {day} long: state it in the governor's unit.")
    return end - min(day, (end - start) // 2)
