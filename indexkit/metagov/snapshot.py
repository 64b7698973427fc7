"""Snapshot's own messages: a proposal and the votes on it.

What is built here can be signed in any wallet and sent to Snapshot's hub, and the other way round.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from eth_utils.address import is_checksum_address

from indexkit.errors import IndexkitError
from indexkit.metagov.terms import Terms

APP = "indexkit"
CHOICES = ("For", "Against", "Abstain")
"""The choices of Snapshot's "basic" votes; a vote names one by its place, from 1."""

DOMAIN = {"name": "snapshot", "version": "0.1.4"}

_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "address": lambda value: isinstance(value, str) and is_checksum_address(value),
    "string": lambda value: isinstance(value, str),
    "string[]": lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
    "uint32": lambda value: type(value) is int and 0 <= value < 1 << 32,
    "uint64": lambda value: type(value) is int and 0 <= value < 1 << 64,
    "bytes32": lambda value: isinstance(value, str) and bool(re.fullmatch("0x[0-9a-f]{64}", value)),
}

Types = Mapping[str, list[dict[str, str]]]


def _types(name: str, fields: str) -> Types:
    pairs = (field.split(":") for field in fields.split())
    return {name: [{"name": field, "type": kind} for field, kind in pairs]}


class RefusalError(IndexkitError):
    """A document is not what it claims to be; the message says why."""


class Message(Protocol):
    """What is signed."""

    TYPES: ClassVar[Types]

    @property
    def author(self) -> str:
        """Who signs it."""

    def fields(self) -> dict[str, Any]:
        """Return the message as Snapshot has it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal; Snapshot's start and end follow from its terms.

    Attributes
    ----------
    author
        Who signs it.
    space
        Snapshot's space.
    timestamp
        When it was signed {s}.
    title, discussion, app
        Free text.
    snapshot
        The block at whose end voting power is counted.
    terms
        What the vote is about; the body.
    """

    author: str
    space: str
    timestamp: int
    title: str
    snapshot: int
    terms: Terms
    discussion: str = ""
    app: str = APP

    TYPES: ClassVar[Types] = _types(
        "Proposal",
        "from:address space:string timestamp:uint64 type:string title:string body:string "
        "discussion:string choices:string[] start:uint64 end:uint64 snapshot:uint64 "
        "plugins:string app:string",
    )

    @property
    def start(self) -> int:
        """The first second of which ballots count."""
        return self.terms.seconds(self.terms.window.start)

    @property
    def end(self) -> int:
        """The first second of which ballots no longer count."""
        return self.terms.seconds(self.terms.window.close)

    def may_cast(self, clock: int, now: int) -> bool:
        """Tell whether no ballot counts any more and the governor still takes the index's vote.

        Parameters
        ----------
        clock
            Of the governor, in its unit {t}.
        now
            Both are asked for: blocks may come faster than was stated {s}.
        """
        return now >= self.end and self.terms.window.may_cast(clock)

    def fields(self) -> dict[str, Any]:
        """Return the message as Snapshot has it."""
        return {
            "from": self.author,
            "space": self.space,
            "timestamp": self.timestamp,
            "type": "basic",
            "title": self.title,
            "body": self.terms.text(),
            "discussion": self.discussion,
            "choices": list(CHOICES),
            "start": self.start,
            "end": self.end,
            "snapshot": self.snapshot,
            "plugins": "{}",
            "app": self.app,
        }


@dataclass(frozen=True, slots=True)
class Vote:
    """A ballot's message.

    Attributes
    ----------
    author
        The voter.
    space
        Snapshot's space.
    timestamp
        When the voter says to have signed it {s}.
    proposal
        Id of the proposal: its EIP-712 hash.
    choice
        Place of the choice in `CHOICES`, from 1.
    reason, app, metadata
        Free text.
    """

    author: str
    space: str
    timestamp: int
    proposal: str
    choice: int
    reason: str = ""
    app: str = APP
    metadata: str = "{}"

    TYPES: ClassVar[Types] = _types(
        "Vote",
        "from:address space:string timestamp:uint64 proposal:bytes32 choice:uint32 "
        "reason:string app:string metadata:string",
    )

    def fields(self) -> dict[str, Any]:
        """Return the message as Snapshot has it."""
        rest = {f["name"]: getattr(self, f["name"]) for f in self.TYPES["Vote"][1:]}
        return {"from": self.author} | rest


def check_fields(message: Mapping[str, Any], types: Types) -> None:
    """Require the fields of a type, each in its plain form.

    Raises
    ------
    RefusalError
        Naming the field.
    """
    (fields,) = types.values()
    if set(message) != {field["name"] for field in fields}:
        raise RefusalError("the shape is wrong: the message's fields are not those of its type")
    for field in fields:
        # The encoder would take other forms, too: "7" for 7, or an address in small letters.
        if not _KINDS[field["type"]](message[field["name"]]):
            raise RefusalError(f"the shape is wrong: {field['name']} is no plain {field['type']}")
