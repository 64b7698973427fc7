# pragma version 0.4.3
"""
@title Precise mathematics
@license MIT
@notice Opens contracts/lib/precise_math.vy to tests.
"""

from contracts.lib import precise_math as math


@external
@view
def add(a: uint256, b: uint256) -> uint256:
    return math.add(a, b)


@external
@view
def sub(a: uint256, b: uint256) -> uint256:
    return math.sub(a, b)


@external
@view
def mul(a: uint256, b: uint256) -> uint256:
    return math.mul(a, b)


@external
@view
def div(a: uint256, b: uint256) -> uint256:
    return math.div(a, b)


@external
@view
def mul_down(a: uint256, b: uint256) -> uint256:
    return math.mul_down(a, b)


@external
@view
def mul_up(a: uint256, b: uint256) -> uint256:
    return math.mul_up(a, b)


@external
@view
def div_down(a: uint256, b: uint256) -> uint256:
    return math.div_down(a, b)


@external
@view
def signed_mul_down(a: int256, b: int256) -> int256:
    return math.signed_mul_down(a, b)


@external
@view
def signed_div_down(a: int256, b: int256) -> int256:
    return math.signed_div_down(a, b)


@external
@view
def to_uint(a: int256) -> uint256:
    return math.to_uint(a)


@external
@view
def to_int(a: uint256) -> int256:
    return math.to_int(a)
