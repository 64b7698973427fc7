"""Making a call as whoever has a role: an account, or a Safe by its owners."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ape

from indexkit.errors import IndexkitError
from indexkit.safe import Call, safe_at

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI


def act_as(acting: str, call: Call, signers: "Sequence[AccountAPI]", name: str) -> "ReceiptAPI":
    """Make a call as an account, or as the owners of the Safe that it is.

    Parameters
    ----------
    acting
        Who must call.
    call
        What.
    signers
        The account itself, or the owners.
    name
        For whom it acts.

    Raises
    ------
    IndexkitError
        These accounts cannot act for it.
    ContractLogicError
        If the call is refused.
    """
    (first, *_) = signers
    if acting in {account.address for account in signers}:
        sender = next(account for account in signers if account.address == acting)
        return sender.transfer(call.to, call.value, data=call.data)
    if not ape.chain.provider.get_code(acting):
        raise IndexkitError(
            f"{acting} acts for {name}, and {first.address} does not: "
            "give its account with --account."
        )
    safe = safe_at(acting)
    owners, threshold = safe.contract.getOwners(), safe.contract.getThreshold()
    for account in signers:
        if account.address not in owners:
            raise IndexkitError(
                f"{account.address} is no owner of the Safe {acting}: leave it out."
            )
    if len(signers) < threshold:
        raise IndexkitError(
            f"The Safe {acting} asks for {threshold} owners' signatures, and {len(signers)} "
            "given: repeat --account."
        )
    return safe.run(signers, call)
