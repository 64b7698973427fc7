# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Fee value
@license MIT
@notice What an index's streaming fees come to: accrued, due, and worth in WETH.
@dev Stateless. A fee is worth what it brought at the mean price over the time in which it fell due, from the cumulative
     price of a Uniswap V2 pair (https://docs.uniswap.org/contracts/v2/concepts/core-concepts/oracles): what happens
     inside a block has no duration and changes nothing. The pair's mean of {set/WETH} is divided by, which is the
     harmonic mean of {WETH/set}. Of the two means that a pair keeps it is the one that cannot be driven up: a price
     held at any height for a part f of the time raises it by 1 / (1 - f). The other one grows with the height.
     Nothing here reverts because a number is too large: it is cut off at a bound that no real one reaches.
"""

from contracts.lib import precise_math as math
from interfaces import IController
from interfaces import ISetToken
from interfaces import IStreamingFeeModule

interface Module:
    def controller() -> address: view

interface Pair:
    def getReserves() -> (uint112, uint112, uint32): view
    def price0CumulativeLast() -> uint256: view
    def price1CumulativeLast() -> uint256: view

struct Reading:
    # UQ112x112{set/WETH} x {s}, as added up by now, modulo 2**256
    cumulative: uint256
    # Whether the pair had reserves. It adds nothing up without, and once it has some it keeps some.
    liquid: bool

# {set} of one counting, 5e15 whole ones, and {s}: with these and UQ112 nothing overflows.
MAX_FEES: constant(uint256) = 2**112 - 1
MAX_TIME: constant(uint256) = 2**32 - 1
# {WETH} of one counting: more than 1e20 whole ones
MAX_VALUE: constant(uint256) = 2**128 - 1

PROTOCOL_FEE_TYPE: constant(uint256) = 0
# {set} the most that `accruedFees` counts to
MAX_ACCRUED: constant(uint256) = 2**160 - 1

# {gas} What an accrual may use: some 80,000, and more for every component when all their units must be looked at. Fixed,
# so that a caller's gas limit never decides whether it fails.
ACCRUAL_GAS: constant(uint256) = 1_000_000
# {gas} What must be left so that all of it can be passed on: a call keeps back a 64th, and some is used before.
GAS_NEEDED: constant(uint256) = ACCRUAL_GAS * 64 // 63 + 10_000


@internal
def _accrue(_module: address, _set_token: address) -> bool:
    """
    @notice Have what is due accrue.
    @return Whether nothing is due now
    """
    if staticcall IStreamingFeeModule(_module).getFee(_set_token) == 0:
        return True
    assert msg.gas >= GAS_NEEDED, "Not enough gas"

    return raw_call(
        _module,
        abi_encode(_set_token, method_id=method_id("accrueFee(address)")),
        gas=ACCRUAL_GAS,
        max_outsize=0,
        revert_on_failure=False,
    )


@internal
@view
def _accrued_and_due(_module: address, _set_token: address) -> uint256:
    """
    @return {set} What `accruedFees` would be after an accrual now: the arithmetic is StreamingFeeModule's
    """
    accrued: uint256 = staticcall IStreamingFeeModule(_module).accruedFees(_set_token)
    inflation: uint256 = staticcall IStreamingFeeModule(_module).getFee(_set_token)
    if inflation == 0:
        return accrued
    supply: uint256 = min(staticcall ISetToken(_set_token).totalSupply(), MAX_ACCRUED)
    quantity: uint256 = inflation * supply // (math.PRECISE_UNIT - inflation)
    controller: IController = IController(staticcall Module(_module).controller())
    share: uint256 = staticcall controller.getModuleFee(_module, PROTOCOL_FEE_TYPE)
    return accrued + min(quantity - math.mul_down(quantity, share), MAX_ACCRUED - accrued)


@internal
@view
def _read(_pair: address, _set_token: address, _weth: address) -> Reading:
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    last: uint32 = 0
    reserve0, reserve1, last = staticcall Pair(_pair).getReserves()
    if reserve0 == 0 or reserve1 == 0:
        return empty(Reading)
    cumulative: uint256 = 0
    price: uint256 = 0
    if convert(_weth, uint160) < convert(_set_token, uint160):
        cumulative = staticcall Pair(_pair).price0CumulativeLast()
        price = (convert(reserve1, uint256) << 112) // convert(reserve0, uint256)
    else:
        cumulative = staticcall Pair(_pair).price1CumulativeLast()
        price = (convert(reserve0, uint256) << 112) // convert(reserve1, uint256)

    # Since the pair's last change, both modulo 2**32 {s}
    elapsed: uint256 = unsafe_sub(block.timestamp, convert(last, uint256)) % 2**32
    return Reading(cumulative=unsafe_add(cumulative, price * elapsed), liquid=True)


@internal
@pure
def _value(_fees: uint256, _elapsed: uint256, _before: Reading, _now: Reading) -> uint256:
    """
    @param _fees {set} that fell due in `_elapsed` {s} between the two readings
    @return {WETH} rounded down, once
    """
    price_time: uint256 = unsafe_sub(_now.cumulative, _before.cumulative)
    if not (_before.liquid and _now.liquid) or price_time == 0:
        return 0
    # {WETH} = {set} * {s} / ({set/WETH} * {s})
    fees_time: uint256 = min(_fees, MAX_FEES) * min(_elapsed, MAX_TIME)
    return min((fees_time << 112) // price_time, MAX_VALUE)
