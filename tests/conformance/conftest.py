"""The chain with the original protocol and ours on it, and what was found out so far."""

import ape
import pytest
from ape import accounts
from twins import market, world
from twins.comparison import Tally
from twins.node import Node
from twins.scenario import Theatre

from indexkit.localnet.chain import BLOCK_TIME_S


@pytest.fixture(scope="session")
def theatre():
    """Deploy the market, the original protocol and ours on the chain Ape is connected to."""
    node = Node(ape.chain.provider.web3.provider.endpoint_uri)
    node.ask("anvil_setBlockTimestampInterval", BLOCK_TIME_S)
    actors = dict(
        zip(
            world.ACTORS,
            [account.address for account in accounts.test_accounts[: len(world.ACTORS)]],
            strict=True,
        )
    )
    worlds = world.build(node, actors)
    world.share(worlds, market.Market(node).build())
    yield Theatre(node, {one.name: one for one in worlds}, actors)
    node.close()


@pytest.fixture(scope="session")
def tally():
    """Return what all comparisons of this run covered."""
    return Tally()
