"""V-13: an accrual can leave units for more than there is, which the original cannot trade.

Issuance charges the unit rounded down; a later accrual rounds the same position down less often.
"""

from twins.stage import E18
from twins.starts import ISSUED, index, rebalance
from twins.trading import DAY_S, accrue, unit

OVERFLOW = "SafeMath: subtraction overflow"


def owed(s):
    """Return how much more the units of WBTC stand for than there is {base units}."""
    total = s.set.totalSupply.peek() * unit(s, s.wbtc) // E18
    return total - s.wbtc.balanceOf.peek(s.set)


def test_trade__units_above_the_balance__stuck_on_the_original(on_both):
    """V-13, I-01: it can neither sell nor buy the component; ours does, and backs it again."""

    def play(s):
        index(s)
        accrue(s, 40 * DAY_S + 3)
        s.issuance.issue(s.set, 10 * ISSUED, s.issuer, by=s.issuer)
        accrue(s, 600)
        before = owed(s)
        found = []
        for target in (10**6, 0):
            with s.aside():
                rebalance(s, {"usdc": 10**6, "wbtc": target})
                s.index_module.trade(s.usdc, by=s.trader)
                s.index_module.setTradeMaximums([s.wbtc], [10**8], by=s.manager)
                s.index_module.trade(
                    s.wbtc, by=s.trader, reverts=OVERFLOW, ours=None, differs="V-13"
                )
                found.append(owed(s))
        return before, found

    original, ours = on_both(play)
    assert original == (221, [221, 221])
    assert ours == (221, [-11_788, -20_775])
