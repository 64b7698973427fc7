"""Issuance modules of Set V2 that know debt, on both SetTokens: what all four of them share."""

from collections.abc import Callable

from twins.linking import plug
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, ZERO, Handle, Stage
from twins.world import set_v2

MOCKS = "mocks/protocol/module"
YEAR = 365 * 24 * 3600
KINDS = {
    "debt": "DebtIssuanceModule",
    "debt_v2": "DebtIssuanceModuleV2",
    "general": "IssuanceModule",
    "slippage": "SlippageIssuanceModule",
}
"""The modules that share these rules, by a short name."""


def plugged(s: Stage, kind: str) -> None:
    """Deploy the issuance module, a module with debts, and one with deposits."""
    plug(s, "debt_issuance", kind)
    plug(s, "debtor", f"{MOCKS}/DebtModuleMock")
    depositor = s.deploy("depositor", set_v2(f"{MOCKS}/ModuleIssuanceHookMock"))
    s.controller.addModule(depositor, by=s.owner)
    s.deploy("hook", set_v2(f"{MOCKS}/ManagerIssuanceHookMock"))


def started(s: Stage, kind: str, hook: Handle | str = ZERO) -> None:
    """Issue 100 of a SetToken that owes DAI and has deposited USDC, with fees of 1 % and 2 %."""
    plugged(s, kind)
    modules = [s.debt_issuance, s.debtor, s.depositor, s.issuance, s.streaming_fee, s.module]
    s.create([s.usdc, s.wbtc], [40 * 10**6, 15 * 10**4 + 1], modules)
    fees = (10**17, 10**16, 2 * 10**16)
    s.debt_issuance.initialize(s.set, *fees, s.heir, hook, by=s.manager)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.set.initializeModule(by=s.module)
    s.controller.addFee(s.debt_issuance, 0, 10**17, by=s.owner)
    s.supply(s.issuer, s.debt_issuance, ["usdc", "wbtc", "dai"], 10**24)
    for token in (s.usdc, s.wbtc, s.dai):
        token.approve(s.issuance, 10**30, by=s.issuer)
    s.fund("dai", s.debtor, 10**24)
    s.debt_issuance.issue(s.set, 10 * E18, s.issuer, by=s.issuer)
    s.debtor.initialize(s.set, s.debt_issuance, by=s.manager)
    s.debtor.addDebt(s.set, s.dai, 7 * E18 + 3, by=s.manager)
    s.depositor.initialize(s.set, by=s.manager)
    s.depositor.addExternalPosition(s.set, s.usdc, 5 * 10**6 + 1, by=s.manager)
    s.fund("usdc", s.depositor, 10**12)
    s.debt_issuance.issue(s.set, 90 * E18, s.issuer, by=s.issuer)


def of_every_kind(play: Callable[[Stage, str], None]) -> None:
    """Register a play once for each of the modules that share its rules."""
    for short, kind in KINDS.items():

        def one(s: Stage, kind: str = kind) -> None:
            play(s, kind)

        one.__module__, one.__doc__ = play.__module__, play.__doc__
        one.__name__ = f"{play.__name__}_by_{short}"
        scenario(one)


@of_every_kind
def issues_and_redeems(s: Stage, kind: str) -> None:
    """Issue and redeem with debt, a deposit, fees for manager and protocol."""
    started(s, kind)
    for quantity in (E18, 3 * E18 + 1, 1, 10**11 + 7):
        s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, quantity)
        s.debt_issuance.issue(s.set, quantity, s.keeper, by=s.issuer)
    s.dai.approve(s.debt_issuance, 10**30, by=s.keeper)
    s.fund("dai", s.keeper, 10**24)
    for quantity in (1, E18, 10**11 + 7, 2 * E18):
        s.debt_issuance.getRequiredComponentRedemptionUnits(s.set, quantity)
        s.debt_issuance.redeem(s.set, quantity, s.stranger, by=s.keeper)
    s.debt_issuance.calculateTotalFees(s.set, 5 * E18 + 1, True)
    s.debt_issuance.calculateTotalFees(s.set, 5 * E18 + 1, False)
    s.debtor.moduleIssueHookCalled()
    s.dai.balanceOf(s.debtor)
    s.usdc.balanceOf(s.depositor)


