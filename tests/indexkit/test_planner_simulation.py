"""The simulator: what it predicts is what the localnet measured, and its rules one by one."""

from dataclasses import replace

import pytest

from indexkit import plan, venues
from indexkit.errors import IndexkitError
from indexkit.planner_model import Conditions, Order
from indexkit.planner_simulation import Run, simulate
from indexkit.planner_study import Study, orders_of, saving_lines, study
from indexkit.pool_state import PoolState
from indexkit.rebalance_data import load

WAD = 10**18
GWEI = 10**9
UNI = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
FREE = Conditions(WAD, 0)


def order(symbol, amount, depth=20_100, cool_off=600, bound=100):
    """Return an order of tokens worth one WETH each."""
    pool = PoolState(UNI, "UniswapV2", UNI, depth * WAD, depth * WAD)
    return Order(symbol, 18, WAD, amount * WAD, bound * WAD, cool_off, pool)


def sizes_of(*orders):
    """Return the orders' own largest trades."""
    return {each.symbol: each.max_trade_size for each in orders}


def test_simulate__april_as_published__predicts_what_the_localnet_measured():
    """R-46: docs/REBALANCE.md: 209 trades, 34.4880 WETH of fees and 55.1229 of impact."""
    april = load("dpi-2021-04")
    orders = orders_of(april)
    conditions = Conditions(april.weth_price, 20 * GWEI)
    found = simulate(april.schedule, sizes_of(*orders), orders, conditions)
    assert found.trades == 209
    assert found.gas_cost == found.gas * 20 * GWEI
    assert abs(found.fee - 34_4880 * 10**14) < 10**14
    assert abs(found.impact - 55_1229 * 10**14) < 40 * 10**14
    assert abs(found.unaffordable - 89_6109 * 10**14) < 40 * 10**14


def test_simulate__one_sell_and_one_buy__costs_the_quotes():
    """R-46: fee and impact add up to what the pools took, to the wei."""
    sell, buy = order("A", -100), order("B", 50)
    found = simulate(("A", "B"), sizes_of(sell, buy), [sell, buy], FREE)
    got = venues.proceeds_of_sale(sell.pool, 100 * WAD)
    paid = venues.cost_of_buy(buy.pool, 50 * WAD)
    assert found.fee + found.impact == (100 * WAD - got) + (paid - 50 * WAD)
    assert found.fee == 100 * WAD * 3 // 1000 + paid * 3 // 1000
    assert (found.trades, found.seconds, found.unaffordable) == (2, 13, 0)


def test_simulate__last_buy_cannot_be_paid__spends_the_rest_and_says_what_is_missing():
    """As the execution: the shortfall is what trading cost."""
    sell, buy = order("A", -100), order("B", 100)
    found = simulate(("A", "B"), sizes_of(sell, buy), [sell, buy], FREE)
    assert found.trades == 2
    assert abs(found.unaffordable - found.fee - found.impact) < 10**4


def test_simulate__buy_before_its_sell__is_passed_over_and_made_in_the_end():
    """A schedule that cannot be paid in its order still ends."""
    sell, buy = order("A", -100), order("B", 50)
    there, back = (
        simulate(schedule, sizes_of(sell, buy), [sell, buy], FREE)
        for schedule in (("A", "B"), ("B", "A"))
    )
    assert there == back


def test_simulate__cool_offs__make_the_schedule_wait():
    """Strictly in order: an entry that must wait holds up what follows it."""
    sell, buy = order("A", -300), order("B", 50, cool_off=0)
    sizes = sizes_of(sell, buy)
    assert simulate(("A", "A", "A", "B"), sizes, [sell, buy], FREE).seconds == 1213
    assert simulate(("A", "B", "A", "A"), sizes, [sell, buy], FREE).seconds == 1200


def played(cool_off=600, **changes):
    """Return the impacts of two equal sales."""
    sell = order("A", -200, cool_off=cool_off)
    conditions = replace(FREE, **changes)
    run, costs = Run([sell], sizes_of(sell), conditions), []
    while run.attempt("A"):
        costs.append(run.expected().impact - sum(costs))
    return costs


def test_simulate__recovered_pool__costs_the_same_again():
    """Whoever waits long enough finds the market's price; the fees left there make it deeper."""
    first, second = played()
    assert 0 < first - second < first // 100


def test_simulate__part_of_the_recovery__costs_in_between():
    """The share of the gap that is gone is the share of the time that has passed."""
    (first, none), (_, half), (_, full) = (played(recovery_s=s) for s in (10**9, 1200, 600))
    assert full < half < none
    assert abs((none - half) / (none - full) - 0.5) < 0.02
    assert none > 2 * first


def test_simulate__within_the_band__nobody_brings_the_price_back():
    """A sale of 100 moves the price by 99 basis points."""
    inside, never = played(band_bps=100), played(recovery_s=10**12)
    assert abs(inside[1] - never[1]) < never[1] // 10**6
    assert played(band_bps=98) == played()


def test_simulate__pool_away_from_the_market__is_brought_back_before_the_first_trade():
    """As the localnet's arbitrageur does; inside the band the gap is part of the impact."""
    sell = order("A", -100)
    for percent, same in ((100, True), (102, True), (98, True)):
        moved = replace(sell.pool, weth_reserve=sell.pool.weth_reserve * percent // 100)
        found = simulate(("A",), sizes_of(sell), [replace(sell, pool=moved)], FREE)
        plain = simulate(("A",), sizes_of(sell), [sell], FREE)
        assert (abs(found.impact - plain.impact) < plain.impact // 50) == same


def test_simulate__wrong_arguments__are_refused():
    """R-34: one sentence each."""
    sell = order("A", -100)
    for sizes in ({}, {"A": 0}, {"A": sell.max_trade_size + 1}):
        with pytest.raises(IndexkitError, match=r"A: the largest trade .* is not between 1 and"):
            simulate(("A",), sizes, [sell], FREE)
    with pytest.raises(IndexkitError, match="The schedule names B, which no order is for"):
        simulate(("A", "B"), sizes_of(sell), [sell], FREE)


def test_study__same_seeds__give_the_same_worlds():
    """R-46: reproducible, and never the assumed world."""
    rebalance = load("mvi-2021-06")
    found = study(rebalance, 20 * GWEI, range(3))
    assert study(rebalance, 20 * GWEI, range(3)).to_json() == found.to_json()
    assert len(set(found.worlds)) == 3
    assert found.savings == sorted(found.savings)
    (line,) = saving_lines([found])
    assert line.startswith("mvi-2021-06 at 20 gwei: the plan saves 0.")
    assert plan.WAD // 10 < found.comparison.saving < plan.WAD


def test_saving_lines__no_other_worlds__still_has_a_sentence():
    """R-46: without seeds there is only the assumed world."""
    found = study(load("mvi-2021-06"), 100 * GWEI, ())
    assert isinstance(found, Study)
    assert next(saving_lines([found])).endswith("it is worse in 0.")
