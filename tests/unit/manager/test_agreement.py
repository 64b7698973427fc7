"""IndexManager: what takes both parties, and what becomes of an approval (R-07, I-21)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_utils import keccak

from indexkit.localnet import advance

E18 = 10**18
PERIOD_S = 7 * 86_400
NOBODY = (ZERO_ADDRESS, 0)
EITHER = "Must be operator or methodologist"
SELECTOR = bytes.fromhex("12345678")


@pytest.fixture
def calls(newcomer, target, protocol, set_token):
    """Return one call of each function that takes both parties."""
    hand_over = set_token.setManager.encode_input(newcomer)
    return {
        "setOperator": (newcomer,),
        "setMethodologist": (newcomer,),
        "setFeeSplit": (E18,),
        "setFeeModule": (ZERO_ADDRESS,),
        "allow": (target, SELECTOR, True),
        "executeAgreed": (set_token, hand_over),
    }


FUNCTIONS = [
    "setOperator",
    "setMethodologist",
    "setFeeSplit",
    "setFeeModule",
    "allow",
    "executeAgreed",
]


@pytest.fixture
def powers(index_manager, set_token, target):
    """Return a function that reads everything that only both may change."""

    def read():
        return (
            index_manager.operator(),
            index_manager.methodologist(),
            index_manager.operatorShare(),
            index_manager.feeModule(),
            index_manager.isAllowed(target, SELECTOR),
            set_token.manager(),
        )

    return read


def at(time):
    """Let the next transaction be in a block of that time {s}."""
    ape.chain.provider.make_request("evm_setNextBlockTimestamp", [time])


# ---------------------------------------------------------------- plain


def test_set_operator__both__whole_receipts(
    index_manager, operator, methodologist, newcomer, logs, chain
):
    """R-07, S-189: the first call approves, the second executes and leaves no approval."""
    call = index_manager.setOperator.encode_input(newcomer)
    first = index_manager.setOperator(newcomer, sender=operator)
    expiry = chain.blocks.head.timestamp + PERIOD_S
    assert first.events == [
        index_manager.CallApproved(
            _party=operator, _id=keccak(call), _expiry=expiry, _call=bytes(call)
        )
    ]
    assert index_manager.approval(keccak(call)) == (operator, expiry)
    assert index_manager.operator() == operator

    second = index_manager.setOperator(newcomer, sender=methodologist)
    mine = logs(second, index_manager)
    assert (mine[0], mine[-1]) == (
        index_manager.CallAgreed(_id=keccak(call)),
        index_manager.OperatorChanged(_old=operator, _new=newcomer),
    )
    assert index_manager.operator() == newcomer
    assert index_manager.approval(keccak(call)) == NOBODY


def test_set_methodologist__both(index_manager, operator, methodologist, newcomer, logs):
    """R-07: in the other order, too."""
    index_manager.setMethodologist(newcomer, sender=methodologist)
    assert index_manager.methodologist() == methodologist
    second = index_manager.setMethodologist(newcomer, sender=operator)
    assert index_manager.methodologist() == newcomer
    assert logs(second, index_manager)[-1] == index_manager.MethodologistChanged(
        _old=methodologist, _new=newcomer
    )


def test_allow__both__then_the_operator_calls(index_manager, agree, operator, target, logs):
    """R-07: the list changes by agreement, in both directions."""
    receipt = agree("allow", target, SELECTOR, True)
    changed = {"_target": target, "_selector": SELECTOR}
    assert logs(receipt, index_manager)[1:] == [
        index_manager.PermissionChanged(**changed, _allowed=True)
    ]
    index_manager.execute(target, SELECTOR, sender=operator)
    receipt = agree("allow", target, SELECTOR, False)
    assert logs(receipt, index_manager)[1:] == [
        index_manager.PermissionChanged(**changed, _allowed=False)
    ]
    with ape.reverts("Call must be allowed"):
        index_manager.execute(target, SELECTOR, sender=operator)


def test_set_fee_module__both(index_manager, agree, logs):
    """R-07: an index without a fee module has the empty one."""
    receipt = agree("setFeeModule", ZERO_ADDRESS)
    assert logs(receipt, index_manager)[1:] == [
        index_manager.FeeModuleChanged(_feeModule=ZERO_ADDRESS)
    ]
    assert index_manager.feeModule() == ZERO_ADDRESS


def test_execute_agreed__hands_the_set_over(
    index_manager, operator, methodologist, newcomer, set_token, logs
):
    """R-07, V-7, S-192: both together, and only both, give the index to another manager."""
    data = set_token.setManager.encode_input(newcomer)
    first = index_manager.executeAgreed(set_token, data, sender=methodologist)
    assert first.return_value == b""
    assert set_token.manager() == index_manager
    second = index_manager.executeAgreed(set_token, data, sender=operator)
    call = index_manager.executeAgreed.encode_input(set_token, data)
    assert second.events == [
        index_manager.CallAgreed(_id=keccak(call)),
        set_token.ManagerEdited(_newManager=newcomer, _oldManager=index_manager),
        index_manager.Executed(_target=set_token, _selector=bytes(data)[:4]),
    ]
    assert set_token.manager() == newcomer


def test_execute_agreed__modules_and_fees(
    index_manager, agree, protocol, set_token, index_module, chain
):
    """R-07: modules come and go, and the fee changes, by agreement."""
    streaming_fee = protocol.streaming_fee
    agree(
        "executeAgreed", streaming_fee, streaming_fee.updateStreamingFee.encode_input(set_token, 7)
    )
    assert streaming_fee.feeStates(set_token)[2] == 7
    agree("executeAgreed", set_token, set_token.removeModule.encode_input(index_module))
    assert not set_token.isInitializedModule(index_module)
    agree("executeAgreed", set_token, set_token.addModule.encode_input(index_module))
    agree("executeAgreed", index_module, index_module.initialize.encode_input(set_token))
    assert set_token.isInitializedModule(index_module)


def test_execute_agreed__answers_and_reasons_come_through(index_manager, operator, target, agree):
    """R-07: the second call returns what the target said, or its reason."""
    agree("executeAgreed", target, target.echo.encode_input(b"word"))
    with ape.reverts("Not so"):
        agree("executeAgreed", target, target.fail.encode_input("Not so"))
    # The failed call is as if it had not been made: the approval still stands.
    call = index_manager.executeAgreed.encode_input(target, target.fail.encode_input("Not so"))
    assert index_manager.approval(keccak(call)).party == operator


def test_execute_agreed__no_data__calls_the_default(index_manager, agree, target, logs):
    """R-07: any call is possible for both together."""
    receipt = agree("executeAgreed", target, b"")
    assert logs(receipt, index_manager)[-1] == index_manager.Executed(
        _target=target, _selector=bytes(4)
    )


# ---------------------------------------------------------------- one party alone


@pytest.mark.parametrize("function", FUNCTIONS)
def test_agreed_functions__stranger__reverts(index_manager, calls, function, stranger, manager):
    """I-20: neither strangers nor the former manager are parties."""
    for account in (stranger, manager):
        with ape.reverts(EITHER):
            getattr(index_manager, function)(*calls[function], sender=account)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("party", ["operator", "methodologist"])
def test_agreed_functions__one_party_twice__changes_nothing(
    index_manager, calls, powers, function, party, operator, methodologist
):
    """I-21, S-189: one voice, however often it is raised, is one voice."""
    account = {"operator": operator, "methodologist": methodologist}[party]
    before = powers()
    for _ in range(3):
        getattr(index_manager, function)(*calls[function], sender=account)
    assert powers() == before


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("first", ["operator", "methodologist"])
def test_agreed_functions__both__execute_once(
    index_manager, calls, function, first, operator, methodologist
):
    """I-21, S-190: an approval is used up; the same call again needs both again."""
    parties = [operator, methodologist]
    if first == "methodologist":
        parties.reverse()
    call = getattr(index_manager, function)
    for party in parties:
        receipt = call(*calls[function], sender=party)
    assert len(receipt.events.filter(index_manager.CallAgreed)) == 1
    assert index_manager.approval(keccak(call.encode_input(*calls[function]))) == NOBODY
    stays = next(
        p for p in parties if p in (index_manager.operator(), index_manager.methodologist())
    )
    if function not in ("setOperator", "setMethodologist"):
        assert not call(*calls[function], sender=stays).events.filter(index_manager.CallAgreed)


def test_agreed_functions__other_arguments__are_another_call(
    index_manager, operator, methodologist, powers
):
    """I-21, S-189: an approval is for one call, not for a function."""
    before = powers()
    index_manager.setFeeSplit(E18, sender=operator)
    index_manager.setFeeSplit(E18 - 1, sender=methodologist)
    assert powers() == before


def test_agreed_functions__same_words_in_another_function__are_another_call(
    index_manager, operator, methodologist, newcomer, powers
):
    """I-21: the approval of one role change is not half of another."""
    before = powers()
    index_manager.setOperator(newcomer, sender=operator)
    index_manager.setMethodologist(newcomer, sender=methodologist)
    assert powers() == before


def test_agreed_functions__same_meaning_in_other_bytes__is_the_same_call(
    index_manager, operator, methodologist
):
    """I-21: what is behind the arguments does not make another call of it."""
    index_manager.setFeeSplit(E18, sender=operator)
    call = bytes(index_manager.setFeeSplit.encode_input(E18)) + b"more"
    methodologist.transfer(index_manager, 0, data=call)
    assert index_manager.operatorShare() == E18
    assert index_manager.approval(keccak(call)) == NOBODY


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(("late", "executes"), [(0, True), (1, False)])
def test_approval__at_its_end(
    index_manager, operator, methodologist, newcomer, chain, late, executes
):
    """R-07: it counts up to the last second of seven days; then the second call is a first one.

    S-190.
    """
    index_manager.setOperator(newcomer, sender=operator)
    end = chain.blocks.head.timestamp + PERIOD_S
    at(end + late)
    receipt = index_manager.setOperator(newcomer, sender=methodologist)
    assert (index_manager.operator() == newcomer) == executes
    assert len(receipt.events.filter(index_manager.CallAgreed)) == executes
    if not executes:
        call = index_manager.setOperator.encode_input(newcomer)
        assert index_manager.approval(keccak(call)) == (methodologist, end + late + PERIOD_S)
        index_manager.setOperator(newcomer, sender=operator)
        assert index_manager.operator() == newcomer


def test_approval__given_again__lasts_from_then(
    index_manager, operator, methodologist, newcomer, chain
):
    """R-07: a party may renew what it approved."""
    index_manager.setOperator(newcomer, sender=operator)
    advance(PERIOD_S - 10)
    index_manager.setOperator(newcomer, sender=operator)
    at(chain.blocks.head.timestamp + PERIOD_S)
    index_manager.setOperator(newcomer, sender=methodologist)
    assert index_manager.operator() == newcomer


# ---------------------------------------------------------------- cancelling


def test_cancel_approval__by_its_giver(index_manager, operator, methodologist, newcomer):
    """R-07, S-190: then the other's call is a first one."""
    id_ = keccak(index_manager.setOperator.encode_input(newcomer))
    index_manager.setOperator(newcomer, sender=operator)
    receipt = index_manager.cancelApproval(id_, sender=operator)
    assert receipt.events == [index_manager.ApprovalCancelled(_party=operator, _id=id_)]
    assert index_manager.approval(id_) == NOBODY
    index_manager.setOperator(newcomer, sender=methodologist)
    assert index_manager.operator() == operator


