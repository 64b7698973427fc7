"""What a transaction did: every event, every balance that changed, every parameter afterwards.

Everything is a JSON document, so that what was simulated and what happened can be compared, and
both can be kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import ape
from ape import project
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from indexkit.localnet import protocols
from indexkit.localnet.artifacts import artifact, contract_type
from indexkit.signing.handles import Handles, read
from indexkit.signing.inputs import exchange_name
from indexkit.signing.pack import Pack

if TYPE_CHECKING:
    from ape.api import ReceiptAPI

Balances = dict[tuple[str, str], int]
"""Holder and token (`ETH` for ether): what is held, in base units."""

ETHER = "ETH"
BALANCE_OF = keccak(text="balanceOf(address)")[:4].hex()


def balances(pack: Pack, on: Handles) -> Balances:
    """Read what everybody whom a pack is about holds, of every token that it is about."""
    state, provider = pack.state, ape.chain.provider
    components = [entry.address for entry in (*pack.units.old, *pack.units.entries)]
    tokens = dict.fromkeys((*components, state.weth, state.token))
    held: Balances = {}
    for holder in dict.fromkeys(_holders(pack)):
        held[holder, ETHER] = provider.get_balance(holder)
        for token in tokens:
            held[holder, token] = _balance(token, holder)
    held["supply", state.token] = int(read(on.token, "totalSupply"))
    return held


def without_ether_of(payers: Sequence[str], held: Balances) -> Balances:
    """Leave out the ether of those who pay gas, which is no effect of the transaction."""
    return {key: value for key, value in held.items() if key not in {(p, ETHER) for p in payers}}


def effects(pack: Pack, on: Handles, before: Balances, receipt: "ReceiptAPI") -> dict[str, Any]:
    """Return what an executed pack did.

    Parameters
    ----------
    before
        Balances ahead of the transaction.

    Returns
    -------
    dict
        `events` in their order, `balances` that changed, `parameters` and `rebalance` as they are
        now, and `gas`; integers as decimal strings.
    """
    after = balances(pack, on)
    return {
        "events": list(_events(receipt.logs)),
        "balances": [
            {"holder": holder, "token": token, "change": str(after[holder, token] - held)}
            for (holder, token), held in before.items()
            if after[holder, token] != held
        ],
        "parameters": {entry.symbol: _asset(on, entry.address) for entry in pack.units.entries},
        "rebalance": {
            "nonce": str(read(on.module, "rebalanceNonce")),
            "deadline": str(read(on.module, "deadline")),
            "position_multiplier": str(read(on.module, "positionMultiplier")),
            "components": list(read(on.module, "getRebalanceComponents")),
            "traders": {
                trader: read(on.module, "tradeAllowList", trader) for trader in pack.traders
            },
        },
        "gas": int(receipt.gas_used),
    }


def _balance(token: str, holder: str) -> int:
    # There are many, and Ape takes several times as long for each.
    data = "0x" + BALANCE_OF + bytes(12).hex() + holder.removeprefix("0x")
    answer = ape.chain.provider.make_request("eth_call", [{"to": token, "data": data}, "latest"])
    return int(answer, 16)


def _holders(pack: Pack) -> Iterable[str]:
    state = pack.state
    yield from (state.token, state.module, state.safe, state.manager, *pack.traders)
    if state.guard:
        yield state.guard


def _asset(on: Handles, component: str) -> dict[str, Any]:
    target, size, period, _, exchange = read(on.module, "assetInfo", component)
    return {
        "target_unit": str(target),
        "max_trade_size": str(size),
        "cool_off_period": period,
        "exchange": exchange_name(exchange),
    }


def _events(logs: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield events by name; one that no contract of ours or of the Safe has, as it is."""
    known = _known_events()
    ecosystem = ape.chain.provider.network.ecosystem
    for log in logs:
        topics = [bytes(HexBytes(topic)) for topic in log["topics"]]
        shown: dict[str, Any] = {"address": log["address"]}
        if topics and topics[0] in known:
            (event,) = ecosystem.decode_logs([dict(log)], known[topics[0]])
            arguments = {key: _plain(value) for key, value in event.event_arguments.items()}
            yield shown | {"name": event.event_name, "arguments": arguments}
        else:
            data = "0x" + bytes(HexBytes(log["data"])).hex()
            yield shown | {"topics": ["0x" + topic.hex() for topic in topics], "data": data}


@cache
def _known_events() -> dict[bytes, Any]:
    """Return the events of our contracts and of the Safe by their topic."""
    names = ("SetToken", "SingleIndexModule", "ExecutionGuard", "IndexManager")
    ours = [event for name in names for event in getattr(project, name).contract_type.events]
    events = (*ours, *contract_type(artifact(protocols.SAFE)).events)
    return {keccak(text=event.selector): event for event in events}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, bool | str) else str(value)
