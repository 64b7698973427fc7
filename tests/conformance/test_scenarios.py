"""Every scenario: the same calls on the original and on ours, the same answers (R-01)."""

import pytest
import scenarios
from twins import register, season
from twins.scenario import SCENARIOS

scenarios.load()


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(run, name):
    """Answers, reasons, events and everything observable, to the wei."""
    run.play(name)


def test_matrix__every_function_and_event_of_the_originals(run):
    """Each was seen to work on both sides."""
    run.play_all()
    assert season.missing(run.tally) == []


def test_register__every_difference_occurs_where_it_says(run):
    """Each id is shown by scenarios that exist, and in those it occurred on both sides."""
    run.play_all()
    found = {one: set(names) for one, names in run.tally.differences.items()}
    claimed = {one: set(names) for one, names in register.documented().items()}
    assert claimed
    gone = {one: names - found.get(one, set()) for one, names in claimed.items()}
    assert {one: names for one, names in gone.items() if names} == {}
    assert [one for one, names in claimed.items() if not names] == [], "nothing shows these"
    assert set(found) - set(claimed) == set(), "these are not in docs/DIVERGENCES.md"
