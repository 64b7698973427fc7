# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title SetTokenCreator
@license MIT
@notice Creates SetTokens and registers them in the controller; open to anyone.
@dev See interfaces/ISetTokenCreator.vyi. Each SetToken is a SetTokenShell: its own code for what is called every
     day, so that no transfer, issue or trade is dearer for it, and SetToken's shared code for the rest.
"""

from contracts.lib import bounds
from contracts.lib import uniqueness
from interfaces import IController
from interfaces import ISetToken
from interfaces import ISetTokenCreator

implements: ISetTokenCreator

initializes: uniqueness

# {bytes} in front of the init code in an EIP-5202 blueprint: 0xFE, 0x71, version 0.
BLUEPRINT_PREAMBLE: constant(uint256) = 3

CONTROLLER: immutable(IController)

# SetTokenShell's init code (EIP-5202), and the SetToken whose code the shells share: with others, anything could be
# registered as a Set.
BLUEPRINT: immutable(address)
LOGIC: immutable(address)


@deploy
def __init__(_controller: IController, _blueprint: address, _logic: address):
    assert _blueprint.is_contract, "Blueprint must exist"
    # Its code asks the controller that it was made with.
    assert staticcall ISetToken(_logic).controller() == _controller.address, "Logic of another controller"
    CONTROLLER = _controller
    BLUEPRINT = _blueprint
    LOGIC = _logic


@external
def create(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _units: DynArray[int256, bounds.MAX_COMPONENTS],
    _modules: DynArray[address, bounds.MAX_MODULES],
    _manager: address,
    _name: String[bounds.MAX_NAME],
    _symbol: String[bounds.MAX_SYMBOL],
) -> address:
    """
    @notice Create a SetToken with `_modules` pending and no supply.
    @dev Anyone. `_units` D18{comp/set}, one per component, above 0. Modules must be the controller's; the
         manager initialises them.
    @return The SetToken
    """
    assert len(_components) > 0, "Must have at least 1 component"
    assert len(_components) == len(_units), "Component and unit lengths must be the same"
    round: uint256 = uniqueness._begin()
    for component: address in _components:
        assert uniqueness._is_new(component, round), "Components must not have a duplicate"
    assert len(_modules) > 0, "Must have at least 1 module"
    assert _manager != empty(address), "Manager must not be empty"
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        assert _components[i] != empty(address), "Component must not be null address"
        assert _units[i] > 0, "Units must be greater than 0"
    for module: address in _modules:
        assert staticcall CONTROLLER.isModule(module), "Must be enabled module"

    set_token: address = create_from_blueprint(
        BLUEPRINT,
        _components,
        _units,
        _modules,
        CONTROLLER,
        _manager,
        _name,
        _symbol,
        LOGIC,
        code_offset=BLUEPRINT_PREAMBLE,
    )
    extcall CONTROLLER.addSet(set_token)

    log ISetTokenCreator.SetTokenCreated(
        _setToken=set_token, _manager=_manager, _name=_name, _symbol=_symbol
    )
    return set_token


@external
@view
@reentrant
def controller() -> address:
    return CONTROLLER.address


@external
@view
@reentrant
def blueprint() -> address:
    """
    @notice The EIP-5202 blueprint of the SetTokenShell that every SetToken is.
    """
    return BLUEPRINT


@external
@view
@reentrant
def logic() -> address:
    """
    @notice The SetToken whose code every SetToken shares for what its own lacks.
    """
    return LOGIC
