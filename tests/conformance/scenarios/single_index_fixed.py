"""SingleIndexModule: further defects of the original, and what they lead to on both sides."""

from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.starts import ISSUED, index, rebalance
from twins.trading import BALANCER, DAY_S, accrue, unit

CASH_DUST = 10**6
"""WETH per SetToken {wei} that is no donation yet."""

NOTHING_IN = "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"


def with_cash(s: Stage, wanted: int = E18) -> None:
    """Sell half of the USDC for AAVE {units}, of which more is wanted than that pays for."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6}, {"aave": wanted})
    s.index_module.trade(s.usdc, by=s.trader)


def start(s: Stage, multiplier: int, **expected: object) -> None:
    """Start a rebalance to half of everything at any multiplier."""
    units = [unit(s, component) // 2 for component in s.set.getComponents()]
    s.index_module.startRebalance([], [], units, multiplier, by=s.manager, **expected)


# ---------------------------------------------------------------- allowances


@scenario
def no_allowance_stays_at_the_routers(s: Stage) -> None:
    """V-4: after each purchase the original's router may take all WETH that is left."""
    index(s)
    rebalance(s, {"usdc": 0, "dai": 31 * E18, "wbtc": 151_000})
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.trade(s.dai, by=s.trader)
    s.index_module.trade(s.wbtc, by=s.trader)
    for router in (s.uniswap_router, s.sushiswap_router):
        s.weth.allowance(s.set, router, differs="V-4")


@scenario
def a_rest_at_the_balancer_proxy_is_withdrawn(s: Stage) -> None:
    """V-4: a proxy that takes half of what it may; the original leaves it the other half."""
    proxy = s.deploy("proxy", mock("Puppet"))
    routers = (s.uniswap_router, s.sushiswap_router)
    second = s.put("second", "SingleIndexModule", s.controller, s.weth, *routers, proxy)
    s.controller.addModule(second, by=s.owner)
    s.create([s.dai], [2 * E18], [s.issuance, second])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    second.initialize(s.set, by=s.manager)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.issuance.issue(s.set, ISSUED, s.issuer, by=s.issuer)
    second.setExchanges([s.dai], [BALANCER], by=s.manager)
    second.setTradeMaximums([s.dai], [100 * E18], by=s.manager)
    second.updateAnyoneTrade(True, by=s.manager)
    second.startRebalance([], [], [E18], E18, by=s.manager)
    takes_half(s, proxy)
    second.trade(s.dai, by=s.stranger, differs="V-4")
    s.dai.allowance(s.set, proxy, differs="V-4")


def takes_half(s: Stage, proxy: Handle) -> None:
    """Let the proxy take 50 DAI and pay 1 WETH when it is called next."""
    s.fund("weth", proxy, E18)
    takes = s.dai.transferFrom.data(s.set, proxy, 50 * E18)
    pays = s.weth.transfer.data(s.set, E18)
    proxy.prepare([(s.dai, takes), (s.weth, pays)], by=s.owner)


# ---------------------------------------------------------------- the multiplier


@scenario
def the_multiplier_may_drift_by_two_per_cent(s: Stage) -> None:
    """V-6: up to the last wei on both sides, and no further in ours."""
    index(s)
    accrue(s, 400 * DAY_S)
    live = s.set.positionMultiplier()
    drift = live * 2 // 100
    for multiplier in (live, live + drift, live - drift):
        with s.aside():
            start(s, multiplier)
            s.index_module.getTargetUnits(s.set.getComponents())
            s.index_module.trade(s.usdc, by=s.trader)
    for multiplier in (live + drift + 1, live - drift - 1, 1, 0, 2 * live, MAX_UINT):
        with s.aside():
            start(s, multiplier, ours="Position multiplier out of bounds", differs="V-6")


