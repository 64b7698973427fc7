# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Set word
@license MIT
@notice The figures of a SetToken that nearly every operation reads or writes, in one word.
@dev From the lowest bit: multiplier 64 | supply 128 | lowest unit 55 | components 8 | locked. Issuing, redeeming,
     trading and accruing touch it once instead of four words. Views are @reentrant: nothing here calls out.
"""

from contracts.lib import precise_math as math

MULTIPLIER_MASK: constant(uint256) = 2**64 - 1
SUPPLY_SHIFT: constant(uint256) = 64
MAX_SUPPLY: constant(uint256) = 2**128 - 1
LOWEST_SHIFT: constant(uint256) = 192
# Any unit above stands for itself as well: a multiplier low enough to take so much to 0 is looked at closely.
MAX_LOWEST: constant(uint256) = 2**55 - 1
LOWEST_MASK: constant(uint256) = MAX_LOWEST << LOWEST_SHIFT
COUNT_SHIFT: constant(uint256) = 247
MAX_COUNT: constant(uint256) = 2**8 - 1
LOCKED_BIT: constant(uint256) = 2**255

# Too low a supply and the last holders cannot redeem, too high and every holder is diluted (I-04). A wrong
# multiplier moves every position. The lowest unit is at most the smallest absolute virtual unit other than 0;
# too high, and a fee could make a position read as 0 (I-03). A wrong count hides a component (I-05).
word: uint256


@deploy
def __init__():
    self.word = math.PRECISE_UNIT | LOWEST_MASK


@external
@view
@reentrant
def totalSupply() -> uint256:
    return self._supply()


@external
@view
@reentrant
def positionMultiplier() -> int256:
    """
    @notice D18{1} The factor between virtual and real units; 1e18 at the start, only ever lower.
    """
    return convert(self._multiplier(), int256)


@internal
@view
def _supply() -> uint256:
    return (self.word >> SUPPLY_SHIFT) & MAX_SUPPLY


@internal
@view
def _multiplier() -> uint256:
    return self.word & MULTIPLIER_MASK


@internal
@view
def _lowest() -> uint256:
    return (self.word >> LOWEST_SHIFT) & MAX_LOWEST


@internal
@view
def _count() -> uint256:
    return (self.word >> COUNT_SHIFT) & MAX_COUNT


@internal
@view
def _is_locked() -> bool:
    return self.word >= LOCKED_BIT


@internal
def _raise_supply(_quantity: uint256):
    word: uint256 = self.word
    supply: uint256 = (word >> SUPPLY_SHIFT) & MAX_SUPPLY
    # Set V2 counts to 2**256; 2**128 is 3.4e20 Sets.
    assert _quantity <= unsafe_sub(MAX_SUPPLY, supply), "SafeMath: addition overflow"
    self.word = unsafe_add(word, _quantity << SUPPLY_SHIFT)


@internal
def _lower_supply(_quantity: uint256):
    # No balance exceeds the supply, and a balance was lowered by as much.
    self.word = unsafe_sub(self.word, _quantity << SUPPLY_SHIFT)


@internal
def _set_scale(_multiplier: uint256, _lowest: uint256):
    """
    @param _lowest At most the lowest unit; cut to what has room
    """
    self.word = (
        (self.word & ~(MULTIPLIER_MASK | LOWEST_MASK))
        | _multiplier
        | (min(_lowest, MAX_LOWEST) << LOWEST_SHIFT)
    )


@internal
def _set_count(_count: uint256):
    self.word = (self.word & ~(MAX_COUNT << COUNT_SHIFT)) | (_count << COUNT_SHIFT)


@internal
def _set_locked(_locked: bool):
    self.word = (self.word & ~LOCKED_BIT) | (convert(_locked, uint256) << 255)
