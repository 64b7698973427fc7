"""SetTokenCreator: what is created, and every rule in its order."""

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage

NONE = "Must have at least 1 component"
LENGTHS = "Component and unit lengths must be the same"
TWICE = "Components must not have a duplicate"
NO_MODULES = "Must have at least 1 module"
NO_MANAGER = "Manager must not be empty"
NULL = "Component must not be null address"
UNITS = "Units must be greater than 0"
DISABLED = "Must be enabled module"


def accounts(count: int) -> list[str]:
    """Return addresses that nobody has."""
    return [to_checksum_address(f"0x{0xC0DE0000 + number:040x}") for number in range(count)]


def look(s: Stage, the_set: Handle) -> None:
    """Read everything a SetToken shows about itself."""
    for view in ("name", "symbol", "decimals", "totalSupply", "manager", "controller", "locker"):
        getattr(the_set, view)()
    for view in ("isLocked", "positionMultiplier", "getComponents", "getModules", "getPositions"):
        getattr(the_set, view)()
    for component in the_set.getComponents():
        the_set.isComponent(component)
        the_set.getDefaultPositionRealUnit(component)
        the_set.getTotalComponentRealUnits(component)
        the_set.getExternalPositionModules(component)


@scenario
def creates_and_registers(s: Stage) -> None:
    """Create two Sets with the same words: both are Sets of the controller, modules pending."""
    modules = [s.issuance, s.streaming_fee, s.module]
    s.create([s.usdc, s.dai], [10**6, E18], modules)
    s.create([s.usdc, s.dai], [10**6, E18], modules, called="twin")
    for the_set in (s.set, s.twin):
        look(s, the_set)
        s.controller.isSet(the_set)
        for module in modules:
            the_set.isPendingModule(module)
            the_set.isInitializedModule(module)
            the_set.moduleStates(module)
    s.controller.getSets()
    s.creator.controller()


@scenario
def words_may_be_empty_or_long(s: Stage) -> None:
    """Create with names of 0, 31, 32, 33 and 64 bytes and symbols of 0 and up to 32."""
    words = (
        ("", ""),
        ("n" * 31, "s" * 31),
        ("n" * 32, "s" * 32),
        ("n" * 33, "S"),
        ("n" * 64, "s" * 32),
        ("Börsenindex 指数", "ÖÖ €"),
    )
    for number, (name, symbol) in enumerate(words):
        s.create([s.dai], [E18], [s.issuance], None, name, symbol, called=f"set_{number}")


@scenario
def forty_components(s: Stage) -> None:
    """Create with 40 components and units from 1 base unit upwards."""
    units = [3**number for number in range(40)]
    s.create(accounts(40), units, [s.issuance, s.module])
    look(s, s.set)
    for place in (0, 20, 39):
        s.set.components(place)


@scenario
def odd_members_are_fine(s: Stage) -> None:
    """Create with components without code, modules twice, and a contract as manager."""
    components = [s.heir, s.controller, s.creator, accounts(1)[0]]
    s.create(components, [1, 2, 3, 4], [s.issuance, s.issuance], s.controller.address)
    s.set.isPendingModule(s.issuance)
    s.set.getModules()


@scenario
def extreme_units_are_fine(s: Stage) -> None:
    """Create with the smallest unit and the largest one that can be read."""
    largest = (2**255 - 1) // E18
    s.create([s.usdc, s.dai], [1, largest], [s.module])
    look(s, s.set)


