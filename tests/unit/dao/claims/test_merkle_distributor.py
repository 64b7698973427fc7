"""MerkleDistributor: both parts, claim by claim, and every rule about who and how much (R-21)."""

import pytest
from ape import reverts
from invariants.code import ours
from payer import ORIGINAL

from indexkit.economics.epochs import build
from indexkit.economics.merkle_tree import initial_leaf

pytestmark = pytest.mark.usefixtures("treasury", "index_token", "stranger")

E18 = 10**18
ZERO = "0x" + "00" * 20
NO_ROOT = bytes(32)
INITIAL = 100_000 * E18
ONE, TWO = ("0x" + digit * 40 for digit in "12")
"""Accounts that earn."""


@pytest.fixture
def funded(distributor, index_token, treasury):
    """Give the distributor what the initial distribution needs."""
    index_token.transfer(distributor, INITIAL, sender=treasury)
    return distributor


@pytest.fixture
def first_of(distributor):
    """Return a function that gives an epoch of what accounts have earned."""

    def make(earned, previous=None):
        return build(1, distributor.address, earned, previous)

    return make


def claim_of(epoch, account):
    """Return the arguments of `claimEpochs`."""
    entry = epoch.find(account)
    return entry.account, entry.cumulative, list(entry.proof)


def test_constructor__plain(distributor, treasury, index_token, published):
    """Token and root of the initial distribution; no epoch yet; owned by who deployed it (R-21)."""
    assert distributor.token() == index_token
    assert distributor.merkleRoot() == published.root
    assert (distributor.owner(), distributor.pendingOwner()) == (treasury, ZERO)
    assert distributor.epochRoot() == NO_ROOT
    assert distributor.epoch() == distributor.epochTotal() == distributor.epochPaid() == 0
    assert not distributor.isClaimed(0)


def test_abi__has_all_of_the_original():
    """R-21: the same constructor, functions and event, types and indexed fields."""

    def shape(abi):
        for entry in abi:
            inputs = [(i["type"], i.get("indexed")) for i in entry.get("inputs", [])]
            outputs = [o["type"] for o in entry.get("outputs", [])]
            names = [i["name"] for i in entry["inputs"]] if entry["type"] == "event" else []
            yield (
                entry["type"],
                entry.get("name"),
                entry.get("stateMutability"),
                inputs,
                outputs,
                names,
            )

    mine = list(shape(ours("MerkleDistributor").abi))
    assert [entry for entry in shape(ORIGINAL.abi) if entry not in mine] == []
    assert len(ORIGINAL.abi) == 6


# ---------------------------------------------------------------- initial distribution


def test_claim__plain(funded, index_token, claims, stranger):
    """Anyone has an account of the list paid, once, as the list says (R-21) (S-265)."""
    one = claims[300]
    receipt = funded.claim(300, one.account, one.amount, list(one.proof), sender=stranger)
    assert receipt.events == [
        index_token.Transfer(sender=funded, receiver=one.account, amount=one.amount),
        funded.Claimed(index=300, account=one.account, amount=one.amount),
    ]
    assert index_token.balanceOf(one.account) == one.amount
    assert index_token.balanceOf(funded) == INITIAL - one.amount
    assert [index for index in range(250, 350) if funded.isClaimed(index)] == [300]


@pytest.mark.parametrize("index", [0, 700])
def test_claim__twice__reverts(funded, claims, stranger, index):
    """I-27: the original's reason, before it looks at the proof."""
    one = claims[index]
    funded.claim(index, one.account, one.amount, list(one.proof), sender=stranger)
    for proof in (list(one.proof), []):
        with reverts("MerkleDistributor: Drop already claimed."):
            funded.claim(index, one.account, one.amount, proof, sender=stranger)


def test_claim__nothing_there__reverts(distributor, index_token, treasury, claims, stranger):
    """A claim waits until it can be paid whole."""
    one = claims[0]
    arguments = (0, one.account, one.amount, list(one.proof))
    index_token.transfer(distributor, one.amount - 1, sender=treasury)
    with reverts("Initial distribution must be funded"):
        distributor.claim(*arguments, sender=stranger)
    index_token.transfer(distributor, 1, sender=treasury)
    distributor.claim(*arguments, sender=stranger)
    assert index_token.balanceOf(distributor) == 0


