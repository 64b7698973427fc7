"""Epochs of the distributor: from monthly lists to a root that pays every month at once.

A leaf has what an account has earned in all epochs together, so one claim collects every month that
was missed. `indexkit.economics.epoch_files` writes epochs, and reads and verifies them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eth_utils.address import is_checksum_address

from indexkit.economics.lists import ClaimList
from indexkit.economics.merkle_tree import Proof, epoch_leaf, standard
from indexkit.errors import IndexkitError

NO_ROOT = bytes(32)
"""What stands for the root before the first epoch, in the contract too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An account's claim: the arguments of `claimEpochs`.

    Attributes
    ----------
    account
        A checksummed address.
    cumulative
        What it has earned in all epochs together {base units}.
    proof
        Leads to the epoch's root.
    """

    account: str
    cumulative: int
    proof: Proof


@dataclass(frozen=True, slots=True)
class Epoch:
    """An epoch: a root and all its claims.

    Attributes
    ----------
    chain_id, distributor
        The contract that pays.
    number
        From 1.
    previous, root
        Of the epoch before (`NO_ROOT` for the first) and of this one.
    entries
        Ordered by account, as text.
    """

    chain_id: int
    distributor: str
    number: int
    previous: bytes
    root: bytes
    entries: tuple[Entry, ...]

    @property
    def total(self) -> int:
        """What all accounts have earned in all epochs together {base units}."""
        return sum(entry.cumulative for entry in self.entries)

    @property
    def cumulative(self) -> dict[str, int]:
        """What each account has earned in all epochs together {base units}."""
        return {entry.account: entry.cumulative for entry in self.entries}

    def find(self, account: str) -> Entry:
        """Return an account's claim.

        Raises
        ------
        IndexkitError
            It has none.
        """
        for entry in self.entries:
            if entry.account.lower() == account.lower():
                return entry
        raise IndexkitError(f"{account} is not in epoch {self.number}: there is nothing to claim.")

    def document(self) -> dict[str, Any]:
        """Return the content of its file."""
        return {
            "chain": self.chain_id,
            "distributor": self.distributor,
            "epoch": self.number,
            "previous": _hex(self.previous),
            "root": _hex(self.root),
            "total": str(self.total),
            "claims": {
                entry.account: {
                    "cumulative": str(entry.cumulative),
                    "proof": [_hex(sibling) for sibling in entry.proof],
                }
                for entry in self.entries
            },
        }


def accumulate(
    lists: Iterable[ClaimList], before: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return what each account has earned in all lists together {base units}.

    Parameters
    ----------
    lists
        What is added.
    before
        What was earned until then.
    """
    earned = dict(before or {})
    for one in lists:
        for claim in one.claims:
            earned[claim.account] = earned.get(claim.account, 0) + claim.amount
    return earned


def build(
    chain_id: int, distributor: str, cumulative: Mapping[str, int], previous: Epoch | None = None
) -> Epoch:
    """Return the epoch that follows another one, or the first.

    Parameters
    ----------
    chain_id, distributor
        The contract that pays.
    cumulative
        What each account has earned in all epochs together {base units}.
    previous
        The epoch before.

    Raises
    ------
    IndexkitError
        Nobody has earned anything, an address or a number is no good, the epoch before is another
        contract's, or an account would have less than in it: what was earned stays earned.
    """
    _check_claims(distributor, cumulative)
    if previous is not None:
        check_follows(chain_id, distributor, cumulative, previous)
    accounts = sorted(cumulative)
    tree = standard([epoch_leaf(chain_id, distributor, one, cumulative[one]) for one in accounts])
    return Epoch(
        chain_id,
        distributor,
        1 if previous is None else previous.number + 1,
        NO_ROOT if previous is None else previous.root,
        tree.root,
        tuple(
            Entry(account, cumulative[account], proof)
            for account, proof in zip(accounts, tree.proofs, strict=True)
        ),
    )


def check_follows(
    chain_id: int, distributor: str, cumulative: Mapping[str, int], previous: Epoch
) -> None:
    """Require that claims can follow an epoch: the same contract's, and nobody has less.

    Raises
    ------
    IndexkitError
        Naming the first account that would have less, with both amounts {base units}.
    """
    if (chain_id, distributor) != (previous.chain_id, previous.distributor):
        raise IndexkitError(
            f"Epoch {previous.number} is of {previous.distributor} on chain {previous.chain_id}, "
            f"not of {distributor} on chain {chain_id}: build on the right one."
        )
    for account, before in previous.cumulative.items():
        if (now := cumulative.get(account, 0)) < before:
            raise IndexkitError(
                f"{account} would have {now}, less than the {before} of epoch {previous.number}: "
                "what was earned stays earned; add to it."
            )


def from_lists(chain_id: int, distributor: str, lists: Iterable[ClaimList]) -> tuple[Epoch, ...]:
    """Return an epoch for each list, in their order."""
    epochs: list[Epoch] = []
    for one in lists:
        previous = epochs[-1] if epochs else None
        earned = accumulate([one], previous.cumulative if previous else None)
        epochs.append(build(chain_id, distributor, earned, previous))
    return tuple(epochs)


def check_published(epoch: Epoch, number: int, root: bytes, total: int) -> None:
    """Require that an epoch is the one the contract has.

    Parameters
    ----------
    epoch
        As read from its file.
    number, root, total
        `epoch`, `epochRoot` and `epochTotal` {base units} of the contract that the file names.

    Raises
    ------
    IndexkitError
        Naming the first that differs.
    """
    for name, expected, found in (
        ("epoch", str(number), str(epoch.number)),
        ("root", _hex(root), _hex(epoch.root)),
        ("total", str(total), str(epoch.total)),
    ):
        if expected != found:
            raise IndexkitError(
                f"The {name} of the contract {epoch.distributor} is {expected}, not {found}: get "
                "the file of the epoch that was published."
            )


def _check_claims(distributor: str, cumulative: Mapping[str, int]) -> None:
    for address in (distributor, *cumulative):
        if not is_checksum_address(address):
            raise IndexkitError(f"{address} has no valid EIP-55 checksum: correct the address.")
    for account, amount in cumulative.items():
        if not 0 < amount < 2**256:
            raise IndexkitError(
                f"{account} has earned {amount}, not a number above zero of at most 256 bits: "
                "leave it out, or correct it."
            )
    if sum(cumulative.values()) >= 2**256:
        raise IndexkitError("The claims add up to more than 256 bits: correct the amounts.")


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
