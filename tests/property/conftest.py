"""The chain with the system whose invariants are checked, and what the histories counted."""

import ape
import pytest
from invariants.code import ours
from invariants.play import BLOCK_S
from invariants.prepare import prepare
from invariants.system import System
from twins.node import Node


@pytest.fixture(scope="session")
def system():
    """Deploy the market, the protocol and two indices on the chain Ape is connected to."""
    node = Node(ape.chain.provider.web3.provider.endpoint_uri)
    with node.block_time(BLOCK_S):
        built = System(node, ours)
        prepare(built)
    yield built
    node.close()
