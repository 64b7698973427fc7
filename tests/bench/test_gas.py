"""What each operation of ours may cost, votes included: the budget, and that it is watched."""

import json

import pytest

from bench import budget
from bench.april import WAYS
from bench.suite import GROWTH
from bench.targets import figures


def test_budget__holds():
    """No operation costs more than 1 % above its budget; `make gas-update` writes a new one."""
    assert list(budget.broken(budget.load(), budget.measure())) == []


@pytest.mark.parametrize("gas", [0, 999, 100_000, 101_000])
def test_broken__within_the_tolerance(gas):
    """Up to 1.01 times its budget, and whatever is cheaper."""
    assert list(budget.broken({"issue": 100_000}, {"issue": gas})) == []


def test_broken__too_dear():
    """One gas beyond 1.01 times the budget is too much; both numbers are named."""
    found = list(budget.broken({"issue": 100_000, "redeem": 5}, {"issue": 101_001, "redeem": 5}))
    assert found == ["issue costs 101,001 gas, its budget is 100,000"]


def test_broken__without_a_budget():
    """What is measured needs one."""
    found = list(budget.broken({}, {"issue": 7_000}))
    assert found == ["issue has no budget and costs 7,000 gas: make gas-update"]


def test_broken__budget_of_nothing():
    """What has one is measured."""
    found = list(budget.broken({"issue": 7_000}, {}))
    assert found == ["issue has a budget, but is not measured: make gas-update"]


def test_update__writes_what_is_measured(monkeypatch, tmp_path):
    """The file is what the check reads."""
    monkeypatch.setattr(budget, "BUDGET", tmp_path / "budget.json")
    monkeypatch.setattr(budget, "measure", lambda: {"issue": 1, "redeem": 2})
    assert budget.update() == tmp_path / "budget.json"
    assert budget.load() == json.loads(budget.BUDGET.read_text()) == {"issue": 1, "redeem": 2}


def test_targets__are_of_what_is_measured():
    """No target is forgotten because an operation has another name."""
    assert set(figures()["operations"]) - set(budget.load()) - set(WAYS) == set()
    assert set(figures()["slopes"]) - set(GROWTH) == set()
