# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index settings
@license MIT
@notice Who may trade an index, and for each component how much at once, how often and where.
@dev Views are @reentrant: they only read.
"""

from contracts.lib import bounds
from contracts.lib import exchange_pairs as pairs
from contracts.lib import module_base
from contracts.lib import rebalance_book as book
from contracts.lib import uniqueness
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: book
uses: module_base
uses: uniqueness

# initialisation -> trader -> may trade. A wrong entry lets a stranger choose when the index trades.
traders: HashMap[uint256, HashMap[address, bool]]


@external
def setTradeMaximums(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _tradeMaximums: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set the largest size {comp} of one trade.
    @dev The index's manager only.
    """
    epoch: uint256 = 0
    round: uint256 = 0
    epoch, round = self._open_settings(len(_components), len(_tradeMaximums))
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        component: address = _components[i]
        book._only_once(uniqueness._is_new(component, round))
        size: uint256 = _tradeMaximums[i]
        book._set_field(component, epoch, book.MAX_SHIFT, book.MAX_SIZE, size)

        log ISingleIndexModule.TradeMaximumUpdated(_component=component, _newMaximum=size)


@external
def setExchanges(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _exchanges: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set where a component trades: 0 nowhere, 1 Uniswap V2, 2 SushiSwap, 3 Balancer V1.
    @dev The index's manager only.
    """
    epoch: uint256 = 0
    round: uint256 = 0
    epoch, round = self._open_settings(len(_components), len(_exchanges))
    for component: address in _components:
        book._only_once(uniqueness._is_new(component, round))
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        component: address = _components[i]
        exchange: uint256 = _exchanges[i]
        assert exchange <= pairs.BALANCER, "Unrecognized exchange identifier"
        book._set_field(component, epoch, book.EXCHANGE_SHIFT, book.MAX_EXCHANGE, exchange)

        log ISingleIndexModule.AssetExchangeUpdated(_component=component, _newExchange=exchange)


@external
def setCoolOffPeriods(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _coolOffPeriods: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set the least time {s} between two trades of a component.
    @dev The index's manager only.
    """
    epoch: uint256 = 0
    round: uint256 = 0
    epoch, round = self._open_settings(len(_components), len(_coolOffPeriods))
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        component: address = _components[i]
        book._only_once(uniqueness._is_new(component, round))
        period: uint256 = _coolOffPeriods[i]
        book._set_field(component, epoch, book.COOL_OFF_SHIFT, book.MAX_COOL_OFF, period)

        log ISingleIndexModule.CoolOffPeriodUpdated(_component=component, _newCoolOffPeriod=period)


@external
def updateTraderStatus(
    _traders: DynArray[address, bounds.MAX_COMPONENTS],
    _statuses: DynArray[bool, bounds.MAX_COMPONENTS],
):
    """
    @notice Allow or forbid accounts to trade.
    @dev The index's manager only.
    """
    epoch: uint256 = 0
    round: uint256 = 0
    epoch, round = self._open_settings(len(_traders), len(_statuses))
    for i: uint256 in range(len(_traders), bound=bounds.MAX_COMPONENTS):
        assert uniqueness._is_new(_traders[i], round), "Cannot duplicate traders"
        self.traders[epoch][_traders[i]] = _statuses[i]

        log ISingleIndexModule.TraderStatusUpdated(_trader=_traders[i], _status=_statuses[i])


@external
def updateAnyoneTrade(_status: bool):
    """
    @notice Let every account trade, or only the allowed ones.
    @dev The index's manager only.
    """
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))

    state.anyone_trade = _status
    book._store(state)

    log ISingleIndexModule.AnyoneTradeUpdated(_status=_status)


@external
@view
@reentrant
def anyoneTrade() -> bool:
    return book._load().anyone_trade


@external
@view
@reentrant
def tradeAllowList(_trader: address) -> bool:
    return self.traders[book._load().epoch][_trader]


@external
@view
@reentrant
def assetInfo(_component: address) -> (uint256, uint256, uint256, uint256, uint256):
    """
    @return Target unit D18{comp/set}, largest size {comp}, cool-off {s}, last trade {s}, exchange
    """
    asset: book.Asset = book._load_asset(_component, book._load().epoch)
    return asset.target_unit, asset.max_size, asset.cool_off, asset.last_trade, asset.exchange


@internal
def _open_settings(_keys: uint256, _values: uint256) -> (uint256, uint256):
    """
    @return The epoch, and the round in which each key may be named once
    """
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))
    book._same_length(_keys, _values)
    assert _values > 0, "Array length must be > 0"
    return state.epoch, uniqueness._begin()


@internal
@view
def _only_trader(_state: book.Rebalance):
    allowed: bool = _state.anyone_trade or self.traders[_state.epoch][msg.sender]
    assert allowed, "Address not permitted to trade"
