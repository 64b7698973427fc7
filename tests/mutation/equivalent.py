"""Mutants that no test can tell from the contract, each with the reason (equivalent.toml)."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutation.judge import Verdict
from mutation.operators import Mutation, mutations
from mutation.targets import source

FILE = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True, slots=True)
class Argument:
    """One reason, for one or more changes of a line.

    Attributes
    ----------
    path, function, line
        File, function ("" outside of any), and the text of the line, stripped.
    changes
        As `Mutation.shown` has them.
    reason
        Why no test can see it.
    contracts
        In which of the contracts that contain the line; empty for all.
    """

    path: str
    function: str
    line: str
    changes: tuple[str, ...]
    reason: str
    contracts: tuple[str, ...]

    def covers(self, mutation: Mutation, contract: str) -> bool:
        """Whether it speaks of this mutant."""
        return (
            mutation.path == self.path
            and mutation.function == self.function
            and mutation.text == self.line
            and mutation.shown in self.changes
            and (not self.contracts or contract in self.contracts)
        )


class Register:
    """All arguments."""

    def __init__(self, arguments: Sequence[Argument]) -> None:
        self.arguments = tuple(arguments)

    @classmethod
    def load(cls) -> "Register":
        """Read equivalent.toml."""
        content = tomllib.loads(FILE.read_text())
        return cls(
            [
                Argument(
                    path,
                    one["function"],
                    one["line"],
                    tuple(one["changes"]),
                    re.sub(r"\s+", " ", one["reason"]).strip(),
                    tuple(one.get("contracts", ())),
                )
                for path, of_file in content.items()
                for one in of_file
            ]
        )

    def reason(self, verdict: Verdict) -> str | None:
        """Return why a mutant is equivalent; None if nobody says so."""
        for argument in self.arguments:
            if argument.covers(verdict.mutation, verdict.contract):
                return argument.reason
        return None

    def stale(self) -> Iterator[str]:
        """Yield what speaks of a line or a change that is no longer there."""
        for argument in self.arguments:
            there = {
                found.shown
                for found in mutations(argument.path, source(argument.path))
                if (found.function, found.text) == (argument.function, argument.line)
            }
            for change in argument.changes:
                if change not in there:
                    yield f"{argument.path} {argument.function}: {argument.line}: {change}"
