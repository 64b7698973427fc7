"""The owner of the controller and of the integration registry (R-01, I-20)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS


@pytest.fixture(params=["controller", "integration_registry"])
def owned(request, protocol):
    """Return a contract that has an owner."""
    return getattr(protocol, request.param)


def test_transfer_ownership__hands_over_at_once(owned, owner, stranger):
    """R-01: OpenZeppelin's single step, as in the original."""
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
    """R-01: giving up has a name of its own."""
    with ape.reverts("Ownable: new owner is the zero address"):
        owned.transferOwnership(ZERO_ADDRESS, sender=owner)


def test_transfer_ownership__by_a_stranger__reverts(owned, stranger):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        owned.transferOwnership(stranger, sender=stranger)


def test_renounce_ownership__leaves_no_owner(owned, owner):
    """R-01: for ever."""
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
