"""The beginning of the April 2021 rebalance, executed with and without arbitrage."""

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import ape
import pytest

from indexkit import execution, outcome
from indexkit.localnet import addresses
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.market import market_of
from indexkit.rebalance_data import load

ENTRIES = 24
BAND = Fraction(30, 10_000)
APRIL = load("dpi-2021-04")
ROUNDING = 3 * APRIL.total_supply // 10**18 + 3
"""What a trade may lose of a position to rounding: a unit when it is computed, one when it is
stored at the index's multiplier, one when it is read {base units}."""


@dataclass(frozen=True)
class Run:
    """What a run said of itself, and what the chain says of it."""

    ticks: list
    trades: list
    executed: list
    outcome: outcome.Outcome
    weth: int


@pytest.fixture(scope="module")
def index(make_index):
    """Create the index as published and start its rebalance."""
    created = make_index(APRIL)
    execution.start(created, APRIL)
    return created


def run(index, arbitrageur, executed, assert_backed):
    """Execute the first entries of the schedule."""
    market, ticks = market_of(APRIL), []

    def tick(symbol):
        assert_backed(index, [APRIL.component(symbol).address, addresses.WETH])
        ticks.append(symbol)

    job = execution.execute(
        index, APRIL, market, arbitrageur, tick, entries=ENTRIES, unguarded=True
    )
    result = outcome.outcome_of(APRIL, job, market)
    unit = index.token.getDefaultPositionRealUnit(addresses.WETH)
    assert_backed(index)
    weth = unit * APRIL.total_supply // 10**18
    return Run(ticks, job.trades, executed(index.module), result, weth)


@pytest.fixture(scope="module")
def runs(index, executed, assert_backed):
    """Run with pools brought back between trades, then again with pools left alone."""
    snapshot = ape.chain.snapshot()
    restored = run(index, Arbitrageur(APRIL), executed, assert_backed)
    ape.chain.restore(snapshot)
    snapshot = ape.chain.snapshot()
    left_alone = run(index, None, executed, assert_backed)
    ape.chain.restore(snapshot)
    return {"arbitrage": restored, "no arbitrage": left_alone}


@pytest.fixture(params=["arbitrage", "no arbitrage"])
def either(request, runs):
    """Return one of the runs, then the other."""
    return runs[request.param]


@pytest.fixture
def with_arbitrage(runs):
    """Return the run with pools brought back."""
    return runs["arbitrage"]


@pytest.fixture
def without_arbitrage(runs):
    """Return the run with pools left alone."""
    return runs["no arbitrage"]


def component_of(trade):
    """Return the component of a trade on the chain."""
    address = trade.bought if trade.sold == addresses.WETH else trade.sold
    return next(component for component in APRIL.components if component.address == address)


def test_run__follows_the_schedule(either):
    """In its order, each entry once; an entry is left out only if its buy is not affordable."""
    assert tuple(either.ticks) == APRIL.schedule[:ENTRIES]
    traded = [component_of(trade).symbol for trade in either.executed]
    assert traded == [trade.symbol for trade in either.trades]
    entries = iter(either.ticks)
    assert all(symbol in entries for symbol in traded)
    assert traded.count("UNI") == either.ticks.count("UNI")


def test_run__says_what_the_chain_says(either):
    """Amounts, direction and time of each trade are the module's event and its block."""
    assert len(either.executed) >= 15
    for told, found in zip(either.trades, either.executed, strict=True):
        amounts = (told.weth, told.amount) if told.is_buy else (told.amount, told.weth)
        assert (found.amount_sold, found.amount_bought) == amounts
        assert told.is_buy == (found.sold == addresses.WETH)
        assert told.time == found.time


def test_run__trades_are_within_their_limits(either):
    """No trade is larger than allowed; two of a component are a cool-off apart (I-12)."""
    times = defaultdict(list)
    for trade in either.executed:
        component = component_of(trade)
        amount = trade.amount_bought if trade.sold == addresses.WETH else trade.amount_sold
        assert 0 < amount <= component.max_trade_size
        times[component.symbol].append(trade.time)
    assert max(map(len, times.values())) >= 3
    for symbol, found in times.items():
        cool_off = APRIL.component(symbol).cool_off_period
        assert all(later - at >= cool_off for at, later in pairwise(found))


