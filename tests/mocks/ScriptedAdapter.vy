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
start: uint256
end: uint256
in_seconds: bool
is_open: bool
can_abstain: bool
voting_power: uint256
# Votes: ask the target for the vote itself, so that its arguments can be seen.
passes_on: bool


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
def scriptProposal(
    _start: uint256, _end: uint256, _inSeconds: bool, _isOpen: bool, _canAbstain: bool
):
    """
    @notice Have every proposal answer this.
    """
    self.start = _start
    self.end = _end
    self.in_seconds = _inSeconds
    self.is_open = _isOpen
    self.can_abstain = _canAbstain


@external
def passOn(_passes_on: bool):
    """
    @notice Have a vote call the target with vote(uint256,bool,bytes), or with the script.
    """
    self.passes_on = _passes_on


@external
def grow(_voting_power: uint256):
    """
    @notice Have a vote carry so much if it were cast now.
    """
    self.voting_power = _voting_power


@external
@view
def getVotingPower(_voter: address, _proposalId: uint256) -> uint256:
    return self.voting_power


@external
@view
def getProposalWindow(_proposalId: uint256) -> (uint256, uint256, bool, bool):
    return self.start, self.end, self.in_seconds, self.is_open


@external
@view
def canAbstain() -> bool:
    return self.can_abstain


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
) -> (address, uint256, Bytes[2048]):
    if self.passes_on:
        vote: Bytes[2048] = abi_encode(
            _proposalId, _support, _data, method_id=method_id("vote(uint256,bool,bytes)")
        )
        return self.target, self.amount, vote
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
