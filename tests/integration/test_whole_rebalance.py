"""Small rebalances to their end: what is sold out, added, left over, and what it all cost."""

from fractions import Fraction

import ape
import pytest

from indexkit import execution, guarding, outcome
from indexkit.keeper.following import DUST
from indexkit.localnet import addresses, token_at
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.market import market_of

WAD = 10**18
SWITCH = {
    "YFI": ("1.5", "0"),
    "UNI": ("3", "2.3"),
    "BAL": ("1", "1.9"),
    "AAVE": ("2", None),
    "CREAM": ("0", "2.5"),
}
"""Sells one component out, adds another, and uses all three exchanges."""

SURPLUS = {"UNI": ("30", "29.8"), "AAVE": ("100", None), "BAL": ("10", "10")}
"""Trades so little of the index that the data check's tolerance is more than trading costs."""


class Auditor:
    """An arbitrageur who first checks what must hold before every trade."""

    def __init__(self, rebalance, check):
        self._arbitrageur = Arbitrageur(rebalance)
        self._check = check
        self.checks = 0

    def restore(self, symbol):
        """Check, then bring the component's pool back."""
        self._check()
        self.checks += 1
        return self._arbitrageur.restore(symbol)


class Job:
    """A rebalance executed to its end, and the chain's record of it."""

    def __init__(self, rebalance, index, assert_backed, executed):
        market = market_of(rebalance)
        self.terms = guarding.terms_for(rebalance, market)
        execution.start(index, rebalance, self.terms)
        self.rebalance, self.index = rebalance, index
        self.auditor = Auditor(rebalance, lambda: assert_backed(index))
        self.run = execution.execute(index, rebalance, market, self.auditor)
        assert self.run.finished, self.run.stopped
        assert_backed(index)
        self.outcome = outcome.outcome_of(rebalance, self.run, market)
        self.lines = {line.symbol: line for line in self.outcome.lines}
        self.executed = executed(index.module)
        block = ape.chain.provider.make_request("eth_getBlockByNumber", ["latest", True])
        self.last_call = block["transactions"][0]["input"][:10]

    def value(self, symbol, amount):
        """Value an amount at the prices of the file {wei}."""
        price = Fraction(self.rebalance.component(symbol).price_usd)
        return amount * price / Fraction(self.rebalance.weth_price_usd)


@pytest.fixture
def finish(small_rebalance, make_index, assert_backed, executed):
    """Return a function that executes a rebalance of its holdings to the end."""

    def go(holdings, surplus="0"):
        rebalance = small_rebalance(holdings, surplus)
        return Job(rebalance, make_index(rebalance), assert_backed, executed)

    return go


def selector(contract, method):
    """Return a method's selector as the chain has it."""
    abi = getattr(contract, method).abis[0]
    return "0x" + ape.networks.ethereum.get_method_selector(abi).hex().removeprefix("0x")


def assert_terms(job):
    """Require what the outcome claims to follow from the chain's record alone."""
    sold = bought = paid = received = Fraction(0)
    for trade in job.executed:
        buys = trade.sold == addresses.WETH
        address = trade.bought if buys else trade.sold
        symbol = next(c.symbol for c in job.rebalance.components if c.address == address)
        if buys:
            bought += job.value(symbol, trade.amount_bought)
            paid += trade.amount_sold
        else:
            sold += job.value(symbol, trade.amount_sold)
            received += trade.amount_bought
    assert guarding.lost(job.index) <= job.terms.loss_budget
    result, trades = job.outcome, len(job.executed)
    assert abs(result.sold - sold) <= trades
    assert abs(result.bought - bought) <= trades
    assert abs(result.cost.total - (paid - bought + sold - received)) <= trades
    assert result.cost.fee + result.cost.impact + result.cost.drift == result.cost.total
    assert 0 < result.cost.fee < result.cost.total
    # A base unit of each position for each trade may be lost to rounding.
    assert abs(result.left_over - (received - paid)) <= 3 * trades * 10**4