def test_cancel_approval__by_others__reverts(
    index_manager, operator, methodologist, newcomer, stranger
):
    """I-20: neither the other party nor a stranger takes it back."""
    id_ = keccak(index_manager.setOperator.encode_input(newcomer))
    index_manager.setOperator(newcomer, sender=operator)
    for account in (methodologist, stranger, newcomer):
        with ape.reverts("Must be the party that approved"):
            index_manager.cancelApproval(id_, sender=account)


def test_cancel_approval__none__reverts(index_manager, operator):
    """R-07: also twice, and after it was used."""
    with ape.reverts("Must be the party that approved"):
        index_manager.cancelApproval(bytes(32), sender=operator)


# ---------------------------------------------------------------- changes of the parties


def test_approvals__of_a_former_operator__are_void(
    index_manager, agree, operator, methodologist, newcomer, set_token
):
    """I-21, S-191: what the old operator approved, the new one did not."""
    hand_over = set_token.setManager.encode_input(operator)
    index_manager.executeAgreed(set_token, hand_over, sender=operator)
    agree("setOperator", newcomer)
    index_manager.executeAgreed(set_token, hand_over, sender=methodologist)
    assert set_token.manager() == index_manager
    with ape.reverts(EITHER):
        index_manager.executeAgreed(set_token, hand_over, sender=operator)


