"""Random histories of two indices: I-01 to I-24 hold after every step."""

import os
from collections import Counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from invariants.machine import Machine
from invariants.play import BLOCK_S
from twins.progress import Progress

STEPS = int(os.environ.get("INVARIANTS_STEPS", "5000"))
SEED = int(os.environ.get("INVARIANTS_SEED", "20201007"))
SHRINK = os.environ.get("INVARIANTS_SHRINK", "1") == "1"
STEPS_OF_A_HISTORY = 45
HISTORIES_OF_A_BATCH = 20


def test_invariants(system):
    """Make INVARIANTS_STEPS random steps; what breaks comes as a minimal history (I-01 … I-24)."""
    phases = [Phase.generate, *([Phase.shrink] if SHRINK else [])]
    progress = Progress("invariants", STEPS, "steps")
    count: Counter[str] = Counter()
    total = 0

    def done(steps):
        nonlocal total
        total += steps
        progress.to(total)

    batch = 0
    with system.node.block_time(BLOCK_S):
        while total < STEPS:
            members = {"system": system, "count": count, "done": staticmethod(done)}
            machine = seed(SEED + batch)(type("Invariants", (Machine,), members))
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
    if os.environ.get("INVARIANTS_COUNT"):
        for what, times in count.most_common():
            print(f"{times:8,} {what}")
    assert total >= STEPS
