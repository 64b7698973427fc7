"""Random histories of two indices: the invariants hold after every step."""

import json
import os
import re
from pathlib import Path

from invariants import broken
from invariants.run import Run

ROOT = Path(__file__).parents[2]
SOURCES = Path(__file__).parent / "invariants"
ENOUGH = 5_000
"""Steps in which everything must have succeeded once."""

STEPS = int(os.environ.get("INVARIANTS_STEPS", "5000"))
SEED = int(os.environ.get("INVARIANTS_SEED", "20201007"))
SHRINK = os.environ.get("INVARIANTS_SHRINK", "1") == "1"


def test_invariants(system):
    """Play INVARIANTS_STEPS random steps; what breaks comes as a minimal history (I-01 … I-24)."""
    run = Run(system)
    try:
        run.play(STEPS, SEED, shrink=SHRINK)
    finally:
        path = ROOT / "build" / "invariants" / f"{SEED}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        totals = {"seed": SEED, "steps": run.steps, "histories": run.histories}
        path.write_text(json.dumps(totals | {"calls": dict(run.count.most_common())}, indent=2))
    assert run.steps >= STEPS
    unplayed = [what for what in MUST_SUCCEED if not run.count[what]]
    assert STEPS < ENOUGH or not unplayed, f"never succeeded: {unplayed}"


def test_machine__finds_what_is_broken(system):
    """A contract with one line changed does not get through: issuing for less (I-06)."""
    variant = broken.VARIANTS["issue_rounds_down"]
    assert broken.find(system.node, variant, steps=2_000) is not None


def test_table__names_what_there_is():
    """Each row of docs/INVARIANTS.md names functions and test files that exist and cite it."""
    text = (ROOT / "docs" / "INVARIANTS.md").read_text()
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| I-")]
    rows = [[cell.strip() for cell in row] for row in rows]
    assert [number for number, *_ in rows] == [f"I-{n:02}" for n in range(1, 27)]
    for number, _, functions, files in rows:
        for module, function in re.findall(r"`(\w+)\.(\w+)`", functions):
            source = (SOURCES / f"{module}.py").read_text()
            body = re.search(rf'def {function}\((?:.|\n)*?"""(.*?)"""', source)
            assert body, f"{number}: {module}.{function} is gone"
            assert number in body.group(1), f"{number}: {module}.{function} does not cite it"
        for name in re.findall(r"`(tests/[\w/]+\.py)`", files):
            assert number in (ROOT / name).read_text(), f"{number}: {name} does not cite it"
        assert re.search("`", functions + files), f"{number} is nowhere"


MUST_SUCCEED = (
    *("issue", "redeem", "redeemFrozen", "collect", "collectWithLimit", "accrueFee"),
    *("startRebalance", "startRebalanceWithDeadline", "endRebalance", "cancelRebalance"),
    *("trade", "tradeWithLimit", "tradeBatch", "tradeRemainingWETH", "raiseAssetTargets"),
    *("tradeRemainingWETHWithLimit", "removeModule", "addModule", "initialize", "setGuard"),
    *("updateStreamingFee", "updateFeeRecipient", "setManager", "configure", "observe"),
)
"""What must have happened at least once, or the histories say little."""
