# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Ownable in two steps
@license MIT
@notice One account with the privileges of a contract; who shall have them next must take them.
@dev ABI, events and reasons of OpenZeppelin's Ownable2Step (4.9): there is no other way to hand over.
"""

from contracts.lib import ownable

initializes: ownable

exports: (
    ownable.owner,
    ownable.pendingOwner,
    ownable.acceptOwnership,
    ownable.renounceOwnership,
)


@deploy
def __init__():
    ownable.__init__()


@external
def transferOwnership(newOwner: address):
    """
    @notice Offer the contract to `newOwner`, instead of whoever it was offered to before; to nobody, if zero.
    @dev Owner only.
    """
    ownable._offer(newOwner)


@internal
@view
def _only_owner():
    ownable._only_owner()
