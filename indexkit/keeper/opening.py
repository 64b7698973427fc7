"""Which rebalance it is: its start on the chain, and what the index was before it."""

from dataclasses import asdict, dataclass
from typing import Any

import ape
from ape.exceptions import ApeException

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.keeper import events
from indexkit.keeper.contracts import WETH, Contracts, Snapshot
from indexkit.keeper.journal import OPENED, Journal
from indexkit.market import Market, market_from_json
from indexkit.rebalance_data import Rebalance

_DAMAGED = "journal.jsonl: the line that opens it is damaged"


@dataclass(frozen=True, slots=True)
class Opening:
    """A rebalance under way.

    Attributes
    ----------
    block, block_hash
        In which it started.
    before
        What the index was before its first trade.
    market
        The prices that held when a keeper first looked.
    """

    nonce: int
    block: int
    block_hash: str
    before: Snapshot
    market: Market


def read(
    contracts: Contracts, rebalance: Rebalance, market: Market, journal: Journal, since: int
) -> Opening:
    """Read the rebalance under way, and compare it with the journal's.

    Raises
    ------
    IndexkitError
        None started, or the journal is another one's.
    """
    nonce = int(contracts.module.rebalanceNonce())
    block = events.start_of(contracts.module, since)
    block_hash = events.request("eth_getBlockByNumber", hex(block), False)["hash"]
    line = journal.first(OPENED)
    if line is None:
        before = _before(contracts, rebalance, block)
        return Opening(nonce, block, block_hash, before, market)
    identity = (contracts.module.address, nonce, block_hash)
    if identity != tuple(line[key] for key in ("module", "nonce", "start_hash")):
        raise IndexkitError(
            f"The journal is of the rebalance {line['nonce']} of {line['module']} that started in "
            f"block {line['start_block']}, but number {nonce} of {contracts.module.address} "
            f"(block {block}) is under way: use another folder."
        )
    try:
        before = _snapshot(line["before"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise IndexkitError(f"{_DAMAGED} ({error}): restore the file.") from error
    known = {"prices": line["prices"], "published": market.published}
    symbols = [component.symbol for component in rebalance.components]
    return Opening(nonce, block, block_hash, before, market_from_json(known, symbols, _DAMAGED))


def write(opening: Opening, contracts: Contracts, trader: str, journal: Journal) -> None:
    """Begin the journal, unless it was begun."""
    if journal.first(OPENED) is None:
        journal.add(
            OPENED,
            chain_id=int(ape.chain.provider.chain_id),
            token=contracts.token.address,
            module=contracts.module.address,
            nonce=opening.nonce,
            trader=trader,
            start_block=opening.block,
            start_hash=opening.block_hash,
            before=_json(opening.before),
            prices={symbol: str(price) for symbol, price in opening.market.prices.items()},
        )


def _before(contracts: Contracts, rebalance: Rebalance, start: int) -> Snapshot:
    """Read what the index was: now if nothing was traded, else then, else as it was planned."""
    head = ape.chain.provider.get_block("latest")
    if not any(events.trades(contracts.module, start)):
        number = int(head.number)
        return contracts.snapshot(rebalance, number, int(head.timestamp), block_id=number)
    time = events.number(events.request("eth_getBlockByNumber", hex(start), False)["timestamp"])
    try:
        return contracts.snapshot(rebalance, start, time, block_id=start)
    except ApeException:
        # The node keeps no state that old.
        units = {c.symbol: c.current_unit for c in rebalance.components} | {WETH: 0}
        supply = rebalance.total_supply
        balances = {s: plan.current_notional(supply, unit) for s, unit in units.items()}
        multiplier = rebalance.position_multiplier
        return Snapshot(start, time, supply, multiplier, units, balances)


def _json(snapshot: Snapshot) -> dict[str, Any]:
    content = asdict(snapshot)
    for key in ("total_supply", "position_multiplier"):
        content[key] = str(content[key])
    for key in ("units", "balances"):
        content[key] = {symbol: str(amount) for symbol, amount in content[key].items()}
    return content


def _snapshot(content: dict[str, Any]) -> Snapshot:
    units, balances = (
        {symbol: int(amount) for symbol, amount in content[key].items()}
        for key in ("units", "balances")
    )
    return Snapshot(
        content["block"],
        content["time"],
        int(content["total_supply"]),
        int(content["position_multiplier"]),
        units,
        balances,
    )
