"""Execution parameters: derived from pools, checked against pools, read and written."""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit import parameters, venues
from indexkit.errors import IndexkitError
from indexkit.guarding import LEAST_DEPTH
from indexkit.localnet.paths import DATA
from indexkit.localnet.pools import plan_pools, reference_pools
from indexkit.parameters import Given, check_given, derive
from indexkit.pool_state import PoolState
from indexkit.rebalance_data import available, load

UNI = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
POOL = "0xd3d2E2692501A5c9Ca623199D38826e513033a17"
WAD = 10**18
SAMPLES = json.loads((DATA / "venue_samples.json").read_text())["samples"]
OTHER_COOL_OFF = ("REN", "KNC")
"""Components of IIP-6 whose published cool-off our rule does not give."""


@dataclass(frozen=True)
class Token:
    """A component."""

    symbol: str = "UNI"
    address: str = UNI
    decimals: int = 18


def pool(exchange, thousands, price=Fraction(1, 100)):
    """Return a pool of so many thousand UNI at a price {wei/comp}."""
    held = thousands * 1000 * WAD
    return PoolState(UNI, exchange, POOL, held, int(held * price))


UNISWAP, SUSHISWAP = pool("UniswapV2", 2010), pool("SushiSwap", 201)
BALANCER = pool("BalancerV1", 4020)


def test_derive__several_venues__takes_the_one_that_bears_most():
    """R-34: the largest buy for 50 basis points decides, and every venue is listed."""
    found = derive(Token(), [SUSHISWAP, UNISWAP, BALANCER])
    assert found.exchange == "BalancerV1"
    assert found.max_trade_size == 20_000 * WAD
    assert found.buy_impact == 5000
    assert found.depth == 2010 * 1000 // 20_000
    assert found.alternatives == (
        ("UniswapV2", 10_000 * WAD),
        ("SushiSwap", 1_000 * WAD),
        ("BalancerV1", 20_000 * WAD),
    )
    assert found.warnings == ()


def test_derive__equal_venues__takes_the_first_of_the_fixed_order():
    """R-34: two people derive the same, whatever order their nodes answered in."""
    found = derive(Token(), [replace(UNISWAP, exchange="SushiSwap"), UNISWAP])
    assert found.exchange == "UniswapV2"


@pytest.mark.parametrize("order", permutations([UNISWAP, SUSHISWAP, BALANCER]))
def test_derive__any_order_of_pools__gives_the_same_bytes(order):
    """R-34: deterministic."""
    expected = json.dumps(derive(Token(), [UNISWAP, SUSHISWAP, BALANCER]).to_json())
    assert json.dumps(derive(Token(), order).to_json()) == expected


@settings(max_examples=40, deadline=None)
@given(
    st.integers(10**9, 10**30),
    st.integers(10**9, 10**30),
    st.integers(1, 500),
    st.integers(1, 50).map(lambda weight: weight * WAD),
)
def test_derive__any_pool__bounds_the_impact_of_both_sides(component, weth, bps, weight):
    """R-34: the largest trade may be a sale as well."""
    held = PoolState(UNI, "BalancerV1", POOL, component, weth, weight, 10 * WAD, 3 * 10**15)
    try:
        found = derive(Token(), [held], bps, guarded=False)
    except IndexkitError:
        size = min(venues.largest_buy(held, Fraction(bps, 10**4)), component)
        assert size == 0 or component < 10**6
        return
    assert found.buy_impact <= 100 * bps
    assert found.sell_impact <= 100 * bps


