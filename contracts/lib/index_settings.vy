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

# What `_set` sets
MAX_SIZE: constant(uint256) = 0
EXCHANGE: constant(uint256) = 1
COOL_OFF: constant(uint256) = 2

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
    self._set(MAX_SIZE, _components, _tradeMaximums)


@external
def setExchanges(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _exchanges: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set where a component trades: 0 nowhere, 1 Uniswap V2, 2 SushiSwap, 3 Balancer V1.
    @dev The index's manager only.
    """
    self._set(EXCHANGE, _components, _exchanges)


@external
def setCoolOffPeriods(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _coolOffPeriods: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set the least time {s} between two trades of a component.
    @dev The index's manager only.
    """
    self._set(COOL_OFF, _components, _coolOffPeriods)


@external
def updateTraderStatus(
    _traders: DynArray[address, bounds.MAX_COMPONENTS],
    _statuses: DynArray[bool, bounds.MAX_COMPONENTS],
):
    """
    @notice Allow or forbid accounts to trade.
    @dev The index's manager only.
    """
    state: book.Rebalance = self._open_settings(_traders, len(_statuses), "Cannot duplicate traders")
    for i: uint256 in range(len(_traders), bound=bounds.MAX_COMPONENTS):
        self.traders[state.epoch][_traders[i]] = _statuses[i]

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
def _set(
    _field: uint256,
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _values: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    state: book.Rebalance = self._open_settings(
        _components, len(_values), "Cannot duplicate components"
    )
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        component: address = _components[i]
        value: uint256 = _values[i]
        asset: book.Asset = book._load_asset(component, state.epoch)
        if _field == MAX_SIZE:
            asset.max_size = value
            log ISingleIndexModule.TradeMaximumUpdated(_component=component, _newMaximum=value)
        elif _field == EXCHANGE:
            assert value <= pairs.BALANCER, "Unrecognized exchange identifier"
            asset.exchange = value
            log ISingleIndexModule.AssetExchangeUpdated(_component=component, _newExchange=value)
        else:
            asset.cool_off = value
            log ISingleIndexModule.CoolOffPeriodUpdated(
                _component=component, _newCoolOffPeriod=value
            )
        book._store_asset(component, asset, state.epoch)


@internal
def _open_settings(
    _keys: DynArray[address, bounds.MAX_COMPONENTS], _values: uint256, _duplicate: String[27]
) -> book.Rebalance:
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))
    assert len(_keys) == _values, "Array length mismatch"
    assert _values > 0, "Array length must be > 0"
    uniqueness._begin()
    for key: address in _keys:
        assert uniqueness._is_new(key), _duplicate
    return state


@internal
@view
def _only_trader(_state: book.Rebalance):
    allowed: bool = _state.anyone_trade or self.traders[_state.epoch][msg.sender]
    assert allowed, "Address not permitted to trade"
