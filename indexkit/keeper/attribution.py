"""What others did to a trade in its block: pools' reserves from their logs, and sandwiches.

A Uniswap V2 pair logs its reserves after each change (Sync), then what was swapped (Swap); the
reserves before follow exactly. A Balancer V1 pool logs amounts only, so its changes are undone from
what it holds now. Both work on nodes that keep no old states.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ape.exceptions import ApeException
from eth_abi.abi import decode
from eth_utils.address import to_checksum_address

from indexkit import plan
from indexkit.deployment import networks
from indexkit.keeper.events import (
    Log,
    Traded,
    address_in,
    logs,
    number,
    request,
    topic,
)
from indexkit.localnet import protocols
from indexkit.localnet.arbitrage import Reserves, pool_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import BALANCER_V1
from indexkit.rebalance_data import Component

SYNC = topic("Sync(uint112,uint112)")
SWAP = topic("Swap(address,uint256,uint256,uint256,uint256,address)")
BALANCER_SWAP = topic("LOG_SWAP(address,address,address,uint256,uint256)")
BALANCER_JOIN = topic("LOG_JOIN(address,address,uint256)")
BALANCER_EXIT = topic("LOG_EXIT(address,address,uint256)")

GET_RESERVES = "0x0902f1ac"
"""Selector of a pair's ``getReserves()``."""


@dataclass(frozen=True, slots=True)
class Move:
    """One change of a pool's reserves.

    Attributes
    ----------
    index
        Of the log in its block.
    before, after
        Reserves; `before` is None where the logs do not tell.
    bought
        Whether somebody bought the component; None if liquidity or a donation came or went.
    receiver
        Who got what was bought, if the log says so.
    """

    block: int
    index: int
    transaction: str
    before: Reserves | None
    after: Reserves
    bought: bool | None
    receiver: str | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A trade among what happened in its block.

    Attributes
    ----------
    block_start, before
        Reserves when the block began, and just before the trade.
    sandwiched_by
        Who swapped in the pool before and after, in opposite directions; None if nobody.
    """

    block_start: Reserves
    before: Reserves
    sandwiched_by: str | None


def surroundings(component: Component, trade: Traded, receipt: dict[str, Any]) -> Surroundings:
    """Read what happened around a trade in its block.

    Parameters
    ----------
    receipt
        Of its transaction, as the node has it.
    """
    if component.exchange == BALANCER_V1:
        moves = list(_balancer_moves(component, trade, receipt))
    else:
        moves = list(_pair_moves(component, trade.block))
    own = [m for m in moves if m.transaction == trade.transaction and m.index < trade.index][-1]
    assert own.before is not None
    first = moves[0].before or _reserves_at(component, trade.block - 1) or own.before
    return Surroundings(first, own.before, _sandwich(moves, own, trade.is_buy))


def front_run(trade: Traded, around: Surroundings) -> int:
    """Return the WETH a trade lost to what others did earlier in its block {wei}.

    What the same amount would have brought or cost at the block's start, less what it did; negative
    if the others' swaps were to its advantage. In a pool of unequal weights, or one that is not of
    Uniswap V2's kind, the difference of the two mid prices stands for it.
    """
    start, before = around.block_start, around.before
    if (start.weth, start.component) == (before.weth, before.component):
        return 0
    sign = 1 if trade.is_buy else -1
    if start.weth_weight != start.component_weight:
        return int(sign * trade.amount * (before.mid_price - start.mid_price))
    return sign * (_fair(trade, before) - _fair(trade, start))


def _fair(trade: Traded, pool: Reserves) -> int:
    """Return the WETH that the amount costs or brings in a pool as it stands."""
    if trade.is_buy:
        return plan.amount_in(trade.amount, pool.weth, pool.component)
    return plan.amount_out(trade.amount, pool.component, pool.weth)


def _pair_moves(component: Component, block: int) -> Iterator[Move]:
    pair = pool_at(component.address, component.exchange).address
    swap_of = _swaps(logs(pair, [SWAP], block, block))
    after: Reserves | None = None
    for log in logs(pair, [SYNC], block, block):
        before, at = after, number(log["logIndex"])
        after = _oriented(component, *decode(["uint112"] * 2, _data(log)))
        if (swap := swap_of.get(at + 1)) is None:
            yield Move(block, at, log["transactionHash"], before, after, None, None)
            continue
        in0, in1, out0, out1 = decode(["uint256"] * 4, _data(swap))
        change = _oriented(component, in0 - out0, in1 - out1)
        before = Reserves(after.weth - change.weth, after.component - change.component)
        bought, receiver = change.component < 0, address_in(swap["topics"][2])
        yield Move(block, at, log["transactionHash"], before, after, bought, receiver)


def _swaps(found: list[Log]) -> dict[int, Log]:
    return {number(log["logIndex"]): log for log in found}


def _oriented(component: Component, first: int, second: int) -> Reserves:
    """Name what belongs to token0 and token1 of a pair."""
    if int(component.address, 16) < int(networks.here().venues.weth, 16):
        return Reserves(weth=second, component=first)
    return Reserves(weth=first, component=second)


def _reserves_at(component: Component, block: int) -> Reserves | None:
    """Ask for a pair's reserves after an old block; None if the node no longer knows."""
    pair = pool_at(component.address, component.exchange).address
    try:
        answer = request("eth_call", {"to": pair, "data": GET_RESERVES}, hex(block))
    except ApeException:
        return None
    first, second, _ = decode(["uint112", "uint112", "uint32"], bytes.fromhex(answer[2:]))
    return _oriented(component, first, second)


