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
    def state(_id: uint256) -> uint8: view
    def getReceipt(_id: uint256, _voter: address) -> (bool, uint256, uint256): view

interface GovernanceToken:
    def getPriorVotes(_account: address, _block: uint256) -> uint256: view

DELEGATE_SIGNATURE: public(constant(String[17])) = "delegate(address)"
PROPOSE_SIGNATURE: public(constant(String[57])) = (
    "propose(address[],uint256[],string[],bytes[],string)"
)

# Places of members in the first five words of what proposals(id) returns; the id is the first.
START_PLACE: constant(uint256) = 32 * 3
END_PLACE: constant(uint256) = 32 * 4
PROPOSAL_HEAD: constant(uint256) = 32 * 5
# The states in which a vote is or will be taken are pending, 0, and this.
ACTIVE: constant(uint8) = 1

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
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    return self._delegation(_delegatee)


@external
@view
def getRegisterCalldata(
    _setToken: address,
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    """
    @notice Delegate to the SetToken itself: without it, its tokens count for nobody.
    """
    return self._delegation(_setToken)


@external
@view
def getRevokeCalldata() -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
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
def _head(_id: uint256) -> Bytes[PROPOSAL_HEAD]:
    success: bool = False
    head: Bytes[PROPOSAL_HEAD] = b""
    success, head = raw_call(
        GOVERNOR,
        abi_encode(_id, method_id=method_id("proposals(uint256)")),
        max_outsize=PROPOSAL_HEAD,
        is_static_call=True,
        revert_on_failure=False,
    )
    # A governor refuses an unknown id, or answers with nothing; the id 0 is nobody's.
    known: bool = success and _id != 0 and extract32(head, 0, output_type=uint256) == _id
    assert known, "No such proposal"
    return head


@internal
@view
def _start(_id: uint256) -> uint256:
    return extract32(self._head(_id), START_PLACE, output_type=uint256)


@internal
@view
def _prior_votes(_voter: address, _block: uint256) -> uint256:
    return staticcall GovernanceToken(governanceToken).getPriorVotes(_voter, _block)


@internal
@view
def _window(_id: uint256) -> (uint256, uint256, bool):
    """
    @notice Start and end by the governor's clock, and whether the proposal is pending or active.
    """
    head: Bytes[PROPOSAL_HEAD] = self._head(_id)
    start: uint256 = extract32(head, START_PLACE, output_type=uint256)
    end: uint256 = extract32(head, END_PLACE, output_type=uint256)
    return start, end, staticcall Governor(GOVERNOR).state(_id) <= ACTIVE


@internal
@view
def _delegation(_delegatee: address) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    return governanceToken, 0, abi_encode(_delegatee, method_id=method_id(DELEGATE_SIGNATURE))
