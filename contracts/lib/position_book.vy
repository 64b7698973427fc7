# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Position book
@license MIT
@notice The components of a SetToken and what it holds of each itself: its default positions.
@dev The list itself holds the units, so that issuing and redeeming read one word per component: unit is in the
     record 1 | unit 94 | has external modules 1 | component 160. A record per component says where in the list it
     stands: unit 232 | external modules 8 | place 16, with place 0 for none; the unit there counts off the list,
     and when it is negative or too wide for the list. Views are @reentrant because modules read them while the SetToken
     invokes another contract; nothing is half-written then.
"""

from contracts.lib import bounds
from contracts.lib import position_scale as scale
from contracts.lib import precise_math as math
from contracts.lib import set_word
from interfaces import ISetToken

uses: scale
uses: set_word

ADDRESS_MASK: constant(uint256) = 2**160 - 1
EXTERNAL_BIT: constant(uint256) = 2**160
LIST_SHIFT: constant(uint256) = 161
LIST_UNITS: constant(int256) = 2**94
LIST_LIMIT: constant(uint256) = 2**94
LIST_LOW: constant(uint256) = 2**161 - 1
# So small that its product with 1e18 fits.
PLAIN_UNIT: constant(uint256) = 2**128
IN_RECORD: constant(uint256) = 2**255

UNIT_SHIFT: constant(uint256) = 24
# One external module.
COUNT_ONE: constant(int256) = 2**16
PLACE_MASK: constant(int256) = 2**16 - 1
# Everything but the unit.
LOW_MASK: constant(int256) = 2**24 - 1

# In the order of addition; a removal moves the last one into the gap and leaves its word, which counts no more.
# A wrong unit pays redeemers too much (I-01) or too little.
listed: uint256[bounds.MAX_COMPONENTS]

# A wrong place corrupts the list (I-05).
records: HashMap[address, int256]


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
        self.records[component] = place
        self._write(component, place, unit)
    set_word._set_count(len(_components))


@external
@view
@reentrant
def getComponents() -> DynArray[address, bounds.MAX_COMPONENTS]:
    return self._components()


@external
@view
@reentrant
def components(_index: uint256) -> address:
    return self._components()[_index]


@external
@view
@reentrant
def isComponent(_component: address) -> bool:
    return self.records[_component] & PLACE_MASK != 0


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
def getPositionPage(_start: uint256) -> (
    DynArray[address, bounds.MAX_PAGE], DynArray[uint256, bounds.MAX_PAGE], bool
):
    """
    @notice Components with their real default units from place `_start` on; fewer than a page are the last.
    @dev An addition to Set V2, by pages because a caller pays for the longest answer there could be as memory.
         D18{comp/set}, rounded down; and whether any of them also has an external position, which cannot be
         paid in kind.
    """
    components: DynArray[address, bounds.MAX_PAGE] = []
    units: DynArray[uint256, bounds.MAX_PAGE] = []
    multiplier: uint256 = set_word._multiplier()
    seen: uint256 = 0
    end: uint256 = min(set_word._count(), _start + bounds.MAX_PAGE)
    for i: uint256 in range(_start, max(end, _start), bound=bounds.MAX_PAGE):
        word: uint256 = self.listed[i]
        seen |= word
        component: address = self._component(word)
        components.append(component)
        units.append(self._unit_at(component, word, multiplier))
    return components, units, seen & EXTERNAL_BIT != 0


@internal
@view
def _components() -> DynArray[address, bounds.MAX_COMPONENTS]:
    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    for i: uint256 in range(set_word._count(), bound=bounds.MAX_COMPONENTS):
        components.append(self._component(self.listed[i]))
    return components


@internal
def _add_component(_component: address):
    record: int256 = self.records[_component]
    assert record & PLACE_MASK == 0, "Must not be component"
    place: uint256 = set_word._count() + 1
    assert place <= bounds.MAX_COMPONENTS, "Too many components"

    # A unit may have been set before, by modules too: from now on it counts (I-03).
    unit: int256 = record >> UNIT_SHIFT
    scale._note(unit, False)
    if (record & LOW_MASK) >= COUNT_ONE:
        scale._note_unknown()
    record |= convert(place, int256)
    self.records[_component] = record
    self._write(_component, record, unit)
    set_word._set_count(place)

    log ISetToken.ComponentAdded(_component=_component)


@internal
def _remove_component(_component: address):
    record: int256 = self.records[_component]
    place: int256 = record & PLACE_MASK
    assert place != 0, "Address not in array."

    unit: int256 = self._unit_of(self.listed[place - 1])
    last: uint256 = set_word._count() - 1
    if place - 1 != convert(last, int256):
        word: uint256 = self.listed[last]
        moved: address = self._component(word)
        moved_record: int256 = self.records[moved]
        self.listed[place - 1] = word
        self.records[moved] = moved_record - (moved_record & PLACE_MASK) + place
    self.records[_component] = (unit << UNIT_SHIFT) | (record & LOW_MASK) - place
    set_word._set_count(last)

    log ISetToken.ComponentRemoved(_component=_component)


@internal
def _edit_default_unit(_component: address, _real_unit: int256):
    unit: int256 = scale._to_virtual(_real_unit)
    scale._note(unit, False)
    self._write(_component, self.records[_component], unit)

    log ISetToken.DefaultPositionUnitEdited(_component=_component, _realUnit=_real_unit)


@internal
def _edit_default_position(_component: address, _real_unit: uint256):
    """
    @notice Set a default position and keep the list of components in step with it.
    """
    record: int256 = self.records[_component]
    if (record & LOW_MASK) < COUNT_ONE:
        held: bool = scale._to_real(self._virtual_unit(_component)) > 0
        if not held and _real_unit > 0:
            self._add_component(_component)
        elif held and _real_unit == 0:
            self._remove_component(_component)

    self._edit_default_unit(_component, math.to_int(_real_unit))


@internal
@view
def _find(_component: address, _hint: uint256) -> (uint256, uint256):
    """
    @param _hint Where in the list it may be, from 0; a right one, or being last, saves reading its record
    @return Its place in the list, from 0, and its word there; off the list, that its unit is in its record
    """
    word: uint256 = 0
    count: uint256 = set_word._count()
    for place: uint256 in [_hint, unsafe_sub(count, 1)]:
        if place < count:
            word = self.listed[place]
            if self._component(word) == _component:
                return place, word

    place_in_record: uint256 = convert(self.records[_component] & PLACE_MASK, uint256)
    if place_in_record == 0:
        return 0, IN_RECORD
    return unsafe_sub(place_in_record, 1), self.listed[unsafe_sub(place_in_record, 1)]


@internal
@view
def _unit_at(_component: address, _word: uint256, _multiplier: uint256) -> uint256:
    """
    @notice D18{comp/set} real unit of a component found with `_word`, rounded down.
    """
    if _word >= IN_RECORD:
        return math.mul_down(math.to_uint(self.records[_component] >> UNIT_SHIFT), _multiplier)
    # 94 and 64 bits.
    return unsafe_div(unsafe_mul(_word >> LIST_SHIFT, _multiplier), math.PRECISE_UNIT)


@internal
def _edit_found(_component: address, _place: uint256, _word: uint256, _real_unit: uint256, _multiplier: uint256):
    """
    @notice Set a default position, the list kept in step, where it was found.
    """
    if _word < IN_RECORD and _real_unit > 0 and _real_unit < PLAIN_UNIT:
        # It was a component and stays one. Rounded down; both factors below 64 bits, the unit below 128.
        unit: uint256 = unsafe_div(unsafe_mul(_real_unit, math.PRECISE_UNIT), _multiplier)
        if (
            unit < LIST_LIMIT
            and unsafe_mul(unit, _multiplier) >= math.PRECISE_UNIT
            and _word >> LIST_SHIFT != 0
        ):
            if unit < set_word.MAX_LOWEST:
                scale._note(convert(unit, int256), False)
            self.listed[_place] = (_word & LIST_LOW) | (unit << LIST_SHIFT)

            log ISetToken.DefaultPositionUnitEdited(
                _component=_component, _realUnit=convert(_real_unit, int256)
            )
            return

    self._edit_default_position(_component, _real_unit)


@internal
@view
def _virtual_unit(_component: address) -> int256:
    record: int256 = self.records[_component]
    place: int256 = record & PLACE_MASK
    if place == 0:
        return record >> UNIT_SHIFT
    return self._unit_of(self.listed[place - 1])


@internal
@view
def _unit_of(_word: uint256) -> int256:
    if _word >= IN_RECORD:
        return self.records[self._component(_word)] >> UNIT_SHIFT
    return convert(_word >> LIST_SHIFT, int256)


@internal
@pure
def _component(_word: uint256) -> address:
    return convert(_word & ADDRESS_MASK, address)


@internal
def _write(_component: address, _record: int256, _unit: int256):
    """
    @notice Store a virtual unit, and with it whether there are external modules.
    """
    place: int256 = _record & PLACE_MASK
    fits: bool = _unit >= 0 and _unit < LIST_UNITS
    if place == 0 or not fits:
        self.records[_component] = (_unit << UNIT_SHIFT) | (_record & LOW_MASK)
    if place == 0:
        return

    word: uint256 = convert(_component, uint256)
    if (_record & LOW_MASK) >= COUNT_ONE:
        word |= EXTERNAL_BIT
    if fits:
        word |= convert(_unit, uint256) << LIST_SHIFT
    else:
        word |= IN_RECORD
    self.listed[place - 1] = word
