# pragma version 0.4.3
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title SetToken
@license MIT
@notice An ERC-20 that holds a basket of components; modules act on it, a manager chooses the modules.
@dev See interfaces/ISetToken.vyi. Prose, events and structs live there. One SetToken serves all products: each is a
     SetTokenShell, which runs this code for what it does not carry itself. State-changing functions share one
     lock, so that nothing a module invokes can change the basket from inside the call (I-22).
"""

from contracts.lib import bounds
from contracts.lib import erc20
from contracts.lib import erc20_permit
from contracts.lib import external_positions
from contracts.lib import module_book
from contracts.lib import module_lock
from contracts.lib import position_book
from contracts.lib import position_scale
from contracts.lib import set_actions
from contracts.lib import set_manager
from contracts.lib import set_word
from interfaces import IController
from interfaces import ISetToken

implements: ISetToken

initializes: erc20
initializes: erc20_permit[erc20 := erc20]
initializes: module_book
initializes: set_word
initializes: module_lock[module_book := module_book, set_word := set_word]
initializes: position_scale[set_word := set_word]
initializes: position_book[scale := position_scale, set_word := set_word]
initializes: external_positions[book := position_book, scale := position_scale]
initializes: set_actions[
    erc20 := erc20,
    external_positions := external_positions,
    module_lock := module_lock,
    position_book := position_book,
    position_scale := position_scale,
    set_word := set_word,
]
initializes: set_manager[module_book := module_book, module_lock := module_lock]

exports: erc20.__interface__
exports: erc20_permit.__interface__
exports: external_positions.__interface__
exports: module_book.__interface__
exports: module_lock.__interface__
exports: position_book.__interface__
exports: set_actions.__interface__
exports: set_manager.__interface__
exports: set_word.__interface__

# Position states of Set V2's ABI.
DEFAULT_POSITION: constant(uint8) = 0
EXTERNAL_POSITION: constant(uint8) = 1


@deploy
def __init__(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _units: DynArray[int256, bounds.MAX_COMPONENTS],
    _modules: DynArray[address, bounds.MAX_MODULES],
    _controller: IController,
    _manager: address,
    _name: String[bounds.MAX_NAME],
    _symbol: String[bounds.MAX_SYMBOL],
):
    """
    @dev Unchecked but for the range of the units: SetTokenCreator validates.
    @param _units D18{comp/set} one per component
    """
    erc20.__init__(_name, _symbol)
    module_book.__init__(_modules)
    module_lock.__init__(_controller)
    set_manager.__init__(_manager)
    set_word.__init__()
    position_book.__init__(_components, _units)


@external
@payable
@reentrant
def __default__():
    """
    @notice Accept plain ETH, from unwrapping for instance, and no unknown function.
    """
    assert len(msg.data) == 0, "Unknown function"


@external
@view
@reentrant
def getTotalComponentRealUnits(_component: address) -> int256:
    """
    @notice D18{comp/set} The default and all external positions of a component together.
    """
    total: int256 = position_scale._to_real(position_book._virtual_unit(_component))
    for module: address in external_positions.modules[_component]:
        total += position_scale._to_real(external_positions.units[_component][module])
    return total


@external
@view
@reentrant
def getPositions() -> DynArray[ISetToken.Position, bounds.MAX_POSITIONS]:
    """
    @notice Every position: per component the default one first, then the external ones in their order.
    """
    positions: DynArray[ISetToken.Position, bounds.MAX_POSITIONS] = []
    for i: uint256 in range(set_word._count(), bound=bounds.MAX_COMPONENTS):
        word: uint256 = position_book.listed[i]
        component: address = position_book._component(word)
        unit: int256 = position_book._unit_of(word)
        if unit > 0:
            positions.append(
                ISetToken.Position(
                    component=component,
                    module=empty(address),
                    unit=position_scale._to_real(unit),
                    positionState=DEFAULT_POSITION,
                    data=b"",
                )
            )
        for module: address in external_positions.modules[component]:
            positions.append(
                ISetToken.Position(
                    component=component,
                    module=module,
                    unit=position_scale._to_real(external_positions.units[component][module]),
                    positionState=EXTERNAL_POSITION,
                    data=external_positions.data[component][module],
                )
            )
    return positions


@external
def addComponent(_component: address):
    """
    @dev Modules only.
    """
    module_lock._authorize()
    position_book._add_component(_component)


@external
def removeComponent(_component: address):
    """
    @dev Modules only.
    """
    module_lock._authorize()
    position_book._remove_component(_component)


@external
def editDefaultPositionUnit(_component: address, _realUnit: int256):
    """
    @notice Set what one SetToken holds of a component; the list of components is the caller's task.
    @dev Modules only. D18{comp/set}, stored rounded down.
    """
    module_lock._authorize()
    position_book._edit_default_unit(_component, _realUnit)


@external
def addExternalPositionModule(_component: address, _positionModule: address):
    """
    @dev Modules only.
    """
    module_lock._authorize()
    external_positions._add_module(_component, _positionModule)


@external
def removeExternalPositionModule(_component: address, _positionModule: address):
    """
    @notice Forget a module's position in a component, with its unit and data.
    @dev Modules only.
    """
    module_lock._authorize()
    external_positions._remove_module(_component, _positionModule)


@external
def editExternalPositionUnit(_component: address, _positionModule: address, _realUnit: int256):
    """
    @dev Modules only. D18{comp/set}, negative for debt, stored rounded towards negative infinity.
    """
    module_lock._authorize()
    external_positions._edit_unit(_component, _positionModule, _realUnit)


@external
def editExternalPositionData(
    _component: address, _positionModule: address, _data: Bytes[bounds.MAX_POSITION_DATA]
):
    """
    @dev Modules only.
    """
    module_lock._authorize()
    external_positions.data[_component][_positionModule] = _data

    log ISetToken.ExternalPositionDataEdited(
        _component=_component, _positionModule=_positionModule, _data=_data
    )
