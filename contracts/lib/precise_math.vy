# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Precise unit mathematics
@license MIT
@notice Fixed-point arithmetic at the scale 1e18, with the rounding named in each function.
@dev Stateless. Overflows carry the reasons integrators know from Set Protocol V2: they are part of
     what a caller sees, since reasons bubble up through several contracts.
"""

# D18{1}
PRECISE_UNIT: constant(uint256) = 10**18
PRECISE_UNIT_INT: constant(int256) = 10**18


@internal
@pure
def add(a: uint256, b: uint256) -> uint256:
    c: uint256 = unsafe_add(a, b)
    assert c >= a, "SafeMath: addition overflow"
    return c


@internal
@pure
def sub(a: uint256, b: uint256) -> uint256:
    assert b <= a, "SafeMath: subtraction overflow"
    return unsafe_sub(a, b)


@internal
@pure
def mul(a: uint256, b: uint256) -> uint256:
    if a == 0:
        return 0

    c: uint256 = unsafe_mul(a, b)
    assert unsafe_div(c, a) == b, "SafeMath: multiplication overflow"
    return c


@internal
@pure
def div(a: uint256, b: uint256) -> uint256:
    """
    @notice a / b, rounded down.
    """
    assert b != 0, "SafeMath: division by zero"
    return unsafe_div(a, b)


@internal
@pure
def mul_down(a: uint256, b: uint256) -> uint256:
    """
    @notice a * b / 1e18, rounded down.
    """
    return unsafe_div(self.mul(a, b), PRECISE_UNIT)


@internal
@pure
def mul_up(a: uint256, b: uint256) -> uint256:
    """
    @notice a * b / 1e18, rounded up.
    """
    product: uint256 = self.mul(a, b)
    if product == 0:
        return 0
    return unsafe_add(unsafe_div(unsafe_sub(product, 1), PRECISE_UNIT), 1)


@internal
@pure
def div_down(a: uint256, b: uint256) -> uint256:
    """
    @notice a * 1e18 / b, rounded down.
    """
    return self.div(self.mul(a, PRECISE_UNIT), b)


@internal
@pure
def signed_mul_down(a: int256, b: int256) -> int256:
    """
    @notice a * b / 1e18, rounded towards negative infinity.
    """
    return self._divide_down(self._signed_mul(a, b), PRECISE_UNIT_INT)


@internal
@pure
def signed_div_down(a: int256, b: int256) -> int256:
    """
    @notice a * 1e18 / b, rounded towards negative infinity.
    @dev b must be positive: the only divisor in use is the position multiplier.
    """
    return self._divide_down(self._signed_mul(a, PRECISE_UNIT_INT), b)


@internal
@pure
def to_uint(a: int256) -> uint256:
    assert a >= 0, "SafeCast: value must be positive"
    return convert(a, uint256)


@internal
@pure
def to_int(a: uint256) -> int256:
    assert a <= convert(max_value(int256), uint256), "SafeCast: value doesn't fit in an int256"
    return convert(a, int256)


@internal
@pure
def _signed_mul(a: int256, b: int256) -> int256:
    if a == 0:
        return 0

    # -1 * min overflows back to min, which the division below would not notice.
    assert not (a == -1 and b == min_value(int256)), "SignedSafeMath: multiplication overflow"
    c: int256 = unsafe_mul(a, b)
    assert unsafe_div(c, a) == b, "SignedSafeMath: multiplication overflow"
    return c


@internal
@pure
def _divide_down(a: int256, b: int256) -> int256:
    # Signed division truncates towards zero: step down when it went up.
    quotient: int256 = unsafe_div(a, b)
    if a < 0 and unsafe_mul(quotient, b) != a:
        return unsafe_sub(quotient, 1)
    return quotient
