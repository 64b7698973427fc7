"""The register's attacks: each known defect of the original has a test that plays it on both."""

import ast
from pathlib import Path

import pytest
from twins import register

from indexkit.localnet.paths import ROOT

ATTACKS = {one: files for one, files in register.attacks().items() if one.startswith("V-")}


@pytest.mark.parametrize("defect", ATTACKS)
def test_attacks__of_each_defect__are_played(defect):
    """The file is there, says which defect it plays, and so does at least one of its tests."""
    assert ATTACKS[defect], f"{defect} is played in no test"
    for file in ATTACKS[defect]:
        assert (ROOT / file).is_file(), f"{file} is missing"
        told = _docstrings(ROOT / file)
        assert any(f"{defect}:" in text or f"{defect}," in text for text in told), file


def test_attacks__every_file_that_plays_one__is_in_the_register():
    """A defect is cited by whole name at the head of the file that plays it."""
    named = {file for files in ATTACKS.values() for file in files}
    folder = Path(__file__).parent
    heads = {path.relative_to(ROOT).as_posix(): _head(path) for path in folder.rglob("test_*.py")}
    assert {file for file, head in heads.items() if head.startswith("V-")} == named


def _head(path):
    return ast.get_docstring(ast.parse(path.read_text())) or ""


def _docstrings(path):
    """Yield what the tests of a file say they show."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield ast.get_docstring(node) or ""
