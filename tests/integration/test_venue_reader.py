"""Pools read from the chain, and their quotes against the exchanges' own."""

from fractions import Fraction

import pytest
from eth_utils import to_checksum_address

from indexkit import venues
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, protocols, selected_market
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import BALANCER_FEE, BALANCER_WEIGHT, FACTORIES, ROUTERS, plan_pools
from indexkit.pool_state import BALANCER_V1, UNISWAP_V2
from indexkit.venue_reader import read_pool, read_pools

MARKET = selected_market()
SYMBOLS = [component.symbol for component in MARKET.components]
SHARES = (Fraction(1, 10**6), Fraction(1, 201), Fraction(1, 20))


def token_of(symbol):
    """Return a component's address."""
    return to_checksum_address(MARKET.component(symbol).address)


def state_of(symbol):
    """Read the component's pool on its published exchange."""
    return read_pool(token_of(symbol), MARKET.component(symbol).exchange)


def test_read_pools__localnet__finds_every_pool_and_no_other():
    """R-34: one pool each where it was traded, and the pairs the guard judges Balancer by."""
    pools = read_pools(token_of(symbol) for symbol in SYMBOLS)
    traded = {(pool.component, pool.exchange) for pool in plan_pools(MARKET)}
    judged = {(token, UNISWAP_V2) for token, exchange in traded if exchange == BALANCER_V1}
    assert {(pool.component, pool.exchange) for pool in pools} == traded | judged
    assert len(pools) == len(traded | judged)
    for planned in plan_pools(MARKET):
        found = read_pool(planned.component, planned.exchange)
        assert found.address == planned.address
        assert found.component_reserve == planned.component_reserve
        assert found.weth_reserve == planned.weth_reserve


def test_read_pool__balancer__has_weights_and_fee():
    """R-34: what a quote needs besides the reserves."""
    pool = state_of("BAL")
    assert pool.component_weight == pool.weth_weight == BALANCER_WEIGHT
    assert pool.fee == BALANCER_FEE


def test_read_pool__of_weth_itself__is_none():
    """There is no pool of WETH against WETH."""
    assert read_pools([addresses.WETH]) == ()


def test_read_pool__unknown_exchange__is_refused():
    """R-34: one sentence."""
    with pytest.raises(IndexkitError, match="Curve is no exchange whose pools can be read"):
        read_pool(token_of("UNI"), "Curve")


@pytest.mark.parametrize("symbol", [s for s in SYMBOLS if s != "BAL"])
def test_quotes__pairs__equal_the_routers(symbol):
    """R-34: to the wei, both directions, up to a twentieth of the pool."""
    pool, token = state_of(symbol), token_of(symbol)
    assert pool.exchange in FACTORIES
    router = contract_at(artifact(protocols.UNISWAP_ROUTER), ROUTERS[pool.exchange])
    for share in SHARES:
        amount, weth = int(pool.component_reserve * share), int(pool.weth_reserve * share)
        buy = router.getAmountsIn(amount, [addresses.WETH, token])[0]
        assert venues.cost_of_buy(pool, amount) == buy
        sale = router.getAmountsOut(amount, [token, addresses.WETH])[1]
        assert venues.proceeds_of_sale(pool, amount) == sale
        rest = router.getAmountsOut(weth, [addresses.WETH, token])[1]
        assert venues.bought_with(pool, weth) == rest


@pytest.fixture
def uneven_pool(owner):
    """Create a Balancer pool of UNI with three parts of it to one of WETH, and a fee of 0.10 %."""
    factory = contract_at(artifact(protocols.BALANCER_FACTORY), addresses.BALANCER_FACTORY)
    receipt = factory.newBPool(sender=owner)
    address = next(log.pool for log in receipt.events if log.event_name == "LOG_NEW_POOL")
    return contract_at(artifact(protocols.BALANCER_POOL), address)


@pytest.mark.parametrize("share", SHARES)
def test_quotes__balancer__lie_within_the_bound(share):
    """R-34: the exchange proxy's view answers, both directions."""
    pool, token = state_of("BAL"), token_of("BAL")
    proxy = contract_at(artifact(protocols.BALANCER_PROXY), addresses.BALANCER_EXCHANGE_PROXY)
    amount, weth = int(pool.component_reserve * share), int(pool.weth_reserve * share)
    buy = proxy.viewSplitExactOut(addresses.WETH, token, amount, 1)[1]
    sale = proxy.viewSplitExactIn(token, addresses.WETH, amount, 1)[1]
    rest = proxy.viewSplitExactIn(addresses.WETH, token, weth, 1)[1]
    bound = venues.balancer_bound(pool)
    assert abs(venues.cost_of_buy(pool, amount) - buy) <= bound
    assert abs(venues.proceeds_of_sale(pool, amount) - sale) <= bound
    bound = venues.balancer_bound(venues.mirrored(pool))
    assert abs(venues.bought_with(pool, weth) - rest) <= bound


@pytest.mark.parametrize("share", SHARES)
def test_quotes__unequal_weights__lie_within_the_bound(share, uneven_pool):
    """R-34: the pool's own view functions, three parts of the component to one of WETH."""
    weights, reserves, fee = (30 * 10**18, 10 * 10**18), (10**24, 10**22), 10**15
    pool = venues.PoolState(
        token_of("BAL"), BALANCER_V1, str(uneven_pool.address), *reserves, *weights, fee
    )
    amount = int(reserves[0] * share)
    held = (reserves[1], weights[1], reserves[0], weights[0])
    buy = uneven_pool.calcInGivenOut(*held, amount, fee)
    sale = uneven_pool.calcOutGivenIn(*held[2:], *held[:2], amount, fee)
    assert abs(venues.cost_of_buy(pool, amount) - buy) <= venues.balancer_bound(pool)
    assert abs(venues.proceeds_of_sale(pool, amount) - sale) <= venues.balancer_bound(pool)
