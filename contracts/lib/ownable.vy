# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Ownable
@license MIT
@notice One account with the privileges of a contract; it can hand them over or give them up.
@dev Behaviour, event and reasons are those of the ownership that Set V2's contracts carry.
"""

event OwnershipTransferred:
    previousOwner: indexed(address)
    newOwner: indexed(address)

# Whoever this is registers factories and modules, and with them what may act on every SetToken.
owner: public(address)


@deploy
def __init__():
    self._transfer(msg.sender)


@external
def transferOwnership(newOwner: address):
    """
    @dev Owner only.
    """
    self._only_owner()
    assert newOwner != empty(address), "Ownable: new owner is the zero address"

    self._transfer(newOwner)


@external
def renounceOwnership():
    """
    @notice Leave the contract without an owner, for ever.
    @dev Owner only.
    """
    self._only_owner()

    self._transfer(empty(address))


@internal
@view
def _only_owner():
    assert msg.sender == self.owner, "Ownable: caller is not the owner"


@internal
def _transfer(_owner: address):
    previous: address = self.owner
    self.owner = _owner

    log OwnershipTransferred(previousOwner=previous, newOwner=_owner)
