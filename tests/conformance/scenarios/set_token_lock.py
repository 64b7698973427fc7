"""SetToken: who may change it: initialised modules that the controller knows, and the locker."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage

from scenarios.set_token_modules import started

NOT_MODULE = "Only the module can call"
DISABLED = "Module must be enabled on controller"
LOCKER = "When locked, only the locker can call"


def changes(s: Stage) -> list[tuple[object, tuple[object, ...]]]:
    """Return everything that only an initialised, enabled module may do when nobody locks."""
    return [
        (s.set.invoke, (s.dai, 0, s.dai.symbol.data())),
        (s.set.addComponent, (s.dai,)),
        (s.set.removeComponent, (s.usdc,)),
        (s.set.editDefaultPositionUnit, (s.dai, 2**255 - 1)),
        (s.set.addExternalPositionModule, (s.dai, s.module)),
        (s.set.removeExternalPositionModule, (s.dai, s.module)),
        (s.set.editExternalPositionUnit, (s.dai, s.module, 2**255 - 1)),
        (s.set.editExternalPositionData, (s.dai, s.module, b"x")),
        (s.set.editPositionMultiplier, (0,)),
        (s.set.mint, (ZERO, 1)),
        (s.set.burn, (ZERO, 1)),
    ]


@scenario
def locker_alone_may_change_a_set(s: Stage) -> None:
    """Lock, try as another module, unlock, and let the other one lock."""
    started(s, 1)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    other = s.issuance.address
    s.set.unlock(by=s.module, reverts="Must be locked")
    s.set.lock(by=s.module)
    s.set.locker()
    s.set.isLocked()
    for actor in (s.module, other):
        s.set.lock(by=actor, reverts="Must not be locked")
    s.set.mint(s.heir, 1, by=s.module)
    s.set.editPositionMultiplier(E18 // 2, by=s.module)
    for function, arguments in changes(s):
        function(*arguments, by=other, reverts=LOCKER)
        function(*arguments, by=s.stranger, reverts=NOT_MODULE)
    s.set.transfer(s.stranger, 1, by=s.heir)
    s.set.addModule(s.governance, by=s.manager)
    s.set.unlock(by=other, reverts="Must be locker")
    s.set.unlock(by=s.manager, reverts=NOT_MODULE)
    s.set.unlock(by=s.module)
    s.set.unlock(by=s.module, reverts="Must be locked")
    s.set.unlock(by=other, reverts="Must be locked")
    s.set.lock(by=other)
    s.set.mint(s.heir, 1, by=s.module, reverts=LOCKER)
    s.set.unlock(by=other)


@scenario
def only_initialised_modules_may_change_a_set(s: Stage) -> None:
    """Call everything as pending, removed and unknown module, as manager and as owner."""
    (god,) = started(s, 1)
    s.set.removeModule(god, by=s.manager)
    outsiders = (s.issuance.address, god.address, s.stranger, s.manager, s.owner, ZERO)
    for function, arguments in [*changes(s), (s.set.lock, ()), (s.set.unlock, ())]:
        for outsider in outsiders:
            function(*arguments, by=outsider, reverts=NOT_MODULE)


@scenario
def controller_must_know_the_module(s: Stage) -> None:
    """Take a module from the controller: everything is refused, the lock it holds too."""
    started(s, 1)
    s.set.lock(by=s.module)
    s.controller.removeModule(s.module, by=s.owner)
    for function, arguments in [*changes(s), (s.set.lock, ()), (s.set.unlock, ())]:
        function(*arguments, by=s.module, reverts=DISABLED)
    s.god_0.transferTokens(s.set, s.dai, s.heir, 0, by=s.stranger)
    s.god_0.transferTokens(s.set, s.dai, s.heir, 1, by=s.stranger, reverts=LOCKER)
    s.controller.removeModule(s.god_0, by=s.owner)
    for function, arguments in changes(s):
        function(*arguments, by=s.god_0.address, reverts=DISABLED)
    s.set.unlock(by=s.god_0.address, reverts=DISABLED)
    s.controller.addModule(s.module, by=s.owner)
    s.set.unlock(by=s.module)
