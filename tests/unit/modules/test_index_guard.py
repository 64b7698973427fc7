"""ExecutionGuard: what it lets an index trade, and what it refuses."""

import ape
import pytest

from indexkit import deploy, plan
from indexkit.localnet import addresses, advance, deal, token_at
from indexkit.localnet.arbitrage import pool_at

E18 = 10**18
WINDOW = deploy.GUARD_WINDOW_S
DEVIATION = 10**16
LIQUIDITY = 10**18
BUDGET = 10**20
YFI, UNI, AAVE, BAL = range(4)
Q112 = 2**112


def pair_of(component):
    """Return the Uniswap pair of a component, and whether the component is its token0."""
    return pool_at(component.address, "UniswapV2"), int(component.address, 16) < int(
        addresses.WETH, 16
    )


def reserves_of(component):
    """Return what the Uniswap pair holds {comp}, {weth}."""
    pair, first = pair_of(component)
    one, other, _ = pair.getReserves()
    return (one, other) if first else (other, one)


@pytest.fixture
def guarded(ready, protocol, start, components, units, exchanges, manager, trader):
    """Halve the UNI, double the AAVE, sell half the BAL; a window's history is there."""
    protocol.guard.configure(ready, DEVIATION, LIQUIDITY, BUDGET, sender=manager)
    ready.setGuard(protocol.guard, sender=manager)
    ready.setTradeMaximums(components, [E18 // 10, E18, E18 // 100, E18], sender=manager)
    start(
        (components[UNI], units[UNI] // 2),
        (components[AAVE], units[AAVE] * 11 // 10),
        (components[BAL], units[BAL] // 2),
    )
    pairs = [
        protocol.guard.referencePair(deploy.EXCHANGE_IDS[exchange], component)
        for component, exchange in zip(components, exchanges, strict=True)
    ]
    protocol.guard.observe(pairs, sender=trader)
    advance(WINDOW)
    return ready


@pytest.fixture
def judged(guarded, protocol, set_token, components):
    """Return a function that has the guard judge a sale of UNI as if the module had asked."""
    sender = ape.accounts.test_accounts.impersonate_account(guarded.address)
    nonce = guarded.rebalanceNonce()

    def judge(sold, bought, nonce=nonce, sell=components[UNI], buy=addresses.WETH, exchange=1):
        return protocol.guard.checkTrade(
            set_token, nonce, exchange, sell, buy, sold, bought, sender=sender
        )

    return judge


@pytest.fixture
def move(stranger):
    """Return a function that trades in the Uniswap pair of a component as a stranger."""

    def swap(component, amount, *, buy=False):
        pair, first = pair_of(component)
        held, weth = reserves_of(component)
        paid = token_at(addresses.WETH) if buy else component
        deal(paid, stranger, amount)
        paid.transfer(pair, amount, sender=stranger)
        out = plan.amount_out(amount, *((weth, held) if buy else (held, weth)))
        pair.swap(*((out, 0) if first == buy else (0, out)), stranger, b"", sender=stranger)
        return out

    return swap


def checked(receipt, guard):
    """Return the guard's one log in a receipt."""
    (log,) = receipt.events.filter(guard.TradeChecked)
    return log


def test_trade__guarded_sale(guarded, protocol, set_token, components, trader):
    """A sale at the market's price passes, and what it lost to fee and impact is counted (R-10)."""
    uni, guard = components[UNI], protocol.guard
    held, weth = reserves_of(uni)

    receipt = guarded.trade(uni, sender=trader)

    (executed,) = receipt.events.filter(guarded.TradeExecuted)
    assert executed._amountSold == E18
    # The price stood still: the mean is the price, rounded down as the pair rounds it.
    expected = E18 * (weth * Q112 // held) // Q112
    loss = expected - executed._amountBought
    nonce = guarded.rebalanceNonce()
    assert checked(receipt, guard) == guard.TradeChecked(
        _module=guarded,
        _index=set_token,
        _nonce=nonce,
        _sellComponent=uni,
        _buyComponent=addresses.WETH,
        _expected=expected,
        _loss=loss,
        _totalLoss=loss,
    )
    assert 3 * expected < 1000 * loss < 4 * expected
    assert guard.totalLoss(guarded, set_token, nonce) == loss


def test_trade__guarded_purchase(guarded, protocol, components, exchanges, trader):
    """A purchase's loss is the part of the WETH that brought nothing, rounded up (R-10)."""
    for _ in range(3):
        guarded.trade(components[UNI], sender=trader)
    aave, guard = components[AAVE], protocol.guard
    exchange = deploy.EXCHANGE_IDS[exchanges[AAVE]]
    price = guard.expectedQuantity(exchange, addresses.WETH, aave, Q112)
    receipt = guarded.trade(aave, sender=trader)

    (executed,) = receipt.events.filter(guarded.TradeExecuted)
    log = checked(receipt, guard)
    assert executed._amountBought == E18 // 100
    # The price stood still: what was bought is worth that much, rounded down twice.
    worth = executed._amountBought * Q112 // price
    assert log._loss == executed._amountSold - worth
    assert 0 < log._loss < executed._amountSold // 100


def test_trade__guarded_on_balancer(guarded, protocol, components, trader):
    """What trades on Balancer is judged by its Uniswap pair (R-10, S-161)."""
    bal, guard = components[BAL], protocol.guard
    assert guard.referencePair(3, bal) == pair_of(bal)[0].address
    held, weth = reserves_of(bal)
    log = checked(guarded.trade(bal, sender=trader), guard)
    assert log._expected == E18 * (weth * Q112 // held) // Q112


def test_trade__sandwiched__reverts(guarded, components, move, trader):
    """A pool moved right before the trade does not move the mean (V-3, S-158)."""
    uni = components[UNI]
    move(uni, reserves_of(uni)[0] // 100)
    with ape.reverts("Price outside guard"):
        guarded.trade(uni, sender=trader)


def test_trade__moved_in_the_index_favour(guarded, protocol, components, move, trader):
    """A better price than the reference is no loss, and earns none of the budget back (R-10).

    S-156.
    """
    uni = components[UNI]
    move(uni, reserves_of(uni)[1] // 50, buy=True)
    log = checked(guarded.trade(uni, sender=trader), protocol.guard)
    assert (log._loss, log._totalLoss) == (0, 0)


def test_check_trade__deviation_to_the_wei(judged, protocol, components):
    """Exactly the largest deviation passes, one base unit more does not (R-10, S-155)."""
    expected = protocol.guard.expectedQuantity(1, components[UNI], addresses.WETH, E18)
    held, weth = reserves_of(components[UNI])
    value = E18 * (weth * Q112 // held)
    assert value // Q112 == expected
    least = plan.div_ceil(value * (E18 - DEVIATION), E18 * Q112)
    judged(E18, least)
    with ape.reverts("Price outside guard"):
        judged(E18, least - 1)


def test_check_trade__budget_to_the_wei(judged, guarded, protocol, components, manager):
    """The budget may be used up, not exceeded; a new rebalance has a new one (R-10, I-14).

    S-156.
    """
    guard, nonce = protocol.guard, guarded.rebalanceNonce()
    expected = guard.expectedQuantity(1, components[UNI], addresses.WETH, E18)
    loss = expected // 200
    guard.configure(guarded, DEVIATION, LIQUIDITY, 2 * loss, sender=manager)
    judged(E18, expected - loss)
    judged(E18, expected - loss)
    judged(E18, expected)
    with ape.reverts("Loss budget used up"):
        judged(E18, expected - 1)
    judged(E18, expected - loss, nonce=nonce + 1)


def test_check_trade__parts_of_a_base_unit(judged, guarded, protocol, components, manager):
    """Paying for almost two base units and getting one is no fair trade: no token is too coarse."""
    guard, yfi = protocol.guard, components[YFI]
    # {weth} for one base unit of YFI, rounded up
    price = guard.expectedQuantity(2, yfi, addresses.WETH, 1) + 1
    assert price > 10
    order = {"sell": addresses.WETH, "buy": yfi, "exchange": 2}
    guard.configure(guarded, 2 * 10**17, LIQUIDITY, 2, sender=manager)
    assert guard.expectedQuantity(2, addresses.WETH, yfi, 2 * price - 3) == 1
    with ape.reverts("Price outside guard"):
        judged(2 * price - 3, 1, **order)
    with ape.reverts("Loss budget used up"):
        judged(price + 2, 1, **order)
    assert checked(judged(price + 1, 1, **order), guard)._loss == 2


def test_observe__no_pool__reverts(protocol, components, trader):
    """Where there is no pair there is no reference (R-10)."""
    guard, uni = protocol.guard, components[UNI]
    with ape.reverts("Reference pool missing"):
        guard.expectedQuantity(2, uni, addresses.WETH, 1)
    with ape.reverts("Reference pool missing"):
        guard.observe([guard.referencePair(2, uni)], sender=trader)


def test_check_trade__ages_of_history(ready, protocol, components, trader, stranger):
    """A reading serves from one window to four; younger ones of strangers don't push it out.

    S-157.
    """
    guard, uni = protocol.guard, components[UNI]
    pair, _ = pair_of(uni)
    quantity = (1, uni, addresses.WETH, E18)
    with ape.reverts("Price history too short"):
        guard.expectedQuantity(*quantity)
    first = guard.observe([pair], sender=trader).timestamp

    def at(age):
        advance(first + age - ape.chain.provider.get_block("latest").timestamp)

    at(WINDOW - 2)
    guard.observe([pair], sender=stranger)
    with ape.reverts("Price history too short"):
        guard.expectedQuantity(*quantity)
    at(WINDOW)
    price = guard.expectedQuantity(*quantity)
    at(WINDOW + 10)
    guard.observe([pair], sender=stranger)
    for age in (WINDOW + 20, 2 * WINDOW + 5, 2 * WINDOW + 20):
        at(age)
        assert guard.expectedQuantity(*quantity) == price
    at(5 * WINDOW + 12)
    with ape.reverts("Price history too old"):
        guard.expectedQuantity(*quantity)


def test_expected_quantity__a_price_held_for_a_while(guarded, protocol, components, move):
    """Holding a price for a part f of the time lowers the reference by f, however low it is."""
    guard, uni = protocol.guard, components[UNI]
    before = guard.expectedQuantity(1, uni, addresses.WETH, E18)
    move(uni, reserves_of(uni)[0] * 30)
    assert reserves_of(uni)[1] * E18 // reserves_of(uni)[0] < before // 500
    advance(WINDOW // 100)
    after = guard.expectedQuantity(1, uni, addresses.WETH, E18)
    assert before * 98 // 100 < after < before * 995 // 1000


def test_expected_quantity__a_pair_that_just_changed(guarded, protocol, components, stranger):
    """It makes no difference whether the pair has added its price up already."""
    guard, uni = protocol.guard, components[UNI]
    pair, _ = pair_of(uni)
    advance(100)
    before = guard.expectedQuantity(1, uni, addresses.WETH, E18)
    pair.sync(sender=stranger)
    assert guard.expectedQuantity(1, uni, addresses.WETH, E18) == before


def test_check_trade__thin_pool__reverts(judged, guarded, protocol, components, manager):
    """The reference pool must hold the WETH that was asked for, to the wei (R-10, S-160)."""
    weth = reserves_of(components[UNI])[1]
    protocol.guard.configure(guarded, DEVIATION, weth, BUDGET, sender=manager)
    expected = protocol.guard.expectedQuantity(1, components[UNI], addresses.WETH, E18)
    judged(E18, expected)
    protocol.guard.configure(guarded, DEVIATION, weth + 1, BUDGET, sender=manager)
    with ape.reverts("Reference pool too thin"):
        judged(E18, expected)


def test_check_trade__not_configured__reverts(
    ready, protocol, start, components, units, manager, trader
):
    """A guard that nobody gave bounds lets nothing pass (S-163)."""
    start((components[UNI], units[UNI] // 2))
    ready.setGuard(protocol.guard, sender=manager)
    with ape.reverts("Guard not configured"):
        ready.trade(components[UNI], sender=trader)


def test_configure__plain(ready, protocol, set_token, manager):
    """The bounds are the manager's, for this module and index (R-10)."""
    guard = protocol.guard
    assert tuple(guard.getBounds(ready, set_token)) == (0, 0, 0)
    receipt = guard.configure(ready, 2 * 10**17, 2**96 - 1, 2**96 - 1, sender=manager)
    assert receipt.events == [
        guard.GuardConfigured(
            _module=ready,
            _index=set_token,
            _maxDeviation=2 * 10**17,
            _minLiquidity=2**96 - 1,
            _lossBudget=2**96 - 1,
        )
    ]
    assert tuple(guard.getBounds(ready, set_token)) == (2 * 10**17, 2**96 - 1, 2**96 - 1)


@pytest.mark.parametrize(
    ("bounds", "reason"),
    [
        ((0, 0, 0), "Deviation must be > 0"),
        ((2 * 10**17 + 1, 0, 0), "Deviation too large"),
        ((1, 2**96, 0), "Quantity too large"),
        ((1, 0, 2**96), "Quantity too large"),
    ],
)
def test_configure__out_of_bounds__reverts(ready, protocol, manager, bounds, reason):
    """More than a fifth is no guard; what does not fit is not cut (S-162)."""
    with ape.reverts(reason):
        protocol.guard.configure(ready, *bounds, sender=manager)


def test_configure__not_the_manager__reverts(ready, protocol, trader, owner, stranger):
    """Neither traders nor the protocol's owner set the bounds (I-20, S-162)."""
    for sender in (trader, owner, stranger):
        with ape.reverts("Must be the SetToken manager"):
            protocol.guard.configure(ready, DEVIATION, 0, BUDGET, sender=sender)
