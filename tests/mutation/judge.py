"""What becomes of one mutant: what killed its like comes first, then what is cheap and strong."""

import time
from collections import Counter
from dataclasses import asdict, dataclass
from http.client import HTTPException
from inspect import getsource

from ape import project
from twins.interface import interface
from twins.node import NodeError
from twins.scenario import SCENARIOS
from twins.world import original

from mutation.compiler import InvalidError, creation_code, used_functions
from mutation.operators import Mutation
from mutation.scenarios import Replay
from mutation.suites import Suite, SuiteError, TooLongError
from mutation.targets import TARGETS, Target

VIABLE = ("killed", "survived", "timeout", "error")
"""Verdicts on mutants that were played; the others are "invalid" and "identical"."""

FAVOURITES = 4
"""Tests that killed mutants of the same function and are tried before anything slower."""

QUICK = 40
"""Scenarios that a quick campaign plays at most."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant.

    Attributes
    ----------
    contract, mutation
        Which one.
    status
        ``invalid``: does not compile; ``identical``: the same bytecode; ``killed``; ``survived``;
        ``timeout``, ``error``: not decided, the tests could not be run to their end.
    by, why
        The scenario or test that killed it, and what it said.
    seconds
        Spent {s}.
    """

    contract: str
    mutation: Mutation
    status: str
    by: str
    why: str
    seconds: float

    def as_json(self) -> dict[str, object]:
        """Return it as plain values."""
        return asdict(self)


class Court:
    """Judges mutants of one contract: by scenarios and tests, or, if quick, by some scenarios."""

    def __init__(self, target: Target, replay: Replay, suite: Suite, *, quick: bool) -> None:
        self.target, self._replay, self._suite, self._quick = target, replay, suite, quick
        self._code = creation_code(target, None)
        self._used = used_functions(target)
        self._names = [name for name in SCENARIOS if target.plays(name)]
        self._sources = {name: getsource(SCENARIOS[name].play) for name in self._names}
        self._killers: dict[tuple[str, str], Counter[str]] = {}
        self._kills: Counter[tuple[str, str]] = Counter()
        self._tests = target.test_files()

    def check_baseline(self) -> None:
        """Raise unless the contract as it is passes everything."""
        for found in (
            self._replay.kill(self.target.name, self._code, self._names),
            self._suite.kill(self.target.name, self._code, None, self._tests),
        ):
            if found is not None:
                raise SuiteError(f"{self.target.name}, not mutated, fails {found[0]}: {found[1]}")

    def judge(self, mutation: Mutation) -> Verdict:
        """Compile a mutant and play tests against it until one fails."""
        start = time.monotonic()
        status, by, why = self._judge(mutation)
        if status == "killed":
            of_place = self._killers.setdefault((mutation.path, mutation.function), Counter())
            of_place[by] += 1
            self._kills[mutation.path, by] += 1
            self._kills["", by] += 1
        spent = round(time.monotonic() - start, 1)
        return Verdict(self.target.name, mutation, status, by, why[:300], spent)

    def _judge(self, mutation: Mutation) -> tuple[str, str, str]:
        if mutation.function and (mutation.path, mutation.function) not in self._used:
            return "identical", "", "not part of the code"
        try:
            code = creation_code(self.target, mutation)
        except InvalidError as error:
            return "invalid", "", str(error)
        if code == self._code:
            return "identical", "", ""
        try:
            found = self._play(mutation, code)
        except TooLongError as error:
            return "timeout", "", str(error)
        except (SuiteError, NodeError, HTTPException, OSError) as error:
            return "error", "", f"{type(error).__name__}: {error}"
        return ("survived", "", "") if found is None else ("killed", *found)

    def _play(self, mutation: Mutation, code: str) -> tuple[str, str] | None:
        before = self._killers.get((mutation.path, mutation.function), Counter())
        names = sorted(self._names, key=lambda name: self._rank(name, mutation, before))
        known = [test for test, _ in before.most_common(FAVOURITES) if "::" in test]
        contract = self.target.name
        if not self._quick and self._is_addition(mutation):
            tests = [*known, *self._tests]
            return self._suite.kill(contract, code, mutation, tests) or self._replay.kill(
                contract, code, names
            )
        first = [name for name in names if before[name]] if known else []
        if self._quick:
            return self._replay.kill(contract, code, names[:QUICK])
        return (
            (first and self._replay.kill(contract, code, first))
            or (known and self._suite.kill(contract, code, mutation, known))
            or self._replay.kill(contract, code, names)
            or self._suite.kill(contract, code, mutation, [*known, *self._tests])
            or None
        )

    def _is_addition(self, mutation: Mutation) -> bool:
        """Whether the original has nothing like the place."""
        if mutation.path in self.target.additions or not self._names:
            return True
        known_as = self.target.stands_for or self.target.name
        abi = project.get_contract(known_as).contract_type.abi
        ours = {getattr(entry, "name", "") for entry in abi}
        theirs = interface(original(known_as)).functions
        return mutation.function in ours and mutation.function not in theirs

    def _rank(self, name: str, mutation: Mutation, before: Counter[str]) -> tuple[int, ...]:
        called = f".{mutation.function}(" in self._sources[name]
        of_file, of_all = self._kills[mutation.path, name], self._kills["", name]
        return -before[name], 0 if called else 1, -of_file, -of_all, len(self._sources[name])


class Courts:
    """Courts of several contracts, opened when they are first asked; see `Court`."""

    def __init__(self, *, quick: bool) -> None:
        self._quick = quick
        self._replay, self._suite = Replay(), Suite()
        self._open: dict[str, Court] = {}

    def of(self, contract: str) -> Court:
        """Return the court of a contract."""
        if contract not in self._open:
            self._open[contract] = Court(
                TARGETS[contract], self._replay, self._suite, quick=self._quick
            )
        return self._open[contract]

    def close(self) -> None:
        """End the chains."""
        self._replay.close()
        self._suite.close()
