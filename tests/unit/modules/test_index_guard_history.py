"""ExecutionGuard: which readings it takes, how long they serve, which pools it does not read."""

import ape
import pytest
from ape import project

from indexkit import deploy
from indexkit.localnet import addresses, deal, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import PAIR_CODE_HASHES

WINDOW = deploy.GUARD_WINDOW_S
UNISWAP, SUSHISWAP = 1, 2
E18 = 10**18


@pytest.fixture
def uni(components):
    """Return a component with a pair on Uniswap, and none on SushiSwap."""
    return components[1]


@pytest.fixture
def at(chain):
    """Return a function that lets the next block have a time {s}."""

    def set_time(time):
        chain.pending_timestamp = time

    return set_time


@pytest.fixture
def observe(protocol, uni, stranger, at, chain):
    """Return a function that asks for a reading of the pair, at a time {s}, and gives that time."""
    pair = protocol.guard.referencePair(UNISWAP, uni)

    def ask(time):
        at(time)
        return protocol.guard.observe([pair], sender=stranger).timestamp

    return ask


@pytest.fixture
def price(protocol, uni, at, chain):
    """Return a function that asks for the price at a time {s}."""

    def ask(time):
        chain.mine(timestamp=time)
        return protocol.guard.expectedQuantity(UNISWAP, uni, addresses.WETH, E18)

    return ask


@pytest.fixture
def pool(protocol, uni, weth, stranger):
    """Create the component's pair on SushiSwap; it holds nothing."""
    factory = contract_at(artifact(protocols.UNISWAP_FACTORY), addresses.SUSHISWAP_FACTORY)
    factory.createPair(uni, weth, sender=stranger)
    pair = protocol.guard.referencePair(SUSHISWAP, uni)
    return contract_at(artifact(protocols.UNISWAP_PAIR), pair)


def test_expected_quantity__first_and_last_second(observe, price, chain):
    """A reading serves from exactly one window to exactly four (R-10, S-157)."""
    first = observe(chain.pending_timestamp)
    with ape.reverts("Price history too short"):
        price(first + WINDOW - 1)
    assert price(first + WINDOW) == price(first + 4 * WINDOW)
    with ape.reverts("Price history too old"):
        price(first + 4 * WINDOW + 1)


@pytest.mark.parametrize("age", [WINDOW - 1, WINDOW])
def test_observe__one_reading_per_window(observe, price, chain, age):
    """The second reading is taken when the first is a window old, and not a second before.

    S-159.
    """
    first = observe(chain.pending_timestamp)
    observe(first + age)
    if age == WINDOW:
        assert price(first + 4 * WINDOW + 1) == price(first + 5 * WINDOW)
    else:
        with ape.reverts("Price history too old"):
            price(first + 4 * WINDOW + 1)


def test_observe__third_reading_takes_the_place_of_the_first(observe, price, chain):
    """The younger of two old readings counts, also after they have changed places."""
    first = observe(chain.pending_timestamp)
    for windows in (1, 2, 3):
        observe(first + windows * WINDOW)
        assert price(first + windows * WINDOW + 1) > 0
    assert price(first + 7 * WINDOW) > 0
    with ape.reverts("Price history too old"):
        price(first + 7 * WINDOW + 1)


def test_check_trade__takes_a_reading(
    protocol, ready, start, components, units, manager, trader, observe, price, at, chain
):
    """Whoever trades at least once in four windows needs nobody to observe (R-10)."""
    guard, uni = protocol.guard, components[1]
    guard.configure(ready, 10**16, 0, 10**20, sender=manager)
    ready.setGuard(guard, sender=manager)
    ready.setTradeMaximums([uni], [E18], sender=manager)
    start((uni, units[1] // 2))
    first = observe(chain.pending_timestamp)
    at(first + 3 * WINDOW)
    ready.trade(uni, sender=trader)
    at(first + 6 * WINDOW)
    ready.trade(uni, sender=trader)
    assert price(first + 10 * WINDOW) > 0
    with ape.reverts("Price history too old"):
        price(first + 10 * WINDOW + 1)


def test_observe__empty_pool__reverts(protocol, pool, stranger):
    """A pool without reserves adds no price up: a reading of it would make the mean too low."""
    with ape.reverts("Reference pool too thin"):
        protocol.guard.observe([pool], sender=stranger)


@pytest.mark.parametrize("side", [0, 1])
def test_observe__pool_with_one_side__reverts(protocol, pool, uni, weth, stranger, side):
    """Nor does a pool that holds only one of its tokens."""
    token = (uni, weth)[side]
    deal(token, stranger, E18)
    token.transfer(pool, E18, sender=stranger)
    pool.sync(sender=stranger)
    with ape.reverts("Reference pool too thin"):
        protocol.guard.observe([pool], sender=stranger)


def test_expected_quantity__smallest_pool(protocol, pool, uni, weth, stranger, chain):
    """One base unit is a reserve: how much is enough the manager says, not the history."""
    for token, amount in ((uni, 1), (weth, 10**7)):
        deal(token, stranger, amount)
        token.transfer(pool, amount, sender=stranger)
    pool.mint(stranger, sender=stranger)
    first = protocol.guard.observe([pool], sender=stranger).timestamp
    chain.mine(timestamp=first + WINDOW)
    assert protocol.guard.expectedQuantity(SUSHISWAP, uni, weth, 3) == 3 * 10**7


@pytest.mark.parametrize("window", [0, 1])
def test_init__window(owner, window):
    """A mean over no time is none."""
    venues = (addresses.WETH, addresses.UNISWAP_V2_FACTORY, addresses.SUSHISWAP_FACTORY)
    hashes = [bytes.fromhex(PAIR_CODE_HASHES[name]) for name in ("UniswapV2", "SushiSwap")]
    if window:
        guard = owner.deploy(project.ExecutionGuard, *venues, *hashes, window)
        assert guard.window() == window
    else:
        with ape.reverts("Window must be > 0"):
            owner.deploy(project.ExecutionGuard, *venues, *hashes, window)
