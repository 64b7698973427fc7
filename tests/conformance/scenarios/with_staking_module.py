"""StakingModule of Set V2 on our SetToken: external positions, issued and redeemed by hooks."""

from twins.guests import (
    LOCKED,
    NO_ADAPTER,
    NOT_ENABLED,
    NOT_INITIALIZED,
    NOT_MANAGER,
    NOT_OF_THE_CONTROLLER,
    NOT_PENDING,
    approved,
    basket,
    external,
    live,
    register,
    unknown_set,
)
from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.world import set_v2

MOCK = "mocks/integrations/StakingAdapterMock"
ONLY_MODULE = "Only the module can call"


def pending(s: Stage) -> None:
    """Create a basket with the staking module and a debt issuance module pending."""
    plug(s, "staking", "StakingModule")
    plug(s, "debt_issuance", "DebtIssuanceModule")
    for name in ("first", "second"):
        adapter = s.deploy(name, set_v2(MOCK), s.dai)
        register(s, s.staking, name, adapter)
    basket(s, s.staking, s.debt_issuance)


def started(s: Stage) -> None:
    """Create a basket with both initialised; the issuer may issue with either issuance."""
    pending(s)
    s.staking.initialize(s.set, by=s.manager)
    s.debt_issuance.initialize(s.set, E18 // 10, 0, 0, s.heir, ZERO, by=s.manager)
    for token in (s.usdc, s.dai, s.weth):
        approved(s, token, s.issuer, s.debt_issuance)


def look(s: Stage) -> None:
    """Ask everything there is to ask about DAI."""
    s.set.getPositions()
    s.set.getExternalPositionRealUnit(s.dai, s.staking)
    s.set.getExternalPositionData(s.dai, s.staking)
    s.set.isExternalPositionModule(s.dai, s.staking)
    s.staking.getStakingContracts(s.set, s.dai)
    for contract in (s.first, s.second):
        s.staking.hasStakingPosition(s.set, s.dai, contract)
        s.staking.getStakingPosition(s.set, s.dai, contract)
        s.staking.getStakingPositionUnit(s.set, s.dai, contract)
        contract.stakes(s.set)


@scenario
def stakes_and_unstakes(s: Stage) -> None:
    """Stake in two places, more in one, and take all of it back."""
    started(s)
    stake, unstake = s.staking.stake, s.staking.unstake
    stake(s.set, s.first, s.dai, "first", 3 * E18, by=s.manager)
    look(s)
    stake(s.set, s.second, s.dai, "second", 2 * E18, by=s.manager)
    stake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    look(s)
    unstake(s.set, s.first, s.dai, "first", 4 * E18, by=s.manager)
    look(s)
    stake(s.set, s.second, s.dai, "second", 8 * E18, by=s.manager)
    look(s)
    unstake(s.set, s.second, s.dai, "second", 10 * E18, by=s.manager)
    look(s)
    live(s)


@scenario
def issues_and_redeems_by_hooks(s: Stage) -> None:
    """Stake what DebtIssuanceModule issues and unstake what it redeems."""
    started(s)
    s.staking.stake(s.set, s.first, s.dai, "first", 3 * E18, by=s.manager)
    s.staking.stake(s.set, s.second, s.dai, "second", 2 * E18, by=s.manager)
    s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, E18)
    s.debt_issuance.issue(s.set, 10 * E18 + 1, s.heir, by=s.issuer)
    look(s)
    s.debt_issuance.getRequiredComponentRedemptionUnits(s.set, E18)
    s.debt_issuance.redeem(s.set, 7 * E18, s.stranger, by=s.heir)
    look(s)
    s.staking.unstake(s.set, s.second, s.dai, "second", 2 * E18, by=s.manager)
    s.staking.stake(s.set, s.first, s.dai, "first", 7 * E18, by=s.manager)
    look(s)
    s.debt_issuance.issue(s.set, 10**9 + 7, s.heir, by=s.issuer)
    s.debt_issuance.redeem(s.set, 10**9, s.stranger, by=s.heir)
    look(s)


