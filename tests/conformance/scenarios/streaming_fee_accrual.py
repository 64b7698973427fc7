"""StreamingFeeModule: what accrues, to whom, and when it cannot."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage

from scenarios.streaming_fee import FEE, LOCKED, MAXIMUM, NOT_INITIALIZED, YEAR, started

DAY = 24 * 3600
BLOCK = 13
SMALL = "New multiplier too small"
CAST = "SafeCast: value doesn't fit in an int256"


def accrued(s: Stage, after: int) -> None:
    """Let time pass {s} and accrue, looking at the fee before and after."""
    s.advance(after)
    s.streaming_fee.getFee(s.set)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.streaming_fee.feeStates(s.set)


@scenario
def accrues_for_anyone_at_any_time(s: Stage) -> None:
    """Accrue after seconds, months, years and a decade; the supply grows, the units fall."""
    started(s)
    for actor in (s.stranger, s.manager, s.heir, s.owner):
        s.streaming_fee.accrueFee(s.set, by=actor)
    for seconds in (14, 3600, DAY, 30 * DAY, YEAR // 2, YEAR, 31_557_600, 10 * YEAR):
        accrued(s, seconds)
        s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
        s.issuance.redeem(s.set, E18 // 2, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, s.set.balanceOf(s.heir) - 1, s.heir, by=s.heir)


@scenario
def fees_of_every_size(s: Stage) -> None:
    """Accrue from the least fee there is to the highest below 100 %."""
    for fee in (1, 10**6, 10**12, 10**15, 10**17, 5 * 10**17, E18 - 1):
        with s.aside():
            started(s, fee, E18 - 1)
            for seconds in (15, DAY, YEAR // 4, YEAR // 3):
                accrued(s, seconds)


@scenario
def supplies_of_every_size(s: Stage) -> None:
    """Accrue on a supply of nothing, of a wei, and of a billion."""
    started(s)
    s.issuance.redeem(s.set, 100 * E18, s.issuer, by=s.issuer)
    accrued(s, YEAR)
    s.issuance.issue(s.set, 1, s.issuer, by=s.issuer)
    accrued(s, YEAR)
    s.issuance.issue(s.set, 60, s.issuer, by=s.issuer)
    accrued(s, YEAR)
    s.set.mint(s.issuer, 10**27, by=s.module)
    accrued(s, YEAR)
    s.set.mint(s.issuer, 2**127, by=s.module)
    accrued(s, YEAR)


@scenario
def no_fee_moves_only_the_clock(s: Stage) -> None:
    """Accrue nothing at a fee of 0, also while the SetToken is locked or the module disabled."""
    started(s, 0, 0)
    accrued(s, YEAR)
    s.set.lock(by=s.module)
    accrued(s, YEAR)
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.streaming_fee, by=s.owner)
    accrued(s, YEAR)
    s.controller.removeSet(s.set, by=s.owner)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=NOT_INITIALIZED)


@scenario
def cannot_accrue(s: Stage) -> None:
    """Refuse while the SetToken is locked or unknown and while the module is disabled."""
    started(s)
    s.advance(YEAR)
    s.set.lock(by=s.module)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=LOCKED)
    s.streaming_fee.accrueFee(s.set, by=s.module, reverts=LOCKED)
    s.streaming_fee.getFee(s.set)
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.streaming_fee, by=s.owner)
    disabled = "Module must be enabled on controller"
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=disabled)
    s.streaming_fee.getFee(s.set)
    s.controller.removeSet(s.set, by=s.owner)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=NOT_INITIALIZED)
    s.controller.addModule(s.streaming_fee, by=s.owner)
    s.controller.addFactory(s.owner, by=s.owner)
    s.controller.addSet(s.set, by=s.owner)
    accrued(s, YEAR)


@scenario
def smallest_unit_stops_the_accrual(s: Stage) -> None:
    """Refuse when a unit would read as 0, default or external, credit or debt."""
    started(s)
    s.set.editDefaultPositionUnit(s.usdc, 2, by=s.module)
    accrued(s, DAY)
    s.set.getDefaultPositionRealUnit(s.usdc)
    s.advance(26 * YEAR)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=SMALL)
    s.set.editDefaultPositionUnit(s.usdc, 0, by=s.module)
    for unit in (2, -1):
        with s.aside():
            s.set.addExternalPositionModule(s.dai, s.module, by=s.module)
            s.set.editExternalPositionUnit(s.dai, s.module, unit, by=s.module)
            s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=SMALL)
            s.set.editExternalPositionUnit(s.dai, s.module, 10 * unit, by=s.module)
            s.streaming_fee.accrueFee(s.set, by=s.stranger)
    with s.aside():
        s.set.editDefaultPositionUnit(s.usdc, -1, by=s.module)
        negative = "SafeCast: value must be positive"
        s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=negative)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def unit_of_one_never_accrues(s: Stage) -> None:
    """Refuse any accrual while a single base unit is a position, and none at a fee of 0."""
    started(s)
    s.set.editDefaultPositionUnit(s.usdc, 1, by=s.module)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=SMALL)
    s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, reverts=SMALL)
    s.set.removeModule(s.streaming_fee, by=s.manager)
    s.set.addModule(s.streaming_fee, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, MAXIMUM, 0, 0), by=s.manager)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.streaming_fee.updateStreamingFee(s.set, 1, by=s.manager)
    accrued(s, 15)
    accrued(s, YEAR)


@scenario
def whole_supply_cannot_accrue(s: Stage) -> None:
    """Show D-08: an accrual of 100 % or more is refused for ever, or takes 90 %."""
    started(s, 5 * 10**17, 5 * 10**17)
    s.advance(2 * 31_557_600 - BLOCK)
    s.streaming_fee.getFee(s.set, differs="D-08")
    with s.aside():
        s.streaming_fee.accrueFee(
            s.set, by=s.stranger, reverts="SafeMath: division by zero", ours=None, differs="D-08"
        )
    s.advance(YEAR)
    too_much = "SafeMath: subtraction overflow"
    s.streaming_fee.getFee(s.set, differs="D-08")
    for after in (0, YEAR, 100 * YEAR):
        with s.aside():
            s.advance(after)
            s.streaming_fee.accrueFee(
                s.set, by=s.stranger, reverts=too_much, ours=None, differs="D-08"
            )
            s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=too_much, ours=None)
            s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, reverts=too_much, ours=None)
            if s.world.has_our_sets:
                assert s.set.positionMultiplier.peek() < E18 // 10
                assert s.set.balanceOf.peek(s.heir) >= 900 * E18
    s.set.removeModule(s.streaming_fee, by=s.manager)
    s.streaming_fee.getFee(s.set)


@scenario
def more_than_nine_tenths(s: Stage) -> None:
    """Show D-08: between 90 % and 100 % the original takes it all; up to 90 % both do."""
    started(s, 5 * 10**17, 5 * 10**17)
    for share in (899, 900):
        with s.aside():
            s.advance(2 * 31_557_600 * share // 1_000 - 60)
            s.streaming_fee.getFee(s.set)
            s.streaming_fee.accrueFee(s.set, by=s.stranger)
    for share in (901, 999):
        with s.aside():
            s.advance(2 * 31_557_600 * share // 1_000 - 60)
            s.streaming_fee.getFee(s.set, differs="D-08")
            s.streaming_fee.accrueFee(s.set, by=s.stranger, differs="D-08")


@scenario
def set_without_components(s: Stage) -> None:
    """Show D-09: nothing in the basket, or only components of unit 0."""
    started(s)
    s.advance(YEAR)
    refused = {"reverts": CAST, "ours": None, "differs": "D-09"}
    for name in ("usdc", "dai"):
        s.set.editDefaultPositionUnit(getattr(s, name), 0, by=s.module)
    with s.aside():
        s.streaming_fee.accrueFee(s.set, by=s.stranger, **refused)
    for name in ("usdc", "dai"):
        s.set.removeComponent(getattr(s, name), by=s.module)
    with s.aside():
        s.streaming_fee.accrueFee(s.set, by=s.stranger, **refused)
        s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    with s.aside():
        s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, **refused)
    s.set.addComponent(s.dai, by=s.module)
    s.set.editDefaultPositionUnit(s.dai, E18, by=s.module)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def protocol_takes_its_share(s: Stage) -> None:
    """Split each fee as the controller says at that time; fees of other types do not count."""
    started(s)
    s.controller.addFee(s.streaming_fee, 1, 5 * 10**17, by=s.owner)
    accrued(s, YEAR)
    s.controller.addFee(s.streaming_fee, 0, 10**17, by=s.owner)
    accrued(s, YEAR)
    for share in (1, 333 * 10**15, E18 - 1, E18):
        s.controller.editFee(s.streaming_fee, 0, share, by=s.owner)
        accrued(s, YEAR // 3)
        s.set.balanceOf(s.fee_recipient)
    s.controller.editFeeRecipient(ZERO, by=s.owner, reverts="Address must not be 0")
    s.controller.editFeeRecipient(s.keeper, by=s.owner)
    accrued(s, YEAR)
    s.set.balanceOf(s.keeper)
    s.controller.editFeeRecipient(s.heir, by=s.owner)
    s.controller.editFee(s.streaming_fee, 0, 10**17, by=s.owner)
    accrued(s, YEAR)
    s.streaming_fee.updateStreamingFee(s.set, 10**16, by=s.manager)


@scenario
def share_above_the_whole_stops_the_accrual(s: Stage) -> None:
    """Refuse when the protocol asks for more than there is; a fee of nothing is still paid."""
    started(s)
    s.controller.addFee(s.streaming_fee, 0, E18 + 1, by=s.owner)
    s.advance(YEAR)
    short = "SafeMath: subtraction overflow"
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=short)
    with s.aside():
        s.issuance.redeem(s.set, 60 * E18, s.issuer, by=s.issuer)
        s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.controller.editFee(s.streaming_fee, 0, MAX_UINT, by=s.owner)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts="SafeMath: multiplication overflow")
    s.issuance.redeem(s.set, 100 * E18, s.issuer, by=s.issuer)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


@scenario
def share_too_small_is_not_minted(s: Stage) -> None:
    """Mint the protocol nothing, not even a transfer of 0, when its share rounds to 0."""
    started(s)
    s.controller.addFee(s.streaming_fee, 0, 1, by=s.owner)
    s.issuance.redeem(s.set, 100 * E18 - 50, s.issuer, by=s.issuer)
    accrued(s, YEAR)
    accrued(s, 20 * YEAR)


@scenario
def controller_without_recipient(s: Stage) -> None:
    """Refuse to mint the protocol's share to nobody, where the controller began without one."""
    controller = s.put("second_controller", "Controller", ZERO)
    creator = s.put("second_creator", "SetTokenCreator", controller)
    fees = s.put("second_fees", "StreamingFeeModule", controller)
    controller.initialize([creator], [fees, s.module], [], [], by=s.owner)
    arguments = ([s.dai], [E18], [fees, s.module], s.manager, "Second", "TWO")
    creator.create(*arguments, by=s.stranger)
    second = s.created_1
    fees.initialize(second, (s.heir, MAXIMUM, FEE, 0), by=s.manager)
    second.initializeModule(by=s.module)
    second.mint(s.issuer, 100 * E18, by=s.module)
    s.advance(YEAR)
    fees.accrueFee(second, by=s.stranger)
    controller.addFee(fees, 0, 10**17, by=s.owner)
    s.advance(YEAR)
    fees.accrueFee(second, by=s.stranger, reverts="ERC20: mint to the zero address")
    controller.editFeeRecipient(s.keeper, by=s.owner)
    fees.accrueFee(second, by=s.stranger)
    fees.controller()
    second.balanceOf(s.keeper)
    s.streaming_fee.accrueFee(second, by=s.stranger, reverts=NOT_INITIALIZED)


