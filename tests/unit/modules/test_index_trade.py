"""SingleIndexModule: trades on the real Uniswap V2, SushiSwap and Balancer V1."""

import pytest

from indexkit import plan
from indexkit.localnet import addresses, deal, token_at
from indexkit.localnet.pools import ROUTERS, pair_address

E18 = 10**18
MAX = 2**256 - 1
YFI, UNI, AAVE, BAL = range(4)


def unit_after(before, after, unit, supply):
    """Return a unit from the balances around a trade, D18{comp/set}; a donation stays outside."""
    excess = before - unit * supply // E18
    return (after - excess) * E18 // supply if after else 0


def unit_of(set_token, token):
    """Return the real unit of a component D18{comp/set}."""
    return set_token.getDefaultPositionRealUnit(token)


def swapped(set_token, *edits):
    """Return the logs of the units after a trade: (token, unit, whether it enters the list)."""
    logs = []
    for token, unit, entered in edits:
        if entered:
            logs.append(set_token.ComponentAdded(_component=token))
        if unit == 0:
            logs.append(set_token.ComponentRemoved(_component=token))
        logs.append(set_token.DefaultPositionUnitEdited(_component=token, _realUnit=unit))
    return logs


def own_events(receipt, logs, set_token, module):
    """Return our logs of a trade without those of what the SetToken invoked at Balancer."""
    return [log for log in logs(receipt, set_token, module) if log.event_name != "Invoked"]


def assert_no_allowance(set_token, *tokens):
    """No venue may take anything any more (V-4, I-13)."""
    spenders = [*ROUTERS.values(), addresses.BALANCER_EXCHANGE_PROXY]
    spenders += [pair_address(e, t.address) for e in ROUTERS for t in tokens[:1]]
    for token in tokens:
        assert [token.allowance(set_token, spender) for spender in spenders] == [0] * len(spenders)


