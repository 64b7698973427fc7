"""Pools: JSON, prices, quotes and the largest amounts they bear."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit import plan, venues
from indexkit.errors import IndexkitError
from indexkit.localnet.pools import BALANCER_FEE, BALANCER_WEIGHT, plan_pools
from indexkit.pool_state import EXCHANGES
from indexkit.rebalance_data import available, load
from indexkit.venues import PoolState, pool_from_json

UNI = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
POOL = "0xd3d2E2692501A5c9Ca623199D38826e513033a17"
HALF_PERCENT = Fraction(1, 200)
UNITS = st.integers(10**6, 10**33)
IMPACTS = st.fractions(Fraction(1, 10_000), Fraction(1, 10))
WEIGHTS = st.sampled_from([(1, 1), (3, 1), (1, 4), (49, 1), (7, 3)])


def pair(component_reserve, weth_reserve, exchange="UniswapV2"):
    """Return a pair of UNI."""
    return PoolState(UNI, exchange, POOL, component_reserve, weth_reserve)


def balancer(component_reserve, weth_reserve, weights=(1, 1), fee=BALANCER_FEE):
    """Return a Balancer pool of UNI."""
    component, weth = (weight * 10**18 for weight in weights)
    held = (component_reserve, weth_reserve, component, weth, fee)
    return PoolState(UNI, "BalancerV1", POOL, *held)


def test_pool_from_json__gives_back_what_was_written():
    """R-34: a pool's JSON has exactly the fields of the state file, all text."""
    content = balancer(10**24, 10**22, (3, 1)).to_json()
    assert content == {
        "component": UNI,
        "exchange": "BalancerV1",
        "address": POOL,
        "component_reserve": str(10**24),
        "weth_reserve": str(10**22),
        "component_weight": str(3 * 10**18),
        "weth_weight": str(10**18),
        "fee": str(BALANCER_FEE),
    }
    assert pool_from_json(content).to_json() == content


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("exchange", "Curve", "state, pool 0: exchange is 'Curve', not one of"),
        ("component", UNI.lower(), "state, pool 0: component is"),
        ("component_reserve", "-1", "not a whole number, zero or more"),
        ("weth_weight", "0", "not a whole number above zero"),
        ("fee", str(10**18), f"the fee {10**18} is not below {10**18}"),
        ("fee", str(10**15), "a pair has equal weights and a fee of 0.30 %"),
        ("component_weight", "2", "a pair has equal weights and a fee of 0.30 %"),
    ],
)
def test_pool_from_json__wrong_field__is_refused(field, value, words):
    """R-34: one sentence names the field and what was found."""
    content = pair(10**24, 10**22).to_json() | {field: value}
    with pytest.raises(IndexkitError) as error:
        pool_from_json(content, "state, pool 0")
    assert words in error.value.message
    assert error.value.message.count(". ") == 0


def test_pool_from_json__missing_field__is_refused():
    """R-34: nothing is assumed."""
    content = pair(10**24, 10**22).to_json()
    del content["weth_weight"]
    with pytest.raises(IndexkitError, match="the field 'weth_weight' is missing"):
        pool_from_json(content)


def test_pools_of__a_component__are_in_one_order_whatever_the_input():
    """R-34: the same pools give the same parameters."""
    pools = [pair(1, 1, name) for name in ("SushiSwap", "UniswapV2")] + [balancer(1, 1)]
    other = replace(pools[0], component=POOL)
    for given_pools in ([other, *pools], [*reversed(pools), other]):
        found = venues.pools_of(UNI.lower(), given_pools)
        assert tuple(pool.exchange for pool in found) == EXCHANGES


def test_mid_price__of_unequal_weights__counts_them():
    """Eight parts of the component against two of WETH: four times the reserve at its price."""
    assert balancer(400, 100, (8, 2)).mid_price == 1


def test_mid_price__empty_pool__is_refused():
    """R-34: an empty pool has no price."""
    with pytest.raises(IndexkitError, match="its reserves are empty"):
        _ = pair(10**18, 0).mid_price


@given(UNITS, UNITS, st.data())
def test_quotes__of_pairs__are_the_routers(component, weth, data):
    """R-34: to the wei, both directions, and what WETH buys."""
    pool = pair(component, weth, data.draw(st.sampled_from(EXCHANGES[:2])))
    bought = data.draw(st.integers(1, component - 1))
    sold = data.draw(st.integers(1, 2 * component))
    spent = data.draw(st.integers(1, 2 * weth))
    assert venues.cost_of_buy(pool, bought) == plan.amount_in(bought, weth, component)
    assert venues.proceeds_of_sale(pool, sold) == plan.amount_out(sold, component, weth)
    assert venues.bought_with(pool, spent) == plan.amount_out(spent, weth, component)


@given(UNITS, UNITS, st.data())
def test_quotes__of_an_even_balancer_pool__follow_the_constant_product(component, weth, data):
    """Equal weights and 0.30 %: a Balancer pool is a pair but for the last unit's rounding."""
    even, plain = balancer(component, weth), pair(component, weth)
    bought = data.draw(st.integers(1, component - 1))
    sold = data.draw(st.integers(1, 2 * component))
    assert 0 <= venues.cost_of_buy(plain, bought) - venues.cost_of_buy(even, bought) <= 1
    assert venues.proceeds_of_sale(even, sold) == venues.proceeds_of_sale(plain, sold)


