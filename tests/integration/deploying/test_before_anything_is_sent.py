"""What is refused before anything is sent, in one sentence (R-45)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import ape
import pytest
from ape import project
from ape.api import AccountAPI

from indexkit.deployment import chain, manifest
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.deploying import Prepared, manifest_path, plan_table, prepared, summary
from indexkit.deployment.networks import known
from indexkit.errors import IndexkitError
from indexkit.localnet.anvil import AnvilNode
from indexkit.localnet.paths import ROOT

Begin = Callable[..., Any]
Prepare = Callable[..., AbstractContextManager[Prepared]]
LOCALNET = ROOT / "deployments" / "declared" / "localnet.toml"


@pytest.fixture
def prepare(owner: AccountAPI, tmp_path: Path) -> Prepare:
    """Return a function that checks a deployment, with changes made to what is declared."""

    def make(*changes: tuple[str, str], scope: str = "all") -> AbstractContextManager[Prepared]:
        text = LOCALNET.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        declared = tmp_path / "changed.toml"
        declared.write_text(text)
        path = tmp_path / "manifest.json"
        return prepared(project, scope, owner, declared, path, lambda _: None)

    return make


def _refused(prepare: Prepare, sentence: str, *changes: tuple[str, str], **scope: str) -> None:
    with pytest.raises(IndexkitError, match=sentence), prepare(*changes, **scope):
        pass


def test_prepared__shows_what_it_will_do(prepare: Prepare, owner: AccountAPI) -> None:
    """The plan has every step, its gas, and what it costs; nothing is written or sent."""
    nonce = chain.next_nonce(owner.address)

    with prepare() as found:
        table = plan_table(found)
        assert table.row_count == len(found.steps) + 1
        assert found.gas == sum(each.gas for each in found.left)
        assert "0 of 42 steps are done" in summary(found)
        assert not found.execution.path.exists()

    assert chain.next_nonce(owner.address) == nonce


def test_prepared__wrong_chain(prepare: Prepare) -> None:
    """A declaration for another chain is refused."""
    sepolia = ("chain_id = 1\n", "chain_id = 11155111\n")
    no_governors = (LOCALNET.read_text().split("governors = ")[1].split("[[index]]")[0], "[]\n")
    exchange = [(f'"{name}"', '"UniswapV2"') for name in ("SushiSwap", "BalancerV1")]

    _refused(
        prepare,
        r"declared for chain id 11155111, the node's is 1: name another network",
        *(sepolia, no_governors, *exchange),
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("decimals = 18", "decimals = 17", "has 18 decimals, not a token of 17 decimals"),
        (
            "0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e",
            "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
            "is no token, not a token of 18 decimals",
        ),
        (
            "[protocol]",
            '[venues]\nweth = "0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e"\n\n[protocol]',
            r"router .* answers 0xc02.* to WETH\(\)",
        ),
        (
            "[protocol]",
            '[venues.uniswap_v2]\nfactory = "0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f"\n'
            'router = "0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D"\n'
            f'pair_code_hash = "0x{"ab" * 32}"\n\n[protocol]',
            "UniswapV2's pairs are not of the code hash 0xabab",
        ),
        (
            "[protocol]",
            '[venues]\nbalancer_v1 = { proxy = "0x90F79bf6EB2c4f870365E785982E1f101E93b906" }\n'
            "[protocol]",
            "no contract at Balancer's proxy",
        ),
    ],
)
def test_prepared__chain_that_is_otherwise(
    prepare: Prepare, old: str, new: str, sentence: str
) -> None:
    """Venues and components that the chain has otherwise are refused."""
    if old == "0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e" or "weth" not in new:
        _refused(prepare, sentence, (old, new))
        return
    # YFI cannot be both a component and the cash.
    _refused(prepare, sentence, (old, new), ('symbol = "YFI"', 'symbol = "OTHER"'), _other())


def _other() -> tuple[str, str]:
    return (
        'token = "0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e"\ndecimals',
        'token = "0x514910771AF9Ca656af840dff83E8264EcF986CA"\ndecimals',
    )


def test_prepared__part_without_its_foundations(prepare: Prepare) -> None:
    """An index without a protocol is refused, before its module is deployed."""
    _refused(prepare, r"needs protocol\.controller, which is not deployed", scope="index")


def test_prepared__two_at_once(prepare: Prepare) -> None:
    """Two processes never deploy by one manifest."""
    with prepare():
        _refused(prepare, "another deployment is under way")


def test_run__low_balance(prepare: Prepare, owner: AccountAPI) -> None:
    """An account that cannot pay for what is left is refused, before it is unlocked."""
    with prepare() as found:
        poor = replace(found, fee=10**9, balance=found.gas * 10**9 - 1)

        with pytest.raises(IndexkitError, match=r"is expected to cost .*: fund it"):
            poor.run()

        assert not found.execution.path.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("chain_id", 5),
        ("genesis", "0x" + "00" * 32),
        ("deployer", "0x" + "11" * 20),
        ("network", "ethereum-sepolia"),
        ("compiler", {"version": "0.4.2"}),
    ],
)
def test_resume__foreign_manifest(
    begin: Begin, small: Declaration, field: str, value: object
) -> None:
    """A manifest of another chain, account or compiler is refused and left as it is."""
    deployment = begin(small)
    deployment.resume(upto="protocol.integration_registry")
    manifest.write(deployment.path, replace(deployment.manifest, **{field: value}))
    written = deployment.path.read_bytes()

    with pytest.raises(IndexkitError, match=f"its {field} is .*the manifest is left as it is"):
        deployment.resume()

    assert deployment.path.read_bytes() == written


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"arguments": ["0x" + "11" * 20]}, "was made with .* as argument"),
        ({"source_hash": "00"}, "from another source of Controller"),
        ({"code_hash": "0x00"}, "where the chain has other code"),
        ({"contract": "IndexToken"}, "is another one than declared"),
    ],
)
def test_resume__step_that_contradicts(
    begin: Begin, small: Declaration, changes: dict[str, Any], sentence: str
) -> None:
    """A step recorded otherwise than declared, built or on the chain is refused."""
    deployment = begin(small)
    deployment.resume(upto="protocol.integration_registry")
    record = replace(deployment.manifest.steps["protocol.controller"], **changes)
    changed = deployment.manifest.with_step("protocol.controller", record)
    manifest.write(deployment.path, changed)

    with pytest.raises(IndexkitError, match=sentence):
        deployment.resume()


def test_resume__step_that_is_not_declared(begin: Begin, declared: Declaration) -> None:
    """A manifest with an index that is declared no longer is refused."""
    deployment = begin(declared)
    deployment.resume(upto="protocol.integration_registry")
    record = deployment.manifest.steps["protocol.controller"]
    manifest.write(deployment.path, deployment.manifest.with_step("index.OLD.module", record))

    with pytest.raises(IndexkitError, match=r"the step index\.OLD\.module, which is not declared"):
        deployment.resume()


@pytest.fixture
def old_chain() -> Iterator[str]:
    """Run a chain with the rules before cancun; return its network for Ape."""
    node = AnvilNode.start(("--hardfork", "shanghai", "--chain-id", "11155111"))
    yield f"ethereum:sepolia:{node.url}"
    node.stop()


def test_require_cancun__older_rules(old_chain: str) -> None:
    """A network without cancun's rules is refused in one sentence; ours is not."""
    chain.require_cancun()

    with (
        ape.networks.parse_network_choice(old_chain),
        pytest.raises(IndexkitError, match=r"does not run the cancun rules"),
    ):
        chain.require_cancun()


def test_manifest_path__chain_that_only_claims_an_id(old_chain: str) -> None:
    """A rehearsal with Sepolia's chain id never touches Sepolia's own manifest."""
    with ape.networks.parse_network_choice(old_chain):
        own = manifest_path(chain.genesis())
        public = manifest_path(known()[11155111].genesis)

    assert own.parent == ROOT / "build" / "deployments"
    assert public == ROOT / "deployments" / "ethereum-sepolia.json"
