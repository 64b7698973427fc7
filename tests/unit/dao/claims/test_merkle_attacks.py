"""Attacks on the distributor: foreign proofs, the other part's coins, wrong roots, odd tokens."""

from dataclasses import replace

import pytest
from ape import reverts
from payer import STRANGER, Claimed

from indexkit.economics.epochs import build
from indexkit.economics.merkle_tree import epoch_leaf, initial_leaf, layered, standard

pytestmark = pytest.mark.usefixtures("treasury", "index_token", "stranger", "mock")

E18 = 10**18
INVALID = "MerkleDistributor: Invalid proof."
NOT_FUNDED = "Initial distribution must be funded"
EXCEEDED = "Epoch total must cover the claim"
ONE, TWO, THREE = ("0x" + digit * 40 for digit in "123")


def claim_of(epoch, account):
    """Return the claim of an account."""
    entry = epoch.find(account)
    return Claimed(None, entry.account, entry.cumulative, entry.proof)


def arguments(claim):
    """Return what it is called with."""
    return claim.call[1:]


@pytest.fixture(scope="module")
def payer(make_payer):
    """Deploy a distributor; nothing is in it."""
    return make_payer()


@pytest.fixture
def publish(treasury):
    """Return a function by which the treasury publishes what accounts have earned."""

    def send(payer, earned, total=None, *, chain_id=1, contract=None):
        epoch = build(chain_id, contract or payer.address, earned)
        total = epoch.total if total is None else total
        receipt = payer.send("publishEpoch", epoch.root, total, sender=treasury.address)
        assert receipt["status"] == "0x1"
        return epoch

    return send


@pytest.fixture
def give(index_token, treasury):
    """Return a function that sends a distributor coins, as anyone can."""

    def send(payer, amount):
        index_token.transfer(payer.address, amount, sender=treasury)

    return send


# ---------------------------------------------------------------- foreign proofs


def test_claim_epochs__of_another_contract__refused(make_payer, publish):
    """I-27: two distributors of one owner, the same list, even the same root: each pays its own."""
    first, second = make_payer(), make_payer()
    epoch = publish(first, {ONE: 5, TWO: 7})
    publish(second, {ONE: 5, TWO: 7})
    assert first.ask(*claim_of(epoch, ONE).call) == 5
    assert second.ask(*claim_of(epoch, ONE).call) == INVALID
    publish(second, {ONE: 5, TWO: 7}, contract=first.address)
    assert second.ask("epochRoot") == epoch.root
    assert second.ask(*claim_of(epoch, ONE).call) == INVALID


@pytest.mark.parametrize("chain_id", [0, 2, 61, 2**255])
def test_claim_epochs__of_another_chain__refused(payer, publish, chain_id):
    """I-27: a list made for the same address on another chain."""
    epoch = publish(payer, {ONE: 5, TWO: 7}, chain_id=chain_id)
    assert payer.ask("epochRoot") == epoch.root
    assert payer.ask(*claim_of(epoch, ONE).call) == INVALID


def test_claim_epochs__after_a_chain_split__only_one_chain_pays(payer, publish, node):
    """I-27: the id is the chain's of the moment, not the one the contract was deployed on.

    S-269.
    """
    epoch = publish(payer, {ONE: 5, TWO: 7})
    claim = claim_of(epoch, ONE)
    assert payer.ask(*claim.call) == 5
    try:
        node.ask("anvil_setChainId", 10_001)
        assert payer.ask(*claim.call) == INVALID
    finally:
        node.ask("anvil_setChainId", 1)
    assert payer.ask(*claim.call) == 5


def test_claims__of_the_other_part__refused(make_payer, payer, claims, published, treasury, give):
    """I-27: the initial root as an epoch's, and an epoch's as the initial: no claim is both."""
    give(payer, 100_000 * E18)
    receipt = payer.send("publishEpoch", published.root, 0, sender=treasury.address)
    assert receipt["status"] == "0x1"
    for claim in claims[:3]:
        assert payer.ask(*replace(claim, index=None).call) == INVALID
        assert payer.ask(*claim.call) is None
    epoch = build(1, payer.address, {ONE: 5, TWO: 7})
    other = make_payer(root=epoch.root)
    for index in (0, 1, int(payer.address, 16)):
        assert other.ask(*replace(claim_of(epoch, ONE), index=index).call) == INVALID


def test_claims__inner_node_as_a_leaf__refused(payer, claims, publish):
    """I-27, S-273: a node's two children, cut into the arguments of a claim, and the proof above.

    Leaves of 64 bytes would let this pass: a second preimage.
    """
    claim = claims[40]
    leaf = initial_leaf(40, claim.account, claim.amount)
    left, right = sorted((leaf, claim.proof[0]))
    index, above = int.from_bytes(left, "big"), claim.proof[1:]
    for account, amount in ((right[:20], right[20:]), (right[12:], right[:12])):
        forged = Claimed(index, f"0x{account.hex()}", int.from_bytes(amount, "big"), above)
        assert payer.ask(*forged.call) == INVALID
        padded = int.from_bytes(amount.ljust(32, b"\0"), "big")
        assert payer.ask(*replace(forged, amount=padded).call) == INVALID
    claim = claim_of(publish(payer, {ONE: 5, TWO: 7, THREE: 9}), ONE)
    for node in (claim.proof[0], epoch_leaf(1, payer.address, ONE, 5)):
        forged = Claimed(None, f"0x{node[12:].hex()}", int.from_bytes(node, "big"), claim.proof[1:])
        assert payer.ask(*forged.call) == INVALID


