"""MerkleDistributor: what the published lists have for an account, and it has not claimed.

The lists are files, pinned by their digests, and each is the one that its root on chain stands for:
of the initial distribution, and of the epoch that was the latest at the end of the block.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from indexkit import documents
from indexkit.economics.epoch_files import read_epoch
from indexkit.economics.epochs import Epoch
from indexkit.economics.lists import ClaimList, read_initial
from indexkit.errors import IndexkitError
from indexkit.metagov.moment import Event, Kind, Moment
from indexkit.metagov.places import merged

CLAIMED = Kind("Claimed", (), ("uint256", "address", "uint256"))
PUBLISHED = Kind("EpochPublished", ("uint256", "bytes32"), ("uint256", "uint256"))
EPOCH_CLAIMED = Kind("EpochClaimed", ("uint256", "address"), ("uint256", "uint256"))


@dataclass(slots=True)
class Books:
    """A distributor, step by step.

    Attributes
    ----------
    claimed
        Indices of the initial list that were paid.
    epoch, root
        The latest, or 0 and None.
    reserved
        For epochs, and not paid {INDEX base units}.
    paid
        By epochs, by account {INDEX base units}.
    """

    claimed: set[int] = field(default_factory=set)
    epoch: int = 0
    root: bytes | None = None
    reserved: int = 0
    paid: dict[str, int] = field(default_factory=dict)


def owners(contract: str, moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return what each account of the lists could claim at the end of the block.

    Raises
    ------
    IndexkitError
        A list is missing, or is not the one whose root the contract has; or an epoch's list names
        more than was paid in for it.
    """
    moment.require_token(contract, "unclaimed")
    initial, epochs = _lists(contract, moment)
    root = moment.view(contract, "merkleRoot()").to_bytes(32, "big")
    if root != (initial.root if initial else bytes(32)):
        raise IndexkitError(
            f"No list of {contract} has the root 0x{root.hex()} of its initial distribution: add "
            "the published file."
        )
    before, after = moment.split(contract, (CLAIMED, PUBLISHED, EPOCH_CLAIMED))
    books = Books()
    book(books, before)
    by_epochs = _of_epoch(books, _current(books, epochs, contract))
    if (owed := sum(by_epochs.values())) > books.reserved:
        raise IndexkitError(
            f"Epoch {books.epoch} of {contract} names {owed} that is not claimed, and "
            f"{books.reserved} is there for it: leave the contract out."
        )
    found = merged((_of_initial(books, initial), by_epochs))
    book(books, after)
    _meet(contract, moment, books, initial, voters)
    return found


def book(books: Books, events: Iterable[Event]) -> None:
    """Follow a distributor's events."""
    for event in events:
        if event.name == CLAIMED.name:
            books.claimed.add(event.values[0])
        elif event.name == PUBLISHED.name:
            books.epoch, books.root, _, added = event.values
            books.reserved += added
        else:
            _, account, amount, cumulative = event.values
            books.reserved -= amount
            books.paid[account] = cumulative


def _lists(contract: str, moment: Moment) -> tuple[ClaimList | None, dict[bytes | None, Epoch]]:
    """Read the pinned files: the initial list, and epochs by root."""
    initial: ClaimList | None = None
    epochs: dict[bytes | None, Epoch] = {}
    for digest in moment.places.lists_of(contract):
        path = moment.reader.file(digest)
        if "epoch" in documents.read(path):
            epoch = read_epoch(path)
            if (epoch.chain_id, epoch.distributor) != (moment.reader.chain_id(), contract):
                raise IndexkitError(
                    f"{path.name} is of {epoch.distributor} on chain {epoch.chain_id}, not of "
                    f"{contract}: leave it out."
                )
            epochs[epoch.root] = epoch
        else:
            initial = read_initial(path)
    return initial, epochs


def _current(books: Books, epochs: Mapping[bytes | None, Epoch], contract: str) -> Epoch | None:
    if books.root is not None and books.root not in epochs:
        raise IndexkitError(
            f"No list of {contract} has the root 0x{books.root.hex()} of epoch {books.epoch}: add "
            "the published file."
        )
    return epochs.get(books.root)


def _of_initial(books: Books, initial: ClaimList | None) -> dict[str, int]:
    claims = enumerate(initial.claims if initial else ())
    return {claim.account: claim.amount for place, claim in claims if place not in books.claimed}


def _of_epoch(books: Books, epoch: Epoch | None) -> dict[str, int]:
    entries = epoch.entries if epoch else ()
    return {
        entry.account: max(0, entry.cumulative - books.paid.get(entry.account, 0))
        for entry in entries
    }


def _meet(
    contract: str,
    moment: Moment,
    books: Books,
    initial: ClaimList | None,
    voters: Collection[str],
) -> None:
    moment.expect(contract, "the number of epochs", books.epoch, moment.view(contract, "epoch()"))
    paid_in, paid = (moment.view(contract, f"{name}()") for name in ("epochTotal", "epochPaid"))
    moment.expect(contract, "what is there for epochs", books.reserved, paid_in - paid)
    for place, claim in enumerate(initial.claims if initial else ()):
        if claim.account in voters:
            told = moment.view(contract, "isClaimed(uint256)", place)
            moment.expect(contract, f"the claim of {claim.account}", place in books.claimed, told)
    for voter in voters:
        told = moment.view(contract, "claimedEpochs(address)", voter)
        reckoned = books.paid.get(voter, 0)
        moment.expect(contract, f"what epochs paid {voter}", reckoned, told)
