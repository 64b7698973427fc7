"""What a deployment asks the connected node, each failure in one sentence.

Anything that goes wrong between here and the node is a `NodeError`: nothing is lost by it, and the
same command goes on where it stood.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import ape
import requests
from ape.exceptions import ApeException
from eth_utils.crypto import keccak
from web3.exceptions import Web3Exception

from indexkit.errors import IndexkitError

T = TypeVar("T")

_PROBE = "602a5f5d5f5c5f5260205f60205e60206020f3"
"""Init code that ends in 32 bytes of value 42, by way of TSTORE, TLOAD, MCOPY and PUSH0."""

_ANSWER = 42

UNREACHABLE = (requests.RequestException, ApeException, Web3Exception, OSError, ValueError)
"""How Ape, web3 and the connection itself say that a node did not answer as it should."""

REVERTS = ("revert", "vm execution error", "invalid opcode", "out of gas")
"""What nodes say of a call that the contract itself does not complete."""


class NodeError(IndexkitError):
    """The node did not answer, or refused a question."""


def ask(method: str, *parameters: Any) -> Any:
    """Ask the node.

    Raises
    ------
    NodeError
        It did not answer, or refused.
    """
    return reached(lambda: ape.chain.provider.make_request(method, list(parameters)))


def reached(question: Callable[[], T]) -> T:
    """Return the answer of anything that asks the node.

    Raises
    ------
    NodeError
        The node did not answer, or refused.
    """
    try:
        return question()
    except IndexkitError:
        raise
    except UNREACHABLE as error:
        raise unreached(error) from error


def unreached(error: Exception) -> NodeError:
    """Return the one sentence for a node that did not answer."""
    return NodeError(
        f"The node did not answer ({words(error)}): run the same command again when it does; "
        "nothing is sent twice."
    )


def chain_id() -> int:
    """Return the chain's id, as the node says."""
    return number(ask("eth_chainId"))


def genesis() -> str:
    """Return the hash of block 0."""
    block = ask("eth_getBlockByNumber", "0x0", False)
    if not block:
        raise NodeError("The node does not know block 0: use one with all of the chain's headers.")
    return str(block["hash"])


def require_cancun() -> None:
    """Refuse a chain whose rules are older than cancun.

    Raises
    ------
    IndexkitError
        The node does not run TSTORE, TLOAD, MCOPY and PUSH0.
    """
    call = {"data": "0x" + _PROBE}
    try:
        answer = ape.chain.provider.make_request("eth_call", [call, "latest"])
        good = int(str(answer), 16) == _ANSWER
    except (ApeException, Web3Exception, ValueError):
        good = False
    except (requests.RequestException, OSError) as error:
        raise unreached(error) from error
    if not good:
        raise IndexkitError(
            "This network does not run the cancun rules (TSTORE, TLOAD, MCOPY, PUSH0) that the "
            "contracts are compiled for: nothing can be deployed there, name another network."
        )


def attempt(call: Mapping[str, str]) -> bytes | None:
    """Return what a call of that transaction gives now; None if it reverts.

    Raises
    ------
    NodeError
        The node did not answer, or refused for another reason.
    """
    try:
        answer = ape.chain.provider.make_request("eth_call", [dict(call), "latest"])
    except UNREACHABLE as error:
        if any(word in str(error).lower() for word in REVERTS):
            return None
        raise unreached(error) from error
    return bytes.fromhex(str(answer).removeprefix("0x"))


def code(address: str) -> bytes:
    """Return the code at an address."""
    return bytes.fromhex(str(ask("eth_getCode", address, "latest"))[2:])


def code_hash(address: str) -> str:
    """Return the keccak-256 of the code at an address, as 0x-hex."""
    return "0x" + keccak(code(address)).hex()


def balance(address: str) -> int:
    """Return an account's ether {wei}."""
    return number(ask("eth_getBalance", address, "latest"))


def next_nonce(address: str, block: str = "latest") -> int:
    """Return the nonce of an account's next transaction, or of the next after those "pending"."""
    return number(ask("eth_getTransactionCount", address, block))


def receipt(transaction: str) -> dict[str, Any] | None:
    """Return a transaction's receipt, if it is mined."""
    found: dict[str, Any] | None = ask("eth_getTransactionReceipt", transaction)
    return found


def is_known(transaction: str) -> bool:
    """Tell whether the node has a transaction, mined or waiting."""
    return ask("eth_getTransactionByHash", transaction) is not None


def head() -> int:
    """Return the latest block's number."""
    return number(ask("eth_blockNumber"))


def time() -> int:
    """Return the latest block's time {s}."""
    return number(ask("eth_getBlockByNumber", "latest", False)["timestamp"])


def fee_per_gas() -> int:
    """Return what gas costs now: base fee and tip, or the node's gas price {wei/gas}."""
    provider = ape.chain.provider
    block = ask("eth_getBlockByNumber", "latest", False)
    if block and block.get("baseFeePerGas") is not None:
        return number(block["baseFeePerGas"]) + int(reached(lambda: provider.priority_fee))
    return number(ask("eth_gasPrice"))


def number(quantity: str) -> int:
    """Return what a node wrote as hex."""
    return int(quantity, 16)


def words(error: Exception) -> str:
    """Return what an error says, in one line."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
