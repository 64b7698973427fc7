"""StreamingFeeModule: what an accrual mints, against the same arithmetic in Python integers."""

import ape
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ZERO = "0x" + "00" * 20
E18 = 10**18
YEAR_S = 31_557_600
DAY_S = 86_400
HOUR_S = 3_600
MOST = 9 * 10**17


def inflation(elapsed, fee):
    """Return the share of the supply after minting that an accrual takes, D18{1}."""
    return min(elapsed * fee // YEAR_S, MOST)


def minted(supply, share):
    """Return what is minted for that share {set}."""
    return share * supply // (E18 - share)


@pytest.fixture
def accrue(protocol, set_token, stranger, chain):
    """Return a function that accrues some time after the last accrual, exactly {s}."""

    def after(elapsed):
        last = protocol.streaming_fee.feeStates(set_token)[3]
        chain.pending_timestamp = last + elapsed
        return protocol.streaming_fee.accrueFee(set_token, sender=stranger)

    return after


@pytest.mark.parametrize("elapsed", [HOUR_S, DAY_S, 30 * DAY_S + 7, YEAR_S, 5 * YEAR_S])
def test_accrue_fee__plain(protocol, set_token, manager, components, units, accrue, logs, elapsed):
    """The manager's recipient gets the share, the multiplier falls by it, to the wei (R-05).

    S-121.
    """
    share = inflation(elapsed, 95 * 10**14)
    supply = set_token.totalSupply()
    receipt = accrue(elapsed)
    quantity, multiplier = minted(supply, share), E18 * (E18 - share) // E18
    assert logs(receipt, set_token, protocol.streaming_fee) == [
        set_token.Transfer(sender=ZERO, receiver=manager, value=quantity),
        set_token.PositionMultiplierEdited(_newMultiplier=multiplier),
        protocol.streaming_fee.FeeActualized(
            _setToken=set_token, _managerFee=quantity, _protocolFee=0
        ),
    ]
    assert set_token.balanceOf(manager) == quantity
    assert set_token.totalSupply() == supply + quantity
    assert set_token.positionMultiplier() == multiplier
    for component, unit in zip(components, units, strict=True):
        assert set_token.getDefaultPositionRealUnit(component) == unit * multiplier // E18
    assert protocol.streaming_fee.getFee(set_token) == 0


@pytest.mark.parametrize("share", [1, 10**17, 10**17 + 1, 5 * 10**17, E18])
def test_accrue_fee__protocol_split(
    protocol, set_token, owner, manager, fee_recipient, accrue, logs, accounted, share
):
    """The protocol's share is rounded down, the manager gets the rest: nothing is lost (R-05).

    The smallest share is one base unit.

    S-122.
    """
    fees = protocol.streaming_fee
    protocol.controller.addFee(fees, 0, share, sender=owner)
    quantity = minted(1_000 * E18, inflation(50 * DAY_S + 1, 95 * 10**14))
    to_protocol = quantity * share // E18
    receipt = accrue(50 * DAY_S + 1)
    transfers = [
        set_token.Transfer(sender=ZERO, receiver=manager, value=quantity - to_protocol),
        set_token.Transfer(sender=ZERO, receiver=fee_recipient, value=to_protocol),
    ]
    assert logs(receipt, set_token, fees) == [
        *(transfers if to_protocol else transfers[:1]),
        set_token.PositionMultiplierEdited(_newMultiplier=set_token.positionMultiplier()),
        fees.FeeActualized(
            _setToken=set_token, _managerFee=quantity - to_protocol, _protocolFee=to_protocol
        ),
    ]
    assert set_token.balanceOf(fee_recipient) == to_protocol
    assert set_token.balanceOf(manager) == quantity - to_protocol
    accounted(set_token)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(elapsed=st.integers(1, 2 * YEAR_S), fee=st.integers(0, 5 * 10**16))
def test_accrue_fee__any_time_and_fee(
    protocol, set_token, manager, accrue, accounted, elapsed, fee
):
    """One after the other: supply and multiplier follow the mirror (I-01, I-02)."""
    protocol.streaming_fee.updateStreamingFee(set_token, fee, sender=manager)
    supply, multiplier = set_token.totalSupply(), set_token.positionMultiplier()
    share = inflation(elapsed, fee)
    accrue(elapsed)
    assert set_token.totalSupply() == supply + minted(supply, share)
    assert set_token.positionMultiplier() == multiplier * (E18 - share) // E18
    accounted(set_token)


@pytest.mark.parametrize("elapsed", [HOUR_S, DAY_S, YEAR_S, 94 * YEAR_S, 200 * YEAR_S])
def test_get_fee__mirrors(protocol, set_token, chain, elapsed):
    """The view says what an accrual now would take (R-05, S-127)."""
    last = protocol.streaming_fee.feeStates(set_token)[3]
    chain.mine(timestamp=last + elapsed)
    assert protocol.streaming_fee.getFee(set_token) == inflation(elapsed, 95 * 10**14)


def test_accrue_fee__zero_fee(protocol, set_token, manager, accrue, logs):
    """Nothing is minted; the event and the time tell that it was asked (R-05)."""
    fees = protocol.streaming_fee
    fees.updateStreamingFee(set_token, 0, sender=manager)
    supply, multiplier = set_token.totalSupply(), set_token.positionMultiplier()
    receipt = accrue(YEAR_S)
    assert logs(receipt, set_token, fees) == [
        fees.FeeActualized(_setToken=set_token, _managerFee=0, _protocolFee=0)
    ]
    assert (set_token.totalSupply(), set_token.positionMultiplier()) == (supply, multiplier)
    assert fees.feeStates(set_token)[3] == receipt.timestamp


def test_accrue_fee__zero_fee_is_not_charged_later(protocol, set_token, manager, chain):
    """A fee raised from nothing counts from the raise on."""
    fees = protocol.streaming_fee
    fees.updateStreamingFee(set_token, 0, sender=manager)
    supply = set_token.totalSupply()
    chain.mine(timestamp=chain.pending_timestamp + YEAR_S)
    fees.updateStreamingFee(set_token, 10**16, sender=manager)
    assert set_token.totalSupply() == supply


def test_accrue_fee__twice_in_a_block(protocol, set_token, stranger, manager):
    """Twice is once (I-08, S-123)."""
    fees, provider = protocol.streaming_fee, stranger.provider
    supply, last = set_token.totalSupply(), fees.feeStates(set_token)[3]
    data = fees.accrueFee.encode_input(set_token).hex()
    call = {"to": fees.address, "data": data, "gas": hex(10**6)}
    provider.auto_mine = False
    try:
        hashes = [
            provider.make_request("eth_sendTransaction", [{"from": sender.address, **call}])
            for sender in (stranger, manager)
        ]
        provider.make_request("evm_setNextBlockTimestamp", [last + 30 * DAY_S])
        provider.make_request("evm_mine", [])
    finally:
        provider.auto_mine = True
    receipts = [provider.make_request("eth_getTransactionReceipt", [h]) for h in hashes]
    assert [int(receipt["status"], 16) for receipt in receipts] == [1, 1]
    assert receipts[0]["blockNumber"] == receipts[1]["blockNumber"]
    share = inflation(30 * DAY_S, 95 * 10**14)
    assert set_token.totalSupply() == supply + minted(supply, share)
    assert set_token.positionMultiplier() == E18 - share


def test_accrue_fee__many_small_steps(set_token, accrue):
    """Ten steps take no more than one, and less by at most the compounding (I-08, S-123)."""
    supply = set_token.totalSupply()
    for _ in range(10):
        accrue(36 * DAY_S)
    at_once = minted(supply, inflation(360 * DAY_S, 95 * 10**14))
    in_steps = set_token.totalSupply() - supply
    assert 0 <= at_once - in_steps < at_once // 100


def test_accrue_fee__long_idle_never_bricks(protocol, empty_set, manager, stranger, issuer, chain):
    """However high the fee and long the sleep, one accrual takes at most 90 % (I-08, S-124)."""
    protocol.issuance.initialize(empty_set, ZERO, sender=manager)
    protocol.streaming_fee.initialize(empty_set, (manager, E18 - 1, E18 - 1, 0), sender=manager)
    protocol.issuance.issue(empty_set, E18, issuer, sender=issuer)
    for step in range(1, 4):
        chain.mine(timestamp=chain.pending_timestamp + 300 * YEAR_S)
        assert protocol.streaming_fee.getFee(empty_set) == MOST
        protocol.streaming_fee.accrueFee(empty_set, sender=stranger)
        assert empty_set.positionMultiplier() == E18 // 10**step
        assert empty_set.totalSupply() == E18 * 10**step
    protocol.issuance.redeem(empty_set, E18, issuer, sender=issuer)


def test_accrue_fee__no_supply(protocol, set_token, issuer, stranger, chain, logs):
    """Nobody is charged, and nothing breaks (I-10)."""
    protocol.issuance.redeem(set_token, set_token.totalSupply(), issuer, sender=issuer)
    chain.mine(timestamp=chain.pending_timestamp + YEAR_S)
    receipt = protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    assert set_token.totalSupply() == 0
    assert logs(receipt, protocol.streaming_fee) == [
        protocol.streaming_fee.FeeActualized(_setToken=set_token, _managerFee=0, _protocolFee=0)
    ]


def test_accrue_fee__pending__reverts(protocol, empty_set, stranger):
    """Not before the module is initialised (I-10)."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.streaming_fee.accrueFee(empty_set, sender=stranger)


def test_accrue_fee__not_a_set__reverts(protocol, stranger):
    """Nor for an account that is no SetToken."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        protocol.streaming_fee.accrueFee(stranger, sender=stranger)


def test_accrue_fee__locked__reverts(protocol, set_token, module, stranger):
    """Not while another module keeps the SetToken locked; what is due is not lost."""
    set_token.lock(sender=module)
    with ape.reverts("When locked, only the locker can call"):
        protocol.streaming_fee.accrueFee(set_token, sender=stranger)


def test_accrue_fee__leaves_relative_weights(set_token, components, units, accrue):
    """All units fall by the same share, to within one unit (I-16)."""
    accrue(3 * YEAR_S + 17)
    multiplier = set_token.positionMultiplier()
    for component, unit in zip(components, units, strict=True):
        assert abs(set_token.getDefaultPositionRealUnit(component) - unit * multiplier // E18) <= 1
