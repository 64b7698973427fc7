"""StreamingFeeModule: the count of all fees that an index has paid, which only rises (R-24)."""

import pytest

ZERO = "0x" + "00" * 20
E18 = 10**18
DAY_S = 86_400
MAXIMUM = 5 * 10**16
FEE = 95 * 10**14
MOST = 2**160 - 1


@pytest.fixture
def fees(protocol):
    """Return the module under test."""
    return protocol.streaming_fee


@pytest.fixture
def later(chain):
    """Return a function that lets days pass."""

    def wait(days):
        chain.mine(timestamp=chain.pending_timestamp + days * DAY_S)

    return wait


def test_accrued_fees__plain(fees, set_token, manager, stranger, later):
    """R-24: what was minted to the recipient, summed up; nothing before the first accrual."""
    assert fees.accruedFees(set_token) == 0
    for days in (1, 30, 400):
        later(days)
        fees.accrueFee(set_token, sender=stranger)
        assert fees.accruedFees(set_token) == set_token.balanceOf(manager) > 0


def test_accrued_fees__leaves_out_the_protocol(
    fees, protocol, set_token, owner, manager, fee_recipient, stranger, later
):
    """R-24: the manager's part only, to the base unit."""
    protocol.controller.addFee(fees, 0, 10**17 + 1, sender=owner)
    later(30)
    fees.accrueFee(set_token, sender=stranger)
    assert fees.accruedFees(set_token) == set_token.balanceOf(manager)
    assert set_token.balanceOf(fee_recipient) > 0


def test_accrued_fees__knows_no_recipient(fees, set_token, manager, stranger, later):
    """R-24: other settings accrue first, and the count goes on over all recipients."""
    later(30)
    fees.updateFeeRecipient(set_token, stranger, sender=manager)
    first = fees.accruedFees(set_token)
    assert first == set_token.balanceOf(manager)
    later(30)
    fees.updateStreamingFee(set_token, 0, sender=manager)
    both = set_token.balanceOf(manager) + set_token.balanceOf(stranger)
    assert fees.accruedFees(set_token) == both > first
    assert fees.feeStates(set_token)[:3] == (stranger, MAXIMUM, 0)


def test_accrued_fees__outlive_the_module(fees, set_token, manager, stranger, later):
    """R-24: neither removal nor a new beginning makes the count fall; what is due is waived."""
    later(30)
    fees.accrueFee(set_token, sender=stranger)
    counted = fees.accruedFees(set_token)
    later(30)
    set_token.removeModule(fees, sender=manager)
    assert (fees.accruedFees(set_token), fees.getFee(set_token)) == (counted, 0)
    assert fees.feeStates(set_token) == (ZERO, 0, 0, 0)

    later(30)
    set_token.addModule(fees, sender=manager)
    receipt = fees.initialize(set_token, (stranger, MAXIMUM, FEE, 0), sender=manager)
    assert fees.accruedFees(set_token) == counted
    assert fees.feeStates(set_token) == (stranger, MAXIMUM, FEE, receipt.timestamp)
    later(30)
    fees.accrueFee(set_token, sender=manager)
    assert fees.accruedFees(set_token) == counted + set_token.balanceOf(stranger)


def test_accrued_fees__no_transfer_counts(fees, set_token, issuer, manager):
    """R-24: SetTokens given to the recipient are no fees."""
    set_token.transfer(manager, E18, sender=issuer)
    assert fees.accruedFees(set_token) == 0


@pytest.mark.parametrize("missing", [0, 1, 10**30])
def test_accrued_fees__stay_at_the_most_there_can_be(fees, set_token, stranger, later, missing):
    """R-24: a full count keeps nothing from accruing, and spills into neither fee nor time."""
    provider = stranger.provider
    place = next(slot for slot in range(8) if _stream(provider, fees, set_token, slot)[1] > 0)
    key, word = _stream(provider, fees, set_token, place)
    full = (word >> 160 << 160) | (MOST - missing)
    provider.make_request("anvil_setStorageAt", [fees.address, key, _hex(full)])
    later(30)
    before = set_token.totalSupply()
    receipt = fees.accrueFee(set_token, sender=stranger)
    minted = set_token.totalSupply() - before
    assert minted > 0
    assert fees.accruedFees(set_token) == min(MOST, MOST - missing + minted)
    assert fees.feeStates(set_token)[1:] == (MAXIMUM, FEE, receipt.timestamp)


def _stream(provider, fees, set_token, slot):
    """Return the key and the word of a SetToken in a mapping that lies at a slot."""
    words = slot.to_bytes(32) + bytes(12) + bytes.fromhex(set_token.address[2:])
    key = provider.web3.keccak(words).hex()
    key = "0x" + key.removeprefix("0x")
    return key, int(provider.make_request("eth_getStorageAt", [fees.address, key, "latest"]), 16)


def _hex(word):
    return f"0x{word:064x}"
