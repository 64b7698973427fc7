"""What a check does not begin with, in one sentence (R-45)."""

from pathlib import Path
from typing import Any

import pytest
from ape import project

from indexkit.deployment import chain, manifest
from indexkit.deployment.checking.checker import check
from indexkit.deployment.manifest import Manifest
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT
from indexkit.localnet.provider import HOST_VARIABLE

DECLARED = ROOT / "deployments" / "declared"


def _refused(sentence: str, path: Path, declared: Path = DECLARED / "localnet.toml") -> None:
    with pytest.raises(IndexkitError, match=sentence):
        check(project, declared, path, lambda _: None)


def test_check__no_manifest(tmp_path: Path) -> None:
    """R-45: nothing is known to be deployed."""
    _refused(r"absent\.json: there is no manifest", tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("chain_id", "genesis"), [(5, chain.genesis), (1, lambda: "0x" + "00" * 32)]
)
def test_check__manifest_of_another_chain(tmp_path: Path, chain_id: int, genesis: Any) -> None:
    """R-45: what is on this chain says nothing about it."""
    path = tmp_path / "other.json"
    other = Manifest("ethereum-mainnet", chain_id, genesis(), "0x" + "11" * 20, {}, {})
    manifest.write(path, other)

    _refused(rf"other\.json: it is of the chain {chain_id} with the genesis {genesis()}, ", path)


def test_check__declared_for_another_chain(tmp_path: Path) -> None:
    """R-45: as the deployment itself refuses it."""
    declared = tmp_path / "sepolia.toml"
    text = (DECLARED / "sepolia.toml").read_text()
    declared.write_text(text.replace("the address of the second party", "0x" + "11" * 20))
    sentence = "sepolia is declared for chain id 11155111, the node's is 1"

    _refused(sentence, tmp_path / "absent.json", declared)


def test_check__chain_that_began_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R-45: on a localnet of the command's own there is nothing, whatever a manifest says."""
    monkeypatch.delenv(HOST_VARIABLE, raising=False)
    path = tmp_path / "earlier.json"
    earlier = Manifest("ethereum-mainnet-fork", 1, chain.genesis(), "0x" + "11" * 20, {}, {})
    manifest.write(path, earlier)

    _refused("This chain began with this command", path)
