# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Merkle proof
@license MIT
@notice Follows a proof from a leaf to the root of its tree. Pairs are hashed in sorted order.
@dev Stateless. Whoever hashes the leaf must see to it that none can be taken for an inner node: its
     preimage must not be 64 bytes long.
"""

from contracts.lib import bounds


@internal
@pure
def _root(_leaf: bytes32, _proof: DynArray[bytes32, bounds.MAX_PROOF]) -> bytes32:
    """
    @return The root of the tree that `_proof` belongs to if the leaf is in it; of no tree, if not
    """
    node: bytes32 = _leaf
    for sibling: bytes32 in _proof:
        if convert(node, uint256) < convert(sibling, uint256):
            node = keccak256(concat(node, sibling))
        else:
            node = keccak256(concat(sibling, node))
    return node
