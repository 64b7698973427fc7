"""Issuance modules of Set V2 that know debt, on both SetTokens: refusals, hooks, odd tokens."""

from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.world import set_v2

from scenarios.with_debt_issuance import MOCKS, of_every_kind, plugged, started

INVALID = "Must be a valid and initialized SetToken"
LOCKED = "When locked, only the locker can call"
SECOND = ("DebtIssuanceModuleV2", "IssuanceModule")
"""The modules that look at balances instead of at what a transfer moved."""
MANAGER_ONLY = "Must be the SetToken manager"


@of_every_kind
def initialises_for_the_manager(s: Stage, kind: str) -> None:
    """Ask for the manager, then the state, then the fees."""
    plugged(s, kind)
    s.create([s.usdc], [1], [s.debt_issuance, s.module])
    s.set.initializeModule(by=s.module)
    high = (s.set, 10, 11, 11, ZERO, ZERO)
    s.debt_issuance.initialize(*high, by=s.stranger, reverts=MANAGER_ONLY)
    s.debt_issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts=INVALID)
    s.debt_issuance.redeem(s.set, 0, s.issuer, by=s.issuer, reverts=INVALID)
    reason = "Issue fee can't exceed maximum fee"
    s.debt_issuance.initialize(*high, by=s.manager, reverts=reason)
    reason = "Redeem fee can't exceed maximum fee"
    arguments = (s.set, 10, 10, 11, ZERO, ZERO)
    s.debt_issuance.initialize(*arguments, by=s.manager, reverts=reason)
    plain = (s.set, 10, 10, 10, ZERO, ZERO)
    s.set.lock(by=s.module)
    s.debt_issuance.initialize(*plain, by=s.manager, reverts="Only when unlocked")
    s.set.unlock(by=s.module)
    s.debt_issuance.initialize(*plain, by=s.manager)
    s.debt_issuance.issuanceSettings(s.set)
    s.debt_issuance.initialize(*high, by=s.manager, reverts="Must be pending initialization")
    s.controller.removeSet(s.set, by=s.owner)
    reason = "Must be controller-enabled SetToken"
    s.debt_issuance.initialize(*high, by=s.manager, reverts=reason)
    s.debt_issuance.updateFeeRecipient(s.set, ZERO, by=s.stranger, reverts=MANAGER_ONLY)
    s.debt_issuance.updateFeeRecipient(s.set, ZERO, by=s.manager, reverts=INVALID)
    s.debt_issuance.updateIssueFee(s.set, 11, by=s.stranger, reverts=MANAGER_ONLY)
    s.debt_issuance.updateIssueFee(s.set, 11, by=s.manager, reverts=INVALID)
    s.debt_issuance.updateRedeemFee(s.set, 11, by=s.stranger, reverts=MANAGER_ONLY)
    s.debt_issuance.updateRedeemFee(s.set, 11, by=s.manager, reverts=INVALID)


@of_every_kind
def refuses_quantities(s: Stage, kind: str) -> None:
    """Refuse nothing, too much, what nobody holds or allowed, and the zero address."""
    started(s, kind)
    issuance = s.debt_issuance
    issuance.issue(s.set, 0, s.issuer, by=s.issuer, reverts="Issue quantity must be > 0")
    issuance.redeem(s.set, 0, s.issuer, by=s.issuer, reverts="Redeem quantity must be > 0")
    overflow = "SafeMath: multiplication overflow"
    issuance.issue(s.set, MAX_UINT, s.issuer, by=s.issuer, reverts=overflow)
    reason = "ERC20: burn amount exceeds balance"
    issuance.redeem(s.set, MAX_UINT, s.issuer, by=s.issuer, reverts=reason)
    issuance.redeem(s.set, 1, s.stranger, by=s.stranger, reverts=reason)
    issuance.redeem(s.set, 1, ZERO, by=s.issuer)
    reason = "ERC20: transfer to the zero address"
    issuance.redeem(s.set, E18, ZERO, by=s.issuer, reverts=reason)
    issuance.issue(s.set, E18, ZERO, by=s.issuer, reverts="ERC20: mint to the zero address")
    reason = "ERC20: transfer amount exceeds balance"
    issuance.issue(s.set, E18, s.issuer, by=s.stranger, reverts=reason)
    s.fund("usdc", s.stranger, 10**12)
    reason = "ERC20: transfer amount exceeds allowance"
    issuance.issue(s.set, E18, s.issuer, by=s.stranger, reverts=reason)
    s.set.transfer(s.stranger, E18, by=s.issuer)
    reason = "ERC20: transfer amount exceeds balance"
    issuance.redeem(s.set, E18, s.issuer, by=s.stranger, reverts=reason)


