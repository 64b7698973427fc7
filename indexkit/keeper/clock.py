"""How a keeper waits: a local chain's time is moved on, on a live network it passes by itself."""

import time
from typing import Protocol

import ape
from ape.api import TestProviderAPI

from indexkit.localnet import advance

POLL_S = 6.0
"""How often a live network is asked for its latest block's time {s}: twice a block."""


class Clock(Protocol):
    """The chain's time."""

    def now(self) -> int:
        """Read the time of the latest block {s}."""

    def wait(self, seconds: int) -> None:
        """Return once the latest block is that much later {s}."""


class ChainClock:
    """The time of a chain that this machine mines: waiting is one block."""

    def now(self) -> int:
        """Read the time of the latest block {s}."""
        return int(ape.chain.provider.get_block("latest").timestamp)

    def wait(self, seconds: int) -> None:
        """Mine a block that is so much later {s}."""
        advance(seconds)


class WallClock(ChainClock):
    """The time of a network whose blocks others make: waiting is sleeping.

    Parameters
    ----------
    poll
        How long to sleep between two looks at the latest block {s}.
    """

    def __init__(self, poll: float = POLL_S) -> None:
        self._poll = poll

    def wait(self, seconds: int) -> None:
        """Sleep until the latest block is so much later {s}."""
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            time.sleep(max(self._poll, min(left, 10 * self._poll)) if left > self._poll else 1)


def clock_of_chain() -> Clock:
    """Return the clock of the connected chain."""
    return ChainClock() if isinstance(ape.chain.provider, TestProviderAPI) else WallClock()
