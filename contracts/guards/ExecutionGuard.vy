# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title ExecutionGuard
@license MIT
@notice Judges each trade of an index by the time-weighted price of the pool it trades in, and counts what the
        whole rebalance lost.
@dev See interfaces/IExecutionGuard.vyi, and docs/SECURITY.md for what it does not stop. Serves every index. Which
     mean is compared matters: the arithmetic mean of {bought/sold} is what a manipulator can hardly lower. Holding
     a price, however extreme, for a part f of the window lowers it by at most f.
"""

from contracts.lib import bounds
from contracts.lib import exchange_pairs as pairs
from contracts.lib import pair_history as history
from contracts.lib import precise_math as math
from interfaces import IExecutionGuard
from interfaces import ISetToken
from interfaces import ISingleIndexModule

implements: IExecutionGuard

initializes: history
initializes: pairs

struct Bounds:
    max_deviation: uint256
    min_liquidity: uint256
    loss_budget: uint256

# D18{1}
ONE: constant(uint256) = 10**18
MAX_DEVIATION: constant(uint256) = 2 * 10**17

Q112: constant(uint256) = 2**112

WETH: immutable(address)

# module -> index -> deviation 64 | liquidity 96 | budget 96. A wrong word lets a trade lose more than agreed.
settings: HashMap[address, HashMap[address, uint256]]

# module -> index -> nonce of a rebalance -> {weth} lost
totalLoss: public(HashMap[address, HashMap[address, HashMap[uint256, uint256]]])


@deploy
def __init__(
    _weth: address,
    _uniswapFactory: address,
    _sushiswapFactory: address,
    _uniswapPairHash: bytes32,
    _sushiswapPairHash: bytes32,
    _window: uint256,
):
    """
    @param _window {s} over at least which a reference price is taken
    """
    pairs.__init__(_uniswapFactory, _sushiswapFactory, _uniswapPairHash, _sushiswapPairHash)
    history.__init__(_window)
    WETH = _weth


# ---------------------------------------------------------------- index module


@external
def checkTrade(
    _index: address,
    _nonce: uint256,
    _exchange: uint256,
    _sell: address,
    _buy: address,
    _sold: uint256,
    _bought: uint256,
):
    """
    @notice Revert unless the trade is within the bounds; count what it lost.
    @dev Any module, for itself.
    """
    agreed: Bounds = self._bounds(msg.sender, _index)
    assert agreed.max_deviation > 0, "Guard not configured"

    pair: address = self._reference_pair(_exchange, _sell, _buy)
    now: history.Reading = history._read(pair)
    sell: uint256 = self._place(_sell, _buy)
    # UQ112x112{buy/sell}, and UQ112x112{buy}: for a token of few decimals a base unit is no small change
    price: uint256 = history._mean_price(pair, now, sell)
    value: uint256 = math.mul(_sold, price)
    liquidity: uint256 = now.reserve0 if (sell == 0) == (_sell == WETH) else now.reserve1
    assert liquidity >= agreed.min_liquidity, "Reference pool too thin"
    # bought / (1 - deviation) >= value, rounded against the trade
    bought: uint256 = math.mul(_bought, Q112)
    assert (
        math.mul(bought // (ONE - agreed.max_deviation), ONE) >= value
    ), "Price outside guard"

    # {weth} given and received, rounded down
    given: uint256 = value // Q112
    received: uint256 = _bought
    if _sell == WETH:
        given = _sold
        received = bought // price
    loss: uint256 = max(given, received) - received
    total: uint256 = self.totalLoss[msg.sender][_index][_nonce] + loss
    assert total <= agreed.loss_budget, "Loss budget used up"

    if loss > 0:
        self.totalLoss[msg.sender][_index][_nonce] = total
    history._remember(pair, now, sell)

    log IExecutionGuard.TradeChecked(
        _module=msg.sender,
        _index=_index,
        _nonce=_nonce,
        _sellComponent=_sell,
        _buyComponent=_buy,
        _expected=value // Q112,
        _loss=loss,
        _totalLoss=total,
    )


# ---------------------------------------------------------------- manager


@external
def configure(
    _module: address, _maxDeviation: uint256, _minLiquidity: uint256, _lossBudget: uint256
):
    """
    @notice Set the bounds of an index's trades.
    @dev The manager of the index that `_module` serves only.
    """
    index: address = staticcall ISingleIndexModule(_module).index()
    assert staticcall ISetToken(index).manager() == msg.sender, "Must be the SetToken manager"
    assert _maxDeviation > 0, "Deviation must be > 0"
    assert _maxDeviation <= MAX_DEVIATION, "Deviation too large"
    assert _minLiquidity < 2**96 and _lossBudget < 2**96, "Quantity too large"

    self.settings[_module][index] = (
        (_maxDeviation << 192) | (_minLiquidity << 96) | _lossBudget
    )

    log IExecutionGuard.GuardConfigured(
        _module=_module,
        _index=index,
        _maxDeviation=_maxDeviation,
        _minLiquidity=_minLiquidity,
        _lossBudget=_lossBudget,
    )


# ---------------------------------------------------------------- anyone


@external
def observe(_pairs: DynArray[address, bounds.MAX_COMPONENTS]):
    """
    @notice Remember the cumulative prices of pairs.
    @dev Anyone: a reading can't be chosen, and at most one per window is taken.
    """
    for pair: address in _pairs:
        now: history.Reading = history._read(pair)
        history._remember(pair, now, 0)
        history._remember(pair, now, 1)


# ---------------------------------------------------------------- views


@external
@view
def window() -> uint256:
    return history.WINDOW


@external
@view
def referencePair(_exchange: uint256, _component: address) -> address:
    return self._reference_pair(_exchange, _component, WETH)


@external
@view
def expectedQuantity(_exchange: uint256, _sell: address, _buy: address, _sold: uint256) -> uint256:
    """
    @notice {buy} that `_sold` {sell} is worth at the reference price, rounded down.
    """
    pair: address = self._reference_pair(_exchange, _sell, _buy)
    sell: uint256 = self._place(_sell, _buy)
    return math.mul(_sold, history._mean_price(pair, history._read(pair), sell)) // Q112


@external
@view
def getBounds(_module: address, _index: address) -> (uint256, uint256, uint256):
    """
    @return Largest deviation D18{1}, least liquidity {weth}, loss budget {weth}
    """
    agreed: Bounds = self._bounds(_module, _index)
    return agreed.max_deviation, agreed.min_liquidity, agreed.loss_budget


# ---------------------------------------------------------------- internal


@internal
@view
def _bounds(_module: address, _index: address) -> Bounds:
    word: uint256 = self.settings[_module][_index]
    return Bounds(
        max_deviation=word >> 192,
        min_liquidity=(word >> 96) & (2**96 - 1),
        loss_budget=word & (2**96 - 1),
    )


@internal
@view
def _reference_pair(_exchange: uint256, _a: address, _b: address) -> address:
    # Balancer V1 pools keep no history: the component's Uniswap V2 pair judges them.
    return pairs._pair_of(_exchange, _a, _b)


@internal
@pure
def _place(_token: address, _other: address) -> uint256:
    # Of a token in the pair with another: 0 or 1
    return 0 if convert(_token, uint160) < convert(_other, uint160) else 1
