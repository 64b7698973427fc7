# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Set actions
@license MIT
@notice What modules do to a SetToken all day: pay out, call, edit positions, mint and burn.
@dev Apart from the rest because SetTokenShell carries these in its own code.
"""

from contracts.lib import bounds
from contracts.lib import erc20
from contracts.lib import external_positions
from contracts.lib import module_lock
from contracts.lib import position_book
from contracts.lib import position_scale
from contracts.lib import precise_math as math
from contracts.lib import safe_token
from contracts.lib import set_word
from contracts.lib import uniswap_v2
from ethereum.ercs import IERC20
from interfaces import ISetToken

uses: erc20
uses: external_positions
uses: module_lock
uses: position_book
uses: position_scale
uses: set_word


@external
def invoke(
    _target: address, _value: uint256, _data: Bytes[bounds.MAX_INVOKE_DATA]
) -> Bytes[bounds.MAX_RETURN_DATA]:
    """
    @notice Call any contract as this SetToken; its revert data comes back unchanged.
    @dev Modules only. `_value` in wei.
    """
    module_lock._authorize()
    assert self.balance >= _value, "Address: insufficient balance for call"
    assert _target.is_contract, "Address: call to non-contract"

    success: bool = False
    response: Bytes[bounds.MAX_RETURN_DATA] = b""
    success, response = raw_call(
        _target,
        _data,
        max_outsize=bounds.MAX_RETURN_DATA,
        value=_value,
        revert_on_failure=False,
    )
    if not success:
        if len(response) > 0:
            raw_revert(response)
        raise "Address: low-level call with value failed"
    # A full buffer may be a longer answer cut off.
    assert len(response) < bounds.MAX_RETURN_DATA, "Return data too long"

    log ISetToken.Invoked(_target=_target, _value=_value, _data=_data, _returnValue=response)
    return response


@external
def transferComponent(_to: address, _component: address, _quantity: uint256):
    """
    @notice Send `_quantity` {comp}, which must leave exactly; 0 sends nothing.
    @dev Modules only; an addition to Set V2. Units stay: the caller edits them or has burnt the tokens they stood for.
    """
    module_lock._authorize()
    safe_token._push(_component, _to, _quantity)


@external
def swapAtPair(
    _pair: address, _sell: address, _quantity: uint256, _buy: address, _bought: uint256, _place: uint256
) -> (uint256, uint256, uint256, uint256):
    """
    @notice Pay a Uniswap V2 pair `_quantity` {sell}, take `_bought` {buy} out of it, and write both positions.
    @dev Modules only; an addition to Set V2. What is sold must leave exactly; whether the pair agrees is its
         business. Held meanwhile, so that a token that calls back reaches nothing (I-22). `_place` is where in the
         list one of the two may be, as `getTradeUnits` tells.
    @return {sell} sold, {buy} bought, and the new units D18{sell/set}, D18{buy/set}
    """
    module_lock._authorize()
    holder: address = module_lock.holder
    module_lock.holder = msg.sender

    sell_before: uint256 = staticcall IERC20(_sell).balanceOf(self)
    buy_before: uint256 = staticcall IERC20(_buy).balanceOf(self)
    assert _quantity <= sell_before, "TransferHelper: TRANSFER_FROM_FAILED"
    safe_token._send(_sell, _pair, _quantity, sell_before)
    uniswap_v2._swap(_pair, _sell, _buy, _bought, self)
    buy_after: uint256 = staticcall IERC20(_buy).balanceOf(self)
    sell_unit: uint256 = self._settle(_sell, sell_before, unsafe_sub(sell_before, _quantity), _place)
    buy_unit: uint256 = self._settle(_buy, buy_before, buy_after, _place)

    module_lock.holder = holder
    return _quantity, math.sub(buy_after, buy_before), sell_unit, buy_unit


@external
def settle(_sell: address, _buy: address, _sellBefore: uint256, _buyBefore: uint256) -> (
    uint256, uint256, uint256, uint256
):
    """
    @notice Write both positions after a swap made otherwise, from the balances before it.
    @dev As `swapAtPair`, whose answer it gives; the caller holds the SetToken since it took the balances.
    """
    module_lock._authorize()
    sell_after: uint256 = staticcall IERC20(_sell).balanceOf(self)
    buy_after: uint256 = staticcall IERC20(_buy).balanceOf(self)
    sell_unit: uint256 = self._settle(_sell, _sellBefore, sell_after, 0)
    buy_unit: uint256 = self._settle(_buy, _buyBefore, buy_after, 0)
    return math.sub(_sellBefore, sell_after), math.sub(buy_after, _buyBefore), sell_unit, buy_unit


@external
def transferPositions(_to: address, _quantity: uint256):
    """
    @notice Send what `_quantity` {set} stand for: of each component its real unit * quantity, rounded down.
    @dev Modules only; an addition to Set V2. As `transferComponent`; refused when a component has an external
         position, which cannot be paid in kind.
    """
    module_lock._authorize()
    multiplier: uint256 = set_word._multiplier()
    for i: uint256 in range(set_word._count(), bound=bounds.MAX_COMPONENTS):
        word: uint256 = position_book.listed[i]
        assert word & position_book.EXTERNAL_BIT == 0, "Only default positions are supported"
        component: address = position_book._component(word)
        unit: uint256 = position_book._unit_at(component, word, multiplier)
        safe_token._push(component, _to, math.mul_down(unit, _quantity))


@external
@view
@reentrant
def getTradeUnits(
    _component: address, _cash: address, _place: uint256
) -> (uint256, uint256, uint256, uint256, uint256):
    """
    @notice {set} total supply, D18{1} multiplier and the D18{comp/set} real default units of two components.
    @dev An addition to Set V2: what a module needs to know to trade one for the other. `_place` is where in the
         list the first may be: a right one saves gas. The last answer is where it is.
    """
    multiplier: uint256 = set_word._multiplier()
    place: uint256 = 0
    word: uint256 = 0
    place, word = position_book._find(_component, _place)
    unit: uint256 = position_book._unit_at(_component, word, multiplier)
    _last: uint256 = 0
    _last, word = position_book._find(_cash, place)
    return (
        set_word._supply(), multiplier, unit, position_book._unit_at(_cash, word, multiplier), place
    )


@external
def editDefaultPosition(_component: address, _realUnit: uint256):
    """
    @notice Set what one SetToken holds of a component; it enters and leaves the list as it gets and loses units.
    @dev Modules only; an addition to Set V2. D18{comp/set}, stored rounded down.
    """
    module_lock._authorize()
    position_book._edit_default_position(_component, _realUnit)


@external
def editPositionMultiplier(_newMultiplier: int256):
    """
    @notice Scale all positions down at once; refused when one would read as 0 (I-02, I-03).
    @dev Modules only. D18{1}
    """
    module_lock._authorize()
    lowest: uint256 = 0
    if not position_scale._keeps_lowest(_newMultiplier):
        lowest = self._lowest_unit()
        assert position_scale._survives(lowest, _newMultiplier), "New multiplier too small"
    position_scale._edit(_newMultiplier, lowest)

    log ISetToken.PositionMultiplierEdited(_newMultiplier=_newMultiplier)


@external
def mint(_account: address, _quantity: uint256):
    """
    @dev Modules only. {set}
    """
    module_lock._authorize()
    erc20._mint(_account, _quantity)
    set_word._raise_supply(_quantity)


@external
def burn(_account: address, _quantity: uint256):
    """
    @dev Modules only. {set}
    """
    module_lock._authorize()
    erc20._burn(_account, _quantity)
    set_word._lower_supply(_quantity)


@internal
@view
def _lowest_unit() -> uint256:
    """
    @notice The smallest absolute virtual unit among all positions.
    """
    lowest: uint256 = position_scale.NO_UNIT
    for i: uint256 in range(set_word._count(), bound=bounds.MAX_COMPONENTS):
        word: uint256 = position_book.listed[i]
        component: address = position_book._component(word)
        unit: int256 = position_book._unit_of(word)
        lowest = min(lowest, position_scale._magnitude(convert(math.to_uint(unit), int256)))
        for module: address in external_positions.modules[component]:
            lowest = min(
                lowest, position_scale._magnitude(external_positions.units[component][module])
            )
    return lowest


@internal
def _settle(_component: address, _before: uint256, _after: uint256, _hint: uint256) -> uint256:
    """
    @notice Write the unit of a component whose balance {comp} has changed. D18{comp/set}, rounded down.
    @dev What the unit did not account for before, it does not after (I-09). After a fee it may account for a few
         base units more than there are: then the balance counts (V-13).
    """
    multiplier: uint256 = set_word._multiplier()
    place: uint256 = 0
    word: uint256 = 0
    place, word = position_book._find(_component, _hint)
    unit: uint256 = 0
    if _after > 0:
        supply: uint256 = set_word._supply()
        held: uint256 = position_book._unit_at(_component, word, multiplier)
        tracked: uint256 = min(_before, math.mul_down(held, supply))
        unit = math.div_down(math.sub(_after, unsafe_sub(_before, tracked)), supply)
    position_book._edit_found(_component, place, word, unit, multiplier)
    return unit
