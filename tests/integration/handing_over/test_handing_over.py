"""A hand-over, from the deployer's offers to what its receivers can do, and he cannot (R-45)."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ape import project
from ape.api import AccountAPI
from ape.exceptions import ContractLogicError
from lives import Deployment, localnet_declaration

from indexkit.deployment import chain
from indexkit.deployment.accepting import accept, write_packs
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.handing_over import handing_over, handover_of
from indexkit.deployment.handover_plan import is_handover
from indexkit.deployment.parties import party_at
from indexkit.deployment.plan import plan
from indexkit.deployment.showing import receivers_half
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT
from indexkit.safe import Call, Safe, batch, create_safe

CONTROLLER = "protocol.controller"
DAO = ("dao.merkle_distributor", "dao.methodologist_bounty", "dao.meta_governor")
OFFERED = (CONTROLLER, "protocol.integration_registry", *DAO)
TOKEN, MANAGER, MODULE = (f"index.SMALL.{part}" for part in ("token", "manager", "module"))
STEPS = tuple(f"handover.{step}" for step in (*OFFERED[:2], TOKEN, *DAO))


def test_run__offers_and_gives(deployment: Deployment, receiving_safe: Safe) -> None:
    """Each contract is offered to the Safe, the index is its IndexManager's; all is recorded."""
    assert tuple(step.id for step in deployment.handover().left) == STEPS

    deployment.hand_over()

    for step in OFFERED:
        assert deployment.at(step).owner() == deployment.account.address
        assert deployment.at(step).pendingOwner() == receiving_safe.address
    manager = deployment.manifest.addresses[MANAGER]
    assert deployment.at(TOKEN).manager() == manager
    assert tuple(filter(is_handover, deployment.manifest.steps)) == STEPS
    assert deployment.manifest.roles["SMALL.manager"] == manager
    assert deployment.handover().left == ()


def test_packs__the_safe_takes_all_in_one_transaction(
    deployment: Deployment, receiving_safe: Safe, safe_owners: list[AccountAPI], tmp_path: Path
) -> None:
    """The files that its owners sign make it the owner of all three; then nothing is left."""
    deployment.hand_over()
    found = deployment.handover()

    (pack,) = write_packs(tmp_path, found.pending())
    assert pack.safe.owners == tuple(each.address for each in safe_owners)
    assert pack.safe_tx_hash in next(receivers_half(found.pending(), [pack]))
    _sign_files(pack.folder, receiving_safe, safe_owners[:2])

    for step in OFFERED:
        assert deployment.at(step).owner() == receiving_safe.address
        assert deployment.at(step).pendingOwner() == NOBODY
    after = deployment.handover()
    assert (after.left, after.pending(), write_packs(tmp_path, after.pending())) == ((), (), ())
    assert list(receivers_half((), ())) == ["All is handed over."]


def _sign_files(folder: Path, safe: Safe, owners: list[AccountAPI]) -> None:
    """Have owners sign what a pack's files say, and execute it."""
    entries = json.loads((folder / "transactions.json").read_text())["transactions"]
    hashes = json.loads((folder / "hashes.json").read_text())
    calls = [Call(each["to"], bytes.fromhex(each["data"][2:])) for each in entries]
    transaction = batch(calls, hashes["nonce"])
    assert "0x" + safe.hash(transaction).hex() == hashes["safe_tx_hash"]
    assert hashes["safe_tx_hash"] in (folder / "decoded.txt").read_text()
    safe.execute(transaction, safe.sign(transaction, owners), owners[0])


def test_run__killed_after_every_event(deployment: Deployment, receiving_safe: Safe) -> None:
    """Killed after each write and each broadcast, each call is made once."""
    nonce = chain.next_nonce(deployment.account.address)
    lives = 1
    while deployment.killed_at(1, deployment.hand_over):
        lives += 1
        assert lives <= 4 * len(STEPS), "it does not get on"

    assert lives > 3 * len(STEPS)
    assert chain.next_nonce(deployment.account.address) == nonce + len(STEPS)
    assert deployment.handover().left == ()
    assert deployment.at(CONTROLLER).pendingOwner() == receiving_safe.address


