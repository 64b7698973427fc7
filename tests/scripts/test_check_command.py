"""`ape run check` as a user runs it: on a node over HTTP, without an account."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import ape
import pytest
from ape.api import AccountAPI
from checked_house import DECLARED, MANIFEST, House, deploy_house

from indexkit.deployment.checking.report import GROUPS


@pytest.fixture(scope="module")
def commanded_house(
    accounts: Sequence[AccountAPI], tmp_path_factory: pytest.TempPathFactory
) -> House:
    """Deploy; the deployer has every role still."""
    return deploy_house(accounts, tmp_path_factory.mktemp("commanded"))


@pytest.fixture
def ape_check(ape_run: Callable[..., Any], commanded_house: House) -> Callable[..., Any]:
    """Return a function that checks the deployment on the node of these tests."""
    node = {"APE_FOUNDRY_HOST": ape.chain.provider.web3.provider.endpoint_uri}
    folder = commanded_house.folder
    files = ("--declaration", f"{folder / DECLARED}", "--manifest", f"{folder / MANIFEST}")
    return lambda *options: ape_run("check", *files, *options, variables=node)


def test_check__before_the_hand_over(ape_check: Callable[..., Any], commanded_house: House) -> None:
    """R-45: what is pending fails and is named, in lines and in JSON, unless it is let pass."""
    file = commanded_house.folder / "outcome.json"
    strict = ape_check("--json", str(file))
    lenient = ape_check("--before-hand-over")

    assert (strict.status, strict.err) == (1, "")
    assert (lenient.status, lenient.err, lenient.out) == (0, "", strict.out)
    groups = [line.split() for line in strict.out.splitlines() if line[0] != " "]
    assert [words[:2] for words in groups] == [
        *(["OK", f"{group}:"] for group in GROUPS[:-1]),
        ["pending", "roles:"],
    ]
    told = json.loads(file.read_text())
    assert (told["ok"], told["chain_id"], told["declaration"]["name"]) == (False, 1, "declared")
    assert len(told["findings"]) == len(commanded_house.handed_over)
    for finding in told["findings"]:
        assert f"  pending: {finding['sentence']}" in strict.out.splitlines()
