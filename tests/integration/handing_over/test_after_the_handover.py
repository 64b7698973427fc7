"""After the hand-over: what its receivers can do, and the deployer cannot; what he keeps (R-45)."""

from collections.abc import Sequence
from typing import Any

import pytest
from ape.api import AccountAPI
from ape.exceptions import ContractLogicError
from lives import Deployment

from indexkit.deployment import chain
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.showing import rights_table
from indexkit.safe import Call, Safe

CONTROLLER = "protocol.controller"
TOKEN, MANAGER, MODULE = (f"index.SMALL.{part}" for part in ("token", "manager", "module"))
NOT_OWNER = "Ownable: caller is not the owner"
NOT_MANAGER = "Must be the SetToken manager"
NOT_PARTY = "Must be operator or methodologist"


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
