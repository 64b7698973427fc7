# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Module base
@license MIT
@notice What every module asks before it acts: is this a Set of ours, is the caller its manager, are we
        pending or initialised there?
"""

from contracts.lib import bounds
from interfaces import IController
from interfaces import IIntegrationRegistry
from interfaces import ISetToken

# The controller's resource id of the integration registry.
INTEGRATION_REGISTRY: constant(uint256) = 0

CONTROLLER: immutable(IController)


@deploy
def __init__(_controller: IController):
    CONTROLLER = _controller


@external
@view
@reentrant
def controller() -> address:
    return CONTROLLER.address


@internal
@view
def _only_manager(_set_token: ISetToken):
    assert staticcall _set_token.manager() == msg.sender, "Must be the SetToken manager"


@internal
@view
def _only_initialized(_set_token: ISetToken):
    assert self._is_initialized(_set_token), "Must be a valid and initialized SetToken"


@internal
@view
def _only_manager_and_initialized(_set_token: ISetToken):
    self._only_manager(_set_token)
    self._only_initialized(_set_token)


@internal
@view
def _is_initialized(_set_token: ISetToken) -> bool:
    if not staticcall CONTROLLER.isSet(_set_token.address):
        return False
    return staticcall _set_token.isInitializedModule(self)


@internal
@view
def _only_manager_and_pending(_set_token: ISetToken):
    self._only_manager(_set_token)
    assert (
        staticcall CONTROLLER.isSet(_set_token.address)
    ), "Must be controller-enabled SetToken"
    assert staticcall _set_token.isPendingModule(self), "Must be pending initialization"


@internal
@view
def _only_batching(_set_token: ISetToken):
    """
    @notice Refuse a SetToken without the batch functions, such as one created by Set V2 itself.
    """
    supported: bool = raw_call(
        _set_token.address,
        abi_encode(bounds.MAX_COMPONENTS, method_id=method_id("getPositionPage(uint256)")),
        max_outsize=0,
        is_static_call=True,
        revert_on_failure=False,
    )
    assert supported, "SetToken must support batch calls"


@internal
@view
def _adapter(_name: String[bounds.MAX_INTEGRATION_NAME]) -> address:
    """
    @notice The adapter registered for this module under a name.
    """
    registry: IIntegrationRegistry = IIntegrationRegistry(
        staticcall CONTROLLER.resourceId(INTEGRATION_REGISTRY)
    )
    adapter: address = staticcall registry.getIntegrationAdapterWithHash(self, keccak256(_name))
    assert adapter != empty(address), "Must be valid adapter"
    return adapter
