"""The governance adapters that GovernanceModule finds by name."""

from typing import TYPE_CHECKING

from indexkit.localnet import addresses

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

AAVE_V1 = "AaveGovernance"
AAVE_V2 = "AaveGovernanceV2"
UNISWAP = "UniswapGovernance"
COMPOUND = "CompoundGovernance"
SNAPSHOT = "SnapshotGovernance"

ADAPTERS = {
    AAVE_V1: ("AaveGovernanceAdapter", (addresses.AAVE_V1_GOVERNANCE, addresses.AAVE)),
    AAVE_V2: ("AaveGovernanceV2Adapter", (addresses.AAVE_GOVERNANCE, addresses.AAVE)),
    UNISWAP: ("CompoundLikeGovernanceAdapter", (addresses.UNISWAP_GOVERNOR, addresses.UNI)),
    COMPOUND: (
        "CompoundBravoGovernanceAdapter",
        (addresses.COMPOUND_GOVERNOR_BRAVO, addresses.COMP),
    ),
    SNAPSHOT: ("SnapshotGovernanceAdapter", (addresses.SNAPSHOT_DELEGATE_REGISTRY,)),
}
"""Contract and arguments of each adapter, by the name it is registered under."""


def deploy_adapters(
    project: "ProjectManager", deployer: "AccountAPI"
) -> "dict[str, ContractInstance]":
    """Deploy every adapter; they are by name, and not registered yet."""
    return {
        name: deployer.deploy(getattr(project, kind), *arguments)
        for name, (kind, arguments) in ADAPTERS.items()
    }
