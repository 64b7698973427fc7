# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Set manager
@license MIT
@notice Who manages a SetToken: the manager lets modules in and out.
"""

from contracts.lib import module_book
from contracts.lib import module_lock
from interfaces import IModule
from interfaces import ISetToken

uses: module_book
uses: module_lock

# Decides which modules act on the basket; renounced when it is an address without a key.
manager: public(reentrant(address))


@deploy
def __init__(_manager: address):
    self.manager = _manager


@external
def addModule(_module: address):
    """
    @notice Let a module initialise itself on this SetToken.
    @dev Manager only.
    """
    self._only_manager()
    assert module_book._state(_module) == module_book.ABSENT, "Module must not be added"
    assert staticcall module_lock.CONTROLLER.isModule(_module), "Must be enabled on Controller"

    module_book.entries[_module] = module_book.PENDING

    log ISetToken.ModuleAdded(_module=_module)


@external
@reentrant
def removeModule(_module: address):
    """
    @notice Remove a module after it has cleaned up behind itself.
    @dev Manager only. @reentrant because modules settle positions on this SetToken when told to go.
    """
    self._only_manager()
    self._only_removable(_module)

    extcall IModule(_module).removeModule()

    # Meanwhile the module may have had itself removed, or taken a lock that nobody could open any more.
    self._only_removable(_module)
    module_book._unlink(_module)

    log ISetToken.ModuleRemoved(_module=_module)


@external
def removePendingModule(_module: address):
    """
    @notice Take back a module that has not initialised itself.
    @dev Manager only.
    """
    self._only_manager()
    module_lock._only_unlocked()
    self._only_pending(_module)

    module_book.entries[_module] = module_book.ABSENT

    log ISetToken.PendingModuleRemoved(_module=_module)


@external
def setManager(_manager: address):
    """
    @notice Hand the SetToken over.
    @dev Manager only. Any address, also one without a key: redeeming needs no manager (I-24).
    """
    self._only_manager()
    module_lock._only_unlocked()

    old: address = self.manager
    self.manager = _manager

    log ISetToken.ManagerEdited(_newManager=_manager, _oldManager=old)


@external
def initializeModule():
    """
    @notice Become an initialised module.
    @dev Pending modules only.
    """
    module_lock._only_unlocked()
    module_lock._only_holder()
    self._only_pending(msg.sender)

    module_book._link(msg.sender)

    log ISetToken.ModuleInitialized(_module=msg.sender)


@internal
@view
def _only_pending(_module: address):
    assert module_book._state(_module) == module_book.PENDING, "Module must be pending"


@internal
@view
def _only_removable(_module: address):
    module_lock._only_unlocked()
    assert module_book._state(_module) == module_book.INITIALIZED, "Module must be added"


@internal
@view
def _only_manager():
    assert msg.sender == self.manager, "Only manager can call"
    module_lock._only_holder()