def test_run__to_the_end__meets_every_target_it_can_pay(finish):
    """Sells are met, buys lack what trading cost; the whole account closes within 1 bp (I-12)."""
    job = finish(SWITCH)
    result, lines = job.outcome, job.lines
    assert [lines[s].trades for s in ("YFI", "UNI", "BAL")] == [2, 1, 1]
    assert 8 <= len(job.executed) <= 10
    assert job.auditor.checks >= len(job.executed)

    for symbol in ("YFI", "UNI"):
        assert abs(lines[symbol].after - lines[symbol].target) <= 1, symbol
    for symbol in ("BAL", "AAVE", "CREAM"):
        assert lines[symbol].before < lines[symbol].after <= lines[symbol].target, symbol
    assert result.left_over * 1000 < result.traded
    account = result.cost.total + result.plan_gap + result.left_over
    assert abs(result.shortfall - account) * 10_000 < result.traded
    assert result.shortfall > 0
    assert result.raises == 0
    assert_terms(job)


def test_run__to_the_end__spends_the_rest(finish):
    """The last call is tradeRemainingWETH: on the component that lacks most, for all the cash."""
    job = finish(SWITCH)
    assert job.last_call == selector(job.index.module, "tradeRemainingWETHWithLimit")
    last = job.executed[-1]
    before = [t for t in job.run.trades if t.symbol == job.run.trades[-1].symbol]
    assert last.sold == addresses.WETH
    assert last.amount_bought == before[-1].amount
    assert job.run.cash < DUST
    assert job.index.token.getDefaultPositionRealUnit(addresses.WETH) * 10**4 < WAD


def test_run__to_the_end__lists_what_it_holds(finish):
    """What was sold out left the index and its list, what was added is on it, once (I-05)."""
    job = finish(SWITCH)
    token = job.index.token
    yfi, cream = (job.rebalance.component(s).address for s in ("YFI", "CREAM"))
    listed = list(token.getComponents())
    assert yfi not in listed
    assert token.getDefaultPositionRealUnit(yfi) == 0
    assert token_at(yfi).balanceOf(token) * WAD <= token.totalSupply()
    assert listed.count(cream) == 1
    assert token.getDefaultPositionRealUnit(cream) > 0
    assert len(listed) == len(set(listed))
    assert (addresses.WETH in listed) == (token.getDefaultPositionRealUnit(addresses.WETH) > 0)


def test_run__cash_left_over__raises_targets(finish):
    """Targets that cost less than the sales brought are raised once, and the cash spent (V-3)."""
    job = finish(SURPLUS, surplus="0.00009")
    result = job.outcome
    assert result.raises == 1
    raised = job.rebalance.position_multiplier * WAD // 1_002_500_000_000_000_000
    assert job.index.module.positionMultiplier() == raised
    assert job.last_call == selector(job.index.module, "tradeRemainingWETHWithLimit")
    for line in job.outcome.lines:
        published = job.rebalance.component(line.symbol).target_unit
        due = Fraction(published * 10_025, 10_000)
        assert abs(line.target - due) * 10**15 < due, line.symbol
    aave = job.lines["AAVE"]
    assert job.rebalance.component("AAVE").target_unit < aave.after < aave.target
    assert result.plan_gap < 0
    assert result.left_over * 1000 < result.traded
    assert_terms(job)


def test_run__stopped_before_the_end__does_not_finish(small_rebalance, make_index):
    """Only the whole schedule is finished: a shorter one leaves its cash where it is."""
    rebalance = small_rebalance(SWITCH)
    index = make_index(rebalance)
    execution.start(index, rebalance)
    job = execution.execute(index, rebalance, market_of(rebalance), None, entries=2, unguarded=True)
    assert (len(job.trades), job.finished, job.stopped) == (2, False, None)
    assert job.cash > 10**20
