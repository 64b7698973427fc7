# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Compound-type governance
@license MIT
@notice What a SetToken must call at a governor of Compound's kind and its token; all but the vote.
@dev Calldata only, no state.
"""

from contracts.lib import bounds

interface Governor:
    def proposals(_id: uint256) -> (uint256, address, uint256, uint256): view
    def getReceipt(_id: uint256, _voter: address) -> (bool, uint256, uint256): view

interface GovernanceToken:
    def getPriorVotes(_account: address, _block: uint256) -> uint256: view

DELEGATE_SIGNATURE: public(constant(String[17])) = "delegate(address)"
PROPOSE_SIGNATURE: public(constant(String[57])) = (
    "propose(address[],uint256[],string[],bytes[],string)"
)

GOVERNOR: immutable(address)
governanceToken: public(immutable(address))


@deploy
def __init__(_governor: address, _governance_token: address):
    GOVERNOR = _governor
    governanceToken = _governance_token


@external
@view
def getDelegateCalldata(
    _delegatee: address,
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    return self._delegation(_delegatee)


@external
@view
def getRegisterCalldata(
    _setToken: address,
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    """
    @notice Delegate to the SetToken itself: without it, its tokens count for nobody.
    """
    return self._delegation(_setToken)


@external
@view
def getRevokeCalldata() -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    """
    @notice Delegate to nobody.
    """
    return self._delegation(empty(address))


@external
@view
def getProposeCalldata(
    _proposalData: Bytes[bounds.MAX_PROPOSAL_DATA],
) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    """
    @param _proposalData abi.encode(targets, values, signatures, calldatas, description); passed on as it
           is, so that the governor itself judges its form
    """
    return GOVERNOR, 0, concat(method_id(PROPOSE_SIGNATURE), _proposalData)


@external
@view
def getVotingPower(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice Votes delegated to `_voter` at the proposal's start block.
    """
    id: uint256 = 0
    _proposer: address = empty(address)
    _eta: uint256 = 0
    start_block: uint256 = 0
    id, _proposer, _eta, start_block = staticcall Governor(GOVERNOR).proposals(_proposalId)
    assert id == _proposalId, "No such proposal"
    return staticcall GovernanceToken(governanceToken).getPriorVotes(_voter, start_block)


@external
@view
def getVotesCast(_voter: address, _proposalId: uint256) -> uint256:
    """
    @notice Votes the governor has counted of `_voter` on a proposal.
    """
    _has_voted: bool = False
    # A truth value with Alpha, a number with Bravo.
    _choice: uint256 = 0
    votes: uint256 = 0
    _has_voted, _choice, votes = staticcall Governor(GOVERNOR).getReceipt(_proposalId, _voter)
    return votes


@internal
@view
def _zero_address() -> Bytes[32]:
    """
    @notice Answer ZERO_ADDRESS(), a name this language reserves; refuse every other unknown function.
    """
    assert slice(msg.data, 0, 4) == method_id("ZERO_ADDRESS()"), "Unknown function"
    return abi_encode(empty(address))


@internal
@view
def _delegation(_delegatee: address) -> (address, uint256, Bytes[bounds.MAX_INVOKE_DATA]):
    return governanceToken, 0, abi_encode(_delegatee, method_id=method_id(DELEGATE_SIGNATURE))
