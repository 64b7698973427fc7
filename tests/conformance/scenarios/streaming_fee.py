"""StreamingFeeModule: initialising, settings, and every rule about who and when."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage

YEAR = 365 * 24 * 3600
MAXIMUM, FEE = 10**17, 2 * 10**16

NOT_MANAGER = "Must be the SetToken manager"
NOT_INITIALIZED = "Must be a valid and initialized SetToken"
NO_RECIPIENT = "Fee Recipient must be non-zero address."
ABOVE_MAXIMUM = "Fee must be less than max"
LOCKED = "When locked, only the locker can call"


def created(s: Stage) -> None:
    """Create a SetToken with 100 issued and the fee module pending."""
    s.create([s.usdc, s.dai], [10**6, E18], [s.issuance, s.streaming_fee, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, ["usdc", "dai"], 10**24)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)


def started(s: Stage, fee: int = FEE, maximum: int = MAXIMUM) -> None:
    """Create it and start a fee {D18 a year}: 2 % of at most 10 % if nothing else is said."""
    created(s)
    s.streaming_fee.initialize(s.set, (s.heir, maximum, fee, 0), by=s.manager)


@scenario
def only_its_manager_initializes(s: Stage) -> None:
    """Refuse every other role, and calls that break a second rule, with the manager's reason."""
    created(s)
    good, bad = (s.heir, MAXIMUM, FEE, 0), (ZERO, MAX_UINT, MAX_UINT, 0)
    for account in (s.owner, s.trader, s.issuer, s.stranger, s.module, s.heir):
        s.streaming_fee.initialize(s.set, good, by=account, reverts=NOT_MANAGER)
        s.streaming_fee.initialize(s.set, bad, by=account, reverts=NOT_MANAGER)
    s.streaming_fee.initialize(s.stranger, good, by=s.manager, reverts="")
    s.streaming_fee.initialize(s.usdc, good, by=s.manager, reverts="")
    s.streaming_fee.initialize(s.set, good, by=s.manager)
    twice = "Must be pending initialization"
    s.streaming_fee.initialize(s.set, good, by=s.manager, reverts=twice)
    s.streaming_fee.initialize(s.set, bad, by=s.manager, reverts=twice)
    s.streaming_fee.controller()


@scenario
def settings_have_bounds(s: Stage) -> None:
    """Refuse no recipient, a maximum of 100 %, and a fee above it, in this order."""
    created(s)
    whole, above = "Max fee must be < 100%.", "Fee must be <= max."
    for settings, reason in (
        ((ZERO, MAXIMUM, FEE, 0), NO_RECIPIENT),
        ((ZERO, E18, E18 + 1, 0), NO_RECIPIENT),
        ((s.heir, E18, FEE, 0), whole),
        ((s.heir, MAX_UINT, MAX_UINT, MAX_UINT), whole),
        ((s.heir, E18, E18 + 1, 0), whole),
        ((s.heir, MAXIMUM, MAXIMUM + 1, 0), above),
        ((s.heir, 0, 1, 0), above),
        ((s.heir, E18 - 1, MAX_UINT, 0), above),
        ((s.heir, MAXIMUM, MAXIMUM, 0), None),
        ((s.heir, 0, 0, 0), None),
        ((s.heir, E18 - 1, E18 - 1, 0), None),
        ((s.heir, E18 - 1, 0, MAX_UINT), None),
        ((s.heir, E18 - 1, 1, 1), None),
        ((s.set, MAXIMUM, FEE, 0), None),
        ((s.manager, MAXIMUM, FEE, 0), None),
    ):
        with s.aside():
            s.streaming_fee.initialize(s.set, settings, by=s.manager, reverts=reason)
            s.streaming_fee.feeStates(s.set)
            s.streaming_fee.getFee(s.set)


@scenario
def initializes_only_known_and_pending_sets(s: Stage) -> None:
    """Refuse a SetToken of no controller, one that never added the module, and a locked one."""
    good, bad = (s.heir, MAXIMUM, FEE, 0), (ZERO, MAX_UINT, MAX_UINT, 0)
    modules = [s.streaming_fee.address, s.module]
    loose = s.put("loose", "SetToken", [s.dai], [E18], modules, s.controller, s.manager, "L", "L")
    unknown = "Must be controller-enabled SetToken"
    s.streaming_fee.initialize(loose, good, by=s.stranger, reverts=NOT_MANAGER)
    s.streaming_fee.initialize(loose, bad, by=s.manager, reverts=unknown)
    s.streaming_fee.accrueFee(loose, by=s.manager, reverts=NOT_INITIALIZED)
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    pending = "Must be pending initialization"
    s.streaming_fee.initialize(s.set, bad, by=s.manager, reverts=pending)
    s.set.addModule(s.streaming_fee, by=s.manager)
    s.set.lock(by=s.module)
    s.streaming_fee.initialize(s.set, bad, by=s.manager, reverts=NO_RECIPIENT)
    s.streaming_fee.initialize(s.set, good, by=s.manager, reverts="Only when unlocked")
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.streaming_fee, by=s.owner)
    s.streaming_fee.initialize(s.set, good, by=s.manager)