@pytest.mark.parametrize("name", available())
def test_derive__published_rebalance__gives_its_exchanges_and_sizes(name):
    """R-34: in pools of the published depth the rule gives the published parameters."""
    rebalance = load(name)
    pools = [
        PoolState(p.component, p.exchange, p.address, p.component_reserve, p.weth_reserve)
        for p in (*plan_pools(rebalance), *reference_pools(rebalance))
    ]
    for component in rebalance.components:
        own = [p for p in pools if p.component == component.address]
        # A Balancer pool's reference pair is as deep, and the first of equals is the pair.
        others = [p for p in own if p.exchange != component.exchange]
        slightly_less = [replace(p, component_reserve=p.component_reserve - 999) for p in others]
        mine = [p for p in own if p.exchange == component.exchange]
        found = derive(component, mine + slightly_less)
        assert found.exchange == component.exchange, component.symbol
        assert found.max_trade_size == component.max_trade_size, component.symbol
        chosen = (component.exchange, component.max_trade_size, component.cool_off_period)
        assert check_given(component, Given(*chosen), own).warnings == ()


def sampled(sample):
    """Return the pools that bear what IIP-6 measured."""
    sizes = {name: Decimal(eth) for name, eth in sample["at_50_bps_eth"].items()}
    return {
        name: PoolState(UNI, name, POOL, *[int(201 * eth * WAD)] * 2) for name, eth in sizes.items()
    }


@pytest.mark.parametrize("sample", SAMPLES, ids=[s["symbol"] for s in SAMPLES])
def test_derive__liquidity_of_november_2020__gives_the_published_exchange(sample):
    """R-34: IIP-6's exchanges, and but for two its cool-offs, from IIP-6's own samples."""
    found = derive(Token(), sampled(sample).values(), guarded=False)
    assert found.exchange == sample["exchange"]
    same = found.cool_off_period == sample["cool_off_period"]
    assert same == (sample["symbol"] not in OTHER_COOL_OFF)


def test_cool_off__one_thin_venue__is_the_longest():
    """Ours: less than one WETH, and nobody to bring the price back."""
    thin = pool("UniswapV2", 20)
    assert derive(Token(), [thin]).cool_off_period == 1800
    assert derive(Token(), [pool("UniswapV2", 21)]).cool_off_period == 900
    assert derive(Token(), [thin, pool("SushiSwap", 1)]).cool_off_period == 900
    assert derive(Token(), [thin, pool("SushiSwap", 5)]).cool_off_period == 600


def test_derive__reference_pair_is_shallow__bounds_the_size_and_says_so():
    """R-34: the guard must be able to judge the largest trade."""
    shallow = pool("UniswapV2", 100)
    found = derive(Token(), [BALANCER, shallow])
    assert found.exchange == "BalancerV1"
    assert found.max_trade_size == 100_000 * WAD // LEAST_DEPTH
    assert found.depth == LEAST_DEPTH
    (warning,) = found.warnings
    assert f"to {5_000 * WAD} instead of {20_000 * WAD} base units" in warning
    unguarded = derive(Token(), [BALANCER, shallow], guarded=False)
    assert (unguarded.max_trade_size, unguarded.warnings) == (20_000 * WAD, ())


def test_derive__no_reference_pair__leaves_balancer_out():
    """R-34: what the guard cannot judge at all is not chosen."""
    assert derive(Token(), [BALANCER, SUSHISWAP]).exchange == "SushiSwap"
    with pytest.raises(IndexkitError, match="UNI: no venue bears a trade within 50 basis points"):
        derive(Token(), [BALANCER])


EMPTY = replace(UNISWAP, weth_reserve=0)
REFUSED = [
    ([], "UNI: there is no pool of it and WETH on UniswapV2, SushiSwap, BalancerV1: leave it out"),
    ([EMPTY], "UNI: the reserves of its pools .UniswapV2. are empty"),
    ([UNISWAP, UNISWAP], "UNI: there are two pools on UniswapV2: name one"),
    ([pool("UniswapV2", 1, Fraction(1, 70))], "UNI: the UniswapV2 pool's mid price is 1.429 times"),
    ([pool("UniswapV2", 1, Fraction(10**8))], "fits 8 decimals, not the 18 that were given"),
]


