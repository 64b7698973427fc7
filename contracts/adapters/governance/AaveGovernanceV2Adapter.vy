# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title AaveGovernanceV2Adapter
@license MIT
@notice What a SetToken must call to vote, propose and delegate in Aave governance v2.
@dev Calldata only, no state. AAVE counts for whoever holds it: there is nothing to register.
"""

from contracts.lib import bounds
from interfaces import IGovernanceAdapter

implements: IGovernanceAdapter

interface Governance:
    def getVoteOnProposal(_id: uint256, _voter: address) -> (bool, uint256): view
    def getProposalState(_id: uint256) -> uint8: view

interface VotingStrategy:
    def getVotingPowerAt(_voter: address, _block: uint256) -> uint256: view

DELEGATE_SIGNATURE: public(constant(String[17])) = "delegate(address)"
VOTE_SIGNATURE: public(constant(String[24])) = "submitVote(uint256,bool)"
PROPOSE_SIGNATURE: public(constant(String[69])) = (
    "create(address,address[],uint256[],string[],bytes[],bool[],bytes32)"
)

# Places of members in the 17 words of a proposal's head, as getProposalById returns it behind one offset.
START_BLOCK_PLACE: constant(uint256) = 32 * 9
END_BLOCK_PLACE: constant(uint256) = 32 * 10
STRATEGY_PLACE: constant(uint256) = 32 * 16
PROPOSAL_HEAD: constant(uint256) = 32 * 18

# The states in which a vote is or will be taken.
PENDING: constant(uint8) = 0
ACTIVE: constant(uint8) = 2

aaveGovernanceV2: public(immutable(address))
aaveToken: public(immutable(address))


@deploy
def __init__(_aaveGovernanceV2: address, _aaveToken: address):
    aaveGovernanceV2 = _aaveGovernanceV2
    aaveToken = _aaveToken


@external
@view
def getVoteCalldata(
    _proposalId: uint256, _support: bool, _data: Bytes[bounds.MAX_VOTE_DATA]
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    """
    @dev `_data` is ignored.
    """
    return (
        aaveGovernanceV2,
        0,
        abi_encode(_proposalId, _support, method_id=method_id(VOTE_SIGNATURE)),
    )


@external
@view
def getDelegateCalldata(
    _delegatee: address,
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    """
    @notice Delegate both voting and proposition power.
    """
    return aaveToken, 0, abi_encode(_delegatee, method_id=method_id(DELEGATE_SIGNATURE))


@external
@view
def getProposeCalldata(
    _proposalData: Bytes[bounds.MAX_PROPOSAL_DATA],
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    """
    @param _proposalData abi.encode(executor, targets, values, signatures, calldatas, withDelegatecalls,
           ipfsHash); passed on as it is, so that the governor itself judges its form
    """
    return aaveGovernanceV2, 0, concat(method_id(PROPOSE_SIGNATURE), _proposalData)


@external
@view
def getRegisterCalldata(
    _setToken: address,
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    raise "No register available in AAVE governance"


@external
@view
def getRevokeCalldata() -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    raise "No revoke available in AAVE governance"


@external
@view
def getVotingPower(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice AAVE (and staked AAVE) of `_voter`, delegations included, at the proposal's start block.
    """
    head: Bytes[PROPOSAL_HEAD] = self._head(_proposalId)
    start_block: uint256 = extract32(head, START_BLOCK_PLACE, output_type=uint256)
    strategy: address = extract32(head, STRATEGY_PLACE, output_type=address)
    return staticcall VotingStrategy(strategy).getVotingPowerAt(_voter, start_block)


@external
@view
def getVotesCast(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice Votes Aave has counted of `_voter` on a proposal.
    """
    _support: bool = False
    votes: uint256 = 0
    _support, votes = staticcall Governance(aaveGovernanceV2).getVoteOnProposal(_proposalId, _voter)
    return votes


@external
@view
def getProposalWindow(_proposalId: uint256) -> (uint256, uint256, bool, bool):
    """
    @notice Start and end block: a vote is taken when start < block <= end.
    """
    head: Bytes[PROPOSAL_HEAD] = self._head(_proposalId)
    start: uint256 = extract32(head, START_BLOCK_PLACE, output_type=uint256)
    end: uint256 = extract32(head, END_BLOCK_PLACE, output_type=uint256)
    state: uint8 = staticcall Governance(aaveGovernanceV2).getProposalState(_proposalId)
    return start, end, False, state == PENDING or state == ACTIVE


@external
@view
def canAbstain() -> bool:
    return False


# ---------------------------------------------------------------- internal


@internal
@view
def _head(_id: uint256) -> Bytes[PROPOSAL_HEAD]:
    head: Bytes[PROPOSAL_HEAD] = raw_call(
        aaveGovernanceV2,
        abi_encode(_id, method_id=method_id("getProposalById(uint256)")),
        max_outsize=PROPOSAL_HEAD,
        is_static_call=True,
    )
    # Each proposal keeps the strategy it was made under; one that is not there has none, but has the id 0.
    strategy: address = extract32(head, STRATEGY_PLACE, output_type=address)
    assert strategy != empty(address), "No such proposal"
    return head
