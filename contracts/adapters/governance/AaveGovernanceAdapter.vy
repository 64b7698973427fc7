# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title AaveGovernanceAdapter
@license MIT
@notice What a SetToken must call to vote in Aave's first governance, the "proto governance".
@dev Calldata only, no state. A vote counts the balance of one listed asset at the time of voting, times the
     asset's weight; there is nothing to delegate or to register, and only the genesis team proposes. The
     functions of IGovernanceAdapter, but those that always refuse are pure, as in the original.
"""

from contracts.lib import bounds
from ethereum.ercs import IERC20

interface Governance:
    def getGovParamsProvider() -> address: view
    def getVoterData(_id: uint256, _voter: address) -> (uint256, uint256, uint256): view

interface Parameters:
    def getAssetVotingWeightProvider() -> address: view

interface Weights:
    def getVotingWeight(_asset: address) -> uint256: view

VOTE_FOR: public(constant(uint256)) = 1
VOTE_AGAINST: public(constant(uint256)) = 2

# Places of members in the 11 words that getProposalBasicData returns, and the status in which votes are taken.
DURATION_PLACE: constant(uint256) = 32 * 4
INIT_BLOCK_PLACE: constant(uint256) = 32 * 6
STATUS_PLACE: constant(uint256) = 32 * 8
PROPOSAL: constant(uint256) = 32 * 11
VOTING: constant(uint256) = 1

aaveProtoGovernance: public(immutable(address))
aaveToken: public(immutable(address))


@deploy
def __init__(_aaveProtoGovernance: address, _aaveToken: address):
    aaveProtoGovernance = _aaveProtoGovernance
    aaveToken = _aaveToken


@external
@view
def getVoteCalldata(
    _proposalId: uint256, _support: bool, _data: Bytes[bounds.MAX_VOTE_DATA]
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    """
    @param _data empty to vote with AAVE; else abi.encode(asset), what follows is ignored
    """
    asset: address = aaveToken
    if len(_data) > 0:
        asset = extract32(_data, 0, output_type=address)
    vote: uint256 = VOTE_AGAINST
    if _support:
        vote = VOTE_FOR
    return (
        aaveProtoGovernance,
        0,
        abi_encode(
            _proposalId, vote, asset, method_id=method_id("submitVoteByVoter(uint256,uint256,address)")
        ),
    )


@external
@pure
def getDelegateCalldata(
    _delegatee: address,
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    raise "No delegation available in AAVE governance"


@external
@pure
def getProposeCalldata(
    _proposalData: Bytes[bounds.MAX_PROPOSAL_DATA],
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    raise "Creation of new proposal only available to AAVE genesis team"


@external
@pure
def getRegisterCalldata(
    _setToken: address,
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    raise "No register available in AAVE governance"


@external
@pure
def getRevokeCalldata() -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    raise "No revoke available in AAVE governance"


@external
@view
def getVotingPower(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice What a vote with AAVE would count now: this governance keeps no snapshot.
    @dev What leaves before the proposal is resolved may be struck off (`challengeVoters`).
    """
    self._proposal(_proposalId)
    parameters: address = staticcall Governance(aaveProtoGovernance).getGovParamsProvider()
    weights: address = staticcall Parameters(parameters).getAssetVotingWeightProvider()
    weight: uint256 = staticcall Weights(weights).getVotingWeight(aaveToken)
    return weight * staticcall IERC20(aaveToken).balanceOf(_voter)


@external
@view
def getVotesCast(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice Votes Aave has counted of `_voter` on a proposal: the asset's weight times the balance.
    """
    _vote: uint256 = 0
    weight: uint256 = 0
    balance: uint256 = 0
    _vote, weight, balance = staticcall Governance(aaveProtoGovernance).getVoterData(_proposalId, _voter)
    return weight * balance


@external
@view
def getProposalWindow(_proposalId: uint256) -> (uint256, uint256, bool, bool):
    """
    @notice First and last block of the voting status: votes are taken in both, and after the last too, until
            the threshold is met; the first call that finds it met then, a vote too, ends the voting.
    @dev Voting may come back, with another first block, if a vote is struck off while it is validated.
    """
    proposal: Bytes[PROPOSAL] = self._proposal(_proposalId)
    start: uint256 = extract32(proposal, INIT_BLOCK_PLACE, output_type=uint256)
    duration: uint256 = extract32(proposal, DURATION_PLACE, output_type=uint256)
    status: uint256 = extract32(proposal, STATUS_PLACE, output_type=uint256)
    return start, start + duration, False, status == VOTING


@external
@pure
def canAbstain() -> bool:
    return False


# ---------------------------------------------------------------- internal


@internal
@view
def _proposal(_id: uint256) -> Bytes[PROPOSAL]:
    success: bool = False
    proposal: Bytes[PROPOSAL] = b""
    success, proposal = raw_call(
        aaveProtoGovernance,
        abi_encode(_id, method_id=method_id("getProposalBasicData(uint256)")),
        max_outsize=PROPOSAL,
        is_static_call=True,
        revert_on_failure=False,
    )
    assert success, "No such proposal"
    return proposal
