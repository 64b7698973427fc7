"""SetToken: components, default units and the multiplier."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage

OVERFLOW = "SignedSafeMath: multiplication overflow"
ROUNDS_TO_ZERO = "Virtual to Real unit conversion invalid"
TOO_SMALL = "New multiplier too small"
LARGEST = (2**255 - 1) // E18
"""The largest real unit at a multiplier of one."""


def started(s: Stage, *components: Handle, unit: int = E18) -> None:
    """Create a Set of some components on which the account is a module."""
    s.create(components, [unit] * len(components), [s.module, s.issuance])
    s.set.initializeModule(by=s.module)


def look(s: Stage, *components: object) -> None:
    """Read a component's positions in every way."""
    for component in components:
        s.set.isComponent(component)
        s.set.getDefaultPositionRealUnit(component)
        s.set.getTotalComponentRealUnits(component)
        s.set.getExternalPositionModules(component)
    s.set.getComponents()
    s.set.getPositions()


@scenario
def last_component_moves_into_the_gap(s: Stage) -> None:
    """Remove the first, a middle, the last and the only component: the order afterwards."""
    started(s, s.usdc, s.wbtc, s.dai, s.gem, s.uni, s.aave)
    for component in (s.usdc, s.dai, s.gem, s.wbtc, s.aave, s.uni):
        s.set.removeComponent(component, by=s.module)
        look(s, component)
    s.set.components(0, reverts="")
    for component in (s.gem, s.usdc):
        s.set.addComponent(component, by=s.module)
    look(s, s.gem, s.usdc, s.dai)
    s.set.components(1)
    s.set.components(2, reverts="")


@scenario
def components_are_listed_once(s: Stage) -> None:
    """Add what is listed, remove what is not, and the zero address both ways."""
    started(s, s.usdc, s.dai)
    s.set.addComponent(s.usdc, by=s.module, reverts="Must not be component")
    s.set.removeComponent(s.gem, by=s.module, reverts="Address not in array.")
    s.set.removeComponent(ZERO, by=s.module, reverts="Address not in array.")
    s.set.addComponent(ZERO, by=s.module)
    s.set.addComponent(ZERO, by=s.module, reverts="Must not be component")
    s.set.addComponent(s.heir, by=s.module)
    s.set.addComponent(s.set, by=s.module)
    look(s, ZERO, s.heir, s.set)
    s.set.removeComponent(ZERO, by=s.module)
    s.set.removeComponent(ZERO, by=s.module, reverts="Address not in array.")


@scenario
def unit_outlives_its_component(s: Stage) -> None:
    """Remove a component with a unit and add it again; give a unit to what is no component."""
    started(s, s.usdc, s.dai)
    s.set.removeComponent(s.usdc, by=s.module)
    look(s, s.usdc)
    s.set.addComponent(s.usdc, by=s.module)
    look(s, s.usdc)
    s.set.editDefaultPositionUnit(s.gem, 5, by=s.module)
    look(s, s.gem)
    s.set.addComponent(s.gem, by=s.module)
    look(s, s.gem)
    s.set.removeComponent(s.gem, by=s.module)
    s.set.editDefaultPositionUnit(s.gem, 0, by=s.module)
    s.set.addComponent(s.gem, by=s.module)
    look(s, s.gem)


@scenario
def zero_unit_is_no_position(s: Stage) -> None:
    """Set units to 0 and back; the component stays, its position goes and comes."""
    started(s, s.usdc, s.dai)
    s.set.editDefaultPositionUnit(s.usdc, 0, by=s.module)
    look(s, s.usdc)
    s.set.editDefaultPositionUnit(s.dai, 0, by=s.module)
    look(s, s.dai)
    s.set.editDefaultPositionUnit(s.usdc, 1, by=s.module)
    look(s, s.usdc)


