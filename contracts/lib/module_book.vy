# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Module book
@license MIT
@notice Which modules a SetToken knows, and how far each has come.
@dev Initialised modules form a linked list, newest first, so that an initialisation writes no array. Read
     in the order of initialisation; a removal moves the newest one into the gap, as an array would.
     Views are @reentrant: nothing here calls out.
"""

from contracts.lib import bounds

# Module states of Set V2's ABI.
ABSENT: constant(uint256) = 0
PENDING: constant(uint256) = 1
INITIALIZED: constant(uint256) = 2

STATE_BITS: constant(uint256) = 8
STATE_MASK: constant(uint256) = 2**8 - 1

# module -> next older initialised module << 8 | state. A wrong state lets a stranger move the basket.
entries: HashMap[address, uint256]

# The module initialised last.
newest: address


@deploy
def __init__(_modules: DynArray[address, bounds.MAX_MODULES]):
    for module: address in _modules:
        self.entries[module] = PENDING


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


@internal
@view
def _state(_module: address) -> uint256:
    return self.entries[_module] & STATE_MASK


@internal
def _link(_module: address):
    self.entries[_module] = self._entry(self.newest)
    self.newest = _module


@internal
def _unlink(_module: address):
    newest: address = self.newest
    newer: address = newest
    if newest != _module:
        for _: uint256 in range(max_value(uint256)):
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
    assert module == empty(address), "Too many modules"

    modules: DynArray[address, bounds.MAX_MODULES] = []
    for i: uint256 in range(len(newest_first), bound=bounds.MAX_MODULES):
        modules.append(newest_first[len(newest_first) - 1 - i])
    return modules


@internal
@view
def _next(_module: address) -> address:
    return convert(self.entries[_module] >> STATE_BITS, address)


@internal
@pure
def _entry(_next: address) -> uint256:
    return (convert(_next, uint256) << STATE_BITS) | INITIALIZED