def _balancer_moves(component: Component, trade: Traded, receipt: dict[str, Any]) -> Iterator[Move]:
    """Undo what happened to the pool of a trade since, back to its block's start."""
    swaps = [log for log in receipt["logs"] if log["topics"] and log["topics"][0] == BALANCER_SWAP]
    largest = max(swaps, key=lambda log: max(decode(["uint256"] * 2, _data(log))))
    pool = contract_at(artifact(protocols.BALANCER_POOL), to_checksum_address(largest["address"]))
    tokens = (networks.here().venues.weth, component.address)
    held = Reserves(
        *(pool.getBalance(token) for token in tokens),
        *(pool.getDenormalizedWeight(token) for token in tokens),
    )
    head = number(request("eth_blockNumber"))
    kinds = [[BALANCER_SWAP, BALANCER_JOIN, BALANCER_EXIT]]
    moves = []
    for log in reversed(logs(pool.address, kinds, trade.block, head)):
        change = _balancer_change(component, log)
        before = replace(
            held,
            weth=held.weth - change.weth,
            component=held.component - change.component,
        )
        block, index, bought = number(log["blockNumber"]), number(log["logIndex"]), None
        if log["topics"][0] == BALANCER_SWAP:
            bought = change.component < 0
        moves.append(Move(block, index, log["transactionHash"], before, held, bought, None))
        held = before
    return (move for move in reversed(moves) if move.block == trade.block)


def _balancer_change(component: Component, log: Log) -> Reserves:
    """Return what a log says that came into the pool, less what left it."""
    weth = networks.here().venues.weth
    changed = {weth: 0, component.address: 0}
    kind, _, *tokens = log["topics"]
    amounts = list(decode(["uint256"] * len(tokens), _data(log)))
    if kind == BALANCER_SWAP:
        amounts[1] = -amounts[1]
    elif kind == BALANCER_EXIT:
        amounts[0] = -amounts[0]
    for token, amount in zip(map(address_in, tokens), amounts, strict=True):
        if token in changed:
            changed[token] += amount
    return Reserves(changed[weth], changed[component.address])


def _sandwich(moves: list[Move], own: Move, is_buy: bool) -> str | None:
    """Return who swapped as the trade does before it, and the other way after it."""
    before = [m for m in moves if m.index < own.index and m.bought is is_buy]
    after = [m for m in moves if m.index > own.index and m.bought is (not is_buy)]
    others = [
        {m.transaction: m for m in side if m.transaction != own.transaction}
        for side in (before, after)
    ]
    if not all(others):
        return None
    # A router serves everyone; whoever sends through it is known by his own address.
    venues = networks.here().venues
    shared = {each.router for each in (venues.uniswap, venues.sushiswap) if each}
    first, last = ([p for m in side.values() for p in _parties(m)] for side in others)
    return next((party for party in first if party in last and party not in shared), None)


def _parties(move: Move) -> list[str]:
    """Return who sent a swap's transaction, and who received what it bought."""
    sender = request("eth_getTransactionByHash", move.transaction)["from"]
    found = [address_in(sender)]
    return found if move.receiver is None else [*found, move.receiver]


def _data(log: Log) -> bytes:
    return bytes.fromhex(log["data"][2:])
