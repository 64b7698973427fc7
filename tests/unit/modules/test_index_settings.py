"""SingleIndexModule: the manager's settings, and that no value is too wide for them."""

import ape
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexkit.localnet import addresses

E18 = 10**18
MAX = 2**256 - 1
SETTERS = ["setTradeMaximums", "setExchanges", "setCoolOffPeriods"]
PLACES = {"setTradeMaximums": 1, "setCoolOffPeriods": 2, "setExchanges": 4}
NARROW, WIDE = 2**88, 2**20
TARGET, SIZE, COOL_OFF, LAST, EXCHANGE = range(5)

sizes = st.one_of(st.integers(0, MAX), st.integers(NARROW - 2, NARROW + 2), st.integers(0, 2))
periods = st.one_of(st.integers(0, MAX), st.integers(WIDE - 2, WIDE + 2), st.integers(0, 2))


def event_of(module, setter, token, value):
    """Return the event a setter leaves."""
    if setter == "setTradeMaximums":
        return module.TradeMaximumUpdated(_component=token, _newMaximum=value)
    if setter == "setExchanges":
        return module.AssetExchangeUpdated(_component=token, _newExchange=value)
    return module.CoolOffPeriodUpdated(_component=token, _newCoolOffPeriod=value)


@pytest.mark.parametrize("setter", SETTERS)
def test_setter__plain(index_module, set_token, components, units, manager, logs, setter):
    """Each value lands in its place and nowhere else; every one is told (R-08)."""
    values = [1, 2, 3, 0]
    receipt = getattr(index_module, setter)(components, values, sender=manager)
    assert logs(receipt, set_token, index_module) == [
        event_of(index_module, setter, token, value)
        for token, value in zip(components, values, strict=True)
    ]
    for token, unit, value in zip(components, units, values, strict=True):
        expected = [unit, 0, 0, 0, 0]
        expected[PLACES[setter]] = value
        assert list(index_module.assetInfo(token)) == expected


@pytest.mark.parametrize("setter", SETTERS)
def test_setter__token_outside_the_index(index_module, set_token, manager, stranger, setter):
    """Settings can be made before a component enters the rebalance (R-08)."""
    getattr(index_module, setter)([stranger], [1], sender=manager)
    assert index_module.assetInfo(stranger)[PLACES[setter]] == 1


@pytest.mark.parametrize("setter", SETTERS)
def test_setter__not_manager__reverts(index_module, set_token, components, trader, setter):
    """Only the manager may (I-20)."""
    with ape.reverts("Must be the SetToken manager"):
        getattr(index_module, setter)(components[:1], [1], sender=trader)


@pytest.mark.parametrize("setter", SETTERS)
def test_setter__set_removed_from_controller__reverts(
    index_module, protocol, set_token, components, owner, manager, setter
):
    """Not for a SetToken the controller dropped."""
    protocol.controller.removeSet(set_token, sender=owner)
    with ape.reverts("Must be a valid and initialized SetToken"):
        getattr(index_module, setter)(components[:1], [1], sender=manager)


@pytest.mark.parametrize("setter", SETTERS)
@pytest.mark.parametrize(
    ("tokens", "values", "reason"),
    [
        ([0, 1], [1], "Array length mismatch"),
        ([], [1], "Array length mismatch"),
        ([], [], "Array length must be > 0"),
        ([0, 1, 0], [1, 1, 1], "Cannot duplicate components"),
    ],
)
def test_setter__lists__reverts(
    index_module, set_token, components, manager, setter, tokens, values, reason
):
    """One value for each of some different components (R-01)."""
    with ape.reverts(reason):
        getattr(index_module, setter)([components[i] for i in tokens], values, sender=manager)


@pytest.mark.parametrize("exchange", [4, 63, 64, MAX])
def test_set_exchanges__unknown__reverts(index_module, set_token, components, manager, exchange):
    """There are three, and nowhere (R-01)."""
    with ape.reverts("Unrecognized exchange identifier"):
        index_module.setExchanges(components[:1], [exchange], sender=manager)


@pytest.mark.parametrize("exchange", [0, 1, 2, 3])
def test_set_exchanges__known(index_module, set_token, components, manager, exchange):
    """Each id is kept."""
    index_module.setExchanges(components[:1], [exchange], sender=manager)
    assert index_module.assetInfo(components[0])[EXCHANGE] == exchange


