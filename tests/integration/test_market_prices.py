"""What components are worth: the published prices, or a live fork's pools."""

from fractions import Fraction

import pytest

from indexkit import rehearsal
from indexkit.localnet import addresses, deal
from indexkit.localnet.arbitrage import pool_at, reserves
from indexkit.localnet.node import DevAccounts, start_node
from indexkit.localnet.provider import LocalnetProvider
from indexkit.market import Market, market_of
from indexkit.rebalance_data import load

APRIL = load("dpi-2021-04")


@pytest.fixture(scope="module")
def ethereum():
    """Run a node that stands for the live chain."""
    node = start_node(DevAccounts.of_ape(), None)
    yield node
    node.stop()


@pytest.fixture
def fork(ethereum, networks, monkeypatch):
    """Connect to a fork of it."""
    monkeypatch.setenv("MAINNET_RPC_URL", ethereum.url)
    network = networks.ethereum.mainnet_fork
    with network.use_provider(LocalnetProvider(name="foundry", network=network)) as provider:
        yield provider


def published_price(component):
    """Return the price of the file {wei/comp}."""
    price = Fraction(component.price_usd) / Fraction(APRIL.weth_price_usd)
    return price * 10**18 / 10**component.decimals


def test_market_of__embedded_chain__has_the_published_prices(chain):
    """Whatever the pools say: they follow the market, not the other way round."""
    uni = APRIL.component("UNI")
    pool = pool_at(uni.address, uni.exchange)
    deal(addresses.WETH, pool.address, 10**21)
    pool.sync(sender=chain.provider.get_test_account(0))
    market = market_of(APRIL)
    assert market.published
    assert market.prices == {c.symbol: published_price(c) for c in APRIL.components}


def test_market_of__live_fork__has_the_mid_prices_of_its_pools(fork):
    """Where there is no published market, it is the pools' when the run begins."""
    uni = APRIL.component("UNI")
    pool = pool_at(uni.address, uni.exchange)
    before = market_of(APRIL).prices["UNI"]
    deal(addresses.WETH, pool.address, 10**21)
    pool.sync(sender=fork.get_test_account(0))
    market = market_of(APRIL)
    assert not market.published
    assert market.prices["UNI"] > before * Fraction(101, 100)
    for component in APRIL.components:
        held = reserves(component.address, component.exchange)
        mid = Fraction(held.weth, held.component)
        assert market.prices[component.symbol] == mid, component.symbol
        if component.symbol != "UNI":
            error = abs(mid / published_price(component) - 1)
            assert error < Fraction(1, 10**6), component.symbol


def test_arbitrageur__live_fork__stays_away(fork):
    """The live market's own traders move its pools; the arbitrageur is the embedded chain's."""
    assert rehearsal._arbitrageur(APRIL, 30) is None


def test_arbitrageur__embedded_chain__is_there_unless_left_out():
    """The band decides: None leaves him out."""
    assert rehearsal._arbitrageur(APRIL, 30) is not None
    assert rehearsal._arbitrageur(APRIL, None) is None


def test_value__rounds_down_whatever_the_decimals():
    """Base units of the component to wei."""
    market = Market({"A": Fraction(3, 2), "B": Fraction(1, 10**9)}, published=True)
    assert [market.value("A", amount) for amount in (0, 1, 3)] == [0, 1, 4]
    assert [market.value("B", amount) for amount in (10**9 - 1, 10**9)] == [0, 1]
