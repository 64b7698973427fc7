"""GeneralIndexModule of Set V2 on both SetTokens: settings, roles, refusals, other modules."""

from twins import market
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Stage

from indexkit.deploy import EXCHANGE_IDS
from scenarios.with_general_index_module import (
    EXCHANGE_OF,
    TARGETS,
    allowed,
    buy,
    plugged,
    rebalance,
    sell,
    started,
)

YEAR = 365 * 24 * 3600
MANAGER_ONLY = "Must be the SetToken manager"
INVALID = "Must be a valid and initialized SetToken"


@scenario
def initialises_without_external_positions(s: Stage) -> None:
    """Initialise for the manager, on a pending SetToken, whose positions are all its own."""
    plugged(s)
    s.create([s.usdc, s.dai], [10**6, 1], [s.general, s.module])
    s.set.initializeModule(by=s.module)
    s.general.initialize(s.set, by=s.stranger, reverts=MANAGER_ONLY)
    s.general.getIsAllowedTrader(s.set, s.trader, reverts=INVALID)
    s.set.addExternalPositionModule(s.dai, s.module, by=s.module)
    s.general.initialize(s.set, by=s.manager, reverts="External positions not allowed")
    s.set.editExternalPositionUnit(s.dai, s.module, -1, by=s.module)
    s.general.initialize(s.set, by=s.manager, reverts="External positions not allowed")
    s.set.removeExternalPositionModule(s.dai, s.module, by=s.module)
    s.set.lock(by=s.module)
    s.general.initialize(s.set, by=s.manager, reverts="Only when unlocked")
    s.set.unlock(by=s.module)
    s.general.initialize(s.set, by=s.manager)
    s.general.rebalanceInfo(s.set)
    s.general.executionInfo(s.set, s.dai)
    s.general.initialize(s.set, by=s.manager, reverts="Must be pending initialization")
    s.controller.removeSet(s.set, by=s.owner)
    reason = "Must be controller-enabled SetToken"
    s.general.initialize(s.set, by=s.manager, reverts=reason)


@scenario
def only_the_manager_sets(s: Stage) -> None:
    """Every setting asks for the manager first."""
    started(s)
    calls = (
        (s.general.startRebalance, ([], [], TARGETS, E18)),
        (s.general.setTradeMaximums, ([s.usdc], [])),
        (s.general.setExchanges, ([s.usdc], [])),
        (s.general.setCoolOffPeriods, ([s.usdc], [])),
        (s.general.setExchangeData, ([s.usdc], [])),
        (s.general.setRaiseTargetPercentage, (0,)),
        (s.general.setTraderStatus, ([s.heir], [])),
        (s.general.setAnyoneTrade, (True,)),
    )
    for setting, arguments in calls:
        setting(s.set, *arguments, by=s.trader, reverts=MANAGER_ONLY)
    s.set.removeModule(s.general, by=s.manager)
    for setting, arguments in calls:
        setting(s.set, *arguments, by=s.manager, reverts=INVALID)
    s.general.getRebalanceComponents(s.set, reverts=INVALID)
    s.general.getAllowedTraders(s.set, reverts=INVALID)
    s.general.getComponentTradeQuantityAndDirection(s.set, s.usdc, reverts=INVALID)


@scenario
def settings_take_pairs(s: Stage) -> None:
    """Demand lists of equal length, not empty, without duplicates, and known exchanges.

    D-22: ours does not decode a name of 70 bytes.
    """
    started(s)
    for setting, value in (
        (s.general.setTradeMaximums, 1),
        (s.general.setCoolOffPeriods, 1),
        (s.general.setExchangeData, b"\x01" * 33),
        (s.general.setExchanges, "Uniswap"),
    ):
        twice = [s.usdc, s.dai, s.usdc]
        setting(s.set, [s.usdc], [], by=s.manager, reverts="Array length mismatch")
        setting(s.set, [], [], by=s.manager, reverts="Array length must be > 0")
        setting(s.set, twice, [value] * 3, by=s.manager, reverts="Cannot duplicate addresses")
        setting(s.set, [ZERO, s.usdc], [value] * 2, by=s.manager)
    reason = "Unrecognized exchange name"
    names = ["Uniswap", "Nowhere"]
    s.general.setExchanges(s.set, [s.usdc, s.dai], names, by=s.manager, reverts=reason)
    s.general.setExchanges(s.set, [s.weth, s.dai], names[::-1], by=s.manager)
    s.general.executionInfo(s.set, s.weth)
    s.general.executionInfo(s.set, s.dai)
    long, tokens = ["Uniswap" * 10], [s.usdc]
    refused = {"reverts": reason, "ours": "", "differs": "D-22"}
    s.general.setExchanges(s.set, tokens, long, by=s.manager, **refused)
    reason = "Target percentage must be > 0"
    s.general.setRaiseTargetPercentage(s.set, 0, by=s.manager, reverts=reason)


