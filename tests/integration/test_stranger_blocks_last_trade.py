"""V-2: a stranger keeps the original from spending its last WETH by accruing the streaming fee.

The accrual leaves some component that nobody trades one base unit above its target; it would have
to be sold first.
"""

from twins.stage import E18
from twins.starts import index, rebalance
from twins.trading import DAY_S, accrue, unit

TO_SELL = "Must sell all sellable tokens before can be called"

UNITS = {
    "usdc": 40_123_457,
    "wbtc": 150_213,
    "dai": 30_123_456_789_012_345_677,
    "gem": 2_345_678_901_234_567_891,
    "uni": 567_890_123_456_789_013,
}
"""As uneven as those of a published index {base units per SetToken}."""

UNTOUCHED = ("wbtc", "dai", "gem", "uni")

PAUSES_S = (
    1,
    13,
    60,
    600,
    3_600,
    7_200,
    43_200,
    DAY_S,
    2 * DAY_S,
    3 * DAY_S,
    9 * DAY_S,
    40 * DAY_S,
)
"""How long after the last accrual the stranger comes: twelve tries {s}."""


def sell_for_aave(s):
    """Sell half of the USDC for AAVE, of which more is wanted than that pays for."""
    index(s, UNITS)
    accrue(s, 13 * DAY_S)
    rebalance(s, {"usdc": 20 * 10**6}, {"aave": E18})
    s.index_module.trade(s.usdc, by=s.trader)


def above_target(s):
    """Return how far the untouched components are above their targets {base units}."""
    tokens = [getattr(s, name) for name in UNTOUCHED]
    targets = s.index_module.getTargetUnits.peek(tokens)
    return [unit(s, token) - target for token, target in zip(tokens, targets, strict=True)]


def test_trade_remaining_weth__a_stranger_accrues__blocks_the_original(on_both):
    """V-2, R-09: whenever the stranger comes, twelve times of twelve; without him it works."""

    def play(s):
        sell_for_aave(s)
        with s.aside():
            s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
        blocked = 0
        for pause in PAUSES_S:
            with s.aside():
                accrue(s, pause)
                assert max(above_target(s)) == 1
                s.index_module.tradeRemainingWETH(
                    s.aave, by=s.trader, reverts=TO_SELL, ours=None, differs="V-2"
                )
                blocked += unit(s, s.weth) > 0
        return blocked

    assert on_both(play) == (12, 0)


def test_trade__what_the_stranger_left_above_target__does_not_free_the_original(on_both):
    """V-2: the one base unit can be sold, and the next accrual makes another."""

    def play(s):
        sell_for_aave(s)
        for pause in PAUSES_S:
            accrue(s, pause)
            for name, above in zip(UNTOUCHED, above_target(s), strict=True):
                if above:
                    s.index_module.trade(getattr(s, name), by=s.trader)
