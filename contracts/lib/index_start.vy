# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index start
@license MIT
@notice Starts a rebalance, and ends it.
"""

from contracts.lib import bounds
from contracts.lib import index_limits as limits
from contracts.lib import index_targets as targets
from contracts.lib import index_venues as venues
from contracts.lib import module_base
from contracts.lib import precise_math as math
from contracts.lib import rebalance_book as book
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: book
uses: limits
uses: module_base
uses: venues

# D18{1} How far the multiplier of a new rebalance may be from the live one: fees accrue between planning
# and start, but a zero would brick trading and a half would double every target (V-6).
MAX_MULTIPLIER_DRIFT: constant(uint256) = 2 * 10**16


@internal
def _start(
    _state: book.Rebalance,
    _new: DynArray[address, bounds.MAX_COMPONENTS],
    _new_targets: DynArray[uint256, bounds.MAX_COMPONENTS],
    _old_targets: DynArray[uint256, bounds.MAX_COMPONENTS],
    _multiplier: uint256,
    _deadline: uint256,
):
    """
    @param _new_targets D18{comp/set} at `_multiplier` D18{1}, as `_old_targets`, which follow the index's list
    @param _deadline {s}, 0 for none
    """
    state: book.Rebalance = _state
    index: ISetToken = ISetToken(state.index)
    module_base._only_manager_and_initialized(index)
    assert len(_new) == len(_new_targets), "Array length mismatch"
    old: DynArray[address, bounds.MAX_COMPONENTS] = targets._held(state.index)
    assert (
        len(old) == len(_old_targets)
    ), "New allocation must have target for all old components"
    assert len(old) + len(_new) > 0, "A is empty"
    assert len(old) + len(_new) <= bounds.MAX_COMPONENTS, "Too many components"

    state.nonce += 1
    state.multiplier = _multiplier
    state.ended = False
    cash_only: bool = True
    for i: uint256 in range(len(old), bound=bounds.MAX_COMPONENTS):
        if old[i] == venues.weth:
            cash_only = _old_targets[i] == 0
            self._clear_target(state, old[i])
        else:
            self._set_target(state, old[i], _old_targets[i], False)
    for i: uint256 in range(len(_new), bound=bounds.MAX_COMPONENTS):
        if _new[i] == venues.weth:
            assert cash_only and venues.weth not in old, "Cannot duplicate components"
            cash_only = False
        else:
            self._set_target(state, _new[i], _new_targets[i], True)
    assert cash_only, "WETH cannot be an index component"
    self._check_multiplier(index, _multiplier)

    if state.limited or _deadline != 0:
        state.limited = limits._write(limits._guard(state), _deadline)
    book.listed_assets = _new
    book._store(state)


@internal
@view
def _check_multiplier(_index: ISetToken, _multiplier: uint256):
    live: uint256 = math.to_uint(staticcall _index.positionMultiplier())
    drift: uint256 = math.mul_down(live, MAX_MULTIPLIER_DRIFT)
    assert (
        _multiplier <= live + drift and _multiplier >= live - drift
    ), "Position multiplier out of bounds"


@internal
def _end(_state: book.Rebalance, _finished: bool):
    assert targets._is_under_way(_state), "No rebalance under way"
    state: book.Rebalance = _state
    state.ended = True
    book._store(state)

    log ISingleIndexModule.RebalanceEnded(_nonce=state.nonce, _finished=_finished)


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
