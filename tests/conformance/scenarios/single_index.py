"""SingleIndexModule: settings, the rebalance, every kind of trade and refusal."""

from twins.scenario import scenario
from twins.stage import E18, Stage
from twins.starts import index, rebalance


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
