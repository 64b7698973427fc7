"""The plan of a hand-over: what the deployer has and another party shall have, as further steps.

A contract with an owner is offered, and the next owner takes it. A SetToken's manager changes at
once, as Set V2's does: the IndexManager that follows is a contract of the same deployment, whose
code and parties are compared with the declaration before.
"""

from indexkit.deployment.contracts import Contracts
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.plan import plan, with_deployer
from indexkit.deployment.roles import MANAGER, PENDING_OWNER, Role, declared_roles
from indexkit.deployment.steps import Call, View

PREFIX = "handover."

OFFERS = {
    "Controller": "offerOwnership",
    "IntegrationRegistry": "offerOwnership",
    "MetaGovernor": "transferOwnership",
    "MerkleDistributor": "transferOwnership",
    "MethodologistBounty": "transferOwnership",
}
"""By kind of contract, what offers it to a next owner: none of these gives it away at once."""

SET_TOKEN = "SetToken"


def is_handover(step: str) -> bool:
    """Tell whether a step of a manifest belongs to a hand-over."""
    return step.startswith(PREFIX)


def handover_steps(
    declaration: Declaration, deployer: str, contracts: Contracts
) -> tuple[Call, ...]:
    """Return the deployer's half of a hand-over, in the order of the deployment.

    What is declared as the deployer's is offered to nobody, which takes a mistaken offer back.

    Parameters
    ----------
    deployer
        Address that stands where the declaration says "deployer".
    """
    terms, steps = with_deployer(declaration, deployer), plan(declaration, deployer)
    roles = (role for role in declared_roles(terms, steps, contracts) if role.is_handed_over)
    return tuple(
        _give(role) if role.view == MANAGER else _offer(role, keeps=role.holder == deployer)
        for role in roles
    )


def _offer(role: Role, *, keeps: bool) -> Call:
    owner = NOBODY if keeps else role.holder
    offered = View(role.step, role.contract, PENDING_OWNER, (), owner)
    offer = OFFERS[role.contract]
    return Call(f"{PREFIX}{role.step}", role.step, role.contract, offer, (owner,), (offered,))


def _give(role: Role) -> Call:
    managed = View(role.step, SET_TOKEN, MANAGER, (), role.holder)
    arguments = (role.holder,)
    return Call(f"{PREFIX}{role.step}", role.step, SET_TOKEN, "setManager", arguments, (managed,))