@scenario
def charges_fees_for_both(s: Stage) -> None:
    """Charge issue and redeem fees of the manager, shared with the protocol."""
    started(s)
    s.controller.addFee(s.debt_issuance, 0, E18 // 5, by=s.owner)
    s.debt_issuance.updateIssueFee(s.set, E18 // 100, by=s.manager)
    s.debt_issuance.updateRedeemFee(s.set, E18 // 50, by=s.manager)
    s.debt_issuance.issue(s.set, 10 * E18, s.heir, by=s.issuer)
    s.staking.stake(s.set, s.first, s.dai, "first", 3 * E18, by=s.manager)
    s.debt_issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.debt_issuance.redeem(s.set, 5 * E18, s.stranger, by=s.heir)
    look(s)


@scenario
def outgrows_the_stake_by_a_fee(s: Stage) -> None:
    """Lower the external unit by an accrual; the staking module keeps the unit it was told."""
    started(s)
    s.staking.stake(s.set, s.first, s.dai, "first", 3 * E18, by=s.manager)
    s.advance(365 * 24 * 3600)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    look(s)
    s.debt_issuance.issue(s.set, E18, s.heir, by=s.issuer)
    look(s)
    s.debt_issuance.redeem(s.set, E18, s.stranger, by=s.heir)
    look(s)
    unit = s.set.getExternalPositionRealUnit(s.dai, s.staking)
    s.staking.unstake(s.set, s.first, s.dai, "first", unit, by=s.manager)
    look(s)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer)


@scenario
def basic_issuance_refuses_staked_components(s: Stage) -> None:
    """Refuse to issue by BasicIssuanceModule until all is unstaked."""
    started(s)
    s.staking.stake(s.set, s.first, s.dai, "first", 3 * E18, by=s.manager)
    only_default = "Only default positions are supported"
    s.issuance.getRequiredComponentUnitsForIssue(s.set, E18, reverts=only_default)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer, reverts=only_default)
    s.issuance.redeem(s.set, E18, s.heir, by=s.issuer, reverts=only_default)
    s.staking.unstake(s.set, s.first, s.dai, "first", 2 * E18, by=s.manager)
    s.issuance.issue(s.set, E18, s.heir, by=s.issuer, reverts=only_default)
    s.staking.unstake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    live(s)


@scenario
def keeps_a_component_that_is_staked_entirely(s: Stage) -> None:
    """Stake all of a component: no default unit is left, the component stays in its place."""
    started(s)
    s.staking.stake(s.set, s.first, s.dai, "first", 10 * E18, by=s.manager)
    look(s)
    s.set.getComponents()
    s.debt_issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.staking.unstake(s.set, s.first, s.dai, "first", 10 * E18, by=s.manager)
    look(s)
    s.set.getComponents()
    live(s)


@scenario
def refuses_stakes(s: Stage) -> None:
    """Check the manager first, then amounts, then the adapter, then the contract."""
    started(s)
    odd = unknown_set(s)
    stake, unstake = s.staking.stake, s.staking.unstake
    stake(odd, s.first, s.dai, "none", 11 * E18, by=s.stranger, reverts=NOT_MANAGER)
    stake(odd, s.first, s.dai, "none", 11 * E18, by=s.manager, reverts=NOT_INITIALIZED)
    unstake(odd, s.first, s.dai, "none", 1, by=s.stranger, reverts=NOT_MANAGER)
    much, more = "Not enough component to stake", "Not enough component tokens staked"
    stake(s.set, s.first, s.dai, "none", 10 * E18 + 1, by=s.manager, reverts=much)
    stake(s.set, s.first, s.lone, "none", 1, by=s.manager, reverts=much)
    stake(s.set, s.first, s.dai, "none", E18, by=s.manager, reverts=NO_ADAPTER)
    unstake(s.set, s.first, s.dai, "none", 1, by=s.manager, reverts=more)
    unstake(s.set, s.first, s.dai, "none", 0, by=s.manager, reverts=NO_ADAPTER)
    stake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    unstake(s.set, s.second, s.dai, "first", E18, by=s.manager, reverts=more)
    unstake(s.set, s.first, s.usdc, "first", E18, by=s.manager, reverts=more)
    not_a_contract = "Address: call to non-contract"
    stake(s.set, s.stranger, s.dai, "first", E18, by=s.manager, reverts=not_a_contract)
    wrong = "ERC20: transfer amount exceeds balance"
    s.deploy("third", set_v2(MOCK), s.lone)
    stake(s.set, s.third, s.dai, "second", E18, by=s.manager, reverts=wrong)
    s.first.setUnstakeFee(E18 // 100, by=s.owner)
    less = "Not enough tokens returned from stake contract"
    unstake(s.set, s.first, s.dai, "first", E18, by=s.manager, reverts=less)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=less)


@scenario
def stakes_nothing(s: Stage) -> None:
    """Stake nothing, which leaves a staking contract without a position."""
    started(s)
    s.staking.stake(s.set, s.first, s.dai, "first", 0, by=s.manager)
    look(s)
    s.debt_issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.set.removeModule(s.staking, by=s.manager, reverts="Open positions must be closed")
    s.staking.unstake(s.set, s.first, s.dai, "first", 0, by=s.manager)
    look(s)
    s.set.removeModule(s.staking, by=s.manager)


@scenario
def only_modules_call_its_hooks(s: Stage) -> None:
    """Call as an initialised module of the SetToken, and as others."""
    started(s)
    s.staking.stake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    issue, redeem = s.staking.componentIssueHook, s.staking.componentRedeemHook
    for caller in (s.manager, s.owner, s.stranger):
        issue(s.set, E18, s.dai, True, by=caller, reverts=ONLY_MODULE)
        redeem(s.set, E18, s.dai, True, by=caller, reverts=ONLY_MODULE)
    issue(s.set, E18, s.dai, True, by=s.module)
    look(s)
    redeem(s.set, E18, s.dai, False, by=s.module)
    look(s)
    s.staking.moduleIssueHook(s.set, E18, by=s.stranger)
    s.staking.moduleRedeemHook(s.set, E18, by=s.stranger)


@scenario
def is_initialised_once_and_removed_when_empty(s: Stage) -> None:
    """Check roles and states; removal waits until nothing is staked."""
    pending(s)
    odd = unknown_set(s)
    s.staking.initialize(odd, by=s.stranger, reverts=NOT_MANAGER)
    s.staking.initialize(odd, by=s.manager, reverts=NOT_OF_THE_CONTROLLER)
    s.staking.initialize(s.set, by=s.manager)
    s.staking.initialize(s.set, by=s.manager, reverts=NOT_PENDING)
    s.staking.stake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    s.set.removeModule(s.staking, by=s.manager, reverts="Open positions must be closed")
    s.staking.unstake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    s.set.removeModule(s.staking, by=s.manager)
    s.set.addModule(s.staking, by=s.manager)
    s.staking.initialize(s.set, by=s.manager)
    s.staking.stake(s.set, s.first, s.dai, "first", E18, by=s.manager)
    look(s)


@scenario
def stops_when_the_set_is_locked_or_the_module_disabled(s: Stage) -> None:
    """Respect the lock and the controller's list; issuance stops with the module."""
    started(s)
    arguments = (s.set, s.first, s.dai, "first", E18)
    s.set.lock(by=s.module)
    s.staking.stake(*arguments, by=s.manager, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.staking.stake(*arguments, by=s.manager)
    s.controller.removeModule(s.staking, by=s.owner)
    s.staking.unstake(*arguments, by=s.manager, reverts=NOT_ENABLED)
    s.debt_issuance.issue(s.set, E18, s.heir, by=s.issuer, reverts=NOT_ENABLED)
    s.controller.addModule(s.staking, by=s.owner)
    s.debt_issuance.issue(s.set, E18, s.heir, by=s.issuer)
    s.staking.unstake(*arguments, by=s.manager)


def curve(s: Stage) -> None:
    """Deploy Curve's emission and a gauge for DAI."""
    s.deploy("crv", external("curve/CRVToken"), "CRV", "CRV", 18)
    plain = ("add_type(string,uint256)", "add_gauge(address,int128,uint256)")
    s.deploy("gauges", external("curve/GaugeController", *plain), s.crv, s.lone)
    minter = s.deploy("minter", external("curve/Minter"), s.crv, s.gauges)
    s.crv.set_minter(minter, by=s.owner)
    s.gauges.add_type("liquidity", E18, by=s.owner)
    gauge = external("curve/LiquidityGauge", "deposit(uint256)")
    s.deploy("gauge", gauge, s.dai, minter)
    s.gauges.add_gauge(s.gauge, 0, E18, by=s.owner)


@scenario
def stakes_in_a_gauge_of_curve(s: Stage) -> None:
    """Stake by CurveStakingAdapter in Curve's own gauge."""
    curve(s)
    started(s)
    adapter = set_v2("protocol/integration/staking/CurveStakingAdapter")
    s.deploy("curve_adapter", adapter, s.gauges)
    register(s, s.staking, "Curve", s.curve_adapter)
    stake, unstake = s.staking.stake, s.staking.unstake
    invalid = "Invalid staking contract"
    stake(s.set, s.first, s.dai, "Curve", E18, by=s.manager, reverts=invalid)
    stake(s.set, s.gauge, s.dai, "Curve", 4 * E18, by=s.manager)
    s.gauge.balanceOf(s.set)
    s.advance(7 * 24 * 3600)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.debt_issuance.issue(s.set, 5 * E18, s.heir, by=s.issuer)
    s.debt_issuance.redeem(s.set, 2 * E18, s.stranger, by=s.heir)
    s.gauge.balanceOf(s.set)
    unit = s.set.getExternalPositionRealUnit(s.dai, s.staking)
    unstake(s.set, s.gauge, s.dai, "Curve", unit, by=s.manager)
    s.set.getPositions()
    live(s)