@scenario
def traders_come_and_go(s: Stage) -> None:
    """Allow some traders, then everyone; a contract is no one."""
    started(s)
    rebalance(s, TARGETS)
    accounts = [s.stranger, s.keeper, s.heir]
    s.general.setTraderStatus(s.set, accounts, [True, True, True], by=s.manager)
    s.general.setTraderStatus(s.set, [s.stranger], [False], by=s.manager)
    s.general.setTraderStatus(s.set, [s.stranger], [False], by=s.manager)
    s.general.setTraderStatus(
        s.set, [s.keeper, s.keeper], [True, False], by=s.manager, reverts=_TWICE
    )
    s.general.getAllowedTraders(s.set)
    s.general.getIsAllowedTrader(s.set, s.stranger)
    reason = "Address not permitted to trade"
    s.general.trade(s.set, s.weth, 0, by=s.stranger, reverts=reason)
    s.general.tradeRemainingWETH(s.set, s.weth, 0, by=s.stranger, reverts=reason)
    s.general.raiseAssetTargets(s.set, by=s.stranger, reverts=reason)
    s.general.trade(s.set, s.usdc, 0, by=s.keeper)
    puppet = s.deploy("puppet", mock("Puppet"))
    s.general.setTraderStatus(s.set, [puppet], [True], by=s.manager)
    contract_trade = [(s.general, s.general.trade.data(s.set, s.gem, 0))]
    with s.aside():
        s.puppet.execute(contract_trade, by=s.stranger)
    s.general.setAnyoneTrade(s.set, True, by=s.manager)
    s.general.getIsAllowedTrader(s.set, s.issuer)
    s.puppet.execute(contract_trade, by=s.stranger, reverts="Caller must be EOA Address")
    s.general.trade(s.set, s.gem, 0, by=s.issuer)
    s.general.permissionInfo(s.set)


_TWICE = "Cannot duplicate addresses"


@scenario
def refuses_to_start(s: Stage) -> None:
    """Lengths, duplicates and external positions, in this order."""
    started(s)

    def start(new: list[object], units: list[int], old: list[int], reason: str | None) -> None:
        s.general.startRebalance(s.set, new, units, old, E18, by=s.manager, reverts=reason)

    start([s.aave], [], TARGETS[1:], "Array length mismatch")
    start([s.usdc], [1], TARGETS[1:], "Old Components targets missing")
    start([s.usdc], [1], TARGETS, "Cannot duplicate components")
    start([s.aave, s.aave], [1, 1], TARGETS, "Cannot duplicate components")
    s.set.addExternalPositionModule(s.dai, s.module, by=s.module)
    start([s.usdc], [1], TARGETS, "Cannot duplicate components")
    start([s.aave], [1], TARGETS, "External positions not allowed")
    s.set.removeExternalPositionModule(s.dai, s.module, by=s.module)
    s.set.addExternalPositionModule(s.aave, s.module, by=s.module)
    start([s.aave], [1], TARGETS, "External positions not allowed")
    start([], [], TARGETS, None)


