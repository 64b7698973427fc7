# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title SingleIndexModule
@license MIT
@notice Moves one index to new weights by many small, bounded trades against WETH.
@dev See interfaces/ISingleIndexModule.vyi. On Uniswap V2 and SushiSwap the SetToken pays the pair itself
     and this module asks the pair to swap, for amounts equal to the router's to the wei: no allowance
     is ever given. Views are @reentrant: they only read.
"""

from contracts.lib import bounds
from contracts.lib import module_base
from contracts.lib import precise_math as math
from contracts.lib import rebalance_book as book
from contracts.lib import uniqueness
from contracts.lib import uniswap_v2
from ethereum.ercs import IERC20
from interfaces import IController
from interfaces import IModule
from interfaces import ISetToken
from interfaces import ISingleIndexModule

implements: IModule
implements: ISingleIndexModule

initializes: book
initializes: module_base
initializes: uniqueness

exports: module_base.controller

interface Router:
    def factory() -> address: view

# Exchange ids of Set V2's ABI.
NO_EXCHANGE: constant(uint256) = 0
UNISWAP: constant(uint256) = 1
SUSHISWAP: constant(uint256) = 2
BALANCER: constant(uint256) = 3

# D18{1} One raise divides the multiplier by this, which lifts all targets by 25 bps.
TARGET_RAISE_DIVISOR: constant(uint256) = 1_002_500_000_000_000_000
# D18{1} How far the multiplier of a new rebalance may be from the live one: fees accrue between planning
# and start, but a zero would brick trading and a half would double every target (V-6).
MAX_MULTIPLIER_DRIFT: constant(uint256) = 2 * 10**16
# D18{comp/set} Rounding can move a unit this far from its target without a trade (V-1, V-2): a fee rounds
# both down, once each.
UNIT_TOLERANCE: constant(uint256) = 1
BALANCER_POOL_LIMIT: constant(uint256) = 3

weth: public(immutable(address))
uniswapRouter: public(immutable(address))
sushiswapRouter: public(immutable(address))
balancerProxy: public(immutable(address))
UNISWAP_FACTORY: immutable(address)
SUSHISWAP_FACTORY: immutable(address)
UNISWAP_PAIR_HASH: immutable(bytes32)
SUSHISWAP_PAIR_HASH: immutable(bytes32)

# initialisation -> trader -> may trade. A wrong entry lets a stranger choose when the index trades.
traders: HashMap[uint256, HashMap[address, bool]]


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
    weth = _weth
    uniswapRouter = _uniswapRouter
    sushiswapRouter = _sushiswapRouter
    balancerProxy = _balancerProxy
    UNISWAP_FACTORY = staticcall Router(_uniswapRouter).factory()
    SUSHISWAP_FACTORY = staticcall Router(_sushiswapRouter).factory()
    UNISWAP_PAIR_HASH = _uniswapPairHash
    SUSHISWAP_PAIR_HASH = _sushiswapPairHash


# ---------------------------------------------------------------- traders


@external
def trade(_component: address):
    """
    @notice Trade a component towards its target: min(its largest size, what is missing), against WETH.
    @dev Allowed traders, from an externally owned account. A sale is exact in what it sells, a purchase in
         what it buys.
    """
    state: book.Rebalance = book._load()
    self._only_trader_account(state)
    asset: book.Asset = book._load_asset(_component, state.epoch)
    self._only_tradeable(state, asset)

    index: ISetToken = ISetToken(state.index)
    supply: uint256 = 0
    multiplier: uint256 = 0
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    supply, multiplier, units = staticcall index.getUnits([_component, weth])
    buys: bool = False
    size: uint256 = 0
    buys, size = self._trade_size(
        units[0], asset.max_size, supply, self._normalize(asset.target_unit, multiplier, state)
    )

    if buys:
        self._swap(index, supply, weth, units[1], _component, units[0], False, size, asset.exchange)
    else:
        self._swap(index, supply, _component, units[0], weth, units[1], True, size, asset.exchange)

    self._stamp_trade(index, _component, asset, state.epoch)


@external
def tradeRemainingWETH(_component: address):
    """
    @notice Spend all the index's WETH on one component, once nothing is left to sell.
    @dev Allowed traders, from an externally owned account. What is bought must stay below both the largest
         size and what is missing.
    """
    state: book.Rebalance = book._load()
    self._only_trader_account(state)
    index: ISetToken = ISetToken(state.index)
    sellable: bool = False
    met: bool = False
    sellable, met = self._progress(state)
    assert not sellable, "Must sell all sellable tokens before can be called"
    asset: book.Asset = book._load_asset(_component, state.epoch)
    self._only_tradeable(state, asset)

    supply: uint256 = 0
    multiplier: uint256 = 0
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    supply, multiplier, units = staticcall index.getUnits([_component, weth])
    buys: bool = False
    limit: uint256 = 0
    buys, limit = self._trade_size(
        units[0], asset.max_size, supply, self._normalize(asset.target_unit, multiplier, state)
    )

    # The index's own WETH: what a stranger donated is not part of any unit (V-11).
    cash: uint256 = math.mul_down(supply, units[1])
    bought: uint256 = self._swap(
        index, supply, weth, units[1], _component, units[0], True, cash, asset.exchange
    )
    assert bought < limit, "Trade size exceeds trade size limit"

    self._stamp_trade(index, _component, asset, state.epoch)


@external
def raiseAssetTargets():
    """
    @notice Lift all targets by 25 bps, when they are met and WETH is left.
    @dev Allowed traders.
    """
    state: book.Rebalance = book._load()
    self._only_trader(state)
    sellable: bool = False
    met: bool = False
    sellable, met = self._progress(state)
    assert (
        met and staticcall ISetToken(state.index).getDefaultPositionRealUnit(weth) > 0
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
    self._check_multiplier(index, _positionMultiplier)

    state.nonce += 1
    state.multiplier = _positionMultiplier
    cash_only: bool = True
    for i: uint256 in range(len(old), bound=bounds.MAX_COMPONENTS):
        if old[i] == weth:
            cash_only = _oldComponentsTargetUnits[i] == 0
        else:
            self._set_target(state, old[i], _oldComponentsTargetUnits[i], False)
    for i: uint256 in range(len(_newComponents), bound=bounds.MAX_COMPONENTS):
        if _newComponents[i] == weth:
            assert weth not in old, "Cannot duplicate components"
            cash_only = False
        else:
            self._set_target(state, _newComponents[i], _newComponentsTargetUnits[i], True)
    assert cash_only, "WETH cannot be an index component"

    book.listed_assets = _newComponents
    book._store(state)


@external
def setTradeMaximums(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _tradeMaximums: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set the largest size {comp} of one trade.
    @dev The index's manager only.
    """
    state: book.Rebalance = self._open_settings(_components, len(_tradeMaximums))

    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        asset: book.Asset = book._load_asset(_components[i], state.epoch)
        asset.max_size = _tradeMaximums[i]
        book._store_asset(_components[i], asset, state.epoch)

        log ISingleIndexModule.TradeMaximumUpdated(
            _component=_components[i], _newMaximum=_tradeMaximums[i]
        )


