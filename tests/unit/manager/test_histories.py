"""Random histories of both parties and a stranger, against a model that knows no hashes (I-21)."""

from collections import Counter

import pytest
from eth_abi import decode
from eth_utils import keccak
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from twins.interface import reason
from twins.node import Node

E18 = 10**18
DAY_S = 86_400
PERIOD_S = 7 * DAY_S
NOBODY = "0x" + "00" * 20
SELECTOR = bytes.fromhex("12345678")
HISTORIES, STEPS = 40, 40
ACCRUED = keccak(text="FeeActualized(address,uint256,uint256)")

MUST = {
    "agreed",
    "approved",
    "renewed",
    "expired",
    "cancelled",
    "void",
    "refused when executed",
    "operated",
    "not allowed",
    "changed operator",
    "changed methodologist",
    "changed split",
    "handed over",
}
"""What histories must have seen together, or they show nothing."""

PEOPLE = ("first", "second", "third", "stranger")
WHO = st.sampled_from(("operator", "methodologist", *PEOPLE))
CALLS = (
    *(("setOperator", who) for who in PEOPLE[:3]),
    *(("setMethodologist", who) for who in PEOPLE[:3]),
    *(("setFeeSplit", share) for share in (0, E18 // 3, E18)),
    ("allow", True),
    ("allow", False),
    ("setFeeModule", True),
    ("setFeeModule", False),
    ("handOver", "third"),
    ("fail", None),
)


class Model:
    """Who may do what, by the rules as they are told in the interface."""

    def __init__(self, share, balances):
        self.operator, self.methodologist = "first", "second"
        self.share, self.listed, self.has_fee_module = share, False, True
        self.manager = "house"
        self.given = {}
        self.lapsed = set()
        self.balances = balances

    def expected(self, who, call, now):
        """Return what becomes of a call: "refused", "approved", "executed" or a reason."""
        if who not in (self.operator, self.methodologist):
            return "Must be operator or methodologist"
        giver, expiry = self.given.get(call, (who, 0))
        if giver == who or now > expiry:
            return "approved"
        name, value = call
        if name == "fail":
            return "Not so"
        if name == "handOver" and self.manager != "house":
            return "Only manager can call"
        other = {"setOperator": self.methodologist, "setMethodologist": self.operator}
        return "Parties must differ" if other.get(name) == value else "executed"

    def execute(self, call):
        """Do what both agreed on; a new party starts without approvals."""
        name, value = call
        del self.given[call]
        if name in ("setOperator", "setMethodologist", "setFeeSplit"):
            self.pay()
        if name in ("setOperator", "setMethodologist"):
            setattr(self, "operator" if name == "setOperator" else "methodologist", value)
            self.lapsed |= set(self.given)
            self.given.clear()
        elif name == "setFeeSplit":
            self.share = value
        elif name == "allow":
            self.listed = value
        elif name == "setFeeModule":
            self.has_fee_module = value
        elif name == "handOver":
            self.manager = value

    def pay(self):
        """Share what the house holds."""
        held = self.balances["house"]
        to_operator = held * self.share // E18
        self.balances[self.operator] += to_operator
        self.balances[self.methodologist] += held - to_operator
        self.balances["house"] = 0


class World:
    """The contracts, and how each call of the model is made on the chain."""

    def __init__(self, node, house, index, fees, target, people, share):
        self.node, self.house, self.index, self.fees = node, house, index, fees
        self.share = share
        self.people = people | {"house": house.address}
        self.names = {address.lower(): name for name, address in self.people.items()}
        self.echo = (target, SELECTOR)
        self.data = {call: bytes(self._encoded(target, *call)) for call in CALLS}
        self.operate = bytes(house.execute.encode_input(*self.echo))
        self.distribute = bytes(house.distributeFees.encode_input())
        self.take_back = bytes(index.setManager.encode_input(house))
        self.cancel = {
            call: bytes(house.cancelApproval.encode_input(keccak(data)))
            for call, data in self.data.items()
        }
        self.grab = {
            contract: bytes(house.execute.encode_input(getattr(self, contract), SELECTOR))
            for contract in ("index", "house", "fees")
        }
        self.questions = self.prepare()

    def _encoded(self, target, name, value):
        if name == "handOver":
            data = self.index.setManager.encode_input(self.people[value])
            return self.house.executeAgreed.encode_input(self.index, data)
        if name == "fail":
            data = target.fail.encode_input("Not so")
            return self.house.executeAgreed.encode_input(target, data)
        if name == "allow":
            return self.house.allow.encode_input(target, SELECTOR, value)
        if name == "setFeeModule":
            return self.house.setFeeModule.encode_input(self.fees if value else NOBODY)
        argument = self.people.get(value, value)
        return getattr(self.house, name).encode_input(argument)

    def prepare(self):
        """Encode once what is asked after every step."""
        house, address = self.house, lambda word: self.names.get(word.lower(), word)
        asked = {
            "operator": (house.operator, (), "address", address),
            "methodologist": (house.methodologist, (), "address", address),
            "share": (house.operatorShare, (), "uint256", int),
            "listed": (house.isAllowed, self.echo, "bool", bool),
            "has_fee_module": (house.feeModule, (), "address", lambda word: word != NOBODY),
            "manager": (self.index.manager, (), "address", address),
        }
        for call, data in self.data.items():
            asked[call] = (house.approval, (keccak(data),), "(address,uint256)", tuple)
        for name, account in self.people.items():
            asked[f"balance of {name}"] = (self.index.balanceOf, (account,), "uint256", int)
        return [
            (name, method.contract.address, bytes(method.encode_input(*arguments)), kind, read)
            for name, (method, arguments, kind, read) in asked.items()
        ]

    def read(self):
        """Return everything that is observed, by name."""
        found = {}
        for name, contract, data, kind, read in self.questions:
            success, answer = self.node.call(NOBODY, contract, data)
            assert success
            found[name] = read(decode([kind], answer)[0])
        return found


class Histories(RuleBasedStateMachine):
    """Anybody says anything at any time."""

    world: World
    seen: Counter

    def __init__(self):
        super().__init__()
        self.snapshot = self.world.node.snapshot()
        head = self.world.node.ask("eth_getBlockByNumber", "latest", False)
        self.now = int(head["timestamp"], 16)
        found = self.world.read()
        balances = {name: found[f"balance of {name}"] for name in self.world.people}
        self.model = Model(self.world.share, balances)

    def teardown(self):
        """Leave the chain as it was."""
        self.world.node.restore(self.snapshot)

    def _account(self, who):
        return getattr(self.model, who) if who in ("operator", "methodologist") else who

    def _send(self, who, to, data):
        """Send a transaction one second later; return the reason of a revert."""
        self.now += 1
        self.world.node.ask("evm_setNextBlockTimestamp", self.now)
        receipt = self.world.node.send(self.world.people[who], to, data)
        for log in receipt["logs"]:
            if log["topics"][0] == "0x" + ACCRUED.hex():
                self.model.balances["house"] += int(log["data"][2:66], 16)
        if receipt["status"] == "0x1":
            return None
        return reason(self.world.node.call(self.world.people[who], to, data)[1])

    def _say(self, who, call):
        expected = self.model.expected(who, call, self.now + 1)
        before = self.model.given.get(call)
        outcome = self._send(who, self.world.house.address, self.world.data[call])
        if expected == "approved":
            assert outcome is None
            kind = "renewed" if before and before[0] == who else "expired" if before else "approved"
            self.seen[kind] += 1
            if call in self.model.lapsed:
                self.seen["void"] += 1
            self.model.given[call] = (who, self.now + PERIOD_S)
        elif expected == "executed":
            assert outcome is None
            self.seen["agreed"] += 1
            self._count(call)
            self.model.execute(call)
        else:
            assert outcome == expected
            if who in (self.model.operator, self.model.methodologist):
                self.seen["refused when executed"] += 1

    def _count(self, call):
        words = {"setOperator": "operator", "setMethodologist": "methodologist"}
        words |= {"setFeeSplit": "split"}
        if call[0] in words:
            self.seen[f"changed {words[call[0]]}"] += 1
        if call[0] == "handOver":
            self.seen["handed over"] += 1

    @rule(who=st.sampled_from(("operator", "methodologist")), call=st.sampled_from(CALLS))
    def say(self, who, call):
        """Make a call that takes both, as a party."""
        self._say(self._account(who), call)

    @rule(who=WHO, call=st.sampled_from(CALLS))
    def say_as_anyone(self, who, call):
        """Make a call that takes both."""
        self._say(self._account(who), call)

    @precondition(lambda self: self.model.given)
    @rule(data=st.data(), wait=st.sampled_from((0, 0, DAY_S, None, None)), late=st.booleans())
    def answer(self, data, wait, late):
        """Make the call that the other approved: soon, in the last second, or one too late."""
        call = data.draw(st.sampled_from(sorted(self.model.given, key=str)))
        giver, expiry = self.model.given[call]
        if wait is None:
            self.now = max(self.now, expiry - 1 + late)
        else:
            self.now += wait
        both = (self.model.operator, self.model.methodologist)
        self._say(both[giver == both[0]], call)

    @rule(who=WHO, call=st.sampled_from(CALLS))
    def cancel(self, who, call):
        """Take an approval back; only its giver can."""
        account = self._account(who)
        given = self.model.given.get(call)
        outcome = self._send(account, self.world.house.address, self.world.cancel[call])
        if given and given[0] == account:
            assert outcome is None
            del self.model.given[call]
            self.seen["cancelled"] += 1
        else:
            assert outcome == "Must be the party that approved"

    @rule(who=WHO)
    def operate(self, who):
        """Make the call that may be on the list."""
        account = self._account(who)
        outcome = self._send(account, self.world.house.address, self.world.operate)
        if account != self.model.operator:
            assert outcome == "Must be operator"
        elif not self.model.listed:
            assert outcome == "Call must be allowed"
            self.seen["not allowed"] += 1
        else:
            assert outcome is None
            self.seen["operated"] += 1

    @rule(who=WHO, name=st.sampled_from(("index", "house", "fees")))
    def grab(self, who, name):
        """Reach for what is nobody's alone."""
        account = self._account(who)
        if name == "fees" and not self.model.has_fee_module:
            return
        outcome = self._send(account, self.world.house.address, self.world.grab[name])
        alone = account == self.model.operator
        assert outcome == ("Target must not be operated alone" if alone else "Must be operator")

    @rule(seconds=st.sampled_from((1, DAY_S, 3 * DAY_S, PERIOD_S)))
    def wait(self, seconds):
        """Let time pass."""
        self.now += seconds

    @rule(who=WHO)
    def distribute(self, who):
        """Have the fees shared."""
        account, house = self._account(who), self.world.house
        assert (
            self._send(account, house.address, bytes(house.distributeFees.encode_input())) is None
        )
        self.model.pay()

    @precondition(lambda self: self.model.manager != "house")
    @rule()
    def hand_back(self):
        """Make the house the index's manager again."""
        world = self.world
        assert self._send(self.model.manager, world.index.address, world.take_back) is None
        self.model.manager = "house"

    def check_invariants(self, *arguments, **keywords):
        """Compare every power, every approval and every balance after each step."""
        super().check_invariants(*arguments, **keywords)
        model = self.model
        expected = {
            "operator": model.operator,
            "methodologist": model.methodologist,
            "share": model.share,
            "listed": model.listed,
            "has_fee_module": model.has_fee_module,
            "manager": model.manager,
        }
        for call in CALLS:
            party, expiry = model.given.get(call, (None, 0))
            expected[call] = (self.world.people[party].lower() if party else NOBODY, expiry)
        expected |= {f"balance of {name}": held for name, held in model.balances.items()}
        assert self.world.read() == expected


@pytest.fixture
def world(
    index_manager, set_token, protocol, target, operator, methodologist, newcomer, stranger, chain
):
    """Return the contracts with four people, of whom two are the parties."""
    node = Node(chain.provider.web3.provider.endpoint_uri)
    accounts = (operator, methodologist, newcomer, stranger)
    people = {name: a.address for name, a in zip(PEOPLE, accounts, strict=True)}
    share = index_manager.operatorShare()
    fees = protocol.streaming_fee
    yield World(node, index_manager, set_token, fees, target, people, share)
    node.close()


def test_histories(world):
    """I-21: whatever anyone does alone, in any order, nobody has more than the model gives him.

    S-198.
    """
    seen: Counter[str] = Counter()
    machine = type("Machine", (Histories,), {"world": world, "seen": seen})
    run_state_machine_as_test(
        seed(20210420)(machine),
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not MUST - set(seen), (MUST - set(seen), seen)
