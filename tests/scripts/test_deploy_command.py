"""`ape run deploy` as a user runs it: on a node over HTTP, with a keyfile, killed and resumed."""

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.genesis import genesis_timestamp
from indexkit.localnet.paths import ROOT
from indexkit.localnet.rpc import Rpc
from indexkit.localnet.state import selected_market, state_file

SEPOLIA = "11155111"
ALIAS, PASSPHRASE = "rehearsal", "not a secret"
KEY = "0x" + "7e" * 32
ENOUGH = hex(10**18)
LOCALNET = ROOT / "deployments" / "declared" / "localnet.toml"
EXCHANGES = ("uniswap_v2", "sushiswap")


@pytest.fixture(scope="module")
def node() -> Iterator[AnvilNode]:
    """Run the localnet's chain as one with Sepolia's id, real fees, and no account of Ape's."""
    market = selected_market()
    node = AnvilNode.start(
        (
            *("--chain-id", SEPOLIA, "--load-state", str(state_file(market))),
            *("--timestamp", str(genesis_timestamp(market)), "--hardfork", "cancun"),
        )
    )
    yield node
    node.stop()


@pytest.fixture(scope="module")
def declaration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Declare the localnet's index for that chain: the venues are at mainnet's addresses."""
    networks = json.loads((ROOT / "data" / "networks.json").read_text())["networks"]["1"]
    entries = json.loads((ROOT / "data" / "addresses.json").read_text())["entries"]

    def address(place: dict[str, str]) -> str:
        return f'"{entries[place["entry"]]["address"]}"'

    venues = ["[venues]", f"weth = {address(networks['weth'])}"]
    venues.append(f"balancer_v1 = {{ proxy = {address(networks['balancer_v1']['proxy'])} }}")
    for name in EXCHANGES:
        found = networks[name]
        venues += [
            f"[venues.{name}]",
            f"factory = {address(found['factory'])}",
            f"router = {address(found['router'])}",
            f'pair_code_hash = "{found["pair_code_hash"]["hash"]}"',
        ]
    text = LOCALNET.read_text().replace("chain_id = 1\n", f"chain_id = {SEPOLIA}\n")
    before, rest = text.split("governors = [")
    _, after = rest.split("]\n", 1)
    file = tmp_path_factory.mktemp("declared") / "rehearsal.toml"
    file.write_text(f"{before}governors = []\n" + "\n".join(venues) + "\n" + after)
    return file


@pytest.fixture(scope="module")
def variables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a user whose only account is a keyfile."""
    folder = tmp_path_factory.mktemp("ape")
    (folder / "accounts").mkdir()
    keyfile = Account.encrypt(KEY, PASSPHRASE, kdf="pbkdf2", iterations=1)
    (folder / "accounts" / f"{ALIAS}.json").write_text(json.dumps(keyfile))
    return {
        "APE_DATA_FOLDER": str(folder),
        f"APE_ACCOUNTS_{ALIAS}_PASSPHRASE": PASSPHRASE,
    }


def test_deploy__killed_and_resumed_over_http(
    start: Callable[..., Any],
    run: Callable[..., Any],
    node: AnvilNode,
    declaration: Path,
    variables: dict[str, str],
    tmp_path: Path,
) -> None:
    """SIGKILL loses nothing: the same command goes on, each step has one transaction (R-45)."""
    path = tmp_path / "manifest.json"
    command = (
        *("ape", "run", "deploy", "protocol", "--network", f"ethereum:sepolia:{node.url}"),
        *("--account", ALIAS, "--declaration", str(declaration), "--manifest", str(path)),
    )
    signer = Account.from_key(KEY).address

    _rpc(node, "anvil_setBalance", signer, ENOUGH)
    killed = start(*command, "--yes", variables=variables)
    _wait_for_steps(path, 4, killed)
    killed.process.send_signal(signal.SIGKILL)
    killed.process.communicate()
    whole = run(*command, "--yes", variables=variables)

    assert (whole.status, whole.err) == (0, "")
    assert "steps are done" in whole.out
    steps = json.loads(path.read_text())["steps"]
    assert {step["status"] for step in steps.values()} == {"done"}
    assert sorted(step["nonce"] for step in steps.values()) == list(range(len(steps)))
    assert int(_rpc(node, "eth_getTransactionCount", signer, "latest"), 16) == len(steps)


def _rpc(node: AnvilNode, method: str, *parameters: object) -> Any:
    rpc = Rpc(node.url)
    try:
        return rpc.call(method, *parameters)
    finally:
        rpc.close()


def _wait_for_steps(path: Path, count: int, command: Any) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and command.process.poll() is None:
        if path.exists() and len(json.loads(path.read_text())["steps"]) >= count:
            return
        time.sleep(0.02)
    raise AssertionError("the deployment did not come that far")
