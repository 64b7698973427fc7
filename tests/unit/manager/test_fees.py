"""IndexManager: who gets the fees, to the wei, and that nobody is kept from them (R-05, R-07)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS

from indexkit.localnet import advance

E18 = 10**18
SHARE = 6 * 10**17
DAY_S = 86_400
YEAR_S = 31_557_600
SPLITS = [0, 1, SHARE, E18 - 1, E18]


@pytest.fixture
def balances(set_token, index_manager, operator, methodologist, newcomer):
    """Return a function that reads what the parties and the manager hold of the SetToken."""

    def read():
        holders = (index_manager, operator, methodologist, newcomer)
        return tuple(set_token.balanceOf(holder) for holder in holders)

    return read


@pytest.fixture
def earn(set_token, index_manager, module):
    """Return a function that gives the manager SetTokens, as fees that are accrued already."""
    return lambda quantity: set_token.mint(index_manager, quantity, sender=module)


@pytest.fixture
def free(protocol, set_token, index_manager, agree, operator, methodologist, owner):
    """Set the streaming fee to 0 and put away what was paid, so that amounts are a test's own."""
    call = protocol.streaming_fee.updateStreamingFee.encode_input(set_token, 0)
    agree("executeAgreed", protocol.streaming_fee, call)
    index_manager.distributeFees(sender=owner)
    for party in (operator, methodologist):
        set_token.transfer(owner, set_token.balanceOf(party), sender=party)


@pytest.fixture
def split(agree, index_manager):
    """Return a function that changes the operator's share by agreement."""

    def changed(share):
        return agree("setFeeSplit", share)

    return changed