@scenario
def unknown_sets_have_no_fee(s: Stage) -> None:
    """Answer zeros for a SetToken without a fee, a pending one, and any other address."""
    created(s)
    for unknown in (s.set, s.stranger, ZERO, s.usdc):
        s.streaming_fee.feeStates(unknown)
        s.streaming_fee.getFee(unknown)
        s.streaming_fee.accrueFee(unknown, by=s.stranger, reverts=NOT_INITIALIZED)
    for unknown in (s.stranger, ZERO, s.usdc):
        s.streaming_fee.updateStreamingFee(unknown, 0, by=s.manager, reverts="")
        s.streaming_fee.updateFeeRecipient(unknown, s.heir, by=s.manager, reverts="")
    s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, reverts=NOT_INITIALIZED)
    s.streaming_fee.updateFeeRecipient(s.set, ZERO, by=s.manager, reverts=NOT_INITIALIZED)


@scenario
def updates_the_fee(s: Stage) -> None:
    """Accrue at the old fee, then charge the new one: lower, higher, none, and some again."""
    started(s)
    for fee in (10**16, MAXIMUM - 1, 1, 0, 0, 5 * 10**16, 5 * 10**16):
        s.advance(YEAR // 3)
        s.streaming_fee.getFee(s.set)
        s.streaming_fee.updateStreamingFee(s.set, fee, by=s.manager)
        s.streaming_fee.feeStates(s.set)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def refuses_to_update_the_fee(s: Stage) -> None:
    """Check the manager, then the SetToken, then the fee, then whether it can accrue."""
    started(s)
    s.advance(YEAR)
    for account in (s.owner, s.stranger, s.module, s.heir):
        s.streaming_fee.updateStreamingFee(s.set, MAX_UINT, by=account, reverts=NOT_MANAGER)
    for fee in (MAXIMUM + 1, E18, MAX_UINT, 2**60, 2**60 + 1):
        s.streaming_fee.updateStreamingFee(s.set, fee, by=s.manager, reverts=ABOVE_MAXIMUM)
    s.set.lock(by=s.module)
    s.streaming_fee.updateStreamingFee(s.set, MAX_UINT, by=s.manager, reverts=ABOVE_MAXIMUM)
    s.streaming_fee.updateStreamingFee(s.set, 1, by=s.manager, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.streaming_fee, by=s.owner)
    disabled = "Module must be enabled on controller"
    s.streaming_fee.updateStreamingFee(s.set, MAX_UINT, by=s.manager, reverts=ABOVE_MAXIMUM)
    s.streaming_fee.updateStreamingFee(s.set, 1, by=s.manager, reverts=disabled)
    s.controller.removeSet(s.set, by=s.owner)
    s.streaming_fee.updateStreamingFee(s.set, MAX_UINT, by=s.stranger, reverts=NOT_MANAGER)
    s.streaming_fee.updateStreamingFee(s.set, MAX_UINT, by=s.manager, reverts=NOT_INITIALIZED)


@scenario
def new_manager_updates(s: Stage) -> None:
    """Follow the SetToken's manager; without one nobody updates, and the fee still accrues."""
    started(s)
    s.set.setManager(s.trader, by=s.manager)
    s.streaming_fee.updateStreamingFee(s.set, 1, by=s.manager, reverts=NOT_MANAGER)
    s.streaming_fee.updateStreamingFee(s.set, 10**16, by=s.trader)
    s.set.setManager(ZERO, by=s.trader)
    s.streaming_fee.updateStreamingFee(s.set, 1, by=s.trader, reverts=NOT_MANAGER)
    s.streaming_fee.updateFeeRecipient(s.set, s.trader, by=s.trader, reverts=NOT_MANAGER)
    s.advance(YEAR)
    s.streaming_fee.accrueFee(s.set, by=s.trader)


@scenario
def fee_may_equal_the_maximum(s: Stage) -> None:
    """Show V-10: the maximum itself may be charged from the start, and later only in ours."""
    started(s)
    for maximum in (MAXIMUM, 1, 0):
        with s.aside():
            if maximum != MAXIMUM:
                s.set.removeModule(s.streaming_fee, by=s.manager)
                s.set.addModule(s.streaming_fee, by=s.manager)
                s.streaming_fee.initialize(s.set, (s.heir, maximum, maximum, 0), by=s.manager)
            s.advance(YEAR)
            s.streaming_fee.updateStreamingFee(
                s.set, maximum, by=s.manager, reverts=ABOVE_MAXIMUM, ours=None, differs="V-10"
            )
    s.streaming_fee.updateStreamingFee(s.set, MAXIMUM - 1, by=s.manager)


@scenario
def recipient_of_what_was_earned_is_the_old_one(s: Stage) -> None:
    """Show V-10: the original hands what the old recipient earned to the new one."""
    started(s)
    s.advance(YEAR)
    with s.aside():
        s.streaming_fee.updateFeeRecipient(s.set, s.keeper, by=s.manager, differs="V-10")
        s.streaming_fee.accrueFee(s.set, by=s.stranger)
        old, new = (s.set.balanceOf.peek(account) for account in (s.heir, s.keeper))
        paid, other = (old, new) if s.world.has_our_sets else (new, old)
        assert paid > 2 * E18, "the fee of a year: to the old recipient in ours"
        assert other < 10**14, "at most what was earned in a few seconds"
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def recipient_may_be_anyone(s: Stage) -> None:
    """Show V-10: change the recipient at a fee of 0, to the same one, to the SetToken."""
    started(s, fee=0)
    for recipient in (s.heir, s.set, s.manager, s.streaming_fee):
        with s.aside():
            s.streaming_fee.updateFeeRecipient(s.set, recipient, by=s.manager, differs="V-10")
            s.streaming_fee.updateStreamingFee(s.set, FEE, by=s.manager)
            s.advance(YEAR)
            s.streaming_fee.accrueFee(s.set, by=s.stranger)
            assert s.set.balanceOf.peek(recipient) > 2 * E18


@scenario
def refuses_to_update_the_recipient(s: Stage) -> None:
    """Check the manager, then the SetToken, then the address."""
    started(s)
    for account in (s.owner, s.stranger, s.module, s.heir):
        s.streaming_fee.updateFeeRecipient(s.set, ZERO, by=account, reverts=NOT_MANAGER)
    s.streaming_fee.updateFeeRecipient(s.set, ZERO, by=s.manager, reverts=NO_RECIPIENT)
    s.set.lock(by=s.module)
    s.streaming_fee.updateFeeRecipient(s.set, ZERO, by=s.manager, reverts=NO_RECIPIENT)
    s.set.unlock(by=s.module)
    s.controller.removeSet(s.set, by=s.owner)
    s.streaming_fee.updateFeeRecipient(s.set, ZERO, by=s.stranger, reverts=NOT_MANAGER)
    s.streaming_fee.updateFeeRecipient(s.set, ZERO, by=s.manager, reverts=NOT_INITIALIZED)


@scenario
def recipient_changes_only_when_it_can_accrue(s: Stage) -> None:
    """Show V-10: ours refuses the change where an accrual is refused."""
    started(s)
    s.advance(YEAR)
    change = {"by": s.manager, "ours": LOCKED, "differs": "V-10"}
    with s.aside():
        s.set.lock(by=s.module)
        s.streaming_fee.updateFeeRecipient(s.set, s.keeper, **change)
    with s.aside():
        s.controller.removeModule(s.streaming_fee, by=s.owner)
        change["ours"] = "Module must be enabled on controller"
        s.streaming_fee.updateFeeRecipient(s.set, s.keeper, **change)
    with s.aside():
        s.set.editDefaultPositionUnit(s.usdc, 1, by=s.module)
        change["ours"] = "New multiplier too small"
        s.streaming_fee.updateFeeRecipient(s.set, s.keeper, **change)


@scenario
def takes_no_ether_and_no_malformed_call(s: Stage) -> None:
    """Refuse ether, unknown functions, cut and dirty arguments; take what is too long."""
    started(s)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, value=1, reverts="")
    s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, value=1, reverts="")
    s.streaming_fee.updateFeeRecipient(s.set, s.heir, by=s.manager, value=1, reverts="")
    s.streaming_fee.removeModule(by=s.manager, value=1, reverts="")
    cut = s.streaming_fee.updateStreamingFee.data(s.set, 0)[:-1]
    for data in (b"", b"\x01\x02\x03\x04", cut):
        s.send_raw(s.streaming_fee, data, by=s.manager, reverts="")
    call = s.streaming_fee.accrueFee.data(s.set)
    s.send_raw(s.streaming_fee, call[:15] + b"\x01" + call[16:], by=s.stranger, reverts="")
    s.send_raw(s.streaming_fee, call + b"\x01", by=s.stranger)
