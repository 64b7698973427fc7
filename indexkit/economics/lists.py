"""The published lists of who may claim how much INDEX: the initial distribution, and the rewards.

Each file says from where it was transcribed. Its totals and its Merkle roots are computed anew from
its claims whenever it is read: one amount, account or place changed, and it is refused.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from indexkit import documents
from indexkit.economics.merkle_tree import Proof, Tree, initial_leaf, layered
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, NAME, Kind, Record

FOLDER = Path(__file__).resolve().parents[2] / "data" / "token"
INITIAL = FOLDER / "initial_distribution.json"
REWARDS = FOLDER / "contributor_rewards.json"


def _quantity(value: object) -> int | None:
    if not isinstance(value, str) or not re.fullmatch("[1-9][0-9]{0,77}", value):
        return None
    return int(value) if int(value) < 2**256 else None


def _hash(value: object) -> bytes | None:
    if not isinstance(value, str) or not re.fullmatch("0x[0-9a-f]{64}", value):
        return None
    return bytes.fromhex(value[2:])


QUANTITY = Kind("a whole number above zero of at most 256 bits, written as text", _quantity)
HASH = Kind("32 bytes of lower-case hex after 0x", _hash)
MONTH = Kind(
    "a month such as 2020-11",
    lambda value: (
        value if isinstance(value, str) and re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value) else None
    ),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One entry of a list.

    Attributes
    ----------
    account
        A checksummed address.
    amount
        {INDEX base units}, above zero.
    """

    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class ClaimList:
    """A published list, whose root and total are right.

    Attributes
    ----------
    name
        "initial", or the month as 2020-11.
    distributor
        The contract that paid it on mainnet; None for a list of one's own.
    root
        Of its Merkle tree.
    claims
        In the order of their indices, from 0; each account once.
    proofs
        Of each claim, in the same order.
    """

    name: str
    distributor: str | None
    root: bytes
    claims: tuple[Claim, ...]
    proofs: tuple[Proof, ...] = field(repr=False)

    @property
    def total(self) -> int:
        """The sum of all amounts {INDEX base units}."""
        return sum(claim.amount for claim in self.claims)

    def find(self, account: str) -> tuple[int, Claim, Proof]:
        """Return an account's index, claim and proof: the arguments of the contract's `claim`.

        Raises
        ------
        IndexkitError
            The account is not in the list.
        """
        for index, claim in enumerate(self.claims):
            if claim.account.lower() == account.lower():
                return index, claim, self.proofs[index]
        raise IndexkitError(f"{account} is not in the list {self.name}: there is nothing to claim.")


def tree_of(claims: tuple[Claim, ...]) -> Tree:
    """Return the Merkle tree of a list's claims."""
    return layered(
        [initial_leaf(index, claim.account, claim.amount) for index, claim in enumerate(claims)]
    )


def read_initial(path: Path = INITIAL) -> ClaimList:
    """Read the initial distribution.

    Raises
    ------
    IndexkitError
        A field is missing or wrong, an account is named twice, or total or root are not those of
        the claims.
    """
    record = _record(path)
    return _claim_list(record, record.read("name", NAME))


def read_rewards(path: Path = REWARDS) -> tuple[ClaimList, ...]:
    """Read the contributors' rewards, a list for each month, in their order.

    Raises
    ------
    IndexkitError
        As `read_initial`, or the months are not in order.
    """
    record = _record(path)
    lists = tuple(
        _claim_list(entry, entry.read("name", MONTH)) for entry in record.records("lists", "name")
    )
    names = [one.name for one in lists]
    if not names or names != sorted(set(names)):
        raise record.error(f"the months are {', '.join(names) or 'none'}: name each once, in order")
    return lists


def _record(path: Path) -> Record:
    return Record(path.name, documents.read(path))


def _claim_list(record: Record, name: str) -> ClaimList:
    claims = tuple(
        Claim(entry.read("account", ADDRESS), entry.read("amount", QUANTITY))
        for entry in record.records("claims", "account")
    )
    root = record.read("root", HASH)
    paid = "distributor" in record.fields
    distributor = record.read("distributor", ADDRESS) if paid else None
    if not claims:
        raise record.error("there are no claims: list at least one")
    account, times = Counter(claim.account for claim in claims).most_common(1)[0]
    if times > 1:
        raise record.error(f"{account} is named {times} times: name each account once")
    if (total := sum(claim.amount for claim in claims)) != record.read("total", QUANTITY):
        raise record.error(
            f"the amounts add up to {total}, not to the total: correct what is wrong"
        )
    if (tree := tree_of(claims)).root != root:
        raise record.error(
            f"the root of the claims is 0x{tree.root.hex()}, not the one that is named: an account,"
            " an amount or the order is not as published"
        )
    return ClaimList(name, distributor, root, claims, tree.proofs)
