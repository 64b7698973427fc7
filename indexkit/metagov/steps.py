"""The first steps of a vote off chain: propose, vote, tally; `casting` has execute and verify.

All files of a vote are in one folder:

- ``proposal.json``: what is voted on, signed by its author;
- ``ballots/``: one file a ballot, as voters hand them in;
- ``lists/``: who may claim what of a distributor, if that counts;
- ``result.json``: the count, which anyone repeats from the same ballots;
- ``receipt.json``: the transaction by which the index voted.

Each step reads what the one before left, checks it, and writes its own file or nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import ape
from eth_utils.address import to_checksum_address

from indexkit import documents
from indexkit.deploy import BLOCKS_PER_DAY
from indexkit.errors import IndexkitError
from indexkit.metagov.deployed import LISTS, Deployed
from indexkit.metagov.envelope import Signed, read_proposal, sign
from indexkit.metagov.places import NOWHERE, Places
from indexkit.metagov.reader import ChainReader
from indexkit.metagov.result import Result, count
from indexkit.metagov.seat import Seat, clock, seat_of
from indexkit.metagov.snapshot import CHOICES, Proposal, Vote
from indexkit.metagov.strategies import check
from indexkit.metagov.terms import Terms
from indexkit.metagov.window import Clock

if TYPE_CHECKING:
    from ape.api import AccountAPI

SPACE = "index"
"""Index Coop's space on Snapshot."""

QUORUM_BPS = 500
"""5 % (IIP-8)."""

PROPOSAL, BALLOTS, RESULT, RECEIPT = "proposal.json", "ballots", "result.json", "receipt.json"


def propose(
    folder: Path,
    account: "AccountAPI",
    *,
    index: str,
    governor: str,
    proposal: int,
    vote_token: str,
    circulating: int | None = None,
    title: str,
    strategies: Sequence[str] = ("delegated",),
    blocks_per_day: int = BLOCKS_PER_DAY,
    space: str = SPACE,
    deployed: Deployed | None = None,
) -> Signed[Proposal]:
    """Open the vote on a proposal of an external governor; the snapshot is the latest block.

    Parameters
    ----------
    folder
        Where the files of this vote go; it must not have a proposal yet.
    account
        Signs as the author.
    index
        The SetToken.
    governor, proposal
        The adapter's name, and the proposal's number in the governor.
    vote_token
        INDEX.
    circulating
        What 5 % is taken of {INDEX base units}; none if the deployment tells.
    title, space
        For Snapshot.
    strategies
        How power is counted, see `indexkit.metagov.strategies`.
    blocks_per_day
        24 hours, for governors that count blocks.
    deployed
        The contracts that hold INDEX for others, for the strategies that count them. They are
        pinned in the terms, and the circulating supply is reckoned from them.

    Raises
    ------
    IndexkitError
        If there is nothing to vote on any more, the folder is taken, or something cannot be
        counted.
    """
    if (folder / PROPOSAL).exists():
        raise IndexkitError(f"{folder} has a proposal already: name another folder.")
    places = deployed.places if deployed else NOWHERE
    _check_input(proposal, vote_token, title, strategies, places)
    head = ape.chain.provider.get_block("latest")
    snapshot = int(head.number or 0)
    terms = terms_now(
        seat_of(index, governor),
        proposal,
        vote_token=vote_token,
        circulating=_circulating(circulating, deployed, vote_token, snapshot, strategies),
        strategies=strategies,
        blocks_per_day=blocks_per_day,
        places=places,
    )
    if clock(terms.window) > terms.window.latest_opening:
        raise IndexkitError(
            f"The vote on proposal {proposal} of {governor} closes at {terms.window.unit[:-1]} "
            f"{terms.window.close:,}, too soon for its holders: it had to be opened by "
            f"{terms.window.latest_opening:,}."
        )
    message = Proposal(
        author=account.address,
        space=space,
        timestamp=head.timestamp,
        title=title,
        snapshot=snapshot,
        terms=terms,
    )
    signed = sign(message, account)
    try:
        (folder / BALLOTS).mkdir(parents=True, exist_ok=True)
        if deployed:
            deployed.write_lists(folder / LISTS)
    except OSError as error:
        raise IndexkitError(
            f"{folder} cannot be written ({error.strerror}): name another folder."
        ) from error
    documents.write(folder / PROPOSAL, signed.document())
    return signed