@scenario
def a_multiplier_of_zero_does_not_brick_trading(s: Stage) -> None:
    """V-6: in the original nothing can be traded; ours keeps its targets."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6})
    with s.aside():
        start(s, 0, ours="Position multiplier out of bounds", differs="V-6")
        words = "SafeMath: division by zero"
        s.index_module.getTargetUnits([s.usdc], reverts=words, ours=None)
        sell = "Must sell all sellable tokens before can be called"
        s.index_module.tradeRemainingWETH(s.dai, by=s.trader, reverts=words, ours=sell)
        s.index_module.trade(s.usdc, by=s.trader, reverts=words, ours=None)
        s.index_module.raiseAssetTargets(by=s.trader, reverts=words, ours=None)


@scenario
def half_a_multiplier_does_not_double_the_targets(s: Stage) -> None:
    """V-6: the original then buys twice the target."""
    index(s)
    rebalance(s, {"dai": 0})
    with s.aside():
        units = [22 * 10**6, 150_000, 0, 2 * E18, E18 // 2]
        out = "Position multiplier out of bounds"
        s.index_module.startRebalance(
            [], [], units, E18 // 2, by=s.manager, ours=out, differs="V-6"
        )
        s.index_module.trade(s.dai, by=s.trader)
        s.index_module.trade(s.usdc, by=s.trader, ours="Target already met")
        assert unit(s, s.usdc) == (40 if s.world.has_our_sets else 44) * 10**6


# ---------------------------------------------------------------- donations


@scenario
def dust_is_spent_with_the_rest(s: Stage) -> None:
    """V-11: up to CASH_DUST per SetToken beyond the unit is no donation: equal to the wei."""
    with_cash(s)
    top = s.set.totalSupply() * (unit(s, s.weth) + CASH_DUST) // E18
    missing = top - s.weth.balanceOf(s.set)
    for gift in (1, missing // 2, missing):
        with s.aside():
            s.fund("weth", s.set, gift)
            s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
            s.weth.balanceOf(s.set)
    with s.aside():
        s.fund("weth", s.set, missing + 1)
        s.index_module.tradeRemainingWETH(s.aave, by=s.trader, differs="V-11")
        assert (s.weth.balanceOf(s.set) == 0) is not s.world.has_our_sets
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader)


@scenario
def a_donation_does_not_exceed_the_limit(s: Stage) -> None:
    """V-11: a gift of WETH keeps the original from its last purchase."""
    with_cash(s, E18 // 20)
    s.fund("weth", s.set, 1_000 * E18)
    with s.aside():
        s.index_module.tradeRemainingWETH(
            s.aave,
            by=s.trader,
            reverts="Trade size exceeds trade size limit",
            ours=None,
            differs="V-11",
        )
        s.set.isComponent(s.weth)
    with s.aside():
        s.index_module.setTradeMaximums([s.aave], [60 * E18], by=s.manager)
        s.index_module.trade(s.aave, by=s.trader, reverts="SafeMath: subtraction overflow")


@scenario
def a_donation_alone_buys_nothing(s: Stage) -> None:
    """V-11: in the original it becomes part of the units."""
    index(s)
    rebalance(s, {}, {"aave": E18})
    s.fund("weth", s.set, 10 * E18)
    with s.aside():
        s.index_module.tradeRemainingWETH(
            s.aave, by=s.trader, reverts=None, ours=NOTHING_IN, differs="V-11"
        )
        s.set.isComponent(s.aave)
    with s.aside():
        s.issuance.redeem(s.set, ISSUED, s.issuer, by=s.issuer)
        # Without supply there are no units that it could be part of, on either side.
        s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts="SafeMath: division by zero")


# ---------------------------------------------------------------- removal


@scenario
def a_removed_module_serves_again(s: Stage) -> None:
    """V-12: the original keeps its index and its settings, and serves nobody any more."""
    index(s)
    rebalance(s, {"usdc": 0}, {"aave": E18})
    s.index_module.updateAnyoneTrade(True, by=s.manager)
    s.index_module.trade(s.usdc, by=s.stranger)
    with s.aside():
        s.set.removeModule(s.index_module, by=s.manager, differs="V-12")
        forgotten = s.world.has_our_sets
        assert (int(s.index_module.index(), 16) == 0) is forgotten
        settings = "Must be a valid and initialized SetToken"
        s.index_module.updateAnyoneTrade(False, by=s.manager, reverts=settings, ours="")
        s.index_module.trade(
            s.aave,
            by=s.stranger,
            reverts="Only the module can call",
            ours="Address not permitted to trade",
        )
        s.set.addModule(s.index_module, by=s.manager)
        s.index_module.initialize(s.set, by=s.manager, reverts="Module already in use", ours=None)
        s.index_module.anyoneTrade()


@scenario
def a_removed_module_serves_another_index(s: Stage) -> None:
    """V-12: and finds no trace of the last one."""
    index(s)
    rebalance(s, {"usdc": 0}, {"aave": E18})
    s.index_module.trade(s.usdc, by=s.trader)
    s.create([s.dai], [E18], [s.index_module, s.issuance], called="other")
    busy = {"reverts": "Module already in use"}
    s.index_module.initialize(s.other, by=s.manager, **busy)
    with s.aside():
        s.set.removeModule(s.index_module, by=s.manager, differs="V-12")
        s.index_module.initialize(s.other, by=s.manager, **busy, ours=None)
        index_now = s.other if s.world.has_our_sets else s.set
        assert s.index_module.index() == index_now.address.lower()
        assert s.index_module.tradeAllowList(s.trader) is not s.world.has_our_sets
        old, new = s.index_module.assetInfo(s.usdc), s.index_module.assetInfo(s.dai)
        if s.world.has_our_sets:
            assert (old, new) == ((0,) * 5, (E18, 0, 0, 0, 0))
