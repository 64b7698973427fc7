"""SingleIndexModule: spending the WETH that is left on one component."""

import ape
import pytest

from indexkit.localnet import deal

E18 = 10**18
YFI, UNI, AAVE, BAL = range(4)


def unit_of(set_token, token):
    """Return the real unit of a component D18{comp/set}."""
    return set_token.getDefaultPositionRealUnit(token)


@pytest.fixture(scope="module")
def cash_left(ready, start, components, units, trader):
    """Sell a tenth of the UNI; much more YFI, AAVE and BAL is missing than that pays for."""
    targets = [units[YFI] * 2, units[UNI] * 9 // 10, units[AAVE] * 2, units[BAL] * 3]
    start(*zip(components, targets, strict=True))
    ready.trade(components[UNI], sender=trader)
    return ready


@pytest.mark.parametrize("place", [YFI, AAVE, BAL], ids=["YFI", "AAVE", "BAL"])
@pytest.mark.parametrize("gift", [0, 5 * E18 + 1], ids=["", "donation"])
def test_trade_remaining_weth__plain(
    cash_left, quote, set_token, components, exchanges, weth, trader, logs, accounted, place, gift
):
    """All of the index's own WETH buys one component; a donation does not count (R-08, V-11).

    What rounding left beside the units is spent with them.

    S-146.
    """
    token, supply = components[place], set_token.totalSupply()
    unit, cash = unit_of(set_token, token), weth.balanceOf(set_token)
    counted = supply * unit_of(set_token, weth) // E18
    assert 0 < cash - counted < 1_000
    if gift:
        deal(weth, set_token, gift)
        cash = counted
    held = weth.balanceOf(set_token)
    bought = quote(exchanges[place], weth, token, cash, True)
    before = token.balanceOf(set_token)

    receipt = cash_left.tradeRemainingWETH(token, sender=trader)

    new_unit = (supply * unit // E18 + bought) * E18 // supply
    own = [e for e in logs(receipt, set_token, cash_left) if e.event_name != "Invoked"]
    assert own == [
        set_token.ComponentRemoved(_component=weth),
        set_token.DefaultPositionUnitEdited(_component=weth, _realUnit=0),
        set_token.DefaultPositionUnitEdited(_component=token, _realUnit=new_unit),
        cash_left.TradeExecuted(
            _executor=trader,
            _sellComponent=weth,
            _buyComponent=token,
            _amountSold=cash,
            _amountBought=bought,
        ),
    ]
    assert token.balanceOf(set_token) == before + bought
    assert weth.balanceOf(set_token) == held - cash
    assert set_token.getComponents() == components
    assert unit_of(set_token, token) == new_unit
    assert cash_left.assetInfo(token)[3] == receipt.timestamp
    accounted(set_token)


def test_trade_remaining_weth__something_to_sell__reverts(
    cash_left, start, components, units, trader
):
    """Sales come first (R-08, S-146)."""
    start((components[UNI], units[UNI] // 2), (components[YFI], units[YFI] * 2))
    with ape.reverts("Must sell all sellable tokens before can be called"):
        cash_left.tradeRemainingWETH(components[YFI], sender=trader)


def test_trade_remaining_weth__not_allowed__reverts(cash_left, components, stranger):
    """Only allowed traders (I-11)."""
    with ape.reverts("Address not permitted to trade"):
        cash_left.tradeRemainingWETH(components[YFI], sender=stranger)


def test_trade_remaining_weth__target_met__reverts(cash_left, components, trader):
    """A component at its target has no need of more (I-12)."""
    with ape.reverts("Target already met"):
        cash_left.tradeRemainingWETH(components[UNI], sender=trader)


@pytest.mark.parametrize(("more", "allowed"), [(1, True), (0, False), (-1, False)])
def test_trade_remaining_weth__largest_size(
    cash_left, quote, set_token, components, exchanges, weth, manager, trader, more, allowed
):
    """What is bought stays below the largest size, to the wei (R-08, S-146)."""
    token = components[AAVE]
    cash = weth.balanceOf(set_token)
    bought = quote(exchanges[AAVE], weth, token, cash, True)
    cash_left.setTradeMaximums([token], [bought + more], sender=manager)
    if allowed:
        cash_left.tradeRemainingWETH(token, sender=trader)
        return
    with ape.reverts("Trade size exceeds trade size limit"):
        cash_left.tradeRemainingWETH(token, sender=trader)


def test_trade_remaining_weth__more_than_missing__reverts(
    cash_left, start, components, units, trader
):
    """Nor beyond the target (I-12)."""
    start((components[YFI], units[YFI] + units[YFI] // 10))
    with ape.reverts("Trade size exceeds trade size limit"):
        cash_left.tradeRemainingWETH(components[YFI], sender=trader)
