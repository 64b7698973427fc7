"""The plan of a hand-over: what the deployer has and another party shall have, as further steps.

A contract with an owner is offered, and the next owner takes it. A SetToken's manager changes at
once, as Set V2's does: the IndexManager that follows is a contract of the same deployment, whose
code and parties are compared with the declaration before.
"""

from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.index_plan import step_id
from indexkit.deployment.plan import plan, with_deployer
from indexkit.deployment.steps import Address, Call, Deploy, View

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


def handover_steps(declaration: Declaration, deployer: str) -> tuple[Call, ...]:
    """Return the deployer's half of a hand-over.

    What is declared as the deployer's is offered to nobody, which takes a mistaken offer back.

    Parameters
    ----------
    deployer
        Address that stands where the declaration says "deployer".
    """
    return (
        *(
            _offer(step, NOBODY if owner == deployer else owner)
            for step, owner in declared_owners(declaration, deployer)
        ),
        *(_manager(each.symbol) for each in declaration.indices),
    )


def declared_owners(declaration: Declaration, deployer: str) -> list[tuple[Deploy, str]]:
    """Return each contract that has an owner, with the one that is declared."""
    terms = with_deployer(declaration, deployer)
    owners = {"protocol": terms.protocol.owner} | ({"dao": terms.dao.owner} if terms.dao else {})
    return [
        (step, str(owners[step.id.partition(".")[0]]))
        for step in plan(declaration, deployer)
        if isinstance(step, Deploy) and step.contract in OFFERS
    ]


def _offer(step: Deploy, owner: str) -> Call:
    kind = step.contract
    offered = View(step.id, kind, "pendingOwner", (), owner)
    return Call(f"{PREFIX}{step.id}", step.id, kind, OFFERS[kind], (owner,), (offered,))


def _manager(symbol: str) -> Call:
    token, manager = step_id(symbol, "token"), Address(step_id(symbol, "manager"))
    managed = View(token, SET_TOKEN, "manager", (), manager)
    return Call(f"{PREFIX}{token}", token, SET_TOKEN, "setManager", (manager,), (managed,))