@settings(deadline=None)
@given(UNITS, UNITS, WEIGHTS, st.data())
def test_quotes__buying_what_a_sale_would_bring__costs_more(component, weth, weights, data):
    """No free money: back and forth in one pool never leaves more."""
    pool = balancer(component, weth, weights)
    amount = data.draw(st.integers(1, component // 3))
    after, paid = venues.after_buy(pool, amount)
    assert venues.proceeds_of_sale(after, amount) <= paid


def test_quotes__unequal_weights__known_figures():
    """Three to one, no fee: a third of 100 leaves 2/3, and WETH grows by (3/2)^3 - 1."""
    pool = balancer(300, 1000, (3, 1), fee=0)
    assert venues.cost_of_buy(pool, 100) == 2375
    assert venues.proceeds_of_sale(pool, 300) == 875


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("pool", [pair(10**20, 10**20), balancer(10**20, 10**20)])
def test_quotes__amount_not_positive__are_refused(pool, amount):
    """Both exchanges answer with one sentence."""
    for quote in (venues.cost_of_buy, venues.proceeds_of_sale, venues.bought_with):
        with pytest.raises(IndexkitError, match="ask for a positive amount"):
            quote(pool, amount)


@pytest.mark.parametrize("pool", [pair(10**20, 10**20), balancer(10**20, 10**20)])
def test_cost_of_buy__all_the_pool_has__is_refused(pool):
    """No price buys the last unit."""
    with pytest.raises(IndexkitError, match="cannot sell"):
        venues.cost_of_buy(pool, 10**20)


@given(UNITS, UNITS, IMPACTS, st.booleans())
def test_largest__equal_weights__is_exact_to_the_unit(component, weth, impact, is_pair):
    """R-34: the amount keeps the bound, one unit more does not; both directions."""
    pool = pair(component, weth) if is_pair else balancer(component, weth, fee=10**15)
    bought, sold = venues.largest_buy(pool, impact), venues.largest_sell(pool, impact)
    assert bought == 0 or venues.impact_of_buy(pool, bought) <= impact
    assert venues.impact_of_buy(pool, bought + 1) > impact
    assert sold == 0 or venues.impact_of_sale(pool, sold) <= impact
    assert venues.impact_of_sale(pool, sold + 1) > impact


@settings(max_examples=25, deadline=None)
@given(UNITS, UNITS, IMPACTS, WEIGHTS.filter(lambda w: w[0] != w[1]))
def test_largest__unequal_weights__is_exact_to_the_unit(component, weth, impact, weights):
    """R-34: bisection finds the same edge, up to what Balancer lets through."""
    pool = balancer(component, weth, weights)
    bought, sold = venues.largest_buy(pool, impact), venues.largest_sell(pool, impact)
    assert bought == 0 or venues.impact_of_buy(pool, bought) <= impact
    assert bought == component // 3 or venues.impact_of_buy(pool, bought + 1) > impact
    assert sold == 0 or venues.impact_of_sale(pool, sold) <= impact
    assert sold == component // 2 or venues.impact_of_sale(pool, sold + 1) > impact


def test_largest_buy__unequal_weights__goes_on_from_equal_ones():
    """Nearly equal weights bear nearly what equal ones bear by the closed form."""
    even, near = balancer(10**24, 10**24), balancer(10**24, 10**24, (10**9 + 1, 10**9))
    bound = Fraction(1, 10**8)
    for largest in (venues.largest_buy, venues.largest_sell):
        ratio = Fraction(largest(near, HALF_PERCENT), largest(even, HALF_PERCENT))
        assert abs(ratio - 1) < bound


@pytest.mark.parametrize("name", available())
def test_largest_buy__pools_of_a_published_rebalance__is_the_published_size(name):
    """R-34: 50 basis points net of fees are the published largest trades, to the unit."""
    rebalance = load(name)
    for pool in plan_pools(rebalance):
        weight = BALANCER_WEIGHT if pool.exchange == "BalancerV1" else 1
        held = (pool.component_reserve, pool.weth_reserve, weight, weight)
        state = PoolState(pool.component, pool.exchange, pool.address, *held)
        largest = rebalance.component(pool.symbol).max_trade_size
        assert venues.largest_buy(state, HALF_PERCENT) == largest


@pytest.mark.parametrize("impact", [Fraction(-1, 100), Fraction(1)])
def test_largest__impossible_impact__is_refused(impact):
    """A share of the price lies between none and all."""
    for largest in (venues.largest_buy, venues.largest_sell):
        with pytest.raises(IndexkitError, match="not between 0 and 1"):
            largest(pair(10**20, 10**20), impact)


@settings(deadline=None)
@given(st.integers(10**12, 10**30), UNITS, WEIGHTS, st.fractions(Fraction(1, 2), Fraction(2)))
def test_at_price__reaches_it_on_the_same_curve(component, weth, weights, change):
    """The arbitrageur's pool has the market's price, and is as deep as before."""
    pool = balancer(component, max(weth, 10**12), weights)
    price = pool.mid_price * change
    after = venues.at_price(pool, price)
    close = Fraction(1, 10**5)
    assert abs(after.mid_price / price - 1) < close
    back = venues.at_price(after, pool.mid_price)
    assert abs(Fraction(back.weth_reserve, pool.weth_reserve) - 1) < close
