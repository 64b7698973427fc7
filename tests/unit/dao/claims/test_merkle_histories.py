"""MerkleDistributor: any history of both parts against a model in integers (I-27)."""

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from payer import Claimed, deploy

from indexkit.economics.epochs import build
from indexkit.economics.merkle_tree import initial_leaf, layered

INVALID = "MerkleDistributor: Invalid proof."
ACCOUNTS = ["0x" + digit * 40 for digit in "1234"]
AMOUNTS = [5, 40, 300, 2_000]
TREE = layered(
    [initial_leaf(i, a, n) for i, (a, n) in enumerate(zip(ACCOUNTS, AMOUNTS, strict=True))]
)
INITIAL = [
    Claimed(index, ACCOUNTS[index], AMOUNTS[index], TREE.proofs[index]) for index in range(4)
]

who = st.integers(0, 3)
amount = st.sampled_from([0, 1, 5, 40, 300, 3_000])
STEPS = st.one_of(
    st.tuples(st.just("give"), amount),
    st.tuples(st.just("claim"), who),
    # What each account has earned now: more or less than before; and what is paid in for it.
    st.tuples(st.just("publish"), st.lists(amount, min_size=4, max_size=4), amount),
    # Of the latest root, or of an older one.
    st.tuples(st.just("claimEpochs"), who, st.integers(0, 2)),
)
ALL = [
    ("claimEpochs", 0, 0),
    ("give", 300),
    ("claim", 2),
    ("claim", 2),
    ("claim", 0),
    ("publish", [5, 40, 0, 0], 45),
    ("claim", 0),
    ("claimEpochs", 0, 0),
    ("claimEpochs", 0, 0),
    ("publish", [1, 300, 40, 1], 5),
    ("claimEpochs", 0, 0),
    ("claimEpochs", 1, 1),
    ("claimEpochs", 1, 0),
    ("claimEpochs", 2, 0),
    ("give", 5),
    ("claimEpochs", 2, 0),
    ("claim", 0),
    ("publish", [0, 0, 0, 0], 1),
]
"""A history in which every claim succeeds, and is refused for each of the five reasons."""


@dataclass
class Model:
    """What should be where.

    Attributes
    ----------
    pot
        Coins of the initial distribution.
    total, paid
        Of the epochs.
    claimed, earned
        Indices that were paid; what epochs have paid each account.
    received
        All that accounts were paid.
    epochs
        That were published.
    """

    pot: int = 0
    total: int = 0
    claimed: set = field(default_factory=set)
    earned: Counter = field(default_factory=Counter)
    received: Counter = field(default_factory=Counter)
    epochs: list = field(default_factory=list)

    @property
    def paid(self):
        """What epochs have paid."""
        return sum(self.earned.values())

    def claim(self, claim):
        """Return the reason for which a claim is refused, or None, and book it."""
        if claim.index in self.claimed:
            return "MerkleDistributor: Drop already claimed."
        if claim.amount > self.pot:
            return "Initial distribution must be funded"
        self.claimed.add(claim.index)
        self.pot -= claim.amount
        self.received[claim.account] += claim.amount
        return None

    def claim_epochs(self, entry, is_latest):
        """Return the reason for which a claim is refused, or what it pays, and book it."""
        if not is_latest:
            return INVALID
        due = entry.amount - self.earned[entry.account]
        if due <= 0:
            return "Nothing left to claim"
        if due > self.total - self.paid:
            return "Epoch total must cover the claim"
        self.earned[entry.account] = entry.amount
        self.received[entry.account] += due
        return due


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=ALL)
@given(steps=st.lists(STEPS, min_size=6, max_size=14))
def test_distributor__any_history(node, index_token, treasury, balance_of, steps):
    """I-27: both parts pay what they owe while they can, and never each other's coins."""
    payer, _ = deploy(node, treasury.address, index_token.address, TREE.root)
    _approve(node, index_token, treasury, payer)
    before = Counter({account: balance_of(account) for account in ACCOUNTS})
    model, reasons = Model(), set()
    for step in steps:
        reasons.add(_play(step, model, payer, node, index_token, treasury))
        assert balance_of(payer.address) == model.pot + model.total - model.paid
        assert payer.ask("epochTotal") == model.total
        assert payer.ask("epochPaid") == model.paid
        assert payer.ask("epoch") == len(model.epochs)
    for account in ACCOUNTS:
        assert balance_of(account) - before[account] == model.received[account]
        assert payer.ask("claimedEpochs", account) == model.earned[account]
    assert [payer.ask("isClaimed", index) for index in range(4)] == [
        index in model.claimed for index in range(4)
    ]
    if steps == ALL:
        assert len(reasons) == 6, reasons


def _play(step, model, payer, node, token, treasury):
    """Take a step on the chain and in the model; return the reason, or None."""
    kind, *values = step
    if kind == "give":
        data = token.transfer.encode_input(payer.address, *values)
        assert node.send(treasury.address, token.address, data)["status"] == "0x1"
        model.pot += values[0]
        return None
    if kind == "publish":
        _publish(*values, model, payer, treasury)
        return None
    if kind == "claim":
        claim = INITIAL[values[0]]
        expected = model.claim(claim)
    else:
        claim, is_latest = _entry(*values, model)
        expected = model.claim_epochs(claim, is_latest)
    assert payer.ask(*claim.call) == expected
    assert (payer.send(*claim.call)["status"] == "0x1") is not isinstance(expected, str)
    return expected if isinstance(expected, str) else None


def _publish(earned, added, model, payer, treasury):
    """Publish what accounts have earned; those who earned nothing are not in the list."""
    cumulative = {a: n for a, n in zip(ACCOUNTS, earned, strict=True) if n} or {ACCOUNTS[0]: 1}
    epoch = build(1, payer.address, cumulative)
    model.total += added
    model.epochs.append(epoch)
    receipt = payer.send("publishEpoch", epoch.root, model.total, sender=treasury.address)
    assert receipt["status"] == "0x1"


def _entry(place, age, model):
    """Return the claim of an account in an epoch that was so many ago, and if it is good."""
    account = ACCOUNTS[place]
    if age >= len(model.epochs):
        return Claimed(None, account, 1, ()), False
    epoch = model.epochs[-1 - age]
    if account not in epoch.cumulative:
        return Claimed(None, account, 1, epoch.entries[0].proof), False
    entry = epoch.find(account)
    claim = Claimed(None, account, entry.cumulative, entry.proof)
    return claim, epoch.root == model.epochs[-1].root


def _approve(node, token, treasury, payer):
    """Let a distributor take the treasury's coins."""
    data = token.approve.encode_input(payer.address, 2**96 - 1)
    assert node.send(treasury.address, token.address, data)["status"] == "0x1"
