# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index limits
@license MIT
@notice What a trade must respect beside its size and pace: the rebalance's deadline, and a guard's judgement.
@dev Neither is there unless the manager wants it, as in Set V2; a trade then reads nothing of this. Views
     are @reentrant: they only read.
"""

from contracts.lib import index_trading as trading
from contracts.lib import index_venues as venues
from contracts.lib import module_base
from contracts.lib import rebalance_book as book
from interfaces import IExecutionGuard
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: book
uses: module_base
uses: venues

# guard 160 | deadline 64 {s}. A wrong guard would let trades lose anything.
limits: uint256


@external
def setGuard(_guard: address):
    """
    @notice Let a guard judge each trade; none for the zero address.
    @dev The index's manager only.
    """
    state: book.Rebalance = book._load()
    module_base._only_manager_and_initialized(ISetToken(state.index))

    state.limited = self._write(_guard, self._deadline(state))
    book._store(state)

    log ISingleIndexModule.GuardUpdated(_guard=_guard)


@external
@view
@reentrant
def guard() -> address:
    return self._guard(book._load())


@external
@view
@reentrant
def deadline() -> uint256:
    """
    @notice {s} after which nothing trades; 0 for none.
    """
    return self._deadline(book._load())


@internal
@view
def _guard(_state: book.Rebalance) -> address:
    if not _state.limited:
        return empty(address)
    return convert(self.limits & (2**160 - 1), address)


@internal
@view
def _deadline(_state: book.Rebalance) -> uint256:
    if not _state.limited:
        return 0
    return self.limits >> 160


@internal
def _write(_guard: address, _deadline: uint256) -> bool:
    """
    @return Whether there is a limit, for the rebalance's record
    """
    assert _deadline < 2**64, "Deadline too late"
    self.limits = convert(_guard, uint256) | (_deadline << 160)
    return self.limits != 0


@internal
@view
def _check_time(_state: book.Rebalance):
    deadline: uint256 = self._deadline(_state)
    assert deadline == 0 or block.timestamp <= deadline, "Rebalance has expired"


@internal
def _judge(_state: book.Rebalance, _exchange: uint256, _component: address, _fill: trading.Fill):
    guard: address = self._guard(_state)
    if guard == empty(address):
        return
    sell: address = _component
    buy: address = venues.weth
    if _fill.buys:
        sell = venues.weth
        buy = _component
    extcall IExecutionGuard(guard).checkTrade(
        _state.index, _state.nonce, _exchange, sell, buy, _fill.sold, _fill.bought
    )
