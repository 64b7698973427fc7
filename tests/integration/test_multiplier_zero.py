"""V-6: the original starts a rebalance at any multiplier, however far from the live one.

At 0 nothing can be traded any more; at half of it every target means twice as much.
"""

from twins.stage import E18
from twins.starts import index, rebalance
from twins.trading import unit

OUT = "Position multiplier out of bounds"
DIVISION = "SafeMath: division by zero"


def start(s, units, multiplier):
    """Start a rebalance that ours refuses for its multiplier D18{1}."""
    arguments = ([], [], units, multiplier)
    s.index_module.startRebalance(*arguments, by=s.manager, ours=OUT, differs="V-6")


def test_start_rebalance__multiplier_zero__bricks_the_original(on_both):
    """V-6, R-11: no trade, no target, no purchase; ours goes on with the rebalance it has."""

    def play(s):
        index(s)
        rebalance(s, {"usdc": 20 * 10**6, "dai": 40 * E18})
        start(s, [unit(s, token) // 2 for token in s.set.getComponents.peek()], 0)
        s.index_module.getTargetUnits([s.usdc], reverts=DIVISION, ours=None)
        s.index_module.trade(s.usdc, by=s.trader, reverts=DIVISION, ours=None)
        s.index_module.trade(s.dai, by=s.trader, reverts=DIVISION, ours=None)
        s.index_module.raiseAssetTargets(by=s.trader, reverts=DIVISION, ours=None)
        return unit(s, s.usdc), unit(s, s.dai)

    assert on_both(play) == ((40 * 10**6, 30 * E18), (20 * 10**6, 40 * E18))


def test_start_rebalance__half_the_multiplier__doubles_the_targets_of_the_original(on_both):
    """V-6, R-11: told to hold 22 USDC, the original buys 44 without a word."""

    def play(s):
        index(s)
        rebalance(s, {"dai": 0})
        start(s, [22 * 10**6, 150_000, 0, 2 * E18, E18 // 2], E18 // 2)
        s.index_module.trade(s.dai, by=s.trader)
        s.index_module.trade(s.usdc, by=s.trader, ours="Target already met")
        return unit(s, s.usdc)

    assert on_both(play) == (44 * 10**6, 40 * 10**6)
