# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Position scale
@license MIT
@notice Virtual and real units: real = virtual * multiplier / 1e18, rounded down.
@dev A streaming fee changes the multiplier instead of every position. One word: lowest unit << 64 |
     multiplier, where the lowest unit makes a change of the multiplier cheap to check.
"""

from contracts.lib import precise_math as math

MULTIPLIER_BITS: constant(uint256) = 64
MULTIPLIER_MASK: constant(uint256) = 2**64 - 1
NO_UNIT: constant(uint256) = 2**192 - 1
MAX_UNIT: constant(int256) = 2**231 - 1

# The lowest unit is at most the smallest absolute virtual unit other than 0; too high, and a fee could
# make a position read as 0 (I-03). Too low only costs gas. A wrong multiplier moves every position.
word: uint256


@deploy
def __init__():
    self._store(NO_UNIT, math.PRECISE_UNIT)


@external
@view
@reentrant
def positionMultiplier() -> int256:
    """
    @notice D18{1} The factor between virtual and real units; 1e18 at the start, only ever lower.
    """
    return self._multiplier()


@internal
@view
def _multiplier() -> int256:
    return convert(self.word & MULTIPLIER_MASK, int256)


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


@internal
def _note(_unit: int256, _may_be_negative: bool):
    """
    @notice Keep the lowest unit at or below a virtual unit that is about to be stored.
    @dev A negative default unit has no place in a basket: it takes the lowest unit to 0, so that the next
         change of the multiplier looks at all positions and refuses.
    """
    assert _unit <= MAX_UNIT and _unit >= -MAX_UNIT, "Unit too large"
    scale: uint256 = self.word
    lowest: uint256 = self._magnitude(_unit)
    if _unit < 0 and not _may_be_negative:
        lowest = 0
    if lowest < scale >> MULTIPLIER_BITS:
        self._store(lowest, scale & MULTIPLIER_MASK)


@internal
def _note_unknown():
    """
    @notice A position counts from now on that was not looked at: the next change of the multiplier looks.
    """
    self._store(0, self.word & MULTIPLIER_MASK)


@internal
@view
def _keeps_lowest(_multiplier: int256) -> bool:
    """
    @notice Would every position still read as more than 0? False may also mean that the lowest unit
            stems from a position long gone.
    """
    lowest: uint256 = self.word >> MULTIPLIER_BITS
    return lowest > 0 and self._survives(lowest, _multiplier)


@internal
def _edit(_multiplier: int256, _lowest: uint256):
    """
    @param _lowest The lowest unit among the positions there are, when it is known; else 0
    """
    assert _multiplier <= self._multiplier(), "New multiplier too large"
    lowest: uint256 = _lowest
    if lowest == 0:
        lowest = self.word >> MULTIPLIER_BITS

    self._store(lowest, convert(_multiplier, uint256))


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


@internal
def _store(_lowest: uint256, _multiplier: uint256):
    self.word = (_lowest << MULTIPLIER_BITS) | _multiplier
