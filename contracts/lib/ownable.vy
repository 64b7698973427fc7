# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Ownable
@license MIT
@notice One account with the privileges of a contract; it can hand them over or give them up.
@dev Behaviour, events and reasons are those of the ownership that Set V2's contracts carry, which hands over at once.
     Beside it stands a hand-over in two steps, as OpenZeppelin's Ownable2Step does it: an address mistyped takes
     nothing.
"""

event OwnershipTransferStarted:
    previousOwner: indexed(address)
    newOwner: indexed(address)

event OwnershipTransferred:
    previousOwner: indexed(address)
    newOwner: indexed(address)

# Whoever this is registers factories and modules, and with them what may act on every SetToken.
owner: public(address)

# Who may become the owner; empty if nobody. It can do nothing before it has.
pendingOwner: public(address)


@deploy
def __init__():
    self._transfer(msg.sender)


@external
def transferOwnership(newOwner: address):
    """
    @notice Hand over at once. `offerOwnership` does it without the danger of a wrong address.
    @dev Owner only.
    """
    self._only_owner()
    assert newOwner != empty(address), "Ownable: new owner is the zero address"

    self._transfer(newOwner)


@external
def offerOwnership(newOwner: address):
    """
    @notice Let `newOwner` take over, instead of whoever was offered it before; nobody, if zero.
    @dev Owner only.
    """
    self._offer(newOwner)


@external
def acceptOwnership():
    """
    @notice Take over.
    @dev Who it was offered to only.
    """
    assert msg.sender == self.pendingOwner, "Ownable2Step: caller is not the new owner"

    self._transfer(msg.sender)


@external
def renounceOwnership():
    """
    @notice Leave the contract without an owner, for ever; an offer falls.
    @dev Owner only.
    """
    self._only_owner()

    self._transfer(empty(address))


@internal
@view
def _only_owner():
    assert msg.sender == self.owner, "Ownable: caller is not the owner"


@internal
def _offer(_owner: address):
    self._only_owner()
    self.pendingOwner = _owner

    log OwnershipTransferStarted(previousOwner=self.owner, newOwner=_owner)


@internal
def _transfer(_owner: address):
    previous: address = self.owner
    self.pendingOwner = empty(address)
    self.owner = _owner

    log OwnershipTransferred(previousOwner=previous, newOwner=_owner)
