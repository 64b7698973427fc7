"""The Ape provider: that it is ours, whose node it uses, and that the node ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pluggy
import pytest
from ape.plugins.pluggy_patch import hookspec

from indexkit.errors import IndexkitError
from indexkit.localnet import anvil, is_embedded, state
from indexkit.localnet.anvil import AnvilNode, find_anvil
from indexkit.localnet.paths import BUILD, ROOT
from indexkit.localnet.process import remove_dead_homes
from indexkit.localnet.provider import LocalnetProvider
from indexkit.localnet.rpc import Rpc

PLAIN = ("--chain-id", "1", "--accounts", "0")
CONNECT = """
import sys, time
from ape import networks
with networks.parse_network_choice("ethereum:mainnet-fork:foundry") as provider:
    print(provider.process.pid, provider.uri, provider._node.home, flush=True)
    if sys.argv[1] == "raise":
        raise RuntimeError("on purpose")
    if sys.argv[1] == "wait":
        time.sleep(60)
"""


@pytest.fixture
def command(tmp_path):
    """Start a Python process that connects through Ape, with a home of its own."""
    started = []

    def start(what):
        home = tmp_path / "home"
        home.mkdir()
        process = subprocess.Popen(
            [sys.executable, "-c", CONNECT, what],
            cwd=ROOT,
            env={**os.environ, "HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        pid, url, node_home = process.stdout.readline().split()
        return process, int(pid), url, Path(node_home), home

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ended(pid, within=5.0):
    """Tell whether a process ends soon."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{pid}/status")
        if status.exists() and "State:\tZ" in status.read_text():
            return True
        time.sleep(0.02)
    return False


def test_provider__is_ours(chain, networks):
    """The connected provider is the localnet's, under the name of ape-foundry's."""
    assert type(chain.provider) is LocalnetProvider
    assert networks.ethereum.mainnet_fork.providers["foundry"].func is LocalnetProvider
    assert chain.provider.network_choice == "ethereum:mainnet-fork:foundry"


@pytest.mark.parametrize("ours_first", [True, False])
def test_plugin__is_listed_last_whatever_the_order(ours_first):
    """Ape keeps the last provider of a name: ours, in either order of registration."""
    import ape_foundry

    import ape_indexkit

    class Hooks:
        @hookspec
        def providers(self):
            """Stand for Ape's hook of that name."""

    manager = pluggy.PluginManager("ape")
    manager.add_hookspecs(Hooks)
    modules = [ape_indexkit, ape_foundry] if ours_first else [ape_foundry, ape_indexkit]
    for module in modules:
        manager.register(module)
    listed = [hook.plugin for hook in manager.hook.providers.get_hookimpls()]
    assert listed[-1] is ape_indexkit


def test_node__belongs_to_this_process(chain):
    """The node that answers is the one that was started here."""
    provider = chain.provider
    assert provider._node.process.poll() is None
    assert (
        Path(f"/proc/{provider._node.process.pid}/status")
        .read_text()
        .count(f"PPid:\t{os.getpid()}")
    )
    assert provider._node.home.name.startswith(f"node-{os.getpid()}-")


@pytest.mark.parametrize(
    ("what", "number", "status"),
    [
        ("exit", None, 0),
        ("raise", None, 1),
        ("wait", signal.SIGINT, -signal.SIGINT),
        ("wait", signal.SIGTERM, 128 + signal.SIGTERM),
    ],
)
def test_node__ends_with_the_command(command, what, number, status):
    """Node and home are gone after an exit, an exception, Ctrl-C and SIGTERM."""
    process, pid, _, node_home, home = command(what)
    if number is not None:
        assert node_home.is_dir()
        process.send_signal(number)
    assert process.wait(10) in (status, 128 + signal.SIGINT if number == signal.SIGINT else status)
    assert ended(pid)
    assert not node_home.exists()
    assert not (home / ".foundry").exists()


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's death"
)
def test_node__ends_with_a_killed_command(command):
    """After kill -9 the node ends too; its home is removed when the next node starts."""
    process, pid, _, node_home, _ = command("wait")
    process.kill()
    process.wait(10)
    assert ended(pid)
    assert node_home.is_dir()
    remove_dead_homes()
    assert not node_home.exists()


def test_node__foreign_one_is_not_used(chain):
    """An anvil on the usual port, ours or not, is left alone."""
    try:
        foreign = AnvilNode.start(PLAIN, 8545)
    except IndexkitError:
        foreign = None
    provider = LocalnetProvider(name="foundry", network=chain.provider.network)
    try:
        provider.connect()
        assert not provider.uri.endswith(":8545")
        assert provider._node.alive
        assert is_embedded(provider)
    finally:
        provider.disconnect()
        if foreign is not None:
            foreign.stop()