def test_claim__no_initial_distribution__reverts(make_distributor, claims, stranger):
    """A root of zero is nobody's: no proof leads there."""
    none = make_distributor(root=NO_ROOT)
    for proof in ([], list(claims[0].proof)):
        with reverts("MerkleDistributor: Invalid proof."):
            none.claim(0, claims[0].account, claims[0].amount, proof, sender=stranger)


def test_claim__of_nothing__needs_no_coins(make_distributor, stranger):
    """A list may name an account with nothing: that claim is good once, too."""
    root = initial_leaf(0, ONE, 0)
    empty = make_distributor(root=root)
    receipt = empty.claim(0, ONE, 0, [], sender=stranger)
    assert empty.Claimed(index=0, account=ONE, amount=0) in receipt.events
    with reverts("MerkleDistributor: Drop already claimed."):
        empty.claim(0, ONE, 0, [], sender=stranger)


# ---------------------------------------------------------------- epochs


def test_publish_epoch__plain(distributor, index_token, treasury, first_of):
    """The owner pays what the epoch adds, and its root counts from now on (R-21)."""
    epoch = first_of({ONE: 3 * E18, TWO: 4 * E18})
    before = index_token.balanceOf(treasury)
    receipt = distributor.publishEpoch(epoch.root, 7 * E18, sender=treasury)
    assert receipt.events == [
        index_token.Transfer(sender=treasury, receiver=distributor, amount=7 * E18),
        distributor.EpochPublished(epoch=1, root=epoch.root, total=7 * E18, added=7 * E18),
    ]
    assert receipt.return_value == distributor.epoch() == 1
    assert distributor.epochRoot() == epoch.root
    assert (distributor.epochTotal(), distributor.epochPaid()) == (7 * E18, 0)
    assert index_token.balanceOf(distributor) == before - index_token.balanceOf(treasury) == 7 * E18


def test_publish_epoch__again__takes_the_difference(distributor, index_token, treasury, first_of):
    """A total counts all epochs: only what is new is paid in; the same total costs nothing.

    S-272.
    """
    one = first_of({ONE: 3 * E18})
    two = first_of({ONE: 5 * E18}, one)
    for epoch in (one, two):
        receipt = distributor.publishEpoch(epoch.root, epoch.total, sender=treasury)
    assert receipt.return_value == 2
    assert receipt.events == [
        index_token.Transfer(sender=treasury, receiver=distributor, amount=2 * E18),
        distributor.EpochPublished(epoch=2, root=two.root, total=5 * E18, added=2 * E18),
    ]
    receipt = distributor.publishEpoch(one.root, 5 * E18, sender=treasury)
    assert receipt.events == [
        distributor.EpochPublished(epoch=3, root=one.root, total=5 * E18, added=0)
    ]
    assert index_token.balanceOf(distributor) == distributor.epochTotal() == 5 * E18


def test_claim_epochs__plain(distributor, index_token, treasury, first_of, stranger):
    """Anyone has an account paid what it earned, less what it was paid before (R-21)."""
    one = first_of({ONE: 3 * E18, TWO: 4 * E18})
    distributor.publishEpoch(one.root, one.total, sender=treasury)
    receipt = distributor.claimEpochs(*claim_of(one, ONE), sender=stranger)
    assert receipt.events == [
        index_token.Transfer(sender=distributor, receiver=ONE, amount=3 * E18),
        distributor.EpochClaimed(epoch=1, account=ONE, amount=3 * E18, cumulative=3 * E18),
    ]
    assert receipt.return_value == index_token.balanceOf(ONE) == 3 * E18
    two = first_of({ONE: 5 * E18, TWO: 4 * E18}, one)
    distributor.publishEpoch(two.root, two.total, sender=treasury)
    receipt = distributor.claimEpochs(*claim_of(two, ONE), sender=stranger)
    assert receipt.events == [
        index_token.Transfer(sender=distributor, receiver=ONE, amount=2 * E18),
        distributor.EpochClaimed(epoch=2, account=ONE, amount=2 * E18, cumulative=5 * E18),
    ]
    assert receipt.return_value == 2 * E18
    assert (distributor.claimedEpochs(ONE), distributor.claimedEpochs(TWO)) == (5 * E18, 0)
    assert (distributor.epochTotal(), distributor.epochPaid()) == (9 * E18, 5 * E18)
    assert index_token.balanceOf(distributor) == 4 * E18