@scenario
def removed_and_added_again(s: Stage) -> None:
    """Waive what was not accrued, forget the settings, and start anew with others."""
    started(s)
    s.advance(YEAR)
    s.set.removeModule(s.streaming_fee, by=s.manager)
    s.streaming_fee.feeStates(s.set)
    s.streaming_fee.getFee(s.set)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=NOT_INITIALIZED)
    s.streaming_fee.updateStreamingFee(s.set, 0, by=s.manager, reverts=NOT_INITIALIZED)
    s.set.addModule(s.streaming_fee, by=s.manager)
    s.streaming_fee.accrueFee(s.set, by=s.stranger, reverts=NOT_INITIALIZED)
    s.advance(YEAR)
    s.streaming_fee.initialize(s.set, (s.keeper, 5 * 10**16, 10**16, 1), by=s.manager)
    accrued(s, YEAR)
    s.set.balanceOf(s.keeper)
    accrued(s, YEAR)


@scenario
def anyone_may_forget_himself(s: Stage) -> None:
    """Let anyone call `removeModule`: it only clears the caller's own state."""
    started(s)
    for account in (s.stranger, s.manager, s.owner):
        s.streaming_fee.removeModule(by=account)
    accrued(s, YEAR)
    s.set.invoke(s.streaming_fee, 0, s.streaming_fee.removeModule.data(), by=s.module)
    accrued(s, YEAR)
