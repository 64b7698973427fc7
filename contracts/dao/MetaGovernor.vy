# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title MetaGovernor
@license MIT
@notice Lets the holders of INDEX decide how the indices of the house vote in the governance of their components.
@dev See interfaces/IMetaGovernor.vyi. Choices are numbered as in Governor Bravo: 0 against, 1 for, 2 abstain.
"""

from contracts.lib import bounds
from contracts.lib import external_governors as governors
from contracts.lib import ownable_two_step
from ethereum.ercs import IERC20
from interfaces import IIndexManager
from interfaces import IMetaGovernor
from interfaces import ISetToken

implements: IMetaGovernor

initializes: ownable_two_step

exports: ownable_two_step.__interface__

interface Votes:
    def getPriorVotes(_account: address, _block: uint256) -> uint256: view

AGAINST: constant(uint8) = 0
IN_FAVOUR: constant(uint8) = 1
ABSTAIN: constant(uint8) = 2

DAY: constant(uint256) = 86_400
# Of the circulating supply that must take part (IIP-8).
QUORUM_PERCENT: constant(uint256) = 5

VOTES_TOKEN: immutable(address)
GOVERNANCE_MODULE: immutable(address)
BLOCKS_PER_DAY: immutable(uint256)

# {INDEX} Too small, and a few decide for all; too large, and nobody ever decides.
circulatingSupply: public(uint256)

# Who may choose where the holders did not; empty if nobody.
committee: public(address)

ballots: HashMap[bytes32, IMetaGovernor.Ballot]

# ballot -> holder -> choice + 1, 0 if none
choices: HashMap[bytes32, HashMap[address, uint8]]

# ballot -> index -> what it has voted + 1, 0 if nothing. Lost, an index could vote twice where a governor allows it.
executed: HashMap[bytes32, HashMap[address, uint8]]


@deploy
def __init__(
    _votesToken: address,
    _governanceModule: address,
    _blocksPerDay: uint256,
    _circulatingSupply: uint256,
    _committee: address,
):
    """
    @param _votesToken Read by `getPriorVotes`; its clock must be the block number
    @param _blocksPerDay How many blocks 24 hours are for governors that count blocks
    @param _circulatingSupply {INDEX}
    """
    assert _votesToken.is_contract, "Votes token must exist"
    assert _governanceModule.is_contract, "Module must exist"
    assert _blocksPerDay > 0, "Blocks per day must be positive"
    ownable_two_step.__init__()
    VOTES_TOKEN = _votesToken
    GOVERNANCE_MODULE = _governanceModule
    BLOCKS_PER_DAY = _blocksPerDay
    self._set_circulating_supply(_circulatingSupply)
    self._set_committee(_committee)


# ---------------------------------------------------------------- anyone


@external
def open(
    _governanceName: String[bounds.MAX_INTEGRATION_NAME], _proposalId: uint256
) -> bytes32:
    """
    @notice Open the ballot on a proposal of an external governor.
    @dev Anyone, once a proposal; early enough that holders have at least half as long as the index will have after
         the close: nobody opens a ballot that only he can vote on.
    @return The ballot's id
    """
    adapter: address = governors._adapter(GOVERNANCE_MODULE, _governanceName)
    id: bytes32 = self._id(adapter, _proposalId)
    assert self.ballots[id].adapter == empty(address), "Ballot is open already"
    start: uint256 = 0
    end: uint256 = 0
    in_seconds: bool = False
    start, end, in_seconds = governors._window(adapter, _proposalId)

    day: uint256 = DAY if in_seconds else BLOCKS_PER_DAY
    margin: uint256 = min(day, (end - start) // 2)
    close: uint256 = end - margin
    assert governors._clock(in_seconds) + margin // 2 <= close, "Too late to open"
    # {INDEX}, rounded up
    quorum: uint256 = (self.circulatingSupply * QUORUM_PERCENT + 99) // 100

    snapshot: uint256 = block.number - 1
    self.ballots[id] = IMetaGovernor.Ballot(
        adapter=adapter,
        proposal=_proposalId,
        snapshot=snapshot,
        close=close,
        inSeconds=in_seconds,
        quorum=quorum,
        committee=self.committee,
        votesAgainst=0,
        votesFor=0,
        votesAbstain=0,
    )

    log IMetaGovernor.BallotOpened(
        _ballot=id,
        _adapter=adapter,
        _proposalId=_proposalId,
        _governanceName=_governanceName,
        _snapshot=snapshot,
        _close=close,
        _end=end,
        _inSeconds=in_seconds,
        _quorum=quorum,
    )
    return id


@external
def castVote(_ballot: bytes32, _choice: uint8):
    """
    @notice Say how the indices shall vote, or something else than before.
    @dev Anyone with INDEX delegated to him, himself included, at the snapshot; before the close.
    @param _choice 0 against, 1 for, 2 abstain
    """
    self._only_existing(_ballot)
    assert (
        governors._clock(self.ballots[_ballot].inSeconds) < self.ballots[_ballot].close
    ), "Ballot is closed"
    assert _choice <= ABSTAIN, "No such choice"
    votes: uint256 = staticcall Votes(VOTES_TOKEN).getPriorVotes(
        msg.sender, self.ballots[_ballot].snapshot
    )
    assert votes > 0, "Vote must carry power"

    before: uint8 = self.choices[_ballot][msg.sender]
    if before > 0:
        self._add(_ballot, before - 1, 0, votes)
    self._add(_ballot, _choice, votes, 0)
    self.choices[_ballot][msg.sender] = _choice + 1

    log IMetaGovernor.BallotCast(
        _ballot=_ballot, _voter=msg.sender, _choice=_choice, _votes=votes
    )


@external
def execute(
    _setToken: address,
    _governanceName: String[bounds.MAX_INTEGRATION_NAME],
    _proposalId: uint256,
):
    """
    @notice Have an index vote as the holders decided.
    @dev Anyone, from the ballot's close to the governor's end, once an index. Again only where the governor keeps no
         snapshot and the same vote would carry more: else who redeems, executes and issues in one transaction could
         have an index vote with a crumb.
    @param _setToken The index; its IndexManager has this contract as its voter
    """
    id: bytes32 = self._id(governors._adapter(GOVERNANCE_MODULE, _governanceName), _proposalId)
    decided: bool = False
    choice: uint8 = AGAINST
    decided, choice = self._outcome(id)
    assert decided, "Holders must have decided"

    self._execute(id, _setToken, _governanceName, choice, False)


# ---------------------------------------------------------------- committee


@external
def executeCommitteeChoice(
    _setToken: address,
    _governanceName: String[bounds.MAX_INTEGRATION_NAME],
    _proposalId: uint256,
    _choice: uint8,
):
    """
    @notice Have an index vote where the holders decided nothing.
    @dev The committee that was named when the ballot was opened only, in the same window.
    @param _choice 0 against, 1 for, 2 abstain
    """
    adapter: address = governors._adapter(GOVERNANCE_MODULE, _governanceName)
    id: bytes32 = self._id(adapter, _proposalId)
    assert msg.sender == self.ballots[id].committee, "Must be committee"
    decided: bool = False
    choice: uint8 = AGAINST
    decided, choice = self._outcome(id)
    assert not decided, "Holders have decided"
    assert _choice < ABSTAIN or (
        _choice == ABSTAIN and governors._can_abstain(adapter)
    ), "No such choice"

    self._execute(id, _setToken, _governanceName, _choice, True)


# ---------------------------------------------------------------- owner


@external
def setCirculatingSupply(_circulatingSupply: uint256):
    """
    @notice State what 5 % is taken of, for ballots opened from now on {INDEX}.
    @dev Owner only.
    """
    ownable_two_step._only_owner()

    self._set_circulating_supply(_circulatingSupply)


@external
def setCommittee(_committee: address):
    """
    @notice Name who may choose where the holders did not, on ballots opened from now on; empty for nobody.
    @dev Owner only.
    """
    ownable_two_step._only_owner()

    self._set_committee(_committee)


# ---------------------------------------------------------------- views


@external
@view
def ballotOf(
    _governanceName: String[bounds.MAX_INTEGRATION_NAME], _proposalId: uint256
) -> bytes32:
    """
    @notice Id of the ballot on a proposal, opened or not: keccak256(abi.encode(adapter, proposal)).
    """
    return self._id(governors._adapter(GOVERNANCE_MODULE, _governanceName), _proposalId)


@external
@view
def getBallot(_ballot: bytes32) -> IMetaGovernor.Ballot:
    return self.ballots[_ballot]


@external
@view
def choiceOf(_ballot: bytes32, _voter: address) -> (bool, uint8):
    """
    @notice Whether a holder has voted, and what.
    """
    choice: uint8 = self.choices[_ballot][_voter]
    return choice > 0, choice - min(choice, 1)


@external
@view
def outcome(_ballot: bytes32) -> (bool, uint8):
    """
    @notice Whether the holders would have decided if the ballot closed now, and what.
    """
    return self._outcome(_ballot)


@external
@view
def isExecuted(_ballot: bytes32, _setToken: address) -> bool:
    return self.executed[_ballot][_setToken] > 0


@external
@view
def votesToken() -> address:
    return VOTES_TOKEN


@external
@view
def governanceModule() -> address:
    return GOVERNANCE_MODULE


@external
@view
def blocksPerDay() -> uint256:
    return BLOCKS_PER_DAY


# ---------------------------------------------------------------- ballots


@internal
def _execute(
    _id: bytes32,
    _set_token: address,
    _name: String[bounds.MAX_INTEGRATION_NAME],
    _choice: uint8,
    _by_committee: bool,
):
    in_seconds: bool = self.ballots[_id].inSeconds
    assert governors._clock(in_seconds) >= self.ballots[_id].close, "Ballot must be closed"
    voted: uint8 = self.executed[_id][_set_token]
    if voted > 0:
        assert voted == _choice + 1 and governors._counts_more(
            self.ballots[_id].adapter, _set_token, self.ballots[_id].proposal
        ), "Index has voted already"
    # Both must name each other: otherwise a stranger's contract could vote for an index under another name.
    manager: IIndexManager = IIndexManager(staticcall ISetToken(_set_token).manager())
    assert staticcall manager.setToken() == _set_token, "Manager must manage the index"
    # A manager for another module would look the name up elsewhere.
    assert (
        staticcall manager.governanceModule() == GOVERNANCE_MODULE
    ), "Manager must use the same module"

    self.executed[_id][_set_token] = _choice + 1

    # The governor refuses what it does not take any more, and everything here falls with it.
    data: Bytes[bounds.MAX_VOTE_DATA] = b""
    if _choice == ABSTAIN:
        data = abi_encode(convert(ABSTAIN, uint256))
    extcall manager.vote(
        _name, self.ballots[_id].proposal, _choice == IN_FAVOUR, data
    )

    log IMetaGovernor.BallotExecuted(
        _ballot=_id, _setToken=_set_token, _choice=_choice, _byCommittee=_by_committee
    )


@internal
def _add(_id: bytes32, _choice: uint8, _more: uint256, _less: uint256):
    if _choice == AGAINST:
        self.ballots[_id].votesAgainst = self.ballots[_id].votesAgainst + _more - _less
    elif _choice == IN_FAVOUR:
        self.ballots[_id].votesFor = self.ballots[_id].votesFor + _more - _less
    else:
        self.ballots[_id].votesAbstain = self.ballots[_id].votesAbstain + _more - _less


@internal
@view
def _outcome(_id: bytes32) -> (bool, uint8):
    self._only_existing(_id)
    ballot: IMetaGovernor.Ballot = self.ballots[_id]
    larger: uint256 = max(ballot.votesFor, ballot.votesAgainst)

    if ballot.votesFor + ballot.votesAgainst + ballot.votesAbstain < ballot.quorum:
        return False, AGAINST
    if ballot.votesAbstain > larger and governors._can_abstain(ballot.adapter):
        return True, ABSTAIN
    if ballot.votesFor == ballot.votesAgainst:
        return False, AGAINST
    return True, IN_FAVOUR if ballot.votesFor == larger else AGAINST


@internal
@view
def _only_existing(_id: bytes32):
    assert self.ballots[_id].adapter != empty(address), "No such ballot"


@internal
@pure
def _id(_adapter: address, _proposal: uint256) -> bytes32:
    return keccak256(abi_encode(_adapter, _proposal))


# ---------------------------------------------------------------- settings


@internal
def _set_circulating_supply(_circulating_supply: uint256):
    supply: uint256 = staticcall IERC20(VOTES_TOKEN).totalSupply()
    assert (
        supply // 100 <= _circulating_supply and _circulating_supply <= supply
    ), "Circulating supply must be 1% to 100%"
    self.circulatingSupply = _circulating_supply

    log IMetaGovernor.CirculatingSupplyChanged(_circulatingSupply=_circulating_supply)


@internal
def _set_committee(_committee: address):
    self.committee = _committee

    log IMetaGovernor.CommitteeChanged(_committee=_committee)
