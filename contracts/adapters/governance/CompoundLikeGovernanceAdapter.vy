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
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
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
@raw_return
def __default__() -> Bytes[32]:
    return compound_governance._zero_address()