@external
def setExchanges(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _exchanges: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set where a component trades: 0 nowhere, 1 Uniswap V2, 2 SushiSwap, 3 Balancer V1.
    @dev The index's manager only.
    """
    state: book.Rebalance = self._open_settings(_components, len(_exchanges))

    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        assert _exchanges[i] <= BALANCER, "Unrecognized exchange identifier"
        asset: book.Asset = book._load_asset(_components[i], state.epoch)
        asset.exchange = _exchanges[i]
        book._store_asset(_components[i], asset, state.epoch)

        log ISingleIndexModule.AssetExchangeUpdated(
            _component=_components[i], _newExchange=_exchanges[i]
        )


@external
def setCoolOffPeriods(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _coolOffPeriods: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Set the least time {s} between two trades of a component.
    @dev The index's manager only.
    """
    state: book.Rebalance = self._open_settings(_components, len(_coolOffPeriods))

    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        asset: book.Asset = book._load_asset(_components[i], state.epoch)
        asset.cool_off = _coolOffPeriods[i]
        book._store_asset(_components[i], asset, state.epoch)

        log ISingleIndexModule.CoolOffPeriodUpdated(
            _component=_components[i], _newCoolOffPeriod=_coolOffPeriods[i]
        )


@external
def updateTraderStatus(
    _traders: DynArray[address, bounds.MAX_COMPONENTS],
    _statuses: DynArray[bool, bounds.MAX_COMPONENTS],
):
    """
    @notice Allow or forbid accounts to trade.
    @dev The index's manager only.
    """
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))
    assert len(_traders) == len(_statuses), "Array length mismatch"
    assert len(_traders) > 0, "Array length must be > 0"
    assert not uniqueness._has_duplicate(_traders), "Cannot duplicate traders"

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
def positionMultiplier() -> uint256:
    """
    @notice D18{1} The index's multiplier that the targets stand for.
    """
    return book._load().multiplier


@external
@view
@reentrant
def assetInfo(_component: address) -> (uint256, uint256, uint256, uint256, uint256):
    """
    @return Target unit D18{comp/set}, largest size {comp}, cool-off {s}, last trade {s}, exchange
    """
    asset: book.Asset = book._load_asset(_component, book._load().epoch)
    return asset.target_unit, asset.max_size, asset.cool_off, asset.last_trade, asset.exchange


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
def _only_trader(_state: book.Rebalance):
    allowed: bool = _state.anyone_trade or self.traders[_state.epoch][msg.sender]
    assert allowed, "Address not permitted to trade"


@internal
@view
def _only_trader_account(_state: book.Rebalance):
    self._only_trader(_state)
    assert msg.sender == tx.origin, "Caller must be EOA Address"


@internal
@view
def _only_tradeable(_state: book.Rebalance, _asset: book.Asset):
    assert self._takes_part(_state, _asset), "Passed component not included in rebalance"
    assert _asset.exchange != NO_EXCHANGE, "Exchange must be specified"
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


