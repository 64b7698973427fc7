"""V-3: whoever trades before and after a trade of the index takes half of what it should bring.

The original trades at any price. Ours does too, unless the caller names a limit or the index has a
guard: both refuse.
"""

from functools import partial
from random import Random

import pytest
from invariants.code import ours
from twins.interface import interface
from twins.stage import ANYTHING, E18, MAX_UINT
from twins.starts import index, rebalance
from twins.trading import reserve

from indexkit import deploy
from indexkit.localnet import addresses
from indexkit.localnet.pools import PAIR_CODE_HASHES

SUPPLY = 100_000 * E18
FRONT_RUN = 9_000_000 * 10**6
"""What the stranger sells before the index does {base units of USDC}; the pool has 20 million."""

ALONE, SANDWICHED = 1_217_235_005_850_134_807_454, 608_205_685_754_814_713_110
"""What the sale brings {wei}."""

STRANGERS_COST = 37_254_784_163
"""What he pays the pool for his two swaps when there is nothing between them {USDC}."""

OUTSIDE = "Price outside guard"


def start(s):
    """Let the index sell nine tenths of its USDC, 3.6 million of them."""
    index(s)
    s.supply(s.issuer, s.issuance, ["dai"], 10**25)
    s.issuance.issue(s.set, SUPPLY - s.set.totalSupply.peek(), s.issuer, by=s.issuer)
    rebalance(s, {"usdc": 4 * 10**6})
    for token in (s.usdc, s.weth):
        token.approve(s.uniswap_router, MAX_UINT, by=s.stranger)


def sell(s, **expected):
    """Let the trader trade for the index."""
    s.index_module.trade(s.usdc, by=s.trader, **expected)


def swap(s, sold, bought, amount, who="stranger"):
    """Let somebody swap {base units}."""
    account = s.actors[who]
    path = (amount, 0, [sold, bought], account, MAX_UINT)
    s.uniswap_router.swapExactTokensForTokens(*path, by=account)


def brought(s, trade):
    """Return the WETH that a trade of the index brings {wei}."""
    before = s.weth.balanceOf.peek(s.set)
    trade()
    return s.weth.balanceOf.peek(s.set) - before


def sandwich(s, trade, front_run=FRONT_RUN):
    """Play it, and return what the trade brings {wei}, and what the stranger gains {USDC}."""
    s.fund("usdc", s.stranger, front_run)
    before = s.usdc.balanceOf.peek(s.stranger)
    swap(s, s.usdc, s.weth, front_run)
    got = brought(s, trade)
    swap(s, s.weth, s.usdc, s.weth.balanceOf.peek(s.stranger))
    return got, s.usdc.balanceOf.peek(s.stranger) - before


def guarded(s, deviation, budget=2_000 * E18):
    """Let a guard judge the trades, with the history of a window {D18}, {wei}."""
    s.deploy(
        "guard",
        ours("ExecutionGuard"),
        s.weth,
        addresses.UNISWAP_V2_FACTORY,
        addresses.SUSHISWAP_FACTORY,
        *(bytes.fromhex(PAIR_CODE_HASHES[name]) for name in ("UniswapV2", "SushiSwap")),
        deploy.GUARD_WINDOW_S,
    )
    additions(s).setGuard(s.guard, by=s.manager)
    s.guard.configure(s.index_module, deviation, 1_000 * E18, budget, by=s.manager)
    s.guard.observe([s.usdc_pool], by=s.stranger)
    s.advance(deploy.GUARD_WINDOW_S)


def additions(s):
    """Return the index module with all functions that ours has."""
    return s.name("index_module", s.index_module.address, interface(ours("SingleIndexModule")))


