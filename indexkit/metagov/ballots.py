"""The box: a folder of ballot files, of which each counts or is rejected for one stated reason.

What a file is called, and in which order files are read, changes nothing.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.metagov.envelope import Signed, vote_of
from indexkit.metagov.snapshot import CHOICES, Proposal, RefusalError, Vote

LONGEST_REASON = 300
"""Longest reason {characters}."""

LONGEST = 1 << 16
"""Longest ballot file {bytes}: a vote with a reason of many pages."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot that counts, or would if its voter had power.

    Attributes
    ----------
    file
        Name of its file.
    hash
        The vote's EIP-712 hash.
    vote
        What the voter signed.
    """

    file: str
    hash: str
    vote: Vote


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that does not count, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Box:
    """The content of a folder.

    Attributes
    ----------
    accepted
        One ballot per voter, by voter.
    rejected
        All other files, by name.
    """

    accepted: tuple[Ballot, ...]
    rejected: tuple[Rejected, ...]

    def without(self, powerless: Iterable[str]) -> "Box":
        """Return the box with these voters' ballots rejected for lack of power."""
        voters = frozenset(powerless)
        empty = [ballot for ballot in self.accepted if ballot.vote.author in voters]
        reasons = [Rejected(b.file, f"zero power: {b.vote.author} has no votes") for b in empty]
        kept = tuple(ballot for ballot in self.accepted if ballot not in empty)
        return Box(kept, _by_file([*self.rejected, *reasons]))


def read_box(folder: Path, proposal: Signed[Proposal]) -> Box:
    """Read every .json file of a folder as a ballot on a proposal.

    Raises
    ------
    IndexkitError
        The folder cannot be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise IndexkitError(
            f"{folder}: cannot be read ({error.strerror}): name the folder of the ballots."
        ) from error
    proposal_id = proposal.hash
    ballots: list[Ballot] = []
    rejected: list[Rejected] = []
    for path in paths:
        name = _plain(path.name)
        try:
            signed = _read(path)
            _check(signed.message, proposal.message, proposal_id)
            ballots.append(Ballot(name, signed.hash, signed.message))
        except RefusalError as error:
            rejected.append(Rejected(name, _short(error.message)))
    counting = _latest(ballots)
    rejected.extend(_outdone(ballots, counting))
    return Box(tuple(counting[voter] for voter in sorted(counting)), _by_file(rejected))


def _plain(name: str) -> str:
    """Return a file's name such that it can be written into a result, whatever bytes it has."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _short(reason: str) -> str:
    """Cut a reason that quotes a stranger at length: a result must stay readable."""
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"


def _read(path: Path) -> Signed[Vote]:
    try:
        content = documents.parse(documents.read_bytes(path, LONGEST))
    except OSError as error:
        raise RefusalError("the file cannot be read") from error
    except ValueError as error:
        raise RefusalError("the file is not JSON as ballots are written") from error
    return vote_of(content)


def _check(vote: Vote, on: Proposal, proposal_id: str) -> None:
    if vote.space != on.space:
        raise RefusalError(f"other space: expected {on.space!r}, found {vote.space!r}")
    if vote.proposal != proposal_id:
        raise RefusalError(f"other proposal: expected {proposal_id}, found {vote.proposal}")
    if not 1 <= vote.choice <= len(CHOICES):
        raise RefusalError(f"choice {vote.choice} is out of range: 1 to {len(CHOICES)} exist")
    if vote.timestamp < on.start:
        raise RefusalError(f"before the start: signed at {vote.timestamp}, voting from {on.start}")
    if vote.timestamp >= on.end:
        raise RefusalError(f"late: signed at {vote.timestamp}, voting closed at {on.end}")


def _latest(ballots: Iterable[Ballot]) -> dict[str, Ballot]:
    """Return each voter's ballot of the highest timestamp; of equal ones the lower hash."""
    counting: dict[str, Ballot] = {}
    # In reverse, so that of files with the same message the first by name is kept.
    order = sorted(ballots, key=lambda b: (-b.vote.timestamp, b.hash, b.file), reverse=True)
    for ballot in order:
        counting[ballot.vote.author] = ballot
    return counting


def _outdone(ballots: Iterable[Ballot], counting: dict[str, Ballot]) -> Iterator[Rejected]:
    first: dict[str, Ballot] = {}
    for ballot in ballots:
        counted = counting[ballot.vote.author]
        same = first.setdefault(ballot.hash, ballot)
        if same is not ballot:
            yield Rejected(ballot.file, f"duplicate: the same message is in {same.file}")
        elif counted is not ballot:
            yield Rejected(
                ballot.file, f"superseded: {counted.vote.author} voted again in {counted.file}"
            )


def _by_file(rejected: Iterable[Rejected]) -> tuple[Rejected, ...]:
    return tuple(sorted(rejected, key=lambda r: r.file))
