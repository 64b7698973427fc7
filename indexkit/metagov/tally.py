"""What a vote decides: totals, quorum and outcome, by the rule that the contract has too."""

from dataclasses import dataclass
from enum import StrEnum

from indexkit.metagov.terms import BPS


class Outcome(StrEnum):
    """How the index votes; undecided, it does not vote."""

    FOR = "FOR"
    AGAINST = "AGAINST"
    ABSTAIN = "ABSTAIN"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True, slots=True)
class Totals:
    """Power behind each choice {INDEX base units}."""

    votes_for: int
    against: int
    abstain: int

    @property
    def total(self) -> int:
        """All power that took part {INDEX base units}."""
        return self.votes_for + self.against + self.abstain


def quorum(circulating: int, bps: int) -> int:
    """Return the power that must take part, rounded up {INDEX base units}.

    Parameters
    ----------
    circulating
        The stated circulating supply {INDEX base units}.
    bps
        Share of it {bps}.
    """
    return -(-circulating * bps // BPS)


def decide(totals: Totals, needed: int, can_abstain: bool) -> Outcome:
    """Return what the votes decide.

    Abstentions count for the quorum. They win where the governor takes them and they are more than
    those for and more than those against. Else the larger of these two wins; a tie decides nothing.

    Parameters
    ----------
    totals
        The votes.
    needed
        The quorum {INDEX base units}.
    can_abstain
        Whether the governor takes abstentions.
    """
    if totals.total < needed:
        return Outcome.UNDECIDED
    if can_abstain and totals.abstain > max(totals.votes_for, totals.against):
        return Outcome.ABSTAIN
    if totals.votes_for == totals.against:
        return Outcome.UNDECIDED
    return Outcome.FOR if totals.votes_for > totals.against else Outcome.AGAINST
