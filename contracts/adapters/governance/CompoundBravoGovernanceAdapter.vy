# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title CompoundBravoGovernanceAdapter
@license MIT
@notice What a SetToken must call at a Governor Bravo, such as Compound's since April 2021.
@dev Calldata only, no state. A governor with OpenZeppelin's Bravo functions may count seconds instead of
     blocks (EIP-6372).
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

# CLOCK_MODE() of a governor that counts seconds, and what it takes to return it.
SECONDS: constant(String[14]) = "mode=timestamp"
MODE_ANSWER: constant(uint256) = 32 * 3


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
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
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
def getVotingPower(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice Votes delegated to `_voter` at the proposal's start, by the governor's own reckoning if it has one.
    """
    start: uint256 = compound_governance._start(_proposalId)
    success: bool = False
    votes: Bytes[32] = b""
    success, votes = raw_call(
        compound_governance.GOVERNOR,
        abi_encode(_voter, start, method_id=method_id("getVotes(address,uint256)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if success and len(votes) == 32:
        return convert(votes, uint256)
    return compound_governance._prior_votes(_voter, start)


@external
@view
def getProposalWindow(_proposalId: uint256) -> (uint256, uint256, bool, bool):
    """
    @notice Start and end, blocks or timestamps: a vote is taken when start < clock <= end.
    """
    start: uint256 = 0
    end: uint256 = 0
    is_open: bool = False
    start, end, is_open = compound_governance._window(_proposalId)
    return start, end, self._counts_seconds(), is_open


@external
@view
def canAbstain() -> bool:
    return True


@external
@view
@raw_return
def __default__() -> Bytes[32]:
    return compound_governance._zero_address()


# ---------------------------------------------------------------- internal


@internal
@view
def _counts_seconds() -> bool:
    success: bool = False
    answer: Bytes[MODE_ANSWER] = b""
    success, answer = raw_call(
        compound_governance.GOVERNOR,
        method_id("CLOCK_MODE()"),
        max_outsize=MODE_ANSWER,
        is_static_call=True,
        revert_on_failure=False,
    )
    return success and answer == abi_encode(SECONDS)
