"""Pools' prices and depths, and the arbitrageur."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, selected_market, token_at, whale
from indexkit.localnet.arbitrage import (
    Arbitrageur,
    Reserves,
    amount_to_sell,
    market_price,
    mid_price,
    pool_at,
    reserves,
)
from indexkit.localnet.pools import BALANCER_V1, plan_pools

BASIS_POINT = Fraction(1, 10_000)
MARKET = selected_market()
SYMBOLS = [component.symbol for component in MARKET.components]
POOLS = {pool.symbol: pool for pool in plan_pools(MARKET)}


@given(
    reserve_in=st.integers(10**9, 10**30),
    reserve_out=st.integers(10**9, 10**30),
    move=st.fractions(Fraction(1, 1000), Fraction(2)),
)
def test_amount_to_sell__reaches_the_target(reserve_in, reserve_out, move):
    """The pool's mid price ends within a hundredth of a basis point of the target."""
    target = Fraction(reserve_in, reserve_out) * (1 + move)
    amount_in = amount_to_sell(reserve_in, reserve_out, target)
    amount_out = plan.amount_out(amount_in, reserve_in, reserve_out)
    after = Fraction(reserve_in + amount_in, reserve_out - amount_out)
    assert abs(after / target - 1) < BASIS_POINT / 100


def test_amount_to_sell__is_zero_beyond_the_target():
    """Selling only raises what the other token costs."""
    assert amount_to_sell(10**18, 10**18, Fraction(1)) == 0
    assert amount_to_sell(10**18, 10**18, Fraction(1, 2)) == 0


def test_mid_price__of_unequal_weights():
    """Eight parts of the component against two of WETH: the reserve is four times the value."""
    assert Reserves(100, 400, 2, 8).mid_price == 1


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_pool__price_and_depth(symbol):
    """Buying the published maximum trade size costs 0.50 % over the published price, plus fee."""
    component, pool = MARKET.component(symbol), POOLS[symbol]
    held = reserves(pool.component, component.exchange)
    assert (held.component, held.weth) == (pool.component_reserve, pool.weth_reserve)
    market = market_price(component, MARKET)
    assert abs(held.mid_price / market - 1) < Fraction(1, 10**9)
    amount = component.max_trade_size
    traded = Fraction(held.weth * amount, held.component - amount)
    assert abs(traded / (amount * market) - 1 - 50 * BASIS_POINT) < Fraction(1, 10**9)


def move_price(component, bought):
    """Trade two maximum sizes in the pool, in one direction, and return the new mid price."""
    exchange, token = component.exchange, POOLS[component.symbol].component
    held, trader = reserves(token, exchange), whale()
    amount = 2 * component.max_trade_size
    sold, received = (addresses.WETH, token) if bought else (token, addresses.WETH)
    amount_in = amount * held.weth // held.component if bought else amount
    pool = pool_at(token, exchange)
    if exchange == BALANCER_V1:
        pool.swapExactAmountIn(sold, amount_in, received, 0, 2**256 - 1, sender=trader)
    else:
        ins, outs = (held.weth, held.component) if bought else (held.component, held.weth)
        amount_out = plan.amount_out(amount_in, ins, outs)
        token_at(sold).transfer(pool, amount_in, sender=trader)
        first = pool.token0() == received
        pool.swap(
            amount_out if first else 0, 0 if first else amount_out, trader, b"", sender=trader
        )
    return mid_price(token, exchange)


@pytest.mark.parametrize("bought", [True, False])
@pytest.mark.parametrize("symbol", ["YFI", "UNI", "BAL", "AAVE"])
def test_restore__brings_the_price_back(symbol, bought):
    """From either side, on every exchange, to within a basis point, in real swaps."""
    component = MARKET.component(symbol)
    market = market_price(component, MARKET)
    moved = move_price(component, bought)
    assert abs(moved / market - 1) > 100 * BASIS_POINT
    token = token_at(POOLS[symbol].component)
    before = reserves(token.address, component.exchange)

    trade = Arbitrageur(MARKET).restore(symbol)

    assert trade is not None
    assert (trade.symbol, trade.bought, trade.before) == (symbol, not bought, moved)
    assert abs(trade.after / market - 1) < BASIS_POINT
    after = reserves(token.address, component.exchange)
    change = (after.weth - before.weth, after.component - before.component)
    expected = (trade.amount_in, -trade.amount_out)
    assert change == (expected if trade.bought else expected[::-1])


def test_restore__does_nothing_within_the_band():
    """At the market price, and after a trade that moved it by less than the band."""
    arbitrageur = Arbitrageur(MARKET, band_bps=300)
    assert arbitrageur.restore("UNI") is None
    move_price(MARKET.component("UNI"), bought=True)
    assert arbitrageur.restore("UNI") is None
    assert Arbitrageur(MARKET, band_bps=30).restore("UNI") is not None


def test_restore__unknown_component__raises():
    """A symbol the rebalance does not have is refused."""
    with pytest.raises(IndexkitError, match="no component is called 'DOGE'"):
        Arbitrageur(MARKET).restore("DOGE")


def test_deal__reaches_every_component(accounts):
    """The market maker has some of each left."""
    for component in MARKET.components:
        deal(POOLS[component.symbol].component, accounts[0], 10 * component.max_trade_size)
