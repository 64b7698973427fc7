"""V-12: the original's SingleIndexModule forgets nothing when a SetToken removes it.

Its index, its traders and its targets stay, and it never serves any SetToken again.
"""

from twins.stage import E18, ZERO
from twins.starts import index, rebalance
from twins.trading import SUSHISWAP, unit

UNKNOWN = "Must be a valid and initialized SetToken"
MET = "Target already met"
IN_USE = "Module already in use"


def removed(s):
    """Rebalance half-way, with anyone allowed to trade, and remove the module."""
    index(s)
    rebalance(s, {"usdc": 0}, {"aave": E18})
    s.index_module.updateAnyoneTrade(True, by=s.manager)
    s.index_module.trade(s.usdc, by=s.stranger)
    s.set.removeModule(s.index_module, by=s.manager, differs="V-12")


def remembered(s):
    """Return what it knows: an index, that anyone trades, the trader, AAVE's target."""
    module = s.index_module
    return (
        module.index.peek() != ZERO,
        module.anyoneTrade.peek(),
        module.tradeAllowList.peek(s.trader),
        module.assetInfo.peek(s.aave)[0],
    )


def test_remove_module__the_original_never_serves_again(on_both):
    """V-12, I-18: admitted once more, it refuses the SetToken it served; ours starts afresh."""

    def play(s):
        removed(s)
        found = remembered(s)
        s.set.addModule(s.index_module, by=s.manager)
        s.index_module.initialize(s.set, by=s.manager, reverts=IN_USE, ours=None)
        rebalance(s, {"weth": 0, "wbtc": 140_000}, reverts=UNKNOWN, ours=None)
        for setting, *arguments in (
            (s.index_module.updateTraderStatus, [s.trader], [True]),
            (s.index_module.setTradeMaximums, [s.wbtc], [10**12]),
            (s.index_module.setExchanges, [s.wbtc], [SUSHISWAP]),
        ):
            setting(*arguments, by=s.manager, reverts=UNKNOWN, ours=None)
        s.index_module.trade(s.wbtc, by=s.trader, reverts=MET, ours=None)
        return found, remembered(s), unit(s, s.wbtc)

    original, ours = on_both(play)
    assert original == ((True, True, True, E18), (True, True, True, E18), 150_000)
    assert ours == ((False, False, False, 0), (True, False, True, 0), 140_000)


def test_remove_module__the_original_serves_no_other_index(on_both):
    """V-12, I-23: another SetToken of the same manager is refused too."""

    def play(s):
        removed(s)
        s.create([s.dai], [E18], [s.index_module], called="other")
        s.index_module.initialize(s.other, by=s.manager, reverts=IN_USE, ours=None)
        return s.index_module.index.peek() == s.other.address.lower()

    assert on_both(play) == (False, True)
