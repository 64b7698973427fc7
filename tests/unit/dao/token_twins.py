"""The original INDEX token and ours, played alike: the same transactions in the same blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ape.api import AccountAPI
from invariants.code import ours
from signatures import delegation
from twins.index_house import index_coop
from twins.interface import interface, reason
from twins.node import Node

INTERFACE = interface(index_coop("token/IndexToken"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a transaction.

    Attributes
    ----------
    answer
        What it returned; the reason if it was refused.
    logs
        Topics and data of each.
    gas
        Of the whole transaction {gas}.
    """

    answer: bytes | str
    logs: tuple[tuple[tuple[str, ...], str], ...]
    gas: int

    @property
    def seen(self) -> tuple[Any, ...]:
        """All but the gas."""
        return self.answer, self.logs


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a token.

    Attributes
    ----------
    sender
        Who sends it.
    function, arguments
        What is called. Of "delegateBySig": delegatee, nonce, expiry {s}; the signature follows.
    signer
        Whose signature it is.
    """

    sender: AccountAPI
    function: str
    arguments: tuple[Any, ...]
    signer: AccountAPI | None = None

    def data(self, token: str) -> bytes:
        """Return the calldata for a token."""
        arguments = self.arguments
        if self.signer is not None:
            arguments += delegation(self.signer, token, *arguments)
        return INTERFACE.functions[self.function].encode(arguments)


class Pair:
    """Two tokens of the same ten million, the original first.

    Attributes
    ----------
    node, tokens
        The chain and the addresses on it.
    birth
        The block in which the second was deployed.
    """

    def __init__(self, node: Node, treasury: AccountAPI) -> None:
        self.node = node
        codes = (index_coop("token/IndexToken"), ours("IndexToken"))
        receipts = [
            node.send(treasury.address, None, code.init_code(treasury.address)) for code in codes
        ]
        self.deployment_gas = [int(receipt["gasUsed"], 16) for receipt in receipts]
        self.tokens = [receipt["contractAddress"] for receipt in receipts]
        self.birth = int(receipts[-1]["blockNumber"], 16)

    def play(self, steps: Sequence[Step]) -> list[tuple[Outcome, Outcome]]:
        """Mine one block of all the steps, each sent to both tokens; return what became of them."""
        sent = [
            self._submit(step.sender.address, token, step.data(token))
            for step in steps
            for token in self.tokens
        ]
        self.node.ask("evm_mine")
        outcomes = [self._outcome(one, place) for place, one in enumerate(sent)]
        return list(zip(outcomes[::2], outcomes[1::2], strict=True))

    def view(self, function: str, *arguments: Any) -> list[Any]:
        """Return the answers of both, or the reasons for none."""
        return [self.ask(token, function, *arguments) for token in self.tokens]

    def ask(self, token: str, function: str, *arguments: Any) -> Any:
        """Return the answer of one of them, or the reason for none."""
        called = INTERFACE.functions[function]
        success, answer = self.node.call(token, token, called.encode(arguments))
        return called.decode(answer) if success else reason(answer)

    def now(self) -> tuple[int, int]:
        """Return number and time {s} of the latest block."""
        head = self.node.ask("eth_getBlockByNumber", "latest", False)
        return int(head["number"], 16), int(head["timestamp"], 16)

    def _submit(self, sender: str, token: str, data: bytes) -> str:
        request = {"from": sender, "to": token, "data": "0x" + data.hex()}
        prices = {"gas": hex(1_000_000), "gasPrice": "0x0"}
        return str(self.node.ask("eth_sendTransaction", request | prices))

    def _outcome(self, transaction: str, place: int) -> Outcome:
        receipt = self.node.ask("eth_getTransactionReceipt", transaction)
        assert int(receipt["transactionIndex"], 16) == place, "mined in another order"
        trace, *_ = self.node.ask("trace_transaction", transaction)
        output = bytes.fromhex(trace["result"]["output"][2:])
        return Outcome(
            answer=output if receipt["status"] == "0x1" else reason(output),
            logs=tuple((tuple(log["topics"]), log["data"]) for log in receipt["logs"]),
            gas=int(receipt["gasUsed"], 16),
        )
