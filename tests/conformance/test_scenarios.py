"""Every scenario: the same calls on the original and on ours, the same answers (R-01)."""

import pytest
import scenarios
from twins.scenario import SCENARIOS

scenarios.load()


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(theatre, tally, name):
    """Answers, reasons, events and everything observable, to the wei."""
    theatre.play(SCENARIOS[name], tally)
