"""INDEX that somebody else moved before a step did, and what begins before its turn (R-45)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ape
import pytest
from ape import project
from ape.api import AccountAPI

from indexkit.deployment import chain
from indexkit.deployment.deploying import prepared
from indexkit.deployment.manifest import DONE
from indexkit.deployment.reading import read_declaration
from indexkit.deployment.steps import Call
from indexkit.economics.lists import read_initial
from indexkit.errors import IndexkitError

WAD = 10**18
LAST = "dao.treasury_funded"
BEGIN, BOUNTY_BEGIN = "2030-01-01T00:00:00Z", "2030-03-03T00:00:00Z"

Begin = Callable[..., Any]


@pytest.fixture
def unpaid(begin: Begin, undistributed: Any) -> Any:
    """Return a deployment that has paid nobody, for one test alone."""
    copied = begin(undistributed.declaration)
    copied.path.write_bytes(undistributed.path.read_bytes())
    return copied


@pytest.fixture
def dao_file(tmp_path: Path, dao_text: str) -> Callable[..., Path]:
    """Return a function that writes what is declared, with changes."""

    def write(*changes: tuple[str, str]) -> Path:
        text = dao_text
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "dao.toml"
        file.write_text(text)
        return file

    return write


def _contract(deployment: Any, kind: str, step: str) -> Any:
    return deployment.contracts.at(kind, deployment.manifest.addresses[step])


@pytest.mark.parametrize("place", range(7))
def test_run__payment_that_somebody_made(unpaid: Any, owner: AccountAPI, place: int) -> None:
    """What was paid by hand is recorded, and not paid again; the rest is made (R-45)."""
    calls = [step for step in unpaid.steps if isinstance(step, Call) and step.holds]
    step = [step for step in calls if step.id.startswith("dao.")][place]
    unpaid.resume(upto=step.id)
    arguments = unpaid.contracts.resolved(step.arguments, unpaid.manifest.addresses)
    target = _contract(unpaid, step.contract, step.target)
    getattr(target, step.function)(*arguments, sender=owner)

    unpaid.resume()

    record = unpaid.manifest.steps[step.id]
    assert (record.status, record.transaction) == (DONE, None)
    assert _contract(unpaid, "IndexToken", "dao.index_token").balanceOf(owner) == 0
    assert _contract(unpaid, "TokenStream", "dao.token_stream").streamCount() == 3


def test_run__coins_that_the_treasury_was_given(
    unpaid: Any, owner: AccountAPI, stranger: AccountAPI
) -> None:
    """What others gave the receiver before does not stand for its payment."""
    unpaid.resume(upto=LAST)
    token = _contract(unpaid, "IndexToken", "dao.index_token")
    published = read_initial()
    claim, proof = published.claims[5], list(published.proofs[5])
    distributor = _contract(unpaid, "MerkleDistributor", "dao.merkle_distributor")
    distributor.claim(5, claim.account, claim.amount, proof, sender=stranger)
    treasury = unpaid.declaration.dao.treasury
    ape.chain.provider.set_balance(claim.account, WAD)
    giver = ape.accounts.test_accounts.impersonate_account(claim.account)
    token.transfer(treasury, 1, sender=giver)

    unpaid.resume()

    assert unpaid.manifest.steps[LAST].transaction is not None
    assert token.balanceOf(treasury) == 500_000 * WAD + 1
    assert token.balanceOf(owner) == 0


@pytest.mark.parametrize(
    ("begin_at", "step"),
    [(BOUNTY_BEGIN, r"methodologist_bounty"), (BEGIN, r"stream\.treasury")],
)
def test_prepared__begins_too_soon(
    tmp_path: Path,
    owner: AccountAPI,
    dao_file: Callable[..., Path],
    begin_at: str,
    step: str,
) -> None:
    """What the contracts would refuse when its turn comes is refused before anything is sent."""
    file, nonce = dao_file((begin_at, "2020-10-06T19:00:00Z")), chain.next_nonce(owner.address)
    sentence = rf"dao\.{step} begins at 2020-10-06T19:00:00Z, .* at least 60 minutes after it"
    with (
        pytest.raises(IndexkitError, match=sentence),
        prepared(project, "all", owner, file, tmp_path / "manifest.json", lambda _: None),
    ):
        pass
    assert chain.next_nonce(owner.address) == nonce


def test_prepared__what_is_made_has_begun(
    unpaid: Any, owner: AccountAPI, dao_file: Callable[..., Path]
) -> None:
    """Only what is left must begin later: declared so, the deployment goes on."""
    file = dao_file()
    unpaid.declaration = read_declaration(file)
    unpaid.resume(upto="dao.stream.SetLabs")
    first = unpaid.declaration.distribution.streams[0].schedule.begin
    chain.ask("evm_setNextBlockTimestamp", first)
    ape.chain.provider.mine()

    before, treasury, *others = file.read_text().split(BEGIN)
    file.write_text("2031-01-01T00:00:00Z".join([f"{before}{BEGIN}{treasury}", *others]))
    with prepared(project, "dao", owner, file, unpaid.path, lambda _: None) as found:
        assert found.left[0].step.id == "dao.stream.SetLabs"
        found.run()

    streams = _contract(unpaid, "TokenStream", "dao.token_stream")
    assert streams.getStream(1).begin == first + 365 * 86_400


def test_prepared__staking_token_that_is_none(
    tmp_path: Path, owner: AccountAPI, unpaid: Any, dao_file: Callable[..., Path]
) -> None:
    """What is staked must be a token."""
    weth = unpaid.declaration.venues.weth
    file = dao_file((f'staking_token = "{weth}"', f'staking_token = "{owner.address}"'))
    with (
        pytest.raises(IndexkitError, match=r"the staking_token 0x.* is no token: correct the decl"),
        prepared(project, "all", owner, file, tmp_path / "manifest.json", lambda _: None),
    ):
        pass
