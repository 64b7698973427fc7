"""Calldata of the functions that a pack calls, encoded and decoded without a node or a compiler.

The table is small on purpose: whoever signs reads it in a minute. A test compares it with the
compiled contracts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.abi import decode as abi_decode
from eth_abi.abi import encode as abi_encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError
from indexkit.safe import CALL, Call

WORD = 32
SELECTOR = 4


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a pack may call.

    Attributes
    ----------
    name, types
        As in the ABI.
    purpose
        What it does, for whoever signs.
    """

    name: str
    types: tuple[str, ...]
    purpose: str

    @property
    def selector(self) -> bytes:
        """Return the first four bytes of its calldata."""
        return keccak(text=f"{self.name}({','.join(self.types)})")[:SELECTOR]


SET_TRADE_MAXIMUMS = "setTradeMaximums"
SET_EXCHANGES = "setExchanges"
SET_COOL_OFF_PERIODS = "setCoolOffPeriods"
UPDATE_TRADER_STATUS = "updateTraderStatus"
START = "startRebalanceWithDeadline"
EXECUTE_BATCH = "executeBatch"
MULTI_SEND = "multiSend"

_KEYED = ("address[]", "uint256[]")
_START = ("address[]", "uint256[]", "uint256[]", "uint256", "uint256", "uint256")

FUNCTIONS = {
    function.name: function
    for function in (
        Function(SET_TRADE_MAXIMUMS, _KEYED, "the largest size of one trade"),
        Function(SET_EXCHANGES, _KEYED, "where a component trades"),
        Function(SET_COOL_OFF_PERIODS, _KEYED, "the least time between two trades"),
        Function(UPDATE_TRADER_STATUS, ("address[]", "bool[]"), "who may trade"),
        Function(START, _START, "the targets"),
        Function(EXECUTE_BATCH, ("(address,bytes)[]",), "several calls as the manager"),
        Function(MULTI_SEND, ("bytes",), "several calls as the Safe"),
    )
}


def encode(function: str, *arguments: Any) -> bytes:
    """Return the calldata of a function in `FUNCTIONS`.

    Raises
    ------
    IndexkitError
        An argument is none that the function takes: a figure above 2**256, say.
    """
    entry = FUNCTIONS[function]
    try:
        return entry.selector + abi_encode(entry.types, arguments)
    except EncodingError as error:
        words = " ".join(str(error).split())[:200]
        raise IndexkitError(
            f"{function} cannot be encoded ({words}): correct what the figure follows from."
        ) from error


def decode(data: bytes) -> tuple[str, tuple[Any, ...]]:
    """Return name and arguments of a call, addresses with their checksums.

    Raises
    ------
    IndexkitError
        It calls none of `FUNCTIONS`, or is not encoded the one way `encode` does.
    """
    for function in FUNCTIONS.values():
        if data[:SELECTOR] == function.selector:
            return function.name, _arguments(function, data)
    raise IndexkitError(
        f"The pack calls an unknown function (0x{data[:SELECTOR].hex()}): do not sign it."
    )


def inner_calls(transaction: Call) -> tuple[Call, ...]:
    """Return the calls that a batch makes; a call that is no batch is its own only one.

    Raises
    ------
    IndexkitError
        The batch cannot be read, or hides something: another operation, value, or bytes left over.
    """
    function, arguments = decode(transaction.data)
    if function == EXECUTE_BATCH:
        return tuple(Call(target, data) for target, data in arguments[0])
    if function == MULTI_SEND:
        return tuple(_unpacked(arguments[0]))
    return (transaction,)


def _arguments(function: Function, data: bytes) -> tuple[Any, ...]:
    try:
        arguments = tuple(
            _with_checksums(kind, value)
            for kind, value in zip(
                function.types, abi_decode(function.types, data[SELECTOR:]), strict=True
            )
        )
    except DecodingError as error:
        raise _unreadable(function.name) from error
    if encode(function.name, *arguments) != data:
        raise _unreadable(function.name)
    return arguments


def _with_checksums(kind: str, value: Any) -> Any:
    if kind == "address[]":
        return tuple(map(to_checksum_address, value))
    if kind == "(address,bytes)[]":
        return tuple((to_checksum_address(target), data) for target, data in value)
    return value


def _unpacked(packed: bytes) -> Sequence[Call]:
    """Read what MultiSend is given: operation, callee, value, length, data, and so on."""
    calls = []
    while packed:
        operation, packed = packed[0], packed[1:]
        target, value, length = packed[:20], packed[20:52], packed[52:84]
        size = int.from_bytes(length, "big")
        data, packed = packed[84 : 84 + size], packed[84 + size :]
        if len(length) < WORD or len(data) < size or operation != CALL or any(value):
            raise _unreadable(MULTI_SEND)
        calls.append(Call(to_checksum_address(target), data))
    return calls


def _unreadable(function: str) -> IndexkitError:
    return IndexkitError(
        f"The calldata of {function} is not what its arguments encode to: do not sign it."
    )
