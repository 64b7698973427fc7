"""One line of a preflight: what was expected, what was found, and whether that will do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ape.exceptions import ApeException


@dataclass(frozen=True, slots=True)
class Check:
    """A check that passed or failed.

    Attributes
    ----------
    remedy
        What to do if it failed.
    """

    name: str
    passed: bool
    expected: str
    found: str
    remedy: str

    @property
    def line(self) -> str:
        """For a terminal."""
        verdict = "PASS" if self.passed else "FAIL"
        return f"{verdict}  {self.name}: expected {self.expected}, found {self.found}"

    def as_json(self) -> dict[str, Any]:
        """For `5-submission.json`."""
        return {
            "name": self.name,
            "passed": self.passed,
            "expected": self.expected,
            "found": self.found,
        }


def equal(name: str, expected: Any, found: Any, remedy: str) -> Check:
    """Return the check that two values are the same."""
    return Check(name, expected == found, str(expected), str(found), remedy)


def between(name: str, low: int, high: int, found: int, remedy: str) -> Check:
    """Return the check that a figure is within two others, both included."""
    return Check(name, low <= found <= high, f"{low} to {high}", str(found), remedy)


def at_least(name: str, least: int, found: int, remedy: str) -> Check:
    """Return the check that a figure is no smaller than another one."""
    return Check(name, found >= least, f"at least {least}", str(found), remedy)


def answers(name: str, call: Callable[[], Any], remedy: str) -> Check:
    """Return the check that a call does not revert; its reason is what was found."""
    try:
        call()
    except ApeException as error:
        return Check(name, False, "no revert", str(error).strip() or "a revert", remedy)
    return Check(name, True, "no revert", "no revert", remedy)
