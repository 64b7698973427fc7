"""SingleIndexModule: who may trade, and which rule is named first when several are broken."""

from twins.scenario import scenario
from twins.stage import E18, Handle, Stage
from twins.starts import index, rebalance
from twins.world import set_v2

NOT_ALLOWED = "Address not permitted to trade"
NOT_EOA = "Caller must be EOA Address"
NOT_INCLUDED = "Passed component not included in rebalance"
NO_EXCHANGE = "Exchange must be specified"
PAUSE = "Cool off period has not elapsed."
MET = "Target already met"
TO_SELL = "Must sell all sellable tokens before can be called"
NOT_MET = "Targets must be met and ETH remaining in order to raise target"
TOO_LARGE = "SafeMath: multiplication overflow"
NEGATIVE = "SafeCast: value must be positive"


def contract(s: Stage) -> Handle:
    """Deploy a contract that calls what it is told to."""
    return s.deploy("contract", set_v2("mocks/ContractCallerMock"))


def calls(s: Stage) -> tuple[tuple[str, tuple[Handle, ...]], ...]:
    """Return everything that traders may do."""
    return ("trade", (s.usdc,)), ("tradeRemainingWETH", (s.aave,)), ("raiseAssetTargets", ())


# ---------------------------------------------------------------- who


@scenario
def only_allowed_accounts_trade(s: Stage) -> None:
    """Refuse everyone but the traders, the manager too; let everyone in when anyone may."""
    index(s)
    rebalance(s, {"usdc": 0}, {"aave": E18})
    outsiders = (s.owner, s.manager, s.issuer, s.stranger, s.module)
    for account in outsiders:
        for name, arguments in calls(s):
            getattr(s.index_module, name)(*arguments, by=account, reverts=NOT_ALLOWED)
    s.index_module.updateAnyoneTrade(True, by=s.manager)
    s.index_module.trade(s.usdc, by=s.stranger)
    s.index_module.tradeRemainingWETH(s.aave, by=s.owner)
    s.index_module.raiseAssetTargets(by=s.module, reverts=NOT_MET)
    s.index_module.updateAnyoneTrade(False, by=s.manager)
    s.index_module.updateTraderStatus([s.trader, s.heir], [False, True], by=s.manager)
    for name, arguments in calls(s):
        getattr(s.index_module, name)(*arguments, by=s.trader, reverts=NOT_ALLOWED)
    s.index_module.raiseAssetTargets(by=s.heir, reverts=NOT_MET)


@scenario
def contracts_do_not_trade(s: Stage) -> None:
    """Ask for permission first; a contract that has it may raise targets, no more."""
    index(s)
    rebalance(s, {"usdc": 10**7}, {"aave": 0})
    caller = contract(s)
    through = [getattr(s.index_module, name).data(*arguments) for name, arguments in calls(s)]
    for data in through:
        caller.invoke(s.index_module, 0, data, by=s.trader, reverts=NOT_ALLOWED)
    s.index_module.updateTraderStatus([caller], [True], by=s.manager)
    trade, spend, lift = through
    for data in (trade, spend):
        caller.invoke(s.index_module, 0, data, by=s.trader, reverts=NOT_EOA)
        caller.invoke(s.index_module, 0, data, by=s.stranger, reverts=NOT_EOA)
    caller.invoke(s.index_module, 0, lift, by=s.stranger, reverts=NOT_MET)
    s.index_module.trade(s.usdc, by=s.trader)
    caller.invoke(s.index_module, 0, lift, by=s.stranger)
    s.index_module.updateTraderStatus([caller], [False], by=s.manager)
    s.index_module.updateAnyoneTrade(True, by=s.manager)
    caller.invoke(s.index_module, 0, trade, by=s.stranger, reverts=NOT_EOA)
    caller.invoke(s.index_module, 0, lift, by=s.stranger, reverts=NOT_MET)