@internal
def _open_settings(
    _components: DynArray[address, bounds.MAX_COMPONENTS], _values: uint256
) -> book.Rebalance:
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))
    assert len(_components) == _values, "Array length mismatch"
    assert len(_components) > 0, "Array length must be > 0"
    assert not uniqueness._has_duplicate(_components), "Cannot duplicate components"
    return state


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
@pure
def _normalize(_target: uint256, _multiplier: uint256, _state: book.Rebalance) -> uint256:
    # Fees that accrued since the start shrink all targets alike. Rounded down.
    return math.div(math.mul(_target, _multiplier), _state.multiplier)


@internal
@pure
def _trade_size(_unit: uint256, _max: uint256, _supply: uint256, _target: uint256) -> (bool, uint256):
    """
    @return Whether to buy, and how much {comp}
    """
    assert _unit != _target, "Target already met"
    held: uint256 = math.mul_down(_supply, _unit)
    wanted: uint256 = math.mul_up(_supply, _target)
    if wanted > held:
        return True, min(_max, wanted - held)
    return False, min(_max, held - wanted)


@internal
@view
def _progress(_state: book.Rebalance) -> (bool, bool):
    """
    @return Whether anything is left to sell, and whether all targets are met, within the tolerance
    """
    index: ISetToken = ISetToken(_state.index)
    multiplier: uint256 = math.to_uint(staticcall index.positionMultiplier())
    sellable: bool = False
    met: bool = True
    components: DynArray[address, bounds.MAX_COMPONENTS] = self._components(_state)
    for component: address in components:
        asset: book.Asset = book._load_asset(component, _state.epoch)
        target: uint256 = self._normalize(asset.target_unit, multiplier, _state)
        unit: uint256 = math.to_uint(staticcall index.getDefaultPositionRealUnit(component))
        sellable = sellable or unit > target + UNIT_TOLERANCE
        met = met and unit <= target + UNIT_TOLERANCE and target <= unit + UNIT_TOLERANCE
    return sellable, met


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


# ---------------------------------------------------------------- trading


@internal
def _swap(
    _index: ISetToken,
    _supply: uint256,
    _sell: address,
    _sell_unit: uint256,
    _buy: address,
    _buy_unit: uint256,
    _exact_in: bool,
    _amount: uint256,
    _exchange: uint256,
) -> uint256:
    """
    @notice Swap on the component's exchange and write both positions from the balances found after it.
    @return {comp} bought
    """
    sell_before: uint256 = staticcall IERC20(_sell).balanceOf(_index.address)
    buy_before: uint256 = staticcall IERC20(_buy).balanceOf(_index.address)

    # A token that calls back must not reach the basket between the swap and the new units (I-22).
    extcall _index.hold()
    if _exchange == BALANCER:
        self._swap_balancer(_index, _sell, _buy, _exact_in, _amount)
    else:
        self._swap_pair(_index, _sell, _buy, _exact_in, _amount, _exchange, sell_before)

    sell_after: uint256 = staticcall IERC20(_sell).balanceOf(_index.address)
    buy_after: uint256 = staticcall IERC20(_buy).balanceOf(_index.address)
    extcall _index.editDefaultPositions(
        [_sell, _buy],
        [
            self._new_unit(_supply, sell_before, sell_after, _sell_unit),
            self._new_unit(_supply, buy_before, buy_after, _buy_unit),
        ],
    )
    extcall _index.release()

    bought: uint256 = math.sub(buy_after, buy_before)
    log ISingleIndexModule.TradeExecuted(
        _executor=msg.sender,
        _sellComponent=_sell,
        _buyComponent=_buy,
        _amountSold=math.sub(sell_before, sell_after),
        _amountBought=bought,
    )
    return bought


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
    pair: address = empty(address)
    if _exchange == UNISWAP:
        pair = uniswap_v2._pair(UNISWAP_FACTORY, UNISWAP_PAIR_HASH, _sell, _buy)
    else:
        pair = uniswap_v2._pair(SUSHISWAP_FACTORY, SUSHISWAP_PAIR_HASH, _sell, _buy)
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
    _index: ISetToken, _sell: address, _buy: address, _exact_in: bool, _amount: uint256
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
        allowed = staticcall IERC20(_sell).balanceOf(_index.address)
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


@internal
@pure
def _new_unit(_supply: uint256, _before: uint256, _after: uint256, _unit: uint256) -> uint256:
    # D18{comp/set}, rounded down. What the units did not account for before, they do not after (I-09).
    if _after == 0:
        return 0
    excess: uint256 = math.sub(_before, math.mul_down(_unit, _supply))
    return math.div_down(math.sub(_after, excess), _supply)


@internal
def _stamp_trade(_index: ISetToken, _component: address, _asset: book.Asset, _epoch: uint256):
    asset: book.Asset = _asset
    asset.last_trade = block.timestamp
    # Sold out: the index's list forgets it, the rebalance does not.
    if not asset.listed and not staticcall _index.isComponent(_component):
        asset.listed = True
        book.listed_assets.append(_component)
    book._store_asset(_component, asset, _epoch)
