"""The chain with the original protocol and ours on it, and what was found out so far."""

import os

import ape
import pytest
from ape import accounts
from twins import market, season, world
from twins.node import Node
from twins.scenario import Theatre

from indexkit.localnet.chain import BLOCK_TIME_S


@pytest.fixture(scope="session")
def theatre():
    """Deploy the market, the original protocol and ours on the chain Ape is connected to."""
    node = Node(ape.chain.provider.web3.provider.endpoint_uri)
    first = accounts.test_accounts[: len(world.ACTORS)]
    actors = dict(zip(world.ACTORS, [account.address for account in first], strict=True))
    with node.block_time(BLOCK_TIME_S):
        worlds = world.build(node, actors)
        world.share(worlds, market.Market(node).build())
    yield Theatre(node, {one.name: one for one in worlds}, actors)
    node.close()


@pytest.fixture(autouse=True)
def block_time(theatre):
    """Let the same time pass between blocks in both futures; the rest of the suite has its own."""
    with theatre.node.block_time(BLOCK_TIME_S):
        yield


@pytest.fixture(scope="session")
def random_seed():
    """Return what the random sequences start from (CONFORMANCE_SEED)."""
    return int(os.environ.get("CONFORMANCE_SEED", "20201007"))


@pytest.fixture(scope="session")
def run(theatre, random_seed, request):
    """Return what plays every scenario once; what was covered is written down in the end."""
    one = season.Season(theatre)
    yield one
    path = season.write(one, random_seed)
    request.config.stash[SUMMARY] = path


SUMMARY = pytest.StashKey()


def pytest_terminal_summary(terminalreporter, config):
    """Say where the summary is; print it for CONFORMANCE_PROGRESS."""
    path = config.stash.get(SUMMARY, None)
    if path is None:
        return
    if os.environ.get("CONFORMANCE_PROGRESS"):
        terminalreporter.write_line(path.read_text())
    terminalreporter.write_line(f"conformance: summary in {path.relative_to(config.rootpath)}")
