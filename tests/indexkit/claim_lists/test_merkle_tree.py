"""Merkle trees: vectors made by others, and properties of both constructions (R-21)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit.economics.lists import read_initial
from indexkit.economics.merkle_tree import (
    epoch_leaf,
    initial_leaf,
    layered,
    root_of,
    standard,
    verify,
)
from indexkit.errors import IndexkitError

DISTRIBUTOR = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
ROOTS = {
    1: "aa4c1fa45d537514046b1912fcda0d8263b40ff7f1edf91b4da148522da2228d",
    2: "d436b50482dff904030538e505af1a3aaeca67e748c1fbb418774670e2355518",
    3: "9c29ef4aa2a4a22eb155c952209517d2794a3fb64dcfcf7ed10af8f1808060d3",
    5: "c38cbeb47d7d8c57df0aa8f796df166cbab0da9b2bb9d08fdf96ea8f630587ba",
    6: "e52b858312023c99afb4a2befec70a45c96e58db490c9b4fe0c532ca1b55e4c7",
    7: "20616d138c24ca120c384645f671d1b58f9a2c4963ef9cc1ba4889fbd7deeac1",
    11: "7a5904a9878890516f535dc4e8b299b3ea35a542d09af52814fb0be9e98bffce",
}
"""By @openzeppelin/merkle-tree 1.0.8: StandardMerkleTree.of(values, ["uint256", "address",
"address", "uint256"]).root, where the values are `earned` of so many accounts."""

PROOFS_OF_FIVE = [
    [
        "8fefa29edfcce167a51a12210bb99b478fba3abbb33a9d1e389f87867f26c691",
        "1b4aa0d84edeb3c1cc09eea4d7efc1b0a408479d0d775897f1ead82a44fcdbcb",
    ],
    [
        "3177f39838e8217a96050834d33e8cf9c5ab62271a1ddc5cfc827bc34392dde6",
        "f197a9e2ee9d2622a03d79c53447d59a8793877a716546fd24e12be35dd23eab",
        "50fe360e90a6ae801d07a134d223d22845579d3db2ef530ed37799e13c8eda9a",
    ],
    [
        "aa4c1fa45d537514046b1912fcda0d8263b40ff7f1edf91b4da148522da2228d",
        "1b4aa0d84edeb3c1cc09eea4d7efc1b0a408479d0d775897f1ead82a44fcdbcb",
    ],
    [
        "c3bd8c06598e2bc7546df534d612f07ce061e725e9729ed29400ae48dfb9d972",
        "50fe360e90a6ae801d07a134d223d22845579d3db2ef530ed37799e13c8eda9a",
    ],
    [
        "315bf0cd11488884908c2d27526cf86872519c8d6a8c09a1e056fcb365ae2803",
        "f197a9e2ee9d2622a03d79c53447d59a8793877a716546fd24e12be35dd23eab",
        "50fe360e90a6ae801d07a134d223d22845579d3db2ef530ed37799e13c8eda9a",
    ],
]
"""Of the same library, for five accounts."""

PUBLISHED = [
    "e358758cf66a04e50b2f99d95a75f2d54cef1c74f9725db7d5ea8d55ca134b9b",
    "127ef8914fb285a12df56b300a0deca9cf9c886364854e6d2278ca1c9d75e36f",
    "f642e72d128a35bf815f838dd7a0ece4aaae172cd2d3ef395a4ec1b499489b45",
    "6900ecbc64f8bbc3ffd38c5f00f3de28d062cce2f117d66d17bb81c8aa4a8320",
    "33d3fc34af8e1cea4c35b1b06c96f0a0b131e8ac4dcbafb57151b686db04bd3a",
    "f122ad359448c72cc3a4b9df8a1e66704aaad71f0053ba7245a2821972194d34",
    "429719adbdf02034ba8975c210c8c7c41806dd77bbba8fc949eb34f44dbd00d7",
    "9852b6ef3d6bcdf91c0fe0b663d0f1b223b85c1b70311733f6ecfa65da4deea8",
]
"""The proof of claim 3 in IndexCoop/index-ui@34fe1495 src/index-sdk/rewardsMerkleRoot.json: shorter
than its neighbours' eleven, since odd nodes above it were carried up."""

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)
TREES = pytest.mark.parametrize("tree_of", [layered, standard])


def earned(accounts):
    """Return the leaves of accounts 0xa0, 0xa1, … that have earned 1,000, 2,000, … coins."""
    return [
        epoch_leaf(1, DISTRIBUTOR, f"0x{0xA0 + place:040x}", (place + 1) * 10**21)
        for place in range(accounts)
    ]


@pytest.mark.parametrize("accounts", ROOTS)
def test_standard__is_openzeppelins(accounts):
    """R-21: roots of full and of ragged trees, made by the library wallets and explorers know."""
    assert standard(earned(accounts)).root.hex() == ROOTS[accounts]


def test_standard__proofs_are_openzeppelins():
    """R-21: each sibling, from the leaf up."""
    proofs = standard(earned(5)).proofs
    assert [[sibling.hex() for sibling in proof] for proof in proofs] == PROOFS_OF_FIVE


def test_layered__proof_is_the_published_one():
    """R-21: what Index Coop's page showed the fourth of the list, sibling by sibling."""
    published = read_initial()
    claim = published.claims[3]
    assert [sibling.hex() for sibling in published.proofs[3]] == PUBLISHED
    leaf = initial_leaf(3, claim.account, claim.amount)
    assert root_of(leaf, [bytes.fromhex(one) for one in PUBLISHED]) == published.root


@TREES
@settings(max_examples=60, deadline=None)
@given(leaves=LEAVES)
def test_trees__every_leaf_is_proven__no_other(tree_of, leaves):
    """R-21: each by its own proof; by no neighbour's, no part of it, nothing added or swapped."""
    tree = tree_of(leaves)
    assert tree_of(leaves[::-1]).root == tree.root
    for place, leaf in enumerate(leaves):
        proof = tree.proofs[place]
        assert verify(tree.root, leaf, proof)
        altered = [proof[:-1], proof[1:]] if proof else []
        altered += [(*proof, leaf), (*proof, tree.root), (leaf, *proof)]
        altered += [other for other in tree.proofs if other != proof]
        altered += [proof[::-1]] if proof[::-1] != proof else []
        altered += [
            (*proof[:level], bytes([proof[level][0] ^ 1]) + proof[level][1:], *proof[level + 1 :])
            for level in range(len(proof))
        ]
        assert not any(verify(tree.root, leaf, one) for one in altered)


@TREES
@pytest.mark.parametrize(
    ("leaves", "reason"), [([], "needs leaves"), ([bytes(32)] * 2, "the same leaf twice")]
)
def test_trees__no_leaf_or_one_twice__refused(tree_of, leaves, reason):
    """A tree of nothing has no root; a leaf twice is a claim twice."""
    with pytest.raises(IndexkitError, match=reason):
        tree_of(leaves)


@pytest.mark.parametrize("number", [-1, 2**256])
def test_leaves__number_beyond_256_bits__refused(number):
    """What the contract could not be asked for is no leaf."""
    account = "0x" + "11" * 20
    with pytest.raises(IndexkitError, match="does not fit 256 bits"):
        initial_leaf(0, account, number)
    with pytest.raises(IndexkitError, match="does not fit 256 bits"):
        epoch_leaf(number, account, account, 1)
