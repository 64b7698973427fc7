"""Other code than ours at an address of a deployment, and how a check tells it."""

import ape
from ape import project
from checked_house import House

from indexkit.deployment import chain

TOKEN, MODULE = "index.SMALL.token", "index.SMALL.module"
CONTROLLER, GUARD, FEE = "protocol.controller", "protocol.guard", "protocol.streaming_fee"
MINIMAL_PROXY = "363d3d373d3d3d363d73{}5af43d82803e903d91602b57fd5bf3"
SLOT_PROXY = "365f5f375f5f365f7f{slot}545af43d5f5f3e3d5ff3"
"""Runs the code of whom a slot names."""
SLOT = "360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"


def _set_code(address: str, code: str) -> None:
    ape.chain.provider.make_request("anvil_setCode", [address, "0x" + code])


def changed_bytecode(house: House) -> list[str]:
    """Change one byte of the index's module."""
    code = bytearray(chain.code(house.at(MODULE).address))
    code[5_000] ^= 1
    _set_code(house.at(MODULE).address, code.hex())
    found = chain.code_hash(house.at(MODULE).address)
    return [
        f"{MODULE}: code: expected SingleIndexModule, "
        f"found SingleIndexModule with 1 bytes changed (keccak-256 {found})."
    ]


def changed_immutable(house: House) -> list[str]:
    """Put a guard with a window of a second in the place of ours."""
    venues = house.declaration.venues
    assert venues.sushiswap is not None
    hashes = [bytes.fromhex(each.pair_code_hash[2:]) for each in (venues.uniswap, venues.sushiswap)]
    factories = (venues.uniswap.factory, venues.sushiswap.factory)
    arguments = (venues.weth, *factories, *hashes, 1)
    other = house.stranger.deploy(project.ExecutionGuard, *arguments)
    _set_code(house.at(GUARD).address, chain.code(other.address).hex())
    return [
        f"{GUARD}: code: expected ExecutionGuard, found ExecutionGuard made with other arguments.",
        f"{GUARD}: window(): expected 1800, found 1.",
    ]


def changed_birth(house: House) -> list[str]:
    """Make INDEX older than it is."""
    token = house.at("dao.index_token")
    code = chain.code(token.address)
    _set_code(token.address, code[:-32].hex() + (1).to_bytes(32, "big").hex())
    return [
        "dao.index_token: code: expected IndexToken, found IndexToken made with other arguments."
    ]


def changed_blueprint(house: House) -> list[str]:
    """Add a byte to what new indices are copied from."""
    address = house.manifest.addresses["protocol.set_token_blueprint"]
    _set_code(address, chain.code(address).hex() + "00")
    found = chain.code_hash(address)
    return [
        "protocol.set_token_blueprint: code: expected the blueprint of SetTokenShell, "
        f"found foreign code (keccak-256 {found})."
    ]


def minimal_proxy(house: House) -> list[str]:
    """Put a proxy of a stranger's contract where the index is."""
    other = house.stranger.deploy(project.GovernanceModule, house.at(CONTROLLER))
    _set_code(house.at(TOKEN).address, MINIMAL_PROXY.format(other.address[2:].lower()))
    return [f"{TOKEN}: code: expected SetTokenShell, found a minimal proxy to {other}."]


def upgradeable_proxy(house: House) -> list[str]:
    """Let whoever writes a slot exchange the guard."""
    address, other = house.at(GUARD).address, house.stranger.address
    _set_code(address, SLOT_PROXY.format(slot=SLOT))
    value = "0x" + other[2:].lower().rjust(64, "0")
    ape.chain.provider.make_request("anvil_setStorageAt", [address, "0x" + SLOT, value])
    return [f"{GUARD}: code: expected ExecutionGuard, found an EIP-1967 proxy to {other}."]


def delegated_account(house: House) -> list[str]:
    """Put an account that runs other code by EIP-7702 where the guard is."""
    _set_code(house.at(GUARD).address, "ef0100" + house.stranger.address[2:].lower())
    return [
        f"{GUARD}: code: expected ExecutionGuard, found an account that runs the code of "
        f"{house.stranger}."
    ]


def no_code(house: House) -> list[str]:
    """Leave nothing where the fee module is."""
    _set_code(house.at(FEE).address, "")
    return [f"{FEE}: code: expected StreamingFeeModule, found no code."]


PLANTS = (
    changed_bytecode,
    changed_immutable,
    changed_birth,
    changed_blueprint,
    minimal_proxy,
    upgradeable_proxy,
    delegated_account,
    no_code,
)
