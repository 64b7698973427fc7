"""The chain with the system whose invariants are checked."""

import pytest
from invariants.code import ours
from invariants.prepare import prepare
from invariants.system import System
from twins.node import own_chain


@pytest.fixture(scope="session")
def system():
    """Deploy the market, the protocol and two indices on a chain of their own."""
    with own_chain() as node:
        built = System(node, ours)
        prepare(built)
        yield built
