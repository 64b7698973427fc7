"""What a check has found: each comparison is counted, each difference is kept."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

DIFFERS, PENDING, NOTED = "differs", "pending", "noted"
"""What a difference is: a fault; a role that the deployer has until the hand-over; a value that
operation moves."""

MANIFEST, CODE, WIRING, INDEX, ROLES = GROUPS = ("manifest", "code", "wiring", "index", "roles")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is otherwise than expected.

    Attributes
    ----------
    group
        One of `GROUPS`.
    step
        That left the contract.
    address
        Of the contract; None if it is not there.
    what
        The code, a view with its arguments, a module, …
    status
        `DIFFERS`, `PENDING` or `NOTED`.
    """

    group: str
    step: str
    address: str | None
    what: str
    expected: str
    found: str
    status: str = DIFFERS

    @property
    def sentence(self) -> str:
        """What is where, what was expected, what was found."""
        place = f"{self.step} ({self.address})" if self.address else self.step
        return f"{place}: {self.what}: expected {self.expected}, found {self.found}."


@dataclass
class Report:
    """The outcome of a check.

    Attributes
    ----------
    before_hand_over
        Whether the deployer may still have the roles that others shall have.
    subject
        What was checked, as JSON: chain, block, declaration.
    findings
        In the order they were made.
    checked
        Comparisons by group.
    """

    before_hand_over: bool = False
    subject: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)

    def count(self, group: str, finding: Finding | None = None) -> None:
        """Count a comparison, and keep what it found."""
        self.checked[group] += 1
        if finding is not None:
            self.findings.append(finding)

    @property
    def ok(self) -> bool:
        """Whether nothing is otherwise than it must be."""
        harmless = (NOTED, PENDING) if self.before_hand_over else (NOTED,)
        return all(each.status in harmless for each in self.findings)

    def lines(self) -> Iterator[str]:
        """Yield a line per group, and one per finding."""
        for group in GROUPS:
            found = [each for each in self.findings if each.group == group]
            faults = sum(each.status == DIFFERS for each in found)
            waiting = sum(each.status == PENDING for each in found)
            counts = [f"{self.checked[group]} checked"]
            counts += [f"{faults} differ"] if faults else []
            counts += [f"{waiting} pending"] if waiting else []
            word = DIFFERS if faults else PENDING if waiting else "OK"
            yield f"{word:<8} {group}: {', '.join(counts)}"
            for each in found:
                yield f"  {each.status}: {each.sentence}"

    def to_json(self) -> dict[str, Any]:
        """Return the outcome as a document holds it."""
        findings = [{**asdict(each), "sentence": each.sentence} for each in self.findings]
        return {
            **self.subject,
            "ok": self.ok,
            "before_hand_over": self.before_hand_over,
            "checked": {group: self.checked[group] for group in GROUPS},
            "findings": findings,
        }
