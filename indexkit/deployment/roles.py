"""Who has which role in a deployment, as its contracts say."""

from indexkit.deployment import chain
from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.manifest import Manifest

VIEWS = ("owner", "pendingOwner", "manager", "operator", "methodologist", "voter", "committee")
"""Views that name a role, of whatever contract has them."""

ROLE_HOLDERS = (
    "Controller",
    "IntegrationRegistry",
    "MetaGovernor",
    "SetTokenShell",
    "IndexManager",
)
"""Kinds of contracts whose roles are recorded."""


def roles(contracts: Contracts, manifest: Manifest) -> dict[str, str]:
    """Read the roles: addresses by contract (or an index's symbol) and view.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    found: dict[str, str] = {}
    for step, address in manifest.addresses.items():
        kind = manifest.steps[step].contract
        if kind not in ROLE_HOLDERS or step == protocol.BLUEPRINT:
            continue
        name = step.split(".")[1] if step.startswith("index.") else kind
        contract = contracts.at(kind, address)
        there = {abi.name for abi in contract.contract_type.view_methods if not abi.inputs}
        for view in (each for each in VIEWS if each in there):
            found[f"{name}.{view}"] = str(chain.reached(getattr(contract, view)))
    return found