@of_every_kind
def stops_while_locked(s: Stage, kind: str) -> None:
    """Refuse to move anything while another module holds the lock, or unknown to the controller."""
    started(s, kind)
    s.set.lock(by=s.module)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=LOCKED)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=LOCKED)
    s.debt_issuance.redeem(s.set, MAX_UINT, s.issuer, by=s.issuer, reverts=LOCKED)
    s.set.removeModule(s.debtor, by=s.manager, reverts="Only when unlocked")
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.debt_issuance, by=s.owner)
    reason = "Module must be enabled on controller"
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.controller.addModule(s.debt_issuance, by=s.owner)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@of_every_kind
def modules_register_their_hooks(s: Stage, kind: str) -> None:
    """Register once, be called in order, leave a hole that the last fills, and go."""
    started(s, kind)
    issuance = s.debt_issuance
    issuance.registerToIssuanceModule(s.set, by=s.stranger, reverts="Only the module can call")
    issuance.unregisterFromIssuanceModule(s.set, by=s.manager, reverts="Only the module can call")
    reason = "Module not registered."
    issuance.unregisterFromIssuanceModule(s.set, by=s.module, reverts=reason)
    for name in ("second", "third"):
        debtor = plug(s, name, f"{MOCKS}/DebtModuleMock")
        s.set.addModule(debtor, by=s.manager)
        debtor.initialize(s.set, issuance, by=s.manager)
    issuance.registerToIssuanceModule(s.set, by=s.debtor.address, reverts=_REGISTERED)
    issuance.getModuleIssuanceHooks(s.set)
    issuance.isModuleIssuanceHook(s.set, s.third)
    reason = "Registered modules must be removed."
    s.set.removeModule(issuance, by=s.manager, reverts=reason)
    issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.third.moduleIssueHookCalled()
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer)
    s.set.removeExternalPositionModule(s.dai, s.debtor, by=s.module)
    s.set.removeModule(s.debtor, by=s.manager)
    issuance.getModuleIssuanceHooks(s.set)
    issuance.registerToIssuanceModule(s.set, by=s.module)
    s.controller.removeModule(s.module, by=s.owner)
    reason = "Module must be enabled on controller"
    issuance.unregisterFromIssuanceModule(s.set, by=s.module, reverts=reason)
    s.controller.addModule(s.module, by=s.owner)
    issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts="")
    issuance.unregisterFromIssuanceModule(s.set, by=s.module)
    issuance.issue(s.set, E18, s.issuer, by=s.issuer)


_REGISTERED = "Module already registered."


@of_every_kind
def comes_back_after_removal(s: Stage, kind: str) -> None:
    """Forget the settings once no module is registered, then serve again with others."""
    started(s, kind)
    s.set.removeExternalPositionModule(s.dai, s.debtor, by=s.module)
    s.set.removeModule(s.debtor, by=s.manager)
    s.set.removeModule(s.debt_issuance, by=s.manager)
    s.debt_issuance.issuanceSettings(s.set)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=INVALID)
    s.debt_issuance.registerToIssuanceModule(s.set, by=s.module, reverts=INVALID)
    s.set.addModule(s.debt_issuance, by=s.manager)
    s.debt_issuance.initialize(s.set, 0, 0, 0, ZERO, s.hook, by=s.manager)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.set.addModule(s.debtor, by=s.manager)
    s.debtor.initialize(s.set, s.debt_issuance, by=s.manager)
    s.debt_issuance.redeem(s.set, 2 * E18, s.issuer, by=s.issuer)


@of_every_kind
def stands_next_to_basic_issuance(s: Stage, kind: str) -> None:
    """Issue by both modules; basic issuance refuses a SetToken with external positions."""
    started(s, kind)
    reason = "Only default positions are supported"
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.set.removeExternalPositionModule(s.dai, s.debtor, by=s.module)
    s.set.removeExternalPositionModule(s.usdc, s.depositor, by=s.module)
    s.issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.debt_issuance.redeem(s.set, 2 * E18 + 1, s.issuer, by=s.issuer)
    s.issuance.redeem(s.set, 3 * E18 + 1, s.issuer, by=s.issuer)
    s.debt_issuance.redeem(s.set, s.set.balanceOf(s.issuer), s.issuer, by=s.issuer)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer)


