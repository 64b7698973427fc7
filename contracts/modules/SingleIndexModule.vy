# pragma version 0.4.3
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title SingleIndexModule
@license MIT
@notice Moves one index to new weights by many small, bounded trades against WETH.
@dev See interfaces/ISingleIndexModule.vyi. In contracts/lib: start and end are in index_start.vy, settings in
     index_settings.vy, guard and deadline in index_limits.vy, targets in index_targets.vy, one trade is in
     index_trading.vy, the exchanges are in index_venues.vy. Views are @reentrant: they only read.
"""

from contracts.lib import bounds
from contracts.lib import exchange_pairs as pairs
from contracts.lib import index_limits as limits
from contracts.lib import index_settings as settings
from contracts.lib import index_start as begin
from contracts.lib import index_targets as targets
from contracts.lib import index_trading as trading
from contracts.lib import index_venues as venues
from contracts.lib import module_base
from contracts.lib import precise_math as math
from contracts.lib import rebalance_book as book
from contracts.lib import uniqueness
from interfaces import IController
from interfaces import IModule
from interfaces import ISetToken
from interfaces import ISingleIndexModule

implements: IModule
implements: ISingleIndexModule

initializes: begin[book := book, limits := limits, module_base := module_base, venues := venues]
initializes: book
initializes: limits[book := book, module_base := module_base, venues := venues]
initializes: module_base
initializes: settings[book := book, module_base := module_base, uniqueness := uniqueness]
initializes: targets[book := book]
initializes: trading[venues := venues]
initializes: uniqueness
initializes: venues

exports: limits.__interface__
exports: module_base.controller
exports: settings.__interface__
exports: targets.__interface__
exports: venues.__interface__

# D18{1} One raise divides the multiplier by this, which lifts all targets by 25 bps.
TARGET_RAISE_DIVISOR: constant(uint256) = 1_002_500_000_000_000_000
# D18{WETH/set} Each trade leaves less than one base unit of WETH per Set out of the unit. So much cash beyond
# the unit is such dust: a million trades' worth, a trillionth of a WETH per Set.
CASH_DUST: constant(uint256) = 10**6

# Who may initialise the module, itself or through the creator; anyone's Set may for the zero address, as in
# Set V2, where a stranger's did first (V-5).
reservedFor: public(immutable(address))
CREATOR: immutable(address)


@deploy
def __init__(
    _controller: IController,
    _weth: address,
    _uniswapRouter: address,
    _sushiswapRouter: address,
    _balancerProxy: address,
    _uniswapPairHash: bytes32,
    _sushiswapPairHash: bytes32,
    _creator: address,
    _reservedFor: address,
):
    """
    @param _uniswapPairHash keccak256 of the pair's init code, from which its address follows (CREATE2)
    @param _creator The IndexCreator, which asks for whom the module is reserved
    """
    reservedFor = _reservedFor
    CREATOR = _creator
    module_base.__init__(_controller)
    venues.__init__(
        _weth, _uniswapRouter, _sushiswapRouter, _balancerProxy, _uniswapPairHash, _sushiswapPairHash
    )


# ---------------------------------------------------------------- traders


@external
def trade(_component: address):
    """
    @notice Trade a component towards its target: min(its largest size, what is missing), against WETH.
    @dev Allowed traders, from an externally owned account unless there is a guard. A sale is exact in what it
         sells, a purchase in what it buys.
    """
    self._trade(self._open_trading(), _component, False)


@external
def tradeWithLimit(_component: address, _wethLimit: uint256):
    """
    @notice Trade, selling for at least or buying for at most `_wethLimit` {weth}.
    @dev As `trade`.
    """
    self._trade_within(self._open_trading(), _component, _wethLimit)


@external
def tradeBatch(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _wethLimits: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Several trades one after the other, each within its limit {weth}; all of them or none.
    @dev As `trade`.
    """
    book._same_length(len(_components), len(_wethLimits))
    state: book.Rebalance = self._open_trading()
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        self._trade_within(state, _components[i], _wethLimits[i])


@external
def tradeRemainingWETH(_component: address):
    """
    @notice Spend all the index's WETH on one component, once nothing is left to sell.
    @dev As `trade`. What is bought must stay below both the largest size and what is missing.
    """
    self._trade_remaining(_component, 0)


