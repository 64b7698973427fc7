"""Handing a finished deployment over: what is left is asked of the chain, whatever a file says."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexkit.deployment import chain, signing
from indexkit.deployment.accepting import Offer, offers
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration, IndexTerms
from indexkit.deployment.deploying import prepared
from indexkit.deployment.execution import Execution
from indexkit.deployment.handover_plan import SET_TOKEN, handover_steps
from indexkit.deployment.index_plan import step_id
from indexkit.deployment.parties import Party, party_at
from indexkit.deployment.plan import ALL, with_deployer
from indexkit.deployment.rights import rights
from indexkit.deployment.roles import MANAGER, OWNER
from indexkit.deployment.steps import Call, Step
from indexkit.errors import IndexkitError

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager


@dataclass(frozen=True)
class Handover:
    """A hand-over that has been checked.

    Attributes
    ----------
    execution
        Of the deployment, whose manifest it goes on.
    steps
        The deployer's half, made or not.
    left
        Of them, those that are not made.
    parties
        Who gets something by it, by address.
    """

    declaration: Declaration
    execution: Execution
    steps: tuple[Call, ...]
    left: tuple[Call, ...]
    parties: Mapping[str, Party]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to look at before the parties get their roles."""
        return tuple(text for party in self.parties.values() if (text := party.warning()))

    def pending(self) -> tuple[Offer, ...]:
        """Return what is offered and not accepted yet."""
        return offers(self.execution.contracts, self.execution.manifest)

    def rights(self) -> dict[str, str]:
        """Return who has what now: addresses by role."""
        execution = self.execution
        return rights(execution.contracts, execution.manifest, str(execution.account.address))

    def run(self, made: Callable[[Step], None] = lambda _: None, *, again: bool = False) -> None:
        """Make the deployer's half, as far as it is not made, and note who has what.

        Parameters
        ----------
        made
            Is told each step that is done.
        again
            Sign the step that was sent and not mined anew.

        Raises
        ------
        IndexkitError
            A step cannot be made; the same command goes on where it stood.
        """
        execution = self.execution
        if self.left or execution.manifest.sent:
            signing.unlock(execution.account)
        self._finish(again)
        # Once it is mined, what was sent before may have been the last.
        left = tuple(step for step in self.left if _is_left(step, execution))
        for step in left:
            execution.forget(step)
        execution.run(left, made)

    def _finish(self, again: bool) -> None:
        """See to the step that was sent and is not known to be mined."""
        sent = self.execution.manifest.sent
        for step in self.steps:
            if step.id == sent:
                if again:
                    self.execution.sign_again(step)
                self.execution.run((step,))


@contextmanager
def handing_over(
    project: "ProjectManager",
    account: Any,
    declared: Path,
    manifest_file: Path | None,
    say: Callable[[str], None],
) -> Iterator[Handover]:
    """Check a hand-over, and hold the deployment's manifest for the length of a block.

    Parameters
    ----------
    account, declared, manifest_file, say
        As for `deploying.prepared`.

    Raises
    ------
    IndexkitError
        The deployment is not finished, or the chain is not as it must be; nothing has been sent.
    """
    with prepared(project, ALL, account, declared, manifest_file, say) as deployment:
        if deployment.left:
            raise IndexkitError(
                f"{deployment.declaration.name} is not deployed to its end: "
                f"{deployment.left[0].step.id} is missing, and {len(deployment.left) - 1} steps "
                "more; run 'ape run deploy all' first."
            )
        yield handover_of(deployment.declaration, deployment.execution)


def handover_of(declaration: Declaration, execution: Execution) -> Handover:
    """Return the hand-over of a deployment, checked against the chain.

    Raises
    ------
    IndexkitError
        Something is neither the deployer's nor its next owner's, or an IndexManager is not what
        was declared.
    """
    deployer = str(execution.account.address)
    steps = handover_steps(declaration, deployer, execution.contracts)
    left = tuple(step for step in steps if _is_left(step, execution))
    terms = with_deployer(declaration, deployer)
    for index in terms.indices:
        if any(step.target == step_id(index.symbol, "token") for step in left):
            _require_house(index, execution)
    return Handover(declaration, execution, steps, left, _parties(terms, steps, execution))


def _is_left(step: Call, execution: Execution) -> bool:
    """Tell whether a step is to be made: its receiver has neither accepted nor been offered it.

    Raises
    ------
    IndexkitError
        Somebody else has what the deployer is to hand over.
    """
    contract = execution.contracts.at(step.contract, execution.manifest.addresses[step.target])
    view = MANAGER if step.contract == SET_TOKEN else OWNER
    holder = str(chain.reached(getattr(contract, view)))
    receiver = receiver_of(step, execution)
    if holder == receiver:
        return False
    if holder != execution.account.address:
        raise IndexkitError(
            f"{step.target} ({contract.address}) has the {view} {holder}, neither the deployer nor "
            f"who is declared: declare who has it, or have {holder} hand it over."
        )
    return not execution.holds(step)


def receiver_of(step: Call, execution: Execution) -> str:
    """Return who gets what a step hands over."""
    (receiver,) = execution.contracts.resolved(step.arguments, execution.manifest.addresses)
    return str(receiver)


def _require_house(index: IndexTerms, execution: Execution) -> None:
    """Refuse an IndexManager that is not of its index, or has other parties than declared.

    Its code was compared with the manifest, the manifest's source with the one here.
    """
    addresses = execution.manifest.addresses
    manager = addresses[step_id(index.symbol, "manager")]
    house = execution.contracts.at("IndexManager", manager)
    expected = {
        "setToken": addresses[step_id(index.symbol, "token")],
        "operator": index.operator,
        "methodologist": index.methodologist,
    }
    for view, wanted in expected.items():
        found = str(chain.reached(getattr(house, view)))
        if found != wanted:
            raise IndexkitError(
                f"{index.symbol}: its IndexManager {manager} has the {view} {found}, expected "
                f"{wanted}: the index is not handed to it; declare its parties as they are."
            )


def _parties(terms: Declaration, steps: tuple[Call, ...], execution: Execution) -> dict[str, Party]:
    """Return who gets something: next owners, and the two parties of each index.

    Raises
    ------
    IndexkitError
        An owner could never accept: it is a contract of this deployment.
    """
    own = {address: step for step, address in execution.manifest.addresses.items()}
    owners = [receiver_of(step, execution) for step in steps if step.contract != SET_TOKEN]
    for owner in owners:
        if owner in own:
            raise IndexkitError(
                f"{owner} is {own[owner]}, which can accept nothing: declare another owner."
            )
    houses = [party for each in terms.indices for party in (each.operator, each.methodologist)]
    nobody_new = (NOBODY, str(execution.account.address))
    found = dict.fromkeys(str(each) for each in (*owners, *houses))
    return {each: party_at(each) for each in found if each not in nobody_new}