@of_every_kind
def accrues_in_between(s: Stage, kind: str) -> None:
    """Shrink default units, deposits and debts by streaming fees between issue and redeem."""
    started(s, kind)
    for days in (1, 30, 365, 3):
        s.advance(days * 24 * 3600)
        s.streaming_fee.accrueFee(s.set, by=s.stranger)
        s.fund("wbtc", s.set, 1_000)
        s.fund("usdc", s.set, 1_000)
        s.set.getExternalPositionRealUnit(s.dai, s.debtor)
        s.debt_issuance.issue(s.set, 11 * E18 + 13, s.issuer, by=s.issuer)
        s.debt_issuance.redeem(s.set, 10 * E18 + 7, s.issuer, by=s.issuer)
    s.debt_issuance.issue(s.set, 1, s.issuer, by=s.issuer)


@of_every_kind
def asks_the_managers_hook(s: Stage, kind: str) -> None:
    """Ask the hook when issuing, not when redeeming; the event names it."""
    plugged(s, kind)
    s.create([s.usdc], [10**6], [s.debt_issuance, s.streaming_fee, s.issuance])
    s.debt_issuance.initialize(s.set, 0, 0, 0, ZERO, s.hook, by=s.manager)
    s.supply(s.issuer, s.debt_issuance, ["usdc"], 10**24)
    s.debt_issuance.issue(s.set, 5 * E18, s.keeper, by=s.issuer)
    s.hook.retrievedSetToken()
    s.hook.retrievedIssueQuantity()
    s.hook.retrievedSender()
    s.debt_issuance.redeem(s.set, E18, s.heir, by=s.keeper)
    s.hook.retrievedIssueQuantity()
    s.debt_issuance.issuanceSettings(s.set)


@of_every_kind
def accrues_and_issues_in_the_hook(s: Stage, kind: str) -> None:
    """Let the manager's hook accrue, issue by another module, and try to come in again."""
    plugged(s, kind)
    puppet = s.deploy("puppet", mock("Puppet"))
    s.create([s.usdc], [10**6], [s.debt_issuance, s.streaming_fee, s.issuance])
    s.debt_issuance.initialize(s.set, 0, 0, 0, ZERO, puppet, by=s.manager)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.supply(s.issuer, s.debt_issuance, ["usdc"], 10**24)
    s.supply(puppet.address, s.issuance, ["usdc"], 10**12)
    s.debt_issuance.issue(s.set, 50 * E18, s.issuer, by=s.issuer)
    s.advance(YEAR)
    calls = [
        (s.streaming_fee, s.streaming_fee.accrueFee.data(s.set)),
        (s.issuance, s.issuance.issue.data(s.set, 2 * E18, s.heir)),
        (s.debt_issuance, s.debt_issuance.issue.data(s.set, E18, s.heir)),
        (s.debt_issuance, s.debt_issuance.redeem.data(s.set, E18, s.heir)),
        (s.set, s.set.removeModule.data(s.debt_issuance)),
    ]
    s.puppet.prepare(calls, by=s.stranger)
    s.debt_issuance.issue(s.set, 3 * E18, s.issuer, by=s.issuer)
    outcomes = [success for success, _ in s.puppet.getOutcomes()]
    assert outcomes == [True, True, False, False, False]


@of_every_kind
def manager_changes_fees(s: Stage, kind: str) -> None:
    """Change fees within the maximum, and to a value that is new."""
    started(s, kind)
    module, manager = s.debt_issuance, s.manager
    module.updateIssueFee(s.set, 10**17, by=manager)
    module.updateIssueFee(s.set, 10**17, by=manager, reverts="Same issue fee passed")
    module.updateIssueFee(s.set, 10**17 + 1, by=manager, reverts="Issue fee can't exceed maximum")
    module.updateRedeemFee(s.set, 0, by=manager)
    module.updateRedeemFee(s.set, 0, by=manager, reverts="Same redeem fee passed")
    reason = "Redeem fee can't exceed maximum"
    module.updateRedeemFee(s.set, 10**17 + 1, by=manager, reverts=reason)
    reason = "Fee Recipient must be non-zero address."
    module.updateFeeRecipient(s.set, ZERO, by=manager, reverts=reason)
    module.updateFeeRecipient(s.set, s.heir, by=manager, reverts="Same fee recipient passed")
    module.updateFeeRecipient(s.set, s.keeper, by=manager)
    s.controller.editFee(module, 0, E18, by=s.owner)
    module.issue(s.set, E18 + 1, s.issuer, by=s.issuer)
    s.controller.editFee(module, 0, E18 // 3, by=s.owner)
    module.issue(s.set, E18 + 1, s.issuer, by=s.issuer)
    module.redeem(s.set, E18 + 1, s.issuer, by=s.issuer)
    module.updateRedeemFee(s.set, 10**17, by=manager)
    module.redeem(s.set, 33 * E18 + 1, s.issuer, by=s.issuer)
