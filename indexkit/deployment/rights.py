"""Who has what in a deployment, during and after its hand-over, as the chain says."""

from functools import partial

from indexkit.deployment import chain
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.distribution_plan import INDEX_TOKEN
from indexkit.deployment.index_plan import MODULE
from indexkit.deployment.manifest import Manifest
from indexkit.deployment.roles import roles

FURTHER = {
    "Controller": "feeRecipient",
    MODULE: "reservedFor",
    "StakingRewards": "rewardsDistribution",
}
"""Views that name who has something besides the roles that a manifest records, by kind."""


def rights(contracts: Contracts, made: Manifest, deployer: str) -> dict[str, str]:
    """Read who has what: the recorded roles, and what else a deployer may have kept.

    Returns
    -------
    dict
        Addresses by contract (or an index's symbol) and role.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    found = roles(contracts, made)
    for step, address in made.addresses.items():
        kind, name = made.steps[step].contract, step.split(".")[1]
        contract = contracts.at(kind, address)
        if kind in FURTHER:
            view, owner = FURTHER[kind], name if kind == MODULE else kind
            found[f"{owner}.{view}"] = str(chain.reached(getattr(contract, view)))
        if kind == MODULE and chain.reached(partial(contract.tradeAllowList, deployer)):
            found[f"{name}.trader"] = deployer
        if step == INDEX_TOKEN and chain.reached(partial(contract.balanceOf, deployer)):
            found["INDEX.holder"] = deployer
    return dict(sorted(found.items()))
