"""Where INDEX lies for others: the contracts that a vote reads, pinned in its terms."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, Kind, Record

Addresses = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Distributor:
    """A MerkleDistributor and the files of those it owes.

    Attributes
    ----------
    address
        The contract.
    lists
        SHA-256 of each file's canonical text: the initial list, and the epoch of the snapshot, if
        there is one.
    """

    address: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The contracts that hold INDEX for others, each in one list, and once.

    Attributes
    ----------
    vesting
        TokenStreams.
    farms
        StakingRewards that pay INDEX, or in which INDEX or a pool's LP token is staked.
    unclaimed
        MerkleDistributors.
    bounty
        MethodologistBounties.
    pools
        Uniswap V2 pairs of INDEX.
    treasury
        Accounts of the community's treasury: what they have does not circulate.

    Raises
    ------
    IndexkitError
        A contract is named twice: its coins would be counted twice (V-8).
    """

    vesting: Addresses = ()
    farms: Addresses = ()
    unclaimed: tuple[Distributor, ...] = ()
    bounty: Addresses = ()
    pools: Addresses = ()
    treasury: Addresses = ()

    def __post_init__(self) -> None:
        """Refuse what is named twice, by its name and lists."""
        found: dict[str, str] = {}
        for kind, address in self.named():
            if address in found:
                where = (
                    f"twice among {kind}" if found[address] == kind else f"{found[address]}, {kind}"
                )
                raise IndexkitError(
                    f"{address} is named {where}: its coins would be counted twice; name it once."
                )
            found[address] = kind
        for distributor in self.unclaimed:
            for digest in distributor.lists:
                if distributor.lists.count(digest) > 1:
                    raise IndexkitError(
                        f"The list {digest} of {distributor.address} is named twice: name it once."
                    )

    @property
    def contracts(self) -> Addresses:
        """All contracts that hold INDEX for others."""
        return tuple(address for kind, address in self.named() if kind != "treasury")

    def of(self, kind: str) -> Addresses:
        """Return the contracts of a list, by the list's name."""
        return tuple(address for name, address in self.named() if name == kind)

    def lists_of(self, distributor: str) -> tuple[str, ...]:
        """Return the digests of a distributor's files."""
        return next(one.lists for one in self.unclaimed if one.address == distributor)

    def as_json(self) -> dict[str, Any]:
        """Return all lists by their names."""
        content: dict[str, Any] = {
            entry.name: list(getattr(self, entry.name)) for entry in fields(self)
        }
        content["unclaimed"] = [
            {"distributor": one.address, "lists": list(one.lists)} for one in self.unclaimed
        ]
        return content

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield the name of a list and an address in it, for all of them."""
        for entry in fields(self):
            for one in getattr(self, entry.name):
                yield entry.name, one.address if isinstance(one, Distributor) else one


NOWHERE = Places()


def places_of(record: Record) -> Places:
    """Read the field of a vote's terms.

    Raises
    ------
    IndexkitError
        Naming what is missing, wrong, or named twice.
    """
    lists = {
        kind: record.read(kind, ADDRESSES)
        for kind in ("vesting", "farms", "bounty", "pools", "treasury")
    }
    unclaimed = tuple(
        Distributor(entry.read("distributor", ADDRESS), entry.read("lists", DIGESTS))
        for entry in record.records("unclaimed", "distributor")
    )
    try:
        return Places(unclaimed=unclaimed, **lists)
    except IndexkitError as error:
        raise record.error(error.message.rstrip(".")) from error


def _all(kind: Kind[str], value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or any(kind.parse(entry) is None for entry in value):
        return None
    return tuple(value)


def _digest(value: object) -> str | None:
    good = isinstance(value, str) and len(value) == 64 and not {*value} - {*"0123456789abcdef"}
    return str(value) if good else None


DIGEST = Kind("a SHA-256 as lower-case hex", _digest)
ADDRESSES = Kind(
    "a list of addresses with valid EIP-55 checksums", lambda value: _all(ADDRESS, value)
)
DIGESTS = Kind("a list of SHA-256 as lower-case hex", lambda value: _all(DIGEST, value))


def merged(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sums of several accounts of who has how much {INDEX base units}."""
    sums: dict[str, int] = {}
    for part in parts:
        for account, amount in part.items():
            sums[account] = sums.get(account, 0) + amount
    return sums
