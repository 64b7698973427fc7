"""Mainnet addresses the localnet knows, from data/addresses.json (each with its source there)."""

import json

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError
from indexkit.localnet.paths import DATA

_ENTRIES: dict[str, dict[str, str]] = json.loads((DATA / "addresses.json").read_text())["entries"]


def address(key: str) -> str:
    """Return the address under a key of data/addresses.json.

    Raises
    ------
    IndexkitError
        If there is no such key.
    """
    if key not in _ENTRIES:
        raise IndexkitError(f"data/addresses.json has no entry {key!r}.")
    return to_checksum_address(_ENTRIES[key]["address"])


def named() -> dict[str, str]:
    """Return what data/addresses.json knows: names and addresses."""
    return {entry["name"]: to_checksum_address(entry["address"]) for entry in _ENTRIES.values()}


def labelled(label: str) -> str:
    """Return the address a label stands for: the last 20 bytes of its keccak hash, no known key."""
    return to_checksum_address(keccak(text=label)[12:])


MARKET_MAKER = labelled("indexkit.localnet.market")
"""Holds what is left of every token's supply: source of `deal`, purse of the arbitrageur."""

DEPLOYER = labelled("indexkit.localnet.deployer")
"""Placed the contracts; admin of the AAVE token's proxy and of Compound's Bravo, guardian of Aave's
governance v2 and Compound's Alpha, and who may propose in Aave's governance v1."""

MARKER = labelled("indexkit.localnet.marker")
"""Holds a mark by which an embedded chain is known."""

WETH = address("weth")
UNISWAP_V2_FACTORY = address("uniswap_v2_factory")
UNISWAP_V2_ROUTER = address("uniswap_v2_router")
SUSHISWAP_FACTORY = address("sushiswap_factory")
SUSHISWAP_ROUTER = address("sushiswap_router")
BALANCER_EXCHANGE_PROXY = address("balancer_exchange_proxy")
BALANCER_FACTORY = address("balancer_factory")
BALANCER_REGISTRY = address("balancer_registry")
AAVE = address("aave")
STKAAVE = address("stkaave")
LEND = address("lend")
AAVE_V1_GOVERNANCE = address("aave_governance_v1")
AAVE_V1_PARAMETERS = labelled("indexkit.localnet.aave-v1.parameters")
AAVE_V1_WEIGHTS = labelled("indexkit.localnet.aave-v1.weights")
AAVE_V1_PROPOSITION_POWER = labelled("indexkit.localnet.aave-v1.proposition-power")
AAVE_GOVERNANCE = address("aave_governance_v2")
AAVE_STRATEGY = address("aave_governance_strategy")
AAVE_SHORT_EXECUTOR = address("aave_short_executor")
UNI = address("uni")
UNISWAP_GOVERNOR = address("uniswap_governor_alpha")
UNISWAP_TIMELOCK = address("uniswap_timelock")
COMP = address("comp")
COMPOUND_GOVERNOR_ALPHA = address("compound_governor_alpha")
COMPOUND_GOVERNOR_BRAVO = address("compound_governor_bravo")
COMPOUND_BRAVO_CODE = labelled("indexkit.localnet.compound.bravo-code")
COMPOUND_TIMELOCK = address("compound_timelock")
SAFE_SINGLETON = address("safe_singleton")
SAFE_PROXY_FACTORY = address("safe_proxy_factory")
SAFE_FALLBACK_HANDLER = address("safe_fallback_handler")
SAFE_MULTISEND = address("safe_multisend")
SNAPSHOT_DELEGATE_REGISTRY = address("snapshot_delegate_registry")
MULTICALL3 = address("multicall3")