@external
def tradeRemainingWETHWithLimit(_component: address, _minBought: uint256):
    """
    @notice The same, for at least `_minBought` {comp}.
    @dev As `trade`.
    """
    self._trade_remaining(_component, _minBought)


@external
def raiseAssetTargets():
    """
    @notice Lift all targets by 25 bps, when they are met and WETH is left.
    @dev Allowed traders.
    """
    state: book.Rebalance = book._load()
    settings._only_trader(state)
    assert not state.ended, "Rebalance has ended"
    assert (
        not targets._is_unfinished(state, True) and targets._live_unit(state.index, venues.weth) > 0
    ), "Targets must be met and ETH remaining in order to raise target"

    state.multiplier = math.div_down(state.multiplier, TARGET_RAISE_DIVISOR)
    book._store(state)


@external
def endRebalance():
    """
    @notice End a rebalance whose targets are met; WETH that is left stays as cash.
    @dev Allowed traders.
    """
    state: book.Rebalance = book._load()
    settings._only_trader(state)
    assert not targets._is_unfinished(state, True), "Targets must be met"

    begin._end(state, True)


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
    # Written out twice: to hand the arrays on would cost their greatest length as memory.
    state: book.Rebalance = begin._open(_positionMultiplier, len(_newComponents), len(_newComponentsTargetUnits))
    run: begin.Run = begin.Run(place=0, has_cash=False, cash_only=True)
    for _: uint256 in range(bounds.MAX_PAGES):
        page: targets.Page = begin._page(state, run, len(_oldComponentsTargetUnits))
        for component: address in page.components:
            target: uint256 = _oldComponentsTargetUnits[run.place]
            if component == venues.weth:
                run = begin._keep_cash(state, run, target)
            else:
                begin._set_target(state.epoch, state.nonce, state.multiplier, component, target, False)
            run.place = unsafe_add(run.place, 1)
        if len(page.components) < bounds.MAX_PAGE:
            break
    for i: uint256 in range(len(_newComponents), bound=bounds.MAX_COMPONENTS):
        component: address = _newComponents[i]
        if component == venues.weth:
            run = begin._add_cash(run)
        else:
            begin._set_target(
                state.epoch, state.nonce, state.multiplier, component, _newComponentsTargetUnits[i], True
            )
        run.place = unsafe_add(run.place, 1)
    book.listed_assets = _newComponents
    begin._close(state, run, 0)


@external
def startRebalanceWithDeadline(
    _newComponents: DynArray[address, bounds.MAX_COMPONENTS],
    _newComponentsTargetUnits: DynArray[uint256, bounds.MAX_COMPONENTS],
    _oldComponentsTargetUnits: DynArray[uint256, bounds.MAX_COMPONENTS],
    _positionMultiplier: uint256,
    _nonce: uint256,
    _deadline: uint256,
):
    """
    @notice The same, only as the rebalance with `_nonce`, and tradeable until `_deadline` {s}; 0 for no end.
    @dev The index's manager only. A signed transaction that another rebalance has overtaken does nothing.
    """
    state: book.Rebalance = begin._open(_positionMultiplier, len(_newComponents), len(_newComponentsTargetUnits))
    assert _nonce == state.nonce, "Wrong rebalance nonce"
    assert _deadline == 0 or _deadline > block.timestamp, "Deadline has passed"
    run: begin.Run = begin.Run(place=0, has_cash=False, cash_only=True)
    for _: uint256 in range(bounds.MAX_PAGES):
        page: targets.Page = begin._page(state, run, len(_oldComponentsTargetUnits))
        for component: address in page.components:
            target: uint256 = _oldComponentsTargetUnits[run.place]
            if component == venues.weth:
                run = begin._keep_cash(state, run, target)
            else:
                begin._set_target(state.epoch, state.nonce, state.multiplier, component, target, False)
            run.place = unsafe_add(run.place, 1)
        if len(page.components) < bounds.MAX_PAGE:
            break
    for i: uint256 in range(len(_newComponents), bound=bounds.MAX_COMPONENTS):
        component: address = _newComponents[i]
        if component == venues.weth:
            run = begin._add_cash(run)
        else:
            begin._set_target(
                state.epoch, state.nonce, state.multiplier, component, _newComponentsTargetUnits[i], True
            )
        run.place = unsafe_add(run.place, 1)
    book.listed_assets = _newComponents
    begin._close(state, run, _deadline)

    log ISingleIndexModule.RebalanceStarted(_nonce=_nonce, _deadline=_deadline)


