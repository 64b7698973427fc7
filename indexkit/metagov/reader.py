"""The connected chain, as strategies read it: the logs page by page, state at late blocks only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ape
from ape.exceptions import ApeException
from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from web3.exceptions import Web3Exception

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.metagov.moment import Event, Kind, Transfer

PAGE = 10_000
TRANSFER = Kind("Transfer", ("address", "address"), ("uint256",))

_NODE_ERRORS = (ApeException, Web3Exception, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class ChainReader:
    """Reads the chain that Ape is connected to.

    Attributes
    ----------
    first
        The block from which on logs are asked for: the token's deployment or earlier.
    page
        Most blocks per query; it is halved where the node refuses to answer for so many.
    lists
        The folder with the files of what distributors owe, each called after its digest.
    """

    first: int = 0
    page: int = PAGE
    lists: Path | None = None
    _times: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def chain_id(self) -> int:
        """Return which chain it is."""
        return int(_request("eth_chainId"), 16)

    def head(self) -> int:
        """Return the latest block."""
        return int(_request("eth_blockNumber"), 16)

    def time(self, block: int) -> int:
        """Return when a block was {s}."""
        if block not in self._times:
            found = _request("eth_getBlockByNumber", hex(block), False)
            self._times[block] = _number(found["timestamp"])
        return self._times[block]

    def transfers(self, token: str, last: int) -> Iterator[Transfer]:
        """Return all transfers of a token up to and with a block, in order."""
        for event in self.events(token, (TRANSFER,), last):
            yield Transfer(event.block, *event.values)

    def events(self, contract: str, kinds: Sequence[Kind], last: int) -> Iterator[Event]:
        """Return all events of these kinds up to and with a block, in order.

        Raises
        ------
        IndexkitError
            The node does not give them, or gives others.
        """
        wanted = {kind.topic: kind for kind in kinds}
        start, page = self.first, self.page
        while start <= last:
            end = min(start + page - 1, last)
            try:
                logs = _logs(contract, start, end, list(wanted))
            except _NODE_ERRORS as error:
                if page == 1:
                    raise IndexkitError(
                        f"The node does not give the logs of block {start} ({error}): use another."
                    ) from error
                page = max(1, page // 2)
                continue
            for log in sorted(logs, key=lambda log: _place(log, contract, start, end, wanted)):
                yield _event(log, wanted)
            start = end + 1

    def view(self, token: str, function: str, *arguments: str | int, block: int) -> int:
        """Return the whole number that a view gives at a late block.

        Raises
        ------
        IndexkitError
            The call fails, or gives something else.
        """
        words = self.words(token, function, *arguments, block=block)
        if len(words) != 1:
            raise _silent(token, function, block, "it is no whole number")
        return words[0]

    def words(
        self, contract: str, function: str, *arguments: str | int, block: int
    ) -> tuple[int, ...]:
        """Return what a view gives at a late block, word by word.

        Raises
        ------
        IndexkitError
            The call fails.
        """
        types = [kind for kind in function[function.index("(") + 1 : -1].split(",") if kind]
        data = keccak(text=function)[:4] + encode(types, arguments)
        try:
            answer = _request("eth_call", {"to": contract, "data": "0x" + data.hex()}, hex(block))
            found = bytes.fromhex(answer.removeprefix("0x"))
            if not found or len(found) % 32:
                raise ValueError("it is no whole number")
        except _NODE_ERRORS as error:
            raise _silent(contract, function, block, error) from error
        return tuple(int.from_bytes(found[at : at + 32], "big") for at in range(0, len(found), 32))

    def file(self, digest: str) -> Path:
        """Return the JSON file whose canonical text has that SHA-256.

        Raises
        ------
        IndexkitError
            It is missing, or another.
        """
        if self.lists is None:
            raise IndexkitError(f"The list {digest} is missing: name the folder of the vote.")
        path = self.lists / f"{digest}.json"
        if (found := documents.digest(documents.read(path))) != digest:
            raise IndexkitError(f"{path} was edited: its SHA-256 is {found}; get the one voted on.")
        return path


def _request(method: str, *arguments: Any) -> Any:
    return ape.chain.provider.make_request(method, list(arguments))


def _logs(contract: str, first: int, last: int, topics: Sequence[str]) -> list[dict[str, Any]]:
    query = {
        "address": contract,
        "topics": [list(topics)],
        "fromBlock": hex(first),
        "toBlock": hex(last),
    }
    return list(_request("eth_getLogs", query))


def _place(
    log: dict[str, Any], contract: str, first: int, last: int, wanted: dict[str, Kind]
) -> tuple[int, int]:
    """Return block and index of a log that was asked for; refuse any other."""
    block = _number(log["blockNumber"])
    kind = wanted.get(log["topics"][0]) if log["topics"] else None
    right = kind is not None and len(log["topics"]) == 1 + len(kind.indexed)
    same = to_checksum_address(log["address"]) == to_checksum_address(contract)
    if not (right and same and first <= block <= last):
        raise IndexkitError(
            f"The node answers with logs that were not asked for (block {block}): use another."
        )
    return block, _number(log["logIndex"])


def _event(log: dict[str, Any], wanted: dict[str, Kind]) -> Event:
    kind = wanted[log["topics"][0]]
    topics = b"".join(bytes.fromhex(topic.removeprefix("0x")) for topic in log["topics"][1:])
    data = bytes.fromhex(log["data"].removeprefix("0x"))
    values = _decoded(kind.indexed, topics) + _decoded(kind.data, data)
    if len(values) != len(types := kind.indexed + kind.data):
        raise IndexkitError(
            f"{log['address']} logs a {kind.name} in block {_number(log['blockNumber'])} that is "
            "none: check the contract's address and the node."
        )
    return Event(
        _number(log["blockNumber"]),
        kind.name,
        tuple(
            to_checksum_address(value) if one == "address" else value
            for one, value in zip(types, values, strict=True)
        ),
    )


def _decoded(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Return the values that data encode; none if they are not encoded as contracts do."""
    try:
        values = decode(types, data)
    except DecodingError:
        return ()
    # The decoder may be lenient: data cut short, or numbers that do not fit their type.
    return values if encode(types, values) == data else ()


def _silent(contract: str, function: str, block: int, why: object) -> IndexkitError:
    return IndexkitError(
        f"{contract} does not answer {function} at block {block} ({why}): check the "
        "contract's address and the node."
    )


def _number(value: str | int) -> int:
    return value if isinstance(value, int) else int(value, 16)
