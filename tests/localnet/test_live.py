"""Forks of a live chain: a second anvil stands for Ethereum."""

import os
import subprocess

import pytest
from ape import chain as ape_chain

from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, is_embedded, mine, token_at
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.node import DevAccounts, start_node
from indexkit.localnet.paths import ROOT
from indexkit.localnet.provider import LocalnetProvider
from indexkit.localnet.rpc import Rpc, shown
from indexkit.localnet.upstream import Upstream


@pytest.fixture(scope="module")
def ethereum():
    """Run the node that stands for Ethereum."""
    node = start_node(DevAccounts.of_ape(), None)
    yield node
    node.stop()


@pytest.fixture
def fork(ethereum, networks, monkeypatch):
    """Connect to a fork of it."""
    monkeypatch.setenv("MAINNET_RPC_URL", ethereum.url)
    network = networks.ethereum.mainnet_fork
    with network.use_provider(LocalnetProvider(name="foundry", network=network)) as provider:
        yield provider


def test_fork__has_the_live_state(fork, ethereum):
    """Nothing is placed: what is there comes from the live chain."""
    assert fork.uri != ethereum.url
    assert fork.chain_id == 1
    assert not is_embedded(fork)
    assert not is_embedded()
    assert token_at(addresses.AAVE).symbol() == "AAVE"


def test_deal__on_a_fork(fork, accounts):
    """Tokens come out of nothing there, and are added to the balance."""
    amount = 123_456 * 10**18
    weth = token_at(addresses.WETH)
    deal(weth, accounts[4], amount)
    deal(weth, accounts[4], 1)
    assert weth.balanceOf(accounts[4]) == amount + 1


def test_mine__on_a_fork(fork):
    """Blocks are mined there, none is jumped over."""
    before = ape_chain.blocks.head.number
    mine(40)
    assert ape_chain.blocks.head.number == before + 40
    assert fork.make_request("eth_getBlockByNumber", [hex(before + 20), False])["number"]


def test_fork__leaves_the_live_chain_alone(fork, ethereum, accounts):
    """What happens on the fork stays there."""
    before = Rpc(ethereum.url).call("eth_blockNumber")
    accounts[0].transfer(accounts[1], 1)
    assert Rpc(ethereum.url).call("eth_blockNumber") == before


@pytest.fixture
def archive():
    """Run a node that keeps its history, with five blocks."""
    node = AnvilNode.start(("--chain-id", "1"))
    Rpc(node.url).call("anvil_mine", "0x5")
    yield node
    node.stop()


def test_fork__at_a_block(archive, networks, monkeypatch):
    """MAINNET_FORK_BLOCK chooses the block; later ones are not there until asked for."""
    monkeypatch.setenv("MAINNET_RPC_URL", archive.url)
    monkeypatch.setenv("MAINNET_FORK_BLOCK", "3")
    provider = LocalnetProvider(name="foundry", network=networks.ethereum.mainnet_fork)
    provider.connect()
    assert provider.get_block("latest").number == 3
    provider.reset_fork()
    assert provider.get_block("latest").number == 5
    provider.disconnect()


def test_fork__absent_block__raises(archive):
    """A block the live chain does not have is said in anvil's words, without the endpoint's key."""
    upstream = Upstream(f"{archive.url}/?key=secret", 99)
    with pytest.raises(IndexkitError) as error:
        start_node(DevAccounts.of_ape(), upstream)
    assert error.value.message.startswith("anvil ended at once: Failed to get block")
    assert "secret" not in error.value.message


def test_fork__block_is_no_number__raises(monkeypatch):
    """A block that is none is refused."""
    monkeypatch.setenv("MAINNET_FORK_BLOCK", "latest")
    with pytest.raises(IndexkitError, match="MAINNET_FORK_BLOCK must be a block number"):
        Upstream.from_environment()


def test_fork__unreachable__raises():
    """The sentence names the host and the remedy, and keeps the key to itself."""
    with pytest.raises(IndexkitError) as error:
        Upstream("http://user:secret@127.0.0.1:9/v2/secret").check()
    assert error.value.message == (
        "The Ethereum node at http://127.0.0.1:9 does not answer; "
        "set MAINNET_RPC_URL to a working one, or unset it to run offline."
    )


def test_fork__no_url__raises():
    """Something else than a URL is refused without being repeated."""
    with pytest.raises(IndexkitError, match="is not an http"):
        Upstream("secret").check()


def test_fork__of_another_chain__raises():
    """A node of another chain is refused."""
    node = AnvilNode.start(("--chain-id", "10", "--accounts", "0"))
    with pytest.raises(IndexkitError, match="has chain id 10, not Ethereum's 1"):
        Upstream(node.url).check()
    node.stop()


def test_reset_fork__embedded__raises(chain):
    """The embedded chain is no fork."""
    with pytest.raises(IndexkitError, match="cannot be forked anew"):
        chain.provider.reset_fork()


def test_shown__keeps_secrets():
    """Only scheme, host and port of an endpoint are ever shown."""
    assert shown("https://key@eth.example.org/v2/secret?x=1") == "https://eth.example.org"


@pytest.mark.parametrize(
    ("variables", "arguments", "sentence"),
    [
        ({"MAINNET_RPC_URL": "http://127.0.0.1:9/key"}, [], "http://127.0.0.1:9 does not answer;"),
        ({}, ["--rebalance", "nothing"], "No rebalance is called 'nothing'"),
    ],
)
def test_command__fails_with_one_sentence(variables, arguments, sentence):
    """A command that cannot have its node says why in one line, and fails."""
    run = subprocess.run(
        ["ape", "run", "localnet", "--port", "18999", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.startswith("Error: ")
    assert run.stderr.count("\n") == 1
    assert sentence in run.stderr
