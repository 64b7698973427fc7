"""What each operation of ours may cost: the committed budget, and how it is judged."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

BUDGET = Path(__file__).with_name("budget.json")

TOLERANCE = (101, 100)
"""An operation may cost so much of its budget."""

COMPONENTS = 10
"""Of the index that is measured."""


def load() -> dict[str, int]:
    """Return the budget {gas}, by operation."""
    content = json.loads(BUDGET.read_text())
    return {str(operation): int(gas) for operation, gas in content.items()}


def broken(budget: Mapping[str, int], measured: Mapping[str, int]) -> Iterator[str]:
    """Yield what is wrong: too dear, without a budget, or a budget of nothing.

    Parameters
    ----------
    budget, measured
        {gas} by operation.
    """
    allowed, whole = TOLERANCE
    for operation, gas in measured.items():
        if operation not in budget:
            yield f"{operation} has no budget and costs {gas:,} gas: make gas-update"
        elif gas * whole > budget[operation] * allowed:
            yield f"{operation} costs {gas:,} gas, its budget is {budget[operation]:,}"
    for operation in budget:
        if operation not in measured:
            yield f"{operation} has a budget, but is not measured: make gas-update"


def measure() -> dict[str, int]:
    """Measure every operation of ours, votes included {gas}."""
    from bench.market import open_theatre
    from bench.meter import measure
    from bench.suite import at
    from bench.votes import votes

    with open_theatre(COMPONENTS + 1) as theatre:
        found = at(theatre, COMPONENTS) + measure(theatre, votes, None)
    return {one.operation: one.ours for one in found if one.ours is not None}


def update() -> Path:
    """Write what everything costs now."""
    BUDGET.write_text(json.dumps(measure(), indent=1) + "\n")
    return BUDGET