@scenario
def refuses_wrong_trades(s: Stage) -> None:
    """Every rule of a trade, and which of two comes first."""
    started(s)

    def refused(token: object, reason: str) -> None:
        s.general.trade(s.set, token, 0, by=s.trader, reverts=reason)

    refused(s.usdc, "Component not part of rebalance")
    rebalance(s, TARGETS)
    refused(s.weth, "Can not explicitly trade WETH")
    refused(s.aave, "Component not part of rebalance")
    reason = "Component not recognized"
    s.general.getComponentTradeQuantityAndDirection(s.set, s.aave, reverts=reason)
    s.set.addExternalPositionModule(s.usdc, s.module, by=s.module)
    refused(s.usdc, "External positions not allowed")
    s.set.removeExternalPositionModule(s.usdc, s.module, by=s.module)
    s.registry.removeIntegration(s.general, "Uniswap", by=s.owner)
    refused(s.usdc, "Must be valid adapter")
    s.set.lock(by=s.module)
    refused(s.wbtc, "When locked, only the locker can call")
    s.set.unlock(by=s.module)
    s.controller.removeModule(s.general, by=s.owner)
    refused(s.wbtc, "Module must be enabled on controller")
    s.controller.addModule(s.general, by=s.owner)
    sell(s, s.wbtc)
    refused(s.wbtc, "Target already met")
    s.issuance.redeem(s.set, 1_000 * E18, s.issuer, by=s.issuer)
    refused(s.gem, "ERR_DIV_ZERO")
    s.set.removeModule(s.general, by=s.manager)
    refused(s.wbtc, "Address not permitted to trade")


@scenario
def starts_at_any_multiplier(s: Stage) -> None:
    """Targets follow the multiplier that was passed: half of it, and none."""
    started(s)
    s.general.startRebalance(s.set, [], [], TARGETS, E18 // 2, by=s.manager)
    for token in (s.usdc, s.gem):
        s.general.trade(s.set, token, 0, by=s.trader, reverts=_MET)
    s.general.startRebalance(s.set, [], [], TARGETS, 0, by=s.manager)
    reason = "SafeMath: division by zero"
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts=reason)
    s.general.tradeRemainingWETH(s.set, s.dai, 0, by=s.trader, reverts=reason)
    s.general.startRebalance(s.set, [], [], TARGETS, MAX_UINT, by=s.manager)
    reason = "Sell other set components first"
    s.general.tradeRemainingWETH(s.set, s.dai, 0, by=s.trader, reverts=reason)
    sell(s, s.usdc)


_MET = "Target already met"


@scenario
def comes_back_after_removal(s: Stage) -> None:
    """Traders and rebalance are forgotten, settings of components are not."""
    started(s)
    rebalance(s, TARGETS)
    s.general.setCoolOffPeriods(s.set, [s.usdc], [100], by=s.manager)
    sell(s, s.usdc)
    s.set.removeModule(s.general, by=s.manager)
    for view in (s.general.rebalanceInfo, s.general.permissionInfo):
        view(s.set)
    s.set.addModule(s.general, by=s.manager)
    s.general.initialize(s.set, by=s.manager)
    reason = "Address not permitted to trade"
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts=reason)
    s.general.getAllowedTraders(s.set)
    s.general.executionInfo(s.set, s.usdc)
    allowed(s)
    rebalance(s, [30 * 10**6, *TARGETS[1:], 0])
    sell(s, s.wbtc)
    buy(s, s.usdc)


@scenario
def takes_turns_with_the_single_index_module(s: Stage) -> None:
    """Rebalance the same SetToken by the original general module and by the project's own."""
    started(s)
    s.index_module.initialize(s.set, by=s.manager)
    tradable = [getattr(s, name) for name in EXCHANGE_OF]
    ids = [EXCHANGE_IDS[market.EXCHANGES[name]] for name in EXCHANGE_OF]
    s.index_module.setExchanges(tradable, ids, by=s.manager)
    s.index_module.setTradeMaximums(tradable, [MAX_UINT] * len(tradable), by=s.manager)
    s.index_module.updateTraderStatus([s.trader], [True], by=s.manager)
    live, others = s.set.positionMultiplier(), [*TARGETS[:2], 45 * E18, E18, E18]
    s.index_module.startRebalance([], [], others, live, by=s.manager)
    rebalance(s, TARGETS)
    sell(s, s.usdc)
    s.index_module.trade(s.wbtc, by=s.trader)
    s.general.trade(s.set, s.wbtc, 0, by=s.trader, reverts=_MET)
    sell(s, s.gem)
    with s.aside():
        buy(s, s.dai)
        s.index_module.trade(s.dai, by=s.trader, differs="V-4")
    s.general.setTradeMaximums(s.set, [s.dai], [E18], by=s.manager)
    s.index_module.setTradeMaximums([s.dai], [E18], by=s.manager)
    s.index_module.trade(s.dai, by=s.trader)
    buy(s, s.dai)
    s.advance(YEAR)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    buy(s, s.uni)
    s.issuance.redeem(s.set, 500 * E18, s.issuer, by=s.issuer)