@of_every_kind
def owes_and_holds_the_same_component(s: Stage, kind: str) -> None:
    """Count deposit and debt of one component apart, whatever the hooks make of it."""
    started(s, kind)
    s.fund("usdc", s.debtor, 10**12)
    s.debtor.addDebt(s.set, s.usdc, 2 * 10**6 + 1, by=s.manager)
    s.set.getTotalComponentRealUnits(s.usdc)
    s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, 3 * E18)
    s.debt_issuance.getRequiredComponentRedemptionUnits(s.set, 3 * E18)
    reason = "SafeCast: value must be positive"
    out = "Invalid transfer out. Results in undercollateralization" if kind in SECOND else None
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=out)
    s.set.editExternalPositionUnit(s.usdc, s.debtor, 10**6, by=s.module)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.set.editExternalPositionUnit(s.usdc, s.debtor, -40 * 10**6, by=s.module)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=out)


@of_every_kind
def refuses_a_negative_default_unit(s: Stage, kind: str) -> None:
    """Refuse what a module made of a default position that cannot be."""
    started(s, kind)
    s.set.editDefaultPositionUnit(s.wbtc, -1, by=s.module)
    reason = "SafeCast: value must be positive"
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=reason)
    s.debt_issuance.getRequiredComponentRedemptionUnits(s.set, E18, reverts=reason)
    s.set.editDefaultPositionUnit(s.wbtc, 0, by=s.module)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer)


@of_every_kind
def takes_a_token_with_a_fee(s: Stage, kind: str) -> None:
    """Refuse a token that arrives short, or leaves with more than was sent."""
    plugged(s, kind)
    path = set_v2("mocks/StandardTokenWithFeeMock")
    s.deploy("taxed", path, s.issuer, 10**30, "Taxed", "TAX", 0)
    s.create([s.taxed], [E18], [s.debt_issuance])
    s.debt_issuance.initialize(s.set, 0, 0, 0, ZERO, ZERO, by=s.manager)
    s.taxed.approve(s.debt_issuance, MAX_UINT, by=s.issuer)
    s.debt_issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.taxed.setFee(5, by=s.owner)
    v2 = kind in SECOND
    strict = "Invalid post transfer balance"
    into = "Invalid transfer in. Results in undercollateralization" if v2 else strict
    out = "Invalid transfer out. Results in undercollateralization" if v2 else strict
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=into)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=out)
    s.taxed.transfer(s.set, 100, by=s.issuer)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=None if v2 else into)
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=None if v2 else out)
    s.taxed.balanceOf(s.set)


@scenario
def takes_a_token_that_rounds(s: Stage) -> None:
    """Let the second version take a balance that is off by one, as long as all is covered."""
    plugged(s, "DebtIssuanceModuleV2")
    path = set_v2("mocks/StandardTokenWithRoundingErrorMock")
    s.deploy("rough", path, s.issuer, 10**30, 0, "Rough", "RGH", 18)
    s.create([s.rough, s.usdc], [E18 + 7, 10**6], [s.debt_issuance, s.streaming_fee, s.module])
    s.set.initializeModule(by=s.module)
    s.debt_issuance.initialize(s.set, 10**17, 10**16, 0, s.heir, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.supply(s.issuer, s.debt_issuance, ["usdc"], 10**24)
    s.rough.approve(s.debt_issuance, MAX_UINT, by=s.issuer)
    s.debt_issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.rough.setError(-1, by=s.owner)
    into = "Invalid transfer in. Results in undercollateralization"
    s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, E18)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer, reverts=into)
    out = "Invalid transfer out. Results in undercollateralization"
    s.debt_issuance.redeem(s.set, E18, s.issuer, by=s.issuer, reverts=out)
    s.set.editDefaultPositionUnit(s.rough, E18 + 6, by=s.module)
    s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, E18)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.rough.setError(3, by=s.owner)
    s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, E18)
    s.debt_issuance.redeem(s.set, 2 * E18 + 1, s.heir, by=s.issuer)
    s.advance(10**7)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, E18)
    s.debt_issuance.issue(s.set, E18, s.issuer, by=s.issuer)
    s.debt_issuance.redeem(s.set, E18 + 1, s.issuer, by=s.issuer)
    s.rough.balanceOf(s.set)
