"""NAV issuance modules of Set V2 on both SetTokens: settings, hooks, refusals, other modules."""

from twins.linking import plug
from twins.stage import E18, ZERO, Stage
from twins.world import set_v2

from scenarios.with_nav_issuance import REFUSED, of_both_kinds, plugged, settings, started

MANAGER_ONLY = "Must be the SetToken manager"
INVALID = "Must be a valid and initialized SetToken"
LOCKED = "When locked, only the locker can call"
MOCKS = "mocks/protocol/module"


@of_both_kinds
def initialises_with_sound_settings(s: Stage, kind: str) -> None:
    """Ask for the manager and the state, then for each number, the last asset at the end."""
    plugged(s, kind)
    s.create([s.usdc], [1], [s.nav, s.module])
    s.set.initializeModule(by=s.module)

    def refused(reason: str | None, *assets: object, **more: object) -> None:
        wanted = settings(kind, assets, **({"recipient": s.heir} | more))
        s.nav.initialize(s.set, wanted, by=s.manager, reverts=reason)

    none = settings(kind, [])
    s.nav.initialize(s.set, none, by=s.stranger, reverts=MANAGER_ONLY)
    refused("Reserve assets must be greater than 0", most=E18)
    refused("Max manager fee must be less than 100%", s.usdc, most=E18, most_premium=E18)
    reason = "Max premium percentage must be less than 100%"
    refused(reason, s.usdc, most_premium=E18, most=0)
    refused("Manager issue fee must be less than max", s.usdc, fees=(11, 11), most=10)
    refused("Manager redeem fee must be less than max", s.usdc, fees=(10, 11), most=10, premium=E18)
    refused("Premium must be less than max", s.usdc, premium=11, most_premium=10, recipient=ZERO)
    reason = "Fee Recipient must be non-zero address."
    refused(reason, s.usdc, recipient=ZERO, least_supply=0)
    reason = "Min SetToken supply must be greater than 0"
    refused(reason, s.usdc, s.usdc, least_supply=0)
    refused("Reserve assets must be unique", s.usdc, s.weth, s.usdc)
    s.set.lock(by=s.module)
    refused("Only when unlocked", s.usdc)
    s.set.unlock(by=s.module)
    refused(None, s.usdc, s.lone)
    refused("Must be pending initialization")
    s.nav.navIssuanceSettings(s.set)
    s.controller.removeSet(s.set, by=s.owner)
    refused("Must be controller-enabled SetToken")


@of_both_kinds
def manager_changes_settings(s: Stage, kind: str) -> None:
    """Change premium, fees, recipient and reserve assets, for the manager only."""
    started(s, kind)
    calls = (
        (s.nav.addReserveAsset, (s.usdc,), "Reserve asset already exists"),
        (s.nav.removeReserveAsset, (s.dai,), "Reserve asset does not exist"),
        (s.nav.editPremium, (10**16 + 1,), "Premium must be less than maximum allowed"),
        (s.nav.editManagerFee, (10**18, 2), "Manager fee must be less than maximum allowed"),
        (s.nav.editFeeRecipient, (ZERO,), "Fee recipient must not be 0 address"),
    )
    for call, arguments, reason in calls:
        call(s.set, *arguments, by=s.stranger, reverts=MANAGER_ONLY)
        call(s.set, *arguments, by=s.manager, reverts=reason)
    s.nav.editManagerFee(s.set, 0, 2, by=s.manager, reverts="")
    s.nav.getManagerFee(s.set, 2, reverts="")
    s.nav.editPremium(s.set, 10**16, by=s.manager)
    s.nav.editManagerFee(s.set, 5 * 10**16, 0, by=s.manager)
    s.nav.editManagerFee(s.set, 0, 1, by=s.manager)
    s.nav.editFeeRecipient(s.set, s.keeper, by=s.manager)
    s.nav.removeReserveAsset(s.set, s.usdc, by=s.manager)
    s.nav.addReserveAsset(s.set, s.dai, by=s.manager)
    s.nav.addReserveAsset(s.set, s.usdc, by=s.manager)
    for view in (s.nav.getReserveAssets, s.nav.navIssuanceSettings):
        view(s.set)
    s.nav.getIssuePremium(s.set, s.usdc, 1)
    s.nav.getRedeemPremium(s.set, s.usdc, 1)
    s.nav.issue(s.set, s.dai, 100 * E18, 0, s.issuer, by=s.issuer)
    s.set.removeModule(s.nav, by=s.manager)
    for call, arguments, _ in calls:
        call(s.set, *arguments, by=s.manager, reverts=INVALID)