def test_run__wrong_owner_is_offered_again(
    deployment: Deployment, receiving_safe: Safe, outsider: AccountAPI
) -> None:
    """An offer to a wrong address is overwritten by the right one: nobody has lost anything."""
    right = deployment.declaration
    deployment.declaration = _with_owner(right, outsider.address)
    deployment.hand_over()
    controller = deployment.at(CONTROLLER)
    assert controller.pendingOwner() == outsider.address
    deployment.declaration = right

    assert tuple(step.id for step in deployment.handover().left) == STEPS[:2]
    deployment.hand_over()

    assert controller.pendingOwner() == receiving_safe.address
    assert deployment.manifest.steps[STEPS[0]].arguments == [receiving_safe.address]
    with pytest.raises(ContractLogicError, match="caller is not the new owner"):
        controller.acceptOwnership(sender=outsider)


def test_run__wrong_owner_was_signed_and_not_sent(
    deployment: Deployment, receiving_safe: Safe, outsider: AccountAPI
) -> None:
    """Killed before a wrong offer was sent, it sends that one first, and the right one after it."""
    right = deployment.declaration
    deployment.declaration = _with_owner(right, outsider.address)
    assert deployment.killed_at(1, deployment.hand_over)
    assert deployment.manifest.sent == STEPS[0]
    deployment.declaration = right

    deployment.hand_over()

    assert deployment.at(CONTROLLER).pendingOwner() == receiving_safe.address
    assert deployment.handover().left == ()


def test_run__hand_over_under_way(deployment: Deployment) -> None:
    """Nothing is deployed while a step of the hand-over is signed and not known to be mined."""
    (index,) = deployment.declaration.indices
    assert deployment.killed_at(1, deployment.hand_over)
    assert deployment.manifest.sent == "handover.protocol.controller"
    another = replace(index, symbol="NEXT")
    deployment.declaration = replace(deployment.declaration, indices=(index, another))

    with pytest.raises(IndexkitError, match=r"index\.NEXT\.module waits for: run 'ape run handov"):
        deployment.resume()


def test_run__offer_of_what_stays_is_taken_back(
    deployment: Deployment, outsider: AccountAPI
) -> None:
    """What is declared the deployer's is offered to nobody, even if it had been to somebody."""
    controller, deployer = deployment.at(CONTROLLER), deployment.account
    controller.offerOwnership(outsider, sender=deployer)
    deployment.declaration = _with_owner(deployment.declaration, deployer.address)

    assert STEPS[1] not in [step.id for step in deployment.handover().left]
    deployment.hand_over()

    assert (controller.owner(), controller.pendingOwner()) == (deployer.address, NOBODY)


def test_checks__index_manager_of_other_parties(
    deployment: Deployment, outsider: AccountAPI
) -> None:
    """An index is not handed to a manager whose parties are not the declared ones."""
    declared = deployment.declaration
    (index,) = declared.indices
    other = replace(declared, indices=(replace(index, methodologist=outsider.address),))

    with pytest.raises(IndexkitError, match=r"SMALL: its IndexManager .* has the methodologist"):
        handover_of(other, deployment.execution())


def test_checks__owner_that_can_accept_nothing(deployment: Deployment) -> None:
    """A contract of the deployment itself cannot be offered another."""
    guard = deployment.manifest.addresses["protocol.guard"]
    deployment.declaration = _with_owner(deployment.declaration, guard)

    _refused(deployment, r"is protocol\.guard, which can accept nothing")


