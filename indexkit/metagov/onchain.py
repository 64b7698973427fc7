"""A MetaGovernor's ballot as the chain tells it, in the tables of the ledger."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ape
from rich.table import Table

from indexkit.metagov.ledger import tokens
from indexkit.metagov.tally import Outcome, Totals

if TYPE_CHECKING:
    from ape.contracts import ContractInstance

CHOICES = {0: "Against", 1: "For", 2: "Abstain"}
OUTCOMES = {0: Outcome.AGAINST, 1: Outcome.FOR, 2: Outcome.ABSTAIN}


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot on chain.

    Attributes
    ----------
    snapshot
        {block}
    close
        {block} or {s}, the governor's.
    votes
        Choice and votes by voter {INDEX base units}; what he said last.
    totals
        As the contract has them.
    quorum
        {INDEX base units}
    outcome
        As it stands.
    """

    snapshot: int
    close: int
    votes: dict[str, tuple[str, int]]
    totals: Totals
    quorum: int
    outcome: Outcome


def read_ballot(governor: "ContractInstance", ballot: bytes) -> Ballot:
    """Read a ballot from the contract, and its voters from the contract's events."""
    kept = governor.getBallot(ballot)
    decided, choice = governor.outcome(ballot)
    votes = {}
    for log in governor.BallotCast.range(kept.snapshot, ape.chain.blocks.head.number + 1):
        if bytes(log._ballot) == ballot:
            votes[log._voter] = (CHOICES[log._choice], log._votes)
    return Ballot(
        snapshot=kept.snapshot,
        close=kept.close,
        votes=votes,
        totals=Totals(kept.votesFor, kept.votesAgainst, kept.votesAbstain),
        quorum=kept.quorum,
        outcome=OUTCOMES[choice] if decided else Outcome.UNDECIDED,
    )


def voters_table(ballot: Ballot) -> Table:
    """Return a row per voter, the most powerful first."""
    table = Table("voter", "choice", title="Ballots on chain")
    table.add_column("power", justify="right")
    for voter, (choice, power) in sorted(ballot.votes.items(), key=lambda v: (-v[1][1], v[0])):
        table.add_row(voter, choice, tokens(power))
    return table


def lines(ballot: Ballot) -> tuple[str, ...]:
    """Return snapshot, quorum and outcome, a line each."""
    voted = ballot.totals.total
    word = "reached" if voted >= ballot.quorum else "not reached"
    return (
        f"Power at the end of block {ballot.snapshot:,}; ballots counted before {ballot.close:,}.",
        f"Quorum {word}: {tokens(voted)} INDEX voted, {tokens(ballot.quorum)} are needed.",
        f"Outcome: {ballot.outcome}.",
    )
