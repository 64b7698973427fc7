# pragma version 0.4.3
"""
@title FeeValue
@notice Tells what fees are worth between any two readings, also those that no pool gives.
"""

from contracts.lib import fee_value


@external
@pure
def value(
    _fees: uint256, _elapsed: uint256, _before: fee_value.Reading, _now: fee_value.Reading
) -> uint256:
    return fee_value._value(_fees, _elapsed, _before, _now)
