# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index trading
@license MIT
@notice One trade of an index: how much, and what it does to the positions.
"""

from contracts.lib import bounds
from contracts.lib import index_targets as targets
from contracts.lib import index_venues as venues
from contracts.lib import precise_math as math
from ethereum.ercs import IERC20
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: venues


struct Order:
    # {set}
    supply: uint256
    # D18{comp/set} and D18{weth/set} the index holds
    unit: uint256
    cash_unit: uint256
    # Towards the target: buy the component, or sell it
    buys: bool
    # Exactly so much is sold, or bought
    size: uint256


@internal
@view
def _order(
    _index: ISetToken, _component: address, _max: uint256, _target: uint256, _made_for: uint256
) -> Order:
    """
    @notice The trade that takes a component to its target, as far as the largest size {comp} lets it.
    @param _target D18{comp/set} at the multiplier `_made_for` D18{1}
    """
    supply: uint256 = 0
    multiplier: uint256 = 0
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    supply, multiplier, units = staticcall _index.getUnits([_component, venues.weth])
    target: uint256 = targets._normalize(_target, multiplier, _made_for)
    assert units[0] != target, "Target already met"

    order: Order = Order(supply=supply, unit=units[0], cash_unit=units[1], buys=False, size=0)
    held: uint256 = math.mul_down(supply, units[0])
    wanted: uint256 = math.mul_up(supply, target)
    order.buys = wanted > held
    order.size = min(_max, wanted - held if order.buys else held - wanted)
    return order


@internal
def _swap(
    _index: ISetToken, _sell: address, _buy: address, _order: Order, _exact_in: bool, _exchange: uint256
) -> (uint256, uint256):
    """
    @notice Swap on the component's exchange and write both positions from the balances found after it.
    @return {sell} sold, {buy} bought
    """
    sell_before: uint256 = staticcall IERC20(_sell).balanceOf(_index.address)
    buy_before: uint256 = staticcall IERC20(_buy).balanceOf(_index.address)

    # A token that calls back must not reach the basket between the swap and the new units (I-22).
    extcall _index.hold()
    venues._swap(_index, _sell, _buy, _exact_in, _order.size, _exchange, sell_before)

    sell_after: uint256 = staticcall IERC20(_sell).balanceOf(_index.address)
    buy_after: uint256 = staticcall IERC20(_buy).balanceOf(_index.address)
    sell_unit: uint256 = _order.cash_unit if _order.buys else _order.unit
    buy_unit: uint256 = _order.unit if _order.buys else _order.cash_unit
    extcall _index.editDefaultPositions(
        [_sell, _buy],
        [
            self._new_unit(_order.supply, sell_before, sell_after, sell_unit),
            self._new_unit(_order.supply, buy_before, buy_after, buy_unit),
        ],
    )
    extcall _index.release()

    sold: uint256 = math.sub(sell_before, sell_after)
    bought: uint256 = math.sub(buy_after, buy_before)
    log ISingleIndexModule.TradeExecuted(
        _executor=msg.sender,
        _sellComponent=_sell,
        _buyComponent=_buy,
        _amountSold=sold,
        _amountBought=bought,
    )
    return sold, bought


@internal
@pure
def _new_unit(_supply: uint256, _before: uint256, _after: uint256, _unit: uint256) -> uint256:
    # D18{comp/set}, rounded down. What the units did not account for before, they do not after (I-09). After
    # a fee they may account for a few base units more than there are: then the balance counts (V-13).
    if _after == 0:
        return 0
    tracked: uint256 = min(_before, math.mul_down(_unit, _supply))
    return math.div_down(math.sub(_after, _before - tracked), _supply)