def test_run__units_move_by_what_was_traded(either):
    """Each unit changed by its trades and by nothing else, to within rounding (I-13)."""
    for line in either.outcome.lines:
        change = sum(
            trade.amount if trade.is_buy else -trade.amount
            for trade in either.trades
            if trade.symbol == line.symbol
        )
        due = Fraction((line.after - line.before) * APRIL.total_supply, 10**18)
        assert abs(due - change) <= line.trades * ROUNDING, line.symbol


def test_run__cash_is_what_trades_left(either):
    """The index's WETH is what sales brought less what purchases cost, to within rounding."""
    left = sum(-trade.weth if trade.is_buy else trade.weth for trade in either.trades)
    assert either.outcome.left_over == either.weth
    assert 0 <= left - either.weth <= len(either.trades) * ROUNDING


def test_outcome__costs_add_up(either):
    """Each part is the sum over the trades; all parts are WETH against market value, exactly."""
    result, trades = either.outcome, either.trades
    for part in ("fee", "impact", "drift", "total"):
        assert getattr(result.cost, part) == sum(getattr(t.cost, part) for t in trades)
    paid = sum(t.weth - t.market for t in trades if t.is_buy)
    missed = sum(t.market - t.weth for t in trades if not t.is_buy)
    assert result.cost.fee + result.cost.impact + result.cost.drift == paid + missed
    assert result.traded == result.sold + result.bought == sum(t.market for t in trades)
    assert result.gas == sum(line.gas for line in result.lines) == sum(t.gas for t in trades)
    assert result.seconds == trades[-1].time - trades[0].time > 0


def test_outcome__market_values_are_the_published_prices(either):
    """A trade's market value is its amount at the file's prices."""
    for trade in either.trades:
        price = Fraction(APRIL.component(trade.symbol).price_usd) / Fraction(APRIL.weth_price_usd)
        assert trade.market == int(trade.amount * price)


def test_outcome__rest_is_not_hidden(either):
    """A run cut short says what every component still lacks, sells included."""
    for line in either.outcome.lines:
        rest = Fraction((line.target - line.after) * APRIL.total_supply, 10**18)
        assert line.target == APRIL.component(line.symbol).target_unit
        assert abs(line.missing - line.unsold - rest) < 2
        assert line.missing == 0 or line.unsold == 0


def test_run__arbitrage__keeps_pools_at_the_market(with_arbitrage):
    """Before each trade the pool's price is within the arbitrageur's band of the market's."""
    for trade in with_arbitrage.trades:
        assert abs(trade.mid - trade.market) <= BAND * trade.market + 1, trade.symbol


def test_run__no_arbitrage__leaves_pools_where_trades_put_them(without_arbitrage):
    """A component's second trade begins about 1 % away, always to the index's cost."""
    seen = set()
    for trade in without_arbitrage.trades:
        away = Fraction(trade.mid - trade.market, trade.market) * (1 if trade.is_buy else -1)
        if trade.symbol in seen and trade.amount == APRIL.component(trade.symbol).max_trade_size:
            assert away > Fraction(9, 1000), trade.symbol
        elif trade.symbol not in seen:
            assert abs(away) < Fraction(1, 10**6), trade.symbol
        seen.add(trade.symbol)


def test_run__arbitrage__saves_the_drift(with_arbitrage, without_arbitrage):
    """Without arbitrage the same schedule costs more, by its drift."""
    cheap, dear = with_arbitrage.outcome, without_arbitrage.outcome
    assert abs(cheap.cost.drift) <= BAND * cheap.traded
    assert dear.cost.drift > 2 * BAND * dear.traded
    assert dear.cost.total * cheap.traded > cheap.cost.total * dear.traded
    assert dear.left_over + dear.bought < cheap.left_over + cheap.bought
