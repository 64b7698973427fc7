# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title CompoundLikeGovernanceAdapter
@license MIT
@notice What a SetToken must call at a Governor Alpha: Uniswap's, or Compound's first.
@dev Calldata only, no state.
"""

from contracts.lib import bounds
from contracts.lib import compound_governance
from interfaces import IGovernanceAdapter

implements: IGovernanceAdapter

initializes: compound_governance

exports: compound_governance.__interface__


@deploy
def __init__(_governorAlpha: address, _governanceToken: address):
    compound_governance.__init__(_governorAlpha, _governanceToken)


@external
@view
def governorAlpha() -> address:
    return compound_governance.GOVERNOR


@external
@view
def getVoteCalldata(
    _proposalId: uint256, _support: bool, _data: Bytes[bounds.MAX_VOTE_DATA]
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    """
    @dev `_data` is ignored.
    """
    return (
        compound_governance.GOVERNOR,
        0,
        abi_encode(_proposalId, _support, method_id=method_id("castVote(uint256,bool)")),
    )


@external
@view
def getVotingPower(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice Votes delegated to `_voter` at the proposal's start block.
    """
    return compound_governance._prior_votes(_voter, compound_governance._start(_proposalId))


@external
@view
def getProposalWindow(_proposalId: uint256) -> (uint256, uint256, bool, bool):
    """
    @notice Start and end block: a vote is taken when start < block <= end.
    """
    start: uint256 = 0
    end: uint256 = 0
    is_open: bool = False
    start, end, is_open = compound_governance._window(_proposalId)
    return start, end, False, is_open


@external
@view
def canAbstain() -> bool:
    return False


@external
@view
@raw_return
def __default__() -> Bytes[32]:
    return compound_governance._zero_address()
