"""Reads the WETH pools of components from the connected chain."""

from collections.abc import Iterable

import ape
from eth_utils.address import to_checksum_address

from indexkit import plan
from indexkit.deployment import networks
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.localnet.arbitrage import pool_at, reserves
from indexkit.pool_state import BALANCER_V1, EXCHANGES, PoolState


def read_pools(components: Iterable[str]) -> tuple[PoolState, ...]:
    """Read each component's pool on every exchange, as of the latest block.

    Pairs are looked for where their factory creates them; on Balancer V1 it is the registry's best
    pool. A pool that is not there is left out; one that is there and empty is not.

    Parameters
    ----------
    components
        Addresses of the tokens.

    Returns
    -------
    tuple of PoolState
        By component in the order given, then by exchange in the order of `EXCHANGES`.
    """
    found = (
        read_pool(to_checksum_address(component), exchange)
        for component in components
        for exchange in EXCHANGES
    )
    return tuple(pool for pool in found if pool is not None)


def read_pool(component: str, exchange: str) -> PoolState | None:
    """Read a component's pool on one exchange; None if there is none.

    Raises
    ------
    IndexkitError
        The exchange is unknown.
    """
    if exchange not in EXCHANGES:
        raise IndexkitError(
            f"{exchange} is no exchange whose pools can be read: use one of {', '.join(EXCHANGES)}."
        )
    address = _address(component, exchange)
    if address is None:
        return None
    held = reserves(component, exchange)
    fee = plan.UNISWAP_V2_FEE
    if exchange == BALANCER_V1:
        fee = int(pool_at(component, exchange).getSwapFee())
    return PoolState(
        component=component,
        exchange=exchange,
        address=address,
        component_reserve=held.component,
        weth_reserve=held.weth,
        component_weight=held.component_weight,
        weth_weight=held.weth_weight,
        fee=fee,
    )


def _address(component: str, exchange: str) -> str | None:
    """Return where a component's pool lies, or None if nothing is there."""
    venues = networks.here().venues
    if component == venues.weth or exchange not in venues.names:
        return None
    if exchange == BALANCER_V1 and not _has_code(addresses.BALANCER_REGISTRY):
        return None
    try:
        address = str(pool_at(component, exchange).address)
    except IndexkitError:
        return None
    return address if _has_code(address) else None


def _has_code(address: str) -> bool:
    return len(ape.chain.provider.get_code(address)) > 0
