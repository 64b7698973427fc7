# pragma version 0.4.3
"""
@title OddToken
@notice An ERC-20 that can be told to move or to answer in every odd way tokens are known for (I-19).
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

event Approval:
    owner: indexed(address)
    spender: indexed(address)
    value: uint256

name: public(constant(String[8])) = "Odd"
symbol: public(constant(String[3])) = "ODD"
decimals: public(uint8)
totalSupply: public(uint256)
balances: HashMap[address, uint256]
allowance: public(HashMap[address, HashMap[address, uint256]])

# Empty: an ordinary token.
habit: public(String[32])
# {gas} What was left when a transfer began, if the habit is to keep it.
gasKept: public(uint256)
# Neither sends nor receives.
refused: public(address)


@deploy
def __init__(_decimals: uint8, _supply: uint256):
    self.decimals = _decimals
    self.totalSupply = _supply
    self.balances[msg.sender] = _supply


@external
def adopt(_habit: String[32]):
    self.habit = _habit


@external
def refuse(_account: address):
    """
    @notice Put one account, or nobody, on the blacklist.
    """
    self.refused = _account


@external
def setBalance(_holder: address, _balance: uint256):
    self.balances[_holder] = _balance


@external
@view
def balanceOf(_holder: address) -> uint256:
    if self.habit == "hides balances":
        return 0
    if self.habit == "doubles balances":
        return self.balances[_holder] * 2
    if self.habit == "has no balances":
        raise "No balances"
    return self.balances[_holder]


@external
def approve(_spender: address, _value: uint256) -> bool:
    if self.habit == "approves from zero only":
        assert _value == 0 or self.allowance[msg.sender][_spender] == 0, "Approve from zero only"
    self.allowance[msg.sender][_spender] = _value
    log Approval(owner=msg.sender, spender=_spender, value=_value)
    return True


@external
@raw_return
def transfer(_to: address, _value: uint256) -> Bytes[640]:
    return self._transfer(msg.sender, _to, _value)


@external
@raw_return
def transferFrom(_from: address, _to: address, _value: uint256) -> Bytes[640]:
    self.allowance[_from][msg.sender] -= _value
    return self._transfer(_from, _to, _value)


@internal
def _transfer(_from: address, _to: address, _value: uint256) -> Bytes[640]:
    if self.habit == "reverts without reason":
        raw_revert(b"")
    if self.habit == "reverts with a reason":
        raise "Transfers are paused"
    if self.habit == "reverts with one byte":
        raw_revert(x"07")
    if self.habit == "reverts with 640 bytes":
        long: uint256[20] = empty(uint256[20])
        long[15] = 7
        raw_revert(abi_encode(long))
    if self.habit == "burns all gas":
        raise UNREACHABLE
    if self.habit == "uses 400,000 gas":
        before: uint256 = msg.gas
        for _: uint256 in range(100_000):
            if before - msg.gas > 400_000:
                break
    if self.habit == "keeps its gas":
        self.gasKept = msg.gas
    if self.refused != empty(address):
        assert _from != self.refused and _to != self.refused, "Account is blacklisted"

    charged: uint256 = _value
    if self.habit == "charges one more":
        charged = _value + 1
    received: uint256 = _value
    if self.habit == "takes a fee":
        received = _value - _value // 100
    if self.habit == "gives one more":
        received = _value + 1
    if self.habit != "moves nothing" and self.habit != "moves nothing, returns false":
        self.balances[_from] -= charged
        self.balances[_to] += received
        log Transfer(sender=_from, receiver=_to, value=received)

    if self.habit == "returns nothing":
        return b""
    if self.habit == "returns false" or self.habit == "moves nothing, returns false":
        return abi_encode(False)
    if self.habit == "returns two":
        return abi_encode(convert(2, uint256))
    if self.habit == "returns one byte":
        return b"\x01"
    if self.habit == "returns a lot":
        words: uint256[20] = empty(uint256[20])
        words[0] = 1
        return abi_encode(words)
    return abi_encode(True)
