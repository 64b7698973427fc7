"""V-1: after a fee accrual a rebalance of the original neither ends nor makes room for the next.

Every traded component ends one base unit below its target, so the targets never count as met; the
WETH that is left over can then not be put to use, and no further rebalance can be started.
"""

from twins.stage import E18
from twins.starts import index, rebalance
from twins.trading import DAY_S, accrue, unit

NOT_MET = "Targets must be met and ETH remaining in order to raise target"
TOO_LARGE = "Trade size exceeds trade size limit"
NO_CASH = "WETH cannot be an index component"

TARGETS = {"usdc": 30 * 10**6, "wbtc": 14 * 10**4, "dai": 414 * 10**17, "uni": 6 * E18 // 10}


def short(s):
    """Return by how much each traded component misses its target {base units per SetToken}."""
    tokens = [getattr(s, name) for name in TARGETS]
    targets = s.index_module.getTargetUnits.peek(tokens)
    return [target - unit(s, token) for token, target in zip(tokens, targets, strict=True)]


def trade_everything(s):
    """Trade four components to their targets after an accrual."""
    index(s)
    accrue(s, 30 * DAY_S)
    rebalance(s, TARGETS)
    accrue(s, DAY_S)
    for name in TARGETS:
        s.index_module.trade(getattr(s, name), by=s.trader)


def start_another(s):
    """Start a rebalance that keeps every unit, and WETH as cash."""
    listed = s.set.getComponents.peek()
    weth = s.weth.address.lower()
    units = [0 if token == weth else unit(s, token) for token in listed]
    multiplier = s.set.positionMultiplier.peek()
    s.index_module.startRebalance(
        [], [], units, multiplier, by=s.manager, reverts=NO_CASH, ours=None, differs="V-1"
    )


def raise_targets(s):
    """Raise the targets, to make use of what is left."""
    s.index_module.raiseAssetTargets(by=s.trader, reverts=NOT_MET, ours=None, differs="V-1")


def test_rebalance__fees_accrued__the_original_deadlocks(on_both):
    """V-1, R-09: all end one unit short; the original's WETH lies idle for ever, ours is spent."""

    def play(s):
        trade_everything(s)
        left = unit(s, s.weth)
        missing = short(s)
        with s.aside():
            start_another(s)
        raise_targets(s)
        s.index_module.tradeRemainingWETH(s.dai, by=s.trader, reverts=TOO_LARGE, ours=None)
        start_another(s)
        return missing, left, unit(s, s.weth)

    original, ours = on_both(play)
    assert original == ([1, 1, 1, 1], 30_082_295_846_491, 30_082_295_846_491)
    assert ours == ([1, 1, 1, 1], 30_082_295_846_491, 0)


def test_rebalance__fees_accrued__more_trades_and_fees_do_not_free_the_original(on_both):
    """V-1, I-15: buy what is short, accrue, again and again: only ours can go on every time."""

    def play(s):
        trade_everything(s)
        missing = []
        for pause in (1, 600, DAY_S, 30 * DAY_S):
            for name, units in zip(TARGETS, short(s), strict=True):
                if units:
                    s.index_module.trade(getattr(s, name), by=s.trader)
            accrue(s, pause)
            missing.append(short(s))
            for way_on in (start_another, raise_targets):
                with s.aside():
                    way_on(s)
        return missing

    original, ours = on_both(play)
    assert original == ours == [[1, 1, 1, 2], [0, 1, 2, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
