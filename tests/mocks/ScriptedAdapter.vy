# pragma version 0.4.3
"""
@title ScriptedAdapter
@notice A governance adapter that answers whatever it was told to; without a script it knows of no votes.
"""

target: address
amount: uint256
data: Bytes[512]
power: Bytes[64]
tells_power: bool


@external
def script(_target: address, _amount: uint256, _data: Bytes[512]):
    self.target = _target
    self.amount = _amount
    self.data = _data


@external
def tellPower(_answer: Bytes[64]):
    """
    @notice Answer getVotesCast with exactly these bytes.
    """
    self.tells_power = True
    self.power = _answer


@external
@view
@raw_return
def getVotesCast(_voter: address, _proposalId: uint256) -> Bytes[64]:
    assert self.tells_power, "Not known"
    return self.power


@external
@view
def getVoteCalldata(
    _proposalId: uint256, _support: bool, _data: Bytes[1024]
) -> (address, uint256, Bytes[512]):
    return self.target, self.amount, self.data


@external
@view
def getDelegateCalldata(_delegatee: address) -> (address, uint256, Bytes[512]):
    return self.target, self.amount, self.data


@external
@view
def getRegisterCalldata(_setToken: address) -> (address, uint256, Bytes[512]):
    return self.target, self.amount, self.data


@external
@view
def getRevokeCalldata() -> (address, uint256, Bytes[512]):
    return self.target, self.amount, self.data


@external
@view
def getProposeCalldata(_proposalData: Bytes[8192]) -> (address, uint256, Bytes[512]):
    return self.target, self.amount, self.data
