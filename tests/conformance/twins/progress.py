"""A line that says how far a long run has come."""

import os
import sys
import time

BETWEEN_LINES_S = 10


class Progress:
    """Prints how much is done, every few seconds, for CONFORMANCE_PROGRESS; else it is silent.

    Parameters
    ----------
    what
        Is being done.
    total
        How much there is to do.
    unit
        Of both.
    """

    def __init__(self, what: str, total: int, unit: str) -> None:
        self._what, self._total, self._unit = what, total, unit
        self._shown = bool(os.environ.get("CONFORMANCE_PROGRESS"))
        self._start = self._last = time.monotonic()

    def to(self, done: int) -> None:
        """Say that so much is done."""
        now = time.monotonic()
        if not self._shown or (now - self._last < BETWEEN_LINES_S and done < self._total):
            return
        self._last = now
        spent = now - self._start
        left = spent * max(0, self._total - done) / max(1, done)
        line = f"{self._what}: {done:,} of {self._total:,} {self._unit}, {spent:.0f} s"
        rate = done / max(spent, 1e-9)
        print(
            f"{line}, {rate:.0f} a second, about {left:.0f} s left", file=sys.__stderr__, flush=True
        )
