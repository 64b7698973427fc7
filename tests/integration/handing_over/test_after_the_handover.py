"""After the hand-over: what its receivers can do, and the deployer cannot; what he keeps (R-45)."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ape.api import AccountAPI
from ape.exceptions import ContractLogicError
from lives import Deployment

from indexkit.calling import Wish, wish
from indexkit.deployment import chain
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.showing import rights_table
from indexkit.errors import IndexkitError
from indexkit.safe import Call, Safe

CONTROLLER = "protocol.controller"
TOKEN, MANAGER, MODULE = (f"index.SMALL.{part}" for part in ("token", "manager", "module"))
NOT_OWNER = "Ownable: caller is not the owner"
NOT_MANAGER = "Must be the SetToken manager"
NOT_PARTY = "Must be operator or methodologist"
ENABLED = "index.NEXT.module_enabled"


def test_rights__what_stays_is_named(handed: Deployment) -> None:
    """The deployer keeps what is declared his, and a reservation; nothing else names him."""
    deployer = handed.account.address
    found = handed.handover().rights()

    assert {role for role, holder in found.items() if holder == deployer} == {
        "Controller.feeRecipient",
        "INDEX.holder",
        "SMALL.reservedFor",
        "StakingRewards.rewardsDistribution",
    }
    remarks = list(rights_table(found, deployer).columns[3].cells)
    assert remarks.count("stays with the deployer") == 4


def test_run__repeated_sends_nothing(handed: Deployment) -> None:
    """Run again after the acceptance it makes no transaction, and notes who has what."""
    nonce = chain.next_nonce(handed.account.address)

    handed.hand_over()

    assert chain.next_nonce(handed.account.address) == nonce
    assert handed.manifest.roles["Controller.owner"] == handed.declaration.protocol.owner


@pytest.mark.parametrize(
    ("step", "function", "arguments", "reason"),
    [
        (CONTROLLER, "addModule", ("me",), NOT_OWNER),
        (CONTROLLER, "removeModule", ("me",), NOT_OWNER),
        (CONTROLLER, "editFeeRecipient", ("me",), NOT_OWNER),
        (CONTROLLER, "transferOwnership", ("me",), NOT_OWNER),
        (CONTROLLER, "offerOwnership", ("me",), NOT_OWNER),
        (CONTROLLER, "renounceOwnership", (), NOT_OWNER),
        ("protocol.integration_registry", "addIntegration", ("me", "X", "me"), NOT_OWNER),
        ("protocol.integration_registry", "transferOwnership", ("me",), NOT_OWNER),
        ("dao.meta_governor", "setCommittee", ("me",), NOT_OWNER),
        ("dao.meta_governor", "setCirculatingSupply", (10**24,), NOT_OWNER),
        ("dao.meta_governor", "transferOwnership", ("me",), NOT_OWNER),
        (TOKEN, "setManager", ("me",), "Only manager can call"),
        (TOKEN, "addModule", ("me",), "Only manager can call"),
        (TOKEN, "removeModule", (MODULE,), "Only manager can call"),
        ("protocol.streaming_fee", "updateStreamingFee", (TOKEN, 0), NOT_MANAGER),
        ("protocol.streaming_fee", "updateFeeRecipient", (TOKEN, "me"), NOT_MANAGER),
        ("protocol.governance", "delegate", (TOKEN, "X", "me"), NOT_MANAGER),
        (MODULE, "startRebalance", ([], [], [0, 0, 0, 0], 10**18), NOT_MANAGER),
        (MODULE, "cancelRebalance", (), NOT_MANAGER),
        (MODULE, "setGuard", (NOBODY,), NOT_MANAGER),
        (MODULE, "updateTraderStatus", (["me"], [True]), NOT_MANAGER),
        (MODULE, "updateAnyoneTrade", (True,), NOT_MANAGER),
        (MODULE, "trade", (TOKEN,), "Address not permitted to trade"),
        ("protocol.guard", "configure", (MODULE, 0, 0, 0), NOT_MANAGER),
        (MANAGER, "execute", (MODULE, b"\0" * 4), "Must be operator"),
        (MANAGER, "executeAgreed", (TOKEN, b"\0" * 4), NOT_PARTY),
        (MANAGER, "setVoter", ("me", "protocol.governance"), NOT_PARTY),
    ],
)
def test_deployer__can_do_nothing_any_more(
    handed: Deployment, step: str, function: str, arguments: tuple[Any, ...], reason: str
) -> None:
    """Each right that he had, or could want, is refused with the contract's reason."""
    addresses = {**handed.manifest.addresses, "me": handed.account.address}

    def known(value: Any) -> Any:
        if isinstance(value, list):
            return list(map(known, value))
        return addresses.get(value, value) if isinstance(value, str) else value

    with pytest.raises(ContractLogicError) as refused:
        handed.at(step).invoke_transaction(function, *map(known, arguments), sender=handed.account)

    assert refused.value.revert_message == reason


def test_parties__run_the_index(
    handed: Deployment,
    receiving_safe: Safe,
    safe_owners: list[AccountAPI],
    accounts: Sequence[AccountAPI],
) -> None:
    """The Safe operates alone what the list names; the fee takes the methodologist's consent."""
    house, module = handed.at(MANAGER), handed.at(MODULE)
    fees, token = handed.at("protocol.streaming_fee"), handed.at(TOKEN)
    methodologist = accounts[2]

    data = module.updateTraderStatus.encode_input([accounts[7]], [True])
    receiving_safe.run(safe_owners[:2], Call.of(house, "execute", module, data))
    assert module.tradeAllowList(accounts[7])

    lower = fees.updateStreamingFee.encode_input(token, 10**15)
    with pytest.raises(ContractLogicError, match="Target must not be operated alone"):
        receiving_safe.run(safe_owners[:2], Call.of(house, "execute", fees, lower))
    receiving_safe.run(safe_owners[:2], Call.of(house, "executeAgreed", fees, lower))
    assert fees.feeStates(token)[2] != 10**15
    house.executeAgreed(fees, lower, sender=methodologist)
    assert fees.feeStates(token)[2] == 10**15


@pytest.fixture
def grown(handed: Deployment, lives: Callable[[Declaration], Deployment]) -> Deployment:
    """Declare a second index, with a manifest for one test alone."""
    (index,) = handed.declaration.indices
    another = replace(index, symbol="NEXT", components=index.components[:1])
    copied = lives(replace(handed.declaration, indices=(index, another)))
    shutil.copy(handed.path, copied.path)
    return copied


def test_run__index_that_is_declared_later(
    grown: Deployment, receiving_safe: Safe, safe_owners: list[AccountAPI]
) -> None:
    """The deployer cannot enable its module: the owner does, and the same command goes on."""
    with pytest.raises(IndexkitError) as told:
        grown.resume()
    module = grown.manifest.addresses["index.NEXT.module"]
    controller = grown.at("protocol.controller")
    assert f"have {receiving_safe.address}, the owner of Controller {controller.address}" in str(
        told.value
    )
    assert f'call addModule with ["{module}"]' in str(told.value)

    receiving_safe.run(safe_owners[:2], Call.of(controller, "addModule", module))
    grown.resume()
    assert grown.manifest.steps[ENABLED].transaction is None
    assert [step.id for step in grown.handover().left] == ["handover.index.NEXT.token"]
    grown.hand_over()

    assert grown.manifest.roles["NEXT.manager"] == grown.manifest.addresses["index.NEXT.manager"]
    assert grown.handover().left == ()


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
