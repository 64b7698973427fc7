"""Building the chain state of a market: protocols, tokens, pools, on a temporary node."""

import gzip
import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

from eth_utils.address import to_checksum_address

from indexkit.localnet import addresses, protocols
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.artifacts import artifact
from indexkit.localnet.placement import Placement
from indexkit.localnet.pools import (
    BALANCER_FEE,
    BALANCER_V1,
    BALANCER_WEIGHT,
    FACTORIES,
    Pool,
    plan_pools,
    reference_pools,
)
from indexkit.localnet.rpc import Rpc
from indexkit.rebalance_data import Component, Rebalance

BLOCK_GAS_LIMIT = 30_000_000
HARDFORK = "cancun"

TOKEN_SUPPLY = 10**9
"""Supply of the plain ERC-20 components, in whole tokens."""

MARKET_MAKER_ETHER = 20 * 10**24
"""The market maker's ether {wei}: half of it is wrapped."""

BUILD_TIME_S = 600
"""How long before the chain's beginning its building starts: no placed clock runs ahead."""

_MAX_UINT256 = 2**256 - 1
_GOVERNANCE_TOKENS = (addresses.AAVE, addresses.UNI, addresses.COMP, addresses.WETH)


def genesis_timestamp(market: Rebalance) -> int:
    """Return when a market's chain begins {s}: midnight UTC of the rebalance's date."""
    return int(datetime.combine(market.date, time(), UTC).timestamp())


def build_state(market: Rebalance, components: Iterable[Component]) -> dict[str, Any]:
    """Build the state a node loads: everything placed, one block header, no transactions.

    Parameters
    ----------
    market
        The rebalance whose exchanges, prices and sizes make the pools; its date is the chain's.
    components
        Every token to be placed (of all rebalances).

    Returns
    -------
    dict
        In the format of anvil's ``--load-state``.
    """
    timestamp = genesis_timestamp(market)
    arguments = (
        *("--chain-id", "1", "--hardfork", HARDFORK, "--gas-limit", str(BLOCK_GAS_LIMIT)),
        *("--timestamp", str(timestamp - BUILD_TIME_S), "--base-fee", "0", "--gas-price", "0"),
        *("--accounts", "0", "--auto-impersonate", "--prune-history"),
    )
    node = AnvilNode.start(arguments)
    rpc = Rpc(node.url)
    try:
        on = Placement(rpc)
        protocols.place_protocols(on, timestamp)
        _place_tokens(on, components)
        _fund_market_maker(on)
        _place_pools(on, (*plan_pools(market), *reference_pools(market)))
        on.set_code(addresses.MARKER, b"\xfe" + market.name.encode())
        return _loadable(rpc.call("anvil_dumpState"), timestamp)
    finally:
        rpc.close()
        node.stop()


def _place_tokens(on: Placement, components: Iterable[Component]) -> None:
    token = artifact(protocols.ERC20)
    for component in components:
        address = to_checksum_address(component.address)
        if address not in _GOVERNANCE_TOKENS:
            supply = TOKEN_SUPPLY * 10**component.decimals
            about = (supply, component.name, component.symbol, component.decimals)
            on.place(token, address, addresses.MARKET_MAKER, *about)


def _fund_market_maker(on: Placement) -> None:
    on.set_balance(addresses.MARKET_MAKER, MARKET_MAKER_ETHER)
    weth = artifact(protocols.WETH9)
    half = MARKET_MAKER_ETHER // 2
    on.send(weth, addresses.WETH, "deposit", sender=addresses.MARKET_MAKER, value=half)


def _place_pools(on: Placement, pools: Iterable[Pool]) -> None:
    for pool in pools:
        if pool.exchange == BALANCER_V1:
            _place_balancer_pool(on, pool)
        else:
            _place_pair(on, pool)


def _place_pair(on: Placement, pool: Pool) -> None:
    maker = addresses.MARKET_MAKER
    factory, token = artifact(protocols.UNISWAP_FACTORY), artifact(protocols.ERC20)
    on.send(factory, FACTORIES[pool.exchange], "createPair", pool.component, addresses.WETH)
    on.send(token, pool.component, "transfer", pool.address, pool.component_reserve, sender=maker)
    on.send(token, addresses.WETH, "transfer", pool.address, pool.weth_reserve, sender=maker)
    on.send(artifact(protocols.UNISWAP_PAIR), pool.address, "mint", maker)


def _place_balancer_pool(on: Placement, pool: Pool) -> None:
    maker = addresses.MARKET_MAKER
    factory, bpool = artifact(protocols.BALANCER_FACTORY), artifact(protocols.BALANCER_POOL)
    address = pool.address
    on.send(factory, addresses.BALANCER_FACTORY, "newBPool", sender=maker)
    reserves = ((pool.component, pool.component_reserve), (addresses.WETH, pool.weth_reserve))
    for token, reserve in reserves:
        on.send(artifact(protocols.ERC20), token, "approve", address, _MAX_UINT256, sender=maker)
        on.send(bpool, address, "bind", token, reserve, BALANCER_WEIGHT, sender=maker)
    on.send(bpool, address, "setSwapFee", BALANCER_FEE, sender=maker)
    on.send(bpool, address, "finalize", sender=maker)
    registry = artifact(protocols.BALANCER_REGISTRY)
    pair = (pool.component, addresses.WETH)
    on.send(registry, addresses.BALANCER_REGISTRY, "addPoolPair", address, *pair)
    on.send(registry, addresses.BALANCER_REGISTRY, "sortPools", list(pair), 10)


def _loadable(dump: str, timestamp: int) -> dict[str, Any]:
    """Return a dumped state in the form that loads: one header, no transactions, a round time."""
    state: dict[str, Any] = json.loads(gzip.decompress(bytes.fromhex(dump[2:])))
    best = state["best_block_number"]
    header = next(b for b in state["blocks"] if int(b["header"]["number"], 16) == best)
    header["header"]["timestamp"] = state["block"]["timestamp"] = hex(timestamp)
    state["blocks"] = [{**header, "transactions": []}]
    state["transactions"] = []
    return state
