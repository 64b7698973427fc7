"""Executing a pack by its Safe, and the record of it: the content of `5-submission.json`."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ape.exceptions import ContractLogicError

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.signing.checks import Check
from indexkit.signing.effects import balances, effects, without_ether_of
from indexkit.signing.handles import handles
from indexkit.signing.pack import Pack
from indexkit.signing.simulation import simulate

if TYPE_CHECKING:
    from ape.api import AccountAPI

COMPARED = ("events", "balances", "parameters", "rebalance")
"""Parts of `effects` that must be what was simulated; gas depends on how owners sign."""


def execute(
    pack: Pack,
    signers: "Sequence[AccountAPI]",
    sender: "AccountAPI",
    simulated: Mapping[str, Any] | None = None,
    *,
    keep: Callable[[Mapping[str, Any]], object] = lambda _: None,
) -> dict[str, Any]:
    """Have owners sign a pack, anyone execute it, and compare with the simulation.

    Parameters
    ----------
    signers
        Owners, as many as the Safe asks for.
    sender
        Pays the gas.
    simulated
        What `simulate` returned; by default it is simulated now, which takes a fork.
    keep
        Is given what is returned before it is compared: it was sent, whatever it did.

    Returns
    -------
    dict
        `transaction`, `block` and `gas`, and `effects`: what it did.

    Raises
    ------
    IndexkitError
        If the Safe refuses it, or it did something else than was simulated.
    """
    expected = simulate(pack) if simulated is None else simulated
    on = handles(pack.state)
    before = balances(pack, on)
    try:
        signatures = on.safe.sign(pack.transaction, signers)
        receipt = on.safe.execute(pack.transaction, signatures, sender)
    except ContractLogicError as error:
        raise IndexkitError(
            f"{pack.units.name}: the Safe refused its transaction ({error}): run the preflight, "
            "and compose the pack again."
        ) from error
    found = effects(pack, on, without_ether_of([str(sender.address)], before), receipt)
    executed = {
        "transaction": str(receipt.txn_hash),
        "block": int(receipt.block_number),
        "gas": int(receipt.gas_used),
        "effects": found,
    }
    keep(executed)
    require_as_simulated(expected, found)
    return executed


def require_as_simulated(simulated: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Refuse what differs from the simulation in an event, a balance or a parameter.

    Raises
    ------
    IndexkitError
        Naming the first difference.
    """
    expected, happened = ({key: each[key] for key in COMPARED} for each in (simulated, found))
    for place, wanted, is_there in documents.differences(expected, happened):
        raise IndexkitError(
            f"The transaction did not do what was simulated: {place}: simulated {wanted}, "
            f"happened {is_there}: stop trading and look into it."
        )


def submission(
    pack: Pack,
    checks: Sequence[Check],
    simulated: Mapping[str, Any] | None = None,
    executed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the content of `5-submission.json`.

    Parameters
    ----------
    checks
        Of the preflight.
    simulated
        What `simulate` returned; None if it was not.
    executed
        What `execute` returned; None if it was not.
    """
    kept = ("transaction", "block", "gas")
    return {
        "safe": pack.state.safe,
        "nonce": pack.state.safe_nonce,
        "safe_tx_hash": "0x" + pack.hashes.transaction.hex(),
        "calldata": pack.calldata,
        "calldata_digest": pack.calldata_digest,
        "checks": [check.as_json() for check in checks],
        "simulated": None if simulated is None else dict(simulated),
        "executed": None if executed is None else {key: executed[key] for key in kept},
    }


def verify_submission(content: Mapping[str, Any], pack: Pack) -> None:
    """Refuse a record that is not of this pack.

    Raises
    ------
    IndexkitError
        Naming the first figure that differs.
    """
    expected = submission(pack, ())
    keys = ("safe", "nonce", "safe_tx_hash", "calldata", "calldata_digest")
    for key in keys:
        for place, wanted, found in documents.differences(expected[key], content.get(key), key):
            raise IndexkitError(
                f"5-submission.json: {place}: expected {wanted}, found {found}: "
                "it records another pack."
            )