def test_node__named_one_is_used(chain, monkeypatch):
    """APE_FOUNDRY_HOST attaches to a running localnet, which does not end with the connection."""
    url = chain.provider.uri
    monkeypatch.setenv("APE_FOUNDRY_HOST", url)
    provider = LocalnetProvider(name="foundry", network=chain.provider.network)
    provider.connect()
    assert provider.uri == url
    assert is_embedded(provider)
    provider.disconnect()
    assert not provider.is_connected
    assert chain.provider.is_connected


def test_node__named_one_is_absent__raises(chain, monkeypatch):
    """APE_FOUNDRY_HOST with nothing behind it is one sentence."""
    monkeypatch.setenv("APE_FOUNDRY_HOST", "http://127.0.0.1:9")
    provider = LocalnetProvider(name="foundry", network=chain.provider.network)
    with pytest.raises(IndexkitError, match=r"http://127\.0\.0\.1:9, where nothing answers"):
        provider.connect()


def test_node__our_own__mines_when_asked(chain, accounts):
    """Nothing is mined behind our back, where a snapshot put back could meet it."""
    provider, height = chain.provider, chain.blocks.height
    assert provider.make_request("anvil_getAutomine", []) is False
    assert provider.auto_mine
    accounts[0].transfer(accounts[1], 1)
    assert chain.blocks.height == height + 1
    provider.auto_mine = False
    try:
        assert not provider.auto_mine
        request = {"from": accounts[0].address, "to": accounts[1].address, "value": "0x1"}
        provider.web3.eth.send_transaction(request)
        assert chain.blocks.height == height + 1
    finally:
        provider.auto_mine = True
    provider.make_request("evm_mine", [])
    assert len(chain.blocks.head.transactions) == 1


def test_node__mines_by_itself__is_asked_for_no_block(chain, accounts, monkeypatch):
    """Attached to a node that mines by itself, each transaction has one block all the same."""
    node = AnvilNode.start(("--chain-id", "1"))
    monkeypatch.setenv("APE_FOUNDRY_HOST", node.url)
    provider = LocalnetProvider(name="foundry", network=chain.provider.network)
    try:
        provider.connect()
        assert provider.auto_mine
        funded = provider.web3.eth.accounts
        for _ in range(2):
            request = {"from": funded[0], "to": funded[1], "value": 1}
            sent = provider.web3.eth.send_transaction(request)
            provider.web3.eth.wait_for_transaction_receipt(sent)
        assert provider.web3.eth.block_number == 2
        provider.auto_mine = False
        assert provider.make_request("anvil_getAutomine", []) is False
    finally:
        provider.disconnect()
        node.stop()


def test_node__taken_port__raises(chain):
    """A port the user asked for and another process has is one sentence."""
    port = int(chain.provider.uri.rsplit(":", 1)[1])
    with pytest.raises(IndexkitError, match=f"^Port {port} is taken by another process"):
        AnvilNode.start(PLAIN, port)


def test_node__leaves_nothing(tmp_path, monkeypatch):
    """A node's home is in the build folder and removed when it stops."""
    monkeypatch.setenv("HOME", str(tmp_path))
    node = AnvilNode.start(PLAIN)
    assert node.home.parent == BUILD
    assert Rpc(node.url).call("eth_chainId") == "0x1"
    node.stop()
    node.stop()
    assert not node.alive
    assert not node.home.exists()
    assert not list(tmp_path.iterdir())


def test_find_anvil__prefers_a_recent_one_on_path(tmp_path, monkeypatch):
    """The user's own Foundry is used if it is new enough."""
    monkeypatch.setenv("PATH", str(tmp_path))
    pinned = find_anvil()
    (tmp_path / "anvil").symlink_to(pinned)
    assert find_anvil() == tmp_path / "anvil"
    monkeypatch.setattr(anvil, "MINIMUM_VERSION", (99,))
    assert find_anvil() == pinned


def test_find_anvil__passes_over_scripts(tmp_path, monkeypatch):
    """A wrapper does not pass on the signal that ends the node."""
    script = tmp_path / "anvil"
    script.write_text("#!/bin/sh\necho anvil Version: 9.9.9\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_anvil() != script


def test_find_anvil__none__raises(tmp_path, monkeypatch):
    """Without any anvil the remedy is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(anvil, "NODE_MODULES", tmp_path)
    with pytest.raises(IndexkitError, match="anvil was not found; run 'make deps'"):
        find_anvil()


def test_select_market__unknown__raises(monkeypatch):
    """An unknown market lists those there are."""
    monkeypatch.setenv(state.MARKET_VARIABLE, "dpi-2021-04")
    with pytest.raises(IndexkitError, match="dpi-2021-02, dpi-2021-04, mvi-2021-06"):
        state.select_market("dpi-1999-01")
    assert state.selected_market().name == "dpi-2021-04"