@scenario
def unreadable_units_are_kept(s: Stage) -> None:
    """Create with units too large to be read: reading them overflows."""
    overflow = "SignedSafeMath: multiplication overflow"
    for number, unit in enumerate(((2**255 - 1) // E18 + 1, 2**231 - 1)):
        s.create([s.usdc, s.dai], [1, unit], [s.module], called=f"set_{number}")
        the_set = getattr(s, f"set_{number}")
        the_set.getDefaultPositionRealUnit(s.usdc)
        the_set.getDefaultPositionRealUnit(s.dai, reverts=overflow)
        the_set.getTotalComponentRealUnits(s.dai, reverts=overflow)
        the_set.getPositions(reverts=overflow)


@scenario
def larger_units_are_refused(s: Stage) -> None:
    """D-02."""
    for unit in (2**231, 2**255 - 1):
        with s.aside():
            s.creator.create(
                [s.usdc, s.dai],
                [1, unit],
                [s.issuance],
                s.manager,
                "Twin",
                "TWIN",
                by=s.stranger,
                ours="Unit too large",
                differs="D-02",
            )


@scenario
def each_rule_alone(s: Stage) -> None:
    """Break one rule at a time."""

    def tried(reverts: str, components: object, units: object, **but: object) -> None:
        modules, manager = but.get("modules", [s.issuance]), but.get("manager", s.manager)
        s.creator.create(
            components, units, modules, manager, "Twin", "TWIN", by=s.stranger, reverts=reverts
        )

    two, units = [s.usdc, s.dai], [1, 1]
    tried(NONE, [], [])
    tried(LENGTHS, two, [1])
    tried(LENGTHS, two, [])
    tried(LENGTHS, [s.usdc], units)
    tried(TWICE, [s.usdc, s.dai, s.usdc], [1, 1, 1])
    tried(TWICE, [s.dai, s.usdc, s.usdc], [1, 1, 1])
    tried(NO_MODULES, two, units, modules=[])
    tried(NO_MANAGER, two, units, manager=ZERO)
    tried(NULL, [s.usdc, ZERO], units)
    tried(NULL, [ZERO], [1])
    tried(UNITS, two, [1, 0])
    tried(UNITS, two, [-1, 1])
    tried(UNITS, two, [1, -(2**255)])
    tried(DISABLED, two, units, modules=[s.issuance, s.stranger])
    tried(DISABLED, two, units, modules=[ZERO])
    tried(DISABLED, two, units, modules=[s.creator])


@scenario
def rules_are_checked_in_order(s: Stage) -> None:
    """Break two rules at a time: the earlier one is the reason."""

    def tried(reverts: str, components: object, units: object, **but: object) -> None:
        modules, manager = but.get("modules", [s.issuance]), but.get("manager", s.manager)
        s.creator.create(
            components, units, modules, manager, "Twin", "TWIN", by=s.stranger, reverts=reverts
        )

    same = [s.dai, s.dai]
    tried(NONE, [], [1], modules=[], manager=ZERO)
    tried(LENGTHS, same, [0], modules=[], manager=ZERO)
    tried(TWICE, same, [0, 0], modules=[], manager=ZERO)
    tried(TWICE, [ZERO, ZERO], [1, 1])
    tried(NO_MODULES, [ZERO], [0], modules=[], manager=ZERO)
    tried(NO_MANAGER, [ZERO], [0], modules=[ZERO], manager=ZERO)
    tried(NULL, [ZERO, s.dai], [0, 1])
    tried(UNITS, [s.dai, ZERO], [0, 1])
    tried(NULL, [s.dai, ZERO], [1, 0])
    tried(UNITS, [s.dai], [0], modules=[ZERO])
    tried(NULL, [ZERO], [1], modules=[ZERO])


@scenario
def only_a_factory_can_create(s: Stage) -> None:
    """Take the creator from the controller, and give it back."""
    arguments = ([s.dai], [E18], [s.issuance], s.manager, "Twin", "TWIN")
    s.controller.removeFactory(s.creator, by=s.owner)
    s.creator.create(*arguments, by=s.owner, reverts="Only valid factories can call")
    s.controller.addFactory(s.creator, by=s.owner)
    s.creator.create(*arguments, by=s.owner)
    s.controller.removeModule(s.issuance, by=s.owner)
    s.creator.create(*arguments, by=s.owner, reverts=DISABLED)


@scenario
def other_controllers_other_rules(s: Stage) -> None:
    """Create for a controller that is not initialised, does not know the creator, or is none."""
    second = s.put("second", "Controller", s.fee_recipient)
    creator = s.put("second_creator", "SetTokenCreator", second)
    creator.controller()
    arguments = ([s.dai], [E18], [s.module], s.manager, "Twin", "TWIN")
    creator.create(*arguments, by=s.stranger, reverts=DISABLED)
    second.initialize([], [s.module], [], [], by=s.owner)
    creator.create(*arguments, by=s.stranger, reverts="Only valid factories can call")
    second.addFactory(creator, by=s.owner)
    creator.create(*arguments, by=s.stranger)
    second.getSets()
    for number, controller in enumerate((s.stranger, ZERO)):
        odd = s.put(f"odd_{number}", "SetTokenCreator", controller)
        odd.create(*arguments, by=s.stranger, reverts="")
        odd.create([], [], [], ZERO, "", "", by=s.stranger, reverts=NONE)


@scenario
def malformed_data_are_refused(s: Stage) -> None:
    """Cut the data off, soil an address, send ether."""
    data = s.creator.create.data([s.dai], [E18], [s.issuance], s.manager, "Twin", "TWIN")
    manager = encode(["address"], [s.manager])
    s.send_raw(s.creator, data[: 4 + 5 * 32], by=s.stranger, reverts="")
    soiled = data.replace(manager, b"\x01" + manager[1:])
    s.send_raw(s.creator, soiled, by=s.stranger, reverts="")
    s.send_raw(s.creator, data, by=s.stranger, value=1, reverts="")
    s.create([s.dai], [E18], [s.issuance])
