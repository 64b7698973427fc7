"""An index in a Safe's hands, rebalanced twice by all six steps."""

from dataclasses import replace
from datetime import UTC, datetime

import ape
import pytest
from ape import project

from indexkit import guarding
from indexkit.localnet import advance
from indexkit.localnet.arbitrage import Arbitrageur
from indexkit.market import market_of
from indexkit.parameters import IMPACT_BPS
from indexkit.planner_model import GAS_PER_TRADE
from indexkit.published_house import house_of, local_signers
from indexkit.rebalance_data import load
from indexkit.steps import basket as baskets
from indexkit.steps import execute, orders, submit
from indexkit.steps import run as steps
from indexkit.steps.folder import Folder
from indexkit.steps.reader import read_state

HOLDINGS = {"YFI": ("1.5", "0"), "UNI": ("3", "2.3"), "BAL": ("1", None)}
GWEI = 10**9
THINNEST = 500 * 10**18
"""What each pool must hold for the guard {wei}: less than the shallow ones do."""


class Desk:
    """Everybody who takes part in the rebalances of one index."""

    def __init__(self, house, market):
        self.house, self.index, self.market = house, house.index, market

    def basket(self, name, weights, leaving=()):
        """Return a basket of given weights; nothing else is given."""
        now = datetime.fromtimestamp(ape.chain.provider.get_block("latest").timestamp, UTC)
        tokens = [self.market.component(symbol) for symbol in (*weights, *leaving)]
        return baskets.parse(
            {
                "name": name,
                "index": "DPI",
                "index_name": "DeFi Pulse Index",
                "token_address": self.index.token.address,
                "date": now.date().isoformat(),
                "rule": {"name": "given"},
                "weth_price_usd": f"{self.market.weth_price_usd:f}",
                "components": [
                    {
                        "symbol": token.symbol,
                        "name": token.name,
                        "address": token.address,
                        "decimals": token.decimals,
                        "price_usd": f"{token.price_usd:f}",
                    }
                    | ({"leaves": True} if token.symbol in leaving else {})
                    | ({"weight": weights[token.symbol]} if token.symbol in weights else {})
                    for token in tokens
                ],
            }
        )

    def state(self, basket):
        """Read the chain."""
        tokens = [token.address for token in basket.tokens]
        return read_state(self.index.token.address, self.index.module.address, tokens)

    def observe(self):
        """Have the guard see the prices, and let its window pass."""
        guard, trader = self.index.protocol.guard, self.index.roles.trader
        found = guarding.reference_pairs(guard, self.market.components)
        guard.observe(list(dict.fromkeys(found)), sender=trader)
        advance(guard.window())

    def prepare(self, path, basket):
        """Take the first four steps, once the guard knows the prices."""
        self.observe()
        folder = Folder(path)
        steps.publish(folder, basket, today=basket.method.date)
        steps.verify(folder)
        steps.choose(folder, self.state, impact_bps=IMPACT_BPS)
        steps.convert(folder, orders.Options(None, 20 * GWEI, GAS_PER_TRADE, None))
        return folder

    @property
    def traders(self):
        """Return who trades."""
        return [str(self.index.roles.trader)]

    def submit(self, folder):
        """Take the fifth step: two of three owners sign."""
        submit.compose(folder, deadline_s=submit.DEADLINE_S, traders=self.traders)
        return submit.send(folder, self.house.signers.quorum, traders=self.traders)

    def execute(self, folder, entries=None):
        """Take the sixth step, with pools brought back between trades; return job and record."""
        job = execute.job_of(folder, self.index.roles.trader, arbitrage=Arbitrageur)
        return job, job.run(entries=entries)


@pytest.fixture(scope="module")
def desk(small_rebalance, make_index):
    """Create the index, hand it to a Safe and an IndexManager, and let prices be observed."""
    rebalance = small_rebalance(HOLDINGS)
    index = make_index(rebalance)
    market = market_of(rebalance)
    terms = replace(guarding.terms_for(rebalance, market), min_liquidity=THINNEST)
    house = house_of(project, index, local_signers(), terms=terms, salt=77)
    return Desk(house, load("dpi-2021-04"))


@pytest.fixture(scope="module")
def first(desk, tmp_path_factory):
    """Sell YFI out and add CREAM: the directory, the job and what was executed."""
    weights = {"UNI": "0.6", "BAL": "0.3", "CREAM": "0.1"}
    folder = desk.prepare(
        tmp_path_factory.mktemp("first"), desk.basket("first", weights, leaving=["YFI"])
    )
    submission = desk.submit(folder)
    job, record = desk.execute(folder)
    job.report()
    return folder, submission, job, record


@pytest.fixture(scope="module")
def second(desk, first, tmp_path_factory):
    """Begin another one, and give it up after its first sale, until its deadline is over."""
    advance(submit.DEADLINE_S)
    weights = {"UNI": "0.45", "BAL": "0.25", "CREAM": "0.1", "AAVE": "0.2"}
    folder = desk.prepare(tmp_path_factory.mktemp("second"), desk.basket("second", weights))
    desk.submit(folder)
    _, record = desk.execute(folder, entries=1)
    advance(submit.DEADLINE_S)
    return record


@pytest.fixture(scope="module")
def third(desk, second, tmp_path_factory):
    """Rebalance what is there then: the cash of that sale included."""
    weights = {"UNI": "0.5", "BAL": "0.2", "CREAM": "0.1", "AAVE": "0.2"}
    folder = desk.prepare(tmp_path_factory.mktemp("third"), desk.basket("third", weights))
    desk.submit(folder)
    _, record = desk.execute(folder)
    return folder, record
