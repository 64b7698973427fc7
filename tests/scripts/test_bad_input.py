"""What a user can get wrong: one sentence on stderr, a failing status, nothing left behind."""

import json
import os
import shutil
import socket

import pytest

from indexkit.localnet.paths import DATA

FORK = "ethereum:mainnet-fork:foundry"
NAMES = "dpi-2021-02, dpi-2021-04, mvi-2021-06"
REHEARSE = ("rebalance", "rehearse")
NOWHERE = "http://127.0.0.1:9"


def assert_refused(command, sentence):
    """Require exactly one sentence, and no work before it."""
    assert command.status == 1, command.err
    assert command.err.startswith("Error: "), command.err
    assert command.err.count("\n") == 1, command.err
    assert sentence in command.err
    assert command.err.endswith(".\n")
    assert "Deploying" not in command.out


@pytest.mark.parametrize("script", ["rebalance rehearse", "vote", "localnet"])
def test_script__unknown_rebalance__says_which_there_are(ape_run, script):
    """The names are listed, since nobody knows them by heart."""
    command = ape_run(*script.split(), "--rebalance", "dpi-2020-13")
    assert_refused(command, f"No rebalance is called 'dpi-2020-13': use one of {NAMES}")


def test_rebalance__missing_file__says_so(ape_run, tmp_path):
    """A path that leads nowhere is repeated."""
    path = tmp_path / "absent.json"
    assert_refused(ape_run(*REHEARSE, "--rebalance", str(path)), f"{path}: there is no such file")


def test_rebalance__malformed_file__says_so(ape_run, tmp_path):
    """What is no JSON is not read on."""
    path = tmp_path / "broken.json"
    path.write_text('{"name": ')
    assert_refused(ape_run(*REHEARSE, "--rebalance", str(path)), "cannot be read as JSON")


def test_rebalance__tampered_file__says_where(ape_run, tmp_path):
    """One digit of a target, and the notional contradicts it: the component is named."""
    content = json.loads((DATA / "rebalances" / "dpi-2021-04.json").read_text())
    entry = next(entry for entry in content["components"] if entry["symbol"] == "UNI")
    entry["target_unit"] = str(int(entry["target_unit"]) + 10**15)
    path = tmp_path / "tampered.json"
    path.write_text(json.dumps(content))
    command = ape_run(*REHEARSE, "--rebalance", str(path))
    assert_refused(command, f"tampered.json: UNI: notional is {entry['notional']}, but")


@pytest.mark.parametrize(
    ("script", "network"),
    [
        ("rebalance rehearse", "ethereum:mainnet"),
        ("rebalance rehearse", "ethereum:local:test"),
        ("vote", "ethereum:mainnet-fork:none-such"),
        ("sizes", "etherium"),
        ("sizes", "none"),
    ],
)
def test_script__wrong_network__says_which_one(ape_run, script, network):
    """Never the real chain, and no list of sixty networks for a slip of the pen."""
    command = ape_run(*script.split(), "--network", network)
    assert_refused(command, f"runs on {FORK} only, not on {network!r}: use --network {FORK}")


@pytest.mark.parametrize("script", ["rebalance rehearse", "localnet"])
def test_script__upstream_unreachable__says_so(ape_run, script):
    """The endpoint's key stays out of the sentence."""
    variables = {"MAINNET_RPC_URL": f"{NOWHERE}/v2/secret"}
    command = ape_run(*script.split(), variables=variables)
    assert_refused(command, f"The Ethereum node at {NOWHERE} does not answer; set MAINNET_RPC_URL")
    assert "secret" not in command.err


def test_script__no_node_to_attach_to__says_so(ape_run):
    """APE_FOUNDRY_HOST names a node that is not there."""
    command = ape_run("vote", variables={"APE_FOUNDRY_HOST": NOWHERE})
    assert_refused(command, f"APE_FOUNDRY_HOST names {NOWHERE}, where nothing answers")


def test_rebalance__unknown_account__says_which_there_are(ape_run, tmp_path):
    """None is known in a fresh data folder."""
    variables = {"APE_DATA_FOLDER": str(tmp_path)}
    command = ape_run(*REHEARSE, "--account", "nobody", variables=variables)
    assert_refused(command, "No account is called 'nobody' (there are: none)")


def test_rebalance__unwritable_json__says_so_at_once(ape_run, tmp_path):
    """Before the chain is even started: an hour's work is not lost for a missing folder."""
    path = tmp_path / "absent" / "outcome.json"
    command = ape_run(*REHEARSE, "--json", str(path))
    assert_refused(command, f"{path} cannot be written (No such file or directory): name another")
    assert command.out == ""
    command = ape_run(*REHEARSE, "--json", str(tmp_path))
    assert_refused(command, f"{tmp_path} cannot be written (Is a directory)")


def test_localnet__port_taken__says_so(ape_run):
    """The process that has the port keeps it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = ape_run("localnet", "--port", str(port))
        assert_refused(command, f"Port {port} is taken by another process")


def test_vote__index_without_aave__says_so(ape_run):
    """The metaverse index has none; this one is found out on the chain."""
    command = ape_run("vote", "--rebalance", "mvi-2021-06")
    assert command.status == 1
    # The first time, a line says that this market's chain is built.
    assert command.err.splitlines()[-1] == (
        "Error: MVI holds no AAVE, so it has no vote in Aave's governance: "
        "choose a rebalance of an index that does."
    )


def test_script__no_anvil__says_how_to_get_one(ape_run, copy, environment):
    """Neither on PATH nor installed: the command that installs it is named."""
    folders = environment["PATH"].split(os.pathsep)
    path = os.pathsep.join(f for f in folders if not shutil.which("anvil", path=f))
    variables = {"PATH": path, "PYTHONPATH": str(copy), "APE_DATA_FOLDER": str(copy / "ape")}
    for script in ("vote", "localnet"):
        command = ape_run(*script.split(), variables=variables, folder=copy)
        assert_refused(command, "run 'make deps'")


def test_ape_test__upstream_unreachable__says_so(run):
    """The test runner gives up before it collects anything, without a traceback."""
    arguments = ("ape", "test", "tests/scripts", "--network", FORK, "-q")
    command = run(*arguments, variables={"MAINNET_RPC_URL": NOWHERE})
    assert command.status not in (0, 1)
    assert command.err.strip().splitlines() == [
        f"ERROR: The Ethereum node at {NOWHERE} does not answer; "
        "set MAINNET_RPC_URL to a working one, or unset it to run offline."
    ]
    assert "Traceback" not in command.out
    assert "INTERNALERROR" not in command.out
