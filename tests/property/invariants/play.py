"""Acting on the system: every call is predicted, made, and compared with what was predicted."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from twins.interface import reason

from indexkit.localnet.chain import BLOCK_TIME_S
from invariants.checks import CHECKS
from invariants.market import TOKENS
from invariants.mirror import E18, RevertedError, mul_down
from invariants.system import (
    COMPONENTS,
    MOST_COMPONENTS,
    SET_OF,
    SETS,
    ZERO,
    Key,
    State,
    System,
)

Changes = dict[Key, int]
Reading = tuple[int, int]
"""Time {s} and the cumulative price of one token of a pair."""

KNOWN = ("virtual", "slack", "traded", "listed", "participants", "phase", "readings", "losses")


class Play(RuleBasedStateMachine):
    """Who knows the system's state, acts on it, and finds every change that was not predicted.

    Attributes
    ----------
    state
        Everything observable, by keys.
    virtual
        {(index, token): unit as stored}: what real units are read from.
    slack
        {(index, token): base units * 1e36}: how much more units may stand for than there is,
        because issuance charges units rounded down; 0 as long as no fee accrued (I-01).
    traded
        {(module, token): time {s}} of the last trade, as these histories saw it (I-12).
    listed, participants
        {module: tokens} outside the index's list, and all that take part in the rebalance.
    phase
        {module: "under way", "ended" or neither}
    readings
        {(token, which token of its pair is sold): readings} that the guard remembers, the latest
        last.
    losses
        {(module, nonce): {wei}} that the guard counted.
    pace
        From one transaction to the next {s}.
    """

    system: System
    count: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.node = self.system.node
        self.base = self.node.snapshot()
        self.words, self.state = self.system.observe()
        self.delay = 0
        self.virtual = {
            (index, token): self.state["unit", index, token] if token in COMPONENTS[index] else 0
            for index in SETS
            for token in TOKENS
        }
        self.slack = dict.fromkeys(self.virtual, 0)
        self.traded: dict[tuple[str, str], int] = {}
        self.listed: dict[str, list[str]] = {module: [] for module in SET_OF}
        self.participants: dict[str, set[str]] = {module: set() for module in SET_OF}
        self.phase = dict.fromkeys(SET_OF, "")
        self.readings: dict[tuple[str, int], list[Reading]] = {}
        self.losses: dict[tuple[str, int], int] = {}
        self.pace = BLOCK_TIME_S

    def teardown(self) -> None:
        """Put the chain back."""
        self.put_back(self.base)

    def put_back(self, snapshot: str) -> None:
        """Make the chain what it was."""
        self.node.restore(snapshot)

    # ------------------------------------------------------------ reading

    def components(self, index: str) -> list[str]:
        """Return an index's components, in its order."""
        return self.system.named(self.state, "component", index, self.state["components", index])

    def holder(self, key: Key) -> str:
        """Return the name of the account in a word of the state."""
        return self.system.names[self.state[key]]

    def word(self, name: str) -> int:
        """Return the word of the state that stands for an account."""
        return int(self.system.address(name or ZERO), 16)

    @property
    def time(self) -> int:
        """Time of the next transaction {s}."""
        return self.state["now",] + self.pace + self.delay

    def tracked(self, index: str, token: str) -> int:
        """Return what an index's units stand for {base units}."""
        return mul_down(self.state["unit", index, token], self.state["totalSupply", index])

    def memory(self) -> dict[str, Any]:
        """Return what is known besides the state, to be recalled when a call is refused."""
        return {name: _copied(getattr(self, name)) for name in KNOWN}

    def recall(self, memory: dict[str, Any]) -> None:
        """Know again what was known then."""
        for name, known in memory.items():
            setattr(self, name, known)

    # ------------------------------------------------------------ acting

    def act(
        self,
        what: str,
        *arguments: Any,
        by: str,
        expect: Callable[[], Changes],
        free: Iterable[Key] = (),
        value: int = 0,
    ) -> bool:
        """Make a call and compare what comes of it with what is expected.

        Parameters
        ----------
        what, arguments, by, value
            The call.
        expect
            Returns what changes, or raises `RevertedError`.
        free
            What may change in a way that is not predicted.

        Returns
        -------
        bool
            Whether the call succeeded.
        """
        contract, function = what.split(".")
        shown = f"{what}{arguments} by {by}"
        memory = self.memory()
        changes, refusal = _expected(expect)
        if refusal is not None:
            self.recall(memory)
            self.count[f"{function}: {refusal}"] += 1
            found = self.system.failure(what, *arguments, by=by, at=self.time)
            assert found == refusal, f"{shown}: {found!r}, expected {refusal!r}"
            return False
        self.count[function] += 1
        to, data = self.system.contracts[contract][0], self.system.data(what, *arguments)
        self._send(by, to, data, value, shown)
        self._compare(changes, set(free), shown)
        return True

    def _send(self, by: str, to: str, data: bytes, value: int, shown: str) -> None:
        """Send a transaction and observe what it left."""
        if self.delay:
            self.node.ask("evm_setNextBlockTimestamp", self.time)
        receipt = self.node.send(self.system.address(by), to, data, value)
        if receipt["status"] != "0x1":
            _, answer = self.node.call(
                self.system.address(by), to, data, value, blocks={"time": hex(self.time)}
            )
            raise AssertionError(f"{shown} was to succeed: {reason(answer)!r}")

    def _compare(self, changes: Changes, free: set[Key], shown: str) -> None:
        """Compare the state with the last one and what was to change; check the invariants."""
        time, old = self.time, self.state
        self.words, self.state = self.system.observe()
        self.delay = 0
        new = self.state
        assert new["now",] == time, f"{shown}: at {new['now',]}, expected {time}"
        for key, value in changes.items():
            assert new[key] == value, f"{shown}: {key} is {new[key]}, expected {value}"
        for key, value in new.items():
            if value != old[key] and key not in changes and key not in free:
                if key[0] in ("now", "block"):
                    continue
                raise AssertionError(f"{shown}: {key} went from {old[key]} to {value}")
        for check in CHECKS:
            check(self, old, new, shown)

    def wait(self, seconds: int) -> None:
        """Let time pass before the next transaction {s}."""
        self.delay += seconds

    @contextmanager
    def same_second(self) -> Iterator[None]:
        """Let no time pass from one transaction to the next, as in one block."""
        self.pace = 0
        self.node.set_block_time(0)
        try:
            yield
        finally:
            self.pace = BLOCK_TIME_S
            self.node.set_block_time(BLOCK_TIME_S)

    # ------------------------------------------------------------ lists

    def list_changes(self, index: str, components: list[str]) -> Changes:
        """Return the changes of the words that list an index's components."""
        return self._listing("component", index, components) | {
            ("components", index): len(components)
        }

    def part_changes(self, module: str, components: list[str] | None = None) -> Changes:
        """Return the changes of the words that list who takes part in a rebalance.

        Parameters
        ----------
        module
            Of the index.
        components
            Of the index, in the order expected.
        """
        held = self.components(SET_OF[module]) if components is None else components
        parts = [token for token in held if token in self.participants[module]]
        parts += [token for token in self.listed[module] if token not in held]
        return self._listing("part", module, parts) | {("parts", module): len(parts)}

    def _listing(self, kind: str, of: str, names: list[str]) -> Changes:
        padded = [*names, *[""] * (MOST_COMPONENTS - len(names))]
        return {(kind, of, place): self.word(name) for place, name in enumerate(padded)}

    def unit_of(self, index: str, token: str, multiplier: int | None = None) -> int:
        """Return the real unit that the stored one is read as."""
        factor = self.state["positionMultiplier", index] if multiplier is None else multiplier
        return mul_down(self.virtual[index, token], factor)


def _copied(known: dict[Any, Any]) -> dict[Any, Any]:
    """Return a copy of a dictionary of numbers, lists or sets."""
    return {
        key: type(value)(value) if isinstance(value, list | set) else value
        for key, value in known.items()
    }


def _expected(expect: Callable[[], Changes]) -> tuple[Changes, str | None]:
    """Return the changes that are expected, or the reason of a refusal."""
    try:
        return expect(), None
    except RevertedError as refusal:
        return {}, refusal.reason


__all__ = ["E18", "Changes", "Key", "Play", "Reading", "State"]
