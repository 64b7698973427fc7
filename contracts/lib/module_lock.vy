# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Module lock
@license MIT
@notice Which module may change a SetToken right now.
"""

from contracts.lib import module_book
from contracts.lib import set_word
from interfaces import IController

uses: module_book
uses: set_word

# Code, not storage: the system a SetToken belongs to never changes.
CONTROLLER: immutable(IController)

# The module that locked the SetToken across transactions, for instance during an auction; empty when unlocked.
locker: public(reentrant(address))

# The module that holds the SetToken for the rest of one operation. Without it, a token that calls back
# could reach the basket through another module between two steps of the first (I-22).
holder: transient(address)


@deploy
def __init__(_controller: IController):
    CONTROLLER = _controller


@external
@view
@reentrant
def controller() -> address:
    return CONTROLLER.address


@external
@view
@reentrant
def isLocked() -> bool:
    return set_word._is_locked()


@external
def lock():
    """
    @notice Keep every other module from changing the SetToken until `unlock`.
    @dev Initialised, controller-enabled modules only.
    """
    self._only_module()
    self._only_holder()
    assert self.locker == empty(address), "Must not be locked"

    self.locker = msg.sender
    set_word._set_locked(True)


@external
def unlock():
    """
    @dev The module that locked it only.
    """
    self._only_module()
    self._only_holder()
    locker: address = self.locker
    assert locker != empty(address), "Must be locked"
    assert locker == msg.sender, "Must be locker"

    self.locker = empty(address)
    set_word._set_locked(False)


@external
def hold():
    """
    @notice Keep every other module from changing the SetToken until `release` or the end of the transaction.
    @dev An addition to Set V2. Initialised modules only; whether the module may change anything is asked
         when it does.
    """
    self._only_initialized()
    assert self.holder == empty(address), "Must not be held"

    self.holder = msg.sender


@external
def release():
    """
    @dev The module that holds it only.
    """
    assert self.holder == msg.sender, "Must be holder"

    self.holder = empty(address)


@internal
@view
def _authorize():
    """
    @notice May msg.sender change the SetToken now?
    """
    self._only_module()
    if set_word._is_locked():
        assert msg.sender == self.locker, "When locked, only the locker can call"
    self._only_holder()


@internal
@view
def _only_module():
    self._only_initialized()
    assert staticcall CONTROLLER.isModule(msg.sender), "Module must be enabled on controller"


@internal
@view
def _only_initialized():
    assert module_book._state(msg.sender) == module_book.INITIALIZED, "Only the module can call"


@internal
@view
def _only_holder():
    holder: address = self.holder
    if holder != empty(address):
        assert msg.sender == holder, "When held, only the holder can call"


@internal
@view
def _only_unlocked():
    assert not set_word._is_locked(), "Only when unlocked"
