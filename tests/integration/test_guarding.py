"""indexkit.guarding: the terms the scripts ask for, and what they refuse."""

from dataclasses import replace

import pytest

from indexkit import guarding, plan
from indexkit.errors import IndexkitError
from indexkit.localnet.arbitrage import reserves
from indexkit.market import market_of
from indexkit.rebalance_data import load

APRIL = load("dpi-2021-04")


def test_terms_for__published():
    """Two per cent a trade, one per cent of the traded value, half the thinnest pool (R-10)."""
    market = market_of(APRIL)
    terms = guarding.terms_for(APRIL, market)
    traded = sum(market.value(c.symbol, abs(c.notional)) for c in APRIL.components)
    thinnest = min(reserves(c.address, c.exchange).weth for c in APRIL.components)
    assert terms.max_deviation * 50 == plan.WAD
    assert terms.loss_budget == traded // 100
    assert 2 * terms.min_liquidity in (thinnest, thinnest - 1)


def test_terms_for__shallow_reference__raises():
    """A pool that one trade moves by more than 5 % judges nothing (R-10)."""
    shallow = [
        replace(c, max_trade_size=c.max_trade_size * (10 if c.symbol == "BAL" else 1))
        for c in APRIL.components
    ]
    guarding.terms_for(replace(APRIL, components=tuple(shallow)), market_of(APRIL))
    shallow = [
        replace(c, max_trade_size=c.max_trade_size * (11 if c.symbol == "BAL" else 1))
        for c in APRIL.components
    ]
    with pytest.raises(IndexkitError, match=r"^The UniswapV2 pool of BAL holds .* WETH, less"):
        guarding.terms_for(replace(APRIL, components=tuple(shallow)), market_of(APRIL))


def test_require_guard__none__raises(index_module, set_token):
    """Nobody trades unguarded by accident (R-10)."""
    index = type("Index", (), {"module": index_module, "token": set_token})()
    with pytest.raises(IndexkitError, match=r"are not guarded, .* or say --unguarded\.$"):
        guarding.require_guard(index)
