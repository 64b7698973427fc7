"""SetToken: modules, manager and lock."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

NOT_MANAGER = "Only manager can call"
NOT_MODULE = "Only the module can call"
DISABLED = "Module must be enabled on controller"
LOCKED = "Only when unlocked"
NOT_ADDED = "Module must be added"
NOT_PENDING = "Module must be pending"


def gods(s: Stage, count: int) -> list[Handle]:
    """Return modules that can be initialised and removed by anybody, known to the controller."""
    found = []
    for number in range(count):
        god = s.deploy(f"god_{number}", set_v2("mocks/GodModeMock"), s.controller)
        s.controller.addModule(god, by=s.owner)
        found.append(god)
    return found


def started(s: Stage, count: int = 2) -> list[Handle]:
    """Create a Set with some removable modules, initialised in their order, and the account."""
    modules = gods(s, count)
    s.create([s.dai], [E18], [*modules, s.module, s.issuance])
    for module in modules:
        module.initialize(s.set, by=s.manager)
    s.set.initializeModule(by=s.module)
    return modules


def states(s: Stage, *modules: object) -> None:
    """Ask how far modules have come, in all three ways."""
    for module in modules:
        s.set.moduleStates(module)
        s.set.isInitializedModule(module)
        s.set.isPendingModule(module)


@scenario
def last_module_moves_into_the_gap(s: Stage) -> None:
    """Remove the first, a middle, the last and the only module: the order afterwards."""
    modules = gods(s, 6)
    s.create([s.dai], [E18], modules)
    for module in modules:
        module.initialize(s.set, by=s.manager)
    first, second, third, fourth, fifth, sixth = modules
    for gone in (first, third, fourth, second, sixth, fifth):
        s.set.removeModule(gone, by=s.manager)
        s.set.getModules()
        states(s, *modules)
    for place in range(2):
        s.set.modules(place, reverts="")


@scenario
def removed_modules_may_come_back(s: Stage) -> None:
    """Remove, add and initialise again: a module comes back as the last one."""
    first, second, third = started(s, 3)
    s.set.removeModule(first, by=s.manager)
    states(s, first)
    first.initialize(s.set, by=s.manager, reverts=NOT_PENDING)
    s.set.addModule(first, by=s.manager)
    states(s, first)
    s.set.removeModule(third, by=s.manager)
    first.initialize(s.set, by=s.manager)
    s.set.addModule(third, by=s.manager)
    third.initialize(s.set, by=s.manager)
    s.set.removeModule(second, by=s.manager)
    for place in range(3):
        s.set.modules(place)
    s.set.modules(3, reverts="")


@scenario
def pending_modules_may_be_taken_back(s: Stage) -> None:
    """Remove pending modules and add them again, also when the controller no longer knows one."""
    s.create([s.dai], [E18], [s.module, s.issuance])
    s.set.removePendingModule(s.module, by=s.manager)
    states(s, s.module)
    s.set.initializeModule(by=s.module, reverts=NOT_PENDING)
    s.set.addModule(s.module, by=s.manager)
    s.controller.removeModule(s.module, by=s.owner)
    s.set.initializeModule(by=s.module)
    s.set.mint(s.heir, 1, by=s.module, reverts=DISABLED)
    s.controller.removeModule(s.issuance, by=s.owner)
    s.set.removePendingModule(s.issuance, by=s.manager)
    s.set.addModule(s.issuance, by=s.manager, reverts="Must be enabled on Controller")
    states(s, s.module, s.issuance)


@scenario
def adding_is_refused(s: Stage) -> None:
    """Break each rule of addModule, alone and together."""
    (god,) = started(s, 1)
    for actor in (s.stranger, s.owner, s.module, ZERO):
        s.set.addModule(s.governance, by=actor, reverts=NOT_MANAGER)
    s.set.addModule(s.stranger, by=s.stranger, reverts=NOT_MANAGER)
    for known in (god, s.module, s.issuance):
        s.set.addModule(known, by=s.manager, reverts="Module must not be added")
    for unknown in (s.stranger, s.creator, ZERO, s.set):
        s.set.addModule(unknown, by=s.manager, reverts="Must be enabled on Controller")
    s.controller.removeModule(god, by=s.owner)
    s.set.addModule(god, by=s.manager, reverts="Module must not be added")
    s.set.addModule(s.governance, by=s.manager)
    s.set.addModule(s.governance, by=s.manager, reverts="Module must not be added")


@scenario
def removing_is_refused(s: Stage) -> None:
    """Break each rule of both removals, alone and together with the role and the lock."""
    (god,) = started(s, 1)
    for actor in (s.stranger, s.owner, s.module, god.address):
        s.set.removeModule(god, by=actor, reverts=NOT_MANAGER)
        s.set.removePendingModule(s.issuance, by=actor, reverts=NOT_MANAGER)
        s.set.removeModule(s.stranger, by=actor, reverts=NOT_MANAGER)
    for absent in (s.issuance, s.stranger, ZERO):
        s.set.removeModule(absent, by=s.manager, reverts=NOT_ADDED)
    for absent in (god, s.stranger, ZERO):
        s.set.removePendingModule(absent, by=s.manager, reverts=NOT_PENDING)
    s.set.lock(by=s.module)
    s.set.removeModule(god, by=s.stranger, reverts=NOT_MANAGER)
    s.set.removeModule(god, by=s.manager, reverts=LOCKED)
    s.set.removeModule(s.stranger, by=s.manager, reverts=LOCKED)
    s.set.removePendingModule(s.issuance, by=s.manager, reverts=LOCKED)
    s.set.removePendingModule(s.stranger, by=s.manager, reverts=LOCKED)
    s.set.removePendingModule(s.issuance, by=s.stranger, reverts=NOT_MANAGER)


@scenario
def modules_may_object_to_their_removal(s: Stage) -> None:
    """Remove an account, a module that refuses, one that fails, and one switched off."""
    started(s, 1)
    s.set.removeModule(s.module, by=s.manager, reverts="")
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    refusal = "The BasicIssuanceModule module cannot be removed"
    s.set.removeModule(s.issuance, by=s.manager, reverts=refusal)
    s.controller.removeModule(s.issuance, by=s.owner)
    s.set.removeModule(s.issuance, by=s.manager, reverts=refusal)
    s.controller.addModule(s.dai, by=s.owner)
    s.set.addModule(s.dai, by=s.manager)
    s.set.initializeModule(by=s.dai.address)
    s.set.removeModule(s.dai, by=s.manager, reverts="")
    s.controller.removeModule(s.god_0, by=s.owner)
    s.set.removeModule(s.god_0, by=s.manager)


@scenario
def initialising_is_refused(s: Stage) -> None:
    """Initialise when absent, twice, and while the Set is locked."""
    s.create([s.dai], [E18], [s.module, s.issuance])
    s.set.initializeModule(by=s.stranger, reverts=NOT_PENDING)
    s.set.initializeModule(by=s.manager, reverts=NOT_PENDING)
    s.set.initializeModule(by=s.module)
    s.set.initializeModule(by=s.module, reverts=NOT_PENDING)
    s.set.lock(by=s.module)
    s.set.initializeModule(by=s.module, reverts=LOCKED)
    s.set.initializeModule(by=s.stranger, reverts=LOCKED)
    s.set.initializeModule(by=s.issuance.address, reverts=LOCKED)
    s.set.addModule(s.governance, by=s.manager)
    s.set.unlock(by=s.module)
    s.set.initializeModule(by=s.governance.address)


@scenario
def manager_changes(s: Stage) -> None:
    """Hand the Set over to another, to oneself, to a contract and to nobody."""
    started(s, 1)
    s.set.setManager(s.manager, by=s.manager)
    s.set.setManager(s.heir, by=s.manager)
    s.set.addModule(s.governance, by=s.manager, reverts=NOT_MANAGER)
    s.set.addModule(s.governance, by=s.heir)
    with s.aside():
        s.set.setManager(s.controller, by=s.heir)
        s.set.setManager(s.heir, by=s.heir, reverts=NOT_MANAGER)
    s.set.setManager(ZERO, by=s.heir)
    for actor in (s.manager, s.heir, s.owner):
        s.set.setManager(actor, by=actor, reverts=NOT_MANAGER)
        s.set.removeModule(s.god_0, by=actor, reverts=NOT_MANAGER)
    s.set.mint(s.issuer, 1, by=s.module)


@scenario
def manager_change_is_refused(s: Stage) -> None:
    """Change the manager as somebody else, and while locked."""
    started(s, 1)
    for actor in (s.stranger, s.owner, s.module, s.heir, ZERO):
        s.set.setManager(s.heir, by=actor, reverts=NOT_MANAGER)
    s.set.lock(by=s.module)
    s.set.setManager(s.heir, by=s.manager, reverts=LOCKED)
    s.set.setManager(s.heir, by=s.module, reverts=NOT_MANAGER)
    s.set.unlock(by=s.module)
    s.set.setManager(s.heir, by=s.manager)


@scenario
def set_outlives_its_registration(s: Stage) -> None:
    """Take the Set from the controller: by itself it works as before."""
    started(s, 1)
    s.controller.removeSet(s.set, by=s.owner)
    s.set.mint(s.heir, 1, by=s.module)
    s.set.addModule(s.governance, by=s.manager)
    s.set.lock(by=s.module)


@scenario
def module_that_locks_on_its_way_out_stays(s: Stage) -> None:
    """D-26: the original lets it go and stays locked for ever."""
    s.create([s.dai], [E18], [s.module])
    puppet = s.deploy("puppet", mock("Puppet"))
    s.controller.addModule(puppet, by=s.owner)
    s.set.addModule(puppet, by=s.manager)
    puppet.execute([(s.set, s.set.initializeModule.data())], by=s.stranger)
    puppet.prepare([(s.set, s.set.lock.data())], by=s.stranger)
    with s.aside():
        s.set.removeModule(puppet, by=s.manager, ours=LOCKED, differs="D-26")
        s.set.initializeModule(by=s.module, reverts=LOCKED, ours=None)
        s.set.addModule(puppet, by=s.manager, ours="Module must not be added")
        s.set.setManager(s.heir, by=s.manager, reverts=LOCKED, ours=None)
        unlocking = [(s.set, s.set.unlock.data())]
        puppet.execute(unlocking, by=s.stranger, reverts=NOT_MODULE, ours="Must be locked")
    puppet.prepare([], by=s.stranger)
    s.set.removeModule(puppet, by=s.manager)


@scenario
def modules_settle_on_their_way_out(s: Stage) -> None:
    """Let a module lock, settle and unlock while it is removed."""
    s.create([s.dai, s.usdc], [E18, 10**6], [s.module])
    puppet = s.deploy("puppet", mock("Puppet"))
    s.controller.addModule(puppet, by=s.owner)
    s.set.addModule(puppet, by=s.manager)
    puppet.execute([(s.set, s.set.initializeModule.data())], by=s.stranger)
    calls = (
        s.set.lock.data(),
        s.set.editDefaultPositionUnit.data(s.usdc, 0),
        s.set.removeComponent.data(s.usdc),
        s.set.mint.data(s.heir, 1),
        s.set.unlock.data(),
        s.set.initializeModule.data(),
    )
    puppet.prepare([(s.set, data) for data in calls], by=s.stranger)
    s.set.removeModule(puppet, by=s.manager)
    puppet.getOutcomes()
