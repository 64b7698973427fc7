# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title CompoundBravoGovernanceAdapter
@license MIT
@notice What a SetToken must call at a Governor Bravo, such as Compound's since April 2021.
@dev Calldata only, no state.
"""

from contracts.lib import bounds
from contracts.lib import compound_governance
from interfaces import IGovernanceAdapter

implements: IGovernanceAdapter

initializes: compound_governance

exports: compound_governance.__interface__

AGAINST: constant(uint8) = 0
IN_FAVOUR: constant(uint8) = 1
ABSTAIN: constant(uint8) = 2


@deploy
def __init__(_governorBravo: address, _governanceToken: address):
    compound_governance.__init__(_governorBravo, _governanceToken)


@external
@view
def governorBravo() -> address:
    return compound_governance.GOVERNOR


@external
@view
def getVoteCalldata(
    _proposalId: uint256, _support: bool, _data: Bytes[bounds.MAX_VOTE_DATA]
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    """
    @dev One word abi.encode(2) in `_data` abstains, whatever `_support` says; other data is ignored, as by
         the original adapter.
    """
    choice: uint8 = AGAINST
    if len(_data) == 32 and extract32(_data, 0, output_type=uint256) == convert(ABSTAIN, uint256):
        choice = ABSTAIN
    elif _support:
        choice = IN_FAVOUR
    return (
        compound_governance.GOVERNOR,
        0,
        abi_encode(_proposalId, choice, method_id=method_id("castVote(uint256,uint8)")),
    )


@external
@view
@raw_return
def __default__() -> Bytes[32]:
    return compound_governance._zero_address()
