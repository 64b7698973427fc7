"""One call at a time, as docs/OPERATIONS.md has them made: tried first, by who has the role."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from ape.api import AccountAPI
from lives import Deployment

from indexkit.calling import Wish, wish
from indexkit.deployment.conventions import NOBODY
from indexkit.errors import IndexkitError
from indexkit.safe import Safe

MODULE, MANAGER = "index.SMALL.module", "index.SMALL.manager"


@pytest.fixture
def no_guard(handed: Deployment) -> Wish:
    """Return the wish to take the guard away, which takes both parties."""
    module, manager = handed.at(MODULE).address, handed.at(MANAGER).address
    return wish("setGuard(address)", [NOBODY], module, through=manager, agreed=True)


def test_make__operator_alone(
    handed: Deployment, receiving_safe: Safe, safe_owners: list[AccountAPI]
) -> None:
    """The Safe removes a trader through the IndexManager."""
    (trader, *_) = handed.declaration.indices[0].traders
    module = handed.at(MODULE)
    call = wish(
        "updateTraderStatus(address[],bool[])",
        [json.dumps([trader]), "[false]"],
        module.address,
        through=handed.at(MANAGER).address,
    )
    assert module.tradeAllowList(trader)

    call.try_as(receiving_safe.address)
    call.make(receiving_safe.address, safe_owners[1:])

    assert not module.tradeAllowList(trader)


def test_make__both_parties(
    handed: Deployment,
    no_guard: Wish,
    receiving_safe: Safe,
    safe_owners: list[AccountAPI],
    accounts: Sequence[AccountAPI],
) -> None:
    """Each half says which it is; the second takes effect."""
    methodologist, module = accounts[2], handed.at(MODULE)

    assert "first half" in str(no_guard.half(receiving_safe.address))
    no_guard.make(receiving_safe.address, safe_owners[:2])
    assert "first half" in str(no_guard.half(receiving_safe.address))
    assert module.guard() != NOBODY
    assert "second half" in str(no_guard.half(methodologist.address))
    no_guard.make(methodologist.address, [methodologist])

    assert module.guard() == NOBODY


def test_try__says_why_not(handed: Deployment, no_guard: Wish, outsider: AccountAPI) -> None:
    """A call that would revert is refused with the contract's reason, before it is signed."""
    with pytest.raises(IndexkitError, match=r"would revert \(Must be operator or methodologist\)"):
        no_guard.try_as(outsider.address)


def test_write__for_a_safe_only(
    no_guard: Wish, receiving_safe: Safe, outsider: AccountAPI, tmp_path: Path
) -> None:
    """A Safe's pack has the call; an account has no pack."""
    signed = no_guard.write(tmp_path, receiving_safe.address)

    (entry,) = json.loads((tmp_path / "transactions.json").read_text())["transactions"]
    assert entry["data"] == "0x" + no_guard.call.data.hex()
    assert json.loads((tmp_path / "hashes.json").read_text())["safe_tx_hash"] == signed
    with pytest.raises(IndexkitError, match="is no Safe"):
        no_guard.write(tmp_path, outsider.address)
