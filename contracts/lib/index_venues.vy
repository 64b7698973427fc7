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
    _balance: uint256,
):
    """
    @param _amount Exactly what is sold, or exactly what is bought
    @param _balance {sell} What the index has of the token it sells
    """
    if _exchange == pairs.BALANCER:
        self._swap_balancer(_index, _sell, _buy, _exact_in, _amount, _balance)
    else:
        self._swap_pair(_index, _sell, _buy, _exact_in, _amount, _exchange, _balance)


@internal
def _swap_pair(
    _index: ISetToken,
    _sell: address,
    _buy: address,
    _exact_in: bool,
    _amount: uint256,
    _exchange: uint256,
    _balance: uint256,
):
    pair: address = pairs._pair_of(_exchange, _sell, _buy)
    reserve_in: uint256 = 0
    reserve_out: uint256 = 0
    reserve_in, reserve_out = uniswap_v2._reserves(pair, _sell, _buy)

    sold: uint256 = _amount
    bought: uint256 = _amount
    if _exact_in:
        bought = uniswap_v2._amount_out(_amount, reserve_in, reserve_out)
    else:
        sold = uniswap_v2._amount_in(_amount, reserve_in, reserve_out)
    assert sold <= _balance, "TransferHelper: TRANSFER_FROM_FAILED"

    extcall _index.transferComponents(pair, [_sell], [sold])
    uniswap_v2._swap(pair, _sell, _buy, bought, _index.address)


@internal
def _swap_balancer(
    _index: ISetToken,
    _sell: address,
    _buy: address,
    _exact_in: bool,
    _amount: uint256,
    _balance: uint256,
):
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
        allowed = _balance
        data = abi_encode(
            _sell,
            _buy,
            _amount,
            allowed,
            BALANCER_POOL_LIMIT,
            method_id=method_id("smartSwapExactOut(address,address,uint256,uint256,uint256)"),
        )

    self._approve_balancer(_index, _sell, allowed)
    extcall _index.invoke(balancerProxy, 0, data)
    if staticcall IERC20(_sell).allowance(_index.address, balancerProxy) > 0:
        self._approve_balancer(_index, _sell, 0)


@internal
def _approve_balancer(_index: ISetToken, _token: address, _amount: uint256):
    extcall _index.invoke(
        _token,
        0,
        abi_encode(balancerProxy, _amount, method_id=method_id("approve(address,uint256)")),
    )
