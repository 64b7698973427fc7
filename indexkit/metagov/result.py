"""The result of a vote as a document: byte-identical for the same input, recomputed by anyone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, AMOUNT, OBJECT, POSITIVE, TEXT, Record
from indexkit.metagov.ballots import Box, Rejected, read_box
from indexkit.metagov.envelope import Signed, proposal_of
from indexkit.metagov.moment import Moment, Reader
from indexkit.metagov.places import NOWHERE
from indexkit.metagov.snapshot import CHOICES, DOMAIN, Proposal, RefusalError
from indexkit.metagov.strategies import STRATEGIES, Strategy, powers
from indexkit.metagov.supply import circulating
from indexkit.metagov.tally import Outcome, Totals, decide, quorum

FORMAT = "indexkit off-chain vote 1"


@dataclass(frozen=True, slots=True)
class Counted:
    """A ballot that counts.

    Attributes
    ----------
    hash
        The vote's EIP-712 hash.
    voter
        Who signed it.
    choice
        Place in `CHOICES`, from 1.
    timestamp
        As the voter states it {s}.
    power
        By strategy {INDEX base units}.
    """

    hash: str
    voter: str
    choice: int
    timestamp: int
    power: Mapping[str, int]

    @property
    def total(self) -> int:
        """The sum over the strategies {INDEX base units}."""
        return sum(self.power.values())


@dataclass(frozen=True, slots=True)
class Result:
    """A counted vote.

    Attributes
    ----------
    proposal
        With its author's signature.
    ballots
        By voter.
    rejected
        Files that do not count, by name.
    """

    proposal: Signed[Proposal]
    ballots: tuple[Counted, ...]
    rejected: tuple[Rejected, ...]

    @property
    def totals(self) -> Totals:
        """Power behind each choice {INDEX base units}."""
        behind = (sum(b.total for b in self.ballots if b.choice == c) for c in range(1, 4))
        return Totals(*behind)

    @property
    def needed(self) -> int:
        """The quorum {INDEX base units}."""
        terms = self.proposal.message.terms
        return quorum(terms.circulating, terms.quorum_bps)

    @property
    def reached(self) -> bool:
        """Whether enough power took part."""
        return self.totals.total >= self.needed

    @property
    def outcome(self) -> Outcome:
        """What the vote decides."""
        return decide(self.totals, self.needed, self.proposal.message.terms.can_abstain)

    def document(self) -> dict[str, Any]:
        """Return the whole result, integers as decimal strings, with a SHA-256 over all of it."""
        content = self._content()
        return content | {"sha256": documents.digest(content)}

    def text(self) -> str:
        """Return the canonical text of the document."""
        return documents.canonical(self.document())

    def write(self, path: Path) -> Path:
        """Write the document: the whole file, or none."""
        return documents.write(path, self.document())

    def _content(self) -> dict[str, Any]:
        terms, totals = self.proposal.message.terms, self.totals
        return {
            "format": FORMAT,
            "proposal": {"id": self.proposal.hash, **_in_strings(self.proposal)},
            "snapshot": str(self.proposal.message.snapshot),
            "ballots": {
                ballot.hash: {
                    "voter": ballot.voter,
                    "choice": str(ballot.choice),
                    "timestamp": str(ballot.timestamp),
                    "power": {name: str(power) for name, power in ballot.power.items()},
                    "total": str(ballot.total),
                }
                for ballot in self.ballots
            },
            "rejected": {rejected.file: rejected.reason for rejected in self.rejected},
            "totals": {
                "for": str(totals.votes_for),
                "against": str(totals.against),
                "abstain": str(totals.abstain),
                "total": str(totals.total),
            },
            "quorum": {
                "circulating": str(terms.circulating),
                "bps": str(terms.quorum_bps),
                "needed": str(self.needed),
                "reached": self.reached,
            },
            "outcome": str(self.outcome),
        }


def count(
    proposal: Signed[Proposal],
    folder: Path,
    reader: Reader,
    strategies: Mapping[str, Strategy] = STRATEGIES,
) -> Result:
    """Count the ballots of a folder.

    Parameters
    ----------
    proposal
        As `read_proposal` returns it.
    folder
        The box.
    reader
        The chain of the proposal.
    strategies
        Those there are.

    Raises
    ------
    IndexkitError
        The folder cannot be read, the strategies do not go together, or the chain is another one or
        cannot answer.
    """
    message = proposal.message
    chain_id = reader.chain_id()
    if chain_id != message.terms.chain_id:
        raise IndexkitError(
            f"The vote is about chain {message.terms.chain_id}, not {chain_id}: connect to it."
        )
    box = read_box(folder, proposal)
    by_voter = powers(
        message.terms.strategies,
        message.terms.vote_token,
        [ballot.vote.author for ballot in box.accepted],
        message.snapshot,
        reader,
        strategies,
        message.terms.places,
    )
    box = box.without(voter for voter, power in by_voter.items() if not any(power.values()))
    return _result(proposal, box, by_voter)


def read_result(path: Path) -> Result:
    """Read a result, and refuse one that was edited.

    What the chain and the ballots say is not asked here: see `recompute`.

    Raises
    ------
    IndexkitError
        Naming the field, what was expected and what was found.
    """
    content = documents.read(path)
    fields = Record(str(path), content)
    try:
        result = _read(fields)
        # The fields before their sum: what was edited is named, not only that something was.
        found = dict(content)
        sealed = found.pop("sha256", None)
        expected = result.document()
        seal = expected.pop("sha256")
        for difference in documents.differences(expected, found):
            raise RefusalError(documents.sentence(difference).rstrip("."))
        for difference in documents.differences(seal, sealed, "sha256"):
            raise RefusalError(documents.sentence(difference).rstrip("."))
    except RefusalError as error:
        raise fields.error(f"was edited: {error.message}") from error
    return result


def recompute(
    result: Result,
    folder: Path,
    reader: Reader,
    strategies: Mapping[str, Strategy] = STRATEGIES,
) -> tuple[str, ...]:
    """Count again and return the differences as sentences; none, if the result is true.

    The circulating supply is reckoned again, too, where the terms say from which contracts. Files
    that do not count are not compared: what they are called, and how many strangers put into a
    folder, changes nothing.

    Parameters
    ----------
    result
        As someone published it.
    folder
        The ballots, wherever one has them from.
    reader
        A chain one trusts.
    strategies
        Those there are.
    """
    again = count(result.proposal, folder, reader, strategies)
    counted = replace(result, rejected=again.rejected)
    found = [*documents.differences(again.document(), counted.document()), *_supply(result, reader)]
    return tuple(documents.sentence(difference) for difference in found)


def _result(
    proposal: Signed[Proposal], box: Box, by_voter: Mapping[str, Mapping[str, int]]
) -> Result:
    ballots = tuple(
        Counted(b.hash, b.vote.author, b.vote.choice, b.vote.timestamp, by_voter[b.vote.author])
        for b in box.accepted
    )
    return Result(proposal, ballots, box.rejected)


def _supply(result: Result, reader: Reader) -> Iterator[tuple[str, str, str]]:
    """Yield the difference between the stated and the reckoned circulating supply."""
    message = result.proposal.message
    terms = message.terms
    if terms.places == NOWHERE:
        return
    reckoned = circulating(Moment(terms.vote_token, message.snapshot, reader, terms.places))
    yield from documents.differences(str(reckoned), str(terms.circulating), "circulating")


def _in_strings(proposal: Signed[Proposal]) -> dict[str, Any]:
    message = {
        key: str(value) if type(value) is int else value
        for key, value in proposal.message.fields().items()
    }
    return {"sig": proposal.signature, "message": message}


def _read(fields: Record) -> Result:
    proposal = _proposal(fields.record("proposal"))
    ballots = fields.record("ballots")
    rejected = fields.record("rejected")
    counted = [_counted(ballots, key) for key in ballots.fields]
    return Result(
        proposal,
        tuple(sorted(counted, key=lambda ballot: ballot.voter)),
        tuple(Rejected(file, rejected.read(file, TEXT)) for file in sorted(rejected.fields)),
    )


def _proposal(fields: Record) -> Signed[Proposal]:
    given: Mapping[str, Any] = fields.read("message", OBJECT)
    message = dict(given)
    whole = [field["name"] for field in Proposal.TYPES["Proposal"] if field["type"] == "uint64"]
    for name in whole:
        message[name] = fields.record("message").read(name, AMOUNT)
    address = message.get("from")
    data = {"domain": DOMAIN, "types": Proposal.TYPES, "message": message}
    return proposal_of({"address": address, "sig": fields.read("sig", TEXT), "data": data})


def _counted(fields: Record, key: str) -> Counted:
    ballot = fields.record(key)
    power = ballot.record("power")
    choice = ballot.read("choice", POSITIVE)
    if choice > len(CHOICES):
        raise ballot.error(f"choice: expected 1 to {len(CHOICES)}, found {choice}")
    return Counted(
        hash=key,
        voter=ballot.read("voter", ADDRESS),
        choice=choice,
        timestamp=ballot.read("timestamp", AMOUNT),
        power={name: power.read(name, AMOUNT) for name in power.fields},
    )
