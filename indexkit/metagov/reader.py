"""The connected chain, as strategies read it: the logs page by page, state at late blocks only."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ape
from ape.exceptions import ApeException
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from web3.exceptions import Web3Exception

from indexkit.errors import IndexkitError
from indexkit.metagov.strategies import Transfer

PAGE = 10_000
TRANSFER = "0x" + keccak(text="Transfer(address,address,uint256)").hex()

_WORD = 66
"""Length of a word as hex, with its 0x."""

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
    """

    first: int = 0
    page: int = PAGE

    def chain_id(self) -> int:
        """Return which chain it is."""
        return int(_request("eth_chainId"), 16)

    def head(self) -> int:
        """Return the latest block."""
        return int(_request("eth_blockNumber"), 16)

    def transfers(self, token: str, last: int) -> Iterator[Transfer]:
        """Return all transfers of a token up to and with a block, in order."""
        start, page = self.first, self.page
        while start <= last:
            end = min(start + page - 1, last)
            try:
                logs = _logs(token, start, end)
            except _NODE_ERRORS as error:
                if page == 1:
                    raise IndexkitError(
                        f"The node does not give the logs of block {start} ({error}): use another."
                    ) from error
                page = max(1, page // 2)
                continue
            for log in sorted(logs, key=lambda log: _place(log, token, start, end)):
                yield _transfer(log)
            start = end + 1

    def view(self, token: str, function: str, *arguments: str | int, block: int) -> int:
        """Return the whole number that a view gives at a late block.

        Raises
        ------
        IndexkitError
            The call fails.
        """
        types = [kind for kind in function[function.index("(") + 1 : -1].split(",") if kind]
        data = keccak(text=function)[:4] + encode(types, arguments)
        try:
            answer = _request("eth_call", {"to": token, "data": "0x" + data.hex()}, hex(block))
            if len(answer) != _WORD:
                raise ValueError("it is no whole number")
        except _NODE_ERRORS as error:
            raise IndexkitError(
                f"{token} does not answer {function} at block {block} ({error}): check the token "
                "and the node."
            ) from error
        return int(answer, 16)


def _request(method: str, *arguments: Any) -> Any:
    return ape.chain.provider.make_request(method, list(arguments))


def _logs(token: str, first: int, last: int) -> list[dict[str, Any]]:
    query = {
        "address": token,
        "topics": [TRANSFER],
        "fromBlock": hex(first),
        "toBlock": hex(last),
    }
    return list(_request("eth_getLogs", query))


def _place(log: dict[str, Any], token: str, first: int, last: int) -> tuple[int, int]:
    """Return block and index of a log that was asked for; refuse any other."""
    block = _number(log["blockNumber"])
    wanted = to_checksum_address(log["address"]) == to_checksum_address(token)
    if not (wanted and first <= block <= last and len(log["topics"]) == 3):
        raise IndexkitError(
            f"The node answers with logs that were not asked for (block {block}): use another."
        )
    return block, _number(log["logIndex"])


def _transfer(log: dict[str, Any]) -> Transfer:
    sender, receiver = (to_checksum_address("0x" + topic[-40:]) for topic in log["topics"][1:])
    return Transfer(_number(log["blockNumber"]), sender, receiver, int(log["data"], 16))


def _number(value: str | int) -> int:
    return value if isinstance(value, int) else int(value, 16)
