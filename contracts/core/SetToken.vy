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
from contracts.lib import erc20_permit
from contracts.lib import module_book
from contracts.lib import position_book
from contracts.lib import precise_math as math
from ethereum.ercs import IERC20
from interfaces import IController
from interfaces import ISetToken

implements: ISetToken

initializes: erc20_permit
initializes: module_book
initializes: position_book

exports: erc20_permit.__interface__
exports: module_book.__interface__
exports: position_book.__interface__


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
    erc20_permit.__init__(_name, _symbol)
    module_book.__init__(_modules, _controller, _manager)
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
    module_book._authorize()
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
    module_book._authorize()
    assert len(_components) == len(_quantities), "Array length mismatch"

    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        quantity: uint256 = _quantities[i]
        if quantity == 0:
            continue
        token: IERC20 = IERC20(_components[i])
        before: uint256 = staticcall token.balanceOf(self)
        extcall token.transfer(_to, quantity, default_return_value=True)
        assert staticcall token.balanceOf(self) == math.sub(before, quantity), "Invalid post transfer balance"


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
    multiplier: int256 = position_book._multiplier()
    units: DynArray[uint256, bounds.MAX_EDITS] = []
    for component: address in _components:
        units.append(
            math.to_uint(math.signed_mul_down(position_book._virtual_unit(component), multiplier))
        )
    return erc20_permit.totalSupply, convert(multiplier, uint256), units


@external
def addComponent(_component: address):
    """
    @dev Modules only.
    """
    module_book._authorize()
    position_book._add_component(_component)


@external
def removeComponent(_component: address):
    """
    @dev Modules only.
    """
    module_book._authorize()
    position_book._remove_component(_component)


@external
def editDefaultPositionUnit(_component: address, _realUnit: int256):
    """
    @notice Set what one SetToken holds of a component; the list of components is the caller's task.
    @dev Modules only. D18{comp/set}, stored rounded down.
    """
    module_book._authorize()
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
    module_book._authorize()
    assert len(_components) == len(_realUnits), "Array length mismatch"

    for i: uint256 in range(len(_components), bound=bounds.MAX_EDITS):
        position_book._edit_default_position(_components[i], _realUnits[i])


@external
def addExternalPositionModule(_component: address, _positionModule: address):
    """
    @dev Modules only.
    """
    module_book._authorize()
    position_book._add_external_module(_component, _positionModule)


@external
def removeExternalPositionModule(_component: address, _positionModule: address):
    """
    @notice Forget a module's position in a component, with its unit and data.
    @dev Modules only.
    """
    module_book._authorize()
    position_book._remove_external_module(_component, _positionModule)


@external
def editExternalPositionUnit(_component: address, _positionModule: address, _realUnit: int256):
    """
    @dev Modules only. D18{comp/set}, negative for debt, stored rounded towards negative infinity.
    """
    module_book._authorize()
    position_book._edit_external_unit(_component, _positionModule, _realUnit)


@external
def editExternalPositionData(
    _component: address, _positionModule: address, _data: Bytes[bounds.MAX_POSITION_DATA]
):
    """
    @dev Modules only.
    """
    module_book._authorize()
    position_book.external_data[_component][_positionModule] = _data

    log ISetToken.ExternalPositionDataEdited(
        _component=_component, _positionModule=_positionModule, _data=_data
    )


@external
def editPositionMultiplier(_newMultiplier: int256):
    """
    @notice Scale all positions down at once; refused when one would read as 0 (I-02, I-03).
    @dev Modules only. D18{1}
    """
    module_book._authorize()
    position_book._edit_multiplier(_newMultiplier)


# ---------------------------------------------------------------- supply


@external
def mint(_account: address, _quantity: uint256):
    """
    @dev Modules only. {set}
    """
    module_book._authorize()
    erc20_permit._mint(_account, _quantity)


@external
def burn(_account: address, _quantity: uint256):
    """
    @dev Modules only. {set}
    """
    module_book._authorize()
    erc20_permit._burn(_account, _quantity)
