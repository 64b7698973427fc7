# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Pair history
@license MIT
@notice Time-weighted prices of Uniswap V2 pairs, from the cumulative prices they keep.
@dev A pair adds price x seconds up whenever its reserves change; the difference of two readings over the time
     between them is the arithmetic mean of the price
     (https://docs.uniswap.org/contracts/v2/concepts/core-concepts/oracles). What happens inside a block has no
     duration and changes nothing. Two readings per pair and direction are kept, at least WINDOW apart, so that one
     of them is always old enough once the first is, however often strangers ask for new ones.
"""

interface Pair:
    def getReserves() -> (uint112, uint112, uint32): view
    def price0CumulativeLast() -> uint256: view
    def price1CumulativeLast() -> uint256: view

struct Reading:
    # UQ112x112{token1/token0} x {s} and its counterpart, as added up by now
    cumulative0: uint256
    cumulative1: uint256
    # {token0}, {token1}
    reserve0: uint256
    reserve1: uint256

# Stored beside their time 32 {s}, modulo 2**224: a price of 2**99 or more would be needed to reach it within four
# windows, that is 1 wei against more than all the WETH there is.
TIME_SHIFT: constant(uint256) = 224
SUM: constant(uint256) = 2**224 - 1

# {s} over at least which a mean is taken
WINDOW: immutable(uint256)

# A mean over a longer time {windows} says little about today's price.
MAX_WINDOWS: constant(uint256) = 4

# pair -> its two readings, of token0's price and of token1's; the older one is overwritten. A false reading
# would be a false price.
readings: HashMap[address, uint256[2][2]]


@deploy
def __init__(_window: uint256):
    assert _window > 0, "Window must be > 0"
    WINDOW = _window


@internal
@view
def _read(_pair: address) -> Reading:
    """
    @notice What the pair would have added up by now, and its reserves.
    @dev A pair without reserves adds nothing up: readings from before its first liquidity would make the mean
         too low, and are refused.
    """
    assert _pair.is_contract, "Reference pool missing"
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    last: uint32 = 0
    reserve0, reserve1, last = staticcall Pair(_pair).getReserves()
    assert reserve0 > 0 and reserve1 > 0, "Reference pool too thin"
    reading: Reading = Reading(
        cumulative0=staticcall Pair(_pair).price0CumulativeLast(),
        cumulative1=staticcall Pair(_pair).price1CumulativeLast(),
        reserve0=convert(reserve0, uint256),
        reserve1=convert(reserve1, uint256),
    )

    # Since the pair's last change, both modulo 2**32 {s}
    elapsed: uint256 = unsafe_sub(block.timestamp, convert(last, uint256)) % 2**32
    price0: uint256 = (reading.reserve1 << 112) // reading.reserve0
    price1: uint256 = (reading.reserve0 << 112) // reading.reserve1
    reading.cumulative0 = unsafe_add(reading.cumulative0, price0 * elapsed)
    reading.cumulative1 = unsafe_add(reading.cumulative1, price1 * elapsed)
    return reading


@internal
def _remember(_pair: address, _now: Reading, _of: uint256):
    """
    @notice Keep a pair's reading of now, of one token's price, unless the last one is younger than the window.
    """
    latest: uint256 = self._latest(_pair, _of)
    last: uint256 = self.readings[_pair][latest][_of] >> TIME_SHIFT
    if last != 0 and block.timestamp - last < WINDOW:
        return

    sum: uint256 = _now.cumulative0 if _of == 0 else _now.cumulative1
    self.readings[_pair][1 - latest][_of] = (block.timestamp << TIME_SHIFT) | (sum & SUM)


@internal
@view
def _mean_price(_pair: address, _now: Reading, _sell: uint256) -> uint256:
    """
    @param _sell Which of the pair's tokens is sold, 0 or 1
    @return UQ112x112{bought/sold} mean price of the token sold since the younger of the readings that are old
            enough, rounded down
    """
    latest: uint256 = self._latest(_pair, _sell)
    start: uint256 = self.readings[_pair][latest][_sell]
    if block.timestamp - (start >> TIME_SHIFT) < WINDOW:
        start = self.readings[_pair][1 - latest][_sell]
    time: uint256 = start >> TIME_SHIFT
    assert time != 0, "Price history too short"
    assert block.timestamp - time <= MAX_WINDOWS * WINDOW, "Price history too old"

    sum: uint256 = _now.cumulative0 if _sell == 0 else _now.cumulative1
    return (unsafe_sub(sum, start) & SUM) // (block.timestamp - time)


@internal
@view
def _latest(_pair: address, _of: uint256) -> uint256:
    if self.readings[_pair][1][_of] >> TIME_SHIFT > self.readings[_pair][0][_of] >> TIME_SHIFT:
        return 1
    return 0