def test_checks__unfinished_deployment(owner: AccountAPI, tmp_path: Path) -> None:
    """What is not deployed to its end is not handed over."""
    declared, path = ROOT / "deployments" / "declared" / "localnet.toml", tmp_path / "manifest.json"
    more = len(plan(localnet_declaration(), owner.address)) - 1

    with (
        pytest.raises(
            IndexkitError, match=f"controller is missing, and {more} steps more; run 'ape run"
        ),
        handing_over(project, owner, declared, path, lambda _: None),
    ):
        pass


def test_checks__somebody_else_has_it(deployment: Deployment, outsider: AccountAPI) -> None:
    """What neither the deployer nor the next owner has is told, with who has it."""
    deployment.at(CONTROLLER).transferOwnership(outsider, sender=deployment.account)

    _refused(deployment, rf"has the owner {outsider.address}, neither the deployer nor")


def _refused(deployment: Deployment, sentence: str) -> None:
    """Require that a hand-over is refused in one sentence, before anything is signed."""
    nonce, written = chain.next_nonce(deployment.account.address), deployment.path.read_bytes()
    with pytest.raises(IndexkitError, match=sentence):
        deployment.hand_over()
    assert chain.next_nonce(deployment.account.address) == nonce
    assert deployment.path.read_bytes() == written


def test_parties__are_told_apart(
    deployment: Deployment, receiving_safe: Safe, safe_owners: list[AccountAPI], owner: AccountAPI
) -> None:
    """An account, another contract, a Safe of one signature: each gets its warning, a Safe none."""
    single = create_safe(safe_owners, 1, owner, salt=78)
    found = {
        address: party_at(address)
        for address in (
            owner.address,
            deployment.manifest.addresses[MODULE],
            single.address,
            receiving_safe.address,
        )
    }

    shown = [str(party) for party in found.values()]
    assert shown == ["account", "contract", "Safe, 1 of 3", "Safe, 2 of 3"]
    *warned, silent = (party.warning() for party in found.values())
    assert silent is None
    for words, warning in zip(("one key", "no Safe", "alone"), warned, strict=True):
        assert words in str(warning)
    (methodologist,) = deployment.handover().warnings
    assert "an account, not a Safe" in methodologist


def test_accept__by_an_account(deployment: Deployment, outsider: AccountAPI) -> None:
    """Who holds one key accepts with it; nobody else does, and not what others are offered."""
    deployment.declaration = _with_owner(deployment.declaration, outsider.address)
    deployment.hand_over()

    with pytest.raises(IndexkitError, match=rf"Nothing is offered to {deployment.account.address}"):
        accept(project, deployment.manifest, [deployment.account])
    taken = accept(project, deployment.manifest, [outsider])

    assert tuple(offer.step for offer in taken) == OFFERED[:2]
    assert deployment.at(CONTROLLER).owner() == outsider.address
    assert deployment.at(OFFERED[2]).owner() == deployment.account.address


def test_accept__by_too_few_owners(deployment: Deployment, safe_owners: list[AccountAPI]) -> None:
    """One owner of a Safe that asks for two accepts nothing."""
    deployment.hand_over()

    with pytest.raises(IndexkitError, match="asks for 2 owners' signatures, and 1 given"):
        accept(project, deployment.manifest, safe_owners[:1])

    assert deployment.at(CONTROLLER).owner() == deployment.account.address


def test_accept__other_code(deployment: Deployment, safe_owners: list[AccountAPI]) -> None:
    """What is no longer the contract that was deployed is not accepted."""
    deployment.hand_over()
    made = deployment.manifest
    other = replace(made.steps[CONTROLLER], code_hash="0x00")

    with pytest.raises(IndexkitError, match=r"controller is at .* other code"):
        accept(project, made.with_step(CONTROLLER, other), safe_owners[:2])


def _with_owner(declaration: Declaration, owner: str) -> Declaration:
    """Return a declaration that names another owner of Controller and registry."""
    return replace(declaration, protocol=replace(declaration.protocol, owner=owner))