@scenario
def a_contract_may_be_the_manager(s: Stage) -> None:
    """Start, set and announce through a contract."""
    index(s)
    caller = contract(s)
    s.set.setManager(caller, by=s.manager)
    old = [0, 150_000, 30 * E18, 2 * E18, E18 // 2]
    start = s.index_module.startRebalance.data([s.aave], [E18], old, E18)
    caller.invoke(s.index_module, 0, start, by=s.stranger)
    again = s.index_module.startRebalance.data([], [], old[1:], E18)
    words = "New allocation must have target for all old components"
    caller.invoke(s.index_module, 0, again, by=s.stranger, reverts=words)
    anyone = s.index_module.updateAnyoneTrade.data(True)
    caller.invoke(s.index_module, 0, anyone, by=s.stranger)
    s.index_module.updateAnyoneTrade(False, by=s.manager, reverts="Must be the SetToken manager")
    s.index_module.trade(s.usdc, by=s.stranger)


@scenario
def a_module_without_an_index_lets_nobody_trade(s: Stage) -> None:
    """Refuse everyone: there is nobody who could let anyone in."""
    for account in (s.owner, s.manager, s.trader, s.stranger):
        for name, arguments in calls(s):
            getattr(s.index_module, name)(*arguments, by=account, reverts=NOT_ALLOWED)


# ---------------------------------------------------------------- which component


@scenario
def a_component_must_be_ready(s: Stage) -> None:
    """Ask whether it takes part, then for the exchange, then for the pause, then for the target."""
    index(s)
    trade, spend = s.index_module.trade, s.index_module.tradeRemainingWETH
    for token in (s.usdc, s.lone, s.weth, s.set, s.trader):
        trade(token, by=s.trader, reverts=NOT_INCLUDED)
        spend(token, by=s.trader, reverts=NOT_INCLUDED)
    rebalance(s, {"usdc": 0}, {"aave": E18})
    s.index_module.setExchanges([s.wbtc, s.dai], [0, 0], by=s.manager)
    s.index_module.setCoolOffPeriods([s.wbtc, s.lone, s.uni], [10**12] * 3, by=s.manager)
    trade(s.usdc, by=s.trader)
    for name, words in (
        ("weth", NOT_INCLUDED),
        ("lone", NOT_INCLUDED),
        ("dai", NO_EXCHANGE),
        ("wbtc", NO_EXCHANGE),
        ("uni", PAUSE),
        ("gem", MET),
    ):
        for do in (trade, spend):
            do(getattr(s, name), by=s.trader, reverts=words)
            do(getattr(s, name), by=s.stranger, reverts=NOT_ALLOWED)


@scenario
def what_is_to_be_sold_comes_before_the_component(s: Stage) -> None:
    """Name what is left to sell before anything about the component to buy."""
    index(s)
    rebalance(s, {"usdc": 0, "uni": E18}, {"aave": E18})
    s.index_module.setExchanges([s.dai], [0], by=s.manager)
    s.index_module.setCoolOffPeriods([s.uni], [10**12], by=s.manager)
    for token in (s.lone, s.weth, s.dai, s.uni, s.gem, s.usdc):
        s.index_module.tradeRemainingWETH(token, by=s.trader, reverts=TO_SELL)
        s.index_module.tradeRemainingWETH(token, by=s.stranger, reverts=NOT_ALLOWED)


# ---------------------------------------------------------------- raising targets


@scenario
def targets_rise_again_and_again(s: Stage) -> None:
    """Lift all by 25 bps each time they are met and WETH is left, and buy what that adds."""
    index(s)
    rebalance(s, {"dai": 0}, {"aave": E18 // 1_000})
    for token in (s.dai, s.aave):
        s.index_module.trade(token, by=s.trader)
    for _ in range(3):
        s.index_module.raiseAssetTargets(by=s.trader)
        s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET)
        s.index_module.positionMultiplier()
        s.index_module.getTargetUnits([s.usdc, s.wbtc, s.gem, s.dai, s.aave])
        for token in (s.usdc, s.wbtc, s.gem, s.uni, s.aave):
            s.index_module.trade(token, by=s.trader)
        s.index_module.trade(s.dai, by=s.trader, reverts=MET)


@scenario
def targets_rise_only_when_met_and_paid_for(s: Stage) -> None:
    """Refuse while something is above or below its target, and without cash of the units."""
    index(s)
    for targets in ({}, {"usdc": 0}, {"usdc": 10**8}, {"uni": 0, "usdc": 10**8}):
        with s.aside():
            rebalance(s, targets)
            s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET)
            s.fund("weth", s.set, E18)
            s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET)
    rebalance(s, {}, {"aave": 1})
    s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET)


# ---------------------------------------------------------------- beyond all measure


@scenario
def the_first_component_out_of_line_decides(s: Stage) -> None:
    """Stop at the first that is to be sold or not met; overflow only if that comes earlier."""
    index(s)
    huge = 2**200
    for targets, raised, spent in (
        ({"usdc": 10**7, "dai": huge}, NOT_MET, TO_SELL),
        ({"usdc": 10**8, "dai": huge}, NOT_MET, TOO_LARGE),
        ({"usdc": huge, "dai": E18}, TOO_LARGE, TOO_LARGE),
    ):
        with s.aside():
            rebalance(s, targets)
            s.index_module.raiseAssetTargets(by=s.trader, reverts=raised)
            s.index_module.tradeRemainingWETH(s.wbtc, by=s.trader, reverts=spent)


@scenario
def units_below_zero_are_refused(s: Stage) -> None:
    """Refuse to trade a component, or against WETH, that a module made negative."""
    index(s)
    rebalance(s, {"usdc": 0})
    with s.aside():
        s.set.editDefaultPositionUnit(s.usdc, -5, by=s.module)
        for name, _ in calls(s):
            arguments = () if name == "raiseAssetTargets" else (s.usdc,)
            getattr(s.index_module, name)(*arguments, by=s.trader, reverts=NEGATIVE)
    s.set.editDefaultPositionUnit(s.weth, -5, by=s.module)
    s.index_module.trade(s.usdc, by=s.trader, reverts=NEGATIVE)
