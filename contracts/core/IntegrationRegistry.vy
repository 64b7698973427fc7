# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title IntegrationRegistry
@license MIT
@notice Which adapter a module uses under which name.
@dev See interfaces/IIntegrationRegistry.vyi. Views are @reentrant: nothing here calls out but for a view
     of the controller.
"""

from contracts.lib import bounds
from contracts.lib import ownable
from interfaces import IController
from interfaces import IIntegrationRegistry

implements: IIntegrationRegistry

initializes: ownable

exports: ownable.__interface__

CONTROLLER: immutable(IController)

# module -> keccak256(name) -> adapter. A wrong adapter decides what a Set's manager makes the Set call.
adapters: HashMap[address, HashMap[bytes32, address]]


@deploy
def __init__(_controller: IController):
    ownable.__init__()
    CONTROLLER = _controller


# ---------------------------------------------------------------- owner


@external
def addIntegration(
    _module: address, _name: String[bounds.MAX_INTEGRATION_NAME], _adapter: address
):
    """
    @dev Owner only.
    """
    ownable._only_owner()

    self._add(_module, _name, _adapter)


@external
def batchAddIntegration(
    _modules: DynArray[address, bounds.MAX_BATCH],
    _names: DynArray[String[bounds.MAX_INTEGRATION_NAME], bounds.MAX_BATCH],
    _adapters: DynArray[address, bounds.MAX_BATCH],
):
    """
    @dev Owner only.
    """
    ownable._only_owner()
    self._check_lengths(len(_modules), len(_names), len(_adapters))

    for i: uint256 in range(len(_modules), bound=bounds.MAX_BATCH):
        self._add(_modules[i], _names[i], _adapters[i])


@external
def editIntegration(
    _module: address, _name: String[bounds.MAX_INTEGRATION_NAME], _adapter: address
):
    """
    @dev Owner only.
    """
    ownable._only_owner()

    self._edit(_module, _name, _adapter)


@external
def batchEditIntegration(
    _modules: DynArray[address, bounds.MAX_BATCH],
    _names: DynArray[String[bounds.MAX_INTEGRATION_NAME], bounds.MAX_BATCH],
    _adapters: DynArray[address, bounds.MAX_BATCH],
):
    """
    @dev Owner only.
    """
    ownable._only_owner()
    self._check_lengths(len(_modules), len(_names), len(_adapters))

    for i: uint256 in range(len(_modules), bound=bounds.MAX_BATCH):
        self._edit(_modules[i], _names[i], _adapters[i])


@external
def removeIntegration(_module: address, _name: String[bounds.MAX_INTEGRATION_NAME]):
    """
    @dev Owner only.
    """
    ownable._only_owner()
    adapter: address = self.adapters[_module][keccak256(_name)]
    assert adapter != empty(address), "Integration does not exist."

    self.adapters[_module][keccak256(_name)] = empty(address)

    log IIntegrationRegistry.IntegrationRemoved(
        _module=_module, _adapter=adapter, _integrationName=_name
    )


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def controller() -> address:
    return CONTROLLER.address


@external
@view
@reentrant
def getIntegrationAdapter(
    _module: address, _name: String[bounds.MAX_INTEGRATION_NAME]
) -> address:
    """
    @notice The adapter; empty when there is none.
    """
    return self.adapters[_module][keccak256(_name)]


@external
@view
@reentrant
def getIntegrationAdapterWithHash(_module: address, _nameHash: bytes32) -> address:
    """
    @notice The adapter by keccak256 of its name; empty when there is none.
    """
    return self.adapters[_module][_nameHash]


@external
@view
@reentrant
def isValidIntegration(_module: address, _name: String[bounds.MAX_INTEGRATION_NAME]) -> bool:
    return self.adapters[_module][keccak256(_name)] != empty(address)


# ---------------------------------------------------------------- internal


@internal
def _add(_module: address, _name: String[bounds.MAX_INTEGRATION_NAME], _adapter: address):
    assert staticcall CONTROLLER.isModule(_module), "Must be valid module."
    assert (
        self.adapters[_module][keccak256(_name)] == empty(address)
    ), "Integration exists already."
    assert _adapter != empty(address), "Adapter address must exist."

    self.adapters[_module][keccak256(_name)] = _adapter

    log IIntegrationRegistry.IntegrationAdded(
        _module=_module, _adapter=_adapter, _integrationName=_name
    )


@internal
def _edit(_module: address, _name: String[bounds.MAX_INTEGRATION_NAME], _adapter: address):
    assert staticcall CONTROLLER.isModule(_module), "Must be valid module."
    assert (
        self.adapters[_module][keccak256(_name)] != empty(address)
    ), "Integration does not exist."
    assert _adapter != empty(address), "Adapter address must exist."

    self.adapters[_module][keccak256(_name)] = _adapter

    log IIntegrationRegistry.IntegrationEdited(
        _module=_module, _newAdapter=_adapter, _integrationName=_name
    )


@internal
@pure
def _check_lengths(_modules: uint256, _names: uint256, _adapters: uint256):
    assert _modules > 0, "Modules must not be empty"
    assert _modules == _names, "Module and name lengths mismatch"
    assert _modules == _adapters, "Module and adapter lengths mismatch"
