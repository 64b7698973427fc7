# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title SingleIndexModule
@license MIT
@notice Moves one index to new weights by many small, bounded trades against WETH.
@dev See interfaces/ISingleIndexModule.vyi. Settings are in lib/index_settings.vy, one trade is in
     lib/index_trading.vy, the exchanges are in lib/index_venues.vy. Views are @reentrant: they only read.
"""

from contracts.lib import bounds
from contracts.lib import index_settings as settings
from contracts.lib import index_trading as trading
from contracts.lib import index_venues as venues
from contracts.lib import module_base
from contracts.lib import precise_math as math
from contracts.lib import rebalance_book as book
from contracts.lib import uniqueness
from ethereum.ercs import IERC20
from interfaces import IController
from interfaces import IModule
from interfaces import ISetToken
from interfaces import ISingleIndexModule

implements: IModule
implements: ISingleIndexModule

initializes: book
initializes: module_base
initializes: settings[book := book, module_base := module_base, uniqueness := uniqueness]
initializes: trading[venues := venues]
initializes: uniqueness
initializes: venues

exports: module_base.controller
exports: settings.__interface__
exports: venues.__interface__

# D18{1} One raise divides the multiplier by this, which lifts all targets by 25 bps.
TARGET_RAISE_DIVISOR: constant(uint256) = 1_002_500_000_000_000_000
# D18{1} How far the multiplier of a new rebalance may be from the live one: fees accrue between planning
# and start, but a zero would brick trading and a half would double every target (V-6).
MAX_MULTIPLIER_DRIFT: constant(uint256) = 2 * 10**16
# D18{comp/set} How far rounding can move a unit from its target without a trade (V-1, V-2), for a supply of
# at least one Set. A unit is stored as a virtual one, rounded down, and read rounded down: less than 2 below
# what was meant; a target is rounded down once.
UNIT_TOLERANCE: constant(uint256) = 2
# D18{WETH/set} Each trade leaves less than one base unit of WETH per Set out of the unit. So much cash beyond
# the unit is such dust: a million trades' worth, a trillionth of a WETH per Set.
CASH_DUST: constant(uint256) = 10**6


@deploy
def __init__(
    _controller: IController,
    _weth: address,
    _uniswapRouter: address,
    _sushiswapRouter: address,
    _balancerProxy: address,
    _uniswapPairHash: bytes32,
    _sushiswapPairHash: bytes32,
):
    """
    @param _uniswapPairHash keccak256 of the pair's init code, from which its address follows (CREATE2)
    """
    module_base.__init__(_controller)
    venues.__init__(
        _weth, _uniswapRouter, _sushiswapRouter, _balancerProxy, _uniswapPairHash, _sushiswapPairHash
    )


# ---------------------------------------------------------------- traders


@external
def trade(_component: address):
    """
    @notice Trade a component towards its target: min(its largest size, what is missing), against WETH.
    @dev Allowed traders, from an externally owned account. A sale is exact in what it sells, a purchase in
         what it buys.
    """
    state: book.Rebalance = book._load()
    settings._only_trader_account(state)
    asset: book.Asset = book._load_asset(_component, state.epoch)
    self._only_tradeable(state, asset)

    index: ISetToken = ISetToken(state.index)
    supply: uint256 = 0
    multiplier: uint256 = 0
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    supply, multiplier, units = staticcall index.getUnits([_component, venues.weth])
    buys: bool = False
    size: uint256 = 0
    buys, size = trading._trade_size(
        units[0], asset.max_size, supply, self._normalize(asset.target_unit, multiplier, state)
    )

    if buys:
        trading._swap(index, supply, venues.weth, units[1], _component, units[0], False, size, asset.exchange)
    else:
        trading._swap(index, supply, _component, units[0], venues.weth, units[1], True, size, asset.exchange)

    self._stamp_trade(index, _component, asset, state.epoch)


@external
def tradeRemainingWETH(_component: address):
    """
    @notice Spend all the index's WETH on one component, once nothing is left to sell.
    @dev Allowed traders, from an externally owned account. What is bought must stay below both the largest
         size and what is missing.
    """
    state: book.Rebalance = book._load()
    settings._only_trader_account(state)
    index: ISetToken = ISetToken(state.index)
    assert not self._is_unfinished(state, False), "Must sell all sellable tokens before can be called"
    asset: book.Asset = book._load_asset(_component, state.epoch)
    self._only_tradeable(state, asset)

    supply: uint256 = 0
    multiplier: uint256 = 0
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    supply, multiplier, units = staticcall index.getUnits([_component, venues.weth])
    buys: bool = False
    limit: uint256 = 0
    buys, limit = trading._trade_size(
        units[0], asset.max_size, supply, self._normalize(asset.target_unit, multiplier, state)
    )

    # All of it, with the dust of earlier trades as in Set V2; but no donation, which is part of no unit (V-11).
    cash: uint256 = staticcall IERC20(venues.weth).balanceOf(index.address)
    # Without supply nothing is tracked: the new unit then has no divisor, and says so.
    if supply > 0 and cash > math.mul_up(supply, units[1] + CASH_DUST):
        cash = math.mul_down(supply, units[1])
    bought: uint256 = trading._swap(
        index, supply, venues.weth, units[1], _component, units[0], True, cash, asset.exchange
    )
    assert buys and bought < limit, "Trade size exceeds trade size limit"

    self._stamp_trade(index, _component, asset, state.epoch)


@external
def raiseAssetTargets():
    """
    @notice Lift all targets by 25 bps, when they are met and WETH is left.
    @dev Allowed traders.
    """
    state: book.Rebalance = book._load()
    settings._only_trader(state)
    assert (
        not self._is_unfinished(state, True)
        and staticcall ISetToken(state.index).getDefaultPositionRealUnit(venues.weth) > 0
    ), "Targets must be met and ETH remaining in order to raise target"

    state.multiplier = math.div_down(state.multiplier, TARGET_RAISE_DIVISOR)
    book._store(state)


# ---------------------------------------------------------------- manager


@external
def startRebalance(
    _newComponents: DynArray[address, bounds.MAX_COMPONENTS],
    _newComponentsTargetUnits: DynArray[uint256, bounds.MAX_COMPONENTS],
    _oldComponentsTargetUnits: DynArray[uint256, bounds.MAX_COMPONENTS],
    _positionMultiplier: uint256,
):
    """
    @notice Set the units to trade towards; replaces a rebalance under way.
    @dev The index's manager only. D18{comp/set}: old targets in the order of the index's components, 0 to
         sell out. WETH left in the index stays as cash: its target is 0. `_positionMultiplier` D18{1} is
         the one the targets were made for.
    """
    state: book.Rebalance = book._load()
    index: ISetToken = ISetToken(state.index)
    module_base._only_manager_and_initialized(index)
    assert len(_newComponents) == len(_newComponentsTargetUnits), "Array length mismatch"
    old: DynArray[address, bounds.MAX_COMPONENTS] = staticcall index.getComponents()
    assert (
        len(old) == len(_oldComponentsTargetUnits)
    ), "New allocation must have target for all old components"
    assert len(old) + len(_newComponents) > 0, "A is empty"
    assert len(old) + len(_newComponents) <= bounds.MAX_COMPONENTS, "Too many components"

    state.nonce += 1
    state.multiplier = _positionMultiplier
    cash_only: bool = True
    for i: uint256 in range(len(old), bound=bounds.MAX_COMPONENTS):
        if old[i] == venues.weth:
            cash_only = _oldComponentsTargetUnits[i] == 0
            self._clear_target(state, old[i])
        else:
            self._set_target(state, old[i], _oldComponentsTargetUnits[i], False)
    for i: uint256 in range(len(_newComponents), bound=bounds.MAX_COMPONENTS):
        if _newComponents[i] == venues.weth:
            assert cash_only and venues.weth not in old, "Cannot duplicate components"
            cash_only = False
        else:
            self._set_target(state, _newComponents[i], _newComponentsTargetUnits[i], True)
    assert cash_only, "WETH cannot be an index component"
    self._check_multiplier(index, _positionMultiplier)

    book.listed_assets = _newComponents
    book._store(state)


@external
def initialize(_index: address):
    """
    @notice Serve `_index`, with its present units as targets.
    @dev The SetToken's manager only, while this module is pending there and serves no other.
    """
    index: ISetToken = ISetToken(_index)
    module_base._only_manager_and_pending(index)
    state: book.Rebalance = book._load()
    assert state.index == empty(address), "Module already in use"
    module_base._only_batching(index)

    state.index = _index
    state.nonce += 1
    state.epoch = state.nonce
    book._store(state)
    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    units: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    has_external: bool = False
    components, units, has_external = staticcall index.getDefaultPositions()
    for i: uint256 in range(len(components), bound=bounds.MAX_COMPONENTS):
        asset: book.Asset = book._load_asset(components[i], state.epoch)
        asset.target_unit = units[i]
        book._store_asset(components[i], asset, state.epoch)
    extcall index.initializeModule()


@external
def removeModule():
    """
    @notice Forget the index; the module can then serve one again, which finds no trace of the last.
    @dev Called by the index that removes this module; from anyone else it does nothing.
    """
    state: book.Rebalance = book._load()
    if msg.sender == state.index:
        state.index = empty(address)
        state.multiplier = 0
        state.anyone_trade = False
        state.nonce += 1
        state.epoch = state.nonce
        book._store(state)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def index() -> address:
    return book._load().index


@external
@view
@reentrant
def positionMultiplier() -> uint256:
    """
    @notice D18{1} The index's multiplier that the targets stand for.
    """
    return book._load().multiplier


@external
@view
@reentrant
def getRebalanceComponents() -> DynArray[address, bounds.MAX_COMPONENTS]:
    """
    @notice The components of the current rebalance: those in the index, in its order, then the others.
    """
    return self._components(book._load())


@external
@view
@reentrant
def rebalanceComponents(_index: uint256) -> address:
    return self._components(book._load())[_index]


@external
@view
@reentrant
def getTargetUnits(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
) -> DynArray[uint256, bounds.MAX_COMPONENTS]:
    """
    @notice D18{comp/set} targets at the index's present multiplier, rounded down.
    """
    state: book.Rebalance = book._load()
    multiplier: uint256 = math.to_uint(staticcall ISetToken(state.index).positionMultiplier())

    targets: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    for component: address in _components:
        asset: book.Asset = book._load_asset(component, state.epoch)
        targets.append(self._normalize(asset.target_unit, multiplier, state))
    return targets


# ---------------------------------------------------------------- checks


@internal
@view
def _only_tradeable(_state: book.Rebalance, _asset: book.Asset):
    assert self._takes_part(_state, _asset), "Passed component not included in rebalance"
    assert _asset.exchange != venues.NO_EXCHANGE, "Exchange must be specified"
    assert (
        math.add(_asset.last_trade, _asset.cool_off) <= block.timestamp
    ), "Cool off period has not elapsed."


@internal
@pure
def _takes_part(_state: book.Rebalance, _asset: book.Asset) -> bool:
    # The nonce of an initialisation is no rebalance yet.
    return _asset.nonce == _state.nonce and _state.nonce > _state.epoch


@internal
@view
def _check_multiplier(_index: ISetToken, _multiplier: uint256):
    live: uint256 = math.to_uint(staticcall _index.positionMultiplier())
    drift: uint256 = math.mul_down(live, MAX_MULTIPLIER_DRIFT)
    assert (
        _multiplier <= live + drift and _multiplier >= live - drift
    ), "Position multiplier out of bounds"


# ---------------------------------------------------------------- targets


@internal
def _set_target(_state: book.Rebalance, _component: address, _target: uint256, _listed: bool):
    asset: book.Asset = book._load_asset(_component, _state.epoch)
    assert asset.nonce != _state.nonce, "Cannot duplicate components"
    asset.nonce = _state.nonce
    asset.target_unit = _target
    asset.listed = _listed
    book._store_asset(_component, asset, _state.epoch)

    log ISingleIndexModule.TargetUnitsUpdated(
        _component=_component, _newUnit=_target, _positionMultiplier=_state.multiplier
    )


@internal
def _clear_target(_state: book.Rebalance, _component: address):
    # Cash has no target, whatever `initialize` found.
    asset: book.Asset = book._load_asset(_component, _state.epoch)
    if asset.target_unit != 0:
        asset.target_unit = 0
        book._store_asset(_component, asset, _state.epoch)


@internal
@pure
def _normalize(_target: uint256, _multiplier: uint256, _state: book.Rebalance) -> uint256:
    # Fees that accrued since the start shrink all targets alike. Rounded down.
    return math.div(math.mul(_target, _multiplier), _state.multiplier)


@internal
@view
def _is_unfinished(_state: book.Rebalance, _buys_too: bool) -> bool:
    """
    @return Whether a component is above its target, or, if buys count too, below it: beyond the tolerance
    """
    index: ISetToken = ISetToken(_state.index)
    multiplier: uint256 = math.to_uint(staticcall index.positionMultiplier())
    components: DynArray[address, bounds.MAX_COMPONENTS] = self._components(_state)
    for component: address in components:
        asset: book.Asset = book._load_asset(component, _state.epoch)
        target: uint256 = self._normalize(asset.target_unit, multiplier, _state)
        unit: uint256 = math.to_uint(staticcall index.getDefaultPositionRealUnit(component))
        if unit > target + UNIT_TOLERANCE or (_buys_too and target > unit + UNIT_TOLERANCE):
            return True
    return False


@internal
@view
def _components(_state: book.Rebalance) -> DynArray[address, bounds.MAX_COMPONENTS]:
    if _state.nonce == _state.epoch:
        return []

    held: DynArray[address, bounds.MAX_COMPONENTS] = staticcall ISetToken(_state.index).getComponents()
    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    for component: address in held:
        if self._takes_part(_state, book._load_asset(component, _state.epoch)):
            components.append(component)
    for component: address in book.listed_assets:
        if component not in held:
            components.append(component)
    return components


@internal
def _stamp_trade(_index: ISetToken, _component: address, _asset: book.Asset, _epoch: uint256):
    asset: book.Asset = _asset
    asset.last_trade = block.timestamp
    # Sold out: the index's list forgets it, the rebalance does not.
    if not asset.listed and not staticcall _index.isComponent(_component):
        asset.listed = True
        book.listed_assets.append(_component)
    book._store_asset(_component, asset, _epoch)
