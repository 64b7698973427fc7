# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index venues
@license MIT
@notice Swaps a component of an index for WETH, or back, on the exchange its manager chose.
@dev On Uniswap V2 and SushiSwap the SetToken pays the pair itself and this module asks the pair to swap,
     for amounts equal to the router's to the wei: no allowance is ever given. Balancer V1 is called
     through its exchange proxy, with an allowance that is used up or withdrawn.
"""

from contracts.lib import exchange_pairs as pairs
from contracts.lib import uniswap_v2
from ethereum.ercs import IERC20
from interfaces import ISetToken

initializes: pairs

interface Router:
    def factory() -> address: view

# ISetToken's function for short calls whose answer does not matter: bounds are paid for as memory.
interface Index:
    def invoke(_target: address, _value: uint256, _data: Bytes[164]): nonpayable

BALANCER_POOL_LIMIT: constant(uint256) = 3

weth: public(immutable(address))
uniswapRouter: public(immutable(address))
sushiswapRouter: public(immutable(address))
balancerProxy: public(immutable(address))


@deploy
def __init__(
    _weth: address,
    _uniswap_router: address,
    _sushiswap_router: address,
    _balancer_proxy: address,
    _uniswap_pair_hash: bytes32,
    _sushiswap_pair_hash: bytes32,
):
    weth = _weth
    uniswapRouter = _uniswap_router
    sushiswapRouter = _sushiswap_router
    balancerProxy = _balancer_proxy
    pairs.__init__(
        staticcall Router(_uniswap_router).factory(),
        staticcall Router(_sushiswap_router).factory(),
        _uniswap_pair_hash,
        _sushiswap_pair_hash,
    )


@internal
def _swap(
    _index: ISetToken,
    _sell: address,
    _buy: address,
    _exact_in: bool,
    _amount: uint256,
    _exchange: uint256,
    _place: uint256,
) -> (uint256, uint256, uint256, uint256):
    """
    @param _amount Exactly what is sold, or exactly what is bought
    @return {sell} sold, {buy} bought, and the new units D18{sell/set}, D18{buy/set}
    """
    if _exchange == pairs.BALANCER:
        return self._swap_balancer(_index, _sell, _buy, _exact_in, _amount)

    pair: address = pairs._pair_of(_exchange, _sell, _buy)
    reserve_in: uint256 = 0
    reserve_out: uint256 = 0
    reserve_in, reserve_out = uniswap_v2._reserves(pair, _sell, _buy)
    sold: uint256 = 0
    bought: uint256 = 0
    sold, bought = uniswap_v2._quote(_amount, _exact_in, reserve_in, reserve_out)
    return extcall _index.swapAtPair(pair, _sell, sold, _buy, bought, _place)


@internal
def _swap_balancer(
    _index: ISetToken, _sell: address, _buy: address, _exact_in: bool, _amount: uint256
) -> (uint256, uint256, uint256, uint256):
    # A token that calls back must not reach the basket between the swap and the new units (I-22).
    extcall _index.hold()
    sell_before: uint256 = self._balance(_sell, _index.address)
    buy_before: uint256 = self._balance(_buy, _index.address)

    # The proxy pulls what it is allowed and returns what it does not need: all the WETH for a purchase.
    allowed: uint256 = _amount
    data: Bytes[164] = b""
    if _exact_in:
        data = abi_encode(
            _sell,
            _buy,
            _amount,
            convert(1, uint256),
            BALANCER_POOL_LIMIT,
            method_id=method_id("smartSwapExactIn(address,address,uint256,uint256,uint256)"),
        )
    else:
        allowed = sell_before
        data = abi_encode(
            _sell,
            _buy,
            _amount,
            allowed,
            BALANCER_POOL_LIMIT,
            method_id=method_id("smartSwapExactOut(address,address,uint256,uint256,uint256)"),
        )

    self._approve_balancer(_index, _sell, allowed)
    extcall Index(_index.address).invoke(balancerProxy, 0, data)
    if staticcall IERC20(_sell).allowance(_index.address, balancerProxy) > 0:
        self._approve_balancer(_index, _sell, 0)

    sold: uint256 = 0
    bought: uint256 = 0
    sell_unit: uint256 = 0
    buy_unit: uint256 = 0
    sold, bought, sell_unit, buy_unit = extcall _index.settle(_sell, _buy, sell_before, buy_before)
    extcall _index.release()
    return sold, bought, sell_unit, buy_unit


@internal
def _approve_balancer(_index: ISetToken, _token: address, _amount: uint256):
    extcall Index(_index.address).invoke(
        _token,
        0,
        abi_encode(balancerProxy, _amount, method_id=method_id("approve(address,uint256)")),
    )


@internal
@view
def _balance(_token: address, _account: address) -> uint256:
    return staticcall IERC20(_token).balanceOf(_account)
