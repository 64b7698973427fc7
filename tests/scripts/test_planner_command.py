"""`ape run planner` as a user runs it."""

import json


def test_planner__compares_both_orders(ape_run, tmp_path):
    """R-46: a table, a sentence and the file; no node is started."""
    file = tmp_path / "plans.json"
    arguments = ("--rebalance", "mvi-2021-06", "--gwei", "100", "--seeds", "2")
    command = ape_run("planner", *arguments, "--json", str(file))
    assert (command.status, command.err) == (0, "")
    assert "mvi-2021-06 at 100 gwei: the plan saves 0." in command.out
    (study,) = json.loads(file.read_text())
    assert len(study["worlds"]) == 2
    assert study["plans"]["published"]["expected"]["trades"] == 78


def test_planner__unknown_rebalance__says_which_there_are(ape_run):
    """R-40: the error names the choices."""
    command = ape_run("planner", "--rebalance", "dpi-2020-01")
    assert command.status != 0
    assert "mvi-2021-06" in command.err
