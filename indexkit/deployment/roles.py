"""Who has which role in a deployment, as its contracts say, and who shall have it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from indexkit.deployment import chain
from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.index_plan import step_id
from indexkit.deployment.manifest import Manifest
from indexkit.deployment.steps import Address, Deploy, Step, created_kind

OWNER, PENDING_OWNER, MANAGER = "owner", "pendingOwner", "manager"
VIEWS = (OWNER, PENDING_OWNER, MANAGER, "operator", "methodologist", "voter", "committee")
"""Views that name a role, of whatever contract has them."""

ROLE_HOLDERS = (
    "Controller",
    "IntegrationRegistry",
    "MetaGovernor",
    "MerkleDistributor",
    "MethodologistBounty",
    "SetTokenShell",
    "IndexManager",
)
"""Kinds of contracts whose roles are recorded."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the declaration gives it away.

    Attributes
    ----------
    step, contract
        That left the contract, and its kind.
    view
        That names the holder: one of `VIEWS`.
    holder
        Who shall have it: an address, or the step that gives it.
    is_handed_over
        Whether the deployer has it until the hand-over.
    """

    step: str
    contract: str
    view: str
    holder: Any
    is_handed_over: bool


def declared_roles(
    terms: Declaration, steps: Sequence[Step], contracts: Contracts
) -> Iterator[Role]:
    """Yield who shall have which role once everything is handed over.

    Parameters
    ----------
    terms
        With an address wherever the file says "deployer".
    """
    for step in steps:
        kind = created_kind(step)
        is_blueprint = isinstance(step, Deploy) and step.blueprint
        if kind is None or kind not in ROLE_HOLDERS or is_blueprint:
            continue
        there = _views(contracts, kind)
        for view, (holder, is_handed_over) in _holders(terms, step.id).items():
            if view in there:
                yield Role(step.id, kind, view, holder, is_handed_over)


def _holders(terms: Declaration, step: str) -> dict[str, tuple[Any, bool]]:
    """Return holders by view, of whatever contract a step leaves."""
    part, _, rest = step.partition(".")
    if part == "index":
        symbol = rest.partition(".")[0]
        (index,) = (each for each in terms.indices if each.symbol == symbol)
        return {
            MANAGER: (Address(step_id(symbol, "manager")), True),
            "operator": (index.operator, False),
            "methodologist": (index.methodologist, False),
        }
    if part == "dao" and terms.dao is not None:
        return {OWNER: (terms.dao.owner, True), "committee": (terms.dao.committee, False)}
    return {OWNER: (terms.protocol.owner, True)}


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
        there = _views(contracts, kind)
        for view in (each for each in VIEWS if each in there):
            found[f"{name}.{view}"] = str(chain.reached(getattr(contract, view)))
    return found


def _views(contracts: Contracts, kind: str) -> set[str]:
    """Return the views of a kind of contract that ask for nothing."""
    return {abi.name for abi in contracts.type_of(kind).view_methods if not abi.inputs}
