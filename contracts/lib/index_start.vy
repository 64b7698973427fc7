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


struct Run:
    # How many targets are set
    place: uint256
    # The index has a WETH position
    has_cash: bool
    # Nothing has given WETH a target yet: it stays cash
    cash_only: bool


@internal
@view
def _open(_multiplier: uint256, _new: uint256, _new_targets: uint256) -> book.Rebalance:
    """
    @return The state of the rebalance that begins, by msg.sender's leave
    """
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))
    book._same_length(_new, _new_targets)
    state.nonce += 1
    state.multiplier = _multiplier
    state.ended = False
    return state


@internal
@view
def _page(_state: book.Rebalance, _run: Run, _targets: uint256) -> targets.Page:
    """
    @param _targets How many targets there are for what the index holds
    """
    page: targets.Page = targets._page(_state.index, _run.place)
    end: uint256 = _run.place + len(page.components)
    assert (
        end == _targets or (end < _targets and len(page.components) == bounds.MAX_PAGE)
    ), "New allocation must have target for all old components"
    return page


@internal
def _keep_cash(_state: book.Rebalance, _run: Run, _target: uint256) -> Run:
    """
    @notice The index has WETH: it has no target, whatever `initialize` found.
    """
    book._set_field(venues.weth, _state.epoch, book.TARGET_SHIFT, book.MAX_TARGET, 0)
    return Run(place=_run.place, has_cash=True, cash_only=_target == 0)


@internal
@view
def _add_cash(_run: Run) -> Run:
    """
    @notice WETH is named as a new component: refused once all have been looked at, or at once if it is named twice.
    """
    book._only_once(_run.cash_only and not _run.has_cash)
    return Run(place=_run.place, has_cash=False, cash_only=False)


@internal
def _close(_state: book.Rebalance, _run: Run, _deadline: uint256):
    """
    @param _deadline {s}, 0 for none
    """
    assert _run.place > 0, "A is empty"
    assert _run.place <= bounds.MAX_COMPONENTS, "Too many components"
    assert _run.cash_only, "WETH cannot be an index component"
    self._check_multiplier(ISetToken(_state.index), _state.multiplier)

    state: book.Rebalance = _state
    if state.limited or _deadline != 0:
        state.limited = limits._write(limits._guard(state), _deadline)
    book._store(state)


@internal
@view
def _check_multiplier(_index: ISetToken, _multiplier: uint256):
    live: uint256 = targets._live_multiplier(_index)
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
def _set_target(
    _epoch: uint256, _nonce: uint256, _multiplier: uint256, _component: address, _target: uint256, _listed: bool
):
    book._set_target(_component, _epoch, _nonce, _target, _listed)

    log ISingleIndexModule.TargetUnitsUpdated(
        _component=_component, _newUnit=_target, _positionMultiplier=_multiplier
    )
