"""IndexManager: what the operator may do alone, and what he may not, try as he may (R-07, V-7)."""

import ape
import pytest
from ape.contracts import ContractInstance
from ape_ethereum.multicall.constants import MULTICALL3_CONTRACT_TYPE
from eth_abi import decode
from ethpm_types import ContractType

from indexkit import deploy
from indexkit.localnet import addresses

E18 = 10**18
MULTICALL = bytes.fromhex("82ad56cb")
"""aggregate3((address,bool,bytes)[]) of Multicall3."""

ALONE = "Target must not be operated alone"


@pytest.fixture
def limit(index_module, components):
    """Return the call that lets trades of the first component be of 5 base units."""
    return index_module.setTradeMaximums.encode_input(components[:1], [5])


@pytest.fixture
def puppet(mock, owner):
    """Deploy a contract that makes any call for anyone."""
    return owner.deploy(mock("Puppet"))


# ---------------------------------------------------------------- allowed calls


def test_execute__allowed__whole_receipt(
    index_manager, index_module, operator, components, limit, chain
):
    """R-07: the call is made as the index's manager."""
    receipt = index_manager.execute(index_module, limit, sender=operator)
    assert receipt.events == [
        index_module.TradeMaximumUpdated(_component=components[0], _newMaximum=5),
        index_manager.Executed(_target=index_module, _selector=bytes(limit)[:4]),
    ]
    assert index_module.assetInfo(components[0])[1] == 5


def test_execute__rebalance_and_votes(
    index_manager, index_module, protocol, operator, set_token, units
):
    """R-07: what the operator's list holds by convention is enough to run an index."""
    multiplier = set_token.positionMultiplier()
    start = index_module.startRebalance.encode_input([], [], units, multiplier)
    index_manager.execute(index_module, start, sender=operator)
    assert index_module.positionMultiplier() == multiplier
    register = protocol.governance.register.encode_input(set_token, deploy.UNISWAP_GOVERNANCE)
    receipt = index_manager.execute(protocol.governance, register, sender=operator)
    assert len(receipt.events.filter(protocol.governance.RegistrationSubmitted)) == 1


@pytest.mark.parametrize("answer", [b"", b"word", bytes(4031)])
def test_execute__answer_comes_back(index_manager, operator, target, answer):
    """R-07: byte for byte, up to the bound."""
    call = target.echo.encode_input(answer)
    assert bytes(index_manager.execute.call(target, call, sender=operator)) == answer


def test_execute__answer_too_long__reverts(index_manager, operator, target):
    """R-07: an answer is never cut."""
    index_manager.execute(target, target.echo.encode_input(bytes(4095)), sender=operator)
    for size in (4096, 8000):
        with ape.reverts("Return data too long"):
            index_manager.execute(target, target.echo.encode_input(bytes(size)), sender=operator)


def test_execute__call_fails__reason_comes_through(index_manager, operator, target, index_module):
    """R-07: also a module's."""
    with ape.reverts("Not so"):
        index_manager.execute(target, target.fail.encode_input("Not so"), sender=operator)
    call = index_module.setTradeMaximums.encode_input([], [])
    with ape.reverts("Array length must be > 0"):
        index_manager.execute(index_module, call, sender=operator)


def test_execute__largest_rebalance_fits(index_manager, operator, index_module, addresses_200):
    """R-08: a rebalance of 200 components reaches the module, which judges it."""
    numbers = [1] * 200
    for new, old in ((200, 0), (0, 200), (100, 100)):
        call = index_module.startRebalance.encode_input(
            addresses_200[:new], numbers[:new], numbers[:old], E18
        )
        with ape.reverts("New allocation must have target for all old components"):
            index_manager.execute(index_module, call, sender=operator)


@pytest.fixture
def addresses_200(accounts):
    """Return as many addresses as a rebalance may have."""
    return [f"0x{0xC0FFEE + i:040x}" for i in range(200)]


def test_execute__ether__reverts(index_manager, operator, index_module, limit):
    """R-07, S-197: the value of every call is 0, and nothing is accepted."""
    with ape.reverts():
        index_manager.execute(index_module, limit, sender=operator, value=1)
    with ape.reverts():
        operator.transfer(index_manager, 1)


# ---------------------------------------------------------------- refused calls


def test_execute__others__revert(
    index_manager, index_module, limit, methodologist, manager, stranger
):
    """I-20, S-186: the list is the operator's; the methodologist runs nothing."""
    for account in (methodologist, manager, stranger):
        with ape.reverts("Must be operator"):
            index_manager.execute(index_module, limit, sender=account)
        with ape.reverts("Must be operator"):
            index_manager.executeBatch([(index_module, limit)], sender=account)


