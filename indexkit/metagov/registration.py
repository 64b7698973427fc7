"""Votes that count only once they are registered: tokens of COMP's kind, delegated to the index.

A governor of Compound's kind counts at a proposal's start block what was delegated by then. A
component that an index has bought counts for nobody until the index delegates it to itself, and for
no proposal that started before.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ape import project
from ape.exceptions import ApeException

from indexkit.deploy import GOVERNORS, NOBODY
from indexkit.errors import IndexkitError
from indexkit.localnet import protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.metagov.seat import Seat, act, seat_of

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI


def missing(index: str, governors: Sequence[str] = GOVERNORS) -> tuple[Seat, ...]:
    """Return the governors in which components of an index have no votes yet.

    Parameters
    ----------
    index
        The SetToken.
    governors
        Names in the IntegrationRegistry; those without an adapter are passed over.

    Raises
    ------
    IndexkitError
        If there is no index at the address.
    """
    try:
        components = project.SetToken.at(index).getComponents()
    except (ApeException, ValueError) as error:
        raise IndexkitError(
            f"{index} is no index on this chain ({error}): check the address and the network."
        ) from error
    found = []
    for name in governors:
        try:
            seat = seat_of(index, name)
            token = project.CompoundLikeGovernanceAdapter.at(seat.adapter.address).governanceToken()
        except (ApeException, IndexkitError):
            # Not registered here, or of a kind that asks for no registration.
            continue
        votes = contract_at(artifact(protocols.COMP), token)
        if token in components and votes.delegates(index) == NOBODY:
            found.append(seat)
    return tuple(found)


def sentence(seat: Seat) -> str:
    """Return what the operator is told."""
    index = seat.index.symbol()
    return (
        f"{index} holds votes of {seat.name} that count for nobody: register them before the next "
        f"proposal starts, with 'ape run metagov register --index {seat.index.address} --fix'."
    )


def register(seat: Seat, signers: "Sequence[AccountAPI]") -> "ReceiptAPI":
    """Make the index's own votes count, as its manager.

    Parameters
    ----------
    seat
        One of those `missing` returned.
    signers
        See `indexkit.metagov.seat.act`.

    Raises
    ------
    IndexkitError
        If these accounts cannot act for the index.
    """
    if not signers:
        raise IndexkitError("Registering takes the accounts that act for the index: add --account.")
    return act(seat, bytes(seat.module.register.encode_input(seat.index, seat.name)), signers)
