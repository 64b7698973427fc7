"""Each broken variant is found. Slow, so it is run by `make invariants-broken` only."""

import sys

import pytest
from invariants.broken import VARIANTS, find

STEPS = 10_000


@pytest.mark.parametrize("name", VARIANTS)
def test_variant__is_found(system, name):
    """The machine fails on a contract with one line broken, within 10,000 steps."""
    failure = find(system.node, VARIANTS[name], steps=STEPS)
    print(f"\n{name}: {failure}", file=sys.__stderr__, flush=True)
    assert failure is not None
