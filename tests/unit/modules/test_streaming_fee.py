"""StreamingFeeModule: set-up, the manager's settings, removal."""

import ape
import pytest

ZERO = "0x" + "00" * 20
E18 = 10**18
DAY_S = 86_400
MAXIMUM = 5 * 10**16
FEE = 95 * 10**14


@pytest.fixture
def streaming_fee(protocol):
    """Return the module under test."""
    return protocol.streaming_fee


def test_initialize__plain(streaming_fee, protocol, empty_set, manager, stranger, logs, chain):
    """Settings are stored, with the time of now whatever is passed (R-05)."""
    receipt = streaming_fee.initialize(empty_set, (stranger, MAXIMUM, FEE, 2**255), sender=manager)
    assert logs(receipt, empty_set, streaming_fee) == [
        empty_set.ModuleInitialized(_module=streaming_fee)
    ]
    now = chain.blocks.head.timestamp
    assert streaming_fee.feeStates(empty_set) == (stranger, MAXIMUM, FEE, now)
    assert streaming_fee.getFee(empty_set) == 0
    assert streaming_fee.controller() == protocol.controller
    assert empty_set.isInitializedModule(streaming_fee)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ((ZERO, MAXIMUM, FEE, 0), "Fee Recipient must be non-zero address."),
        ((None, E18, FEE, 0), "Max fee must be < 100%."),
        ((None, MAXIMUM, MAXIMUM + 1, 0), "Fee must be <= max."),
    ],
)
def test_initialize__settings_out_of_range__reverts(
    streaming_fee, empty_set, manager, settings, reason
):
    """A recipient, a maximum below 100 %, a fee of at most the maximum (R-05, S-120)."""
    recipient, *rest = settings
    with ape.reverts(reason):
        streaming_fee.initialize(empty_set, (recipient or manager, *rest), sender=manager)
    assert empty_set.isPendingModule(streaming_fee)


@pytest.mark.parametrize(("maximum", "fee"), [(E18 - 1, E18 - 1), (0, 0), (MAXIMUM, MAXIMUM)])
def test_initialize__settings_at_the_edge(streaming_fee, empty_set, manager, maximum, fee):
    """The largest and the smallest values that are allowed are kept to the wei."""
    streaming_fee.initialize(empty_set, (manager, maximum, fee, 0), sender=manager)
    assert streaming_fee.feeStates(empty_set)[:3] == (manager, maximum, fee)


def test_initialize__not_manager__reverts(streaming_fee, empty_set, stranger):
    """Only the manager may (I-20)."""
    with ape.reverts("Must be the SetToken manager"):
        streaming_fee.initialize(empty_set, (stranger, MAXIMUM, FEE, 0), sender=stranger)


def test_initialize__twice__reverts(streaming_fee, set_token, manager):
    """Terms are not rewritten by initialising again."""
    with ape.reverts("Must be pending initialization"):
        streaming_fee.initialize(set_token, (manager, MAXIMUM, FEE, 0), sender=manager)


def test_initialize__set_not_in_controller__reverts(
    streaming_fee, protocol, empty_set, owner, manager
):
    """A SetToken the controller does not know is refused (R-01)."""
    protocol.controller.removeSet(empty_set, sender=owner)
    with ape.reverts("Must be controller-enabled SetToken"):
        streaming_fee.initialize(empty_set, (manager, MAXIMUM, FEE, 0), sender=manager)


def test_accrue_fee__original_set_token(
    streaming_fee, protocol, original, set_token, owner, manager, stranger, module, units, chain
):
    """A SetToken of Set V2 itself is charged like one of ours (R-01)."""
    foreign = owner.deploy(
        original("protocol/SetToken.sol/SetToken.json"),
        set_token.getComponents(),
        units,
        [streaming_fee, module],
        protocol.controller,
        manager,
        "Original",
        "ORIG",
    )
    protocol.controller.addFactory(owner, sender=owner)
    protocol.controller.addSet(foreign, sender=owner)
    streaming_fee.initialize(foreign, (manager, MAXIMUM, FEE, 0), sender=manager)
    foreign.initializeModule(sender=module)
    foreign.mint(stranger, 1_000 * E18, sender=module)
    chain.pending_timestamp = streaming_fee.feeStates(foreign)[3] + 365 * DAY_S
    streaming_fee.accrueFee(foreign, sender=stranger)
    share = 365 * DAY_S * FEE // 31_557_600
    assert foreign.balanceOf(manager) == share * 1_000 * E18 // (E18 - share)
    assert foreign.positionMultiplier() == E18 - share


@pytest.mark.parametrize("fee", [0, 1, FEE + 1, MAXIMUM - 1, MAXIMUM])
def test_update_streaming_fee__plain(streaming_fee, set_token, manager, logs, chain, fee):
    """Up to the maximum itself, which the original refuses (V-10); accrues what was due first.

    S-125.
    """
    chain.mine(timestamp=chain.pending_timestamp + DAY_S)
    supply = set_token.totalSupply()
    recipient, maximum, _, _ = streaming_fee.feeStates(set_token)
    receipt = streaming_fee.updateStreamingFee(set_token, fee, sender=manager)
    minted = set_token.totalSupply() - supply
    assert minted > 0
    assert logs(receipt, set_token, streaming_fee) == [
        set_token.Transfer(sender=ZERO, receiver=manager, value=minted),
        set_token.PositionMultiplierEdited(_newMultiplier=set_token.positionMultiplier()),
        streaming_fee.FeeActualized(_setToken=set_token, _managerFee=minted, _protocolFee=0),
        streaming_fee.StreamingFeeUpdated(_setToken=set_token, _newStreamingFee=fee),
    ]
    now = receipt.timestamp
    assert streaming_fee.feeStates(set_token) == (recipient, maximum, fee, now)


