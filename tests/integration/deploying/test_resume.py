"""A deployment that is killed goes on, and ends as one that was not (R-45)."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import ape
import pytest
import requests
from ape.api import AccountAPI

from indexkit.deployment import chain, costs
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.manifest import DONE, Manifest
from indexkit.deployment.steps import Call
from indexkit.documents import canonical
from indexkit.errors import IndexkitError
from indexkit.localnet import keep_block_time

Begin = Callable[..., Any]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Return a list whose one number says how many requests the node still answers."""
    left = [2**63]
    provider = ape.chain.provider.web3.provider
    original = provider.make_request

    def answer(*question: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise requests.ConnectionError("the connection was lost")
        return original(*question)

    monkeypatch.setattr(provider, "make_request", answer)
    yield left
    left[0] = 2**63


@dataclass
class Twice:
    """One deployment that was never killed, and one that was after every event.

    Attributes
    ----------
    whole
        Manifest of the first, whose chain is gone; it has the hash of each contract's code.
    killed
        The second, on the chain as it began for the first.
    nonce
        Of the account before.
    """

    whole: Manifest
    killed: Any
    lives: int
    nonce: int


@pytest.fixture(scope="module")
def paced() -> Iterator[None]:
    """Have blocks come at their usual pace: what accrues by the second does so in each."""
    keep_block_time()
    yield
    keep_block_time(None)


@pytest.fixture(scope="module")
def twice(begin: Begin, paced: None) -> Twice:
    """Deploy all that is declared twice, from the same state of the chain."""
    start = ape.chain.snapshot()
    whole = begin()
    nonce = chain.next_nonce(whole.account.address)
    whole.resume()
    ape.chain.restore(start)
    killed, lives = begin(), 1
    while killed.killed_at(1):
        lives += 1
        assert lives <= 4 * len(killed.steps), "it does not get on"
    return Twice(whole.manifest, killed, lives, nonce)


def test_run__killed_after_every_event_ends_byte_identical(twice: Twice) -> None:
    """Killed after each write and each broadcast, nothing is made twice (R-45)."""
    steps = len(twice.killed.steps)

    assert twice.lives > 3 * steps
    assert chain.next_nonce(twice.killed.account.address) == twice.nonce + steps
    assert _lasting(twice.killed.manifest) == _lasting(twice.whole)


def test_run__ends_with_everything_wired(twice: Twice) -> None:
    """What every call is for holds, and all that is declared is there (R-45)."""
    deployment = twice.killed
    manifest = deployment.manifest
    (terms,) = deployment.declaration.indices

    assert list(manifest.steps) == [step.id for step in deployment.steps]
    assert {record.status for record in manifest.steps.values()} == {DONE}
    assert manifest.roles["Controller.owner"] == deployment.account.address
    assert manifest.roles["SMALL.manager"] == deployment.account.address
    assert manifest.roles["SMALL.operator"] == terms.operator
    _assert_wired(deployment)
    token = deployment.contracts.at("SetToken", manifest.addresses["index.SMALL.token"])
    assert token.positionMultiplier() == 10**18
    for component in terms.components:
        assert token.getDefaultPositionRealUnit(component.token) == component.unit


def test_estimates__are_within_three_per_cent(twice: Twice) -> None:
    """What the plan says that a step takes is what it takes; 'make deployment-gas' measures it.

    Of steps alike the mean: the first stream also pays for the first balance of its contract.
    """
    made = twice.killed.manifest.steps
    estimated, taken = Counter[str](), Counter[str]()
    for each in costs.estimates(twice.killed.steps, costs.read_table()):
        estimated[costs.key(each.step)] += each.gas
        taken[costs.key(each.step)] += made[each.step.id].gas_used
    for kind, gas in taken.items():
        assert estimated[kind] == pytest.approx(gas, rel=0.03), kind


def test_run__mined_while_nobody_looked(begin: Begin, small: Declaration, not_mining: None) -> None:
    """A transaction that waits when the process dies is waited for, not sent again (R-45)."""
    deployment = begin(small)
    assert deployment.killed_at(2)
    assert deployment.manifest.sent == "protocol.controller"
    sent = deployment.manifest.steps["protocol.controller"].transaction

    deployment.resume(upto="protocol.integration_registry")

    assert deployment.manifest.steps["protocol.controller"].transaction == sent


@pytest.mark.parametrize("answered", [5, 25, 33])
def test_run__node_that_is_lost(
    begin: Begin, small: Declaration, failing: list[int], answered: int
) -> None:
    """A lost connection is one sentence, and the same command goes on (R-45)."""
    deployment = begin(small)
    nonce = chain.next_nonce(deployment.account.address)
    failing[0] = answered

    with pytest.raises(IndexkitError, match=r"^The node did not .*run the same command again"):
        deployment.resume(upto="protocol.set_token_logic")
    failing[0] = 2**63
    deployment.resume(upto="protocol.set_token_logic")

    assert chain.next_nonce(deployment.account.address) == nonce + 3


def test_run__reorganised_away(begin: Begin, small: Declaration) -> None:
    """A manifest whose contract is no longer there is refused and left as it is (R-45)."""
    deployment = begin(small)
    deployment.resume(upto="protocol.integration_registry")
    before = ape.chain.snapshot()
    deployment.resume(upto="protocol.set_token_blueprint")
    ape.chain.restore(before)
    written = deployment.path.read_bytes()

    with pytest.raises(IndexkitError, match=r"registry is at .* where the chain has no code"):
        deployment.resume()

    assert deployment.path.read_bytes() == written


@pytest.fixture(scope="module")
def almost(begin: Begin, small: Declaration) -> Any:
    """Deploy the protocol, up to its last step: a call."""
    deployment = begin(small)
    deployment.resume(upto="protocol.controller_initialized")
    return deployment


@pytest.fixture
def ready(begin: Begin, almost: Any) -> Any:
    """Return that deployment, for one test alone."""
    deployment = begin(almost.declaration)
    shutil.copy(almost.path, deployment.path)
    return deployment


def test_run__call_reorganised_away(ready: Any) -> None:
    """A call that the chain has forgotten is noticed as well (R-45)."""
    before = ape.chain.snapshot()
    ready.resume()
    ape.chain.restore(before)

    with pytest.raises(IndexkitError, match=r"which the chain does not have"):
        ready.resume()


def test_run__call_that_somebody_made(ready: Any, owner: AccountAPI) -> None:
    """What holds already is recorded, and costs no transaction (R-45)."""
    step, addresses = ready.steps[-1], ready.manifest.addresses
    arguments = ready.contracts.resolved(step.arguments, addresses)
    _controller(ready).initialize(*arguments, sender=owner)
    nonce = chain.next_nonce(owner.address)

    ready.resume()

    record = ready.manifest.steps[step.id]
    assert (record.status, record.transaction) == (DONE, None)
    assert chain.next_nonce(owner.address) == nonce


def test_run__not_the_owner(ready: Any, owner: AccountAPI, stranger: AccountAPI) -> None:
    """A call that only another may make is told before it is sent, with the contract's reason."""
    _controller(ready).transferOwnership(stranger, sender=owner)

    with pytest.raises(IndexkitError, match=r"would revert \(Ownable: caller is not the owner\)"):
        ready.resume()


def test_run__declaration_that_has_grown(ready: Any, declared: Declaration) -> None:
    """What is declared later is deployed by what is there; nothing is made again (R-45)."""
    ready.resume()
    first = ready.manifest.steps
    assert declared.dao is not None
    dao = replace(declared.dao, distribution=None)
    ready.declaration = replace(ready.declaration, dao=dao)

    ready.resume()

    later = ready.manifest.steps
    assert {key: later[key] for key in first} == first
    assert set(later) - set(first) == {"dao.index_token", "dao.meta_governor"}


def _controller(deployment: Any) -> Any:
    address = deployment.manifest.addresses["protocol.controller"]
    return deployment.contracts.at("Controller", address)


def _lasting(manifest: Manifest) -> str:
    """Return a manifest without what a few units of gas more or less change: gas, and hashes."""
    steps = {
        key: replace(record, gas_used=None, transaction=None)
        for key, record in manifest.steps.items()
    }
    return canonical(replace(manifest, steps=steps).to_json())


def _assert_wired(deployment: Any) -> None:
    addresses = deployment.manifest.addresses
    for step in deployment.steps:
        for view in step.holds if isinstance(step, Call) else ():
            assert deployment.contracts.holds(view, addresses), view