def test_distribute_fees__whole_receipt(
    index_manager, set_token, protocol, operator, methodologist, stranger, balances, logs
):
    """R-07, S-193: anyone has the fee accrued and shared; nothing stays behind."""
    advance(YEAR_S // 12)
    receipt = index_manager.distributeFees(sender=stranger)
    (accrued,) = receipt.events.filter(protocol.streaming_fee.FeeActualized)
    fee = accrued._managerFee
    assert fee > 10**17
    to_operator = fee * SHARE // E18
    to_methodologist = fee - to_operator
    transfers = [
        (ZERO_ADDRESS, index_manager, fee),
        (index_manager, operator, to_operator),
        (index_manager, methodologist, to_methodologist),
    ]
    assert [
        (log.sender, log.receiver, log.value)
        for log in receipt.events
        if log.event_name == "Transfer"
    ] == transfers
    assert logs(receipt, index_manager) == [
        index_manager.FeesDistributed(
            _operator=operator,
            _methodologist=methodologist,
            _operatorFee=to_operator,
            _methodologistFee=to_methodologist,
        )
    ]
    assert list(receipt.return_value) == [to_operator, to_methodologist]
    assert balances() == (0, to_operator, to_methodologist, 0)


@pytest.mark.parametrize("share", SPLITS)
@pytest.mark.parametrize("held", [1, 3, 10**18 + 7, 2**127])
def test_distribute_fees__rounding(
    index_manager, free, split, earn, balances, stranger, share, held
):
    """R-07: the operator's share is rounded down, the methodologist gets the rest, 0 stays.

    S-193.
    """
    split(share)
    earn(held)
    index_manager.distributeFees(sender=stranger)
    to_operator = held * share // E18
    assert balances() == (0, to_operator, held - to_operator, 0)


@pytest.mark.parametrize("share", [0, E18])
def test_distribute_fees__all_to_one__is_one_transfer(
    index_manager, set_token, free, split, earn, operator, methodologist, stranger, logs, share
):
    """R-07: who gets nothing is sent nothing."""
    split(share)
    earn(E18)
    receipt = index_manager.distributeFees(sender=stranger)
    (paid,) = (log for log in logs(receipt, set_token) if log.event_name == "Transfer")
    assert (paid.receiver, paid.value) == (operator if share else methodologist, E18)


def test_distribute_fees__nothing__pays_nothing(index_manager, free, stranger, balances, logs):
    """R-07: no event tells of no fee."""
    receipt = index_manager.distributeFees(sender=stranger)
    assert logs(receipt, index_manager) == []
    assert list(receipt.return_value) == [0, 0]
    assert balances() == (0, 0, 0, 0)


def test_distribute_fees__often__shifts_a_wei_each_time(
    index_manager, free, earn, stranger, balances
):
    """R-07: small pieces move less than one wei per call to the methodologist."""
    for _ in range(5):
        earn(9)
        index_manager.distributeFees(sender=stranger)
    assert balances() == (0, 5 * 5, 5 * 4, 0)
    assert 5 * 9 * SHARE // E18 - 5 * 5 <= 5


def test_set_fee_split__pays_by_the_old_one_first(
    index_manager, protocol, set_token, operator, methodologist, balances
):
    """R-05, S-194: what was earned up to the change is shared as it was agreed then."""
    index_manager.setFeeSplit(0, sender=operator)
    advance(6 * DAY_S)
    receipt = index_manager.setFeeSplit(0, sender=methodologist)
    (accrued,) = receipt.events.filter(protocol.streaming_fee.FeeActualized)
    earned = accrued._managerFee * SHARE // E18
    assert balances() == (0, earned, accrued._managerFee - earned, 0)
    assert index_manager.operatorShare() == 0

    advance(YEAR_S // 2)
    index_manager.distributeFees(sender=operator)
    held, to_operator, to_methodologist, _ = balances()
    assert (held, to_operator) == (0, earned)
    assert to_methodologist > accrued._managerFee


@pytest.mark.parametrize("function", ["setOperator", "setMethodologist"])
def test_set_party__the_old_one_is_paid_first(
    index_manager, protocol, agree, newcomer, balances, earn, function
):
    """R-05, S-194: who leaves takes what was earned until then, and no more."""
    advance(YEAR_S // 2)
    earn(1_001)
    receipt = agree(function, newcomer)
    (accrued,) = receipt.events.filter(protocol.streaming_fee.FeeActualized)
    earned = accrued._managerFee + 1_001
    to_operator = earned * SHARE // E18
    before = (0, to_operator, earned - to_operator, 0)
    assert balances() == before

    advance(YEAR_S // 2)
    index_manager.distributeFees(sender=newcomer)
    after = balances()
    gone = 1 if function == "setOperator" else 2
    assert after[gone] == before[gone]
    assert after[3] > 0


def test_set_fee_split__fee_cannot_accrue__reverts(
    index_manager, protocol, set_token, owner, operator, methodologist, newcomer, agree
):
    """R-05, S-194: when what was earned cannot be shared by the old rule, the rule stays."""
    protocol.controller.removeModule(protocol.streaming_fee, sender=owner)
    for function, argument in (
        ("setFeeSplit", 0),
        ("setOperator", newcomer),
        ("setMethodologist", newcomer),
    ):
        call = getattr(index_manager, function)
        call(argument, sender=operator)
        with ape.reverts("Module must be enabled on controller"):
            call(argument, sender=methodologist)

    # The way out, by agreement: there is no fee module any more.
    agree("setFeeModule", ZERO_ADDRESS)
    agree("setFeeSplit", 0)
    agree("setOperator", newcomer)
    assert (index_manager.operatorShare(), index_manager.operator()) == (0, newcomer)


def test_distribute_fees__fee_cannot_accrue__pays_what_is_there(
    index_manager, protocol, set_token, agree, earn, stranger, balances, operator
):
    """R-07, S-195: a fee module that is gone keeps nobody from fees that are here."""
    agree("executeAgreed", set_token, set_token.removeModule.encode_input(protocol.streaming_fee))
    earn(1_000)
    index_manager.distributeFees(sender=stranger)
    assert balances() == (0, 600, 400, 0)


def test_distribute_fees__no_fee_module__pays_what_is_there(
    index_manager, agree, earn, stranger, balances, free
):
    """R-07: fees of issuance modules, for instance."""
    agree("setFeeModule", ZERO_ADDRESS)
    earn(1_000)
    index_manager.distributeFees(sender=stranger)
    assert balances() == (0, 600, 400, 0)


def test_set_fee_module__the_old_one_accrues_first(
    index_manager, protocol, agree, set_token, balances
):
    """R-05: what the old module owes arrives before it is forgotten."""
    advance(YEAR_S)
    agree("setFeeModule", ZERO_ADDRESS)
    assert balances()[0] > E18


def test_set_fee_module__starved_of_gas__still_accrues(
    index_manager, operator, methodologist, set_token, chain
):
    """R-05: no gas limit lets the accrual fail and the change succeed."""
    provider = chain.provider
    provider.make_request("anvil_impersonateAccount", [methodologist.address])
    index_manager.setFeeModule(ZERO_ADDRESS, sender=operator)
    advance(DAY_S)
    call = index_manager.setFeeModule.encode_input(ZERO_ADDRESS)
    request = {"from": methodologist.address, "to": index_manager.address, "data": call.to_0x_hex()}
    outcomes = set()
    for gas in range(30_000, 240_000, 6_000):
        snapshot = provider.make_request("evm_snapshot", [])
        limited = request | {"gas": hex(gas), "gasPrice": "0x0"}
        sent = provider.make_request("eth_sendTransaction", [limited])
        provider.make_request("evm_mine", [])
        sent = provider.make_request("eth_getTransactionReceipt", [sent])
        changed = index_manager.feeModule() == ZERO_ADDRESS
        assert changed == (sent["status"] == "0x1")
        assert changed == (set_token.balanceOf(index_manager) > 0), gas
        outcomes.add(changed)
        provider.make_request("evm_revert", [snapshot])
    assert outcomes == {True, False}


def test_distribute_fees__after_the_index_was_handed_over(
    index_manager, agree, set_token, newcomer, balances, stranger
):
    """R-07: as long as this contract is the recipient, the fees are both parties'."""
    agree("executeAgreed", set_token, set_token.setManager.encode_input(newcomer))
    advance(YEAR_S)
    index_manager.distributeFees(sender=stranger)
    held, to_operator, to_methodologist, _ = balances()
    assert held == 0
    assert to_operator > to_methodologist > E18


@pytest.mark.parametrize("function", ["setOperator", "setMethodologist"])
def test_distribute_fees__party_that_refuses_everything__blocks_nobody(
    index_manager, agree, set_token, earn, chain, stranger, operator, methodologist, free, function
):
    """R-07: a SetToken asks nothing of its receiver, so the other party is paid."""
    refuser = "0x00000000000000000000000000000000DeaDBeef"
    chain.provider.set_code(refuser, bytes.fromhex("5f5ffd"))
    agree(function, refuser)
    earn(1_000)
    index_manager.distributeFees(sender=stranger)
    paid = [index_manager.operator(), index_manager.methodologist()]
    assert [set_token.balanceOf(party) for party in paid] == [600, 400]


def test_redeem__managers_are_gone(
    index_manager, agree, set_token, protocol, issuer, chain, methodologist
):
    """I-24: with nobody left who could manage, holders leave and fees are paid."""
    nobody = ["0x000000000000000000000000000000000000dEaD", "0x" + "00" * 19 + "01"]
    agree("executeAgreed", set_token, set_token.setManager.encode_input(nobody[0]))
    agree("setOperator", nobody[0])
    impersonated = ape.accounts.test_accounts.impersonate_account(nobody[0])
    chain.provider.set_balance(nobody[0], E18)
    index_manager.setMethodologist(nobody[1], sender=impersonated)
    index_manager.setMethodologist(nobody[1], sender=methodologist)
    advance(YEAR_S)
    index_manager.distributeFees(sender=issuer)
    protocol.issuance.redeem(set_token, set_token.balanceOf(issuer), issuer, sender=issuer)
    assert set_token.balanceOf(issuer) == 0