def test_claims__root_itself_with_no_proof__refused(make_payer, publish):
    """A list of one has an empty proof: of its one leaf, and of no other."""
    sole = layered([initial_leaf(0, ONE, 5)])
    payer = make_payer(root=sole.root)
    assert payer.ask("claim", 0, ONE, 5, []) == NOT_FUNDED
    for forged in ((1, ONE, 5), (0, TWO, 5), (0, ONE, 6)):
        assert payer.ask("claim", *forged, []) == INVALID
    publish(payer, {ONE: 5})
    assert payer.ask("claimEpochs", ONE, 5, []) == 5
    assert payer.ask("claimEpochs", TWO, 5, []) == INVALID


# ---------------------------------------------------------------- the other part's coins


def test_claim__only_the_epochs_coins_are_here__refused(payer, claims, publish, give, balance_of):
    """I-27, S-270: the initial distribution never pays from what belongs to the epochs."""
    epoch = publish(payer, {ONE: 400 * E18, TWO: 7 * E18})
    claim = claims[0]
    assert balance_of(payer.address) > claim.amount
    assert payer.ask(*claim.call) == NOT_FUNDED
    give(payer, claim.amount - 1)
    assert payer.ask(*claim.call) == NOT_FUNDED
    payer.send(*claim_of(epoch, ONE).call)
    assert payer.ask(*claim.call) == NOT_FUNDED
    give(payer, 1)
    assert payer.send(*claim.call)["status"] == "0x1"
    assert payer.ask(*claim_of(epoch, TWO).call) == 7 * E18
    assert balance_of(payer.address) == 7 * E18


def test_claim_epochs__root_beyond_the_total__takes_no_more(payer, claims, publish, give):
    """I-27: leaves that add up to more than was paid in are paid until it is used up."""
    give(payer, 100_000 * E18)
    epoch = publish(payer, {ONE: 50 * E18, TWO: 7 * E18, THREE: 51 * E18}, total=57 * E18)
    assert payer.send(*claim_of(epoch, ONE).call)["status"] == "0x1"
    assert payer.ask(*claim_of(epoch, THREE).call) == EXCEEDED
    assert payer.send(*claim_of(epoch, TWO).call)["status"] == "0x1"
    assert payer.ask("epochPaid") == payer.ask("epochTotal") == 57 * E18
    assert payer.ask(*claim_of(epoch, THREE).call) == EXCEEDED
    assert payer.ask(*claims[0].call) is None


def test_publish_epoch__wrong_root__takes_the_epochs_coins_only(
    payer, claims, publish, give, treasury, balance_of
):
    """I-27: an owner gone bad gets what is left of the epochs, and nothing of the distribution.

    S-271.
    """
    give(payer, 100_000 * E18)
    honest = publish(payer, {ONE: 50 * E18, TWO: 7 * E18})
    payer.send(*claim_of(honest, TWO).call)
    greedy = publish(payer, {treasury.address: 100_050 * E18}, total=57 * E18)
    assert payer.ask(*claim_of(greedy, treasury.address).call) == EXCEEDED
    theft = publish(payer, {treasury.address: 50 * E18}, total=57 * E18)
    assert payer.send(*claim_of(theft, treasury.address).call)["status"] == "0x1"
    assert balance_of(payer.address) == 100_000 * E18
    assert {payer.ask(*claim.call) for claim in claims[:20]} == {None}
    publish(payer, {ONE: 50 * E18, TWO: 7 * E18}, total=57 * E18)
    assert payer.ask(*claim_of(honest, ONE).call) == EXCEEDED
    publish(payer, {ONE: 50 * E18, TWO: 7 * E18}, total=107 * E18)
    assert payer.ask(*claim_of(honest, ONE).call) == 50 * E18


def test_claims__to_the_distributor_itself__refused(make_payer, publish, give):
    """Coins that would come back cannot be claimed again and again."""
    payer = make_payer()
    give(payer, 10)
    address = payer.address
    epoch = publish(payer, {address: 5})
    assert payer.ask(*claim_of(epoch, address).call) == "Invalid post transfer balance"


# ---------------------------------------------------------------- odd tokens


@pytest.fixture(scope="module")
def odd(make_distributor, mock, treasury):
    """Deploy a distributor of a token of odd habits: 100 for one initial claim, 60 for epochs."""
    token = treasury.deploy(mock("OddToken"), 18, 10**30)
    distributor = make_distributor(token, layered([initial_leaf(0, ONE, 100)]).root)
    token.transfer(distributor, 100, sender=treasury)
    epoch = standard([epoch_leaf(1, distributor.address, TWO, 60)])
    distributor.publishEpoch(epoch.root, 60, sender=treasury)
    return token, distributor


