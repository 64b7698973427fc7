"""Whether everybody has the role that is declared for him, and nobody else has one."""

from indexkit.deployment import dao_plan
from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.checking.inspection import Inspection
from indexkit.deployment.checking.report import DIFFERS, PENDING, ROLES
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.index_plan import step_id
from indexkit.deployment.roles import OWNER, PENDING_OWNER, Role, declared_roles
from indexkit.deployment.steps import View


def check_roles(inspection: Inspection) -> None:
    """Compare the holders of roles, and to whom ownerships are offered.

    A role that the deployer still has is pending until he hands it over and the other accepts.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    for role in declared_roles(inspection.terms, inspection.steps, inspection.contracts):
        _check(inspection, role)
    for index in inspection.terms.indices:
        _check_voter(inspection, step_id(index.symbol, "manager"))


def _check(inspection: Inspection, role: Role) -> None:
    holder = inspection.answer(ROLES, role.step, role.contract, role.view)
    if holder is None:
        return
    is_pending = role.is_handed_over and holder == inspection.manifest.deployer
    offered = None
    if role.view == OWNER:
        offered = inspection.answer(ROLES, role.step, role.contract, PENDING_OWNER)
    if is_pending and offered == role.holder:
        # Nothing but his acceptance is missing.
        found = f"{inspection.shown(holder)}, who has offered it"
        inspection.compare(ROLES, role.step, f"{role.view}()", role.holder, found, PENDING)
        return
    view = View(role.step, role.contract, role.view, (), role.holder)
    inspection.ask(ROLES, view, PENDING if is_pending else DIFFERS)
    if offered is not None:
        inspection.compare(ROLES, role.step, f"{PENDING_OWNER}()", NOBODY, offered)


def _check_voter(inspection: Inspection, manager: str) -> None:
    """Compare who votes for an index: nobody, or our MetaGovernor through our module."""
    voter = inspection.answer(ROLES, manager, "IndexManager", "voter")
    if voter is None:
        return
    ours = inspection.addresses.get(dao_plan.META_GOVERNOR)
    inspection.compare(ROLES, manager, "voter()", ours if voter == ours else NOBODY, voter)
    if voter == ours:
        module = inspection.addresses.get(protocol.GOVERNANCE)
        found = inspection.answer(ROLES, manager, "IndexManager", "governanceModule")
        inspection.compare(ROLES, manager, "governanceModule()", module, found)
