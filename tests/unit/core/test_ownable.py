"""The owner of the controller and of the integration registry (R-01, I-20)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS


@pytest.fixture(params=["controller", "integration_registry"])
def owned(request, protocol):
    """Return a contract that has an owner."""
    return getattr(protocol, request.param)


def test_transfer_ownership__hands_over_at_once(owned, owner, stranger):
    """R-01, S-012: OpenZeppelin's single step, as in the original."""
    tx = owned.transferOwnership(stranger, sender=owner)
    assert tx.events == [
        owned.OwnershipTransferred(previousOwner=owner.address, newOwner=stranger.address)
    ]
    assert owned.owner() == stranger
    with ape.reverts("Ownable: caller is not the owner"):
        owned.transferOwnership(owner, sender=owner)
    owned.transferOwnership(owner, sender=stranger)
    assert owned.owner() == owner


def test_transfer_ownership__to_zero__reverts(owned, owner):
    """R-01, S-012: giving up has a name of its own."""
    with ape.reverts("Ownable: new owner is the zero address"):
        owned.transferOwnership(ZERO_ADDRESS, sender=owner)


def test_transfer_ownership__by_a_stranger__reverts(owned, stranger):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        owned.transferOwnership(stranger, sender=stranger)


def test_renounce_ownership__leaves_no_owner(owned, owner):
    """R-01, S-012: for ever."""
    tx = owned.renounceOwnership(sender=owner)
    assert tx.events == [
        owned.OwnershipTransferred(previousOwner=owner.address, newOwner=ZERO_ADDRESS)
    ]
    assert owned.owner() == ZERO_ADDRESS
    with ape.reverts("Ownable: caller is not the owner"):
        owned.transferOwnership(owner, sender=owner)


def test_renounce_ownership__by_a_stranger__reverts(owned, stranger):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        owned.renounceOwnership(sender=stranger)


def test_offer_ownership__leaves_the_owner_in_place(owned, owner, stranger):
    """R-45, S-013: a wrong address takes nothing, and the offer can be made to somebody else."""
    tx = owned.offerOwnership(stranger, sender=owner)
    assert tx.events == [
        owned.OwnershipTransferStarted(previousOwner=owner.address, newOwner=stranger.address)
    ]
    assert (owned.owner(), owned.pendingOwner()) == (owner, stranger)
    with ape.reverts("Ownable: caller is not the owner"):
        owned.renounceOwnership(sender=stranger)
    owned.offerOwnership(ZERO_ADDRESS, sender=owner)
    with ape.reverts("Ownable2Step: caller is not the new owner"):
        owned.acceptOwnership(sender=stranger)


def test_accept_ownership__hands_over(owned, owner, stranger):
    """R-45: who was offered the contract takes it."""
    owned.offerOwnership(stranger, sender=owner)
    tx = owned.acceptOwnership(sender=stranger)
    assert tx.events == [
        owned.OwnershipTransferred(previousOwner=owner.address, newOwner=stranger.address)
    ]
    assert (owned.owner(), owned.pendingOwner()) == (stranger, ZERO_ADDRESS)
    with ape.reverts("Ownable: caller is not the owner"):
        owned.offerOwnership(owner, sender=owner)


def test_accept_ownership__without_an_offer__reverts(owned, owner, stranger):
    """I-20: neither a stranger's nor the owner's."""
    for account in (owner, stranger):
        with ape.reverts("Ownable2Step: caller is not the new owner"):
            owned.acceptOwnership(sender=account)


@pytest.mark.parametrize("function", ["transferOwnership", "renounceOwnership"])
def test_accept_ownership__after_another_hand_over__reverts(
    owned, owner, stranger, manager, function
):
    """R-45: an offer does not outlive the owner who made it."""
    owned.offerOwnership(stranger, sender=owner)
    arguments = [manager] if function == "transferOwnership" else []
    getattr(owned, function)(*arguments, sender=owner)
    with ape.reverts("Ownable2Step: caller is not the new owner"):
        owned.acceptOwnership(sender=stranger)


def test_offer_ownership__by_a_stranger__reverts(owned, stranger):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        owned.offerOwnership(stranger, sender=stranger)
