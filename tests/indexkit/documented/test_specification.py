"""docs/SPECIFICATION.md: every fact has a test that cites it, and every cited fact is there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from indexkit.deployment.verification import deployable
from indexkit.localnet.paths import ROOT

TEXT = (ROOT / "docs" / "SPECIFICATION.md").read_text()
FACT = re.compile(r"^- \*\*S-(\d{3})\*\* (.+)$", re.MULTILINE)
CITED = re.compile(r"\bS-(\d+)\b")
KEPT = re.compile(r"^## (.+)\n\nS-(\d{3}) to S-(\d{3}) are kept for it\.$", re.MULTILINE)

SECTIONS = {
    "AaveGovernanceAdapter": "Governance adapters",
    "AaveGovernanceV2Adapter": "Governance adapters",
    "CompoundBravoGovernanceAdapter": "Governance adapters",
    "CompoundLikeGovernanceAdapter": "Governance adapters",
    "SnapshotGovernanceAdapter": "Governance adapters",
    "SetTokenShell": "SetToken: shell and shared code",
}
"""Where facts on a contract stand that has no section of its name."""


def docstrings(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and docstring of each test in a file, also of those in classes."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield f"{path.name}::{node.name}", ast.get_docstring(node) or ""


@cache
def cited() -> dict[str, list[str]]:
    """Return the tests that cite each number."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, text in docstrings(path):
            for number in CITED.findall(text):
                found.setdefault(number, []).append(name)
    return found


def test_facts__are_numbered_once_and_in_order():
    """R-45: one number, one fact, one sentence or two; in ascending order."""
    numbers = [number for number, _ in FACT.findall(TEXT)]
    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert numbers == sorted(numbers)
    assert len(numbers) == TEXT.count("\n- **")
    for number, fact in FACT.findall(TEXT):
        assert fact.endswith("."), number


def test_facts__are_cited_by_a_test():
    """R-45: no fact is only claimed."""
    assert {number for number, _ in FACT.findall(TEXT)} - set(cited()) == set()


def test_citations__are_of_facts_that_exist():
    """R-45: no test cites a fact that nobody states."""
    facts = {number for number, _ in FACT.findall(TEXT)}
    assert {number: tests for number, tests in cited().items() if number not in facts} == {}


@pytest.mark.parametrize("contract", deployable(ROOT))
def test_sections__are_about_every_contract(contract):
    """R-45: each contract has a section with facts."""
    heading = re.escape(SECTIONS.get(contract, contract))
    sections = re.findall(rf"^## {heading}\b.*?\n(.*?)(?=^## |\Z)", TEXT, re.M | re.DOTALL)
    assert any(FACT.search(section) for section in sections)


def test_kept_numbers__are_used_by_nobody_else():
    """R-45: numbers that are kept for a contract stand in its section, or nowhere."""
    for title, first, last in KEPT.findall(TEXT):
        (section,) = re.findall(rf"^## {title}\n(.*?)(?=^## )", TEXT, re.M | re.DOTALL)
        own = {number for number, _ in FACT.findall(section)}
        kept = {number for number, _ in FACT.findall(TEXT) if first <= number <= last}
        assert kept <= own
