# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Two parties
@license MIT
@notice An operator and a methodologist, and calls that take effect only when both have made them.
@dev The one who calls first approves, the other executes. Nothing here calls another contract.
"""

from contracts.lib import bounds
from interfaces import IIndexManager

# {s} How long a call waits for the other party.
APPROVAL_PERIOD: constant(uint256) = 7 * 86_400

# Runs the index within the allow-list.
operator: public(reentrant(address))

# Wrote the rules of the index; without it the powers stay as they are.
methodologist: public(reentrant(address))

# Counts the pairs of parties. An approval of an earlier pair that survived would let one who has left, or who has
# changed sides, be half of an agreement.
term: uint256

# term -> hash of the call -> who made it first, and until when it counts
approvals: HashMap[uint256, HashMap[bytes32, IIndexManager.Approval]]


@deploy
def __init__(_operator: address, _methodologist: address):
    assert _operator != _methodologist, "Parties must differ"
    self.operator = _operator
    self.methodologist = _methodologist

    log IIndexManager.OperatorChanged(_old=empty(address), _new=_operator)
    log IIndexManager.MethodologistChanged(_old=empty(address), _new=_methodologist)


@external
def cancelApproval(_id: bytes32):
    """
    @notice Take back an approval.
    @dev The party that gave it only.
    """
    assert (
        self.approvals[self.term][_id].party == msg.sender
    ), "Must be the party that approved"

    self.approvals[self.term][_id] = empty(IIndexManager.Approval)

    log IIndexManager.ApprovalCancelled(_party=msg.sender, _id=_id)


@external
@view
@reentrant
def approval(_id: bytes32) -> IIndexManager.Approval:
    """
    @notice Who approved a call, and until when {s}; empty when nobody did, or it is used, cancelled or void.
    @param _id Hash of the calldata
    """
    return self.approvals[self.term][_id]


@internal
@view
def _only_operator():
    assert msg.sender == self.operator, "Must be operator"


@internal
def _agree(_call: Bytes[bounds.MAX_AGREED_DATA]) -> bool:
    """
    @notice Count this call as approval, unless the other party made it first.
    @dev Either party only. `_call` is encoded anew from what was decoded, so that one meaning has one hash. An
         approval of the caller's own, or one that has expired, is replaced.
    @return Whether both have made it now
    """
    assert msg.sender in [self.operator, self.methodologist], "Must be operator or methodologist"
    id: bytes32 = keccak256(_call)
    first: IIndexManager.Approval = self.approvals[self.term][id]

    if (
        first.party not in [empty(address), msg.sender]
        and block.timestamp <= first.expiry
    ):
        self.approvals[self.term][id] = empty(IIndexManager.Approval)

        log IIndexManager.CallAgreed(_id=id)
        return True

    expiry: uint256 = block.timestamp + APPROVAL_PERIOD
    self.approvals[self.term][id] = IIndexManager.Approval(party=msg.sender, expiry=expiry)

    log IIndexManager.CallApproved(_party=msg.sender, _id=id, _expiry=expiry, _call=_call)
    return False


@internal
def _set_operator(_operator: address):
    assert _operator != self.methodologist, "Parties must differ"
    old: address = self.operator
    self.operator = _operator
    self.term += 1

    log IIndexManager.OperatorChanged(_old=old, _new=_operator)


@internal
def _set_methodologist(_methodologist: address):
    assert _methodologist != self.operator, "Parties must differ"
    old: address = self.methodologist
    self.methodologist = _methodologist
    self.term += 1

    log IIndexManager.MethodologistChanged(_old=old, _new=_methodologist)
