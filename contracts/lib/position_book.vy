# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Position book
@license MIT
@notice What a SetToken holds per unit of itself: components, default and external positions, multiplier.
@dev Units are stored virtual and read real: real = virtual * multiplier / 1e18, rounded down, so that a
     streaming fee changes one number instead of every position. Views are @reentrant because modules
     read them while the SetToken invokes another contract; nothing is half-written then.

     One word per component: virtual unit << 24 | number of external modules << 16 | place in the list.
     One word for the scale: lowest unit << 64 | multiplier.
"""

from contracts.lib import bounds
from contracts.lib import precise_math as math
from interfaces import ISetToken

DEFAULT_POSITION: constant(uint8) = 0
EXTERNAL_POSITION: constant(uint8) = 1

UNIT_SHIFT: constant(uint256) = 24
COUNT_ONE: constant(int256) = 2**16
LOW_MASK: constant(int256) = 2**24 - 1
PLACE_MASK: constant(int256) = 2**16 - 1
MAX_UNIT: constant(int256) = 2**231 - 1

MULTIPLIER_BITS: constant(uint256) = 64
MULTIPLIER_MASK: constant(uint256) = 2**64 - 1
MAX_FLOOR: constant(uint256) = 2**192 - 1

# In the order of addition; a removal moves the last one into the gap.
components: public(reentrant(DynArray[address, bounds.MAX_COMPONENTS]))

# A wrong unit pays redeemers too much (I-01) or too little; a wrong place corrupts the list (I-05).
words: HashMap[address, int256]

# The floor is at most the smallest absolute virtual unit other than 0; too high, and a fee could make a
# position read as 0 (I-03). Too low only costs gas.
scale: uint256

external_modules: HashMap[address, DynArray[address, bounds.MAX_EXTERNAL_MODULES]]

# D18{comp/set} component -> module -> virtual unit
external_units: HashMap[address, HashMap[address, int256]]

external_data: HashMap[address, HashMap[address, Bytes[bounds.MAX_POSITION_DATA]]]


@deploy
def __init__(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _units: DynArray[int256, bounds.MAX_COMPONENTS],
):
    lowest: uint256 = MAX_FLOOR
    place: int256 = 0
    for component: address in _components:
        unit: int256 = _units[place]
        place += 1
        self._check_range(unit)
        self.words[component] = (unit << UNIT_SHIFT) | place
        lowest = min(lowest, self._magnitude(unit))
    self.components = _components
    self.scale = (lowest << MULTIPLIER_BITS) | math.PRECISE_UNIT


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def positionMultiplier() -> int256:
    """
    @notice D18{1} The factor between virtual and real units; 1e18 at the start, only ever lower.
    """
    return self._multiplier()


@external
@view
@reentrant
def getComponents() -> DynArray[address, bounds.MAX_COMPONENTS]:
    return self.components


@external
@view
@reentrant
def isComponent(_component: address) -> bool:
    return self.words[_component] & PLACE_MASK != 0


@external
@view
@reentrant
def getDefaultPositionRealUnit(_component: address) -> int256:
    """
    @notice D18{comp/set} What the SetToken itself holds of a component, rounded down; 0 when unknown.
    """
    return self._to_real(self._virtual_unit(_component))


@external
@view
@reentrant
def getExternalPositionRealUnit(_component: address, _positionModule: address) -> int256:
    return self._to_real(self.external_units[_component][_positionModule])


@external
@view
@reentrant
def getExternalPositionModules(
    _component: address,
) -> DynArray[address, bounds.MAX_EXTERNAL_MODULES]:
    return self.external_modules[_component]


@external
@view
@reentrant
def getExternalPositionData(
    _component: address, _positionModule: address
) -> Bytes[bounds.MAX_POSITION_DATA]:
    return self.external_data[_component][_positionModule]


@external
@view
@reentrant
def isExternalPositionModule(_component: address, _module: address) -> bool:
    return _module in self.external_modules[_component]


@external
@view
@reentrant
def getTotalComponentRealUnits(_component: address) -> int256:
    """
    @notice D18{comp/set} The default and all external positions of a component together.
    """
    total: int256 = self._to_real(self._virtual_unit(_component))
    for module: address in self.external_modules[_component]:
        total += self._to_real(self.external_units[_component][module])
    return total


@external
@view
@reentrant
def getPositions() -> DynArray[ISetToken.Position, bounds.MAX_POSITIONS]:
    """
    @notice Every position: per component the default one first, then the external ones in their order.
    """
    positions: DynArray[ISetToken.Position, bounds.MAX_POSITIONS] = []
    for component: address in self.components:
        unit: int256 = self._virtual_unit(component)
        if unit > 0:
            positions.append(
                ISetToken.Position(
                    component=component,
                    module=empty(address),
                    unit=self._to_real(unit),
                    positionState=DEFAULT_POSITION,
                    data=b"",
                )
            )
        for module: address in self.external_modules[component]:
            positions.append(
                ISetToken.Position(
                    component=component,
                    module=module,
                    unit=self._to_real(self.external_units[component][module]),
                    positionState=EXTERNAL_POSITION,
                    data=self.external_data[component][module],
                )
            )
    return positions


@external
@view
@reentrant
def getDefaultPositions() -> (
    DynArray[address, bounds.MAX_COMPONENTS], DynArray[uint256, bounds.MAX_COMPONENTS], bool
):
    """
    @notice Every component with its real default unit, in one call: what issuing and redeeming need.
    @dev An addition to Set V2. D18{comp/set}, rounded down; and whether any component also has an
         external position, which cannot be paid in kind.
    """
    components: DynArray[address, bounds.MAX_COMPONENTS] = self.components
    units: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    multiplier: int256 = self._multiplier()
    has_external: bool = False
    for component: address in components:
        word: int256 = self.words[component]
        has_external = has_external or (word & LOW_MASK) >= COUNT_ONE
        units.append(math.to_uint(math.signed_mul_down(word >> UNIT_SHIFT, multiplier)))
    return components, units, has_external


# ---------------------------------------------------------------- components


@internal
def _add_component(_component: address):
    word: int256 = self.words[_component]
    assert word & PLACE_MASK == 0, "Must not be component"
    place: uint256 = len(self.components) + 1
    assert place <= bounds.MAX_COMPONENTS, "Too many components"

    self.components.append(_component)
    self.words[_component] = word | convert(place, int256)

    log ISetToken.ComponentAdded(_component=_component)


@internal
def _remove_component(_component: address):
    word: int256 = self.words[_component]
    place: int256 = word & PLACE_MASK
    assert place != 0, "Address not in array."

    last: address = self.components.pop()
    if last != _component:
        self.components[place - 1] = last
        last_word: int256 = self.words[last]
        self.words[last] = last_word - (last_word & PLACE_MASK) + place
    self.words[_component] = word - place

    log ISetToken.ComponentRemoved(_component=_component)


# ---------------------------------------------------------------- default positions


@internal
def _edit_default_unit(_component: address, _real_unit: int256):
    unit: int256 = self._to_virtual(_real_unit)
    self._note_unit(unit, True)
    self.words[_component] = (unit << UNIT_SHIFT) | (self.words[_component] & LOW_MASK)

    log ISetToken.DefaultPositionUnitEdited(_component=_component, _realUnit=_real_unit)


@internal
def _edit_default_position(_component: address, _real_unit: uint256):
    """
    @notice Set a default position and keep the list of components in step with it.
    """
    word: int256 = self.words[_component]
    if (word & LOW_MASK) < COUNT_ONE:
        held: bool = self._to_real(word >> UNIT_SHIFT) > 0
        if not held and _real_unit > 0:
            self._add_component(_component)
        elif held and _real_unit == 0:
            self._remove_component(_component)

    self._edit_default_unit(_component, math.to_int(_real_unit))


# ---------------------------------------------------------------- external positions


@internal
def _add_external_module(_component: address, _module: address):
    modules: DynArray[address, bounds.MAX_EXTERNAL_MODULES] = self.external_modules[_component]
    assert _module not in modules, "Module already added"
    assert len(modules) < bounds.MAX_EXTERNAL_MODULES, "Too many external modules"

    self.external_modules[_component].append(_module)
    self.words[_component] += COUNT_ONE

    log ISetToken.PositionModuleAdded(_component=_component, _positionModule=_module)


@internal
def _remove_external_module(_component: address, _module: address):
    modules: DynArray[address, bounds.MAX_EXTERNAL_MODULES] = self.external_modules[_component]
    assert _module in modules, "Address not in array."

    last: address = self.external_modules[_component].pop()
    for i: uint256 in range(len(modules), bound=bounds.MAX_EXTERNAL_MODULES):
        if modules[i] == _module and last != _module:
            self.external_modules[_component][i] = last
            break
    self.words[_component] -= COUNT_ONE
    self.external_units[_component][_module] = 0
    self.external_data[_component][_module] = b""

    log ISetToken.PositionModuleRemoved(_component=_component, _positionModule=_module)


@internal
def _edit_external_unit(_component: address, _module: address, _real_unit: int256):
    unit: int256 = self._to_virtual(_real_unit)
    self._note_unit(unit, False)
    self.external_units[_component][_module] = unit

    log ISetToken.ExternalPositionUnitEdited(
        _component=_component, _positionModule=_module, _realUnit=_real_unit
    )


# ---------------------------------------------------------------- multiplier


@internal
def _edit_multiplier(_multiplier: int256):
    lowest: uint256 = self.scale >> MULTIPLIER_BITS
    if lowest == 0 or not self._survives(lowest, _multiplier):
        # The floor may stem from a position long gone: look at those that are there.
        lowest = self._lowest_unit()
        assert self._survives(lowest, _multiplier), "New multiplier too small"
    assert _multiplier <= self._multiplier(), "New multiplier too large"

    self.scale = (lowest << MULTIPLIER_BITS) | convert(_multiplier, uint256)

    log ISetToken.PositionMultiplierEdited(_newMultiplier=_multiplier)


@internal
@pure
def _survives(_unit: uint256, _multiplier: int256) -> bool:
    # Does a virtual unit still read as more than 0?
    return math.signed_mul_down(convert(_unit, int256), _multiplier) > 0


@internal
@view
def _lowest_unit() -> uint256:
    lowest: uint256 = MAX_FLOOR
    for component: address in self.components:
        unit: uint256 = math.to_uint(self._virtual_unit(component))
        lowest = min(lowest, self._magnitude(convert(unit, int256)))
        for module: address in self.external_modules[component]:
            lowest = min(lowest, self._magnitude(self.external_units[component][module]))
    return lowest


@internal
def _note_unit(_unit: int256, _positive: bool):
    """
    @notice Keep the floor at or below every unit there is.
    @dev A negative default unit has no place in a basket: it takes the floor to 0, so that the next
         change of the multiplier looks at all positions and refuses.
    """
    self._check_range(_unit)
    scale: uint256 = self.scale
    lowest: uint256 = self._magnitude(_unit)
    if _positive and _unit < 0:
        lowest = 0
    if lowest < scale >> MULTIPLIER_BITS:
        self.scale = (lowest << MULTIPLIER_BITS) | (scale & MULTIPLIER_MASK)


@internal
@pure
def _magnitude(_unit: int256) -> uint256:
    # 0 is no position and bounds nothing.
    if _unit == 0:
        return MAX_FLOOR
    return convert(abs(_unit), uint256)


@internal
@pure
def _check_range(_unit: int256):
    assert _unit <= MAX_UNIT and _unit >= -MAX_UNIT, "Unit too large"


@internal
@view
def _multiplier() -> int256:
    return convert(self.scale & MULTIPLIER_MASK, int256)


@internal
@view
def _virtual_unit(_component: address) -> int256:
    return self.words[_component] >> UNIT_SHIFT


@internal
@view
def _to_real(_virtual: int256) -> int256:
    return math.signed_mul_down(_virtual, self._multiplier())


@internal
@view
def _to_virtual(_real: int256) -> int256:
    # Rounded down, and never 0 for a positive unit: the multiplier is at most 1e18.
    virtual: int256 = math.signed_div_down(_real, self._multiplier())
    assert not (_real > 0 and self._to_real(virtual) == 0), "Virtual to Real unit conversion invalid"
    return virtual