REFUSED = [
    ("returns false", "MerkleDistributor: Transfer failed."),
    ("moves nothing, returns false", "MerkleDistributor: Transfer failed."),
    ("moves nothing", "Invalid post transfer balance"),
    ("charges one more", "Invalid post transfer balance"),
    ("reverts with a reason", "Transfers are paused"),
    ("has no balances", "No balances"),
]


@pytest.mark.parametrize(("habit", "reason"), REFUSED)
def test_claims__token_that_does_not_pay__reverts(odd, treasury, stranger, habit, reason):
    """I-19: nothing counts as paid that was not; the original's reason for a token that says no."""
    token, distributor = odd
    token.adopt(habit, sender=treasury)
    with reverts(reason):
        distributor.claim(0, ONE, 100, [], sender=stranger)
    with reverts(reason):
        distributor.claimEpochs(TWO, 60, [], sender=stranger)
    token.adopt("", sender=treasury)
    distributor.claim(0, ONE, 100, [], sender=stranger)
    distributor.claimEpochs(TWO, 60, [], sender=stranger)
    assert token.balanceOf(distributor) == 0


def test_claims__token_that_answers_nothing__works(odd, treasury, stranger):
    """I-19: as USDT does; the original could never pay it."""
    token, distributor = odd
    token.adopt("returns nothing", sender=treasury)
    distributor.claim(0, ONE, 100, [], sender=stranger)
    distributor.claimEpochs(TWO, 60, [], sender=stranger)
    assert (token.balanceOf(ONE), token.balanceOf(TWO)) == (100, 60)


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("takes a fee", "Invalid post transfer balance"),
        ("gives one more", "Invalid post transfer balance"),
        ("moves nothing", "Invalid post transfer balance"),
        ("returns false", "SafeERC20: ERC20 operation did not succeed"),
    ],
)
def test_publish_epoch__token_that_pays_another_amount__reverts(odd, treasury, habit, reason):
    """I-19: what is promised is here."""
    token, distributor = odd
    token.adopt(habit, sender=treasury)
    with reverts(reason):
        distributor.publishEpoch(bytes([7] * 32), 1_060, sender=treasury)
    assert (distributor.epoch(), distributor.epochTotal()) == (1, 60)


def test_claims__account_that_the_token_refuses__blocks_nobody(odd, treasury, stranger):
    """I-19: a blacklisted account waits, all others are paid."""
    token, distributor = odd
    token.refuse(ONE, sender=treasury)
    with reverts("Account is blacklisted"):
        distributor.claim(0, ONE, 100, [], sender=stranger)
    distributor.claimEpochs(TWO, 60, [], sender=stranger)
    assert not distributor.isClaimed(0)


def test_claims__balance_that_shrank__epochs_come_first(odd, treasury, stranger):
    """What a token takes away is missing from the initial distribution, with a reason."""
    token, distributor = odd
    for left in (59, 60, 159):
        token.setBalance(distributor, left, sender=treasury)
        with reverts(NOT_FUNDED):
            distributor.claim(0, ONE, 100, [], sender=stranger)
    distributor.claimEpochs(TWO, 60, [], sender=stranger)
    assert token.balanceOf(distributor) == 99


@pytest.mark.parametrize("by", ["claim", "claimEpochs", "publishEpoch"])
def test_claims__token_that_calls_back__pays_once(make_distributor, mock, treasury, stranger, by):
    """I-22: in the middle of each transfer the token tries every function again; views answer."""
    token = treasury.deploy(mock("CallbackToken"), 10**30)
    distributor = make_distributor(token, layered([initial_leaf(0, ONE, 100)]).root)
    token.transfer(distributor, 500, sender=treasury)
    root = standard([epoch_leaf(1, distributor.address, TWO, 60)]).root
    distributor.publishEpoch(root, 60, sender=treasury)
    distributor.transferOwnership(token, sender=treasury)
    token.execute(distributor, distributor.acceptOwnership.encode_input(), sender=stranger)
    again = {
        "claim": distributor.claim.encode_input(0, ONE, 100, []),
        "claimEpochs": distributor.claimEpochs.encode_input(TWO, 60, []),
        "publishEpoch": distributor.publishEpoch.encode_input(root, 0),
    }
    token.callBack(distributor, again[by], sender=stranger)
    distributor.claim(0, ONE, 100, [], sender=stranger)
    distributor.claimEpochs(TWO, 60, [], sender=stranger)
    assert (token.attempts(), token.succeeded()) == (2, False)
    assert (token.balanceOf(ONE), token.balanceOf(TWO)) == (100, 60)
    assert token.balanceOf(distributor) == 400
    token.callBack(distributor, distributor.epochPaid.encode_input(), sender=stranger)
    token.transfer(STRANGER, 1, sender=treasury)
    assert token.succeeded()
