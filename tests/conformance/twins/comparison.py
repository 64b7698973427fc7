"""Two histories, compared call by call; what differs must be registered."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from twins import register
from twins.interface import reason
from twins.register import Difference, worded

if TYPE_CHECKING:
    from twins.stage import Stage

ANYTHING = object()
"""No expectation but that both answer alike, or differ as registered."""


class Log(NamedTuple):
    """One log, with names in place of the world's own addresses."""

    emitter: bytes
    topics: tuple[bytes, ...]
    data: bytes


class Tag(NamedTuple):
    """What a scenario expects of a call: the reasons (None for success), and why they differ."""

    reverts: Any
    ours: Any
    differs: str | None


@dataclass(frozen=True)
class Entry:
    """What came of one call.

    Attributes
    ----------
    shown, data
        The call in words and as it was sent.
    outcome
        None for success, else the reason; "" without one.
    returned, logs
        What a success gave.
    state
        Everything that was observed afterwards; nothing after a view.
    kind, function
        Contract type and signature.
    gas
        Used by the transaction; 0 for a view.
    """

    shown: str
    data: bytes
    outcome: str | None
    returned: bytes
    logs: tuple[Log, ...]
    state: tuple[bytes, ...]
    kind: str
    function: str
    gas: int


@dataclass
class Tally:
    """What all comparisons together covered.

    Attributes
    ----------
    calls
        How often each function was called, by (world, contract type, signature, succeeded).
    reasons
        How often each function was refused and why, by (contract type, signature, reason of the
        original).
    events
        How often each event was seen, by (world, contract type, topic).
    differences
        How often each registered difference occurred, by id and scenario.
    gas
        Gas of the same successful call in both worlds, by (contract type, signature).
    compared
        Calls of which both sides were compared.
    """

    calls: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    events: Counter[tuple[str, str, bytes]] = field(default_factory=Counter)
    differences: defaultdict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    gas: defaultdict[tuple[str, str], list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    compared: int = 0


class Comparison:
    """The history of the original, then the same of ours against it.

    Parameters
    ----------
    name
        Of the scenario or sequence.
    tally
        Where it counts.

    Attributes
    ----------
    diverged
        The registered difference after which the two worlds are no longer comparable, if any.
    """

    def __init__(self, name: str, tally: Tally) -> None:
        self.name = name
        self.tally = tally
        self.diverged: str | None = None
        self._entries: list[Entry] = []
        self._next: int | None = None

    def start_second(self) -> None:
        """Go back to the first call: what comes now is ours."""
        self._next, self.diverged = 0, None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the original did."""
        return tuple(self._entries)

    def recall(self, entries: Sequence[Entry]) -> None:
        """Take an earlier recording of the original: what comes now is ours."""
        self._entries = list(entries)
        self.start_second()

    @property
    def complete(self) -> bool:
        """Whether ours made as many calls as the original."""
        return self._next == len(self._entries)

    def take(self, stage: "Stage", entry: Entry, tag: Tag) -> None:
        """Record a call of the original, or compare one of ours."""
        side = stage.world.name
        expected = tag.reverts if self._next is None else tag.ours
        if expected is not ANYTHING:
            assert entry.outcome == expected, (
                f"{self.name}: {side}: {entry.shown}: {worded(entry.outcome)}, "
                f"where the scenario expects {worded(expected)}"
            )
        if entry.function:
            self.tally.calls[side, entry.kind, entry.function, entry.outcome is None] += 1
        for log in entry.logs:
            self.tally.events[side, stage.kind_of(log.emitter), log.topics[0]] += 1
        if self._next is None:
            self._entries.append(entry)
            return
        assert self._next < len(self._entries), f"{self.name}: only ours calls {entry.shown}"
        theirs = self._entries[self._next]
        self._next += 1
        self._compare(stage, theirs, entry, tag)

    def _compare(self, stage: "Stage", theirs: Entry, ours: Entry, tag: Tag) -> None:
        if self.diverged is not None:
            return
        assert (theirs.shown, theirs.data) == (ours.shown, ours.data), (
            f"{self.name}: the original was called with {theirs.shown}, ours with {ours.shown}"
        )
        self.tally.compared += 1 if theirs.function else 0
        if theirs.outcome is not None:
            self.tally.reasons[theirs.kind, theirs.function, theirs.outcome] += 1
        if theirs.outcome is None and ours.outcome is None and ours.gas:
            self.tally.gas[ours.kind, ours.function].append((theirs.gas, ours.gas))
        differences = _differences(stage, theirs, ours)
        unexplained = []
        for difference in differences:
            free = tag.reverts is ANYTHING
            found = register.explain(difference, tag.differs, free, stage)
            if found is None:
                unexplained.append(difference)
                continue
            self.tally.differences[found][self.name] += 1
            ambient = found in register.AMBIENT and difference.aspect != "outcome"
            if difference.changes_what_follows and not ambient:
                self.diverged = found
        if unexplained:
            words = "\n".join(f"  {difference}" for difference in unexplained[:20])
            raise UnexplainedError(f"{self.name}: {theirs.shown} is not the same:\n{words}")
        if tag.differs is not None and not differences:
            raise UnexplainedError(f"{self.name}: {theirs.shown}: {tag.differs} no longer occurs")


class UnexplainedError(AssertionError):
    """A difference that the register does not know, or one that it knows and that is gone."""


def _differences(stage: "Stage", theirs: Entry, ours: Entry) -> list[Difference]:
    call = (theirs.kind, theirs.function)
    if theirs.outcome != ours.outcome:
        outcomes = Difference("outcome", "", theirs.outcome, ours.outcome, call)
        if None in (theirs.outcome, ours.outcome):
            return [outcomes]
        return [outcomes, *_state_differences(stage, theirs, ours, call)]
    found = []
    if theirs.returned != ours.returned:
        found.append(Difference("answer", "", theirs.returned, ours.returned, call))
    if theirs.logs != ours.logs:
        found.append(Difference("logs", "", theirs.logs, ours.logs, call))
    return found + _state_differences(stage, theirs, ours, call)


def _state_differences(
    stage: "Stage", theirs: Entry, ours: Entry, call: tuple[str, str]
) -> list[Difference]:
    if theirs.state == ours.state:
        return []
    found = []
    for questions, left, right in zip(stage.questions(), theirs.state, ours.state, strict=True):
        pairs = zip(questions.answers(left), questions.answers(right), strict=True)
        for view, (original, our) in zip(questions.views, pairs, strict=True):
            if original != our:
                function = view.function
                answers = [
                    function.decode(data) if ok else reason(data) for ok, data in (original, our)
                ]
                found.append(Difference("state", view.label, *answers, call))
    return found
