"""V-11: a stranger's gift of WETH keeps the original from its last purchase, and from all others.

The original spends whatever WETH the SetToken holds; with the gift that is more than one trade may.
"""

from twins.stage import E18
from twins.starts import index, rebalance
from twins.trading import unit

GIFT = 100 * E18
TOO_LARGE = "Trade size exceeds trade size limit"


def donate(s):
    """Sell half of the USDC for a little AAVE, and let a stranger give WETH to the SetToken."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6}, {"aave": E18 // 20})
    s.index_module.setTradeMaximums([s.aave], [60 * E18], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    s.fund("weth", s.stranger, GIFT)
    s.weth.transfer(s.set, GIFT, by=s.stranger)


def test_trade_remaining_weth__donation__blocks_the_original(on_both):
    """V-11, I-09: ours buys with the WETH of its units and leaves the gift alone."""

    def play(s):
        donate(s)
        before = s.weth.balanceOf.peek(s.set)
        s.index_module.tradeRemainingWETH(
            s.aave, by=s.trader, reverts=TOO_LARGE, ours=None, differs="V-11"
        )
        return before, s.weth.balanceOf.peek(s.set), unit(s, s.weth), s.aave.balanceOf.peek(s.set)

    original, ours = on_both(play)
    cash, bought = 7_968_055_848_319_225, 39_599_262_334_313_463_879
    assert original == (107_968_055_848_319_225_731, 107_968_055_848_319_225_731, cash, 0)
    assert ours == (107_968_055_848_319_225_731, GIFT + 731, 0, bought)
