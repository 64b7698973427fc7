"""Planned trades: never worse than the published order, within bounds, paid, in time."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit import plan
from indexkit.documents import canonical
from indexkit.errors import IndexkitError
from indexkit.planner import Conditions, Order, compare, horizon_until, plan_trades
from indexkit.planner_model import Expected, Planned, planned_from_json
from indexkit.planner_simulation import Run, simulate
from indexkit.planner_study import orders_of
from indexkit.pool_state import PoolState
from indexkit.rebalance_data import load

WAD = 10**18
GWEI = 10**9
UNI = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
ANY_TIME = 50_000
FEW = settings(max_examples=12, deadline=None)


def order(symbol, amount, depth, cool_off=600, bound=None, decimals=18, exchange="UniswapV2"):
    """Return an order of whole tokens worth one WETH each; the depth is the pool's reserve."""
    unit = 10**decimals
    pool = PoolState(UNI, exchange, UNI, depth * unit, depth * WAD)
    bound = unit * (bound or max(1, depth // 201))
    return Order(symbol, decimals, WAD, amount * unit, bound, cool_off, pool)


@st.composite
def problems(draw, most=4):
    """Draw orders whose sells pay for the buys (but for costs), and conditions."""
    sells = draw(st.lists(st.integers(50, 400), min_size=1, max_size=most // 2))
    buys = draw(st.lists(st.integers(50, 400), min_size=1, max_size=most // 2))
    worth = sum(sells)
    buys = [max(1, worth * amount // sum(buys)) for amount in buys]
    orders = [
        order(
            symbol,
            amount,
            depth=abs(amount) * draw(st.integers(30, 400)),
            cool_off=draw(st.sampled_from([300, 600, 900])),
            decimals=draw(st.sampled_from([4, 8, 18])),
            exchange=draw(st.sampled_from(["UniswapV2", "SushiSwap", "BalancerV1"])),
        )
        for symbol, amount in zip("ABCD", [*(-sell for sell in sells), *buys], strict=False)
    ]
    conditions = Conditions(
        WAD,
        gas_price=draw(st.sampled_from([20, 100, 1000])) * GWEI,
        recovery_s=draw(st.sampled_from([0, 300, 600, 3600])),
        band_bps=draw(st.sampled_from([0, 30, 100])),
    )
    return orders, conditions


def bounds_of(orders):
    """Return the orders' own largest trades."""
    return {each.symbol: each.max_trade_size for each in orders}


@FEW
@given(problems())
def test_plan_trades__any_problem__is_never_worse_than_the_greedy_order(problem):
    """R-46: cheaper or the same by the one simulator, and no longer."""
    orders, conditions = problem
    greedy = plan.schedule(orders, WAD)
    expected = simulate(greedy, bounds_of(orders), orders, conditions)
    planned = plan_trades(orders, conditions, baseline=greedy)
    assert planned.expected.total <= expected.total
    assert planned.expected.seconds <= expected.seconds
    compared = compare(orders, greedy, conditions)
    assert compared.planned == planned
    assert compared.published == Planned(greedy, bounds_of(orders), expected)
    assert compared.saving == expected.total - planned.expected.total >= 0


@FEW
@given(problems(), st.sampled_from([None, ANY_TIME]))
def test_plan_trades__any_problem__keeps_every_bound(problem, horizon):
    """R-34: sizes within the parameters, notionals whole, cool-offs kept, cash never negative."""
    orders, conditions = problem
    planned = plan_trades(orders, conditions, horizon=horizon)
    run = Run(orders, planned.max_trade_sizes, conditions)
    last = {}
    for symbol in planned.schedule:
        if run.attempt(symbol):
            own = run.orders[symbol]
            time = run.times[-1]
            assert time - last.get(symbol, -(10**9)) >= own.cool_off_period
            last[symbol] = time
        assert run.cash >= 0
    pace = [later - earlier for earlier, later in pairwise(run.times)]
    assert min(pace, default=ANY_TIME) >= conditions.block_time_s
    run.finish()
    assert run.cash >= 0
    assert run.expected() == planned.expected
    for each in orders:
        size, amount = planned.max_trade_sizes[each.symbol], abs(each.notional)
        assert 0 < size <= each.max_trade_size
        # The module trades the smaller of the largest trade and what remains.
        count = planned.schedule.count(each.symbol)
        assert count >= plan.div_ceil(amount, size)
        assert sum(min(size, amount - size * n) for n in range(plan.div_ceil(amount, size))) == (
            amount
        )
        assert not run.left[each.symbol] or each.is_buy


@FEW
@given(problems(), st.randoms(use_true_random=False))
def test_plan_trades__any_order_of_input__gives_the_same_plan(problem, world):
    """R-46: deterministic; only what is asked decides."""
    orders, conditions = problem
    shuffled = list(orders)
    world.shuffle(shuffled)
    found, expected = plan_trades(shuffled, conditions), plan_trades(orders, conditions)
    assert found == expected
    assert canonical(found.to_json()) == canonical(expected.to_json())


def interleavings(counts):
    """Yield every order of that many trades each."""
    if not any(counts.values()):
        yield ()
    for symbol, count in sorted(counts.items()):
        if count:
            for rest in interleavings(counts | {symbol: count - 1}):
                yield (symbol, *rest)


def cheapest(orders, conditions, horizon, most):
    """Return the least cost of all splits into so many trades each, in every order."""
    costs = []
    for counts in product(range(1, most + 1), repeat=len(orders)):
        sizes = {
            o.symbol: plan.div_ceil(abs(o.notional), count)
            for o, count in zip(orders, counts, strict=True)
        }
        if any(sizes[o.symbol] > o.max_trade_size for o in orders):
            continue
        for schedule in interleavings(dict(zip(sizes, counts, strict=True))):
            expected = simulate(schedule, sizes, orders, conditions)
            if expected.seconds <= horizon:
                costs.append(expected.total)
    return min(costs)


TINY = [
    ([("A", -500, 60_000, 600), ("B", 500, 45_000, 900)], 100, 1900, 4),
    ([("A", -500, 60_000, 600), ("B", 500, 45_000, 900)], 100, 3700, 4),
    ([("A", -900, 90_000, 900), ("B", 900, 300_000, 600)], 20, 1900, 4),
    ([("A", -400, 20_000, 600), ("B", 400, 90_000, 600)], 1000, 1900, 4),
    ([("A", -300, 26_000, 600), ("B", -100, 9_000, 600), ("C", 400, 50_000, 600)], 500, 1300, 3),
]


@pytest.mark.parametrize(("figures", "gwei", "horizon", "most"), TINY)
def test_plan_trades__tiny_problem__is_as_good_as_every_other_plan(figures, gwei, horizon, most):
    """R-46: within 0.1 % of the best of all splits into so many trades, in all their orders."""
    orders = [order(*each, bound=each[2] // 100) for each in figures]
    conditions = Conditions(WAD, gwei * GWEI)
    planned = plan_trades(orders, conditions, horizon=horizon)
    best = cheapest(orders, conditions, horizon, most)
    assert Fraction(planned.expected.total, best) <= Fraction(1001, 1000)


def test_compare__published_rebalance__saves_in_the_same_time():
    """R-46: at 20 and 100 gwei the plan beats the published order, and trades more at 20."""
    rebalance = load("mvi-2021-06")
    counts = []
    for gwei in (20, 100):
        conditions = Conditions(rebalance.weth_price, gwei * GWEI)
        found = compare(orders_of(rebalance), rebalance.schedule, conditions)
        assert found.saving > 0
        assert found.planned.expected.seconds <= found.published.expected.seconds
        counts.append(found.planned.expected.trades)
    assert counts[0] > counts[1]


def test_plan_trades__no_better_plan__returns_the_baseline():
    """R-46: dear gas, and an order that lets a slow pool recover, as no list would have it."""
    orders = [
        order("A", -672, 372_288, cool_off=300, bound=672),
        order("B", 133, 36_043, bound=67),
        order("C", 539, 185_416, cool_off=300, bound=180),
    ]
    baseline = ("A", "C", "C", "B", "B", "C")
    planned = plan_trades(orders, Conditions(WAD, 5000 * GWEI), baseline=baseline)
    assert planned.schedule == baseline
    assert planned.max_trade_sizes == bounds_of(orders)


def test_plan_trades__a_component_without_notional__is_left_alone():
    """What is neither bought nor sold keeps its size and is not in the schedule."""
    orders = [order("A", -100, 9_000), order("B", 100, 9_000), order("C", 0, 9_000)]
    planned = plan_trades(orders, Conditions(WAD, 20 * GWEI), horizon=ANY_TIME)
    assert "C" not in planned.schedule
    assert planned.max_trade_sizes["C"] == orders[2].max_trade_size


def test_plan_trades__too_little_time__says_how_much_it_takes():
    """R-34: one sentence; the sizes cannot grow beyond their bounds."""
    orders = [order("A", -100, 2010, cool_off=900), order("B", 100, 9_000)]
    conditions = Conditions(WAD, 20 * GWEI)
    fastest = plan_trades(orders, conditions).expected.seconds
    with pytest.raises(IndexkitError, match=r"The trades take at least 81\d\d seconds, more than"):
        plan_trades(orders, conditions, horizon=8099)
    assert plan_trades(orders, conditions, horizon=fastest).expected.seconds <= fastest


def test_plan_trades__more_time__costs_less():
    """Smaller trades need more cool-offs."""
    orders = [order("A", -1000, 30_000), order("B", 1000, 30_000)]
    conditions = Conditions(WAD, 20 * GWEI)
    short, long = (plan_trades(orders, conditions, horizon=h) for h in (6000, 60_000))
    assert long.expected.total < short.expected.total
    assert long.expected.seconds > short.expected.seconds


def test_plan_trades__cash_at_hand__lets_buys_begin():
    """A buy needs no sell before it when there is WETH."""
    orders = [order("A", -100, 60_000), order("B", 100, 60_000)]
    planned = plan_trades(orders, Conditions(WAD, 20 * GWEI, cash=200 * WAD), horizon=ANY_TIME)
    assert planned.expected.unaffordable == 0


def test_planned_from_json__gives_back_what_was_written():
    """R-34: PLAN in 4-units.json."""
    expected = Expected(fee=1, impact=-2, gas_cost=3, gas=4, trades=5, seconds=6)
    planned = Planned(("A", "B", "A"), {"A": 10**20, "B": 7}, expected)
    content = planned.to_json()
    assert content == {
        "schedule": ["A", "B", "A"],
        "max_trade_sizes": {"A": str(10**20), "B": "7"},
        "expected": {
            **{"fee": "1", "impact": "-2", "gas_cost": "3", "gas": 4, "trades": 5, "seconds": 6}
        },
    }
    assert planned_from_json(content, "plan") == planned
    with pytest.raises(IndexkitError, match="plan, expected: gas is '4', not"):
        planned_from_json(content | {"expected": content["expected"] | {"gas": "4"}}, "plan")


def test_horizon_until__a_deadline():
    """R-34: what the deadline leaves; one that has passed is refused."""
    assert horizon_until(1000, 400) == 600
    with pytest.raises(IndexkitError, match="The deadline 400 is not after 400"):
        horizon_until(400, 400)


def test_order__impossible_figures__are_refused():
    """R-34: one sentence names the component."""
    good = order("A", 100, 9_000)
    with pytest.raises(IndexkitError, match="A: its UniswapV2 pool holds"):
        replace(good, max_trade_size=9_000 * WAD)
    with pytest.raises(IndexkitError, match="A: price and largest trade must be above zero"):
        replace(good, price=0)
    with pytest.raises(IndexkitError, match="correct the conditions"):
        Conditions(0, 1)
    with pytest.raises(IndexkitError, match="A: there are two orders of it"):
        plan_trades([good, good], Conditions(WAD, 1))


def test_size_for__leaves_room_for_the_rounding_of_every_trade():
    """R-34: trades whose units are rounded down still end in so many trades, none of dust."""
    for count in (1, 3, 7):
        each = replace(order("A", 700, 900_000, bound=700), grain=10**13)
        size = each.size_for(count)
        assert size == min(each.max_trade_size, 700 * WAD // count + 1 * (count == 3) + 2 * 10**13)
        missing = 700 * WAD + each.grain
        for _ in range(count):
            missing = max(0, missing - size + each.grain) if missing > size else 0
        assert missing == 0 or count == 1
