"""Ownership that must be taken: OpenZeppelin's Ownable2Step (4.9), by behaviour.

No package here has its compiled code; what it shares with Ownable is compared with that one's.
"""

import pytest
from ape import chain, reverts
from ape.utils import ZERO_ADDRESS
from eth_utils import keccak

from indexkit.localnet.artifacts import artifact

OWNABLE = "@setprotocol/set-protocol-v2/artifacts/@openzeppelin/contracts/access/Ownable.sol"
NOT_OWNER = "Ownable: caller is not the owner"
NOT_PENDING = "Ownable2Step: caller is not the new owner"


@pytest.fixture(scope="module")
def heir(accounts):
    """Return who the contract is offered to."""
    return accounts[7]


@pytest.fixture(scope="module")
def two_step(mock, owner):
    """Deploy a contract that uses the module."""
    return owner.deploy(mock("TwoStepOwned"))


def test_constructor__owned_by_the_deployer(two_step, owner):
    """I-20: and offered to nobody."""
    assert (two_step.owner(), two_step.pendingOwner()) == (owner, ZERO_ADDRESS)
    topic = keccak(text="OwnershipTransferred(address,address)")
    logs = chain.provider.get_receipt(two_step.creation_metadata.txn_hash).logs
    topics = [bytes(one) for one in logs[0]["topics"]]
    assert topics == [topic, bytes(32), bytes(12) + bytes.fromhex(owner.address[2:])]
    two_step.write(7, sender=owner)
    assert two_step.written() == 7


def test_abi__has_all_of_ownable(two_step):
    """R-01: functions and event of OpenZeppelin's single-step contract, spelt alike."""

    def shape(abi):
        for entry in abi:
            if entry.type == "event":
                fields = [(i.name, i.indexed) for i in entry.inputs]
                yield entry.selector, fields
            elif entry.type == "function":
                yield entry.selector, entry.stateMutability

    theirs = list(shape(artifact(f"{OWNABLE}/Ownable.json").container().contract_type.abi))
    ours = list(shape(two_step.contract_type.abi))
    assert len(theirs) == 4
    assert all(entry in ours for entry in theirs)


def test_transfer_ownership__offers(two_step, owner, heir):
    """I-20: the first step moves nothing."""
    tx = two_step.transferOwnership(heir, sender=owner)
    assert tx.events == [two_step.OwnershipTransferStarted(previousOwner=owner, newOwner=heir)]
    assert (two_step.owner(), two_step.pendingOwner()) == (owner, heir)
    with reverts(NOT_OWNER):
        two_step.write(1, sender=heir)
    two_step.write(1, sender=owner)


def test_accept_ownership__takes(two_step, owner, heir):
    """I-20: the second one does, at once and for good; the offer is used up."""
    two_step.transferOwnership(heir, sender=owner)
    tx = two_step.acceptOwnership(sender=heir)
    assert tx.events == [two_step.OwnershipTransferred(previousOwner=owner, newOwner=heir)]
    assert (two_step.owner(), two_step.pendingOwner()) == (heir, ZERO_ADDRESS)
    with reverts(NOT_OWNER):
        two_step.write(1, sender=owner)
    two_step.write(1, sender=heir)
    with reverts(NOT_PENDING):
        two_step.acceptOwnership(sender=heir)


def test_transfer_ownership__again_replaces__and_zero_cancels(two_step, owner, heir, stranger):
    """I-20: one offer at a time."""
    two_step.transferOwnership(stranger, sender=owner)
    two_step.transferOwnership(heir, sender=owner)
    with reverts(NOT_PENDING):
        two_step.acceptOwnership(sender=stranger)
    tx = two_step.transferOwnership(ZERO_ADDRESS, sender=owner)
    offer = two_step.OwnershipTransferStarted(previousOwner=owner, newOwner=ZERO_ADDRESS)
    assert tx.events == [offer]
    with reverts(NOT_PENDING):
        two_step.acceptOwnership(sender=heir)
    assert two_step.owner() == owner


def test_transfer_ownership__to_himself(two_step, owner):
    """I-20: harmless, and still in two steps."""
    two_step.transferOwnership(owner, sender=owner)
    two_step.acceptOwnership(sender=owner)
    assert (two_step.owner(), two_step.pendingOwner()) == (owner, ZERO_ADDRESS)


def test_renounce_ownership__leaves_no_owner__and_no_offer(two_step, owner, heir):
    """I-20: for ever; who it was offered to cannot take it afterwards."""
    two_step.transferOwnership(heir, sender=owner)
    tx = two_step.renounceOwnership(sender=owner)
    assert tx.events == [two_step.OwnershipTransferred(previousOwner=owner, newOwner=ZERO_ADDRESS)]
    assert (two_step.owner(), two_step.pendingOwner()) == (ZERO_ADDRESS, ZERO_ADDRESS)
    with reverts(NOT_PENDING):
        two_step.acceptOwnership(sender=heir)
    with reverts(NOT_OWNER):
        two_step.transferOwnership(owner, sender=owner)


def test_ownership__anyone_else__reverts(two_step, owner, heir, stranger):
    """I-20: who it was offered to is not the owner, nor the owner who it was offered to."""
    two_step.transferOwnership(heir, sender=owner)
    for account in (heir, stranger):
        with reverts(NOT_OWNER):
            two_step.transferOwnership(account, sender=account)
        with reverts(NOT_OWNER):
            two_step.renounceOwnership(sender=account)
        with reverts(NOT_OWNER):
            two_step.write(9, sender=account)
    for account in (owner, stranger):
        with reverts(NOT_PENDING):
            two_step.acceptOwnership(sender=account)