@pytest.fixture
def funded(ready, start, set_token, components, units, trader):
    """Sell half the UNI: the SetToken has cash to buy with."""
    start((components[UNI], units[UNI] // 2))
    ready.trade(components[UNI], sender=trader)
    return ready


@pytest.mark.parametrize("place", [YFI, UNI, AAVE, BAL], ids=["YFI", "UNI", "AAVE", "BAL"])
def test_trade__sale(
    ready,
    start,
    quote,
    set_token,
    components,
    units,
    exchanges,
    weth,
    trader,
    logs,
    accounted,
    place,
):
    """Sells exactly what is too much, for what the exchange itself quotes; cash enters (R-08).

    S-139.
    """
    token, unit, target = components[place], units[place], units[place] * 2 // 3
    supply, before = set_token.totalSupply(), token.balanceOf(set_token)
    others = [c.balanceOf(set_token) for c in components if c != token]
    start((token, target))
    size = -plan.trade_size(supply, unit, target, MAX)
    bought = quote(exchanges[place], token, weth, size, True)

    receipt = ready.trade(token, sender=trader)

    cash = bought * E18 // supply
    assert own_events(receipt, logs, set_token, ready) == [
        *swapped(set_token, (token, target, False), (weth, cash, True)),
        ready.TradeExecuted(
            _executor=trader,
            _sellComponent=token,
            _buyComponent=weth,
            _amountSold=size,
            _amountBought=bought,
        ),
    ]
    assert token.balanceOf(set_token) == before - size
    assert weth.balanceOf(set_token) == bought
    assert set_token.getComponents() == [*components, weth]
    assert [unit_of(set_token, token), unit_of(set_token, weth)] == [target, cash]
    assert ready.assetInfo(token)[3] == receipt.timestamp
    assert [c.balanceOf(set_token) for c in components if c != token] == others
    assert_no_allowance(set_token, token, weth)
    accounted(set_token)


@pytest.mark.parametrize("place", [YFI, AAVE, BAL, UNI], ids=["YFI", "AAVE", "BAL", "UNI"])
def test_trade__purchase(
    funded, start, quote, set_token, components, exchanges, weth, trader, logs, accounted, place
):
    """Buys exactly what is missing, for what the exchange itself asks (R-08, S-139)."""
    token = components[place]
    unit, supply = unit_of(set_token, token), set_token.totalSupply()
    target = unit + unit // 7 + 1
    start((token, target))
    size = plan.trade_size(supply, unit, target, MAX)
    cost = quote(exchanges[place], weth, token, size, False)
    before = token.balanceOf(set_token), weth.balanceOf(set_token)
    cash_before = unit_of(set_token, weth)

    receipt = funded.trade(token, sender=trader)

    cash = unit_after(before[1], before[1] - cost, cash_before, supply)
    assert own_events(receipt, logs, set_token, funded) == [
        *swapped(set_token, (weth, cash, False), (token, target, False)),
        funded.TradeExecuted(
            _executor=trader,
            _sellComponent=weth,
            _buyComponent=token,
            _amountSold=cost,
            _amountBought=size,
        ),
    ]
    assert token.balanceOf(set_token) == before[0] + size
    assert weth.balanceOf(set_token) == before[1] - cost
    assert [unit_of(set_token, token), unit_of(set_token, weth)] == [target, cash]
    assert funded.assetInfo(token)[3] == receipt.timestamp
    assert_no_allowance(set_token, token, weth)
    accounted(set_token)


@pytest.mark.parametrize("exact_in", [True, False], ids=["sale", "purchase"])
def test_trade__what_the_set_token_tells_balancer(
    funded, start, set_token, components, units, weth, trader, logs, exact_in
):
    """Approve and swap, nothing else: the proxy uses up what it was allowed (V-4, S-143)."""
    token = components[BAL]
    start((token, units[BAL] // 2 if exact_in else units[BAL] + units[BAL] // 10))
    receipt = funded.trade(token, sender=trader)
    calls = [log for log in logs(receipt, set_token) if log.event_name == "Invoked"]
    sold = token if exact_in else weth
    targets = [sold, addresses.BALANCER_EXCHANGE_PROXY]
    assert [call._target for call in calls] == targets
    assert [call._value for call in calls] == [0, 0]
    assert_no_allowance(set_token, token, weth)


@pytest.mark.parametrize("place", [UNI, AAVE, BAL], ids=["UNI", "AAVE", "BAL"])
def test_trade__largest_size(
    ready, start, set_token, components, units, manager, trader, issuer, protocol, place
):
    """Full trades, then what remains; the target is reached exactly, at any supply (I-12).

    S-138.
    """
    token, unit = components[place], units[place]
    protocol.issuance.issue(set_token, 7 * E18 + 123_456_789, issuer, sender=issuer)
    supply, target = set_token.totalSupply(), unit * 3 // 4 + 1
    start((token, target))
    largest = -plan.trade_size(supply, unit, target, MAX) * 2 // 5
    ready.setTradeMaximums([token], [largest], sender=manager)
    for _ in range(3):
        current = unit_of(set_token, token)
        expected = -plan.trade_size(supply, current, target, largest)
        receipt = ready.trade(token, sender=trader)
        (trade,) = receipt.events.filter(ready.TradeExecuted)
        assert trade._amountSold == expected <= largest
    assert unit_of(set_token, token) == target


def test_trade__whole_position(ready, start, set_token, components, trader, accounted):
    """A sold-out component leaves the index's list but stays in the rebalance's (R-08, I-05)."""
    token = components[AAVE]
    start((token, 0))
    ready.trade(token, sender=trader)
    assert token.balanceOf(set_token) == unit_of(set_token, token) == 0
    kept = [components[YFI], components[UNI], components[BAL]]
    assert set(set_token.getComponents()) == {c.address for c in kept} | {addresses.WETH}
    assert not set_token.isComponent(token)
    rebalanced = ready.getRebalanceComponents()
    assert set(rebalanced) == {c.address for c in components}
    assert [ready.rebalanceComponents(i) for i in range(4)] == list(rebalanced)
    accounted(set_token)


def test_trade__new_component(
    funded, start, quote, published, set_token, components, weth, manager, trader, accounted
):
    """A component the index never held enters the list with its first purchase (R-08)."""
    about = published.component("COMP")
    token, target = token_at(about.address), about.target_unit
    start(new=[(token, target)])
    assert list(funded.getRebalanceComponents()) == [*components, token]
    funded.setExchanges([token], [2], sender=manager)
    half = set_token.totalSupply() * target // E18 // 2 + 1_000
    funded.setTradeMaximums([token], [half], sender=manager)
    cost = quote(about.exchange, weth, token, half, False)
    cash = weth.balanceOf(set_token)
    funded.trade(token, sender=trader)
    assert (token.balanceOf(set_token), cash - weth.balanceOf(set_token)) == (half, cost)
    assert set_token.getComponents() == [*components, weth, token]
    funded.trade(token, sender=trader)
    assert unit_of(set_token, token) == target
    assert list(funded.getRebalanceComponents()) == [*components, token]
    accounted(set_token)


def test_trade__last_cash_leaves_the_list(funded, start, set_token, components, weth, trader):
    """A purchase that takes all the WETH removes it from the components (I-05)."""
    token = components[UNI]
    assert set_token.isComponent(weth)
    start((token, 2 * unit_of(set_token, token)))
    funded.tradeRemainingWETH(token, sender=trader)
    assert unit_of(set_token, weth) == 0
    assert set_token.getComponents() == components


@pytest.mark.parametrize("place", [UNI, BAL], ids=["pair", "Balancer"])
@pytest.mark.parametrize("sells", [True, False], ids=["sale", "purchase"])
def test_trade__donations(
    funded, start, quote, set_token, components, exchanges, weth, trader, accounted, place, sells
):
    """What a stranger sent in changes neither sizes nor units; it stays where it is (I-09)."""
    token, gift = components[place], 5 * E18 + 3
    supply, unit = set_token.totalSupply(), unit_of(set_token, token)
    target = unit // 2 if sells else unit + unit // 9
    start((token, target))
    cash, outside = unit_of(set_token, weth), weth.balanceOf(set_token)
    deal(token, set_token, gift)
    deal(weth, set_token, gift)
    size = abs(plan.trade_size(supply, unit, target, MAX))
    pair = (token, weth) if sells else (weth, token)
    other = quote(exchanges[place], *pair, size, sells)
    funded.trade(token, sender=trader)
    assert unit_of(set_token, token) == target
    moved = other if sells else -other
    assert unit_of(set_token, weth) == unit_after(outside, outside + moved, cash, supply)
    assert weth.balanceOf(set_token) == outside + moved + gift
    assert token.balanceOf(set_token) == target * supply // E18 + gift
    accounted(set_token)


def test_trade__only_the_pair_moves(ready, start, set_token, components, units, trader):
    """No other balance or unit changes (I-13, S-143)."""
    start((components[UNI], units[UNI] // 2))
    others = [components[YFI], components[AAVE], components[BAL]]
    before = [(c.balanceOf(set_token), unit_of(set_token, c)) for c in others]
    ready.trade(components[UNI], sender=trader)
    assert [(c.balanceOf(set_token), unit_of(set_token, c)) for c in others] == before
    assert set_token.totalSupply() == 1_000 * E18
    assert set_token.positionMultiplier() == E18


@pytest.mark.parametrize("sells", [True, False], ids=["sale", "purchase"])
def test_trade__unit_not_quite_covered(
    funded, start, set_token, components, module, trader, accounted, sells
):
    """A unit that stands for a few base units too much is brought back to the balance (V-13)."""
    token, supply = components[UNI], set_token.totalSupply()
    set_token.editDefaultPositionUnit(token, unit_of(set_token, token) + 1, sender=module)
    unit, before = unit_of(set_token, token), token.balanceOf(set_token)
    assert unit * supply // E18 > before
    target = unit // 2 if sells else unit + unit // 10
    start((token, target))
    size = plan.trade_size(supply, unit, target, MAX)
    funded.trade(token, sender=trader)
    assert token.balanceOf(set_token) == before + size
    assert unit_of(set_token, token) == (before + size) * E18 // supply
    accounted(set_token)
