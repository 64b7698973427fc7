"""Running a plan at once on a local chain: nothing is recorded, nothing is waited for."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from indexkit.deployment.contracts import INTERFACES
from indexkit.deployment.steps import Deploy, Step, resolve, selector

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

Deployed = dict[str, "ContractInstance"]


def run_at_once(
    project: "ProjectManager",
    deployer: "AccountAPI",
    steps: Sequence[Step],
    known: "Mapping[str, ContractInstance] | None" = None,
) -> Deployed:
    """Make the steps of a plan, one transaction after the other.

    Parameters
    ----------
    project
        With the compiled contracts.
    deployer
        Sends them.
    known
        What earlier steps deployed, by step.

    Returns
    -------
    dict
        Every contract that there is now, by step; no blueprint is among them.
    """

    def named(contract: str, function: str) -> bytes:
        return selector(getattr(project, contract).contract_type, function)

    there: Deployed = dict(known or {})
    addresses = {step: str(contract.address) for step, contract in there.items()}
    for step in steps:
        arguments = resolve(step.arguments, addresses, named)
        if not isinstance(step, Deploy):
            receipt: Any = getattr(there[step.target], step.function)(*arguments, sender=deployer)
            if step.creates:
                (event,) = receipt.events.filter(there[step.target]._events_[step.creates.event])
                kind = INTERFACES.get(step.creates.contract, step.creates.contract)
                there[step.id] = getattr(project, kind).at(getattr(event, step.creates.field))
        elif step.blueprint:
            receipt = deployer.declare(getattr(project, step.contract))
            addresses[step.id] = str(receipt.contract_address)
        else:
            there[step.id] = deployer.deploy(getattr(project, step.contract), *arguments)
        if step.id in there:
            addresses[step.id] = str(there[step.id].address)
    return there
