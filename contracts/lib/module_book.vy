# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Module book
@license MIT
@notice Which modules a SetToken knows, who manages it, and which module may act right now.
@dev Modules form a linked list, newest first, so that an initialisation writes no array. Read in the
     order of initialisation; a removal moves the newest one into the gap, as an array would.
"""

from contracts.lib import bounds
from interfaces import IController
from interfaces import IModule
from interfaces import ISetToken

# Module states of Set V2's ABI.
ABSENT: constant(uint256) = 0
PENDING: constant(uint256) = 1
INITIALIZED: constant(uint256) = 2

STATE_BITS: constant(uint256) = 8
STATE_MASK: constant(uint256) = 2**8 - 1

# Code, not storage: the system a SetToken belongs to never changes.
CONTROLLER: immutable(IController)

# Decides which modules act on the basket; renounced when it is an address without a key.
manager: public(reentrant(address))

# The module that locked the SetToken across transactions, for instance during an auction; empty when unlocked.
locker: public(reentrant(address))

# The module that holds the SetToken for the rest of one operation. Without it, a token that calls back
# could reach the basket through another module between two steps of the first (I-22).
holder: transient(address)

# module -> next older initialised module << 8 | state. A wrong state lets a stranger move the basket.
entries: HashMap[address, uint256]

# The module initialised last.
newest: address


@deploy
def __init__(
    _modules: DynArray[address, bounds.MAX_MODULES], _controller: IController, _manager: address
):
    CONTROLLER = _controller
    self.manager = _manager
    for module: address in _modules:
        self.entries[module] = PENDING


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def controller() -> address:
    return CONTROLLER.address


@external
@view
@reentrant
def isLocked() -> bool:
    return self.locker != empty(address)


@external
@view
@reentrant
def moduleStates(_module: address) -> uint8:
    """
    @notice 0 none, 1 pending, 2 initialised.
    """
    return convert(self._state(_module), uint8)


@external
@view
@reentrant
def isInitializedModule(_module: address) -> bool:
    return self._state(_module) == INITIALIZED


@external
@view
@reentrant
def isPendingModule(_module: address) -> bool:
    return self._state(_module) == PENDING


@external
@view
@reentrant
def getModules() -> DynArray[address, bounds.MAX_MODULES]:
    """
    @notice The initialised modules.
    """
    return self._modules()


@external
@view
@reentrant
def modules(_index: uint256) -> address:
    return self._modules()[_index]


# ---------------------------------------------------------------- manager


@external
def addModule(_module: address):
    """
    @notice Let a module initialise itself on this SetToken.
    @dev Manager only.
    """
    self._only_manager()
    assert self._state(_module) == ABSENT, "Module must not be added"
    assert staticcall CONTROLLER.isModule(_module), "Must be enabled on Controller"

    self.entries[_module] = PENDING

    log ISetToken.ModuleAdded(_module=_module)


@external
@reentrant
def removeModule(_module: address):
    """
    @notice Remove a module after it has cleaned up behind itself.
    @dev Manager only. @reentrant because modules settle positions on this SetToken when told to go.
    """
    self._only_manager()
    self._only_unlocked()
    assert self._state(_module) == INITIALIZED, "Module must be added"

    extcall IModule(_module).removeModule()

    # The module may have had itself removed meanwhile.
    assert self._state(_module) == INITIALIZED, "Module must be added"
    self._unlink(_module)

    log ISetToken.ModuleRemoved(_module=_module)


@external
def removePendingModule(_module: address):
    """
    @notice Take back a module that has not initialised itself.
    @dev Manager only.
    """
    self._only_manager()
    self._only_unlocked()
    assert self._state(_module) == PENDING, "Module must be pending"

    self.entries[_module] = ABSENT

    log ISetToken.PendingModuleRemoved(_module=_module)


@external
def setManager(_manager: address):
    """
    @notice Hand the SetToken over.
    @dev Manager only. Any address, also one without a key: redeeming needs no manager (I-24).
    """
    self._only_manager()
    self._only_unlocked()

    old: address = self.manager
    self.manager = _manager

    log ISetToken.ManagerEdited(_newManager=_manager, _oldManager=old)


# ---------------------------------------------------------------- modules


@external
def initializeModule():
    """
    @notice Become an initialised module.
    @dev Pending modules only.
    """
    self._only_unlocked()
    self._only_holder()
    assert self._state(msg.sender) == PENDING, "Module must be pending"

    self.entries[msg.sender] = self._entry(self.newest)
    self.newest = msg.sender

    log ISetToken.ModuleInitialized(_module=msg.sender)


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


@external
def hold():
    """
    @notice Keep every other module from changing the SetToken until `release` or the end of the transaction.
    @dev An addition to Set V2. Initialised modules only; whether the module may change anything is asked
         when it does.
    """
    assert self._state(msg.sender) == INITIALIZED, "Only the module can call"
    assert self.holder == empty(address), "Must not be held"

    self.holder = msg.sender


@external
def release():
    """
    @dev The module that holds it only.
    """
    assert self.holder == msg.sender, "Must be holder"

    self.holder = empty(address)


# ---------------------------------------------------------------- internal


@internal
@view
def _authorize():
    """
    @notice May msg.sender change the SetToken now?
    """
    self._only_module()
    locker: address = self.locker
    if locker != empty(address):
        assert msg.sender == locker, "When locked, only the locker can call"
    self._only_holder()


@internal
@view
def _only_module():
    assert self._state(msg.sender) == INITIALIZED, "Only the module can call"
    assert staticcall CONTROLLER.isModule(msg.sender), "Module must be enabled on controller"


@internal
@view
def _only_holder():
    holder: address = self.holder
    if holder != empty(address):
        assert msg.sender == holder, "When held, only the holder can call"


@internal
@view
def _only_manager():
    assert msg.sender == self.manager, "Only manager can call"
    self._only_holder()


@internal
@view
def _only_unlocked():
    assert self.locker == empty(address), "Only when unlocked"


@internal
@view
def _state(_module: address) -> uint256:
    return self.entries[_module] & STATE_MASK


@internal
@pure
def _entry(_next: address) -> uint256:
    return (convert(_next, uint256) << STATE_BITS) | INITIALIZED


@internal
@view
def _next(_module: address) -> address:
    return convert(self.entries[_module] >> STATE_BITS, address)


@internal
@view
def _modules() -> DynArray[address, bounds.MAX_MODULES]:
    newest_first: DynArray[address, bounds.MAX_MODULES] = []
    module: address = self.newest
    for _: uint256 in range(bounds.MAX_MODULES):
        if module == empty(address):
            break
        newest_first.append(module)
        module = self._next(module)

    modules: DynArray[address, bounds.MAX_MODULES] = []
    for i: uint256 in range(len(newest_first), bound=bounds.MAX_MODULES):
        modules.append(newest_first[len(newest_first) - 1 - i])
    return modules


@internal
def _unlink(_module: address):
    newest: address = self.newest
    newer: address = newest
    if newest != _module:
        for _: uint256 in range(bounds.MAX_MODULES):
            if self._next(newer) == _module:
                break
            newer = self._next(newer)

        # The newest takes the place of the one that goes.
        older: address = self._next(_module)
        before_newest: address = self._next(newest)
        self.entries[newest] = self._entry(older)
        if newer != newest:
            self.entries[newer] = self._entry(newest)
            self.newest = before_newest
    else:
        self.newest = self._next(_module)

    self.entries[_module] = ABSENT
