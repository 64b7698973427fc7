"""docs/OPERATIONS.md, section 8, literally: redeeming with a shell, curl and a node (R-45)."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import ape
import pytest
from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractContainer, ContractInstance

from indexkit import deploy
from indexkit.localnet.paths import ROOT

ZERO = "0x" + "00" * 20
E18 = 10**18
HELD = 7 * E18 + 5
SECTION = re.search(
    r"^## 8\. .*?(?=^## |\Z)", (ROOT / "docs" / "OPERATIONS.md").read_text(), re.M | re.DOTALL
)
ORDINARY, FROZEN = (
    re.findall(r"^```bash\n(.*?)^```", part, re.M | re.DOTALL)
    for part in (SECTION[0] if SECTION else "").split("### If a component cannot be moved")
)
LONGEST_S = 60


@pytest.fixture
def mining_node() -> Iterator[str]:
    """Have the node mine by itself what it is sent; return its URL."""
    request = ape.chain.provider.make_request
    before = request("anvil_getAutomine", [])
    request("anvil_setAutomine", [True])
    yield ape.chain.provider.http_uri
    request("anvil_setAutomine", [before])


@pytest.fixture
def console(mining_node: str, stranger: AccountAPI) -> Iterator[Callable[..., str]]:
    """Return a function that runs blocks of the document, as a holder whose key the node has."""
    request = ape.chain.provider.make_request
    request("anvil_impersonateAccount", [stranger.address])

    def run(token: ContractInstance, *blocks: str) -> str:
        variables = {"RPC": mining_node, "SET": token.address, "ME": stranger.address}
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        assert done.returncode == 0, (done.stdout, done.stderr)
        return done.stdout

    yield run
    request("anvil_stopImpersonatingAccount", [stranger.address])


def test_redeem__step_by_step(
    set_token: ContractInstance,
    components: Sequence[ContractInstance],
    units: Sequence[int],
    protocol: deploy.Protocol,
    issuer: AccountAPI,
    stranger: AccountAPI,
    console: Callable[..., str],
) -> None:
    """Every block, one after the other: what he had is redeemed, each component to the wei."""
    set_token.transfer(stranger, HELD, sender=issuer)

    said = console(set_token, *ORDINARY)

    assert set_token.balanceOf(stranger) == 0
    paid = [component.balanceOf(stranger) for component in components]
    assert paid == [unit * HELD // E18 for unit in units]
    assert f"issuance module {protocol.issuance.address.lower()}" in said
    assert f"balance 0x{HELD:064x}" in said
    for component, unit in zip(components, units, strict=True):
        assert f"component {component.address.lower()} unit 0x{unit:064x}" in said
    assert '"result":"0x"' in said


def test_redeem__what_would_fail_is_told(
    set_token: ContractInstance, console: Callable[..., str]
) -> None:
    """Who has nothing reads the contract's reason in step 5, and sends nothing."""
    said = console(set_token, *ORDINARY[:5])

    assert "Redeem quantity must be > 0" in said


@pytest.fixture
def freezing(
    mock: Callable[[str], ContractContainer],
    protocol: deploy.Protocol,
    components: Sequence[ContractInstance],
    units: Sequence[int],
    manager: AccountAPI,
    issuer: AccountAPI,
    stranger: AccountAPI,
    set_token: ContractInstance,
) -> tuple[ContractInstance, Any]:
    """Issue an index of a good token and of one that can be frozen; return it and the latter."""
    odd = issuer.deploy(mock("OddToken"), 18, 10**30)
    created = deploy.create_set(
        project,
        protocol,
        manager,
        components=[components[1], odd],
        units=[units[1], E18],
        modules=protocol.modules,
        name="Freezing",
        symbol="ICE",
    )
    protocol.issuance.initialize(created, ZERO, sender=manager)
    odd.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(created, HELD, stranger, sender=issuer)
    return created, odd


def test_redeem_frozen__step_by_step(
    freezing: tuple[ContractInstance, Any],
    components: Sequence[ContractInstance],
    units: Sequence[int],
    issuer: AccountAPI,
    stranger: AccountAPI,
    console: Callable[..., str],
) -> None:
    """One component is paid at once, the frozen one becomes a claim and is collected later."""
    token, odd = freezing
    odd.adopt("reverts with a reason", sender=issuer)
    find = ORDINARY[:4]
    redeem, collect = FROZEN

    assert "error" in console(token, *find, ORDINARY[4])
    said = console(token, *find, redeem)

    assert token.balanceOf(stranger) == 0
    assert components[1].balanceOf(stranger) == units[1] * HELD // E18
    assert f"claim on {odd.address.lower()} 0x{HELD:064x}" in said
    odd.adopt("", sender=issuer)
    known = f"ISSUANCE={_issuance(said)} FROZEN={odd.address}"
    console(token, ORDINARY[0], known, collect)

    assert odd.balanceOf(stranger) == HELD


def _issuance(said: str) -> str:
    (found,) = re.findall(r"issuance module (0x[0-9a-f]{40})", said)
    return str(found)
