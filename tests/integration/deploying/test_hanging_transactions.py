"""Transactions that were replaced, dropped, or come from elsewhere: one sentence each (R-45)."""

from collections.abc import Callable
from typing import Any

import ape
import pytest
from ape.api import AccountAPI

from indexkit.deployment import chain, manifest, signing
from indexkit.deployment.declaration import Declaration
from indexkit.errors import IndexkitError
from indexkit.keeper.events import request

Begin = Callable[..., Any]
HANGING = "protocol.integration_registry"
NEXT = "protocol.set_token_blueprint"


@pytest.fixture
def hanging(begin: Begin, small: Declaration) -> Any:
    """Return a deployment that was killed between signing its second step and sending it."""
    deployment = begin(small)
    deployment.resume(upto=HANGING)
    assert deployment.killed_at(1)
    assert deployment.manifest.sent == HANGING
    return deployment


def _hanging_step(deployment: Any) -> Any:
    return next(step for step in deployment.steps if step.id == HANGING)


def _sign_again(deployment: Any) -> None:
    deployment.execution().sign_again(_hanging_step(deployment))


def test_run__replaced(hanging: Any, owner: AccountAPI) -> None:
    """A nonce that another transaction took is told; signed again, the step is made once."""
    owner.transfer(owner, 0)

    with pytest.raises(IndexkitError, match=r"another transaction .* took nonce .*--sign-again"):
        hanging.resume()
    _sign_again(hanging)
    hanging.resume(upto=NEXT)

    first, second = (r.nonce for r in list(hanging.manifest.steps.values())[:2])
    assert second == first + 2
    assert chain.next_nonce(owner.address) == second + 1


def test_run__replaced_by_itself(hanging: Any, owner: AccountAPI) -> None:
    """What a wallet sped up left a contract where the step's own belongs: none is made twice."""
    step, record = _hanging_step(hanging), hanging.manifest.steps[HANGING]
    twin = hanging.contracts.transaction(step, hanging.manifest.addresses)
    faster = signing.sign(owner, twin, record.nonce, "twin", signing.Fees(10**10, 10**9))
    ape.chain.provider.web3.eth.send_raw_transaction(faster.raw)

    with pytest.raises(IndexkitError, match=r"left a contract at 0x.*put that transaction's hash"):
        _sign_again(hanging)
    text = hanging.path.read_text().replace(record.transaction, faster.hash)
    hanging.path.write_text(text)
    hanging.resume(upto=NEXT)

    assert hanging.manifest.steps[HANGING].transaction == faster.hash
    assert hanging.manifest.steps[HANGING].address == record.address


def test_sign_again__waiting(hanging: Any, not_mining: None) -> None:
    """A transaction that waits is replaced by one of the same nonce, at higher fees."""
    old = hanging.manifest.steps[HANGING]
    signing.publish(old.raw, old.transaction)

    _sign_again(hanging)
    new = hanging.manifest.steps[HANGING]
    assert (new.nonce, new.earlier) == (old.nonce, (old.transaction,))
    signing.publish(new.raw, new.transaction)
    hanging.resume(upto=NEXT)

    assert hanging.manifest.steps[HANGING].transaction == new.transaction


def test_sign_again__old_one_is_mined_after_all(hanging: Any) -> None:
    """Whichever of the two is mined, the step is done by it."""
    old = hanging.manifest.steps[HANGING]
    _sign_again(hanging)
    signing.publish(old.raw, old.transaction)

    hanging.resume(upto=NEXT)

    assert hanging.manifest.steps[HANGING].transaction == old.transaction


def test_run__gap(begin: Begin, small: Declaration, owner: AccountAPI) -> None:
    """A transaction before it that was dropped is told, with its nonce."""
    deployment = begin(small)
    deployment.resume(upto=HANGING)
    before = ape.chain.snapshot()
    nonce = chain.next_nonce(owner.address)
    owner.transfer(owner, 0)
    assert deployment.killed_at(1)
    ape.chain.restore(before)

    with pytest.raises(IndexkitError, match=rf"nonce {nonce + 1}, but .*next is {nonce}"):
        deployment.resume()


def test_run__others_wait(
    begin: Begin, small: Declaration, owner: AccountAPI, not_mining: None
) -> None:
    """Nothing is signed on top of transactions that may never be mined."""
    deployment = begin(small)
    request("eth_sendTransaction", {"from": owner.address, "to": owner.address, "gas": hex(21_000)})

    with pytest.raises(IndexkitError, match=r"1 transactions of 0x.* wait to be mined"):
        deployment.resume()

    assert not deployment.path.exists()


def test_run__reverts_when_mined(hanging: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that ran out of gas is told, forgotten, and made anew by the same command."""
    forgotten = hanging.manifest.with_step(HANGING, None)
    manifest.write(hanging.path, forgotten)
    monkeypatch.setattr(signing, "GAS_MARGIN", (1, 2))

    with pytest.raises(IndexkitError, match=rf"{HANGING} was mined and reverted in 0x"):
        hanging.resume()
    monkeypatch.undo()
    hanging.resume(upto=NEXT)

    assert hanging.manifest.steps[HANGING].status == "done"
