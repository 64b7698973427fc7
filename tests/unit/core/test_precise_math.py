"""contracts/lib/precise_math.vy against Python's integers."""

from fractions import Fraction
from math import ceil, floor

import ape
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

UNIT = 10**18
MAX_UINT = 2**256 - 1
MAX_INT = 2**255 - 1
MIN_INT = -(2**255)
ADDITION = "SafeMath: addition overflow"
SUBTRACTION = "SafeMath: subtraction overflow"
MULTIPLICATION = "SafeMath: multiplication overflow"
DIVISION = "SafeMath: division by zero"
SIGNED = "SignedSafeMath: multiplication overflow"

unsigned = st.integers(0, MAX_UINT) | st.integers(0, 2**128) | st.integers(0, 10)
signed = st.integers(MIN_INT, MAX_INT) | st.integers(-(2**128), 2**128) | st.integers(-10, 10)
multiplier = st.integers(1, UNIT) | st.integers(1, MAX_INT)

quick = settings(max_examples=40, deadline=None)


@pytest.fixture(scope="session")
def math(mock, owner):
    """Deploy the module on its own."""
    return owner.deploy(mock("PreciseMath"))


def check(function, arguments, expected, reason, fits):
    """Compare a call with its exact result, or with its reason where that does not fit."""
    if fits:
        assert function(*arguments) == expected
    else:
        with ape.reverts(reason):
            function(*arguments)


@quick
@given(a=unsigned, b=unsigned)
@example(a=MAX_UINT, b=1)
@example(a=MAX_UINT, b=0)
def test_add(math, a, b):
    """R-01: exact, or SafeMath's reason."""
    check(math.add, (a, b), a + b, ADDITION, a + b <= MAX_UINT)


@quick
@given(a=unsigned, b=unsigned)
@example(a=0, b=1)
@example(a=MAX_UINT, b=MAX_UINT)
def test_sub(math, a, b):
    """R-01: exact, or SafeMath's reason."""
    check(math.sub, (a, b), a - b, SUBTRACTION, a >= b)


@quick
@given(a=unsigned, b=unsigned)
@example(a=2**128, b=2**128)
@example(a=2**128, b=2**128 - 1)
@example(a=0, b=MAX_UINT)
def test_mul(math, a, b):
    """R-01: exact, or SafeMath's reason."""
    check(math.mul, (a, b), a * b, MULTIPLICATION, a * b <= MAX_UINT)


@quick
@given(a=unsigned, b=unsigned)
@example(a=5, b=0)
@example(a=0, b=0)
def test_div(math, a, b):
    """R-01: rounded down, or SafeMath's reason."""
    check(math.div, (a, b), a // max(b, 1), DIVISION, b > 0)


@quick
@given(a=unsigned, b=unsigned)
@example(a=1, b=UNIT - 1)
@example(a=1, b=UNIT)
@example(a=MAX_UINT, b=1)
def test_mul_down(math, a, b):
    """R-01, S-304: a * b / 1e18, rounded down; the product must fit."""
    exact = floor(Fraction(a * b, UNIT))
    check(math.mul_down, (a, b), exact, MULTIPLICATION, a * b <= MAX_UINT)


@quick
@given(a=unsigned, b=unsigned)
@example(a=0, b=UNIT)
@example(a=1, b=1)
@example(a=1, b=UNIT)
@example(a=1, b=UNIT + 1)
@example(a=MAX_UINT, b=1)
def test_mul_up(math, a, b):
    """R-01, S-304: a * b / 1e18, rounded up; 0 stays 0."""
    exact = ceil(Fraction(a * b, UNIT))
    check(math.mul_up, (a, b), exact, MULTIPLICATION, a * b <= MAX_UINT)


@quick
@given(a=unsigned, b=st.integers(1, MAX_UINT) | st.integers(1, UNIT))
@example(a=MAX_UINT // UNIT, b=1)
@example(a=MAX_UINT // UNIT + 1, b=1)
def test_div_down(math, a, b):
    """R-01, S-304: a * 1e18 / b, rounded down; the product must fit."""
    check(math.div_down, (a, b), a * UNIT // b, MULTIPLICATION, a * UNIT <= MAX_UINT)


def test_div_down__by_zero__reverts(math):
    """R-01: with SafeMath's reason."""
    with ape.reverts(DIVISION):
        math.div_down(1, 0)


@quick
@given(a=signed, b=signed)
@example(a=-1, b=1)
@example(a=-1, b=UNIT)
@example(a=-1, b=MIN_INT)
@example(a=MIN_INT, b=-1)
@example(a=MIN_INT, b=1)
@example(a=2, b=MIN_INT // 2)
@example(a=0, b=MIN_INT)
@example(a=-UNIT - 1, b=1)
def test_signed_mul_down(math, a, b):
    """I-01: a * b / 1e18, rounded towards negative infinity; the product must fit."""
    exact = floor(Fraction(a * b, UNIT))
    fits = MIN_INT <= a * b <= MAX_INT
    check(math.signed_mul_down, (a, b), exact, SIGNED, fits)


@quick
@given(a=signed, b=multiplier)
@example(a=-1, b=UNIT)
@example(a=-1, b=UNIT - 1)
@example(a=1, b=UNIT - 1)
@example(a=MIN_INT, b=1)
@example(a=MIN_INT // UNIT, b=1)
@example(a=MIN_INT // UNIT + 1, b=3)
def test_signed_div_down(math, a, b):
    """I-01: a * 1e18 / b, rounded towards negative infinity; the product must fit."""
    fits = MIN_INT <= a * UNIT <= MAX_INT
    check(math.signed_div_down, (a, b), a * UNIT // b, SIGNED, fits)


@quick
@given(a=signed)
@example(a=-1)
@example(a=MIN_INT)
@example(a=MAX_INT)
def test_to_uint(math, a):
    """R-01: the same number, or SafeCast's reason."""
    check(math.to_uint, (a,), a, "SafeCast: value must be positive", a >= 0)


@quick
@given(a=unsigned)
@example(a=MAX_INT)
@example(a=MAX_INT + 1)
@example(a=MAX_UINT)
def test_to_int(math, a):
    """R-01: the same number, or SafeCast's reason."""
    check(math.to_int, (a,), a, "SafeCast: value doesn't fit in an int256", a <= MAX_INT)