def test_claim_epochs__nothing_new__reverts(distributor, treasury, first_of, stranger):
    """I-27: in the same epoch, and in a later one in which the account earned nothing."""
    one = first_of({ONE: 3 * E18})
    two = first_of({ONE: 3 * E18, TWO: E18}, one)
    for epoch in (one, two):
        distributor.publishEpoch(epoch.root, epoch.total, sender=treasury)
        if epoch is one:
            distributor.claimEpochs(*claim_of(epoch, ONE), sender=stranger)
        with reverts("Nothing left to claim"):
            distributor.claimEpochs(*claim_of(epoch, ONE), sender=stranger)


def test_claim_epochs__before_the_first__reverts(distributor, claims, stranger):
    """The root of no epoch is zero, where no proof leads."""
    for proof in ([], list(claims[0].proof)):
        with reverts("MerkleDistributor: Invalid proof."):
            distributor.claimEpochs(ONE, 1, proof, sender=stranger)


def test_claim_epochs__less_than_was_paid__reverts(distributor, treasury, first_of, stranger):
    """I-27: a root that takes back what was paid pays that account nothing, and others as ever."""
    one = first_of({ONE: 3 * E18, TWO: E18})
    less = first_of({ONE: 2 * E18, TWO: 2 * E18})
    distributor.publishEpoch(one.root, one.total, sender=treasury)
    distributor.claimEpochs(*claim_of(one, ONE), sender=stranger)
    distributor.publishEpoch(less.root, one.total + E18, sender=treasury)
    with reverts("Nothing left to claim"):
        distributor.claimEpochs(*claim_of(less, ONE), sender=stranger)
    distributor.claimEpochs(*claim_of(less, TWO), sender=stranger)
    assert distributor.claimedEpochs(ONE) == 3 * E18
    assert distributor.epochPaid() == distributor.epochTotal() == 5 * E18


@pytest.mark.parametrize(
    ("root", "total", "reason"),
    [
        (NO_ROOT, 5 * E18, "Root must not be zero"),
        (bytes([7] * 32), 5 * E18 - 1, "Epoch total must not fall"),
        (bytes([7] * 32), 0, "Epoch total must not fall"),
        (bytes([7] * 32), 2**256 - 1, "INDEX.approve: amount exceeds 96 bits"),
        (bytes([7] * 32), 2**95, "INDEX._transferTokens: transfer amount exceeds balance"),
    ],
)
def test_publish_epoch__not_so__reverts(distributor, treasury, first_of, root, total, reason):
    """A root that is none, a total that falls, or more than the owner can pay: nothing changes."""
    epoch = first_of({ONE: 5 * E18})
    distributor.publishEpoch(epoch.root, epoch.total, sender=treasury)
    with reverts(reason):
        distributor.publishEpoch(root, total, sender=treasury)
    assert (distributor.epoch(), distributor.epochRoot()) == (1, epoch.root)
    assert (distributor.epochTotal(), distributor.epochPaid()) == (5 * E18, 0)


# ---------------------------------------------------------------- owner


def test_publish_epoch__not_the_owner__reverts(distributor, treasury, stranger):
    """I-20: nobody else, not even who shall own it, before he took it."""
    distributor.transferOwnership(stranger, sender=treasury)
    with reverts("Ownable: caller is not the owner"):
        distributor.publishEpoch(bytes([7] * 32), 0, sender=stranger)
    distributor.acceptOwnership(sender=stranger)
    distributor.publishEpoch(bytes([7] * 32), 0, sender=stranger)
    with reverts("Ownable: caller is not the owner"):
        distributor.publishEpoch(bytes([8] * 32), 0, sender=treasury)


def test_renounce__both_parts_go_on(funded, index_token, treasury, first_of, claims, stranger):
    """R-21, S-274: without an owner there are no more epochs; what was published is paid."""
    epoch = first_of({ONE: 3 * E18})
    funded.publishEpoch(epoch.root, epoch.total, sender=treasury)
    funded.renounceOwnership(sender=treasury)
    with reverts("Ownable: caller is not the owner"):
        funded.publishEpoch(epoch.root, epoch.total, sender=treasury)
    funded.claimEpochs(*claim_of(epoch, ONE), sender=stranger)
    one = claims[5]
    funded.claim(5, one.account, one.amount, list(one.proof), sender=stranger)
    assert index_token.balanceOf(funded) == INITIAL - one.amount
