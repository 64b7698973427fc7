# pragma version 0.4.3
"""
@title CallbackToken
@notice An ERC-20 that calls someone in the middle of each transfer, and carries on whatever comes back (I-22).
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

decimals: public(constant(uint8)) = 18
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])

target: address
data: Bytes[1024]

attempts: public(uint256)
succeeded: public(bool)
answer: public(Bytes[512])


@deploy
def __init__(_supply: uint256):
    self.balanceOf[msg.sender] = _supply


@external
def callBack(_target: address, _data: Bytes[1024]):
    """
    @notice Make this call in the middle of each transfer; no target, no call.
    """
    self.target = _target
    self.data = _data


@external
def execute(_target: address, _data: Bytes[1024]):
    """
    @notice Call as this token, now.
    """
    raw_call(_target, _data)


@external
def approve(_spender: address, _value: uint256) -> bool:
    self.allowance[msg.sender][_spender] = _value
    return True


@external
def transfer(_to: address, _value: uint256) -> bool:
    self._transfer(msg.sender, _to, _value)
    return True


@external
def transferFrom(_from: address, _to: address, _value: uint256) -> bool:
    self.allowance[_from][msg.sender] -= _value
    self._transfer(_from, _to, _value)
    return True


@internal
def _transfer(_from: address, _to: address, _value: uint256):
    self.balanceOf[_from] -= _value
    self.balanceOf[_to] += _value
    log Transfer(sender=_from, receiver=_to, value=_value)
    if self.target == empty(address):
        return

    self.attempts += 1
    success: bool = False
    answer: Bytes[512] = b""
    success, answer = raw_call(self.target, self.data, max_outsize=512, revert_on_failure=False)
    self.succeeded = self.succeeded or success
    self.answer = answer
