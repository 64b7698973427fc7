"""Reads a state from the connected chain: the index, its module, its manager, its pools."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import ape
from ape import project
from ape.exceptions import ApeException

from indexkit import venue_reader
from indexkit.deployment import networks
from indexkit.errors import IndexkitError
from indexkit.guarding import NO_GUARD
from indexkit.localnet import protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.steps.state import SafeState, State

if TYPE_CHECKING:
    from ape.contracts import ContractInstance


def read_state(token: str, module: str, components: Iterable[str]) -> State:
    """Read what the steps need to know of the chain, at its latest block.

    The index and its module are read at that block, whatever is mined meanwhile; the pools, the
    manager and the Safe right after it (the preflight looks at all of it again).

    Parameters
    ----------
    token, module
        The SetToken and the SingleIndexModule that serves it.
    components
        Addresses of the basket's tokens; those the index holds are read besides.

    Raises
    ------
    IndexkitError
        There is no SetToken, or the module serves another.
    """
    block = ape.chain.provider.get_block("latest")
    at = {"block_id": block.number}
    index, serving = _index(token, module)
    held = tuple(str(address) for address in index.getComponents(**at))
    wanted = tuple(dict.fromkeys((*held, *components)))
    guard = str(serving.guard(**at))
    manager = str(index.manager(**at))
    house = _house(manager, token)
    return State(
        chain_id=ape.chain.chain_id,
        block=block.number,
        timestamp=block.timestamp,
        token=token,
        module=module,
        guard=None if guard == NO_GUARD else guard,
        manager=manager,
        house=None if house is None else manager,
        safe=_safe(manager if house is None else str(house.operator())),
        nonce=int(serving.rebalanceNonce(**at)),
        total_supply=int(index.totalSupply(**at)),
        position_multiplier=int(index.positionMultiplier(**at)),
        component_order=held,
        units={address: int(index.getDefaultPositionRealUnit(address, **at)) for address in held},
        decimals={address: _decimals(address) for address in wanted},
        stored={address: _stored(serving, address, at) for address in wanted},
        pools=tuple(venue_reader.read_pools(wanted)),
    )


def _index(token: str, module: str) -> "tuple[ContractInstance, ContractInstance]":
    for name, address in (("SetToken", token), ("SingleIndexModule", module)):
        if not ape.chain.provider.get_code(address):
            raise IndexkitError(
                f"There is no contract at {address} on chain {ape.chain.chain_id}: give the "
                f"address of the {name} there."
            )
    serving = project.SingleIndexModule.at(module)
    network, cash = networks.here(), str(serving.weth())
    if cash != network.venues.weth:
        raise IndexkitError(
            f"The module {module} trades against {cash}, but WETH on {network.name} is "
            f"{network.venues.weth}: correct data/networks.json."
        )
    served = str(serving.index())
    if served != token:
        raise IndexkitError(
            f"The module {module} serves {served}, not {token}: give the module of this index."
        )
    return project.SetToken.at(token), serving


def _house(manager: str, token: str) -> "ContractInstance | None":
    """Return the IndexManager that manages the index, None if it is something else."""
    if not ape.chain.provider.get_code(manager):
        return None
    house = project.IndexManager.at(manager)
    try:
        return house if str(house.setToken()) == token else None
    except ApeException:
        return None


def _safe(address: str) -> SafeState | None:
    """Return the Safe at an address, None if there is something else."""
    if not ape.chain.provider.get_code(address):
        return None
    safe = contract_at(artifact(protocols.SAFE), address)
    try:
        # Ape has a `nonce` of its own for every address.
        return SafeState(address, int(safe.call_view_method("nonce")), int(safe.getThreshold()))
    except ApeException:
        return None


def _decimals(address: str) -> int:
    try:
        return int(token_at(address).decimals())
    except ApeException as error:
        raise IndexkitError(
            f"{address} says no decimals on chain {ape.chain.chain_id}: is it a token there?"
        ) from error


def _stored(module: Any, address: str, at: dict[str, Any]) -> tuple[int, int, int]:
    _target, size, cool_off, _last, exchange = map(int, module.assetInfo(address, **at))
    return exchange, size, cool_off
