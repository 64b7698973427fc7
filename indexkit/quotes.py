"""What a trade of a component against WETH will bring or cost, as its exchange computes it."""

from indexkit import plan
from indexkit.localnet import addresses, protocols
from indexkit.localnet.arbitrage import Reserves
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import BALANCER_V1
from indexkit.rebalance_data import Component

BALANCER_POOLS = 3
"""Pools the index module lets Balancer's proxy split a trade over."""


def weth_for(component: Component, pool: Reserves, size: int) -> int:
    """Quote the WETH that buying an amount costs, or selling it (`size` < 0) brings {wei}."""
    token, weth = component.address, addresses.WETH
    if component.exchange == BALANCER_V1:
        if size > 0:
            return _balancer("viewSplitExactOut", weth, token, size)
        return _balancer("viewSplitExactIn", token, weth, -size)
    if size > 0:
        return plan.amount_in(size, pool.weth, pool.component)
    return plan.amount_out(-size, pool.component, pool.weth)


def component_for(component: Component, pool: Reserves, weth: int) -> int:
    """Quote what an amount of WETH {wei} buys of a component {comp}."""
    if component.exchange == BALANCER_V1:
        return _balancer("viewSplitExactIn", addresses.WETH, component.address, weth)
    return plan.amount_out(weth, pool.weth, pool.component)


def _balancer(view: str, sell: str, buy: str, amount: int) -> int:
    proxy = contract_at(artifact(protocols.BALANCER_PROXY), addresses.BALANCER_EXCHANGE_PROXY)
    _, quoted = getattr(proxy, view)(sell, buy, amount, BALANCER_POOLS)
    return int(quoted)
