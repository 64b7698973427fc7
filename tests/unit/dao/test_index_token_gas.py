"""IndexToken: gas, in the original's bytecode and in ours, as docs/GAS.md tells it (R-20)."""

import re

import pytest
from signatures import NEVER
from token_twins import Pair, Step
from twins.node import own_chain

from indexkit.localnet.paths import ROOT

E18 = 10**18
DEARER = {
    "deploy",
    "getPriorVotes, before the first of 16 checkpoints",
    "checkpoints, an older one",
}
"""What costs more than the original, for the reasons given there."""

DOCUMENT = ROOT / "docs" / "GAS.md"
_ROW = re.compile(r"^\| ([^|]+?) +\| +([\d,]+) \| +([\d,]+) \| ([\d.]+) \|$", re.MULTILINE)


class Meter:
    """Plays operations on both tokens and notes what they cost."""

    def __init__(self, node, people):
        self.people = people
        self.pair = Pair(node, people[0])
        self.gas = {"deploy": tuple(self.pair.deployment_gas)}

    def __call__(self, operation, sender, function, *arguments, signer=None):
        """Note the gas of a call, in a block of its own, under the operation's name."""
        self.note(operation, [self.step(sender, function, *arguments, signer=signer)])

    def note(self, operation, steps):
        """Note the gas of the last of several calls in one block."""
        theirs, ours = self.pair.play(steps)[-1]
        assert theirs.seen == ours.seen, operation
        assert not isinstance(ours.answer, str), (operation, ours.answer)
        if operation:
            self.gas[operation] = (theirs.gas, ours.gas)

    def step(self, sender, function, *arguments, signer=None):
        """Return a call; people stand for their addresses."""
        plain = tuple(getattr(one, "address", one) for one in arguments)
        return Step(sender, function, plain, signer)


@pytest.fixture(scope="module")
def measured(accounts):
    """Return the gas of each operation, original and ours, on a fresh chain."""
    people = list(accounts[:6])
    with own_chain() as node:
        meter = Meter(node, people)
        _tokens(meter, *people)
        _delegations(meter, *people)
        _views(meter, *people)
    return meter.gas


def _tokens(meter, treasury, holder, other, spender, unlimited, _):
    """Measure transfers and approvals while nobody has delegated."""
    for first, receiver in (("transfer, to a new holder", holder), ("", other)):
        meter(first, treasury, "transfer", receiver, 1000 * E18)
    meter("transfer, nobody delegates", treasury, "transfer", holder, 1000 * E18)
    meter("approve, first", holder, "approve", spender, 5 * E18)
    meter("approve, overwrite", holder, "approve", spender, 6 * E18)
    meter("", holder, "approve", unlimited, NEVER)
    meter("transferFrom", spender, "transferFrom", holder, other, E18)
    meter("transferFrom, unlimited", unlimited, "transferFrom", holder, other, E18)


def _delegations(meter, treasury, holder, other, spender, unlimited, delegate):
    """Measure delegations, and transfers that move votes."""
    meter("delegate, first of a delegate", holder, "delegate", holder)
    meter("", other, "delegate", other)
    meter("delegate, to the same", holder, "delegate", holder)
    meter("delegate, without a balance", spender, "delegate", delegate)
    meter("transfer, both delegate, first", holder, "transfer", other, E18)
    for turn in ("", "transfer, both delegate, repeat", "transfer, both delegate, repeat again"):
        meter(turn, holder, "transfer", other, E18)
    again = [meter.step(holder, "transfer", other, 1) for _ in range(2)]
    meter.note("transfer, both delegate, second in a block", again)
    meter("transfer, to one who delegates", treasury, "transfer", holder, E18)
    meter("delegate, to another", other, "delegate", holder)
    meter("transfer, the same delegate", holder, "transfer", other, E18)
    meter("delegate, to nobody", other, "delegate", "0x" + "00" * 20)
    signed = ("delegateBySig", delegate, 0, NEVER)
    meter("delegateBySig, first of a delegate", spender, *signed, signer=other)
    signed = ("delegateBySig", holder, 1, NEVER)
    meter("delegateBySig, to another", spender, *signed, signer=other)


def _views(meter, treasury, holder, other, spender, unlimited, delegate):
    """Measure views, as transactions, on a delegate with 16 checkpoints."""
    birth = meter.pair.birth
    while meter.pair.view("numCheckpoints", holder.address)[0] < 16:
        meter("", holder, "transfer", treasury, E18)
    now, _ = meter.pair.now()
    meter("getCurrentVotes", spender, "getCurrentVotes", holder)
    meter("getPriorVotes, newest of 16 checkpoints", spender, "getPriorVotes", holder, now)
    blocks = range(birth + 14, now - 1)
    several = [
        [
            one.gas
            for one in meter.pair.play([meter.step(spender, "getPriorVotes", holder, number)])[0]
        ]
        for number in blocks
    ]
    means = (sum(gas) // len(blocks) for gas in zip(*several, strict=True))
    meter.gas["getPriorVotes, older ones, on average"] = tuple(means)
    first = "getPriorVotes, before the first of 16 checkpoints"
    meter(first, spender, "getPriorVotes", holder, birth)
    meter("getPriorVotes, without votes", spender, "getPriorVotes", unlimited, now)
    meter("checkpoints, the newest", spender, "checkpoints", holder, 15)
    meter("checkpoints, an older one", spender, "checkpoints", holder, 3)


def test_gas__at_or_below_the_original(measured):
    """R-20: every operation but those that are named above."""
    dearer = {name for name, (theirs, ours) in measured.items() if ours > theirs}
    assert dearer == DEARER


def test_gas__is_as_documented(measured):
    """docs/GAS.md, section INDEX, has these figures."""
    section = DOCUMENT.read_text().partition("\n## INDEX\n")[2].partition("\n## ")[0]
    documented = {
        name: (int(theirs.replace(",", "")), int(ours.replace(",", "")), ratio)
        for name, theirs, ours, ratio in _ROW.findall(section)
    }
    expected = {
        name: (theirs, ours, f"{ours / theirs:.3f}") for name, (theirs, ours) in measured.items()
    }
    assert documented == expected, "\n".join(
        f"| {name:<49} | {theirs:>9,} | {ours:>9,} | {ratio} |"
        for name, (theirs, ours, ratio) in expected.items()
    )
