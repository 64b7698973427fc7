"""What a check goes by, and how it asks: every answer is compared, none is believed unread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_utils.address import is_address
from eth_utils.crypto import keccak

from indexkit.deployment import chain
from indexkit.deployment.checking.report import DIFFERS, Finding, Report
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.manifest import DONE, Manifest
from indexkit.deployment.steps import Call, Step, View, as_json, created_kind, references
from indexkit.metagov.moment import Kind
from indexkit.metagov.reader import ChainReader

NO_ANSWER, ABSENT, PRESENT = "no answer", "absent", "present"

Moving = Mapping[tuple[str, int | None], str | None]


@dataclass
class Inspection:
    """A check under way.

    Attributes
    ----------
    terms
        As declared, with an address wherever the file says "deployer".
    steps
        All that is declared.
    foreign
        Steps at whose address is another contract than theirs: what it answers means nothing, so
        that it is not asked.
    """

    terms: Declaration
    manifest: Manifest
    steps: tuple[Step, ...]
    contracts: Contracts
    report: Report
    foreign: set[str] = field(default_factory=set)

    @cached_property
    def addresses(self) -> dict[str, str]:
        """Addresses of what is there, by step."""
        return self.manifest.addresses

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {address: step for step, address in self.addresses.items()}
        tokens = {
            each.token: each.symbol for index in self.terms.indices for each in index.components
        }
        return {self.manifest.deployer: "the deployer", NOBODY: "nobody", **tokens, **names}

    def is_made(self, step: str) -> bool:
        """Tell whether the manifest says that a step is done."""
        record = self.manifest.steps.get(step)
        return record is not None and record.status == DONE

    def is_there(self, step: str) -> bool:
        """Tell whether there is a contract of a step that can be asked."""
        return step in self.addresses and step not in self.foreign

    def are_known(self, *steps: str) -> bool:
        """Tell whether the manifest has the addresses that steps gave."""
        return all(step in self.addresses for step in steps)

    def compare(
        self, group: str, step: str, what: str, expected: Any, found: Any, status: str = DIFFERS
    ) -> None:
        """Compare two values, and keep the difference."""
        finding = None
        if expected != found:
            words = self.named(expected), self.shown(found)
            finding = Finding(group, step, self.addresses.get(step), what, *words, status)
        self.report.count(group, finding)

    def ask(self, group: str, view: View, status: str = DIFFERS) -> None:
        """Ask a contract, and compare its answer; nothing is asked of what is not there."""
        if not self._can_ask(view):
            return
        expected, found = as_json(self._resolved(view.expected)), self._answer(view)
        arguments = ", ".join(map(self._brief, self._resolved(view.arguments)))
        item = "" if view.item is None else f"[{view.item}]"
        self.compare(
            group, view.target, f"{view.function}({arguments}){item}", expected, found, status
        )

    def ask_steps(self, group: str, part: str, moving: Moving) -> None:
        """Ask whether what the calls of a part of the plan are for is still so.

        Parameters
        ----------
        part
            What the names of its steps begin with.
        moving
            What a difference is by view and item, where it is no fault; None: it is not asked.
        """
        for step in self.steps:
            if isinstance(step, Call) and step.id.startswith(part) and self.is_made(step.id):
                for view in step.holds:
                    status = moving.get((view.function, view.item), DIFFERS)
                    if status is not None:
                        self.ask(group, view, status)

    def besides(self, group: str, step: str, what: str, extra: Iterable[str]) -> None:
        """Report what is registered with a contract and declared nowhere."""
        self.report.count(group)
        for each in extra:
            self.compare(group, step, f"{what} {each}", ABSENT, PRESENT)

    def logged(self, step: str, contract: str, *events: str) -> list[tuple[Any, ...]]:
        """Return the fields of a contract's events of some names, the indexed ones first.

        Raises
        ------
        IndexkitError
            The node does not give logs.
        """
        if not self.is_there(step):
            return []
        known = self.contracts.type_of(contract).events
        kinds = [_kind(known[event]) for event in events]
        reader = ChainReader(first=self.manifest.steps[step].block or 0)
        found = reader.events(self.addresses[step], kinds, chain.head())
        return [event.values for event in found]

    def answer(self, group: str, step: str, contract: str, function: str, *arguments: Any) -> Any:
        """Return what a contract answers, as JSON; None if it is not there, or has no answer.

        No answer of a contract that is there is a finding.
        """
        view = View(step, contract, function, arguments, NOBODY)
        if not self._can_ask(view):
            return None
        found = self._answer(view)
        if found == NO_ANSWER:
            self.compare(group, step, f"{function}()", "an answer", found)
            return None
        return found

    def named(self, value: Any) -> str:
        """Return a value in words: of an address also whose it is."""
        if isinstance(value, list):
            return f"[{', '.join(map(self.named, value))}]"
        if isinstance(value, bool):
            return str(value).lower()
        return f"{value} ({self._names[value]})" if value in self._names else str(value)

    def shown(self, value: Any) -> str:
        """Return what was found in words: an account that is no contract is told to be one."""
        words = self.named(value)
        if not is_address(value) or value == NOBODY or chain.code(value):
            return words
        account = "an account without code"
        return f"{words[:-1]}, {account})" if value in self._names else f"{words} ({account})"

    def _brief(self, value: Any) -> str:
        """Return an argument in a word."""
        if isinstance(value, bytes):
            return self._functions.get(value, "0x" + value.hex())
        return self._names.get(value, str(value))

    @cached_property
    def _functions(self) -> dict[bytes, str]:
        """Names of functions by their selectors, of the kinds that are declared."""
        kinds = dict.fromkeys(filter(None, map(created_kind, self.steps)))
        methods = [abi for kind in kinds for abi in self.contracts.type_of(kind).mutable_methods]
        return {keccak(text=abi.selector)[:4]: abi.name for abi in methods}

    def _resolved(self, value: Any) -> Any:
        return self.contracts.resolved(value, self.addresses)

    def _can_ask(self, view: View) -> bool:
        named = references((view.arguments, view.expected))
        return self.is_there(view.target) and self.are_known(*named)

    def _answer(self, view: View) -> Any:
        """Return what a contract answers, as JSON; `NO_ANSWER` if it has none."""
        found = chain.attempt(self.contracts.question(view, self.addresses))
        return self.contracts.reading(view, found) if found else NO_ANSWER


def _kind(event: Any) -> Kind:
    indexed, data = (
        tuple(each.canonical_type for each in event.inputs if bool(each.indexed) is wanted)
        for wanted in (True, False)
    )
    return Kind(event.name, indexed, data)
