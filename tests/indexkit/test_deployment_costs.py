"""What a deployment is expected to cost: a line through what was measured (R-45)."""

from pathlib import Path

import pytest

from indexkit.deployment import costs
from indexkit.deployment.costs import Gas
from indexkit.deployment.manifest import CALL, DONE, Record
from indexkit.deployment.steps import Call, Deploy
from indexkit.errors import IndexkitError

FEW = Call("a", "t", "Module", "setAll", ([1], [2]))
MANY = Call("b", "t", "Module", "setAll", ([1] * 5, [2] * 5))
PLAIN = Deploy("c", "Module", (1,))


def _made(gas: int | None) -> Record:
    return Record(CALL, "Module", [], DONE, gas_used=gas)


def test_measured__line_through_two_lengths() -> None:
    """Gas of the call itself, and of each entry."""
    runs = [
        ([FEW, PLAIN], {"a": _made(150), "c": _made(70)}),
        ([MANY], {"b": _made(350)}),
    ]
    assert costs.measured(runs) == {"Module": Gas(70, 0), "Module.setAll": Gas(100, 50)}


def test_measured__step_without_a_transaction() -> None:
    """What somebody else had made was not measured."""
    assert costs.measured([([FEW], {"a": _made(None)})]) == {}


def test_estimates__by_the_length_of_the_list() -> None:
    """A call with more entries takes more."""
    table = {"Module": Gas(70, 0), "Module.setAll": Gas(100, 50)}
    found = costs.estimates([FEW, MANY, PLAIN], table)
    assert [each.gas for each in found] == [150, 350, 70]


def test_estimates__step_that_was_never_measured() -> None:
    """Which command measures it is said."""
    with pytest.raises(IndexkitError, match=r"has no Module: run 'make deployment-gas'"):
        costs.estimates([PLAIN], {})


def test_write_table__is_read_again(tmp_path: Path) -> None:
    """The file is what the plan reads."""
    table = {"Module": Gas(70, 0), "Module.setAll": Gas(100, 50)}
    costs.write_table(table, tmp_path / "gas.json")
    assert costs.read_table(tmp_path / "gas.json") == table
