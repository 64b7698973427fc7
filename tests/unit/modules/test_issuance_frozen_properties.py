"""Claims against an integer model: several holders, two components that freeze, thaw and rebase."""

from dataclasses import dataclass, field

import ape
import pytest
from asides import undone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

E18 = 10**18
UNITS = (5 * E18 + 1, 3 * 10**6 + 1)
FROZEN, ORDINARY = "reverts with a reason", ""
HOLDERS, TOKENS = range(3), range(2)
START = 10**40


@dataclass
class Model:
    """What the SetToken, its holders and its module own; all amounts are integers."""

    supply: int = 0
    sets: list[int] = field(default_factory=lambda: [0] * 3)
    balances: list[int] = field(default_factory=lambda: [0] * 2)
    frozen: list[bool] = field(default_factory=lambda: [False] * 2)
    claims: list[list[int]] = field(default_factory=lambda: [[0] * 2 for _ in HOLDERS])
    wallets: list[list[int]] = field(default_factory=lambda: [[START] * 2 for _ in HOLDERS])

    def owed(self, token: int) -> int:
        """Return what units and claims stand for {comp}."""
        claimed = sum(claims[token] for claims in self.claims)
        return UNITS[token] * self.supply // E18 + claimed

    def due(self, token: int, claim: int) -> int:
        """Return what collecting pays {comp}: the part of the claim that is there."""
        owed = self.owed(token)
        return claim * min(self.balances[token], owed) // owed if owed else 0

    def slack(self, token: int) -> int:
        """Return what is there beyond what is owed; negative after a loss {comp}."""
        return self.balances[token] - self.owed(token)

    def wealth(self, holder: int, token: int) -> int:
        """Return wallet, claims and redeemable share of a component that lost nothing {comp}."""
        share = UNITS[token] * self.sets[holder] // E18
        return self.wallets[holder][token] + self.claims[holder][token] + share

    def can_issue(self) -> bool:
        """Return whether every component can be pulled."""
        return not any(self.frozen)

    def issue(self, holder: int, quantity: int) -> None:
        """Pay every component, rounded up."""
        for token in TOKENS:
            cost = -(-UNITS[token] * quantity // E18)
            self.wallets[holder][token] -= cost
            self.balances[token] += cost
        self.sets[holder] += quantity
        self.supply += quantity

    def can_pay(self, token: int, amount: int) -> bool:
        """Return whether a transfer out of the SetToken succeeds; nothing is always paid."""
        return amount == 0 or (not self.frozen[token] and amount <= self.balances[token])

    def redeem(self, holder: int, quantity: int) -> None:
        """Pay what can be paid, and write down the rest as claims."""
        self.sets[holder] -= quantity
        self.supply -= quantity
        for token in TOKENS:
            share = UNITS[token] * quantity // E18
            if self.can_pay(token, share):
                self.pay(holder, token, share)
            else:
                self.claims[holder][token] += share

    def collect(self, holder: int, token: int, claim: int) -> None:
        """Pay for a part of a claim."""
        amount = self.due(token, claim)
        self.claims[holder][token] -= claim
        self.pay(holder, token, amount)

    def pay(self, holder: int, token: int, amount: int) -> None:
        """Move a component out of the SetToken."""
        self.balances[token] -= amount
        self.wallets[holder][token] += amount


holders, tokens = st.sampled_from(HOLDERS), st.sampled_from(TOKENS)
# Shares of what there is, in millionths, so that a step always fits where the history has led.
parts = st.one_of(st.just(10**6), st.integers(1, 10**6))
quantities = st.one_of(st.integers(1, 10**6), st.integers(1, 10**21))
steps = st.one_of(
    st.tuples(st.just("issue"), holders, quantities),
    st.tuples(st.just("redeem"), holders, parts),
    st.tuples(st.just("redeemFrozen"), holders, parts),
    st.tuples(st.just("redeemFrozen"), holders, parts),
    st.tuples(st.just("collect"), holders, tokens),
    st.tuples(st.just("collectWithLimit"), holders, tokens, parts),
    st.tuples(st.just("freeze"), tokens),
    st.tuples(st.just("thaw"), tokens),
)
rebases = st.tuples(st.just("rebase"), tokens, st.integers(0, 2 * 10**6))


@pytest.fixture(scope="module")
def world(mock, make_plain_set, protocol, accounts):
    """Deploy two odd tokens and a SetToken of them; three holders have plenty and approved."""
    odd = [accounts[7].deploy(mock("OddToken"), 18, 0) for _ in TOKENS]
    created = make_plain_set(odd, list(UNITS))
    people = list(accounts[7:10])
    for person in people:
        for token in odd:
            token.setBalance(person, START, sender=person)
            token.approve(protocol.issuance, 2**256 - 1, sender=person)
    return created, odd, people, protocol.issuance


def play(world, model, step):
    """Make one step on the chain and in the model; where the model refuses, so must the chain."""
    created, odd, people, issuance = world
    name, *rest = step
    if name in ("freeze", "thaw"):
        (token,) = rest
        model.frozen[token] = name == "freeze"
        odd[token].adopt(FROZEN if name == "freeze" else ORDINARY, sender=people[0])
    elif name == "rebase":
        token, factor = rest
        model.balances[token] = model.balances[token] * factor // 10**6
        odd[token].setBalance(created, model.balances[token], sender=people[0])
    elif name == "issue":
        holder, quantity = rest
        allowed = model.can_issue()
        act(allowed, issuance.issue, created, quantity, people[holder], sender=people[holder])
        if allowed:
            model.issue(holder, quantity)
    elif name in ("redeem", "redeemFrozen"):
        holder, part = rest
        quantity = model.sets[holder] * part // 10**6
        whole = all(model.can_pay(t, UNITS[t] * quantity // E18) for t in TOKENS)
        allowed = quantity > 0 and (whole or name == "redeemFrozen")
        function = getattr(issuance, name)
        act(allowed, function, created, quantity, people[holder], sender=people[holder])
        if allowed:
            model.redeem(holder, quantity)
    else:
        play_collection(world, model, name, *rest)


def play_collection(world, model, name, holder, token, part=10**6):
    """Collect all of a claim, or accept for a part whatever is there."""
    created, odd, people, issuance = world
    claim = model.claims[holder][token]
    arguments = [created, odd[token], people[holder]]
    if name == "collect":
        least = claim + -claim // 10_000
    else:
        claim, least = claim * part // 10**6, 0
        arguments += [claim, 0]
    due = model.due(token, claim)
    allowed = claim > 0 and due >= least and model.can_pay(token, due)
    act(allowed, getattr(issuance, name), *arguments, sender=people[holder])
    if allowed:
        model.collect(holder, token, claim)


def act(allowed, function, *arguments, sender):
    """Call, and expect it to be refused when it is not allowed."""
    if allowed:
        function(*arguments, sender=sender)
    else:
        with ape.reverts():
            function(*arguments, sender=sender)


def check(world, model):
    """Compare the chain with the model, and what claims may be paid with what is there."""
    created, odd, people, issuance = world
    assert created.totalSupply() == model.supply
    for token in TOKENS:
        assert odd[token].balanceOf(created) == model.balances[token]
        claims = [model.claims[holder][token] for holder in HOLDERS]
        assert issuance.totalClaims(created, odd[token]) == sum(claims)
        due = [issuance.collectable(created, odd[token], person) for person in people]
        assert due == [model.due(token, claim) for claim in claims]
        assert sum(due) <= model.balances[token]


def check_holders(world, model):
    """Compare what each holder has."""
    created, odd, people, issuance = world
    for holder, person in enumerate(people):
        assert created.balanceOf(person) == model.sets[holder]
        for token in TOKENS:
            assert odd[token].balanceOf(person) == model.wallets[holder][token]
            claim = issuance.claims(created, odd[token], person)
            assert claim == model.claims[holder][token]


PLAY = settings(
    max_examples=8,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@seed(20201007)
@PLAY
@given(history=st.lists(steps, min_size=10, max_size=20))
def test_claims__without_losses(world, chain, history):
    """What is owed is there after each call, and nobody gets richer by any (I-01, I-06, R-04)."""
    model = Model()
    with undone(chain):
        for step in [("issue", 0, 7 * E18), ("issue", 1, E18 + 3), *history]:
            before = [[model.wealth(h, t) for t in TOKENS] for h in HOLDERS]
            play(world, model, step)
            check(world, model)
            for token in TOKENS:
                assert model.slack(token) >= 0
                assert all(model.wealth(h, token) <= before[h][token] for h in HOLDERS)
        check_holders(world, model)


@seed(20201008)
@PLAY
@given(history=st.lists(st.one_of(steps, steps, rebases), min_size=10, max_size=20))
def test_claims__with_losses(world, chain, history):
    """Claims are paid their part of what is there; no call makes anything short (I-01, R-04)."""
    model = Model()
    with undone(chain):
        for step in [("issue", 0, 7 * E18), ("issue", 1, E18 + 3), *history]:
            before = [model.slack(token) for token in TOKENS]
            play(world, model, step)
            check(world, model)
            if step[0] != "rebase":
                assert all(model.slack(t) >= min(0, before[t]) for t in TOKENS)
        check_holders(world, model)
