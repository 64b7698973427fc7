"""A node spoken to directly: a call costs 0.2 ms, a transaction 1 ms."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from indexkit.localnet.chain import BLOCK_TIME_S
from indexkit.localnet.node import DevAccounts, start_node

GAS_LIMIT = 25_000_000
"""For every call {gas}: more than any of them needs, less than a block has."""

LONGEST_WAIT_S = 120


class NodeError(Exception):
    """The node answered with an error that is no revert."""


class Node:
    """One kept-alive connection to an anvil: one of its own (`own_chain`), or Ape's."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=120)
        self.ask("anvil_autoImpersonateAccount", True)
        self._automine = self.ask("anvil_getAutomine")

    def ask(self, method: str, *parameters: Any) -> Any:
        """Return the result of a method."""
        answer = self._answer(method, *parameters)
        if "result" not in answer:
            raise NodeError(f"{method}: {answer.get('error')}")
        return answer["result"]

    def call(
        self,
        sender: str,
        to: str,
        data: bytes,
        value: int = 0,
        overrides: dict[str, Any] | None = None,
        blocks: dict[str, Any] | None = None,
    ) -> tuple[bool, bytes]:
        """Call without a transaction: whether it succeeded, and what came back.

        Parameters
        ----------
        sender, to, data, value
            The call {wei}.
        overrides, blocks
            What is another for this call alone: of the state by address; of the block, its "time".
        """
        more = [overrides or {}, blocks] if blocks else [overrides] if overrides else []
        answer = self._answer("eth_call", _request(sender, to, data, value), "latest", *more)
        if "result" in answer:
            return True, bytes.fromhex(answer["result"][2:])
        error = answer["error"]
        if error.get("code") != 3 and "revert" not in error.get("message", ""):
            # Used up gas, an invalid opcode: no data.
            return False, b""
        return False, bytes.fromhex((error.get("data") or "0x")[2:])

    def send(self, sender: str, to: str | None, data: bytes, value: int = 0) -> dict[str, Any]:
        """Send a transaction {wei} from any account, mine it and return its receipt."""
        transaction = self.ask("eth_sendTransaction", _request(sender, to, data, value))
        if not self._automine:
            self.ask("evm_mine")
        # A node that mines by itself may take seconds on a busy machine.
        deadline = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < deadline:
            receipt = self.ask("eth_getTransactionReceipt", transaction)
            if receipt is not None:
                assert isinstance(receipt, dict)
                return receipt
            time.sleep(0.001)
        raise NodeError(f"no receipt of {transaction} within {LONGEST_WAIT_S} s")

    def advance(self, seconds: int) -> None:
        """Mine one block, so much later than the last one {s}."""
        latest = self.ask("eth_getBlockByNumber", "latest", False)
        self.ask("evm_setNextBlockTimestamp", int(latest["timestamp"], 16) + seconds)
        self.ask("evm_mine")

    def set_block_time(self, seconds: int) -> None:
        """Put so much time between blocks from now on, whatever the wall clock says {s}."""
        self.ask("anvil_setBlockTimestampInterval", seconds)

    def snapshot(self) -> str:
        """Remember the chain as it is."""
        return str(self.ask("evm_snapshot"))

    def restore(self, snapshot: str) -> None:
        """Make the chain what it was."""
        assert self.ask("evm_revert", snapshot), f"there is no snapshot {snapshot}"

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _answer(self, method: str, *parameters: Any) -> dict[str, Any]:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        # As bytes, it leaves in one packet with the headers.
        self._connection.request("POST", "/", body.encode(), {"Content-Type": "application/json"})
        answer = json.loads(self._connection.getresponse().read())
        assert isinstance(answer, dict)
        return answer


@contextmanager
def own_chain() -> Iterator[Node]:
    """Start the embedded chain once more, with `BLOCK_TIME_S` between blocks, and end it.

    Who puts a chain back to a snapshot destroys every later one. On Ape's chain that would undo
    the isolation of tests.
    """
    anvil = start_node(DevAccounts.of_ape(), None, automine=False)
    try:
        node = Node(anvil.url)
        node.set_block_time(BLOCK_TIME_S)
        yield node
        node.close()
    finally:
        anvil.stop()


def _request(sender: str, to: str | None, data: bytes, value: int) -> dict[str, str]:
    request = {
        "from": sender,
        "data": "0x" + data.hex(),
        "value": hex(value),
        "gas": hex(GAS_LIMIT),
        "gasPrice": "0x0",
    }
    return request | ({"to": to} if to else {})