def test_update_streaming_fee__above_maximum__reverts(streaming_fee, set_token, manager):
    """The maximum is a promise to holders (R-05, S-120)."""
    with ape.reverts("Fee must be less than max"):
        streaming_fee.updateStreamingFee(set_token, MAXIMUM + 1, sender=manager)


@pytest.mark.parametrize("function", ["updateStreamingFee", "updateFeeRecipient"])
def test_update__not_manager__reverts(streaming_fee, set_token, stranger, function):
    """Only the manager may (I-20)."""
    value = 0 if function == "updateStreamingFee" else stranger
    with ape.reverts("Must be the SetToken manager"):
        getattr(streaming_fee, function)(set_token, value, sender=stranger)


@pytest.mark.parametrize("function", ["updateStreamingFee", "updateFeeRecipient"])
def test_update__pending__reverts(streaming_fee, empty_set, manager, function):
    """Not before the module is initialised (I-10)."""
    value = 0 if function == "updateStreamingFee" else manager
    with ape.reverts("Must be a valid and initialized SetToken"):
        getattr(streaming_fee, function)(empty_set, value, sender=manager)


def test_update_fee_recipient__plain(streaming_fee, set_token, manager, stranger, logs, chain):
    """What was earned before goes to the old recipient: the original pays the new one (V-10).

    S-125.
    """
    chain.mine(timestamp=chain.pending_timestamp + 30 * DAY_S)
    supply = set_token.totalSupply()
    _, maximum, fee, _ = streaming_fee.feeStates(set_token)
    receipt = streaming_fee.updateFeeRecipient(set_token, stranger, sender=manager)
    minted = set_token.totalSupply() - supply
    assert minted == set_token.balanceOf(manager) > 0
    assert set_token.balanceOf(stranger) == 0
    assert logs(receipt, set_token, streaming_fee) == [
        set_token.Transfer(sender=ZERO, receiver=manager, value=minted),
        set_token.PositionMultiplierEdited(_newMultiplier=set_token.positionMultiplier()),
        streaming_fee.FeeActualized(_setToken=set_token, _managerFee=minted, _protocolFee=0),
        streaming_fee.FeeRecipientUpdated(_setToken=set_token, _newFeeRecipient=stranger),
    ]
    now = receipt.timestamp
    assert streaming_fee.feeStates(set_token) == (stranger, maximum, fee, now)

    chain.mine(timestamp=chain.pending_timestamp + 30 * DAY_S)
    streaming_fee.accrueFee(set_token, sender=stranger)
    assert set_token.balanceOf(manager) == minted
    assert set_token.balanceOf(stranger) > 0


def test_update_fee_recipient__zero_address__reverts(streaming_fee, set_token, manager):
    """Somebody must receive the fee."""
    with ape.reverts("Fee Recipient must be non-zero address."):
        streaming_fee.updateFeeRecipient(set_token, ZERO, sender=manager)


def test_remove_module__forgets(streaming_fee, set_token, manager, stranger, chain):
    """Nothing is charged for the time before a new beginning, under new terms (I-18, S-126)."""
    chain.mine(timestamp=chain.pending_timestamp + 365 * DAY_S)
    set_token.removeModule(streaming_fee, sender=manager)
    assert streaming_fee.feeStates(set_token) == (ZERO, 0, 0, 0)
    assert streaming_fee.getFee(set_token) == 0
    with ape.reverts("Must be a valid and initialized SetToken"):
        streaming_fee.accrueFee(set_token, sender=stranger)

    chain.mine(timestamp=chain.pending_timestamp + 365 * DAY_S)
    set_token.addModule(streaming_fee, sender=manager)
    streaming_fee.initialize(set_token, (stranger, FEE + 2, FEE + 1, 0), sender=manager)
    now = chain.blocks.head.timestamp
    assert streaming_fee.feeStates(set_token) == (stranger, FEE + 2, FEE + 1, now)
    assert streaming_fee.getFee(set_token) == 0
    assert set_token.positionMultiplier() == E18


def test_remove_module__called_by_a_stranger(streaming_fee, set_token, stranger):
    """It forgets the caller's own terms, nobody else's (I-23)."""
    before = streaming_fee.feeStates(set_token)
    streaming_fee.removeModule(sender=stranger)
    assert streaming_fee.feeStates(set_token) == before


def test_fee_states__unknown_set(streaming_fee, stranger):
    """Nothing is known about an account that is no SetToken."""
    assert streaming_fee.feeStates(stranger) == (ZERO, 0, 0, 0)
    assert streaming_fee.getFee(stranger) == 0
