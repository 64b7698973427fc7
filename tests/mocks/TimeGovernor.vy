# pragma version 0.4.3
"""
@title TimeGovernor
@license MIT
@notice A governor of Bravo's kind that counts seconds (EIP-6372), as OpenZeppelin's with GovernorCompatibilityBravo.
@dev A stand-in: no package has the bytecode of one. Its members vote with weights that count from the second in which
     they were given; it is its own token.
"""

struct Proposal:
    id: uint256
    proposer: address
    eta: uint256
    start: uint256
    end: uint256
    forVotes: uint256
    againstVotes: uint256
    abstainVotes: uint256
    canceled: bool
    executed: bool

struct Receipt:
    hasVoted: bool
    support: uint8
    votes: uint96

struct Weight:
    votes: uint256
    since: uint256

PENDING: constant(uint8) = 0
ACTIVE: constant(uint8) = 1
CANCELED: constant(uint8) = 2
DEFEATED: constant(uint8) = 3
SUCCEEDED: constant(uint8) = 4
EXECUTED: constant(uint8) = 7

votingDelay: public(immutable(uint256))
votingPeriod: public(immutable(uint256))
CLOCK_MODE: public(String[64])

proposalCount: public(uint256)
delegates: public(HashMap[address, address])
records: HashMap[uint256, Proposal]
receipts: HashMap[uint256, HashMap[address, Receipt]]
weights: HashMap[address, Weight]


@deploy
def __init__(_votingDelay: uint256, _votingPeriod: uint256):
    """
    @param _votingDelay, _votingPeriod {s}
    """
    votingDelay = _votingDelay
    votingPeriod = _votingPeriod
    self.CLOCK_MODE = "mode=timestamp"


@external
def setClockMode(_mode: String[64]):
    self.CLOCK_MODE = _mode


@external
def setWeight(_member: address, _votes: uint256):
    self.weights[_member] = Weight(votes=_votes, since=block.timestamp)


@external
def delegate(_delegatee: address):
    self.delegates[msg.sender] = _delegatee


@external
def propose() -> uint256:
    self.proposalCount += 1
    id: uint256 = self.proposalCount
    start: uint256 = block.timestamp + votingDelay
    self.records[id] = Proposal(
        id=id, proposer=msg.sender, eta=0, start=start, end=start + votingPeriod, forVotes=0, againstVotes=0,
        abstainVotes=0, canceled=False, executed=False
    )
    return id


@external
def castVote(_id: uint256, _support: uint8):
    assert self._state(_id) == ACTIVE, "Governor: vote not currently active"
    assert not self.receipts[_id][msg.sender].hasVoted, "Governor: vote already cast"
    assert _support <= 2, "Governor: invalid value for enum VoteType"
    votes: uint256 = self._votes(msg.sender, self.records[_id].start)
    if _support == 0:
        self.records[_id].againstVotes += votes
    elif _support == 1:
        self.records[_id].forVotes += votes
    else:
        self.records[_id].abstainVotes += votes
    self.receipts[_id][msg.sender] = Receipt(
        hasVoted=True, support=_support, votes=convert(votes, uint96)
    )


@external
def cancel(_id: uint256):
    self.records[_id].canceled = True


@external
def execute(_id: uint256):
    assert self._state(_id) == SUCCEEDED, "Governor: proposal not successful"
    self.records[_id].executed = True


@external
@view
def proposals(_id: uint256) -> Proposal:
    # As OpenZeppelin's, which asks for the state first; Compound's answers with nothing.
    assert self.records[_id].id != 0, "Governor: unknown proposal id"
    return self.records[_id]


@external
@view
def getReceipt(_id: uint256, _voter: address) -> Receipt:
    return self.receipts[_id][_voter]


@external
@view
def state(_id: uint256) -> uint8:
    return self._state(_id)


@external
@view
def clock() -> uint256:
    return block.timestamp


@external
@view
def getVotes(_account: address, _timepoint: uint256) -> uint256:
    return self._votes(_account, _timepoint)


@internal
@view
def _votes(_account: address, _timepoint: uint256) -> uint256:
    assert _timepoint < block.timestamp, "ERC20Votes: future lookup"
    weight: Weight = self.weights[_account]
    if weight.since > _timepoint:
        return 0
    return weight.votes


@internal
@view
def _state(_id: uint256) -> uint8:
    proposal: Proposal = self.records[_id]
    assert proposal.id != 0, "Governor: unknown proposal id"
    if proposal.executed:
        return EXECUTED
    if proposal.canceled:
        return CANCELED
    if block.timestamp <= proposal.start:
        return PENDING
    if block.timestamp <= proposal.end:
        return ACTIVE
    if proposal.forVotes > proposal.againstVotes:
        return SUCCEEDED
    return DEFEATED
