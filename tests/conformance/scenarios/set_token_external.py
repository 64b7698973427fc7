"""SetToken: external positions, their units, data and order."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage

ADDED, MISSING = "Module already added", "Address not in array."
TOO_SMALL = "New multiplier too small"


def started(s: Stage) -> None:
    """Create a Set of USDC and DAI on which the account is a module."""
    s.create([s.usdc, s.dai], [10**6, E18], [s.module, s.issuance])
    s.set.initializeModule(by=s.module)


def look(s: Stage, component: object, *modules: object) -> None:
    """Read a component's external positions in every way."""
    for module in modules:
        s.set.isExternalPositionModule(component, module)
        s.set.getExternalPositionRealUnit(component, module)
        s.set.getExternalPositionData(component, module)
    s.set.getExternalPositionModules(component)
    s.set.getDefaultPositionRealUnit(component)
    s.set.getTotalComponentRealUnits(component)
    s.set.getPositions()


@scenario
def last_position_module_moves_into_the_gap(s: Stage) -> None:
    """Remove the first, a middle, the last and the only module of a component."""
    started(s)
    modules = [s.module, s.issuance.address, s.heir, s.keeper, s.governance.address, ZERO]
    for number, module in enumerate(modules):
        s.set.addExternalPositionModule(s.dai, module, by=s.module)
        s.set.editExternalPositionUnit(s.dai, module, 10 * number - 20, by=s.module)
    look(s, s.dai, *modules)
    for place in (0, 2, 3, 1, 5, 4):
        s.set.removeExternalPositionModule(s.dai, modules[place], by=s.module)
        look(s, s.dai, *modules)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    look(s, s.dai, s.heir)


@scenario
def position_modules_are_listed_once(s: Stage) -> None:
    """Add what is listed, remove what is not; each component has a list of its own."""
    started(s)
    add, remove = s.set.addExternalPositionModule, s.set.removeExternalPositionModule
    add(s.dai, s.heir, by=s.module)
    add(s.dai, s.heir, by=s.module, reverts=ADDED)
    add(s.usdc, s.heir, by=s.module)
    remove(s.dai, s.keeper, by=s.module, reverts=MISSING)
    remove(s.gem, s.heir, by=s.module, reverts=MISSING)
    remove(s.usdc, s.heir, by=s.module)
    remove(s.usdc, s.heir, by=s.module, reverts=MISSING)
    add(s.usdc, s.heir, by=s.module)
    look(s, s.dai, s.heir)
    look(s, s.usdc, s.heir)
    add(ZERO, ZERO, by=s.module)
    add(ZERO, ZERO, by=s.module, reverts=ADDED)
    remove(ZERO, ZERO, by=s.module)


@scenario
def data_are_kept_with_the_position(s: Stage) -> None:
    """Attach data of 0 to 512 bytes, shorten them, and lose them with the module."""
    started(s)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    for length in (1, 31, 32, 33, 64, 500, 512, 40, 0, 5):
        data = bytes(number % 251 for number in range(length))
        s.set.editExternalPositionData(s.dai, s.heir, data, by=s.module)
        look(s, s.dai, s.heir)
    s.set.editExternalPositionUnit(s.dai, s.heir, 7, by=s.module)
    s.set.removeExternalPositionModule(s.dai, s.heir, by=s.module)
    look(s, s.dai, s.heir)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    look(s, s.dai, s.heir)


@scenario
def unlisted_module_may_have_unit_and_data(s: Stage) -> None:
    """Set unit and data before the module is listed: they count from then on."""
    started(s)
    s.set.editExternalPositionUnit(s.dai, s.heir, 70, by=s.module)
    s.set.editExternalPositionData(s.dai, s.heir, b"early", by=s.module)
    look(s, s.dai, s.heir)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    look(s, s.dai, s.heir)
    s.set.removeExternalPositionModule(s.dai, s.heir, by=s.module)
    look(s, s.dai, s.heir)


@scenario
def position_may_be_all_there_is_of_a_component(s: Stage) -> None:
    """Add a component with external positions only, lists in either order; remove it again."""
    started(s)
    s.set.addExternalPositionModule(s.gem, s.heir, by=s.module)
    s.set.editExternalPositionUnit(s.gem, s.heir, 5, by=s.module)
    look(s, s.gem, s.heir)
    s.set.addComponent(s.gem, by=s.module)
    look(s, s.gem, s.heir)
    s.set.editDefaultPositionUnit(s.gem, 3, by=s.module)
    look(s, s.gem, s.heir)
    s.set.removeComponent(s.gem, by=s.module)
    look(s, s.gem, s.heir)
    s.set.addComponent(s.gem, by=s.module)
    s.set.editDefaultPositionUnit(s.gem, 0, by=s.module)
    look(s, s.gem, s.heir)


