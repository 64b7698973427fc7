"""What operators and holders do with the published lists: epochs to publish, claims to make."""

from pathlib import Path
from typing import Any

from indexkit.economics.epoch_files import verify_epoch, write_epoch
from indexkit.economics.epochs import from_lists
from indexkit.economics.lists import INITIAL, REWARDS, read_initial, read_rewards
from indexkit.economics.record import read_deployment
from indexkit.errors import IndexkitError


def write_epochs(deployment: Path, folder: Path, lists: Path = REWARDS) -> tuple[Path, ...]:
    """Write the epochs that monthly lists make for a deployed distributor, a file for each.

    Files that are there already must be the same.

    Parameters
    ----------
    deployment
        The deployment record.
    folder
        Gets the files.
    lists
        Monthly lists, see `indexkit.economics.lists`.

    Raises
    ------
    IndexkitError
        A record or a list is wrong, or another epoch is there under the same name.
    """
    record = read_deployment(deployment)
    epochs = from_lists(record.chain_id, record.distributor, read_rewards(lists))
    return tuple(write_epoch(folder, epoch) for epoch in epochs)


def proofs_of(account: str, epochs: Path | None = None, listed: Path = INITIAL) -> dict[str, Any]:
    """Return what an account may claim, with the arguments of the calls that pay it.

    Parameters
    ----------
    account
        Its address.
    epochs
        Folder or file of epochs, which is verified; without it, the initial distribution alone.
    listed
        List of the initial distribution.

    Returns
    -------
    dict
        ``claim`` and ``claimEpochs``: the arguments of these functions of MerkleDistributor, by
        their names; amounts {INDEX base units} as text. What is missing has nothing to claim.

    Raises
    ------
    IndexkitError
        The account is in neither, or a file was changed.
    """
    found: dict[str, Any] = {}
    initial = read_initial(listed)
    if any(claim.account.lower() == account.lower() for claim in initial.claims):
        index, claim, proof = initial.find(account)
        found["claim"] = {
            "index": str(index),
            "account": claim.account,
            "amount": str(claim.amount),
            "merkleProof": _hex(proof),
        }
    latest = None if epochs is None else verify_epoch(epochs)
    if latest and any(entry.account.lower() == account.lower() for entry in latest.entries):
        entry = latest.find(account)
        found["claimEpochs"] = {
            "account": entry.account,
            "cumulative": str(entry.cumulative),
            "proof": _hex(entry.proof),
        }
    if not found:
        looked = "" if latest else "; name the epochs with --epochs to look there too"
        raise IndexkitError(f"{account} is in no list: there is nothing to claim{looked}.")
    return found


def _hex(proof: tuple[bytes, ...]) -> list[str]:
    return ["0x" + sibling.hex() for sibling in proof]