@pytest.mark.parametrize("function", ["setOperator", "setMethodologist"])
def test_approvals__of_the_party_that_stays__are_void(
    index_manager, agree, operator, methodologist, newcomer, set_token, function
):
    """I-21, S-191: it agreed with another counterpart."""
    stays = methodologist if function == "setOperator" else operator
    hand_over = set_token.setManager.encode_input(newcomer)
    index_manager.executeAgreed(set_token, hand_over, sender=stays)
    agree(function, newcomer)
    index_manager.executeAgreed(set_token, hand_over, sender=newcomer)
    assert set_token.manager() == index_manager


def test_approvals__of_one_who_changes_sides__are_void(
    index_manager, agree, operator, methodologist, newcomer, set_token
):
    """I-21: a former operator who becomes methodologist brings nothing along."""
    hand_over = set_token.setManager.encode_input(operator)
    index_manager.executeAgreed(set_token, hand_over, sender=operator)
    agree("setOperator", newcomer)
    index_manager.setMethodologist(operator, sender=newcomer)
    index_manager.setMethodologist(operator, sender=methodologist)
    assert (index_manager.operator(), index_manager.methodologist()) == (newcomer, operator)
    index_manager.executeAgreed(set_token, hand_over, sender=newcomer)
    assert set_token.manager() == index_manager
    index_manager.executeAgreed(set_token, hand_over, sender=operator)
    assert set_token.manager() == operator
