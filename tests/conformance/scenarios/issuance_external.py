"""BasicIssuanceModule: external positions, which it refuses, and negative units."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

from scenarios.issuance import started

REFUSED = "Only default positions are supported"
NEGATIVE = "SafeCast: value must be positive"
OVERFLOW = "SafeMath: multiplication overflow"


def staked(s: Stage, unit: int = 10 * E18) -> Handle:
    """Issue 100, then let a module with component hooks hold an external position in dai."""
    started(s)
    s.issuance.issue(s.set, 100 * E18, s.issuer, by=s.issuer)
    stake = s.deploy("stake", set_v2("mocks/protocol/module/ModuleIssuanceHookMock"))
    s.controller.addModule(stake, by=s.owner)
    s.set.addModule(stake, by=s.manager)
    stake.initialize(s.set, by=s.manager)
    stake.addExternalPosition(s.set, s.dai, unit, by=s.stranger)
    return stake


def position(s: Stage, component: str, unit: int) -> None:
    """Give a component an external position of the module that is an account."""
    s.set.addExternalPositionModule(getattr(s, component), s.module, by=s.module)
    s.set.editExternalPositionUnit(getattr(s, component), s.module, unit, by=s.module)


@scenario
def module_with_hooks_holds_a_position(s: Stage) -> None:
    """Refuse while it is there, whoever asks; serve again once it is gone."""
    stake = staked(s)
    stake.componentIssueHook(s.set, 100 * E18, s.dai, True, by=s.stranger)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=REFUSED)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)
    s.issuance.issue(s.set, E18, ZERO, by=s.stranger, reverts=REFUSED)
    s.issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts="Issue quantity must be > 0")
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)
    s.issuance.redeem(s.set, 0, s.issuer, by=s.issuer, reverts="Redeem quantity must be > 0")
    poor = "ERC20: burn amount exceeds balance"
    s.issuance.redeem(s.set, E18, s.stranger, by=s.stranger, reverts=poor)
    stake.componentRedeemHook(s.set, 100 * E18, s.dai, True, by=s.stranger)
    stake.addExternalPosition(s.set, s.dai, 0, by=s.stranger)
    s.set.getExternalPositionModules(s.dai)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 101 * E18, s.issuer, by=s.issuer)


@scenario
def module_with_hooks_pays_out(s: Stage) -> None:
    """Take tokens away and back in steps: redemption needs both the unit and the tokens."""
    stake = staked(s)
    stake.componentIssueHook(s.set, 60 * E18, s.dai, True, by=s.stranger)
    s.dai.balanceOf(stake)
    s.set.removeExternalPositionModule(s.dai, stake, by=s.module)
    s.issuance.redeem(s.set, 80 * E18, s.issuer, by=s.issuer)
    poor = "ERC20: transfer amount exceeds balance"
    s.issuance.redeem(s.set, 20 * E18, s.issuer, by=s.issuer, reverts=poor)
    stake.addExternalPosition(s.set, s.dai, 10 * E18, by=s.stranger)
    stake.componentRedeemHook(s.set, 60 * E18, s.dai, True, by=s.stranger)
    s.set.removeExternalPositionModule(s.dai, stake, by=s.module)
    s.issuance.redeem(s.set, 20 * E18, s.issuer, by=s.issuer)


@scenario
def position_without_unit_counts(s: Stage) -> None:
    """Refuse because a module is listed, even if it holds nothing; a unit alone counts nothing."""
    started(s)
    s.issuance.issue(s.set, 9 * E18, s.issuer, by=s.issuer)
    s.set.editExternalPositionUnit(s.usdc, s.module, 5, by=s.module)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    position(s, "usdc", 0)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=REFUSED)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)
    s.set.addExternalPositionModule(s.gem, s.module, by=s.module)
    s.set.removeExternalPositionModule(s.usdc, s.module, by=s.module)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.set.addComponent(s.gem, by=s.module)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)


@scenario
def debt_is_refused(s: Stage) -> None:
    """Refuse a negative external position like any other."""
    started(s)
    s.issuance.issue(s.set, 9 * E18, s.issuer, by=s.issuer)
    position(s, "wbtc", -7)
    s.set.editExternalPositionData(s.wbtc, s.module, b"debt", by=s.module)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=REFUSED)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)


@scenario
def external_position_is_refused_in_its_turn(s: Stage) -> None:
    """Meet an external position, and a failing transfer of an earlier component."""
    started(s)
    s.issuance.issue(s.set, 9 * E18, s.issuer, by=s.issuer)
    position(s, "dai", 1)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=REFUSED)
    nobody = "ERC20: transfer to the zero address"
    s.issuance.redeem(s.set, E18, ZERO, by=s.issuer, reverts=nobody)
    s.issuance.redeem(s.set, E18, s.set, by=s.issuer, reverts="Invalid post transfer balance")
    everything = s.usdc.balanceOf(s.set)
    s.set.invoke(s.usdc, 0, s.usdc.transfer.data(s.module, everything), by=s.module)
    short = "ERC20: transfer amount exceeds balance"
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=short)


@scenario
def negative_unit_is_refused(s: Stage) -> None:
    """Refuse a negative default unit, in the order of the components."""
    started(s)
    s.issuance.issue(s.set, 9 * E18, s.issuer, by=s.issuer)
    s.set.editDefaultPositionUnit(s.usdc, -1, by=s.module)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=NEGATIVE)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=NEGATIVE)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=NEGATIVE)
    s.issuance.redeem(s.set, E18, ZERO, by=s.issuer, reverts=NEGATIVE)
    poor = "ERC20: burn amount exceeds balance"
    s.issuance.redeem(s.set, E18, ZERO, by=s.stranger, reverts=poor)
    position(s, "dai", 1)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=NEGATIVE)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=NEGATIVE)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=NEGATIVE)
    s.set.removeExternalPositionModule(s.dai, s.module, by=s.module)
    s.set.editDefaultPositionUnit(s.usdc, 1, by=s.module)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)


@scenario
def signs_of_all_units_come_before_external_positions(s: Stage) -> None:
    """Show D-28: a negative default unit and an external position, in the same or a later one."""
    started(s)
    s.issuance.issue(s.set, 9 * E18, s.issuer, by=s.issuer)
    s.set.editDefaultPositionUnit(s.dai, -1, by=s.module)
    for component in ("dai", "wbtc"):
        with s.aside():
            position(s, component, 5)
            expected = {"reverts": REFUSED, "ours": NEGATIVE, "differs": "D-28"}
            s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, **expected)
            s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, **expected)
    nobody = "ERC20: transfer to the zero address"
    s.issuance.redeem(s.set, E18, ZERO, by=s.issuer, reverts=nobody)


@scenario
def external_positions_come_before_overflows(s: Stage) -> None:
    """Show D-28: an overflow in one component and an external position in another."""
    started(s, {"usdc": 2**140, "dai": 1, "wbtc": 1})
    s.set.mint(s.issuer, 2**127, by=s.module)
    position(s, "dai", 5)
    expected = {"reverts": OVERFLOW, "ours": REFUSED, "differs": "D-28"}
    s.issuance.getRequiredComponentUnitsForIssue(s.set, 2**127, **expected)
    s.issuance.issue(s.set, 2**127, s.issuer, by=s.issuer, **expected)
    s.issuance.redeem(s.set, 2**127, s.issuer, by=s.issuer, reverts=OVERFLOW)
    s.set.removeExternalPositionModule(s.dai, s.module, by=s.module)
    position(s, "usdc", 5)
    s.issuance.getRequiredComponentUnitsForIssue(s.set, 2**127, reverts=REFUSED)
    s.issuance.redeem(s.set, 2**127, s.issuer, by=s.issuer, reverts=REFUSED)


@scenario
def transfers_and_overflows_come_in_turn(s: Stage) -> None:
    """Redeem so much that one component is short and a later one overflows."""
    started(s, {"usdc": 1, "dai": 2**140})
    s.set.mint(s.issuer, 2**127, by=s.module)
    short = "ERC20: transfer amount exceeds balance"
    s.issuance.redeem(s.set, 2**127, s.issuer, by=s.issuer, reverts=short)
