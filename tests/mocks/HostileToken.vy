# pragma version 0.4.3
"""
@title HostileToken
@notice An ERC-20 of any decimals that can be paused, and that calls someone in the middle of each transfer
        and carries on whatever comes back (I-19, I-22).
"""

event Transfer:
    sender: indexed(address)
    receiver: indexed(address)
    value: uint256

decimals: public(uint8)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
paused: public(bool)

target: address
data: Bytes[1024]

attempts: public(uint256)
successes: public(uint256)


@deploy
def __init__(_holder: address, _supply: uint256, _decimals: uint8):
    self.decimals = _decimals
    self.balanceOf[_holder] = _supply


@external
def pause(_paused: bool):
    self.paused = _paused


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
    allowed: uint256 = self.allowance[_from][msg.sender]
    if allowed != max_value(uint256):
        self.allowance[_from][msg.sender] = allowed - _value
    self._transfer(_from, _to, _value)
    return True


@internal
def _transfer(_from: address, _to: address, _value: uint256):
    assert not self.paused, "Transfers are paused"
    self.balanceOf[_from] -= _value
    self.balanceOf[_to] += _value
    log Transfer(sender=_from, receiver=_to, value=_value)
    if self.target == empty(address):
        return

    self.attempts += 1
    success: bool = raw_call(self.target, self.data, revert_on_failure=False)
    if success:
        self.successes += 1
