# pragma version 0.4.3
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title SetToken
@license MIT
@notice An ERC-20 that holds a basket of components; modules act on it, a manager chooses the modules.
@dev See interfaces/ISetToken.vyi. Prose, events and structs live there. Optimised for size because each
     product deploys this code. State-changing functions share one lock, so that nothing a module
     invokes can change the basket from inside the call (I-22).
"""

from contracts.lib import bounds
from contracts.lib import erc20
from contracts.lib import erc20_permit
from contracts.lib import external_positions
from contracts.lib import module_book
from contracts.lib import module_lock
from contracts.lib import position_book
from contracts.lib import position_scale
from contracts.lib import precise_math as math
from contracts.lib import safe_token
from contracts.lib import set_manager
from interfaces import IController
from interfaces import ISetToken

implements: ISetToken

initializes: erc20
initializes: erc20_permit[erc20 := erc20]
initializes: module_book
initializes: module_lock[module_book := module_book]
initializes: position_scale
initializes: position_book[scale := position_scale]
initializes: external_positions[book := position_book, scale := position_scale]
initializes: set_manager[module_book := module_book, module_lock := module_lock]

exports: erc20.__interface__
exports: erc20_permit.__interface__
exports: external_positions.__interface__
exports: module_book.__interface__
exports: module_lock.__interface__
exports: position_book.__interface__
exports: position_scale.__interface__
exports: set_manager.__interface__

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
    position_scale.__init__()
    position_book.__init__(_components, _units)


@external
@payable
@reentrant
def __default__():
    """
    @notice Accept plain ETH, from unwrapping for instance, and no unknown function.
    """
    assert len(msg.data) == 0, "Unknown function"


# ---------------------------------------------------------------- calls to other contracts


@external
def invoke(
    _target: address, _value: uint256, _data: Bytes[bounds.MAX_INVOKE_DATA]
) -> Bytes[bounds.MAX_RETURN_DATA]:
    """
    @notice Call any contract as this SetToken; its revert data comes back unchanged.
    @dev Modules only. `_value` in wei.
    """
    module_lock._authorize()
    assert self.balance >= _value, "Address: insufficient balance for call"
    assert _target.is_contract, "Address: call to non-contract"

    success: bool = False
    response: Bytes[bounds.MAX_RETURN_DATA] = b""
    success, response = raw_call(
        _target,
        _data,
        max_outsize=bounds.MAX_RETURN_DATA,
        value=_value,
        revert_on_failure=False,
    )
    if not success:
        if len(response) > 0:
            raw_revert(response)
        raise "Address: low-level call with value failed"
    # A full buffer may be a longer answer cut off.
    assert len(response) < bounds.MAX_RETURN_DATA, "Return data too long"

    log ISetToken.Invoked(_target=_target, _value=_value, _data=_data, _returnValue=response)
    return response


@external
def transferComponents(
    _to: address,
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _quantities: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Send several components in one call; each must leave in exactly the quantity asked for.
    @dev Modules only; an addition to Set V2. {comp} quantities; 0 sends nothing. Units stay: the caller
         edits them or has burnt the tokens they stood for.
    """
    module_lock._authorize()
    assert len(_components) == len(_quantities), "Array length mismatch"

    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        safe_token._push(_components[i], _to, _quantities[i])


# ---------------------------------------------------------------- positions


@external
@view
@reentrant
def getUnits(
    _components: DynArray[address, bounds.MAX_EDITS],
) -> (uint256, uint256, DynArray[uint256, bounds.MAX_EDITS]):
    """
    @notice {set} total supply, D18{1} multiplier and D18{comp/set} real default units, in one call.
    @dev An addition to Set V2.
    """
    multiplier: uint256 = convert(position_scale._multiplier(), uint256)
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    for component: address in _components:
        unit: uint256 = math.to_uint(position_book._virtual_unit(component))
        units.append(math.mul_down(unit, multiplier))
    return erc20.totalSupply, multiplier, units


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
    for component: address in position_book.components:
        unit: int256 = position_book._virtual_unit(component)
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
def editDefaultPositions(
    _components: DynArray[address, bounds.MAX_EDITS],
    _realUnits: DynArray[uint256, bounds.MAX_EDITS],
):
    """
    @notice Set several default positions; components enter and leave the list as they get and lose units.
    @dev Modules only; an addition to Set V2. D18{comp/set}, stored rounded down.
    """
    module_lock._authorize()
    assert len(_components) == len(_realUnits), "Array length mismatch"

    for i: uint256 in range(len(_components), bound=bounds.MAX_EDITS):
        position_book._edit_default_position(_components[i], _realUnits[i])


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


@external
def editPositionMultiplier(_newMultiplier: int256):
    """
    @notice Scale all positions down at once; refused when one would read as 0 (I-02, I-03).
    @dev Modules only. D18{1}
    """
    module_lock._authorize()
    lowest: uint256 = 0
    if not position_scale._keeps_lowest(_newMultiplier):
        lowest = self._lowest_unit()
        assert position_scale._survives(lowest, _newMultiplier), "New multiplier too small"
    position_scale._edit(_newMultiplier, lowest)

    log ISetToken.PositionMultiplierEdited(_newMultiplier=_newMultiplier)


# ---------------------------------------------------------------- supply


@external
def mint(_account: address, _quantity: uint256):
    """
    @dev Modules only. {set}
    """
    module_lock._authorize()
    erc20._mint(_account, _quantity)


@external
def burn(_account: address, _quantity: uint256):
    """
    @dev Modules only. {set}
    """
    module_lock._authorize()
    erc20._burn(_account, _quantity)


# ---------------------------------------------------------------- internal


@internal
@view
def _lowest_unit() -> uint256:
    """
    @notice The smallest absolute virtual unit among all positions.
    """
    lowest: uint256 = position_scale.NO_UNIT
    for component: address in position_book.components:
        unit: int256 = position_book._virtual_unit(component)
        lowest = min(lowest, position_scale._magnitude(convert(math.to_uint(unit), int256)))
        for module: address in external_positions.modules[component]:
            lowest = min(
                lowest, position_scale._magnitude(external_positions.units[component][module])
            )
    return lowest