@external
def cancelRebalance():
    """
    @notice Stop trading, wherever the rebalance stands: nothing takes part until the next start.
    @dev The index's manager only.
    """
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))

    begin._end(state, False)


@external
def initialize(_index: address):
    """
    @notice Serve `_index`, with its present units as targets.
    @dev The SetToken's manager only, while this module is pending there and serves no other.
    """
    index: ISetToken = ISetToken(_index)
    module_base._only_manager_and_pending(index)
    assert reservedFor in [empty(address), msg.sender] or msg.sender == CREATOR, "Module is reserved"
    state: book.Rebalance = book._load()
    assert state.index == empty(address), "Module already in use"
    module_base._only_batching(index)

    state.index = _index
    state.nonce += 1
    state.epoch = state.nonce
    book._store(state)
    start: uint256 = 0
    for _: uint256 in range(bounds.MAX_PAGES):
        page: targets.Page = targets._page(_index, start)
        for i: uint256 in range(len(page.components), bound=bounds.MAX_PAGE):
            book._set_field(
                page.components[i], state.epoch, book.TARGET_SHIFT, book.MAX_TARGET, page.units[i]
            )
        start += len(page.components)
        if len(page.components) < bounds.MAX_PAGE:
            break
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
        state.ended = False
        state.limited = False
        # With its numbers used up a module serves nobody again, but it lets go.
        state.nonce = min(state.nonce + 1, book.MAX_NONCE)
        state.epoch = state.nonce
        book._store(state)


# ---------------------------------------------------------------- trades


@internal
@view
def _open_trading() -> book.Rebalance:
    state: book.Rebalance = book._load()
    settings._only_trader(state)
    # The original's defence against sandwiches; a guard is a better one.
    assert (
        msg.sender == tx.origin or limits._guard(state) != empty(address)
    ), "Caller must be EOA Address"
    limits._check_time(state)
    return state


@internal
def _trade_within(_state: book.Rebalance, _component: address, _weth_limit: uint256):
    fill: trading.Fill = self._trade(_state, _component, False)
    if fill.buys:
        assert fill.sold <= _weth_limit, "WETH spent above limit"
    else:
        assert fill.bought >= _weth_limit, "WETH received below limit"


@internal
def _trade_remaining(_component: address, _min_bought: uint256):
    state: book.Rebalance = self._open_trading()
    assert not targets._is_unfinished(state, False), "Must sell all sellable tokens before can be called"
    fill: trading.Fill = self._trade(state, _component, True)
    assert fill.bought >= _min_bought, "Bought below limit"


@internal
def _trade(_state: book.Rebalance, _component: address, _remaining: bool) -> trading.Fill:
    """
    @param _remaining Spend all the WETH on the component, instead of one trade towards its target
    """
    asset: book.Asset = book._load_asset(_component, _state.epoch)
    assert targets._takes_part(_state, asset), "Passed component not included in rebalance"
    assert asset.exchange != pairs.NO_EXCHANGE, "Exchange must be specified"
    assert (
        math.add(asset.last_trade, asset.cool_off) <= block.timestamp
    ), "Cool off period has not elapsed."

    index: ISetToken = ISetToken(_state.index)
    order: trading.Order = trading._order(index, _component, asset, _state.multiplier)
    exact_in: bool = _remaining or not order.buys
    limit: uint256 = order.size if order.buys else 0
    if _remaining:
        # All of it, with the dust of earlier trades as in Set V2; but no donation, which is part of no unit (V-11).
        order.buys = True
        order.size = venues._balance(venues.weth, _state.index)
        # Without supply nothing is tracked: the new unit then has no divisor, and says so.
        if order.supply > 0 and order.size > math.mul_up(order.supply, order.cash_unit + CASH_DUST):
            order.size = math.mul_down(order.supply, order.cash_unit)

    fill: trading.Fill = trading._swap(index, _component, order, exact_in, asset.exchange)

    asset.last_trade = block.timestamp
    asset.place = order.place
    # The index's list forgets it, the rebalance does not.
    if fill.sold_out and not asset.listed:
        asset.listed = True
        book.listed_assets.append(_component)
    book._store_asset(_component, asset, _state.epoch)

    limits._judge(_state, asset.exchange, _component, fill)
    assert not _remaining or fill.bought < limit, "Trade size exceeds trade size limit"
    return fill
