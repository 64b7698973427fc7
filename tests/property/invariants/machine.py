"""The state machine: everybody, what-ifs, and the end of each history."""

import sys
from collections.abc import Callable
from typing import ClassVar

from hypothesis.stateful import invariant

from invariants.closing import Closing
from invariants.system import SETS
from invariants.whatifs import WhatIfs


class Machine(WhatIfs, Closing):
    """Two indices, everybody who acts on them, and everything that must hold."""

    done: ClassVar[Callable[[int], None]]
    """Is told how many steps a history had."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = -1

    @invariant()
    def step(self) -> None:
        """Count what was done."""
        self.steps += 1

    def teardown(self) -> None:
        """Close one of the indices, and put the chain back."""
        try:
            if sys.exception() is None and self.steps >= 0:
                self.close(SETS[self.steps % 2])
        finally:
            super().teardown()
        self.done(max(0, self.steps))
