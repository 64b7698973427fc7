# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Position book
@license MIT
@notice The components of a SetToken and what it holds of each itself: its default positions.
@dev One word per component: virtual unit << 24 | number of external modules << 16 | place in the list.
     Views are @reentrant because modules read them while the SetToken invokes another contract; nothing
     is half-written then.
"""

from contracts.lib import bounds
from contracts.lib import position_scale as scale
from contracts.lib import precise_math as math
from interfaces import ISetToken

uses: scale

UNIT_SHIFT: constant(uint256) = 24
# One external module.
COUNT_ONE: constant(int256) = 2**16
PLACE_MASK: constant(int256) = 2**16 - 1
# Everything but the unit.
LOW_MASK: constant(int256) = 2**24 - 1

# In the order of addition; a removal moves the last one into the gap.
components: public(reentrant(DynArray[address, bounds.MAX_COMPONENTS]))

# A wrong unit pays redeemers too much (I-01) or too little; a wrong place corrupts the list (I-05).
words: HashMap[address, int256]


@deploy
def __init__(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _units: DynArray[int256, bounds.MAX_COMPONENTS],
):
    place: int256 = 0
    for component: address in _components:
        unit: int256 = _units[place]
        scale._note(unit, False)
        place += 1
        self.words[component] = (unit << UNIT_SHIFT) | place
    self.components = _components


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
    return scale._to_real(self._virtual_unit(_component))


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
    multiplier: uint256 = convert(scale._multiplier(), uint256)
    has_external: bool = False
    for component: address in components:
        word: int256 = self.words[component]
        has_external = has_external or (word & LOW_MASK) >= COUNT_ONE
        units.append(math.mul_down(math.to_uint(word >> UNIT_SHIFT), multiplier))
    return components, units, has_external


@internal
def _add_component(_component: address):
    word: int256 = self.words[_component]
    assert word & PLACE_MASK == 0, "Must not be component"
    place: uint256 = len(self.components) + 1
    assert place <= bounds.MAX_COMPONENTS, "Too many components"

    # A unit may have been set before, by modules too: from now on it counts (I-03).
    scale._note(word >> UNIT_SHIFT, False)
    if (word & LOW_MASK) >= COUNT_ONE:
        scale._note_unknown()
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


@internal
def _edit_default_unit(_component: address, _real_unit: int256):
    unit: int256 = scale._to_virtual(_real_unit)
    scale._note(unit, False)
    self.words[_component] = (unit << UNIT_SHIFT) | (self.words[_component] & LOW_MASK)

    log ISetToken.DefaultPositionUnitEdited(_component=_component, _realUnit=_real_unit)


@internal
def _edit_default_position(_component: address, _real_unit: uint256):
    """
    @notice Set a default position and keep the list of components in step with it.
    """
    word: int256 = self.words[_component]
    if (word & LOW_MASK) < COUNT_ONE:
        held: bool = scale._to_real(word >> UNIT_SHIFT) > 0
        if not held and _real_unit > 0:
            self._add_component(_component)
        elif held and _real_unit == 0:
            self._remove_component(_component)

    self._edit_default_unit(_component, math.to_int(_real_unit))


@internal
@view
def _virtual_unit(_component: address) -> int256:
    return self.words[_component] >> UNIT_SHIFT
