# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Controller
@license MIT
@notice The system's register: which Sets, factories, modules and resources belong to it, and its fees.
@dev See interfaces/IController.vyi. Views are @reentrant: every SetToken asks `isModule` and every module
     `isSet` in the middle of their own calls, and nothing here calls out.
"""

from contracts.lib import address_lists as lists
from contracts.lib import bounds
from contracts.lib import ownable
from interfaces import IController

implements: IController

initializes: lists
initializes: ownable

exports: ownable.__interface__

SETS: constant(uint256) = 0
FACTORIES: constant(uint256) = 1
MODULES: constant(uint256) = 2
RESOURCES: constant(uint256) = 3

# A contract that is wrongly here can create Sets (factories) or, once a manager admits it, move a
# Set's components (modules).
isSet: public(reentrant(HashMap[address, bool]))
isFactory: public(reentrant(HashMap[address, bool]))
isModule: public(reentrant(HashMap[address, bool]))
isResource: public(reentrant(HashMap[address, bool]))

# D18{1} module -> fee type -> share
fees: public(reentrant(HashMap[address, HashMap[uint256, uint256]]))

# id -> resource; 0 is the integration registry
resourceId: public(reentrant(HashMap[uint256, address]))

# Receives the protocol's share of every fee.
feeRecipient: public(reentrant(address))

isInitialized: public(reentrant(bool))


@deploy
def __init__(_feeRecipient: address):
    ownable.__init__()
    self.feeRecipient = _feeRecipient


# ---------------------------------------------------------------- set-up


@external
def initialize(
    _factories: DynArray[address, bounds.MAX_BATCH],
    _modules: DynArray[address, bounds.MAX_BATCH],
    _resources: DynArray[address, bounds.MAX_BATCH],
    _resourceIds: DynArray[uint256, bounds.MAX_BATCH],
):
    """
    @notice Register the first factories, modules and resources and open the register.
    @dev Owner only, once. Silent: no event, as in Set V2.
    """
    ownable._only_owner()
    assert not self.isInitialized, "Controller is already initialized"
    assert len(_resources) == len(_resourceIds), "Array lengths do not match."

    for factory: address in _factories:
        assert factory != empty(address), "Zero address submitted."
        self.isFactory[factory] = True
        lists._append(FACTORIES, factory)
    for module: address in _modules:
        assert module != empty(address), "Zero address submitted."
        self.isModule[module] = True
        lists._append(MODULES, module)
    for i: uint256 in range(len(_resources), bound=bounds.MAX_BATCH):
        resource: address = _resources[i]
        assert resource != empty(address), "Zero address submitted."
        assert self.resourceId[_resourceIds[i]] == empty(address), "Resource ID already exists"
        self.isResource[resource] = True
        self.resourceId[_resourceIds[i]] = resource
        lists._append(RESOURCES, resource)

    self.isInitialized = True


# ---------------------------------------------------------------- factories


@external
def addSet(_setToken: address):
    """
    @dev Factories only.
    """
    self._only_initialized()
    assert self.isFactory[msg.sender], "Only valid factories can call"
    assert not self.isSet[_setToken], "Set already exists"

    self.isSet[_setToken] = True
    lists._append(SETS, _setToken)

    log IController.SetAdded(_setToken=_setToken, _factory=msg.sender)


# ---------------------------------------------------------------- owner


@external
def removeSet(_setToken: address):
    """
    @notice Take a Set out of the system: modules refuse it from then on.
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert self.isSet[_setToken], "Set does not exist"

    lists._remove(SETS, _setToken)
    self.isSet[_setToken] = False

    log IController.SetRemoved(_setToken=_setToken)


@external
def addFactory(_factory: address):
    """
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert not self.isFactory[_factory], "Factory already exists"

    self.isFactory[_factory] = True
    lists._append(FACTORIES, _factory)

    log IController.FactoryAdded(_factory=_factory)


@external
def removeFactory(_factory: address):
    """
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert self.isFactory[_factory], "Factory does not exist"

    lists._remove(FACTORIES, _factory)
    self.isFactory[_factory] = False

    log IController.FactoryRemoved(_factory=_factory)