@scenario
def positions_come_after_the_default_one(s: Stage) -> None:
    """Mix default and external positions of several components, moved by removals."""
    started(s)
    s.set.addComponent(s.gem, by=s.module)
    for component in (s.gem, s.usdc, s.dai):
        for module in (s.keeper, s.heir):
            s.set.addExternalPositionModule(component, module, by=s.module)
            s.set.editExternalPositionUnit(component, module, -4, by=s.module)
            s.set.editExternalPositionData(component, module, b"debt", by=s.module)
    s.set.editDefaultPositionUnit(s.dai, 0, by=s.module)
    s.set.removeComponent(s.usdc, by=s.module)
    s.set.addComponent(s.usdc, by=s.module)
    for component in (s.gem, s.usdc, s.dai):
        look(s, component, s.heir, s.keeper)


@scenario
def units_of_all_signs_add_up(s: Stage) -> None:
    """Read totals of default, borrowed and lent units at odd multipliers, rounded one by one."""
    started(s)
    for multiplier in (E18, 999_999_999_999_999_937, 3 * E18 // 7):
        s.set.editPositionMultiplier(multiplier, by=s.module)
        for unit in (-1_000_003, -8, -3, 0, 3, 8, 1_000_003):
            with s.aside():
                s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
                s.set.editExternalPositionUnit(s.dai, s.heir, unit, by=s.module)
                s.set.addExternalPositionModule(s.dai, s.keeper, by=s.module)
                s.set.editExternalPositionUnit(s.dai, s.keeper, -2 * unit, by=s.module)
                look(s, s.dai, s.heir, s.keeper)


@scenario
def large_units_add_up(s: Stage) -> None:
    """Read totals of the largest units there can be, of both signs."""
    started(s)
    largest = (2**255 - 1) // E18
    s.set.editDefaultPositionUnit(s.dai, largest, by=s.module)
    for module, unit in ((s.heir, largest), (s.keeper, -largest), (s.trader, -largest)):
        s.set.addExternalPositionModule(s.dai, module, by=s.module)
        s.set.editExternalPositionUnit(s.dai, module, unit, by=s.module)
        look(s, s.dai, module)


@scenario
def position_bounds_the_multiplier(s: Stage) -> None:
    """Lower the multiplier until an external unit, of either sign, would read as 0."""
    started(s)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    for unit in (10, -10):
        with s.aside():
            s.set.editExternalPositionUnit(s.dai, s.heir, unit, by=s.module)
            s.set.editPositionMultiplier(E18 // 10 - 1, by=s.module, reverts=TOO_SMALL)
            s.set.editPositionMultiplier(E18 // 10, by=s.module)
            look(s, s.dai, s.heir)
            s.set.removeExternalPositionModule(s.dai, s.heir, by=s.module)
            s.set.editPositionMultiplier(E18 // 10 - 1, by=s.module)
    s.set.editPositionMultiplier(E18 // 1_000, by=s.module)


@scenario
def unlisted_position_bounds_nothing(s: Stage) -> None:
    """Lower the multiplier past a unit that is not listed yet; listed, it stops the next one."""
    started(s)
    s.set.editExternalPositionUnit(s.dai, s.heir, 10, by=s.module)
    s.set.editPositionMultiplier(E18 // 20, by=s.module)
    look(s, s.dai, s.heir)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    s.set.editPositionMultiplier(E18 // 20, by=s.module, reverts=TOO_SMALL)
    s.set.editPositionMultiplier(E18 // 21, by=s.module, reverts=TOO_SMALL)
    s.set.editExternalPositionUnit(s.dai, s.heir, 0, by=s.module)
    s.set.editPositionMultiplier(E18 // 21, by=s.module)


@scenario
def position_of_a_removed_component_bounds_nothing(s: Stage) -> None:
    """Remove the component and lower the multiplier; added again, its position counts."""
    started(s)
    s.set.addExternalPositionModule(s.gem, s.heir, by=s.module)
    s.set.editExternalPositionUnit(s.gem, s.heir, 10, by=s.module)
    s.set.editPositionMultiplier(E18 // 20, by=s.module)
    s.set.addComponent(s.gem, by=s.module)
    look(s, s.gem, s.heir)
    s.set.editPositionMultiplier(E18 // 21, by=s.module, reverts=TOO_SMALL)
