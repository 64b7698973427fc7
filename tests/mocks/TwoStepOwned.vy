# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title TwoStepOwned
@license MIT
@notice Opens contracts/lib/ownable_two_step.vy to tests, with something that only the owner may do.
"""

from contracts.lib import ownable_two_step

initializes: ownable_two_step

exports: ownable_two_step.__interface__

written: public(uint256)


@deploy
def __init__():
    ownable_two_step.__init__()


@external
def write(_number: uint256):
    ownable_two_step._only_owner()
    self.written = _number
