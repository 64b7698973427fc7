# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Pair history
@license MIT
@notice Time-weighted prices of Uniswap V2 pairs, from the cumulative prices they keep.
@dev A pair adds price x seconds up whenever its reserves change; the difference of two readings over the time
     between them is the arithmetic mean of the price
     (https://docs.uniswap.org/contracts/v2/concepts/core-concepts/oracles). What happens inside a block has no
     duration and changes nothing. Two readings per pair are kept, at least WINDOW apart, so that one of them is
     always old enough once the first is, however often strangers ask for new ones.
"""

interface Pair:
    def getReserves() -> (uint112, uint112, uint32): view
    def price0CumulativeLast() -> uint256: view
    def price1CumulativeLast() -> uint256: view

struct Observation:
    # {s}
    time: uint256
    # UQ112x112{token1/token0} x {s} and its counterpart, both modulo 2**256
    cumulative0: uint256
    cumulative1: uint256

# {s} over at least which a mean is taken
WINDOW: immutable(uint256)

# A mean over a longer time {windows} says little about today's price.
MAX_WINDOWS: constant(uint256) = 4

# pair -> its two readings; the older one is overwritten. A false reading would be a false price.
observations: HashMap[address, Observation[2]]


@deploy
def __init__(_window: uint256):
    assert _window > 0, "Window must be > 0"
    WINDOW = _window


@internal
def _observe(_pair: address):
    """
    @notice Remember a pair's cumulative prices now, unless the last reading is younger than the window.
    """
    latest: uint256 = self._latest(_pair)
    last: uint256 = self.observations[_pair][latest].time
    if last != 0 and block.timestamp - last < WINDOW:
        return

    cumulative0: uint256 = 0
    cumulative1: uint256 = 0
    _reserve0: uint256 = 0
    _reserve1: uint256 = 0
    cumulative0, cumulative1, _reserve0, _reserve1 = self._read(_pair)
    self.observations[_pair][1 - latest] = Observation(
        time=block.timestamp, cumulative0=cumulative0, cumulative1=cumulative1
    )


@internal
@view
def _mean_price(_pair: address, _sell_is_0: bool) -> (uint256, uint256, uint256):
    """
    @return UQ112x112{bought/sold} mean price of the token sold, rounded down; {sold}, {bought} reserves now
    """
    cumulative0: uint256 = 0
    cumulative1: uint256 = 0
    reserve0: uint256 = 0
    reserve1: uint256 = 0
    cumulative0, cumulative1, reserve0, reserve1 = self._read(_pair)

    start: Observation = self._start(_pair)
    duration: uint256 = block.timestamp - start.time
    if _sell_is_0:
        return unsafe_sub(cumulative0, start.cumulative0) // duration, reserve0, reserve1
    return unsafe_sub(cumulative1, start.cumulative1) // duration, reserve1, reserve0


@internal
@view
def _start(_pair: address) -> Observation:
    """
    @return The younger of the readings that are old enough
    """
    latest: uint256 = self._latest(_pair)
    start: Observation = self.observations[_pair][latest]
    if block.timestamp - start.time < WINDOW:
        start = self.observations[_pair][1 - latest]
    assert start.time != 0, "Price history too short"
    assert block.timestamp - start.time <= MAX_WINDOWS * WINDOW, "Price history too old"
    return start


@internal
@view
def _latest(_pair: address) -> uint256:
    if self.observations[_pair][1].time > self.observations[_pair][0].time:
        return 1
    return 0


@internal
@view
def _read(_pair: address) -> (uint256, uint256, uint256, uint256):
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
    cumulative0: uint256 = staticcall Pair(_pair).price0CumulativeLast()
    cumulative1: uint256 = staticcall Pair(_pair).price1CumulativeLast()

    # Since the pair's last change, both modulo 2**32 {s}
    elapsed: uint256 = unsafe_sub(block.timestamp, convert(last, uint256)) % 2**32
    a: uint256 = convert(reserve0, uint256)
    b: uint256 = convert(reserve1, uint256)
    cumulative0 = unsafe_add(cumulative0, ((b << 112) // a) * elapsed)
    cumulative1 = unsafe_add(cumulative1, ((a << 112) // b) * elapsed)
    return cumulative0, cumulative1, a, b
