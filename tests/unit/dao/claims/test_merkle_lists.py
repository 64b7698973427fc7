"""The real lists on chain: every claim once, all months by one claim, none altered (R-21, I-27)."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from payer import Claimed, altered

pytestmark = pytest.mark.usefixtures("treasury", "index_token")

E18 = 10**18
INITIAL = 100_000 * E18
INVALID = "MerkleDistributor: Invalid proof."
ON_CHAIN = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def payer(make_payer, index_token, treasury):
    """Deploy a distributor that has what the initial distribution needs; return it."""
    payer = make_payer()
    index_token.transfer(payer.address, INITIAL, sender=treasury)
    return payer


@pytest.fixture(scope="module")
def publish(treasury):
    """Return a function by which the treasury publishes an epoch of a distributor."""

    def send(payer, epoch):
        receipt = payer.send("publishEpoch", epoch.root, epoch.total, sender=treasury.address)
        assert receipt["status"] == "0x1"

    return send


@pytest.fixture(scope="module")
def epochs(payer, months_of, publish):
    """Publish the seven months, of which nobody claims any; return them."""
    epochs = months_of(payer.address)
    for epoch in epochs:
        publish(payer, epoch)
    return epochs


def claims_of(epoch):
    """Return the claims of an epoch."""
    return [Claimed(None, one.account, one.cumulative, one.proof) for one in epoch.entries]


def pay(payer, claims):
    """Have each account paid."""
    for claim in claims:
        assert payer.send(*claim.call)["status"] == "0x1", claim


# ---------------------------------------------------------------- initial distribution


def test_claim__all_that_were_published__once(payer, claims, balance_of):
    """I-27: 1,151 claims pay 100,000 INDEX to the wei, each account its own; none a second time.

    S-266.
    """
    pay(payer, claims)
    assert [balance_of(claim.account) for claim in claims] == [claim.amount for claim in claims]
    assert balance_of(payer.address) == 0
    assert all(payer.ask("isClaimed", index) for index in range(1_151))
    assert not any(payer.ask("isClaimed", index) for index in (1_151, 2**256 - 1))
    again = {payer.ask(*claim.call) for claim in claims}
    assert again == {"MerkleDistributor: Drop already claimed."}


@ON_CHAIN
@example(place=0)
@example(place=3)
@example(place=1_150)
@given(place=st.integers(0, 1_150))
def test_claim__altered__refused(payer, claims, place):
    """I-27: another index, account or amount, another proof in any element, order or length."""
    claim = claims[place]
    others = [claims[(place + step) % 1_151] for step in (1, 2, 500)]
    assert payer.ask(*claim.call) is None
    assert {payer.ask(*one.call): name for name, one in altered(claim, others)}.keys() == {INVALID}


def test_claim__proof_of_more_than_32__refused(payer, claims):
    """A list of 2^32 accounts is the longest there is; what does not fit is no call."""
    full = (*claims[0].proof, *[bytes(32)] * 21)
    assert payer.ask(*replace(claims[0], proof=full).call) == INVALID
    assert payer.ask(*replace(claims[0], proof=(*full, bytes(32))).call) == ""


# ---------------------------------------------------------------- epochs


def test_claim_epochs__seven_months_by_one_claim_each(payer, epochs, balance_of):
    """I-27, S-267: 113 claims pay 37,142.84 INDEX; the initial distribution is as it was."""
    claims = claims_of(epochs[-1])
    before = [balance_of(claim.account) for claim in claims]
    pay(payer, claims)
    paid = [balance_of(one.account) - had for one, had in zip(claims, before, strict=True)]
    assert paid == [claim.amount for claim in claims]
    assert payer.ask("epochPaid") == payer.ask("epochTotal") == 3_714_284 * 10**16
    assert balance_of(payer.address) == INITIAL
    assert {payer.ask(*claim.call) for claim in claims} == {"Nothing left to claim"}


def test_claim_epochs__now_and_then_is_the_same(make_payer, months_of, publish, balance_of):
    """I-27: who claims in every third month, and when, makes no difference in the end."""
    payer = make_payer()
    epochs = months_of(payer.address)
    paid = {}
    for number, epoch in enumerate(epochs):
        publish(payer, epoch)
        for place, claim in enumerate(claims_of(epoch)):
            due = epoch is epochs[-1] or (place + number) % 3 == 0
            if due and claim.amount > paid.get(claim.account, 0):
                pay(payer, [claim])
                paid[claim.account] = claim.amount
    assert paid == epochs[-1].cumulative
    assert {account: payer.ask("claimedEpochs", account) for account in paid} == paid
    assert payer.ask("epochPaid") == payer.ask("epochTotal") == epochs[-1].total
    assert balance_of(payer.address) == 0


@ON_CHAIN
@given(place=st.integers(0, 112))
def test_claim_epochs__altered__refused(payer, epochs, place):
    """I-27: another account or amount, another proof in any element, order or length."""
    claims = claims_of(epochs[-1])
    others = [claims[(place + step) % 113] for step in (1, 2, 50)]
    assert payer.ask(*claims[place].call) == claims[place].amount
    assert {payer.ask(*one.call) for _, one in altered(claims[place], others)} == {INVALID}


def test_claim_epochs__of_an_earlier_epoch__refused(payer, epochs):
    """I-27, S-268: an old proof is no proof, though nothing was claimed by it."""
    earlier = [one for epoch in epochs[:-1] for one in claims_of(epoch)]
    assert {payer.ask(*one.call) for one in earlier} == {INVALID}
