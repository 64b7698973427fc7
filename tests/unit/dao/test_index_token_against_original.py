"""IndexToken against the original bytecode: the same blocks, the same answers (R-20)."""

from collections import Counter

import pytest
from eth_utils import keccak
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from signatures import NEVER
from token_twins import INTERFACE, Pair, Step
from twins.interface import reason
from twins.node import own_chain

E18 = 10**18
SUPPLY = 10_000_000 * E18
MOST = 2**96 - 1
ZERO = "0x" + "00" * 20
PEOPLE = 4
HISTORIES = 40
VOTES = "0x" + keccak(text="DelegateVotesChanged(address,uint256,uint256)").hex()
SEVERAL = "several changes of one delegate's votes in a block"
EVERYTHING = [
    [("transfer", 0, heir, 10**6 * E18) for heir in (1, 2, 3)],
    [("approve", 0, 1, 5), ("approve", 0, 2, NEVER), ("approve", 0, 3, MOST + 1)],
    [("transferFrom", 1, 0, 2, 3), ("transferFrom", 1, 0, 2, 3)],
    [("transferFrom", 2, 0, 3, 7), ("transferFrom", 0, 0, 1, 4), ("transferFrom", 0, 4, 1, 0)],
    [("transfer", 0, 1, MOST + 1), ("transfer", 0, 1, MOST), ("transfer", 0, 4, 1)],
    [("delegate", 0, 1), ("delegate", 1, 1), ("delegate", 2, 3), ("transfer", 0, 2, 5)],
    [("transfer", 2, 0, SUPPLY // 20), ("transfer", 0, 2, SUPPLY // 10)],
    [("delegateBySig", 2, 1, 0, True, 3), ("delegateBySig", 2, 2, 0, True, 3)],
    [("delegateBySig", 2, 2, 1, True, 3), ("delegateBySig", 2, 2, 0, False, 3)],
    [("delegate", 0, 4), ("delegate", 3, 3), ("delegate", 3, 3), ("transfer", 1, 1, 9)],
]
"""Blocks in which every function succeeds, and is refused for every reason but one."""

MUST = {
    "transfer",
    "approve",
    "transferFrom",
    "delegate",
    "delegateBySig",
    "INDEX.transfer: amount exceeds 96 bits",
    "INDEX.approve: amount exceeds 96 bits",
    "INDEX.transferFrom: transfer amount exceeds spender allowance",
    "INDEX._transferTokens: transfer amount exceeds balance",
    "INDEX._transferTokens: cannot transfer from the zero address",
    "INDEX._transferTokens: cannot transfer to the zero address",
    "INDEX.delegateBySig: invalid nonce",
    "INDEX.delegateBySig: signature expired",
    SEVERAL,
}
"""What these blocks see."""

who = st.integers(0, PEOPLE - 1)
whom = st.integers(0, PEOPLE)
"""The last one is the zero address."""
amount = st.one_of(
    st.integers(0, 5),
    st.integers(0, SUPPLY),
    st.integers(0, 1000).map(lambda share: SUPPLY * share // 1000),
    st.sampled_from([MOST, MOST + 1, NEVER, SUPPLY]),
)
step = st.one_of(
    st.tuples(st.just("transfer"), who, whom, amount),
    st.tuples(st.just("transfer"), who, who, st.integers(0, 5)),
    st.tuples(st.just("approve"), who, whom, amount),
    st.tuples(st.just("transferFrom"), who, whom, whom, amount),
    st.tuples(st.just("transferFrom"), who, who, who, st.integers(0, 5)),
    st.tuples(st.just("delegate"), who, whom),
    st.tuples(
        st.just("delegateBySig"), who, whom, st.sampled_from([0, 0, 0, 0, 1]), st.booleans(), who
    ),
)
history = st.lists(st.lists(step, min_size=1, max_size=4), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def node():
    """Start a chain that mines when it is asked to."""
    with own_chain() as one:
        yield one


@pytest.fixture(scope="module")
def people(accounts):
    """Return who has the tokens, first all of them."""
    return list(accounts[:PEOPLE])


class History:
    """One history of both tokens, and what it has seen."""

    def __init__(self, node, people):
        self.people = people
        self.addresses = [*(account.address for account in people), ZERO]
        self.pair = Pair(node, people[0])
        self.votes = {}
        self.seen = Counter()

    def play(self, blocks):
        """Play all blocks, and compare whatever can be seen after each."""
        for drawn in blocks:
            nonces = dict(zip(self.addresses, self.all("nonces"), strict=False))
            _, now = self.pair.now()
            steps = [self.step(one, nonces, now) for one in drawn]
            outcomes = self.pair.play(steps)
            changed = Counter()
            for one, (theirs, ours) in zip(steps, outcomes, strict=True):
                assert theirs.seen == ours.seen, one
                refused = isinstance(theirs.answer, str)
                self.seen[theirs.answer if refused else one.function] += 1
                changed.update({topics[1] for topics, _ in theirs.logs if topics[0] == VOTES})
            self.seen[SEVERAL] += max(changed.values(), default=0) > 1
            self.look()

    def step(self, drawn, nonces, now):
        """Return a step with the accounts, nonces and times that were drawn."""
        name, sender, *rest = drawn
        account = self.people[sender]
        if name != "delegateBySig":
            split = {"transferFrom": 2}.get(name, 1)
            others = [self.addresses[place] for place in rest[:split]]
            return Step(account, name, (*others, *rest[split:]))
        delegatee, ahead, good, signer = rest
        address = self.addresses[signer]
        nonce = nonces[address] + ahead
        nonces[address] += good and not ahead
        expiry = NEVER if good else now
        return Step(account, name, (self.addresses[delegatee], nonce, expiry), self.people[signer])

    def all(self, view, *arguments):
        """Return a view for every account, the same in both."""
        return [self.both(view, one, *arguments) for one in self.addresses]

    def both(self, view, *arguments):
        """Return a view, the same in both."""
        theirs, ours = self.pair.view(view, *arguments)
        assert theirs == ours, (view, arguments)
        return ours

    def look(self):
        """Compare the views of now; votes are those delegated, and within the supply."""
        number, _ = self.pair.now()
        balances, delegates = self.all("balanceOf"), self.all("delegates")
        votes = self.all("getCurrentVotes")
        before = self.votes.get(number - 1)
        self.votes[number] = votes
        assert sum(balances) == SUPPLY
        for account, own in zip(self.addresses[:-1], votes, strict=False):
            delegated = zip(balances, delegates, strict=True)
            assert own == sum(held for held, to in delegated if to == account.lower())
        assert votes[-1] == 0
        if before is not None:
            assert self.all("getPriorVotes", number - 1) == before
        refused = "INDEX.getPriorVotes: not yet determined"
        assert self.both("getPriorVotes", self.addresses[0], number + 2) == refused

    def look_back(self):
        """Compare every checkpoint and every past block."""
        self.pair.play([])
        self.all("nonces")
        for account in self.addresses:
            self.all("allowance", account)
            count = self.both("numCheckpoints", account)
            for place in range(count + 2):
                self.both("checkpoints", account, place)
            self.both("checkpoints", account, 2**32 - 1)
        for number, votes in self.votes.items():
            assert self.all("getPriorVotes", number) == votes
        for number in (0, self.pair.birth - 1, self.pair.birth):
            assert self.all("getPriorVotes", number) == [0] * len(self.addresses)


def test_index_token__every_function_and_reason(node, people):
    """R-20: answers, reasons and logs of a history that has them all."""
    one = History(node, people)
    one.play(EVERYTHING)
    one.look_back()
    assert set(+one.seen) == MUST
    broken = (one.addresses[0], 0, NEVER, 29, b"\1" * 32, b"\1" * 32)
    ((theirs, ours),) = one.pair.play([Step(people[0], "delegateBySig", broken)])
    assert theirs.seen == ours.seen == ("INDEX.delegateBySig: invalid signature", ())


def test_index_token__any_history(node, people):
    """R-20, R-25, S-212: answers, reasons, logs and views of every block, to the byte."""

    @seed(20201006)
    @settings(
        max_examples=HISTORIES,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(blocks=history)
    def play(blocks):
        one = History(node, people)
        one.play([[("transfer", 0, heir, 10**6 * E18) for heir in range(1, PEOPLE)], *blocks])
        one.look_back()

    play()


def test_get_prior_votes__every_block_of_a_long_history(node, people):
    """R-20: 40 checkpoints with gaps between them; every block has the votes it ended with."""
    history = History(node, people)
    other = history.addresses[1]
    history.play([[("delegate", 0, 0)], [("delegate", 1, 1)]])
    for number in range(40):
        history.play([[("transfer", 0, 1, number + 1)], *[[]] * (number % 3)])
    assert history.both("numCheckpoints", other) == 40
    assert len(history.votes) > 70
    history.look_back()


@pytest.mark.parametrize(
    ("number", "refusal"),
    [(2**32 - 1, None), (2**32, "INDEX._writeCheckpoint: block number exceeds 32 bits")],
)
def test_checkpoints__last_block(node, people, number, refusal):
    """R-20: blocks have 32 bits; beyond, votes stand still."""
    pair = Pair(node, people[0])
    delegate = INTERFACE.functions["delegate"].encode([people[1].address])
    for token in pair.tokens:
        late = {"number": hex(number)}
        success, answer = node.call(people[0].address, token, delegate, blocks=late)
        assert (success, reason(answer)) == (refusal is None, refusal or "")


def test_calldata__dirty_or_short(node, people):
    """R-20: what no tool sends; refused by both, or read alike."""
    pair = Pair(node, people[0])
    sender, receiver = people[0].address, people[1].address
    word = bytes(12) + bytes.fromhex(receiver[2:])
    number = (7).to_bytes(32)
    transfer = INTERFACE.functions["transfer"].selector
    calls = {
        "as usual": (transfer + word + number, 0),
        "with more behind": (transfer + word + number + b"more", 0),
        "cut short": (transfer + word + number[:-1], 0),
        "an unknown function": (b"\1\2\3\4", 0),
        "half a selector": (transfer[:2], 0),
        "plain ether": (b"", 1),
        "ether": (transfer + word + number, 1),
        "an address of 21 bytes": (transfer + bytes(11) + b"\1" + word[12:] + number, 0),
    }
    answers = {
        name: [node.call(sender, token, data, value) for token in pair.tokens]
        for name, (data, value) in calls.items()
    }
    for name, (theirs, ours) in answers.items():
        assert theirs == ours, name
    accepted = [name for name, (_, ours) in answers.items() if ours[0]]
    assert accepted == ["as usual", "with more behind"]
