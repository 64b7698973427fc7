# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title ERC-20
@license MIT
@notice Balances and allowances of one token with 18 decimals.
@dev Who may mint and burn is decided by the contract that initialises this module; it also counts the supply,
     which must never overflow. Nothing here calls out, so every function is @reentrant: a lock would only make transfers dearer. Behaviour, reasons
     and events are those of the ERC-20 that Set V2 tokens are built on: an allowance always falls, also
     an unlimited one, and `transferFrom` announces the new allowance.
"""

from contracts.lib import bounds
from contracts.lib import precise_math as math

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

event Approval:
    owner: indexed(address)
    spender: indexed(address)
    value: uint256

decimals: public(constant(uint8)) = 18

# Code, not storage: a name never changes.
NAME: immutable(String[bounds.MAX_NAME])
SYMBOL: immutable(String[bounds.MAX_SYMBOL])

# {set} Their sum is totalSupply (I-04).
balanceOf: public(reentrant(HashMap[address, uint256]))

# {set} owner -> spender
allowance: public(reentrant(HashMap[address, HashMap[address, uint256]]))


@deploy
def __init__(_name: String[bounds.MAX_NAME], _symbol: String[bounds.MAX_SYMBOL]):
    NAME = _name
    SYMBOL = _symbol


@external
@view
@reentrant
def name() -> String[bounds.MAX_NAME]:
    return NAME


@external
@view
@reentrant
def symbol() -> String[bounds.MAX_SYMBOL]:
    return SYMBOL


@external
@reentrant
def transfer(recipient: address, amount: uint256) -> bool:
    self._transfer(msg.sender, recipient, amount)
    return True


@external
@reentrant
def approve(spender: address, amount: uint256) -> bool:
    self._approve(msg.sender, spender, amount)
    return True


@external
@reentrant
def transferFrom(sender: address, recipient: address, amount: uint256) -> bool:
    self._transfer(sender, recipient, amount)
    allowed: uint256 = self.allowance[sender][msg.sender]
    assert amount <= allowed, "ERC20: transfer amount exceeds allowance"
    self._approve(sender, msg.sender, unsafe_sub(allowed, amount))
    return True


@external
@reentrant
def increaseAllowance(spender: address, addedValue: uint256) -> bool:
    self._approve(msg.sender, spender, math.add(self.allowance[msg.sender][spender], addedValue))
    return True


@external
@reentrant
def decreaseAllowance(spender: address, subtractedValue: uint256) -> bool:
    allowed: uint256 = self.allowance[msg.sender][spender]
    assert subtractedValue <= allowed, "ERC20: decreased allowance below zero"
    self._approve(msg.sender, spender, unsafe_sub(allowed, subtractedValue))
    return True


@internal
def _mint(_account: address, _amount: uint256):
    assert _account != empty(address), "ERC20: mint to the zero address"

    # No balance exceeds the supply, which the caller checks.
    self.balanceOf[_account] = unsafe_add(self.balanceOf[_account], _amount)

    log Transfer(sender=empty(address), receiver=_account, value=_amount)


@internal
def _burn(_account: address, _amount: uint256):
    assert _account != empty(address), "ERC20: burn from the zero address"
    balance: uint256 = self.balanceOf[_account]
    assert _amount <= balance, "ERC20: burn amount exceeds balance"

    self.balanceOf[_account] = unsafe_sub(balance, _amount)

    log Transfer(sender=_account, receiver=empty(address), value=_amount)


@internal
def _transfer(_sender: address, _recipient: address, _amount: uint256):
    assert _sender != empty(address), "ERC20: transfer from the zero address"
    assert _recipient != empty(address), "ERC20: transfer to the zero address"
    balance: uint256 = self.balanceOf[_sender]
    assert _amount <= balance, "ERC20: transfer amount exceeds balance"

    self.balanceOf[_sender] = unsafe_sub(balance, _amount)
    self.balanceOf[_recipient] = unsafe_add(self.balanceOf[_recipient], _amount)

    log Transfer(sender=_sender, receiver=_recipient, value=_amount)


@internal
def _approve(_owner: address, _spender: address, _amount: uint256):
    assert _owner != empty(address), "ERC20: approve from the zero address"
    assert _spender != empty(address), "ERC20: approve to the zero address"

    self.allowance[_owner][_spender] = _amount

    log Approval(owner=_owner, spender=_spender, value=_amount)