def test_execute__former_operator__reverts(
    index_manager, agree, index_module, limit, operator, newcomer
):
    """I-11: a replaced operator is a stranger at once."""
    agree("setOperator", newcomer)
    with ape.reverts("Must be operator"):
        index_manager.execute(index_module, limit, sender=operator)
    index_manager.execute(index_module, limit, sender=newcomer)


def test_execute__not_on_the_list__reverts(
    index_manager, operator, target, index_module, limit, protocol, set_token
):
    """R-07, S-186: a pair of target and function is allowed, neither of them alone."""
    initialize = index_module.initialize.encode_input(set_token)
    for contract, call in (
        (index_module, initialize),
        (protocol.issuance, limit),
        (target, limit),
        (protocol.governance, protocol.governance.initialize.encode_input(set_token)),
    ):
        with ape.reverts("Call must be allowed"):
            index_manager.execute(contract, call, sender=operator)


def test_execute__less_than_a_selector__reverts(index_manager, operator, target, agree):
    """R-07: three bytes are not the function whose selector ends in zero."""
    agree("allow", target, bytes.fromhex("12345600"), True)
    for data in (b"", bytes.fromhex("123456")):
        with ape.reverts("Data must have a selector"):
            index_manager.execute(target, data, sender=operator)
    index_manager.execute(target, bytes.fromhex("12345600"), sender=operator)


def test_execute__no_contract__reverts(index_manager, agree, operator, methodologist, stranger):
    """R-07: a call that reaches nobody does not pass for one that worked."""
    agree("allow", stranger, bytes(4), True)
    with ape.reverts("Target must be a contract"):
        index_manager.execute(stranger, bytes(4), sender=operator)
    index_manager.executeAgreed(stranger, bytes(4), sender=operator)
    with ape.reverts("Target must be a contract"):
        index_manager.executeAgreed(stranger, bytes(4), sender=methodologist)


# ---------------------------------------------------------------- batches


def test_execute_batch__in_order__whole_receipt(
    index_manager, index_module, operator, components, stranger
):
    """R-07: several calls, one transaction."""
    first, second = components[:2]
    one = index_module.setTradeMaximums.encode_input([first], [5])
    two = index_module.setCoolOffPeriods.encode_input([second], [60])
    calls = [(index_module, one), (index_module, two)]
    assert index_manager.executeBatch(calls, sender=operator).events == [
        index_module.TradeMaximumUpdated(_component=first, _newMaximum=5),
        index_manager.Executed(_target=index_module, _selector=bytes(one)[:4]),
        index_module.CoolOffPeriodUpdated(_component=second, _newCoolOffPeriod=60),
        index_manager.Executed(_target=index_module, _selector=bytes(two)[:4]),
    ]


@pytest.mark.parametrize("place", [0, 1, 7])
def test_execute_batch__one_is_not_allowed__reverts(
    index_manager, operator, index_module, limit, set_token, newcomer, components, place
):
    """V-7, S-188: each call is judged, and none remains of the others."""
    before = index_module.assetInfo(components[0])
    calls = [(index_module, limit)] * 7
    calls.insert(place, (set_token, set_token.setManager.encode_input(newcomer)))
    with ape.reverts(ALONE):
        index_manager.executeBatch(calls, sender=operator)
    assert index_module.assetInfo(components[0]) == before


def test_execute_batch__one_fails__reverts(index_manager, operator, target, index_module, limit):
    """R-07: all or none, with the reason."""
    calls = [(index_module, limit), (target, target.fail.encode_input("Not so"))]
    with ape.reverts("Not so"):
        index_manager.executeBatch(calls, sender=operator)


def test_execute_batch__none_and_too_many__revert(index_manager, operator, index_module, limit):
    """R-07, S-188: one to eight."""
    with ape.reverts("Must have at least 1 call"):
        index_manager.executeBatch([], sender=operator)
    with ape.reverts():
        index_manager.executeBatch([(index_module, limit)] * 9, sender=operator)
    index_manager.executeBatch([(index_module, limit)] * 8, sender=operator)


def test_execute_batch__data_at_the_bound(index_manager, operator, target):
    """R-07: 8,192 bytes a call; one more does not decode, and still goes alone."""
    empty = target.echo.encode_input(b"")
    filled = bytes(empty) + bytes(8192 - len(empty))
    index_manager.executeBatch([(target, filled)] * 8, sender=operator)
    with ape.reverts():
        index_manager.executeBatch([(target, filled + b"0")], sender=operator)
    index_manager.execute(target, filled + b"0", sender=operator)
    with ape.reverts():
        index_manager.execute(target, filled + bytes(8193), sender=operator)


