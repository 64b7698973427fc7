"""SlippageIssuanceModule of Set V2 on both SetTokens: limits, and adjustments by modules."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, Stage

from scenarios.with_debt_issuance import started

KIND = "SlippageIssuanceModule"
TOO_MANY = "Too many tokens required for issuance"
TOO_FEW = "Too few tokens returned for redemption"


@scenario
def issues_within_limits(s: Stage) -> None:
    """Issue when each checked component costs at most its limit, to the unit."""
    started(s, KIND)
    units = s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, 3 * E18 + 1)[1]

    def issue(components: list[object], limits: list[int], reverts: str | None = None) -> None:
        arguments = (s.set, 3 * E18 + 1, components, limits, s.keeper)
        s.debt_issuance.issueWithSlippage(*arguments, by=s.issuer, reverts=reverts)

    issue([s.usdc, s.wbtc], units[:2])
    issue([s.wbtc], [units[1] - 1], TOO_MANY)
    issue([s.wbtc, s.usdc], [units[1], units[0] - 1], TOO_MANY)
    issue([s.dai], [0])
    issue([], [])
    issue([s.usdc, s.wbtc, s.dai], [MAX_UINT] * 3)


@scenario
def redeems_within_limits(s: Stage) -> None:
    """Redeem when each checked component gives at least its limit, to the unit."""
    started(s, KIND)
    units = s.debt_issuance.getRequiredComponentRedemptionUnits(s.set, 3 * E18 + 1)[1]

    def redeem(components: list[object], limits: list[int], reverts: str | None = None) -> None:
        arguments = (s.set, 3 * E18 + 1, components, limits, s.keeper)
        s.debt_issuance.redeemWithSlippage(*arguments, by=s.issuer, reverts=reverts)

    redeem([s.usdc, s.wbtc], units[:2])
    redeem([s.wbtc], [units[1] + 1], TOO_FEW)
    redeem([s.wbtc, s.usdc], [units[1], units[0] + 1], TOO_FEW)
    redeem([s.dai], [1], TOO_FEW)
    redeem([], [])
    redeem([s.usdc, s.wbtc, s.dai], [0] * 3)


@scenario
def limits_follow_the_streaming_fee(s: Stage) -> None:
    """Pass limits from before an accrual: generous for issuing, too high to redeem."""
    started(s, KIND)
    quantity = 5 * E18
    most = s.debt_issuance.getRequiredComponentIssuanceUnits(s.set, quantity)[1]
    least = s.debt_issuance.getRequiredComponentRedemptionUnits(s.set, quantity)[1]
    s.advance(30 * 24 * 3600)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.fund("wbtc", s.set, 100)
    checked = [s.usdc, s.wbtc]
    arguments = (s.set, quantity, checked, least[:2], s.issuer)
    s.debt_issuance.redeemWithSlippage(*arguments, by=s.issuer, reverts=TOO_FEW)
    arguments = (s.set, quantity, checked, most[:2], s.issuer)
    s.debt_issuance.issueWithSlippage(*arguments, by=s.issuer)
    least = [unit * 99 // 100 for unit in least[:2]]
    s.debt_issuance.redeemWithSlippage(s.set, quantity, checked, least, s.issuer, by=s.issuer)


@scenario
def refuses_wrong_limits(s: Stage) -> None:
    """Ask for the state, the quantity, lengths and duplicates, then for known components."""
    started(s, KIND)
    issue, redeem = s.debt_issuance.issueWithSlippage, s.debt_issuance.redeemWithSlippage
    for call, limit in ((issue, MAX_UINT), (redeem, 0)):
        for quantity, components, count, reason in (
            (0, [s.usdc, s.usdc], 1, "SetToken quantity must be > 0"),
            (1, [s.usdc, s.usdc], 1, "Array length mismatch"),
            (1, [], 1, "Array length mismatch"),
            (1, [s.aave, s.aave], 2, "Cannot duplicate addresses"),
            (E18, [s.usdc, s.aave], 2, "Limit passed for invalid component"),
        ):
            arguments = (s.set, quantity, components, [limit] * count, s.issuer)
            call(*arguments, by=s.issuer, reverts=reason)
    reason = "ERC20: burn amount exceeds balance"
    redeem(s.set, 1, [s.aave], [0], s.heir, by=s.stranger, reverts=reason)
    s.set.lock(by=s.module)
    reason = "When locked, only the locker can call"
    issue(s.set, E18, [s.usdc], [MAX_UINT], s.issuer, by=s.issuer, reverts=reason)
    redeem(s.set, E18, [s.usdc], [0], s.issuer, by=s.issuer, reverts=reason)
    s.set.unlock(by=s.module)
    s.controller.removeSet(s.set, by=s.owner)
    reason = "Must be a valid and initialized SetToken"
    issue(s.set, 0, [s.usdc], [], s.issuer, by=s.issuer, reverts=reason)
    redeem(s.set, 0, [s.usdc], [], s.issuer, by=s.issuer, reverts=reason)


@scenario
def answers_with_adjustments(s: Stage) -> None:
    """Answer what issue and redeem would take with the adjustments of the registered modules."""
    started(s, KIND)
    ask_issue = s.debt_issuance.getRequiredComponentIssuanceUnitsOffChain
    ask_redeem = s.debt_issuance.getRequiredComponentRedemptionUnitsOffChain
    for ask in (ask_issue, ask_redeem):
        ask(s.set, 3 * E18 + 1, by=s.stranger)
    s.debtor.addEquityIssuanceAdjustment(s.usdc, -(10**6) - 1, by=s.manager)
    s.debtor.addDebtIssuanceAdjustment(s.dai, -(3 * E18), by=s.manager)
    for ask in (ask_issue, ask_redeem):
        ask(s.set, 3 * E18 + 1, by=s.stranger)
    s.advance(10**7)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    for ask in (ask_issue, ask_redeem):
        ask(s.set, 3 * E18 + 1, by=s.stranger)
    s.debtor.addEquityIssuanceAdjustment(s.wbtc, -(10**9), by=s.manager)
    for ask in (ask_issue, ask_redeem):
        ask(s.set, 1, by=s.stranger, reverts="SafeCast: value must be positive")
    s.debtor.addEquityIssuanceAdjustment(s.wbtc, -(2**255), by=s.manager)
    for ask in (ask_issue, ask_redeem):
        ask(s.set, 1, by=s.stranger, reverts="SafeCast: value must be positive")
