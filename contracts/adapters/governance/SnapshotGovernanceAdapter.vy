# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title SnapshotGovernanceAdapter
@license MIT
@notice What a SetToken must call to let another account vote for it on Snapshot, in every space.
@dev Calldata only, no state. Votes and proposals are signed off-chain: the delegate makes them, so that
     there is no function for them here, as in the original.
"""

from contracts.lib import bounds

SET_DELEGATE_SIGNATURE: public(constant(String[28])) = "setDelegate(bytes32,address)"
CLEAR_DELEGATE_SIGNATURE: public(constant(String[22])) = "clearDelegate(bytes32)"

# The registry's id of all spaces together.
EVERYWHERE: constant(bytes32) = empty(bytes32)

delegateRegistry: public(immutable(address))


@deploy
def __init__(_delegateRegistry: address):
    delegateRegistry = _delegateRegistry


@external
@view
def getDelegateCalldata(
    _delegatee: address,
) -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    return (
        delegateRegistry,
        0,
        abi_encode(EVERYWHERE, _delegatee, method_id=method_id(SET_DELEGATE_SIGNATURE)),
    )


@external
@view
def getRevokeCalldata() -> (address, uint256, Bytes[bounds.MAX_VOTE_CALL]):
    return delegateRegistry, 0, abi_encode(EVERYWHERE, method_id=method_id(CLEAR_DELEGATE_SIGNATURE))
