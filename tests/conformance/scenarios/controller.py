"""Controller: set-up, the four lists, owner and factory, what happens before initialisation."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage

NOT_OWNER = "Ownable: caller is not the owner"
NOT_INITIALIZED = "Contract must be initialized."
NULL = "Zero address submitted."
TAKEN = "Resource ID already exists"


def second(s: Stage) -> Handle:
    """Put another controller beside the first, not initialised."""
    return s.put("second", "Controller", s.fee_recipient)


def look(controller: Handle) -> None:
    """Read everything a controller shows without arguments."""
    for view in ("getSets", "getFactories", "getModules", "getResources"):
        getattr(controller, view)()
    controller.feeRecipient()
    controller.isInitialized()
    controller.owner()


def membership(controller: Handle, member: object) -> None:
    """Ask in which lists an address is."""
    for view in ("isSet", "isFactory", "isModule", "isResource", "isSystemContract"):
        getattr(controller, view)(member)


@scenario
def first_lists_are_registered_in_order(s: Stage) -> None:
    """Initialise once, silently; lists are read whole and by index."""
    controller = second(s)
    look(controller)
    factories, modules = [s.heir, s.keeper], [s.trader, s.module, s.issuer]
    resources, ids = [s.dai, s.usdc], [7, MAX_UINT]
    controller.initialize(factories, modules, resources, ids, by=s.owner)
    look(controller)
    for name, length in (("factories", 2), ("modules", 3), ("resources", 2)):
        for place in range(length):
            getattr(controller, name)(place)
    for number in (0, 7, MAX_UINT):
        controller.resourceId(number)
    for member in (s.heir, s.trader, s.dai, controller, ZERO, s.stranger, s.controller):
        membership(controller, member)


@scenario
def lists_may_be_empty(s: Stage) -> None:
    """Initialise with nothing: nothing can be done, but everything can be added."""
    controller = second(s)
    controller.initialize([], [], [], [], by=s.owner)
    look(controller)
    controller.addSet(s.stranger, by=s.owner, reverts="Only valid factories can call")
    controller.addModule(s.heir, by=s.owner)
    look(controller)


@scenario
def initialisation_is_refused(s: Stage) -> None:
    """Break each rule of the set-up, alone and together with later ones."""
    controller = second(s)

    def tried(*lists: list[object], by: str = s.owner, reverts: str) -> None:
        controller.initialize(*lists, by=by, reverts=reverts)

    tried([], [], [], [], by=s.stranger, reverts=NOT_OWNER)
    tried([ZERO], [], [s.dai], [], by=s.stranger, reverts=NOT_OWNER)
    tried([], [], [s.dai], [], reverts="Array lengths do not match.")
    tried([], [], [], [1], reverts="Array lengths do not match.")
    tried([ZERO], [ZERO], [s.dai], [1, 2], reverts="Array lengths do not match.")
    tried([s.heir, ZERO], [], [], [], reverts=NULL)
    tried([], [ZERO], [], [], reverts=NULL)
    tried([], [], [ZERO], [0], reverts=NULL)
    tried([], [], [s.dai, s.usdc], [3, 3], reverts=TAKEN)
    tried([], [], [s.dai, ZERO], [3, 3], reverts=NULL)
    tried([], [ZERO], [s.dai, s.usdc], [3, 3], reverts=NULL)
    look(controller)
    controller.initialize([], [], [], [], by=s.owner)
    tried([], [], [], [], reverts="Controller is already initialized")
    tried([ZERO], [], [s.dai], [], reverts="Controller is already initialized")
    tried([], [], [], [], by=s.stranger, reverts=NOT_OWNER)


@scenario
def nothing_works_before_initialisation(s: Stage) -> None:
    """Call everything too early, as owner and as a stranger: the state is asked before the role."""
    controller = second(s)
    calls = (
        ("addSet", (s.heir,)),
        ("removeSet", (s.heir,)),
        ("addFactory", (s.heir,)),
        ("removeFactory", (s.heir,)),
        ("addModule", (s.heir,)),
        ("removeModule", (s.heir,)),
        ("addResource", (s.heir, 0)),
        ("removeResource", (0,)),
        ("addFee", (s.heir, 0, 1)),
        ("editFee", (s.heir, 0, 1)),
        ("editFeeRecipient", (s.heir,)),
    )
    for function, arguments in calls:
        for actor in (s.owner, s.stranger):
            getattr(controller, function)(*arguments, by=actor, reverts=NOT_INITIALIZED)
    controller.editFeeRecipient(ZERO, by=s.owner, reverts=NOT_INITIALIZED)
    controller.transferOwnership(s.heir, by=s.owner)
    controller.initialize([], [], [], [], by=s.owner, reverts=NOT_OWNER)
    controller.initialize([], [], [], [], by=s.heir)


@scenario
def duplicates_stay_in_the_lists(s: Stage) -> None:
    """Initialise with duplicates: a removal takes the first occurrence, the member is gone."""
    controller = second(s)
    members = [s.heir, s.trader, s.heir]
    controller.initialize(members, members, [s.dai, s.usdc, s.dai], [1, 2, 3], by=s.owner)
    controller.removeModule(s.heir, by=s.owner)
    controller.removeModule(s.heir, by=s.owner, reverts="Module does not exist")
    controller.removeFactory(s.heir, by=s.owner)
    controller.removeResource(1, by=s.owner)
    look(controller)
    membership(controller, s.heir)
    controller.addModule(s.heir, by=s.owner)
    controller.removeModule(s.heir, by=s.owner)
    controller.removeResource(3, by=s.owner)
    controller.removeResource(3, by=s.owner, reverts="Resource does not exist")
    controller.addResource(s.dai, 1, by=s.owner)
    look(controller)


@scenario
def members_come_and_go(s: Stage) -> None:
    """Add and remove factories and modules; the others keep their order."""
    for kind in ("Factory", "Module"):
        add, remove = getattr(s.controller, f"add{kind}"), getattr(s.controller, f"remove{kind}")
        for member in (s.heir, s.keeper, s.trader):
            add(member, by=s.owner)
        remove(s.heir, by=s.owner)
        add(s.heir, by=s.owner)
        remove(s.heir, by=s.owner)
        remove(s.keeper, by=s.owner)
        add(s.keeper, by=s.owner)
        membership(s.controller, s.keeper)
        membership(s.controller, s.heir)
    s.controller.removeModule(s.issuance, by=s.owner)
    s.controller.removeFactory(s.creator, by=s.owner)


@scenario
def member_calls_are_refused(s: Stage) -> None:
    """Break each rule of the factory and module lists, alone and together with the role."""
    for kind, known in (("Factory", s.creator), ("Module", s.issuance)):
        add, remove = getattr(s.controller, f"add{kind}"), getattr(s.controller, f"remove{kind}")
        for actor in (s.stranger, s.manager, s.module):
            add(s.heir, by=actor, reverts=NOT_OWNER)
            remove(known, by=actor, reverts=NOT_OWNER)
        add(known, by=s.stranger, reverts=NOT_OWNER)
        remove(s.heir, by=s.stranger, reverts=NOT_OWNER)
        add(known, by=s.owner, reverts=f"{kind} already exists")
        remove(s.heir, by=s.owner, reverts=f"{kind} does not exist")
        remove(ZERO, by=s.owner, reverts=f"{kind} does not exist")


@scenario
def zero_address_may_be_added_later(s: Stage) -> None:
    """Add and remove the zero address, which only the set-up refuses."""
    s.controller.addFactory(ZERO, by=s.owner)
    s.controller.addModule(ZERO, by=s.owner)
    s.controller.addModule(ZERO, by=s.owner, reverts="Module already exists")
    s.controller.addResource(ZERO, 5, by=s.owner)
    membership(s.controller, ZERO)
    s.controller.addResource(ZERO, 6, by=s.owner, reverts="Resource already exists")
    s.controller.removeResource(5, by=s.owner, reverts="Resource does not exist")
    s.controller.addResource(s.heir, 5, by=s.owner)
    s.controller.removeFactory(ZERO, by=s.owner)
    s.controller.removeModule(ZERO, by=s.owner)
    membership(s.controller, ZERO)


@scenario
def sets_are_added_by_factories(s: Stage) -> None:
    """Add and remove Sets by hand: any address counts, the order stays."""
    s.controller.addFactory(s.keeper, by=s.owner)
    for member in (s.heir, s.trader, ZERO, s.issuance):
        s.controller.addSet(member, by=s.keeper)
    s.controller.addSet(s.heir, by=s.keeper, reverts="Set already exists")
    for place in range(4):
        s.controller.sets(place)
    s.controller.removeSet(s.trader, by=s.owner)
    s.controller.removeSet(s.trader, by=s.owner, reverts="Set does not exist")
    s.controller.addSet(s.trader, by=s.keeper)
    membership(s.controller, s.trader)
    membership(s.controller, ZERO)


@scenario
def set_calls_are_refused(s: Stage) -> None:
    """Let everybody but a factory add a Set, and everybody but the owner remove one."""
    s.create([s.dai], [E18], [s.issuance])
    for actor in (s.owner, s.stranger, s.module, s.manager):
        s.controller.addSet(s.heir, by=actor, reverts="Only valid factories can call")
    s.controller.addSet(s.set, by=s.owner, reverts="Only valid factories can call")
    s.controller.addFactory(s.keeper, by=s.owner)
    s.controller.addSet(s.set, by=s.keeper, reverts="Set already exists")
    s.controller.removeSet(s.set, by=s.keeper, reverts=NOT_OWNER)
    s.controller.removeSet(s.heir, by=s.stranger, reverts=NOT_OWNER)
    s.controller.removeSet(s.heir, by=s.owner, reverts="Set does not exist")
    s.controller.removeFactory(s.keeper, by=s.owner)
    s.controller.addSet(s.set, by=s.keeper, reverts="Only valid factories can call")
    s.controller.removeSet(s.set, by=s.owner)
    s.controller.addSet(s.set, by=s.keeper, reverts="Only valid factories can call")


@scenario
def resources_have_one_id_each(s: Stage) -> None:
    """Add, refuse, remove and re-add resources; ids are free again after a removal."""
    add, remove = s.controller.addResource, s.controller.removeResource
    add(s.heir, MAX_UINT, by=s.owner)
    add(s.keeper, 1, by=s.owner)
    add(s.trader, 2, by=s.stranger, reverts=NOT_OWNER)
    add(s.heir, 1, by=s.stranger, reverts=NOT_OWNER)
    add(s.heir, 2, by=s.owner, reverts="Resource already exists")
    add(s.heir, 1, by=s.owner, reverts="Resource already exists")
    add(s.trader, 1, by=s.owner, reverts=TAKEN)
    add(ZERO, 0, by=s.owner, reverts=TAKEN)
    remove(1, by=s.stranger, reverts=NOT_OWNER)
    remove(9, by=s.stranger, reverts=NOT_OWNER)
    remove(9, by=s.owner, reverts="Resource does not exist")
    remove(MAX_UINT, by=s.owner)
    s.controller.resourceId(MAX_UINT)
    membership(s.controller, s.heir)
    add(s.heir, 0, by=s.owner, reverts=TAKEN)
    add(s.trader, MAX_UINT, by=s.owner)
    add(s.heir, 2, by=s.owner)
    remove(0, by=s.owner)
    s.controller.resources(0)
    s.controller.resourceId(0)


@scenario
def ownership_changes_hands(s: Stage) -> None:
    """Hand ownership over, to the same account too, and give it up."""
    controller = s.controller
    controller.transferOwnership(s.heir, by=s.stranger, reverts=NOT_OWNER)
    controller.transferOwnership(ZERO, by=s.stranger, reverts=NOT_OWNER)
    controller.renounceOwnership(by=s.stranger, reverts=NOT_OWNER)
    controller.transferOwnership(ZERO, by=s.owner, reverts="Ownable: new owner is the zero address")
    controller.transferOwnership(s.owner, by=s.owner)
    controller.transferOwnership(s.heir, by=s.owner)
    controller.addModule(s.keeper, by=s.owner, reverts=NOT_OWNER)
    controller.addModule(s.keeper, by=s.heir)
    controller.renounceOwnership(by=s.owner, reverts=NOT_OWNER)
    controller.renounceOwnership(by=s.heir)
    controller.renounceOwnership(by=s.heir, reverts=NOT_OWNER)
    controller.transferOwnership(s.heir, by=s.heir, reverts=NOT_OWNER)


@scenario
def renounced_controller_still_serves(s: Stage) -> None:
    """Give up ownership: the lists stay for ever, Sets are created as before."""
    s.controller.renounceOwnership(by=s.owner)
    s.create([s.dai], [E18], [s.issuance])
    for actor in (s.owner, s.stranger):
        s.controller.removeSet(s.set, by=actor, reverts=NOT_OWNER)
        s.controller.editFeeRecipient(actor, by=actor, reverts=NOT_OWNER)
        s.controller.addFee(s.issuance, 0, 1, by=actor, reverts=NOT_OWNER)


@scenario
def owner_may_be_a_contract_that_comes_back(s: Stage) -> None:
    """Hand the controller to a contract that owns, adds and hands back in one transaction."""
    puppet = s.deploy("puppet", mock("Puppet"))
    s.controller.transferOwnership(puppet, by=s.owner)
    calls = [
        (s.controller, s.controller.addModule.data(puppet)),
        (s.controller, s.controller.addFactory.data(puppet)),
        (s.controller, s.controller.addSet.data(puppet)),
        (s.controller, s.controller.removeModule.data(puppet)),
        (s.controller, s.controller.transferOwnership.data(s.heir)),
    ]
    puppet.execute(calls, by=s.stranger)
    membership(s.controller, puppet)
