"""A distributor spoken to directly, and the ways in which a claim can be altered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eth_utils.address import to_checksum_address
from invariants.code import ours
from twins.index_house import index_coop
from twins.interface import Interface, interface, reason
from twins.node import Node

STRANGER = "0x" + "e1" * 20
"""Who calls: anyone may have an account paid."""

ORIGINAL = index_coop("token/MerkleDistributor")


@dataclass(frozen=True, slots=True)
class Payer:
    """A distributor, Index Coop's or ours."""

    node: Node
    address: str
    interface: Interface

    def ask(self, function: str, *arguments: Any, sender: str = STRANGER) -> Any:
        """Call without a transaction; return the answer, or the reason for none."""
        called = self.interface.functions[function]
        success, answer = self.node.call(sender, self.address, called.encode(arguments))
        return called.decode(answer) if success else reason(answer)

    def send(self, function: str, *arguments: Any, sender: str = STRANGER) -> dict[str, Any]:
        """Send a transaction; return its receipt."""
        data = self.interface.functions[function].encode(arguments)
        return self.node.send(sender, self.address, data)


def of(node: Node, address: str) -> Payer:
    """Return a distributor of ours."""
    return Payer(node, address, interface(ours("MerkleDistributor")))


def deploy(
    node: Node, sender: str, token: str, root: bytes, original: bool = False
) -> tuple[Payer, int]:
    """Deploy a distributor, Index Coop's or ours; return it and what that cost {gas}."""
    code = ORIGINAL if original else ours("MerkleDistributor")
    receipt = node.send(sender, None, code.init_code(token, root))
    payer = Payer(node, to_checksum_address(receipt["contractAddress"]), interface(code))
    return payer, int(receipt["gasUsed"], 16)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The arguments of a claim, of either part: `index` is None for one of the epochs."""

    index: int | None
    account: str
    amount: int
    proof: tuple[bytes, ...]

    @property
    def call(self) -> tuple[Any, ...]:
        """The function and its arguments."""
        rest = (self.account, self.amount, list(self.proof))
        return ("claimEpochs", *rest) if self.index is None else ("claim", self.index, *rest)


def altered(claim: Claimed, others: Sequence[Claimed]) -> Iterator[tuple[str, Claimed]]:
    """Yield a claim with one thing changed, every one of them, with what that is."""
    if claim.index is not None:
        for index in (claim.index + 1, claim.index + 256, claim.index ^ (1 << 255)):
            yield f"index {index}", replace(claim, index=index)
    for amount in (claim.amount + 1, claim.amount - 1, 2 * claim.amount, 0, 2**256 - 1):
        yield f"amount {amount}", replace(claim, amount=amount)
    last = f"{claim.account[:-1]}{int(claim.account[-1], 16) ^ 1:x}"
    for account in (STRANGER, last, "0x" + "00" * 20):
        yield f"account {account}", replace(claim, account=account)
    for name, proof in _proofs(claim.proof):
        if proof != claim.proof:
            yield name, replace(claim, proof=proof)
    for other in others:
        if other.proof != claim.proof:
            yield f"proof of {other.account}", replace(claim, proof=other.proof)
        yield f"claim of {other.account}", replace(other, proof=claim.proof)


def _proofs(proof: tuple[bytes, ...]) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    yield "no proof", ()
    yield "truncated", proof[:-1]
    yield "begun later", proof[1:]
    yield "in reverse", proof[::-1]
    for name, more in (("zero", bytes(32)), ("its last", proof[-1]), ("its first", proof[0])):
        yield f"extended by {name}", (*proof, more)
        yield f"begun with {name}", (more, *proof)
    for level, sibling in enumerate(proof):
        flipped = bytes([*sibling[:-1], sibling[-1] ^ 1])
        yield f"sibling {level} flipped", (*proof[:level], flipped, *proof[level + 1 :])
        yield f"sibling {level} left out", (*proof[:level], *proof[level + 1 :])
        yield f"sibling {level} zero", (*proof[:level], bytes(32), *proof[level + 1 :])
        if level:
            swapped = (*proof[: level - 1], sibling, proof[level - 1], *proof[level + 1 :])
            yield f"siblings {level - 1} and {level} swapped", swapped