@pytest.mark.parametrize(("pools", "words"), REFUSED)
def test_derive__pools_that_make_no_sense__are_refused(pools, words):
    """R-34: one sentence names the component and the cause; given parameters as well."""
    for attempt in (
        lambda: derive(Token(), pools, market=Fraction(1, 100)),
        lambda: check_given(Token(), Given("UniswapV2", 1, 600), pools, market=Fraction(1, 100)),
    ):
        with pytest.raises(IndexkitError, match=words) as error:
            attempt()
        assert ". " not in error.value.message


def test_derive__an_empty_pool_beside_another__is_passed_over():
    """R-34: a dead venue does not stop the rest."""
    found = derive(Token(), [EMPTY, SUSHISWAP])
    assert found.exchange == "SushiSwap"
    assert [name for name, _ in found.alternatives] == ["SushiSwap"]


def test_check_given__double_the_size__has_double_the_impact_and_a_warning():
    """R-34: published parameters can be checked instead of derived."""
    found = check_given(Token(), Given("SushiSwap", 2_000 * WAD, 600), [SUSHISWAP, UNISWAP])
    assert found.max_trade_size == 2_000 * WAD
    assert found.buy_impact == 10051
    assert found.depth == 100
    assert found.warnings[0] == (
        "UNI: the largest buy moves the SushiSwap price by 100.51 basis points, more than 50.00."
    )
    assert "UniswapV2 bears" in found.warnings[-1]


def test_check_given__odd_cool_off__has_a_warning():
    """R-34: outside what was ever published."""
    for seconds, count in ((599, 1), (600, 0), (1800, 0), (1801, 1)):
        given_parameters = Given("UniswapV2", 10_000 * WAD, seconds)
        assert len(check_given(Token(), given_parameters, [UNISWAP]).warnings) == count


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (Given("Curve", 1, 600), "UNI: Curve is no exchange of the index module"),
        (Given("SushiSwap", 1, 600), "UNI: there is no pool with reserves on SushiSwap"),
        (Given("UniswapV2", 0, 600), "UNI: the largest trade 0 is not between 0 and"),
        (Given("UniswapV2", 2_010_000 * WAD, 600), "is not between 0 and"),
        (Given("UniswapV2", 100_501 * WAD, 600), "holds 19 largest trades, and must hold 20"),
        (Given("BalancerV1", 200_000 * WAD, 600), "holds 10 largest trades, and must hold 20"),
    ],
)
def test_check_given__what_cannot_be_traded__is_refused(chosen, words):
    """R-34: one sentence with the cause and the remedy."""
    with pytest.raises(IndexkitError, match=words):
        check_given(Token(), chosen, [UNISWAP, BALANCER])


def test_check_given__no_reference_pair__is_refused():
    """R-34: the guard has nothing to judge Balancer by."""
    with pytest.raises(IndexkitError, match="judges BalancerV1 by is missing"):
        check_given(Token(), Given("BalancerV1", WAD, 600), [BALANCER])
    assert check_given(Token(), Given("BalancerV1", WAD, 600), [BALANCER], guarded=False)


@pytest.mark.parametrize("pools", [[UNISWAP, BALANCER, SUSHISWAP], [BALANCER]])
def test_parameters_from_json__gives_back_what_was_written(pools):
    """R-34: the file of step three reads as it was written."""
    found = derive(Token(), pools, guarded=len(pools) > 1)
    content = json.loads(json.dumps(found.to_json()))
    assert parameters.parameters_from_json(content, "3-params.json, UNI") == found


@pytest.mark.parametrize(
    ("field", "value"),
    [("exchange", "Curve"), ("max_trade_size", "0"), ("cool_off_period", "600"), ("depth", "x")],
)
def test_parameters_from_json__wrong_field__is_refused(field, value):
    """R-34: one sentence names file, component and field."""
    content = derive(Token(), [UNISWAP]).to_json() | {field: value}
    with pytest.raises(IndexkitError, match=f"3-params.json, UNI: {field} is '{value}', not"):
        parameters.parameters_from_json(content, "3-params.json, UNI")