# ---------------------------------------------------------------- V-7: around the list


def test_allow__what_no_list_may_hold__reverts(
    index_manager, operator, methodologist, set_token, protocol
):
    """V-7, S-187: not even both put the SetToken, the manager or the fee module on the list."""
    for contract in (set_token, index_manager, protocol.streaming_fee):
        for party in (operator, methodologist):
            with ape.reverts(ALONE):
                index_manager.allow(contract, bytes(4), True, sender=party)
        index_manager.allow(contract, bytes(4), False, sender=operator)


def test_execute__the_index_and_its_manager__reverts(
    index_manager, operator, set_token, protocol, newcomer
):
    """V-7: setManager, the modules, the roles and the fees are out of the operator's reach.

    S-187.
    """
    fees = protocol.streaming_fee
    for contract, call in (
        (set_token, set_token.setManager.encode_input(operator)),
        (set_token, set_token.addModule.encode_input(newcomer)),
        (set_token, set_token.transfer.encode_input(operator, 1)),
        (index_manager, index_manager.setOperator.encode_input(newcomer)),
        (index_manager, index_manager.allow.encode_input(set_token, bytes(4), True)),
        (index_manager, index_manager.distributeFees.encode_input()),
        (fees, fees.updateFeeRecipient.encode_input(set_token, operator)),
        (fees, fees.updateStreamingFee.encode_input(set_token, 0)),
    ):
        with ape.reverts(ALONE):
            index_manager.execute(contract, call, sender=operator)
        with ape.reverts(ALONE):
            index_manager.executeBatch([(contract, call)], sender=operator)


def test_execute__target_that_becomes_the_fee_module__reverts(
    index_manager, agree, operator, target
):
    """V-7, S-187: what was allowed before is judged when it is called."""
    call = target.echo.encode_input(b"")
    index_manager.execute(target, call, sender=operator)
    agree("setFeeModule", target)
    assert not index_manager.isAllowed(target, bytes(call)[:4])
    with ape.reverts(ALONE):
        index_manager.execute(target, call, sender=operator)


def test_execute_agreed__itself__reverts(index_manager, operator, methodologist, newcomer):
    """V-7, S-192: the manager never calls itself."""
    call = index_manager.setOperator.encode_input(newcomer)
    for party in (operator, methodologist):
        with ape.reverts("Target must not be the manager"):
            index_manager.executeAgreed(index_manager, call, sender=party)


def test_execute__multicall_on_the_list__gives_no_power(
    index_manager, agree, operator, set_token, methodologist
):
    """V-7: who calls for others does so in his own name; on the list it is still no way in."""
    multicall = ContractInstance(
        addresses.MULTICALL3, ContractType.model_validate(MULTICALL3_CONTRACT_TYPE)
    )
    agree("allow", multicall, MULTICALL, True)
    attacks = [
        (set_token, set_token.setManager.encode_input(operator)),
        (index_manager, index_manager.setOperator.encode_input(operator)),
        (index_manager, index_manager.distributeFees.encode_input()),
    ]
    call = multicall.aggregate3.encode_input([(to, True, data) for to, data in attacks])
    assert bytes(call)[:4] == MULTICALL
    answer = index_manager.execute.call(multicall, call, sender=operator)
    (outcomes,) = decode(["(bool,bytes)[]"], bytes(answer))
    assert [success for success, _ in outcomes] == [False] * 3
    assert b"Only manager can call" in outcomes[0][1]
    index_manager.execute(multicall, call, sender=operator)
    assert (set_token.manager(), index_manager.operator()) == (index_manager, operator)
    assert index_manager.methodologist() == methodologist


def test_execute__methodologist_is_driven_from_inside__is_refused(
    index_manager, agree, operator, puppet, set_token
):
    """I-21, I-22: even a methodologist whom anyone can drive agrees to nothing meanwhile."""
    agree("setMethodologist", puppet)
    hand_over = set_token.setManager.encode_input(operator)
    selector = deploy.selector(puppet, "attempt")
    index_manager.allow(puppet, selector, True, sender=operator)
    allow = index_manager.allow.encode_input(puppet, selector, True)
    puppet.execute([(index_manager, allow)], sender=operator)
    assert index_manager.isAllowed(puppet, selector)

    index_manager.executeAgreed(set_token, hand_over, sender=operator)
    inner = index_manager.executeAgreed.encode_input(set_token, hand_over)
    attack = puppet.attempt.encode_input([(index_manager, inner)])
    index_manager.execute(puppet, attack, sender=operator)
    assert set_token.manager() == index_manager