def terms_now(
    seat: Seat,
    proposal: int,
    *,
    vote_token: str,
    circulating: int,
    strategies: Sequence[str],
    blocks_per_day: int,
    places: Places = NOWHERE,
) -> Terms:
    """Return the terms of a vote that is opened now; parameters as of `propose`.

    Raises
    ------
    IndexkitError
        If there is no such proposal, or it is neither pending nor active.
    """
    window, is_open = seat.window(proposal, blocks_per_day)
    if not is_open:
        raise IndexkitError(
            f"Proposal {proposal} of {seat.name} is neither pending nor active: there is nothing "
            "to decide."
        )
    head = ape.chain.provider.get_block("latest")
    stated = Clock(int(head.number or 0), head.timestamp, blocks_per_day)
    return Terms(
        chain_id=ape.chain.chain_id,
        governor=seat.name,
        adapter=seat.adapter.address,
        proposal=proposal,
        can_abstain=seat.adapter.canAbstain(),
        index_token=seat.index.address,
        vote_token=vote_token,
        window=window,
        clock=None if window.in_seconds else stated,
        strategies=tuple(strategies),
        quorum_bps=QUORUM_BPS,
        circulating=circulating,
        places=places,
    )


def vote(folder: Path, account: "AccountAPI", choice: str, reason: str = "") -> Path:
    """Sign a ballot, stamped with the chain's time, and put it into the box.

    Raises
    ------
    IndexkitError
        If the vote is not open, or there is no such choice.
    """
    proposal = read_proposal(folder / PROPOSAL)
    names = [name.lower() for name in CHOICES]
    if choice.lower() not in names:
        raise IndexkitError(f"{choice!r} is no choice: one of {', '.join(names)}.")
    now = ape.chain.provider.get_block("latest").timestamp
    message = proposal.message
    if not message.start <= now < message.end:
        raise IndexkitError(
            f"Ballots count from {message.start} to {message.end}, and the chain's time is {now}: "
            "this one would not count."
        )
    ballot = Vote(
        author=account.address,
        space=message.space,
        timestamp=now,
        proposal=proposal.hash,
        choice=names.index(choice.lower()) + 1,
        reason=reason,
    )
    return sign(ballot, account).write(folder / BALLOTS)


def tally(folder: Path) -> Result:
    """Count the ballots once the vote has closed, and write the result.

    Raises
    ------
    IndexkitError
        If it is too early, or the chain is another one.
    """
    proposal = read_proposal(folder / PROPOSAL)
    message = proposal.message
    now = ape.chain.provider.get_block("latest").timestamp
    window = message.terms.window
    if now < message.end or clock(window) < window.close:
        raise IndexkitError(
            f"The vote closes at second {message.end} for the voters, and at {window.unit[:-1]} "
            f"{window.close:,} of the governor's: count it then."
        )
    result = count(proposal, folder / BALLOTS, ChainReader(lists=folder / LISTS))
    result.write(folder / RESULT)
    return result


def _check_input(
    proposal: int, vote_token: str, title: str, strategies: Sequence[str], places: Places
) -> None:
    """Refuse now what would only be noticed when the vote has closed."""
    check(strategies, places)
    if not 0 <= proposal < 2**256:
        raise IndexkitError(f"{proposal} is no number of a proposal: it has 256 bits at most.")
    if not title.isprintable():
        raise IndexkitError(f"{title!r} cannot be a title: use characters that can be shown.")
    try:
        ChainReader().view(
            to_checksum_address(vote_token), "totalSupply()", block=ChainReader().head()
        )
    except ValueError as error:
        raise IndexkitError(f"{vote_token!r} is no token's address: name INDEX.") from error


def _circulating(
    stated: int | None,
    deployed: Deployed | None,
    vote_token: str,
    snapshot: int,
    strategies: Sequence[str],
) -> int:
    """Return the stated circulating supply, or the one that the deployment tells."""
    if (stated is None) is (deployed is None):
        raise IndexkitError(
            "The quorum is a share of the circulating supply: state it, or name the deployment "
            "that it is reckoned from, one of both."
        )
    if deployed is None:
        assert stated is not None
        return stated
    if deployed.token != vote_token:
        raise IndexkitError(
            f"The deployment record is of {deployed.token}, and {vote_token} votes: name the "
            "record of the token that votes."
        )
    return deployed.try_out(snapshot, strategies)
