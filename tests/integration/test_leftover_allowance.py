"""V-4: after a purchase the original's router may take every wei of WETH the SetToken has left."""

from twins.stage import E18
from twins.starts import index, rebalance

TARGETS = {"usdc": 0, "dai": 31 * E18, "wbtc": 151_000}
"""One sale, a purchase on Uniswap, a purchase on SushiSwap."""


ROUTERS = ("uniswap_router", "sushiswap_router")

SOLD, BOUGHT_DAI, BOUGHT_WBTC = (
    15_920_255_011_507_054_932,
    15_519_024_651_983_922_564,
    15_293_341_978_823_813_721,
)
"""What is left after each trade {wei}."""


def test_trade__after_each_purchase__only_the_original_leaves_an_allowance(on_both):
    """V-4, R-11, I-13: all that is left, and at Uniswap's router later even more than is left."""

    def play(s):
        index(s)
        rebalance(s, TARGETS)
        found = []
        for name in TARGETS:
            s.index_module.trade(getattr(s, name), by=s.trader)
            allowances = (s.weth.allowance.peek(s.set, getattr(s, router)) for router in ROUTERS)
            found.append((s.weth.balanceOf.peek(s.set), *allowances))
        return found

    original, ours = on_both(play)
    assert original == [
        (SOLD, 0, 0),
        (BOUGHT_DAI, BOUGHT_DAI, 0),
        (BOUGHT_WBTC, BOUGHT_DAI, BOUGHT_WBTC),
    ]
    assert ours == [(SOLD, 0, 0), (BOUGHT_DAI, 0, 0), (BOUGHT_WBTC, 0, 0)]
