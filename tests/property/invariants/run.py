"""Playing so many random steps on a system, from a seed."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from twins.progress import Progress

from invariants.machine import Machine
from invariants.system import System

STEPS_OF_A_HISTORY = 45
HISTORIES_OF_A_BATCH = 20


@dataclass
class Run:
    """What was played.

    Attributes
    ----------
    system
        On which.
    steps, histories
        How many so far.
    count
        How often each function succeeded, and how often it gave each reason.
    """

    system: System
    steps: int = 0
    histories: int = 0
    count: Counter[str] = field(default_factory=Counter)

    def play(self, steps: int, start: int, *, shrink: bool) -> None:
        """Play until there are so many steps; what breaks fails, with a history that shows it.

        Parameters
        ----------
        steps
            In all.
        start
            Seed of the first batch of histories; the next ones have the next numbers.
        shrink
            Whether a failure is reduced to a minimal history.
        """
        progress = Progress(f"invariants, seed {start}", steps, "steps")
        phases = [Phase.generate, *([Phase.shrink] if shrink else [])]

        def done(number: int) -> None:
            self.steps += number
            self.histories += 1
            progress.to(self.steps)

        batch = 0
        while self.steps < steps:
            members = {"system": self.system, "count": self.count, "done": staticmethod(done)}
            machine = seed(start + batch)(type("Invariants", (Machine,), members))
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=HISTORIES_OF_A_BATCH,
                    stateful_step_count=STEPS_OF_A_HISTORY,
                    deadline=None,
                    database=None,
                    phases=phases,
                    suppress_health_check=list(HealthCheck),
                ),
            )
            batch += 1
