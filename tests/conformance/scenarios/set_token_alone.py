"""SetToken: deployed without a creator, with members that no creator lets through."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage

TOO_SMALL = "New multiplier too small"


def deployed(
    s: Stage,
    components: list[Handle],
    units: list[int],
    modules: list[str],
    *,
    controller: object = None,
    manager: str | None = None,
) -> Handle:
    """Deploy a SetToken, watch it, and read everything it shows."""
    manager = s.manager if manager is None else manager
    controller = s.controller if controller is None else controller
    words = ("A name", "SYM")
    the_set = s.put("set", "SetToken", components, units, modules, controller, manager, *words)
    s.watch("set")
    for view in ("name", "symbol", "decimals", "totalSupply", "manager", "controller", "locker"):
        getattr(the_set, view)()
    for view in ("isLocked", "positionMultiplier", "getComponents", "getModules", "getPositions"):
        getattr(the_set, view)()
    return the_set


@scenario
def units_are_not_checked(s: Stage) -> None:
    """Deploy with a unit of 0, a negative one, and one too many."""
    the_set = deployed(s, [s.dai, s.usdc, s.gem], [0, -2, 10, 5], [s.module])
    the_set.initializeModule(by=s.module)
    cast = "SafeCast: value must be positive"
    the_set.editPositionMultiplier(E18, by=s.module, reverts=cast)
    the_set.removeComponent(s.usdc, by=s.module)
    the_set.editPositionMultiplier(E18 // 10 - 1, by=s.module, reverts=TOO_SMALL)
    the_set.editPositionMultiplier(E18 // 10, by=s.module)


@scenario
def set_may_start_empty(s: Stage) -> None:
    """Deploy without components and modules, and let both in."""
    the_set = deployed(s, [], [], [])
    the_set.addModule(s.module, by=s.manager)
    the_set.initializeModule(by=s.module)
    the_set.removeComponent(s.dai, by=s.module, reverts="Address not in array.")
    the_set.addComponent(s.dai, by=s.module)
    the_set.editDefaultPositionUnit(s.dai, 5, by=s.module)
    the_set.editPositionMultiplier(E18 // 5 - 1, by=s.module, reverts=TOO_SMALL)
    the_set.editPositionMultiplier(E18 // 5, by=s.module)


@scenario
def controller_may_be_no_contract(s: Stage) -> None:
    """Deploy for an account as controller, and for nobody: no module can do anything."""
    for controller in (s.stranger, ZERO):
        with s.aside():
            the_set = deployed(s, [s.dai], [1], [s.module, s.issuance], controller=controller)
            the_set.initializeModule(by=s.module)
            the_set.mint(s.heir, 1, by=s.module, reverts="")
            the_set.lock(by=s.module, reverts="")
            the_set.addModule(s.governance, by=s.manager, reverts="")
            the_set.addModule(s.issuance, by=s.manager, reverts="Module must not be added")
            the_set.removePendingModule(s.issuance, by=s.manager)
            the_set.setManager(s.heir, by=s.manager)


@scenario
def manager_may_be_nobody(s: Stage) -> None:
    """Deploy without a manager: pending modules still initialise themselves."""
    the_set = deployed(s, [s.dai], [E18], [s.module, s.stranger], manager=ZERO)
    the_set.initializeModule(by=s.module)
    the_set.setManager(s.heir, by=s.manager, reverts="Only manager can call")
    the_set.mint(s.heir, 5, by=s.module)
    the_set.initializeModule(by=s.stranger)
    the_set.mint(s.heir, 5, by=s.stranger, reverts="Module must be enabled on controller")


@scenario
def unregistered_set_is_no_set(s: Stage) -> None:
    """Deploy by hand: modules of the protocol refuse it, a factory may register it."""
    the_set = deployed(s, [s.dai], [E18], [s.issuance.address, s.module])
    unknown = "Must be controller-enabled SetToken"
    s.issuance.initialize(the_set, ZERO, by=s.manager, reverts=unknown)
    s.controller.addFactory(s.keeper, by=s.owner)
    s.controller.addSet(the_set, by=s.keeper)
    s.issuance.initialize(the_set, ZERO, by=s.manager)
