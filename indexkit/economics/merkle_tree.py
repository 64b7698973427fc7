"""Merkle trees whose pairs are hashed in sorted order: leaves, roots and proofs.

Two constructions, which differ in where the odd leaf goes; one rule checks the proofs of both.

- `layered`, of the published lists (Uniswap's merkle-distributor): leaves sorted, neighbours paired
  layer by layer, the odd node at the end of a layer carried up as it is.
- `standard`, of the epochs (OpenZeppelin's StandardMerkleTree 1.0): leaves sorted and laid, last
  to first, behind the inner nodes of a complete binary tree.

Inner nodes have preimages of 64 bytes, leaves of 84 or 32: neither can be taken for the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError

Proof = tuple[bytes, ...]
"""Siblings from the leaf up."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A root and what proves its leaves.

    Attributes
    ----------
    root
        32 bytes.
    proofs
        Of each leaf, in the order in which the leaves were given.
    """

    root: bytes
    proofs: tuple[Proof, ...]


def initial_leaf(index: int, account: str, amount: int) -> bytes:
    """Return the leaf of a claim of a published list: keccak256(index 32 | account 20 | amount 32).

    Parameters
    ----------
    index
        Its place in the list, from 0.
    account
        An address.
    amount
        {base units}

    Raises
    ------
    IndexkitError
        A number that does not fit 256 bits.
    """
    return keccak(_word(index, "index") + _address(account) + _word(amount, "amount"))


def epoch_leaf(chain_id: int, distributor: str, account: str, cumulative: int) -> bytes:
    """Return the leaf of an account's claim of all epochs.

    As StandardMerkleTree has it: keccak256(keccak256(abi.encode(chain id, distributor, account,
    cumulative))), of types (uint256, address, address, uint256).

    Parameters
    ----------
    chain_id, distributor
        The contract that pays, and no other will.
    account
        An address.
    cumulative
        What it has earned in all epochs together {base units}.

    Raises
    ------
    IndexkitError
        A number that does not fit 256 bits.
    """
    addresses = (bytes(12) + _address(one) for one in (distributor, account))
    encoded = b"".join((_word(chain_id, "chain id"), *addresses, _word(cumulative, "cumulative")))
    return keccak(keccak(encoded))


def layered(leaves: Sequence[bytes]) -> Tree:
    """Return the tree of a published list.

    Raises
    ------
    IndexkitError
        There is no leaf, or one twice.
    """
    layer = _sorted(leaves)
    places = {leaf: place for place, leaf in enumerate(layer)}
    layers = [layer]
    while len(layer) > 1:
        pairs = zip(layer[::2], layer[1::2], strict=False)
        layer = [_pair(*pair) for pair in pairs] + (layer[-1:] if len(layer) % 2 else [])
        layers.append(layer)
    return Tree(layer[0], tuple(_climb(layers, places[leaf]) for leaf in leaves))


def standard(leaves: Sequence[bytes]) -> Tree:
    """Return the tree of an epoch.

    Raises
    ------
    IndexkitError
        There is no leaf, or one twice.
    """
    ordered = _sorted(leaves)
    last = 2 * len(ordered) - 2
    places = {leaf: last - place for place, leaf in enumerate(ordered)}
    # Node n has its children at 2n + 1 and 2n + 2.
    nodes = [b""] * (len(ordered) - 1) + ordered[::-1]
    for node in reversed(range(len(ordered) - 1)):
        nodes[node] = _pair(nodes[2 * node + 1], nodes[2 * node + 2])
    return Tree(nodes[0], tuple(_ascend(nodes, places[leaf]) for leaf in leaves))


def root_of(leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Return the root to which a proof leads from a leaf."""
    for sibling in proof:
        leaf = _pair(leaf, sibling)
    return leaf


def verify(root: bytes, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof leads from a leaf to the root, as the contract does."""
    return root_of(leaf, proof) == root


def _sorted(leaves: Sequence[bytes]) -> list[bytes]:
    if not leaves:
        raise IndexkitError("A Merkle tree needs leaves: name at least one claim.")
    if len(set(leaves)) < len(leaves):
        raise IndexkitError("A Merkle tree has the same leaf twice: name each claim once.")
    return sorted(leaves)


def _pair(left: bytes, right: bytes) -> bytes:
    return keccak(left + right if left < right else right + left)


def _climb(layers: Sequence[Sequence[bytes]], place: int) -> Proof:
    proof = []
    for layer in layers:
        if place ^ 1 < len(layer):
            proof.append(layer[place ^ 1])
        place //= 2
    return tuple(proof)


def _ascend(nodes: Sequence[bytes], place: int) -> Proof:
    proof = []
    while place:
        proof.append(nodes[place + 1 if place % 2 else place - 1])
        place = (place - 1) // 2
    return tuple(proof)


def _word(value: int, name: str) -> bytes:
    if not 0 <= value < 2**256:
        raise IndexkitError(f"The {name} {value} does not fit 256 bits: correct it.")
    return value.to_bytes(32, "big")


def _address(account: str) -> bytes:
    return bytes.fromhex(account.removeprefix("0x"))
