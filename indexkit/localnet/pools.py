"""How deep the localnet's pools are, and where they lie.

Index Coop chose the published maximum trade sizes so that one trade moves the price by about half
a per cent. The pools are the other side of that statement: buying exactly the maximum trade size
costs 0.50 % more than the mid price, on average over the trade and besides the pool's 0.30 % fee.
With a constant product and equal weights that average is R / (R - a) for a reserve R and an amount
a, so R = 201 a.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import networks
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component, Rebalance

UNISWAP_V2 = "UniswapV2"
SUSHISWAP = "SushiSwap"
BALANCER_V1 = "BalancerV1"

DEPTH_IN_TRADES = 201
"""Reserve of a component, in maximum trade sizes, for an impact of 50 basis points."""

BALANCER_FEE = 3 * 10**15
"""Swap fee of the Balancer pools, D18{1}: 0.30 %, as on the constant-product exchanges."""

BALANCER_WEIGHT = 25 * 10**18
"""Denormalised weight of either token in a Balancer pool, D18{1}: 50/50."""

FACTORIES = {UNISWAP_V2: addresses.UNISWAP_V2_FACTORY, SUSHISWAP: addresses.SUSHISWAP_FACTORY}
ROUTERS = {UNISWAP_V2: addresses.UNISWAP_V2_ROUTER, SUSHISWAP: addresses.SUSHISWAP_ROUTER}

PAIR_CODE_HASHES = networks.mainnet_pair_hashes()
"""The pairs' init code hashes, which the routers compute addresses with, by exchange."""


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of one component against WETH, at the published price and depth.

    Attributes
    ----------
    address
        Of the pool.
    symbol, component, exchange
        Of the component: symbol, address, and the exchange it was traded on.
    component_reserve
        {comp}
    weth_reserve
        {wei}
    """

    address: str
    symbol: str
    component: str
    exchange: str
    component_reserve: int
    weth_reserve: int


def plan_pools(rebalance: "Rebalance") -> tuple[Pool, ...]:
    """Return the pools a rebalance needs, in the order of its components.

    Raises
    ------
    IndexkitError
        If an exchange is none of the localnet's.
    """
    pools: list[Pool] = []
    for component in rebalance.components:
        token, exchange = to_checksum_address(component.address), component.exchange
        if token == addresses.WETH:
            continue
        if exchange not in (*FACTORIES, BALANCER_V1):
            raise IndexkitError(
                f"{component.symbol} trades on {exchange}, which the localnet does not have."
            )
        held = component.max_trade_size * DEPTH_IN_TRADES
        weth = weth_reserve(component, rebalance.weth_price_usd)
        if exchange == BALANCER_V1:
            earlier = sum(pool.exchange == BALANCER_V1 for pool in pools)
            address = created_address(addresses.BALANCER_FACTORY, 1 + earlier)
        else:
            address = pair_address(exchange, token)
        pools.append(Pool(address, component.symbol, token, exchange, held, weth))
    return tuple(pools)


def reference_pools(rebalance: "Rebalance") -> tuple[Pool, ...]:
    """Return the Uniswap V2 pairs of what trades on Balancer, whose pools keep no price history.

    The guard judges trades on Balancer by them; they are as deep as the pools themselves.
    """
    return tuple(
        replace(pool, exchange=UNISWAP_V2, address=pair_address(UNISWAP_V2, pool.component))
        for pool in plan_pools(rebalance)
        if pool.exchange == BALANCER_V1
    )


def weth_reserve(component: "Component", weth_price_usd: Decimal) -> int:
    """Return the WETH side of a component's pool {wei}: its depth at the published prices.

    Parameters
    ----------
    component
        With its price {USD} and maximum trade size {comp}.
    weth_price_usd
        {USD/WETH}
    """
    with localcontext() as context:
        context.prec = 78
        price = component.price_usd / weth_price_usd * Decimal(10) ** (18 - component.decimals)
        reserve = price * component.max_trade_size * DEPTH_IN_TRADES
        return int(reserve.quantize(Decimal(1), ROUND_HALF_UP))


def created_address(creator: str, nonce: int) -> str:
    """Return the address of a contract created with a nonce from 1 to 127."""
    encoded = b"\xd6\x94" + bytes.fromhex(creator[2:]) + bytes([nonce])
    return to_checksum_address(keccak(encoded)[12:])


def pair_address(exchange: str, token: str) -> str:
    """Return the address of a token's WETH pair on mainnet's UniswapV2 or SushiSwap."""
    home = networks.Exchange(
        FACTORIES[exchange], ROUTERS[exchange], "0x" + PAIR_CODE_HASHES[exchange]
    )
    return home.pair(token, addresses.WETH)