@external
def addModule(_module: address):
    """
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert not self.isModule[_module], "Module already exists"

    self.isModule[_module] = True
    lists._append(MODULES, _module)

    log IController.ModuleAdded(_module=_module)


@external
def removeModule(_module: address):
    """
    @notice Stop a module on every SetToken at once.
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert self.isModule[_module], "Module does not exist"

    lists._remove(MODULES, _module)
    self.isModule[_module] = False

    log IController.ModuleRemoved(_module=_module)


@external
def addResource(_resource: address, _id: uint256):
    """
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert not self.isResource[_resource], "Resource already exists"
    assert self.resourceId[_id] == empty(address), "Resource ID already exists"

    self.isResource[_resource] = True
    self.resourceId[_id] = _resource
    lists._append(RESOURCES, _resource)

    log IController.ResourceAdded(_resource=_resource, _id=_id)


@external
def removeResource(_id: uint256):
    """
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    resource: address = self.resourceId[_id]
    assert resource != empty(address), "Resource does not exist"

    lists._remove(RESOURCES, resource)
    self.resourceId[_id] = empty(address)
    self.isResource[resource] = False

    log IController.ResourceRemoved(_resource=resource, _id=_id)


@external
def addFee(_module: address, _feeType: uint256, _newFeePercentage: uint256):
    """
    @dev Owner only. D18{1}
    """
    self._only_owner_when_initialized()
    assert self.isModule[_module], "Module does not exist"
    assert self.fees[_module][_feeType] == 0, "Fee type already exists on module"

    self._set_fee(_module, _feeType, _newFeePercentage)


@external
def editFee(_module: address, _feeType: uint256, _newFeePercentage: uint256):
    """
    @dev Owner only. D18{1}
    """
    self._only_owner_when_initialized()
    assert self.isModule[_module], "Module does not exist"
    assert self.fees[_module][_feeType] != 0, "Fee type does not exist on module"

    self._set_fee(_module, _feeType, _newFeePercentage)


@external
def editFeeRecipient(_newFeeRecipient: address):
    """
    @dev Owner only.
    """
    self._only_owner_when_initialized()
    assert _newFeeRecipient != empty(address), "Address must not be 0"

    self.feeRecipient = _newFeeRecipient

    log IController.FeeRecipientChanged(_newFeeRecipient=_newFeeRecipient)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def getModuleFee(_moduleAddress: address, _feeType: uint256) -> uint256:
    """
    @notice D18{1} The protocol's share of a module's fee; 0 when none is set.
    """
    return self.fees[_moduleAddress][_feeType]


@external
@view
@reentrant
def isSystemContract(_contractAddress: address) -> bool:
    return (
        self.isSet[_contractAddress]
        or self.isModule[_contractAddress]
        or self.isResource[_contractAddress]
        or self.isFactory[_contractAddress]
        or _contractAddress == self
    )


@external
@view
@reentrant
def sets(_index: uint256) -> address:
    return lists._at(SETS, _index)


@external
@view
@reentrant
def factories(_index: uint256) -> address:
    return lists._at(FACTORIES, _index)


@external
@view
@reentrant
def modules(_index: uint256) -> address:
    return lists._at(MODULES, _index)


@external
@view
@reentrant
def resources(_index: uint256) -> address:
    return lists._at(RESOURCES, _index)


@external
@view
@reentrant
def getSets() -> DynArray[address, bounds.MAX_LIST]:
    return lists._all(SETS)


@external
@view
@reentrant
def getFactories() -> DynArray[address, bounds.MAX_LIST]:
    return lists._all(FACTORIES)


@external
@view
@reentrant
def getModules() -> DynArray[address, bounds.MAX_LIST]:
    return lists._all(MODULES)


@external
@view
@reentrant
def getResources() -> DynArray[address, bounds.MAX_LIST]:
    return lists._all(RESOURCES)


# ---------------------------------------------------------------- internal


@internal
def _set_fee(_module: address, _fee_type: uint256, _share: uint256):
    self.fees[_module][_fee_type] = _share

    log IController.FeeEdited(_module=_module, _feeType=_fee_type, _feePercentage=_share)


@internal
@view
def _only_initialized():
    assert self.isInitialized, "Contract must be initialized."


@internal
@view
def _only_owner_when_initialized():
    self._only_initialized()
    ownable._only_owner()
