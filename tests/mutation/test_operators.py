"""The mutations themselves: what is changed, and that the arguments fit the sources."""

from dataclasses import replace

import pytest
from ape import project

from indexkit.build import compile_if_changed
from mutation.compiler import creation_code, used_functions
from mutation.equivalent import Register
from mutation.judge import Verdict
from mutation.operators import mutations
from mutation.report import score
from mutation.targets import TARGETS

SOURCE = """
LOW: constant(uint256) = 1
HIGH: constant(uint256) = 2**16
total: uint256

@external
def add(_a: uint256, _b: uint256):
    # a comment with < and +
    assert not self._known(_a, _b) and _a < HIGH, "Too much"
    self.total += min(_a, (_b) // 2)
    log Added(first=_a, second=_b)

@internal
@view
def _known(_a: uint256, _b: uint256) -> bool:
    return False
"""

EXPECTED = {
    "1 → 2",
    "1 → 0",
    "16 → 17",
    "16 → 15",
    "not self._known(_a, _b) → (self._known(_a, _b))",
    "_a, _b → _b, _a",
    "and → or",
    "< → <=",
    "< → >=",
    "HIGH → LOW",
    'assert not self._known(_a, _b) and _a < HIGH, "Too much" → pass',
    "+= → -=",
    "min → max",
    "// → *",
    "self.total += min(_a, (_b) // 2) → pass",
    "log Added(first=_a, second=_b) → pass",
    "_a, second=_b → _b, second=_a",
    "False → True",
}


def test_mutations__every_kind():
    """Operators, constants, deletions, swapped arguments; nothing in comments and texts."""
    shown = {mutation.shown for mutation in mutations("x.vy", SOURCE)}
    assert shown >= EXPECTED
    assert not [one for one in shown if "comment" in one]


def test_mutations__change_one_place():
    """A mutant differs where it says, on the line and in the function that it names."""
    for mutation in mutations("x.vy", SOURCE):
        mutant = mutation.apply(SOURCE)
        assert mutant != SOURCE
        assert mutant[: mutation.start] == SOURCE[: mutation.start]
        assert SOURCE.splitlines()[mutation.line - 1].strip() == mutation.text
    functions = {mutation.function for mutation in mutations("x.vy", SOURCE)}
    assert functions == {"", "add", "_known"}


@pytest.mark.parametrize("name", TARGETS)
def test_targets__have_tests_and_candidates(name):
    """Each contract has mutants, tests that know it, and its library modules."""
    target = TARGETS[name]
    assert len(target.candidates()) > 100
    assert target.test_files()
    assert any(path.startswith("contracts/lib/") for path in target.files)


@pytest.mark.parametrize("name", ["SetToken", "StreamingFeeModule"])
def test_compiler__gives_the_deployed_code(name):
    """What is mutated is what is deployed, but for the metadata: there, sources are hashed."""
    compile_if_changed(project, lambda _: None)
    deployed = project.get_contract(name).contract_type.deployment_bytecode.bytecode
    end = -2 * int(deployed[-4:], 16)
    assert deployed[:end] == creation_code(TARGETS[name], None, metadata=True)[:end]


def test_compiler__mutant():
    """A mutant of a library module has other code; the source stays as it is."""
    target = TARGETS["StreamingFeeModule"]
    before = creation_code(target, None)
    assert ("contracts/lib/precise_math.vy", "mul_down") in used_functions(target)
    mutation = next(one for one in target.candidates() if one.function == "mul_down")
    assert creation_code(target, mutation) != before
    assert creation_code(target, None) == before


def test_register__speaks_of_what_is_there():
    """An argument whose line was changed must be made anew."""
    assert list(Register.load().stale()) == []


def test_register__finds_what_is_stale():
    """A line that no source has is named."""
    register = Register.load()
    assert register.arguments
    first = register.arguments[0]
    moved = replace(first, line="no such line")
    assert list(Register([moved]).stale()) == [
        f"{first.path} {first.function}: no such line: {change}" for change in first.changes
    ]


def test_score__counts_what_can_be_told_apart():
    """Survivors count against it unless argued; undecided ones always do."""
    argued = Register.load().arguments[0]
    of_path = TARGETS["SetToken"].candidates()
    equal = next(one for one in of_path if argued.covers(one, "SetToken"))
    other = next(one for one in of_path if not argued.covers(one, "SetToken"))

    def verdict(mutation, status):
        return Verdict("SetToken", mutation, status, "", "", 0.0)

    verdicts = [
        *(verdict(other, status) for status in ("killed", "killed", "survived", "timeout")),
        *(verdict(other, status) for status in ("invalid", "identical")),
        verdict(equal, "survived"),
    ]
    assert score(verdicts, Register([argued])) == (2, 4)