@of_both_kinds
def refuses_quantities(s: Stage, kind: str) -> None:
    """Refuse nothing, other assets, too little in return, and too small a supply."""
    started(s, kind)

    def both(reason: str, asset: object, quantity: int, least: int = 0) -> None:
        arguments = (s.set, asset, quantity, least, s.heir)
        s.nav.issue(*arguments, by=s.issuer, reverts=reason)
        s.nav.redeem(*arguments, by=s.issuer, reverts=reason)

    both("Quantity must be > 0", s.dai, 0)
    both("Must be valid reserve asset", s.dai, 1)
    reason = "Must be greater than min SetToken"
    s.nav.issue(s.set, s.usdc, 10**6, E18, s.heir, by=s.issuer, reverts=reason)
    s.nav.issue(s.set, s.usdc, 10**6, E18, s.heir, by=s.stranger, reverts=reason)
    reason = "Must be greater than min receive reserve quantity"
    s.nav.redeem(s.set, s.usdc, E18, 10**12, s.heir, by=s.issuer, reverts=reason)
    reason = "Must be greater than total available collateral"
    s.nav.redeem(s.set, s.usdc, 50 * E18, 0, s.heir, by=s.issuer, reverts=reason)
    s.nav.redeem(s.set, s.usdc, 95 * E18, 0, s.heir, by=s.issuer, reverts=reason)
    reason = "SafeMath: subtraction overflow"
    s.nav.redeem(s.set, s.usdc, 101 * E18, 0, s.heir, by=s.issuer, reverts=reason)
    s.nav.isRedeemValid(s.set, s.usdc, 95 * E18)
    reason = "ERC20: burn amount exceeds balance"
    s.nav.redeem(s.set, s.usdc, E18, 0, s.heir, by=s.stranger, reverts=reason)
    reason = "ERC20: transfer amount exceeds balance"
    s.nav.issue(s.set, s.usdc, 10**6, 0, s.heir, by=s.stranger, reverts=reason)
    reason = "ERC20: mint to the zero address"
    s.nav.issue(s.set, s.usdc, 10**6, 0, ZERO, by=s.issuer, reverts=reason)
    s.issuance.redeem(s.set, 91 * E18, s.issuer, by=s.issuer)
    reason = "Supply must be greater than minimum to enable issuance"
    s.nav.issue(s.set, s.usdc, 10**6, E18, s.heir, by=s.issuer, reverts=reason)
    reason = "Supply must be greater than minimum to enable redemption"
    s.nav.redeem(s.set, s.usdc, E18, 10**12, s.heir, by=s.issuer, reverts=reason)
    s.nav.isIssueValid(s.set, s.usdc, 1)
    s.issuance.redeem(s.set, 9 * E18, s.issuer, by=s.issuer)
    reason = "SafeMath: division by zero"
    s.nav.redeem(s.set, s.usdc, 1, 0, s.heir, by=s.issuer, reverts="SafeMath: subtraction overflow")
    s.nav.editPremium(s.set, 0, by=s.manager)
    s.nav.issue(s.set, s.usdc, 10**6, 0, s.heir, by=s.issuer, reverts=reason)


@of_both_kinds
def depends_on_the_controllers_oracle(s: Stage, kind: str) -> None:
    """Need a price for each component, an oracle that knows the valuer, and the module enabled."""
    started(s, kind)
    s.prices.getPrice(s.weth, s.usdc, by=s.module)
    s.prices.getPrice(s.usdc, s.weth, by=s.set.address)
    reason = "PriceOracle.getPrice: Caller must be system contract."
    s.prices.getPrice(s.weth, s.usdc, by=s.stranger, reverts=reason)
    s.prices.removePair(s.dai, s.usdc, by=s.owner)
    missing = "PriceOracle.getPrice: Price not found."
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer, reverts=missing)
    s.prices.addPair(s.usdc, s.dai, s.oracle_usdc, by=s.owner)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer)
    s.controller.removeResource(2, by=s.owner)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer, reverts="")
    s.valuer.calculateSetTokenValuation(s.set, s.usdc, reverts=reason)
    s.controller.addResource(s.valuer, 2, by=s.owner)
    s.controller.removeModule(s.nav, by=s.owner)
    reason = "Module must be enabled on controller"
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer, reverts=reason)
    s.controller.addModule(s.nav, by=s.owner)
    s.set.lock(by=s.module)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer, reverts=LOCKED)
    s.nav.redeem(s.set, s.usdc, E18, 0, s.heir, by=s.issuer, reverts=LOCKED)
    s.set.unlock(by=s.module)
    s.controller.removeSet(s.set, by=s.owner)
    for call in (s.nav.issue, s.nav.redeem):
        call(s.set, s.usdc, 0, 0, s.heir, by=s.issuer, reverts=INVALID)
    s.nav.issueWithEther(s.set, 0, s.heir, by=s.issuer, reverts=INVALID)
    s.nav.redeemIntoEther(s.set, 0, 0, s.heir, by=s.issuer, reverts=INVALID)