def test_update_trader_status__plain(index_module, set_token, manager, trader, stranger, logs):
    """Allowed and forbidden in one call; every one is told (R-08)."""
    index_module.updateTraderStatus([stranger], [True], sender=manager)
    receipt = index_module.updateTraderStatus([trader, stranger], [True, False], sender=manager)
    assert logs(receipt, set_token, index_module) == [
        index_module.TraderStatusUpdated(_trader=trader, _status=True),
        index_module.TraderStatusUpdated(_trader=stranger, _status=False),
    ]
    assert index_module.tradeAllowList(trader) is True
    assert index_module.tradeAllowList(stranger) is False


@pytest.mark.parametrize(
    ("count", "statuses", "reason"),
    [
        (2, [True], "Array length mismatch"),
        (0, [], "Array length must be > 0"),
        (None, [True, False], "Cannot duplicate traders"),
    ],
)
def test_update_trader_status__lists__reverts(
    index_module, set_token, manager, trader, stranger, count, statuses, reason
):
    """One status for each of some different traders (R-01)."""
    traders = [trader, trader] if count is None else [trader, stranger][:count]
    with ape.reverts(reason):
        index_module.updateTraderStatus(traders, statuses, sender=manager)


def test_update_trader_status__not_manager__reverts(index_module, set_token, trader):
    """Traders do not let themselves in (I-20)."""
    with ape.reverts("Must be the SetToken manager"):
        index_module.updateTraderStatus([trader], [True], sender=trader)


@pytest.mark.parametrize("status", [True, False])
def test_update_anyone_trade__plain(index_module, set_token, manager, logs, status):
    """Open or closed, at once (R-08)."""
    index_module.updateAnyoneTrade(not status, sender=manager)
    receipt = index_module.updateAnyoneTrade(status, sender=manager)
    assert logs(receipt, set_token, index_module) == [
        index_module.AnyoneTradeUpdated(_status=status)
    ]
    assert index_module.anyoneTrade() is status
    assert index_module.index() == set_token


def test_update_anyone_trade__not_manager__reverts(index_module, set_token, stranger):
    """Only the manager may (I-20)."""
    with ape.reverts("Must be the SetToken manager"):
        index_module.updateAnyoneTrade(True, sender=stranger)


def test_constructor__venues(index_module):
    """The module says what it trades against and where (R-01)."""
    assert index_module.weth() == addresses.WETH
    assert index_module.uniswapRouter() == addresses.UNISWAP_V2_ROUTER
    assert index_module.sushiswapRouter() == addresses.SUSHISWAP_ROUTER
    assert index_module.balancerProxy() == addresses.BALANCER_EXCHANGE_PROXY


def test_asset_info__narrow_wide_narrow(ready, start, components, units, manager, trader):
    """Values too large for their place go elsewhere and come back; nothing is ever cut (R-01).

    S-151.
    """
    token = components[1]
    start((token, units[1] // 2))
    last = ready.trade(token, sender=trader).timestamp
    ready.setTradeMaximums([token], [5], sender=manager)
    expected = [units[1] // 2, 5, 0, last, 1]
    for place, values in (
        (SIZE, (MAX, 7, NARROW, NARROW - 1, NARROW - 2, NARROW, MAX)),
        (COOL_OFF, (MAX, 7, WIDE, WIDE - 1)),
        (SIZE, (9,)),
        (COOL_OFF, (WIDE, 0)),
    ):
        for value in values:
            setter = ready.setTradeMaximums if place == SIZE else ready.setCoolOffPeriods
            setter([token], [value], sender=manager)
            expected[place] = value
            assert list(ready.assetInfo(token)) == expected
    for target in (MAX, 3, NARROW, NARROW - 1):
        start((token, target))
        expected[TARGET] = target
        assert list(ready.assetInfo(token)) == expected


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(size=sizes, period=periods, target=sizes, exchange=st.integers(0, 3), first=st.booleans())
def test_asset_info__returns_what_was_set(
    index_module, start, components, manager, size, period, target, exchange, first
):
    """Whatever the values and the order, one after the other, and for one component only (R-01)."""
    token = components[1]
    other = list(index_module.assetInfo(components[2]))
    if first:
        start((token, target))
    index_module.setTradeMaximums([token], [size], sender=manager)
    index_module.setExchanges([token], [exchange], sender=manager)
    index_module.setCoolOffPeriods([token], [period], sender=manager)
    if not first:
        start((token, target))
    assert list(index_module.assetInfo(token)) == [target, size, period, 0, exchange]
    assert list(index_module.assetInfo(components[2])) == other
    assert components[1].address in index_module.getRebalanceComponents()
