# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Uniswap V2 pairs
@license MIT
@notice Finds a pair and quotes it exactly as the exchange's own router would, 0.30 % fee included.
@dev Stateless. Reasons are the router's, so that a trade at the pair fails with the words of a trade
     through the router (https://github.com/Uniswap/v2-periphery, libraries/UniswapV2Library.sol).
"""


interface Pair:
    def getReserves() -> (uint112, uint112, uint32): view
    def swap(_amount0Out: uint256, _amount1Out: uint256, _to: address, _data: Bytes[1]): nonpayable


@internal
@pure
def _pair(_factory: address, _code_hash: bytes32, _a: address, _b: address) -> address:
    """
    @notice The address the factory creates the pair of two tokens at (CREATE2).
    """
    token0: address = _a
    token1: address = _b
    if convert(_a, uint160) > convert(_b, uint160):
        token0 = _b
        token1 = _a
    salt: bytes32 = keccak256(concat(convert(token0, bytes20), convert(token1, bytes20)))
    return convert(
        convert(
            keccak256(concat(0xff, convert(_factory, bytes20), salt, _code_hash)), uint256
        )
        & (2**160 - 1),
        address,
    )


@internal
@view
def _reserves(_pair: address, _in: address, _out: address) -> (uint256, uint256):
    """
    @return {in}, {out} reserves
    """
    self._only_call(_pair.is_contract)

    reserve0: uint112 = 0
    reserve1: uint112 = 0
    _time: uint32 = 0
    reserve0, reserve1, _time = staticcall Pair(_pair).getReserves()
    if convert(_in, uint160) < convert(_out, uint160):
        return convert(reserve0, uint256), convert(reserve1, uint256)
    return convert(reserve1, uint256), convert(reserve0, uint256)


@internal
@pure
def _quote(
    _amount: uint256, _exact_in: bool, _reserve_in: uint256, _reserve_out: uint256
) -> (uint256, uint256):
    """
    @param _amount What goes in exactly, or what comes out exactly
    @return {in}, rounded up, and {out}, rounded down
    """
    if _exact_in:
        assert _amount > 0, "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"
    else:
        assert _amount > 0, "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT"
    assert _reserve_in > 0 and _reserve_out > 0, "UniswapV2Library: INSUFFICIENT_LIQUIDITY"

    if _exact_in:
        with_fee: uint256 = self._mul(_amount, 997)
        out: uint256 = unsafe_div(
            self._mul(with_fee, _reserve_out), self._add(self._mul(_reserve_in, 1000), with_fee)
        )
        assert out > 0, "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT"
        return _amount, out

    numerator: uint256 = self._mul(self._mul(_reserve_in, _amount), 1000)
    assert _amount <= _reserve_out, "ds-math-sub-underflow"
    # The router divides by zero then, without a word; this is what invoking it would say.
    self._only_call(_amount < _reserve_out)
    return unsafe_div(numerator, self._mul(unsafe_sub(_reserve_out, _amount), 997)) + 1, _amount


@internal
def _swap(_pair: address, _in: address, _out: address, _amount_out: uint256, _to: address):
    """
    @notice Take `_amount_out` {out} out of a pair that has been paid already.
    """
    if convert(_in, uint160) < convert(_out, uint160):
        extcall Pair(_pair).swap(0, _amount_out, _to, b"")
    else:
        extcall Pair(_pair).swap(_amount_out, 0, _to, b"")


@internal
@pure
def _mul(a: uint256, b: uint256) -> uint256:
    c: uint256 = unsafe_mul(a, b)
    assert b == 0 or unsafe_div(c, b) == a, "ds-math-mul-overflow"
    return c


@internal
@pure
def _add(a: uint256, b: uint256) -> uint256:
    c: uint256 = unsafe_add(a, b)
    assert c >= a, "ds-math-add-overflow"
    return c


@internal
@pure
def _only_call(_succeeds: bool):
    assert _succeeds, "Address: low-level call with value failed"
