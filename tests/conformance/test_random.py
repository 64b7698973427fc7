"""Random twins: any history, the same on the original and on ours."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from twins.machine import Twins

STEPS = int(os.environ.get("CONFORMANCE_STEPS", "2000"))
SHRINK = os.environ.get("CONFORMANCE_SHRINK", "1") == "1"
SEED = int(os.environ.get("CONFORMANCE_SEED", "20201007"))
STEPS_OF_A_SEQUENCE = 40
SEQUENCES_OF_A_BATCH = 20


def test_random_twins(theatre, tally):
    """At least CONFORMANCE_STEPS random calls, none of them unexplained (R-01)."""
    compared, batch = 0, 0

    def done(steps):
        nonlocal compared
        compared += steps

    while compared < STEPS:
        members = {"theatre": theatre, "tally": tally, "done": staticmethod(done)}
        machine = seed(SEED + batch)(type("Twins", (Twins,), members))
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=SEQUENCES_OF_A_BATCH,
                stateful_step_count=STEPS_OF_A_SEQUENCE,
                deadline=None,
                database=None,
                phases=[Phase.generate, *([Phase.shrink] if SHRINK else [])],
                suppress_health_check=list(HealthCheck),
            ),
        )
        batch += 1
