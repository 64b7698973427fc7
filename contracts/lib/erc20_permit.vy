# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title ERC-20 with EIP-2612 permit
@license MIT
@notice Balances, allowances and signed approvals of one token with 18 decimals.
@dev Who may mint and burn is decided by the contract that initialises this module. Nothing here calls
     out, so every function is @reentrant: a lock would only make transfers dearer. Behaviour, reasons
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

EIP712_DOMAIN_TYPEHASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
PERMIT_TYPEHASH: constant(bytes32) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
# Signatures with s in the upper half of the curve order are malleable twins of those below (EIP-2).
# 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0, which the compiler takes as bytes32.
MAX_SIGNATURE_S: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)

# Code, not storage: a name never changes and is part of the permit domain.
NAME: immutable(String[bounds.MAX_NAME])
SYMBOL: immutable(String[bounds.MAX_SYMBOL])

# {set} Their sum is totalSupply (I-04).
balanceOf: public(reentrant(HashMap[address, uint256]))

# {set} owner -> spender
allowance: public(reentrant(HashMap[address, HashMap[address, uint256]]))

# {set} Too low and the last holders cannot redeem; too high and every holder is diluted.
totalSupply: public(reentrant(uint256))

# The number of permits an owner has used; each nonce is good once.
nonces: public(reentrant(HashMap[address, uint256]))


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


@external
@reentrant
def permit(
    owner: address, spender: address, amount: uint256, deadline: uint256, v: uint8, r: bytes32, s: bytes32
):
    """
    @notice Approve by signature (EIP-2612).
    @dev Anyone may submit it. `deadline` {s} is the last moment at which it is good.
    """
    assert block.timestamp <= deadline, "Permit expired"
    assert convert(s, uint256) <= MAX_SIGNATURE_S, "Invalid signature"

    nonce: uint256 = self.nonces[owner]
    digest: bytes32 = keccak256(
        concat(
            x"1901",
            self._domain_separator(),
            keccak256(abi_encode(PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline)),
        )
    )
    signer: address = ecrecover(digest, v, r, s)
    assert signer != empty(address) and signer == owner, "Invalid signature"

    self.nonces[owner] = unsafe_add(nonce, 1)
    self._approve(owner, spender, amount)


@external
@view
@reentrant
def DOMAIN_SEPARATOR() -> bytes32:
    """
    @notice The EIP-712 domain of `permit`, for the chain it is asked on.
    """
    return self._domain_separator()


@internal
def _mint(_account: address, _amount: uint256):
    assert _account != empty(address), "ERC20: mint to the zero address"

    self.totalSupply = math.add(self.totalSupply, _amount)
    # No balance exceeds the supply, which was just checked.
    self.balanceOf[_account] = unsafe_add(self.balanceOf[_account], _amount)

    log Transfer(sender=empty(address), receiver=_account, value=_amount)


@internal
def _burn(_account: address, _amount: uint256):
    assert _account != empty(address), "ERC20: burn from the zero address"
    balance: uint256 = self.balanceOf[_account]
    assert _amount <= balance, "ERC20: burn amount exceeds balance"

    self.balanceOf[_account] = unsafe_sub(balance, _amount)
    self.totalSupply = unsafe_sub(self.totalSupply, _amount)

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


@internal
@view
def _domain_separator() -> bytes32:
    return keccak256(
        abi_encode(EIP712_DOMAIN_TYPEHASH, keccak256(NAME), keccak256("1"), chain.id, self)
    )