@of_both_kinds
def calls_hooks_first(s: Stage, kind: str) -> None:
    """Tell both hooks before anything else; a contract issues for somebody."""
    hook = s.deploy("hook", set_v2(f"{MOCKS}/NAVIssuanceHookMock"))
    started(s, kind, hooks=(hook, hook))
    caller = s.deploy("caller", set_v2(f"{MOCKS}/NAVIssuanceCaller"), s.nav)
    s.fund("usdc", caller, 10**12)
    caller.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.stranger)
    for view in ("SetToken", "ReserveAsset", "ReserveAssetQuantity", "Sender", "To"):
        getattr(hook, f"retrieved{view}")()
    with s.aside():
        s.set.transfer(caller, 5 * E18, by=s.issuer)
        arguments = (s.set, s.usdc, 5 * E18, 0, s.keeper)
        caller.redeem(*arguments, by=s.stranger, ours=REFUSED, differs="D-01")
    s.nav.redeem(s.set, s.usdc, 1, 0, s.keeper, by=s.issuer)
    for view in ("RedeemQuantity", "Sender", "To"):
        getattr(hook, f"retrieved{view}")()


@of_both_kinds
def keeps_every_unit_above_zero(s: Stage, kind: str) -> None:
    """Refuse an issue that takes a small unit to zero, by default or owed."""
    started(s, kind)
    s.set.addComponent(s.wbtc, by=s.module)
    s.set.editDefaultPositionUnit(s.wbtc, 3, by=s.module)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer)
    reason = "New multiplier too small"
    s.nav.issue(s.set, s.usdc, 3 * 10**12, 0, s.heir, by=s.issuer, reverts=reason)
    s.set.editDefaultPositionUnit(s.wbtc, 0, by=s.module)
    s.set.addExternalPositionModule(s.wbtc, s.module, by=s.module)
    s.set.editExternalPositionUnit(s.wbtc, s.module, -2, by=s.module)
    s.nav.issue(s.set, s.usdc, 3 * 10**12, 0, s.heir, by=s.issuer, reverts=reason)
    s.set.editExternalPositionUnit(s.wbtc, s.module, 0, by=s.module)
    s.nav.issue(s.set, s.usdc, 3 * 10**12, 0, s.heir, by=s.issuer)


@of_both_kinds
def fills_an_emptied_set(s: Stage, kind: str) -> None:
    """D-09: without components a SetToken of Set V2 takes no new multiplier."""
    started(s, kind)
    for token in (s.usdc, s.dai, s.weth):
        s.set.editDefaultPositionUnit(token, 0, by=s.module)
        s.set.removeComponent(token, by=s.module)
    s.nav.getExpectedSetTokenIssueQuantity(s.set, s.usdc, 10**6)
    with s.aside():
        reason = "SafeCast: value doesn't fit in an int256"
        arguments = (s.set, s.usdc, 10**6, 0, s.heir)
        s.nav.issue(*arguments, by=s.issuer, reverts=reason, ours=None, differs="D-09")


@of_both_kinds
def comes_back_after_removal(s: Stage, kind: str) -> None:
    """Forget every setting; other reserve assets the next time."""
    started(s, kind)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer)
    s.set.removeModule(s.nav, by=s.manager)
    s.nav.navIssuanceSettings(s.set)
    s.nav.isReserveAsset(s.set, s.usdc)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer, reverts=INVALID)
    s.set.addModule(s.nav, by=s.manager)
    wanted = settings(kind, [s.weth], recipient=s.keeper, fees=(0, 0), premium=0)
    s.nav.initialize(s.set, wanted, by=s.manager)
    reason = "Must be valid reserve asset"
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.heir, by=s.issuer, reverts=reason)
    s.nav.issue(s.set, s.weth, E18, 0, s.heir, by=s.issuer)


@of_both_kinds
def shares_a_set_with_other_modules(s: Stage, kind: str) -> None:
    """Trade, rebalance and issue by other modules between issues by value."""
    started(s, kind)
    trader = plug(s, "trade_module", "TradeModule")
    adapter = set_v2("protocol/integration/exchange/UniswapV2ExchangeAdapter")
    exchange = s.deploy("exchange", adapter, s.uniswap_router)
    s.registry.addIntegration(trader, "UNISWAP", exchange, by=s.owner)
    s.set.addModule(trader, by=s.manager)
    trader.initialize(s.set, by=s.manager)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.issuer, by=s.issuer)
    trader.trade(s.set, "UNISWAP", s.usdc, 10**7, s.weth, 0, b"", by=s.manager)
    s.nav.issueWithEther(s.set, 0, s.issuer, by=s.issuer, value=E18)
    s.set.addModule(s.index_module, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager)
    s.index_module.updateTraderStatus([s.trader], [True], by=s.manager)
    trader.trade(s.set, "UNISWAP", s.weth, _all(s), s.dai, 0, b"", by=s.manager)
    live = s.set.positionMultiplier()
    s.index_module.startRebalance([], [], [10 * 10**6, 35 * E18], live, by=s.manager)
    s.index_module.setExchanges([s.usdc], [1], by=s.manager)
    s.index_module.setTradeMaximums([s.usdc], [10**12], by=s.manager)
    s.nav.issue(s.set, s.usdc, 10**9, 0, s.issuer, by=s.issuer)
    s.index_module.trade(s.usdc, by=s.trader)
    s.issuance.redeem(s.set, 3 * E18, s.issuer, by=s.issuer)


def _all(s: Stage) -> int:
    return int(s.set.getDefaultPositionRealUnit(s.weth))
