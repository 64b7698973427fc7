"""The last steps of a vote off chain: execute and verify."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ape
from ape.exceptions import ApeException

from indexkit import documents
from indexkit.deploy import BLOCKS_PER_DAY
from indexkit.errors import IndexkitError
from indexkit.metagov.deployed import LISTS
from indexkit.metagov.envelope import read_proposal
from indexkit.metagov.reader import ChainReader
from indexkit.metagov.result import Result, read_result, recompute
from indexkit.metagov.seat import Seat, act, clock, seat_of, try_to
from indexkit.metagov.steps import BALLOTS, PROPOSAL, RECEIPT, RESULT
from indexkit.metagov.tally import Outcome
from indexkit.metagov.terms import Terms

if TYPE_CHECKING:
    from ape.api import AccountAPI


@dataclass(frozen=True, slots=True)
class Receipt:
    """The vote as cast.

    Attributes
    ----------
    result
        SHA-256 of the result that was executed.
    outcome
        What was cast.
    transaction
        Its hash.
    block
        {block}
    votes
        Counted by the governor {votes}.
    gas
        Of the transaction.
    """

    result: str
    outcome: str
    transaction: str
    block: int
    votes: int
    gas: int

    def document(self) -> dict[str, Any]:
        """Return the receipt with integers as decimal strings."""
        return {
            key: str(value) if isinstance(value, int) else value
            for key, value in asdict(self).items()
        }


def execute(
    folder: Path, signers: "Sequence[AccountAPI]", *, dry_run: bool = False
) -> Receipt | None:
    """Have the index vote as the result says, between the close and the governor's end.

    Once; again only where the governor would count more votes than it has.

    The result is counted again from the ballots first. A failure leaves everything as it was.

    Parameters
    ----------
    folder
        Of the vote.
    signers
        See `indexkit.metagov.seat.act`.
    dry_run
        Only have the node try it.

    Returns
    -------
    Receipt
        None of a dry run.

    Raises
    ------
    IndexkitError
        Naming what stands in the way.
    """
    result = _read(folder)
    for difference in recompute(result, folder / BALLOTS, _reader(folder)):
        raise IndexkitError(f"{folder / RESULT} is not what the ballots say: {difference}")
    terms = result.proposal.message.terms
    seat = _seat(terms)
    _check_terms(seat, terms)
    if result.outcome is Outcome.UNDECIDED:
        raise IndexkitError(
            f"The holders decided nothing on proposal {terms.proposal} of {terms.governor}: "
            "nothing is cast."
        )
    votes = seat.votes_cast(terms.proposal)
    if votes > 0 and not seat.counts_more(terms.proposal):
        raise IndexkitError(
            f"{seat.index.symbol()} has voted on proposal {terms.proposal} of {terms.governor} "
            f"already, with {votes} votes: see 'metagov verify'."
        )
    _, is_open = seat.window(terms.proposal, _day(terms))
    now = ape.chain.provider.get_block("latest").timestamp
    if not (result.proposal.message.may_cast(clock(terms.window), now) and is_open):
        raise IndexkitError(
            f"Votes on proposal {terms.proposal} are cast from {terms.window.unit[:-1]} "
            f"{terms.window.close:,} to {terms.window.end:,} while it is active: it is "
            f"{clock(terms.window):,} now{'' if is_open else ', and it is not active any more'}."
        )
    data = seat.vote(terms.proposal, result.outcome)
    try:
        try_to(seat, data)
        if dry_run:
            return None
        receipt = act(seat, data, signers)
    except ApeException as error:
        raise IndexkitError(
            f"{terms.governor} does not take the vote ({error}): nothing was cast; try again "
            "when the cause is gone."
        ) from error
    cast = Receipt(
        result=result.document()["sha256"],
        outcome=str(result.outcome),
        transaction=receipt.txn_hash,
        block=receipt.block_number,
        votes=seat.votes_cast(terms.proposal),
        gas=receipt.gas_used,
    )
    documents.write(folder / RECEIPT, cast.document())
    return cast


def verify(folder: Path, ballots: Path | None = None) -> tuple[str, ...]:
    """Count again, and compare the result with what the index was made to vote on the chain.

    Parameters
    ----------
    folder
        With the result.
    ballots
        The ballots, wherever one has them from; those of the folder by default.

    Returns
    -------
    tuple
        What differs, a sentence each; empty if all is as it should be.
    """
    result = _read(folder)
    terms = result.proposal.message.terms
    differences = list(recompute(result, ballots or folder / BALLOTS, _reader(folder)))
    seat = _seat(terms)
    cast = seat.cast_since(result.proposal.message.snapshot, terms.proposal)
    found = ", ".join(f"{outcome} in {transaction}" for outcome, transaction in cast) or "nothing"
    expected = [] if result.outcome is Outcome.UNDECIDED else [result.outcome]
    if {outcome for outcome, _ in cast} != set(expected):
        wanted = str(result.outcome) if expected else "nothing"
        differences.append(f"cast: expected {wanted}, found {found}.")
    differences += _receipt_differences(folder, result, cast)
    counted = seat.votes_cast(terms.proposal)
    if bool(counted) is not bool(expected):
        wanted = "some" if expected else "none"
        differences.append(f"votes in the governor: expected {wanted}, found {counted}.")
    return tuple(differences)


def _read(folder: Path) -> Result:
    """Read the result, and refuse one of another proposal than the folder's."""
    result = read_result(folder / RESULT)
    expected = read_proposal(folder / PROPOSAL).hash
    if result.proposal.hash != expected:
        raise IndexkitError(
            f"{folder / RESULT} is of another proposal: expected {expected}, found "
            f"{result.proposal.hash}."
        )
    return result


def _check_terms(seat: Seat, terms: Terms) -> None:
    """Refuse terms that the author made up: window and abstention are the governor's."""
    window, _ = seat.window(terms.proposal, _day(terms))
    for name, stated, told in (
        ("window", terms.window, window),
        ("can_abstain", terms.can_abstain, seat.adapter.canAbstain()),
    ):
        if stated != told:
            raise IndexkitError(
                f"The terms of the vote are not the governor's: {name}: expected {told}, found "
                f"{stated}."
            )


def _receipt_differences(
    folder: Path, result: Result, cast: Sequence[tuple[Outcome, str]]
) -> Iterator[str]:
    """Yield what the receipt, if there is one, says otherwise than result and chain."""
    if not (folder / RECEIPT).exists():
        return
    receipt = documents.read(folder / RECEIPT)
    for key, value in (("result", result.document()["sha256"]), ("outcome", str(result.outcome))):
        if receipt.get(key) != value:
            yield f"receipt {key}: expected {value}, found {receipt.get(key)}."
    transactions = [transaction for _, transaction in cast]
    if receipt.get("transaction") not in transactions:
        wanted = " or ".join(transactions) or "none"
        yield f"receipt transaction: expected {wanted}, found {receipt.get('transaction')}."


def _seat(terms: Terms) -> Seat:
    """Find the seat, and refuse another adapter than the one voted on."""
    seat = seat_of(terms.index_token, terms.governor)
    if seat.adapter.address != terms.adapter:
        raise IndexkitError(
            f"The name {terms.governor!r} stood for {terms.adapter} when the vote was opened, and "
            f"stands for {seat.adapter.address} now: open a new vote."
        )
    return seat


def _reader(folder: Path) -> ChainReader:
    return ChainReader(lists=folder / LISTS)


def _day(terms: Terms) -> int:
    return terms.clock.blocks_per_day if terms.clock else BLOCKS_PER_DAY
