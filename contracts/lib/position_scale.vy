# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Position scale
@license MIT
@notice Virtual and real units: real = virtual * multiplier / 1e18, rounded down.
@dev A streaming fee changes the multiplier instead of every position. The lowest unit makes such a change
     cheap to check: it is at most the smallest absolute virtual unit other than 0.
"""

from contracts.lib import precise_math as math
from contracts.lib import set_word

uses: set_word

MAX_UNIT: constant(int256) = 2**231 - 1
# In place of the lowest when there is none: above every unit that matters, and far from overflowing.
NO_UNIT: constant(uint256) = 2**192 - 1


@internal
@view
def _to_real(_virtual: int256) -> int256:
    return math.signed_mul_down(_virtual, convert(set_word._multiplier(), int256))


@internal
@view
def _to_virtual(_real: int256) -> int256:
    # Rounded down, and never 0 for a positive unit: the multiplier is at most 1e18.
    multiplier: int256 = convert(set_word._multiplier(), int256)
    virtual: int256 = math.signed_div_down(_real, multiplier)
    assert (
        _real <= 0 or math.signed_mul_down(virtual, multiplier) != 0
    ), "Virtual to Real unit conversion invalid"
    return virtual


@internal
def _note(_unit: int256, _may_be_negative: bool):
    """
    @notice Keep the lowest unit at or below a virtual unit that is about to be stored.
    @dev A negative default unit has no place in a basket: it takes the lowest unit to 0, so that the next
         change of the multiplier looks at all positions and refuses.
    """
    assert _unit <= MAX_UNIT and _unit >= -MAX_UNIT, "Unit too large"
    lowest: uint256 = self._magnitude(_unit)
    if _unit < 0 and not _may_be_negative:
        lowest = 0
    if lowest < set_word._lowest():
        set_word._set_scale(set_word._multiplier(), lowest)


@internal
def _note_unknown():
    """
    @notice A position counts from now on that was not looked at: the next change of the multiplier looks.
    """
    set_word._set_scale(set_word._multiplier(), 0)


@internal
@view
def _keeps_lowest(_multiplier: int256) -> bool:
    """
    @notice Would every position still read as more than 0? False may also mean that the lowest unit
            stems from a position long gone.
    """
    lowest: uint256 = set_word._lowest()
    return lowest > 0 and self._survives(lowest, _multiplier)


@internal
def _edit(_multiplier: int256, _lowest: uint256):
    """
    @param _lowest The lowest unit among the positions there are, when it is known; else 0
    """
    assert _multiplier <= convert(set_word._multiplier(), int256), "New multiplier too large"
    lowest: uint256 = _lowest
    if lowest == 0:
        lowest = set_word._lowest()

    set_word._set_scale(convert(_multiplier, uint256), lowest)


@internal
@pure
def _survives(_unit: uint256, _multiplier: int256) -> bool:
    return math.signed_mul_down(convert(_unit, int256), _multiplier) > 0


@internal
@pure
def _magnitude(_unit: int256) -> uint256:
    # 0 is no position and bounds nothing.
    if _unit == 0:
        return NO_UNIT
    return convert(abs(_unit), uint256)
