"""`ape run rebalance rehearse`, shortened: offline, live, with an account, interrupted."""

import json
import os
from decimal import Decimal

import pytest
from eth_account import Account

from indexkit.localnet.rpc import Rpc
from indexkit.steps.folder import STEPS

PASSPHRASE = "correct horse"
REHEARSE = ("rebalance", "rehearse")


@pytest.fixture(scope="module")
def ethereum(start, free_port):
    """Run a localnet that stands for the live chain."""
    command = start("ape", "run", "localnet", "--port", str(free_port()))
    yield command.wait_for_node()
    assert command.interrupt().status == 0


@pytest.fixture
def keeper(tmp_path):
    """Create an account of Ape's called keeper, in a data folder of its own."""
    account = Account.create()
    folder = tmp_path / "ape" / "accounts"
    folder.mkdir(parents=True)
    keyfile = Account.encrypt(account.key, PASSPHRASE, kdf="pbkdf2", iterations=1)
    (folder / "keeper.json").write_text(json.dumps(keyfile))
    return account.address


@pytest.fixture
def keeper_variables(tmp_path, keeper):
    """Return the environment in which Ape knows it."""
    return {
        "APE_DATA_FOLDER": str(tmp_path / "ape"),
        "APE_ACCOUNTS_keeper_PASSPHRASE": PASSPHRASE,
    }


def assert_consistent(content):
    """Require what must hold between the figures of an outcome."""
    figures = content["outcome"]
    lines, cost = figures["lines"], figures["cost"]

    def total(key):
        return sum(int(line[key]) for line in lines)

    assert len(lines) == 14
    assert int(figures["traded"]) == int(figures["sold"]) + int(figures["bought"]) > 0
    assert int(figures["gas"]) == total("gas")
    assert int(figures["shortfall"]) == total("missing_value") > 0
    spent = int(figures["sold"]) - int(figures["bought"]) - sum(map(int, cost.values()))
    assert 0 <= spent - int(figures["left_over"]) < 10**8
    for line in lines:
        assert (line["slippage_bps"] is None) == (line["trades"] == "0")
        assert line["before"] != line["after"] or line["trades"] == "0"
        assert line["slippage_bps"] is None or 30 < Decimal(line["slippage_bps"]) < 130


def test_rebalance__offline__writes_what_it_prints(ape_run, tmp_path):
    """Status 0, nothing on stderr, tables on stdout, and a file whose figures add up."""
    file, folder = tmp_path / "outcome.json", tmp_path / "run"
    arguments = ("--trades", "6", "--no-vote", "--json", str(file), "--run", str(folder))
    command = ape_run(*REHEARSE, *arguments)
    assert (command.status, command.err) == (0, "")
    content = json.loads(file.read_text())
    assert set(content) == {"rebalance", "outcome", "guard", "report"}
    guard = {name: int(value) for name, value in content["guard"].items()}
    assert 0 < guard["lost"] < guard["loss_budget"]
    assert "Lost against the guard's reference prices" in command.out
    assert content["rebalance"] == "dpi-2021-04"
    assert_consistent(content)
    assert sorted(path.name for path in folder.glob("[1-6]-*.json")) == [
        f"{place}-{step}.json" for place, step in enumerate(STEPS, 1)
    ]
    assert command.out.splitlines()[-1] == f"Report: {os.path.relpath(folder / 'report.html')}"

    assert "dpi-2021-04 on the embedded chain, chain id 1" in command.out
    assert "Aave" not in command.out
    assert "-0.0000" not in command.out
    for line in content["outcome"]["lines"]:
        (row,) = [row for row in command.out.splitlines() if row.startswith(f"│ {line['symbol']} ")]
        assert row.split("│")[6].strip() == line["trades"]
        assert row.split("│")[8].strip() == f"{int(line['gas']):,}"
    weth = Decimal(content["outcome"]["left_over"]) / 10**18
    assert f"{weth:,.4f}" in next(r for r in command.out.splitlines() if "left-over" in r)


def test_rebalance__live__measures_against_the_pools(ape_run, tmp_path, ethereum):
    """On a fork nobody brings pools back: the drift shows; the live chain stays as it was."""
    before = Rpc(ethereum).call("eth_blockNumber")
    file = tmp_path / "live.json"
    variables = {"MAINNET_RPC_URL": ethereum}
    arguments = ("--trades", "6", "--json", str(file), "--run", str(tmp_path / "run"))
    command = ape_run(*REHEARSE, *arguments, variables=variables)
    assert (command.status, command.err) == (0, "")
    assert "dpi-2021-04 on the fork of the live chain" in command.out
    content = json.loads(file.read_text())
    assert_consistent(content)
    assert int(content["outcome"]["cost"]["drift"]) * 1000 > int(content["outcome"]["traded"])
    assert content["vote"]["power"] == content["vote"]["held"] != "0"
    assert Rpc(ethereum).call("eth_blockNumber") == before


def test_rebalance__account__asks_for_nothing_but_the_passphrase(
    ape_run, ethereum, keeper, keeper_variables, tmp_path
):
    """An account with ether on the live chain has every role; it signs without questions."""
    Rpc(ethereum).call("anvil_setBalance", keeper, hex(10**18))
    variables = keeper_variables | {"MAINNET_RPC_URL": ethereum}
    arguments = (
        "--account",
        "keeper",
        "--trades",
        "2",
        "--no-vote",
        "--run",
        str(tmp_path / "run"),
    )
    command = ape_run(*REHEARSE, *arguments, variables=variables)
    assert (command.status, command.err) == (0, "")
    assert "2 trades" in command.out


def test_rebalance__wrong_passphrase__says_so(ape_run, ethereum, keeper, keeper_variables):
    """One sentence, and no second try where nobody can answer."""
    Rpc(ethereum).call("anvil_setBalance", keeper, hex(10**18))
    wrong = {"APE_ACCOUNTS_keeper_PASSPHRASE": "wrong", "MAINNET_RPC_URL": ethereum}
    command = ape_run(*REHEARSE, "--account", "keeper", variables=keeper_variables | wrong)
    assert command.status == 1
    assert command.err == (
        "Error: Account 'keeper' was not unlocked (Invalid password): give its right passphrase.\n"
    )


def test_rebalance__account_without_ether__says_so(ape_run, keeper, keeper_variables):
    """It could pay for nothing: that is found before anything is deployed."""
    command = ape_run(*REHEARSE, "--account", "keeper", variables=keeper_variables)
    assert command.status == 1
    assert "Deploying" not in command.out
    assert command.err == (
        f"Error: Account 'keeper' ({keeper}) has no ether on this chain: fund it, "
        "or leave out --account to use the local chain's own accounts.\n"
    )


def test_rebalance__ctrl_c__leaves_nothing(start, tmp_path):
    """In the middle of trading: no process, no file, no traceback, and a status that says so."""
    file = tmp_path / "outcome.json"
    command = start(
        "ape", "run", *REHEARSE, "--no-vote", "--json", str(file), "--run", str(tmp_path)
    )
    for line in command.process.stdout:
        if line.startswith("Rebalance started"):
            break
    command.interrupt()
    assert command.status not in (0, None)
    assert "Traceback" not in command.err
    assert "traded value" not in command.out
    assert not file.exists()
