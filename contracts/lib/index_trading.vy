# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index trading
@license MIT
@notice One trade of an index: how much, and what it does to the positions.
"""

from contracts.lib import index_venues as venues
from contracts.lib import precise_math as math
from ethereum.ercs import IERC20
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: venues


@internal
@pure
def _trade_size(_unit: uint256, _max: uint256, _supply: uint256, _target: uint256) -> (bool, uint256):
    """
    @return Whether to buy, and how much {comp}
    """
    assert _unit != _target, "Target already met"
    held: uint256 = math.mul_down(_supply, _unit)
    wanted: uint256 = math.mul_up(_supply, _target)
    if wanted > held:
        return True, min(_max, wanted - held)
    return False, min(_max, held - wanted)


@internal
def _swap(
    _index: ISetToken,
    _supply: uint256,
    _sell: address,
    _sell_unit: uint256,
    _buy: address,
    _buy_unit: uint256,
    _exact_in: bool,
    _amount: uint256,
    _exchange: uint256,
) -> uint256:
    """
    @notice Swap on the component's exchange and write both positions from the balances found after it.
    @return {comp} bought
    """
    sell_before: uint256 = staticcall IERC20(_sell).balanceOf(_index.address)
    buy_before: uint256 = staticcall IERC20(_buy).balanceOf(_index.address)

    # A token that calls back must not reach the basket between the swap and the new units (I-22).
    extcall _index.hold()
    venues._swap(_index, _sell, _buy, _exact_in, _amount, _exchange, sell_before)

    sell_after: uint256 = staticcall IERC20(_sell).balanceOf(_index.address)
    buy_after: uint256 = staticcall IERC20(_buy).balanceOf(_index.address)
    extcall _index.editDefaultPositions(
        [_sell, _buy],
        [
            self._new_unit(_supply, sell_before, sell_after, _sell_unit),
            self._new_unit(_supply, buy_before, buy_after, _buy_unit),
        ],
    )
    extcall _index.release()

    bought: uint256 = math.sub(buy_after, buy_before)
    log ISingleIndexModule.TradeExecuted(
        _executor=msg.sender,
        _sellComponent=_sell,
        _buyComponent=_buy,
        _amountSold=math.sub(sell_before, sell_after),
        _amountBought=bought,
    )
    return bought


@internal
@pure
def _new_unit(_supply: uint256, _before: uint256, _after: uint256, _unit: uint256) -> uint256:
    # D18{comp/set}, rounded down. What the units did not account for before, they do not after (I-09). After
    # a fee they may account for a few base units more than there are: then the balance counts (V-13).
    if _after == 0:
        return 0
    tracked: uint256 = min(_before, math.mul_down(_unit, _supply))
    return math.div_down(math.sub(_after, _before - tracked), _supply)
