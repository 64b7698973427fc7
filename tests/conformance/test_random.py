"""Random twins: any history, the same on the original and on ours."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from twins.machine import Twins
from twins.progress import Progress

STEPS = int(os.environ.get("CONFORMANCE_STEPS", "2000"))
SHRINK = os.environ.get("CONFORMANCE_SHRINK", "1") == "1"
STEPS_OF_A_SEQUENCE = 40
SEQUENCES_OF_A_BATCH = 20


def test_random_twins(run, random_seed):
    """Compare CONFORMANCE_STEPS random steps; a difference fails with a minimal sequence (R-01)."""
    phases = [Phase.generate, *([Phase.shrink] if SHRINK else [])]
    progress = Progress("random twins", STEPS, "steps")

    def done(steps):
        run.steps += steps
        run.sequences += 1
        progress.to(run.steps)

    batch = 0
    while run.steps < STEPS:
        members = {"theatre": run.theatre, "tally": run.random, "done": staticmethod(done)}
        machine = seed(random_seed + batch)(type("Twins", (Twins,), members))
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=SEQUENCES_OF_A_BATCH,
                stateful_step_count=STEPS_OF_A_SEQUENCE,
                deadline=None,
                database=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
            ),
        )
        batch += 1
    assert run.steps >= STEPS
