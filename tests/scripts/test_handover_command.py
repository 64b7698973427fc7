"""`ape run handover` and `ape run call` as users run them, on a node of their own."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ape import accounts

from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.node import DevAccounts, start_node
from indexkit.localnet.paths import ROOT

LOCALNET = ROOT / "deployments" / "declared" / "localnet.toml"
DEPLOYER, RECEIVER = "TEST::0", "TEST::5"


@pytest.fixture(scope="module")
def localnet_node() -> Iterator[AnvilNode]:
    """Keep a localnet running that commands attach to."""
    node = start_node(DevAccounts.of_ape(), None)
    yield node
    node.stop()


@pytest.fixture(scope="module")
def attached(ape_run: Callable[..., Any], localnet_node: AnvilNode) -> Callable[..., Any]:
    """Return a function that runs a script on that node."""
    return lambda *words: ape_run(*words, variables={"APE_FOUNDRY_HOST": localnet_node.url})


@pytest.fixture(scope="module")
def declared_for_another(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Declare the protocol alone, for another account; return the options that name it."""
    folder = tmp_path_factory.mktemp("handover_command")
    owner = accounts.test_accounts[5].address
    text = LOCALNET.read_text()
    protocol = text[: text.index("[[index]]")].replace('owner = "deployer"', f'owner = "{owner}"')
    before, _, after = protocol.partition("governors = [")
    (folder / "declared.toml").write_text(f"{before}governors = [{after[after.index(']') :]}")
    declaration, manifest = folder / "declared.toml", folder / "manifest.json"
    return "--declaration", str(declaration), "--manifest", str(manifest)


def test_handover__from_deployer_to_receiver(
    attached: Callable[..., Any], declared_for_another: tuple[str, ...], tmp_path: Path
) -> None:
    """Offered by one command, accepted by another; then the deployer is refused (R-45)."""
    owner = accounts.test_accounts[5].address
    manifest = declared_for_another[2:]
    offer = ("handover", "--account", DEPLOYER, *declared_for_another, "--out", str(tmp_path))
    attached("deploy", "all", "--account", DEPLOYER, *declared_for_another, "--yes")

    offered = attached(*offer, "--yes")
    assert (offered.status, offered.err) == (0, "")
    assert "account, not a Safe" in offered.out
    assert f"{owner} is offered Controller, IntegrationRegistry" in offered.out

    accepted = attached("handover", "accept", "--account", RECEIVER, *manifest)
    assert (accepted.status, accepted.out.count(f"belongs to {owner}")) == (0, 2)

    made = json.loads(Path(manifest[1]).read_text())
    assert made["roles"]["Controller.pendingOwner"] == owner
    controller = made["steps"]["protocol.controller"]["address"]
    call = ("call", "editFeeRecipient(address)", owner, "--at", controller)
    refused = attached(*call, "--account", DEPLOYER)
    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert "would revert (Ownable: caller is not the owner)" in refused.err
