"""The module's events of one rebalance, read from the chain's logs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ape
from ape.exceptions import ApeException
from eth_abi.abi import decode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import networks
from indexkit.errors import IndexkitError

FEWEST_BLOCKS = 512
"""A range of blocks that every node answers for."""

Log = dict[str, Any]


def topic(signature: str) -> str:
    """Return the first topic of an event."""
    return "0x" + keccak(text=signature).hex()


TRADE_EXECUTED = topic("TradeExecuted(address,address,address,uint256,uint256)")
TARGET_UPDATED = topic("TargetUnitsUpdated(address,uint256,uint256)")


@dataclass(frozen=True, slots=True)
class Traded:
    """A trade as the module's event tells it.

    Attributes
    ----------
    component
        Address.
    amount, weth
        {comp}, {wei}
    index
        Of the log in its block.
    """

    component: str
    is_buy: bool
    amount: int
    weth: int
    block: int
    transaction: str
    index: int


def request(method: str, *parameters: Any) -> Any:
    """Ask the connected node."""
    return ape.chain.provider.make_request(method, list(parameters))


def number(quantity: str) -> int:
    """Return what a node wrote as hex."""
    return int(quantity, 16)


def address_in(topic_: str) -> str:
    """Return the address in an indexed field."""
    return to_checksum_address("0x" + topic_[-40:])


def logs(address: str, topics: Sequence[Any], first: int, last: int) -> list[Log]:
    """Read logs, in pieces if the node does not give them at once.

    Parameters
    ----------
    first, last
        Blocks, both included.
    """
    query = {"address": address, "topics": list(topics)}
    span = {"fromBlock": hex(first), "toBlock": hex(last)}
    try:
        found: list[Log] = request("eth_getLogs", query | span)
        return found
    except ApeException:
        if last - first < FEWEST_BLOCKS:
            raise
    middle = (first + last) // 2
    return logs(address, topics, first, middle) + logs(address, topics, middle + 1, last)


def start_of(module: Any, since: int) -> int:
    """Return the block in which the current rebalance started.

    Parameters
    ----------
    since
        A block before it, from which logs are read.

    Raises
    ------
    IndexkitError
        None started since then.
    """
    head = number(request("eth_blockNumber"))
    found = logs(module.address, [TARGET_UPDATED], since, head)
    if not found:
        raise IndexkitError(
            f"The index module {module.address} has started no rebalance since block {since}: "
            "submit startRebalance first."
        )
    return number(found[-1]["blockNumber"])


def trades(module: Any, since: int) -> Iterator[Traded]:
    """Yield the trades from a block on, whoever made them, in their order."""
    weth = networks.here().venues.weth
    head = number(request("eth_blockNumber"))
    for log in logs(module.address, [TRADE_EXECUTED], since, head):
        sold, bought = (address_in(t) for t in log["topics"][2:])
        amount_sold, amount_bought = decode(["uint256"] * 2, bytes.fromhex(log["data"][2:]))
        is_buy = sold == weth
        yield Traded(
            component=bought if is_buy else sold,
            is_buy=is_buy,
            amount=amount_bought if is_buy else amount_sold,
            weth=amount_sold if is_buy else amount_bought,
            block=number(log["blockNumber"]),
            transaction=log["transactionHash"],
            index=number(log["logIndex"]),
        )