def test_trade__sandwiched_without_a_bound__loses_half(on_both):
    """V-3: 1,217 WETH become 608 on the original; without guard and limit on ours, to the wei.

    The stranger gains 1.9 million USDC.
    """

    def play(s):
        start(s)
        with s.aside():
            alone = brought(s, partial(sell, s))
        return alone, *sandwich(s, partial(sell, s))

    original, our = on_both(play)
    alone, sandwiched, gained = original
    assert (alone, sandwiched) == (ALONE, SANDWICHED)
    assert sandwiched * 100 < alone * 50
    assert gained == 1_905_209_156_419
    assert our == original


def test_trade__sandwiched_under_a_guard__reverts(on_ours):
    """V-3, R-10, I-14: the same trade alone passes; between the stranger's two it does not."""

    def play(s):
        start(s)
        guarded(s, 2 * 10**17)
        with s.aside():
            sell(s)
        return sandwich(s, partial(sell, s, reverts=OUTSIDE))

    assert on_ours(play) == (0, -STRANGERS_COST)


def test_trade__sandwiched_with_a_limit__reverts(on_ours):
    """V-3, R-10: what the caller saw before sending is what he gets, or nothing."""

    def play(s):
        start(s)
        limited = partial(additions(s).tradeWithLimit, s.usdc, 1_210 * E18, by=s.trader)
        with s.aside():
            limited()
        return sandwich(s, partial(limited, reverts="WETH received below limit"))

    assert on_ours(play) == (0, -STRANGERS_COST)


@pytest.mark.parametrize(
    ("deviation", "passes", "refused"),
    [
        (10**16, 10_000, 50_000),
        (3 * 10**16, 200_000, 500_000),
        (10**17, 1_000_000, 2_000_000),
    ],
)
def test_trade__sandwiched_under_a_guard__loses_its_deviation_at_most(
    on_ours, deviation, passes, refused
):
    """V-3, I-14: what a guard leaves to the stranger is its deviation, less fee and impact."""
    size = 100_000 * 10**6

    def play(s):
        start(s)
        s.index_module.setTradeMaximums([s.usdc], [size], by=s.manager)
        guarded(s, deviation)
        fair = s.guard.expectedQuantity.peek(1, s.usdc, s.weth, size)
        with s.aside():
            got, gained = sandwich(s, partial(sell, s), passes * 10**6)
            assert fair * (E18 - deviation) <= got * E18 < fair * E18
            assert gained > 0
        return sandwich(s, partial(sell, s, reverts=OUTSIDE), refused * 10**6)

    got, gained = on_ours(play)
    assert got == 0
    assert gained < 0


@pytest.mark.parametrize("seed", range(4))
def test_rebalance__sandwiched_at_random__loses_its_budget_at_most(on_ours, seed):
    """R-10, I-14: who moves the pool before and after every trade takes the budget, all told.

    He is lucky in some trades and pays for others; only what he gains is counted. Others bring the
    pool back to the market's price in between.
    """
    budget, size, random = 5 * E18, 100_000 * 10**6, Random(seed)

    def play(s):
        start(s)
        s.looks_after_every_call = False
        s.index_module.setTradeMaximums([s.usdc], [size], by=s.manager)
        guarded(s, 5 * 10**16, budget)
        s.weth.approve(s.uniswap_router, MAX_UINT, by=s.keeper)
        usdc_reserve, weth_reserve = reserve(s.usdc_pool, s.usdc), reserve(s.usdc_pool, s.weth)
        taken, done = 0, 0
        for _ in range(36):
            front_run = int(10 ** random.uniform(9, 12))
            got, gained = sandwich(s, partial(sell, s, reverts=ANYTHING), front_run)
            taken += max(0, gained) * weth_reserve // usdc_reserve
            done += got > 0
            if got > 0:
                s.fund("weth", s.keeper, got)
                swap(s, s.weth, s.usdc, got, "keeper")
        nonce = additions(s).rebalanceNonce.peek()
        lost = s.guard.totalLoss.peek(s.index_module, s.set, nonce)
        return taken, lost, done

    taken, lost, done = on_ours(play)
    assert 0 < taken < lost
    assert budget * 9 // 10 < lost <= budget
    assert 5 < done < 36
