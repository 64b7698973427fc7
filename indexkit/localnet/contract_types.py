"""What Ape knows of the localnet's contracts: everything that was placed, in memory only.

Ape files the contract types of a mainnet fork on disk, as mainnet's. The next fork has other
contracts at the addresses the same senders deploy to, and would find the old types there. Knowing
every placed contract, receipts decode all events without a search for proxies at each address.
"""

from ape.api.networks import ProxyInfoAPI
from ape.managers._contractscache import ContractCache, ContractCreation, ContractType
from eth_utils.address import to_checksum_address

from indexkit import rebalance_data
from indexkit.localnet import protocols
from indexkit.localnet.artifacts import artifact, contract_type
from indexkit.localnet.pools import plan_pools, reference_pools

_MAINNET = {"ecosystem_key": "ethereum", "network_key": "mainnet"}
_MODELS = {
    "contract_types": ContractType,
    "proxy_info": ProxyInfoAPI,
    "contract_creation": ContractCreation,
    "blueprints": ContractType,
}


def keep_off_disk(contracts: ContractCache, read: bool) -> None:
    """Make Ape's caches for forks of mainnet write nothing to disk.

    Parameters
    ----------
    contracts
        ``chain.contracts``.
    read
        Whether what Ape has on disk of mainnet may be used: on a fork of the live chain it may.
    """
    for key, model in _MODELS.items():
        cache = contracts._get_data_cache(key, model, **_MAINNET)
        cache._write_to_disk = False
        cache._read_from_disk = read


def register_placed(contracts: ContractCache, market: rebalance_data.Rebalance) -> None:
    """Tell Ape which contract lies at each address of the embedded chain of a market."""
    known = contracts._get_data_cache("contract_types", ContractType, **_MAINNET).memory
    rebalances = [*map(rebalance_data.load, rebalance_data.available()), market]
    for component in (component for each in rebalances for component in each.components):
        token = contract_type(artifact(protocols.ERC20))
        known.setdefault(to_checksum_address(component.address), token)
    for pool in (*plan_pools(market), *reference_pools(market)):
        known[pool.address] = contract_type(artifact(protocols.POOLS[pool.exchange]))
    for address, package_path in protocols.CONTRACTS.items():
        known[address] = contract_type(artifact(package_path))
