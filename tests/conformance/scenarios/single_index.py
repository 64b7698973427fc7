"""SingleIndexModule: whole rebalances."""

from twins.scenario import scenario
from twins.stage import E18, ZERO, Stage
from twins.starts import ISSUED, index, rebalance
from twins.trading import DAY_S, SUSHISWAP, UNISWAP, accrue, swap, unit


@scenario
def sells_and_buys_on_every_exchange(s: Stage) -> None:
    """Sell on Uniswap, SushiSwap and Balancer, buy the rest."""
    index(s)
    targets = {"usdc": 20 * 10**6, "wbtc": 10**5, "gem": E18, "dai": 40 * E18, "uni": E18}
    rebalance(s, targets, {"aave": 3 * E18 // 10})
    s.index_module.setTradeMaximums([s.aave], [50 * E18], by=s.manager)
    for name in ("usdc", "wbtc", "gem", "dai", "uni", "aave"):
        s.index_module.trade(getattr(s, name), by=s.trader)
    s.index_module.setTradeMaximums([s.aave], [1_000 * E18], by=s.manager)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader)


@scenario
def two_rebalances_in_a_row(s: Stage) -> None:
    """Spend all the cash, so that the next rebalance can start; what left comes back as new."""
    index(s)
    rebalance(s, {"usdc": 0, "uni": 0}, {"aave": E18})
    for token in (s.usdc, s.uni):
        s.index_module.trade(token, by=s.trader)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
    accrue(s, 30 * DAY_S)
    bought = unit(s, s.aave)
    rebalance(s, {"aave": bought // 2, "dai": 0}, {"usdc": 10**7, "uni": E18 // 10})
    for token in (s.aave, s.dai, s.usdc, s.uni):
        s.index_module.trade(token, by=s.trader)
    with s.aside():
        words = "Targets must be met and ETH remaining in order to raise target"
        s.index_module.raiseAssetTargets(by=s.trader, reverts=words, ours=None, differs="V-1")


@scenario
def everything_at_once(s: Stage) -> None:
    """Trade while fees accrue, holders come and go, prices move and gifts arrive."""
    index(s)
    rebalance(s, {"usdc": 0, "wbtc": 10**5, "gem": E18}, {"aave": E18 // 20})
    s.index_module.setTradeMaximums([s.usdc, s.aave], [7 * 10**9, 30 * E18], by=s.manager)
    for step in range(4):
        s.index_module.trade(s.usdc, by=s.trader)
        accrue(s, (step + 1) * 7 * DAY_S + step)
        s.issuance.issue(s.set, 10**17 * (step + 3) + step, s.heir, by=s.issuer)
        swap(s, "weth" if step % 2 else "usdc", "usdc" if step % 2 else "weth", 10**12)
        s.issuance.redeem(s.set, 10**18 + step, s.issuer, by=s.issuer)
        s.fund("dai", s.set, 10**step)
    for token in (s.gem, s.aave):
        s.index_module.trade(token, by=s.trader)
    s.index_module.setTradeMaximums([s.usdc], [10**11], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)


@scenario
def small_units_of_few_decimals(s: Stage) -> None:
    """Round units of 6 and 8 decimals of which there are only a few."""
    s.create([s.usdc, s.wbtc], [2_503, 7], [s.issuance, s.index_module, s.streaming_fee])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 10**16, 0), by=s.manager)
    s.supply(s.issuer, s.issuance, ["usdc", "wbtc"], 10**15)
    s.issuance.issue(s.set, ISSUED + 333, s.issuer, by=s.issuer)
    tokens = [s.usdc, s.wbtc, s.dai]
    s.index_module.setExchanges(tokens, [UNISWAP, SUSHISWAP, UNISWAP], by=s.manager)
    s.index_module.setTradeMaximums(tokens, [10**9, 10**9, E18], by=s.manager)
    s.index_module.updateAnyoneTrade(True, by=s.manager)
    rebalance(s, {"usdc": 1_001, "wbtc": 6}, {"dai": 3 * 10**14})
    for token in tokens:
        s.index_module.trade(token, by=s.stranger)
        s.index_module.getTargetUnits(tokens)
        accrue(s, DAY_S)
    s.set.getPositions()


@scenario
def an_index_of_nothing_but_cash(s: Stage) -> None:
    """Sell everything; WETH is the only component, and buys a new index."""
    index(s)
    rebalance(s, dict.fromkeys(("usdc", "wbtc", "dai", "gem", "uni"), 0), {"aave": 10 * E18})
    for token in (s.uni, s.dai, s.usdc, s.gem, s.wbtc):
        s.index_module.trade(token, by=s.trader)
    assert s.set.getComponents() == (s.weth.address.lower(),)
    s.index_module.setTradeMaximums([s.aave], [10**24], by=s.manager)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
    assert s.set.getComponents() == (s.aave.address.lower(),)
    rebalance(s, {"aave": 10**9}, {"usdc": 10**6})
    for token in (s.aave, s.usdc):
        s.index_module.trade(token, by=s.trader)