@scenario
def units_round_down(s: Stage) -> None:
    """Set units at odd multipliers: stored and read rounded towards negative infinity."""
    started(s, s.usdc, s.dai)
    for multiplier in (E18 - 1, 999_999_999_999_999_937, 3 * E18 // 7, E18 // 3):
        s.set.editPositionMultiplier(multiplier, by=s.module)
        for unit in (10**18, 123_456_789, 7, 4, 3, 0, -1, -2, -3, -123_456_789):
            s.set.editDefaultPositionUnit(s.gem, unit, by=s.module)
            s.set.getDefaultPositionRealUnit(s.gem)
            s.set.getTotalComponentRealUnits(s.gem)


@scenario
def unit_must_not_round_to_zero(s: Stage) -> None:
    """Set a positive unit so small that it would read as nothing."""
    started(s, s.usdc, s.dai)
    s.set.editPositionMultiplier(3 * E18 // 10, by=s.module)
    s.set.editDefaultPositionUnit(s.gem, 1, by=s.module, reverts=ROUNDS_TO_ZERO)
    s.set.editDefaultPositionUnit(s.gem, 2, by=s.module)
    s.set.editExternalPositionUnit(s.gem, s.module, 1, by=s.module, reverts=ROUNDS_TO_ZERO)
    s.set.editExternalPositionUnit(s.gem, s.module, -1, by=s.module)
    s.set.getExternalPositionRealUnit(s.gem, s.module)
    s.set.editPositionMultiplier(1, by=s.module)
    s.set.editDefaultPositionUnit(s.gem, 1, by=s.module)
    look(s, s.gem, s.usdc)


@scenario
def unit_may_be_as_large_as_it_can_be_read(s: Stage) -> None:
    """Set the largest and smallest units at a multiplier of one, and one beyond."""
    started(s, s.usdc, s.dai)
    for unit in (LARGEST, -LARGEST):
        s.set.editDefaultPositionUnit(s.gem, unit, by=s.module)
        look(s, s.gem)
    for unit in (LARGEST + 1, -LARGEST - 1, 2**255 - 1, -(2**255), 2**238, 2**231):
        s.set.editDefaultPositionUnit(s.gem, unit, by=s.module, reverts=OVERFLOW)
        s.set.editExternalPositionUnit(s.gem, s.module, unit, by=s.module, reverts=OVERFLOW)


@scenario
def virtual_unit_beyond_the_bound_is_refused(s: Stage) -> None:
    """D-02: units that a tiny multiplier blows up."""
    started(s, s.usdc, s.dai, unit=10**30)
    s.set.editPositionMultiplier(1, by=s.module)
    largest = (2**231 - 1) // E18
    for unit in (largest, -largest):
        s.set.editDefaultPositionUnit(s.gem, unit, by=s.module)
        s.set.editExternalPositionUnit(s.gem, s.module, unit, by=s.module)
        look(s, s.gem)
    for unit in (largest + 1, -largest - 1, LARGEST, -LARGEST):
        for function, arguments in (
            (s.set.editDefaultPositionUnit, (s.gem, unit)),
            (s.set.editExternalPositionUnit, (s.gem, s.module, unit)),
        ):
            with s.aside():
                function(*arguments, by=s.module, ours="Unit too large", differs="D-02")
    for unit in (LARGEST + 1, -LARGEST - 1):
        s.set.editDefaultPositionUnit(s.gem, unit, by=s.module, reverts=OVERFLOW)


@scenario
def negative_unit_is_kept_and_stops_the_multiplier(s: Stage) -> None:
    """Set a negative default unit, which no module of Set V2 does."""
    started(s, s.usdc, s.dai)
    s.set.editDefaultPositionUnit(s.usdc, -5, by=s.module)
    look(s, s.usdc)
    cast = "SafeCast: value must be positive"
    for multiplier in (E18, E18 // 2, 0, -1):
        s.set.editPositionMultiplier(multiplier, by=s.module, reverts=cast)
    s.set.removeComponent(s.usdc, by=s.module)
    s.set.editPositionMultiplier(E18 // 2, by=s.module)
    look(s, s.usdc)
    s.set.addComponent(s.usdc, by=s.module)
    s.set.editPositionMultiplier(E18 // 3, by=s.module, reverts=cast)
    s.set.editDefaultPositionUnit(s.usdc, 5, by=s.module)
    s.set.editPositionMultiplier(E18 // 4, by=s.module)


@scenario
def multiplier_must_leave_something_of_each_unit(s: Stage) -> None:
    """Lower the multiplier until the smallest unit would read as 0."""
    s.create([s.usdc, s.dai], [100, E18], [s.module])
    s.set.initializeModule(by=s.module)
    for multiplier in (0, -1, -E18, -(2**255) // 10**3, E18 // 100 - 1):
        s.set.editPositionMultiplier(multiplier, by=s.module, reverts=TOO_SMALL)
    s.set.editPositionMultiplier(E18, by=s.module)
    s.set.editPositionMultiplier(E18 // 100, by=s.module)
    look(s, s.usdc, s.dai)
    s.set.editPositionMultiplier(E18 // 100, by=s.module)
    s.set.editPositionMultiplier(E18 // 100 - 1, by=s.module, reverts=TOO_SMALL)
    s.set.editDefaultPositionUnit(s.usdc, 0, by=s.module)
    s.set.editPositionMultiplier(E18 // 100 - 1, by=s.module)
    s.set.editPositionMultiplier(1, by=s.module)
    s.set.editPositionMultiplier(0, by=s.module, reverts=TOO_SMALL)
    s.set.editPositionMultiplier(-(2**255), by=s.module, reverts=OVERFLOW)


@scenario
def smallest_unit_is_known_after_every_change(s: Stage) -> None:
    """Move the smallest unit from component to component and out of the list and back."""
    started(s, s.usdc, s.dai, s.gem)
    s.set.editDefaultPositionUnit(s.usdc, 10, by=s.module)
    s.set.editPositionMultiplier(E18 // 10 - 1, by=s.module, reverts=TOO_SMALL)
    s.set.editPositionMultiplier(E18 // 2, by=s.module)
    s.set.removeComponent(s.usdc, by=s.module)
    s.set.editPositionMultiplier(E18 // 20, by=s.module)
    s.set.addComponent(s.usdc, by=s.module)
    s.set.editPositionMultiplier(E18 // 20, by=s.module, reverts=TOO_SMALL)
    s.set.editPositionMultiplier(E18 // 21, by=s.module, reverts=TOO_SMALL)
    s.set.editDefaultPositionUnit(s.usdc, 1, by=s.module)
    s.set.editPositionMultiplier(E18 // 20, by=s.module)
    s.set.editPositionMultiplier(E18 // 21, by=s.module, reverts=TOO_SMALL)
    s.set.editDefaultPositionUnit(s.usdc, E18, by=s.module)
    s.set.editPositionMultiplier(E18 // 21, by=s.module)
    look(s, s.usdc)


@scenario
def multiplier_rises_on_the_original_only(s: Stage) -> None:
    """D-01: and what follows where a virtual unit is smaller than the real one."""
    started(s, s.usdc, s.dai)
    large = "New multiplier too large"
    with s.aside():
        s.set.editPositionMultiplier(E18 + 1, by=s.module, ours=large, differs="D-01")
    with s.aside():
        s.set.editPositionMultiplier(2 * E18, by=s.module, ours=large, differs="D-01")
        rounds = "Real to Virtual unit conversion invalid"
        s.set.editDefaultPositionUnit(s.gem, 1, by=s.module, reverts=rounds, ours=None)
        s.set.editExternalPositionUnit(s.gem, s.module, 1, by=s.module, reverts=rounds, ours=None)
        s.set.editDefaultPositionUnit(s.gem, 2, by=s.module)
    s.set.editPositionMultiplier(E18 // 2, by=s.module)
    with s.aside():
        s.set.editPositionMultiplier(E18 // 2 + 1, by=s.module, ours=large, differs="D-01")
    with s.aside():
        s.set.editPositionMultiplier(E18, by=s.module, ours=large, differs="D-01")
    with s.aside():
        s.set.editPositionMultiplier(LARGEST, by=s.module, ours=large, differs="D-01")
    s.set.editPositionMultiplier(2**255 - 1, by=s.module, reverts=OVERFLOW)


@scenario
def set_without_components_keeps_a_multiplier(s: Stage) -> None:
    """D-09: also with a component but no unit; what is refused, is refused for another reason."""
    started(s, s.dai)
    cast = "SafeCast: value doesn't fit in an int256"
    for function, arguments in (
        (s.set.removeComponent, (s.dai,)),
        (s.set.editDefaultPositionUnit, (s.dai, 0)),
    ):
        function(*arguments, by=s.module)
        for multiplier, ours in (
            (E18 // 2, None),
            (1, None),
            (0, TOO_SMALL),
            (-E18, TOO_SMALL),
            (E18 + 1, "New multiplier too large"),
        ):
            with s.aside():
                s.set.editPositionMultiplier(
                    multiplier, by=s.module, reverts=cast, ours=ours, differs="D-09"
                )
        if arguments == (s.dai,):
            s.set.addComponent(s.dai, by=s.module)
