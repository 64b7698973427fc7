"""MerkleDistributor against the original's bytecode: what it answers, and its gas (R-21)."""

import re

import pytest
from invariants.code import ours
from payer import Claimed, altered, deploy
from twins.node import own_chain

from indexkit.economics.epochs import from_lists
from indexkit.economics.lists import read_rewards
from indexkit.localnet.paths import ROOT

E18 = 10**18
INITIAL = 100_000 * E18
EVERY_MONTH = "0xD425333DD22B049f143522e519a06462c633F37a"
"""An account that is in all seven monthly lists."""

DOCUMENT = ROOT / "docs" / "GAS.md"
_ROW = re.compile(r"^\| ([^|]+?) +\| +([\d,]+) \| +([\d,]+) \| ([\d.]+) \|$", re.MULTILINE)


class Twins:
    """The original and ours, each with an INDEX of its own, alone on a fresh chain."""

    def __init__(self, node, treasury, root):
        self.node, self.treasury = node, treasury
        self.tokens = [self._token() for _ in range(2)]
        self.payers = [self.distributor(original, root) for original in (True, False)]

    def distributor(self, original, root):
        """Deploy one, with what the initial distribution needs."""
        token = self.tokens[0 if original else 1]
        payer, _ = deploy(self.node, self.treasury, token, root, original)
        self.call(token, "transfer", payer.address, INITIAL)
        return payer

    def call(self, token, function, *arguments):
        """Have the treasury call a token."""
        call = f"{function}(address,uint256)"
        data = CALLS[call] + bytes.fromhex(arguments[0][2:]).rjust(32, b"\0")
        receipt = self.node.send(self.treasury, token, data + arguments[1].to_bytes(32, "big"))
        assert receipt["status"] == "0x1"

    def play(self, claim):
        """Send a claim to both, and compare; return the receipts."""
        answers = [payer.ask(*claim.call) for payer in self.payers]
        receipts = [payer.send(*claim.call) for payer in self.payers]
        assert answers[0] == answers[1]
        theirs, mine = map(_seen, receipts)
        assert theirs == mine
        return receipts

    def _token(self):
        code = ours("IndexToken").init_code(self.treasury)
        return self.node.send(self.treasury, None, code)["contractAddress"]


CALLS = {
    "transfer(address,uint256)": bytes.fromhex("a9059cbb"),
    "approve(address,uint256)": bytes.fromhex("095ea7b3"),
}


@pytest.fixture(scope="module")
def twins(accounts, published):
    """Deploy both."""
    with own_chain() as node:
        yield Twins(node, accounts[7].address, published.root)


@pytest.fixture(scope="module")
def measured(twins, claims):
    """Return the gas of each operation, original and ours {gas}."""
    gas = {
        "claim, first of 256 indices, 11 siblings": map(_gas, twins.play(claims[512])),
        "claim, 11 siblings": map(_gas, twins.play(claims[513])),
        "claim, 8 siblings": map(_gas, twins.play(claims[529])),
        "isClaimed": (_gas(payer.send("isClaimed", 512)) for payer in twins.payers),
        "seven months of one account": _months(twins),
    }
    return {name: tuple(both) for name, both in gas.items()}


def _months(twins):
    """Measure seven claims at seven distributors of the original, and one of our epochs."""
    lists, theirs = read_rewards(), 0
    for one in lists:
        index, claim, proof = one.find(EVERY_MONTH)
        payer = twins.distributor(True, one.root)
        theirs += _gas(payer.send(*Claimed(index, claim.account, claim.amount, proof).call))
    payer = twins.payers[1]
    twins.call(twins.tokens[1], "approve", payer.address, 2**96 - 1)
    for epoch in from_lists(1, payer.address, lists):
        receipt = payer.send("publishEpoch", epoch.root, epoch.total, sender=twins.treasury)
        assert receipt["status"] == "0x1"
    entry = epoch.find(EVERY_MONTH)
    claim = Claimed(None, entry.account, entry.cumulative, entry.proof)
    return theirs, _gas(payer.send(*claim.call))


def _gas(receipt):
    assert receipt["status"] == "0x1"
    return int(receipt["gasUsed"], 16)


def _seen(receipt):
    """Return what a receipt says, but for whose it is: the distributor's address."""
    logs = [(log["topics"][0], log["topics"][2:], log["data"]) for log in receipt["logs"]]
    return receipt["status"], logs


def test_claim__as_the_original(twins, claims):
    """R-21: claims, repeated ones and altered ones: the same status, reasons and events."""
    original, mine = twins.payers
    for place in (0, 1, 255, 256, 257, 1_150):
        claim = claims[place]
        for _, other in altered(claim, [claims[7]]):
            refused = {original.ask(*other.call), mine.ask(*other.call)}
            assert refused == {"MerkleDistributor: Invalid proof."}
        for status in ("0x1", "0x0"):
            assert [receipt["status"] for receipt in twins.play(claim)] == [status] * 2
        for index in (0, 1, 2, 255, 256, 257, 1_150, 2**255):
            assert original.ask("isClaimed", index) == mine.ask("isClaimed", index)
    assert original.ask("merkleRoot") == mine.ask("merkleRoot")


def test_claim__gas__is_as_documented(measured):
    """R-21: docs/GAS.md, section Claims, has these figures."""
    section = DOCUMENT.read_text().partition("\n## Claims\n")[2].partition("\n## ")[0]
    documented = {
        name: (int(theirs.replace(",", "")), int(mine.replace(",", "")), ratio)
        for name, theirs, mine, ratio in _ROW.findall(section)
    }
    expected = {
        name: (theirs, mine, f"{mine / theirs:.3f}") for name, (theirs, mine) in measured.items()
    }
    assert documented == expected, "\n".join(
        f"| {name:<40} | {theirs:>8,} | {mine:>8,} | {ratio} |"
        for name, (theirs, mine, ratio) in expected.items()
    )
