# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title IndexCreator
@license MIT
@notice Creates a SetToken, initialises its modules and hands it over, in one transaction.
@dev See interfaces/IIndexCreator.vyi. While it creates, this contract manages the SetToken; it holds nothing
     and keeps no power afterwards. Modules with one index may be reserved for an account and trust this
     contract to create for nobody else.
"""

from contracts.lib import bounds
from interfaces import IIndexCreator
from interfaces import ISetToken
from interfaces import ISetTokenCreator

implements: IIndexCreator

SET_TOKEN_CREATOR: immutable(ISetTokenCreator)


@deploy
def __init__(_setTokenCreator: ISetTokenCreator):
    assert _setTokenCreator.address.is_contract, "Creator must exist"
    SET_TOKEN_CREATOR = _setTokenCreator


@external
def create(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _units: DynArray[int256, bounds.MAX_COMPONENTS],
    _setups: DynArray[IIndexCreator.ModuleSetup, bounds.MAX_SETUPS],
    _manager: address,
    _name: String[bounds.MAX_NAME],
    _symbol: String[bounds.MAX_SYMBOL],
) -> address:
    """
    @notice Create a SetToken whose modules are initialised, in the order of `_setups`.
    @dev Anyone; a reserved module only the one it is reserved for. `_units` D18{comp/set}.
    @return The SetToken, managed by `_manager`
    """
    assert _manager != empty(address), "Manager must not be empty"
    assert _manager != self, "Manager must not be the creator"
    modules: DynArray[address, bounds.MAX_MODULES] = []
    for setup: IIndexCreator.ModuleSetup in _setups:
        self._only_unreserved(setup.module)
        modules.append(setup.module)

    set_token: ISetToken = ISetToken(
        extcall SET_TOKEN_CREATOR.create(_components, _units, modules, self, _name, _symbol)
    )
    for setup: IIndexCreator.ModuleSetup in _setups:
        self._initialize(set_token, setup)
    extcall set_token.setManager(_manager)

    log IIndexCreator.IndexCreated(
        _setToken=set_token.address, _manager=_manager, _creator=msg.sender
    )
    return set_token.address


@external
@view
@reentrant
def setTokenCreator() -> address:
    return SET_TOKEN_CREATOR.address


@internal
def _initialize(_set_token: ISetToken, _setup: IIndexCreator.ModuleSetup):
    """
    @dev Pending means that the creator found it enabled on the controller, and that no earlier setup named it:
         a second call could do anything else in the name of the SetToken's manager.
    """
    assert staticcall _set_token.isPendingModule(_setup.module), "Module must be pending"

    raw_call(
        _setup.module,
        concat(_setup.selector, abi_encode(_set_token.address), _setup.arguments),
    )

    assert staticcall _set_token.isInitializedModule(_setup.module), "Module must be initialized"


@internal
@view
def _only_unreserved(_module: address):
    """
    @dev Modules without `reservedFor`, those of Set V2 for instance, are open to anyone. One word of the
         answer is read, however much there is; a word that is no address is somebody else's.
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        _module,
        method_id("reservedFor()"),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if success and len(answer) == 32:
        reserved_for: uint256 = convert(answer, uint256)
        assert reserved_for in [0, convert(msg.sender, uint256)], "Module is reserved"
