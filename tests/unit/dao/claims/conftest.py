"""Distributors of INDEX, and the real lists they pay.

All fixtures here are of the module's scope. Ape undoes what those did when one of the session's
comes in later, so each module names at its top the ones of the session that it uses.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ape import chain, project
from ape.api import AccountAPI
from ape.contracts import ContractInstance
from payer import Claimed, Payer, of
from twins.node import Node

from indexkit.economics.epochs import Epoch, from_lists
from indexkit.economics.lists import ClaimList, read_initial, read_rewards


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """Return Ape's node, spoken to directly: a call costs 0.2 ms there."""
    connected = Node(chain.provider.web3.provider.endpoint_uri)
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def published() -> ClaimList:
    """Return the initial distribution: 1,151 claims."""
    return read_initial()


@pytest.fixture(scope="module")
def claims(published: ClaimList) -> list[Claimed]:
    """Return its claims with their proofs."""
    return [
        Claimed(index, claim.account, claim.amount, proof)
        for index, (claim, proof) in enumerate(zip(published.claims, published.proofs, strict=True))
    ]


@pytest.fixture(scope="module")
def make_distributor(
    treasury: AccountAPI, index_token: ContractInstance, published: ClaimList
) -> Callable[..., ContractInstance]:
    """Return a function that deploys a distributor of the treasury's; nothing is in it."""

    def make(
        token: ContractInstance = index_token, root: bytes = published.root
    ) -> ContractInstance:
        distributor = treasury.deploy(project.MerkleDistributor, token, root)
        token.approve(distributor, 2**96 - 1, sender=treasury)
        return distributor

    return make


@pytest.fixture(scope="module")
def distributor(make_distributor: Callable[..., ContractInstance]) -> ContractInstance:
    """Deploy the distributor of the initial distribution; nothing is in it."""
    return make_distributor()


@pytest.fixture(scope="module")
def make_payer(
    make_distributor: Callable[..., ContractInstance], node: Node
) -> Callable[..., Payer]:
    """Return a function that deploys a distributor to be spoken to directly."""

    def make(*arguments: Any, **named: Any) -> Payer:
        return of(node, make_distributor(*arguments, **named).address)

    return make


@pytest.fixture(scope="module")
def months_of() -> Callable[[str], tuple[Epoch, ...]]:
    """Return a function that gives the contributors' rewards as epochs of a distributor."""
    rewards = read_rewards()
    return lambda address: from_lists(1, address, rewards)


@pytest.fixture(scope="module")
def balance_of(index_token: ContractInstance, node: Node) -> Callable[[str], int]:
    """Return a function that gives a balance {INDEX base units}."""

    def ask(account: str) -> int:
        data = index_token.balanceOf.encode_input(account)
        success, answer = node.call(account, index_token.address, data)
        assert success
        return int.from_bytes(answer, "big")

    return ask
