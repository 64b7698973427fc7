# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index trading
@license MIT
@notice One trade of an index: how much, and what it does to the positions.
"""

from contracts.lib import index_targets as targets
from contracts.lib import index_venues as venues
from contracts.lib import precise_math as math
from contracts.lib import rebalance_book as book
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: venues


struct Order:
    # {set}
    supply: uint256
    # D18{weth/set} the index holds
    cash_unit: uint256
    # Where in the index's list the component is
    place: uint256
    # Towards the target: buy the component, or sell it
    buys: bool
    # Exactly so much is sold, or bought
    size: uint256

struct Fill:
    # The component for WETH, or WETH for the component
    buys: bool
    # {sell}
    sold: uint256
    # {buy}
    bought: uint256
    # Nothing of the component is left in the index's unit
    sold_out: bool


@internal
@view
def _order(
    _index: ISetToken, _component: address, _asset: book.Asset, _made_for: uint256
) -> Order:
    """
    @notice The trade that takes a component to its target, as far as the largest size {comp} lets it.
    @param _made_for The multiplier D18{1} of the asset's target
    """
    supply: uint256 = 0
    multiplier: uint256 = 0
    unit: uint256 = 0
    cash_unit: uint256 = 0
    place: uint256 = 0
    supply, multiplier, unit, cash_unit, place = staticcall _index.getTradeUnits(
        _component, venues.weth, _asset.place
    )
    target: uint256 = targets._normalize(_asset.target_unit, multiplier, _made_for)
    assert unit != target, "Target already met"

    order: Order = Order(supply=supply, cash_unit=cash_unit, place=place, buys=False, size=0)
    held: uint256 = math.mul_down(supply, unit)
    wanted: uint256 = math.mul_up(supply, target)
    order.buys = wanted > held
    missing: uint256 = unsafe_sub(wanted, held) if order.buys else unsafe_sub(held, wanted)
    order.size = min(_asset.max_size, missing)
    return order


@internal
def _swap(
    _index: ISetToken, _component: address, _order: Order, _exact_in: bool, _exchange: uint256
) -> Fill:
    """
    @notice Swap on the component's exchange, with both positions written from the balances found after it.
    """
    sell: address = _component
    buy: address = venues.weth
    if _order.buys:
        sell = venues.weth
        buy = _component
    fill: Fill = Fill(buys=_order.buys, sold=0, bought=0, sold_out=False)
    sell_unit: uint256 = 0
    buy_unit: uint256 = 0
    fill.sold, fill.bought, sell_unit, buy_unit = venues._swap(
        _index, sell, buy, _exact_in, _order.size, _exchange, _order.place
    )
    fill.sold_out = (buy_unit if fill.buys else sell_unit) == 0

    log ISingleIndexModule.TradeExecuted(
        _executor=msg.sender,
        _sellComponent=sell,
        _buyComponent=buy,
        _amountSold=fill.sold,
        _amountBought=fill.bought,
    )
    return fill
