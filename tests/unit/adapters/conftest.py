"""Our governance adapters and the original bytecode of the same ones, side by side."""

from collections.abc import Callable

import pytest
from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractInstance

from indexkit.localnet import addresses
from indexkit.localnet.artifacts import artifact

GOVERNANCE = "@setprotocol/set-protocol-v2/artifacts/contracts/protocol/integration/governance"
PLACES = {
    "AaveGovernanceV2Adapter": (addresses.AAVE_GOVERNANCE, addresses.AAVE),
    "CompoundLikeGovernanceAdapter": (addresses.UNISWAP_GOVERNOR, addresses.UNI),
    "CompoundBravoGovernanceAdapter": (addresses.UNISWAP_GOVERNOR, addresses.UNI),
}


@pytest.fixture(scope="session")
def ours(owner: AccountAPI) -> dict[str, ContractInstance]:
    """Deploy our adapters, by name."""
    return {name: owner.deploy(getattr(project, name), *at) for name, at in PLACES.items()}


@pytest.fixture(scope="session")
def originals(owner: AccountAPI) -> dict[str, ContractInstance]:
    """Deploy the original adapters, by name."""
    return {
        name: owner.deploy(artifact(f"{GOVERNANCE}/{name}.sol/{name}.json").container(), *at)
        for name, at in PLACES.items()
    }


@pytest.fixture(scope="session")
def raw_call(owner: AccountAPI) -> Callable[[ContractInstance, str], str]:
    """Return a function that calls a contract with any data and returns its raw answer."""

    def call(contract: ContractInstance, data: str) -> str:
        request = {"to": contract.address, "data": data}
        return str(owner.provider.make_request("eth_call", [request, "latest"]))

    return call
