# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title BasicIssuanceModule
@license MIT
@notice Issues SetTokens for their components and redeems them into their components.
@dev See interfaces/IBasicIssuanceModule.vyi. Views are @reentrant: pre-issue hooks read them.
"""

from contracts.lib import bounds
from contracts.lib import frozen_claims
from contracts.lib import module_base
from contracts.lib import precise_math as math
from contracts.lib import safe_token
from interfaces import IBasicIssuanceModule
from interfaces import IController
from interfaces import IManagerIssuanceHook
from interfaces import IModule
from interfaces import ISetToken

implements: IBasicIssuanceModule
implements: IModule

initializes: frozen_claims
initializes: module_base

exports: frozen_claims.__interface__
exports: module_base.controller

# SetToken -> hook that may refuse an issuance; empty for none. Redeeming asks nobody.
managerIssuanceHook: public(reentrant(HashMap[address, address]))


@deploy
def __init__(_controller: IController):
    module_base.__init__(_controller)


# ---------------------------------------------------------------- anyone


@external
def issue(_setToken: address, _quantity: uint256, _to: address):
    """
    @notice Issue `_quantity` {set} to `_to`; the caller pays each component, rounded up.
    @dev Anyone. The caller has approved this module for each component.
    """
    set_token: ISetToken = ISetToken(_setToken)
    hook: address = self._open_issue(set_token, _quantity, _to)

    # By pages: a list of the longest length there could be would be paid for as memory, however short it is.
    start: uint256 = 0
    for _: uint256 in range(bounds.MAX_PAGES):
        components: DynArray[address, bounds.MAX_PAGE] = []
        units: DynArray[uint256, bounds.MAX_PAGE] = []
        has_external: bool = False
        components, units, has_external = staticcall set_token.getPositionPage(start)
        assert not has_external, "Only default positions are supported"
        for i: uint256 in range(len(components), bound=bounds.MAX_PAGE):
            safe_token._pull(components[i], msg.sender, _setToken, math.mul_up(units[i], _quantity))
        start += len(components)
        if len(components) < bounds.MAX_PAGE:
            break

    self._close_issue(set_token, _quantity, _to, hook)


@external
def issueWithLimits(
    _setToken: address,
    _quantity: uint256,
    _to: address,
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _maxQuantities: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Issue, paying at most `_maxQuantities` {comp}.
    @dev Anyone. `_components` is the SetToken's list as the caller saw it: another one is refused.
    """
    set_token: ISetToken = ISetToken(_setToken)
    hook: address = self._open_issue(set_token, _quantity, _to)

    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    amounts: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    components, amounts = self._positions(set_token)
    self._check_list(components, _components, len(_maxQuantities))
    for i: uint256 in range(len(amounts), bound=bounds.MAX_COMPONENTS):
        amounts[i] = math.mul_up(amounts[i], _quantity)
        assert amounts[i] <= _maxQuantities[i], "Component quantity above maximum"

    for i: uint256 in range(len(components), bound=bounds.MAX_COMPONENTS):
        safe_token._pull(components[i], msg.sender, _setToken, amounts[i])

    self._close_issue(set_token, _quantity, _to, hook)


@external
def redeem(_setToken: address, _quantity: uint256, _to: address):
    """
    @notice Burn `_quantity` {set} of the caller and pay each component, rounded down, to `_to`.
    @dev Anyone, always: no manager, hook or oracle is asked.
    """
    set_token: ISetToken = ISetToken(_setToken)
    self._open_redeem(set_token, _quantity)

    extcall set_token.transferPositions(_to, _quantity)

    self._close_redeem(set_token, _quantity, _to)


@external
def redeemWithLimits(
    _setToken: address,
    _quantity: uint256,
    _to: address,
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _minQuantities: DynArray[uint256, bounds.MAX_COMPONENTS],
):
    """
    @notice Redeem for at least `_minQuantities` {comp}.
    @dev Anyone. `_components` is the SetToken's list as the caller saw it: another one is refused.
    """
    set_token: ISetToken = ISetToken(_setToken)
    self._open_redeem(set_token, _quantity)

    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    units: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    components, units = self._positions(set_token)
    self._check_list(components, _components, len(_minQuantities))
    for i: uint256 in range(len(units), bound=bounds.MAX_COMPONENTS):
        quantity: uint256 = math.mul_down(units[i], _quantity)
        assert quantity >= _minQuantities[i], "Component quantity below minimum"
    extcall set_token.transferPositions(_to, _quantity)

    self._close_redeem(set_token, _quantity, _to)


@external
def redeemFrozen(_setToken: address, _quantity: uint256, _to: address):
    """
    @notice Redeem although components cannot be moved: each of those becomes a claim of the caller.
    @dev Anyone, always. Pays what `redeem` would pay, component by component; `collect` pays the rest.
    """
    set_token: ISetToken = ISetToken(_setToken)
    self._open_redeem(set_token, _quantity)

    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    units: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    components, units = self._positions(set_token)
    for i: uint256 in range(len(components), bound=bounds.MAX_COMPONENTS):
        frozen_claims._pay_or_claim(
            set_token, components[i], msg.sender, _to, math.mul_down(units[i], _quantity)
        )

    self._close_redeem(set_token, _quantity, _to)


@external
def collect(_setToken: address, _component: address, _to: address):
    """
    @notice Pay the caller's whole claim to `_to`, but for rounding.
    @dev Who has a claim only. It needs no more than that the SetToken can move the component.
    """
    frozen_claims._collect_all(ISetToken(_setToken), _component, _to)


@external
def collectWithLimit(
    _setToken: address, _component: address, _to: address, _claim: uint256, _minQuantity: uint256
):
    """
    @notice Give up `_claim` {comp} of the caller's claim for at least `_minQuantity` {comp}.
    @dev Who has a claim only. For a component that lost balance, or that limits the size of transfers.
    """
    frozen_claims._collect(ISetToken(_setToken), _component, _to, _claim, _minQuantity)


# ---------------------------------------------------------------- manager


@external
def initialize(_setToken: address, _preIssueHook: address):
    """
    @notice Start issuing and redeeming a SetToken.
    @dev The SetToken's manager only, while this module is pending there.
    """
    set_token: ISetToken = ISetToken(_setToken)
    module_base._only_manager_and_pending(set_token)
    module_base._only_batching(set_token)

    if _preIssueHook != empty(address):
        self.managerIssuanceHook[_setToken] = _preIssueHook
    extcall set_token.initializeModule(skip_contract_check=True)


@external
def removeModule():
    """
    @dev Always refused: holders could no longer redeem.
    """
    raise "The BasicIssuanceModule module cannot be removed"


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def getRequiredComponentUnitsForIssue(_setToken: address, _quantity: uint256) -> (
    DynArray[address, bounds.MAX_COMPONENTS], DynArray[uint256, bounds.MAX_COMPONENTS]
):
    """
    @notice What issuing `_quantity` {set} costs: components and {comp} quantities, rounded up.
    """
    set_token: ISetToken = ISetToken(_setToken)
    module_base._only_initialized(set_token)

    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    amounts: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    components, amounts = self._positions(set_token)
    for i: uint256 in range(len(amounts), bound=bounds.MAX_COMPONENTS):
        amounts[i] = math.mul_up(amounts[i], _quantity)
    return components, amounts


# ---------------------------------------------------------------- internal


@internal
def _open_issue(_set_token: ISetToken, _quantity: uint256, _to: address) -> address:
    module_base._only_initialized(_set_token)
    assert _quantity > 0, "Issue quantity must be > 0"

    hook: address = self.managerIssuanceHook[_set_token.address]
    if hook != empty(address):
        extcall IManagerIssuanceHook(hook).invokePreIssueHook(
            _set_token.address, _quantity, msg.sender, _to
        )

    # A component that calls back must not reach the basket while it is half paid (I-22).
    extcall _set_token.hold()
    return hook


@internal
def _close_issue(_set_token: ISetToken, _quantity: uint256, _to: address, _hook: address):
    extcall _set_token.mint(_to, _quantity)
    extcall _set_token.release()

    log IBasicIssuanceModule.SetTokenIssued(
        _setToken=_set_token.address,
        _issuer=msg.sender,
        _to=_to,
        _hookContract=_hook,
        _quantity=_quantity,
    )


@internal
def _open_redeem(_set_token: ISetToken, _quantity: uint256):
    module_base._only_initialized(_set_token)
    assert _quantity > 0, "Redeem quantity must be > 0"

    extcall _set_token.hold()
    extcall _set_token.burn(msg.sender, _quantity)


@internal
def _close_redeem(_set_token: ISetToken, _quantity: uint256, _to: address):
    extcall _set_token.release()

    log IBasicIssuanceModule.SetTokenRedeemed(
        _setToken=_set_token.address, _redeemer=msg.sender, _to=_to, _quantity=_quantity
    )


@internal
@view
def _positions(_set_token: ISetToken) -> (
    DynArray[address, bounds.MAX_COMPONENTS], DynArray[uint256, bounds.MAX_COMPONENTS]
):
    """
    @return All components, and their real units D18{comp/set}
    """
    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    units: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    for _: uint256 in range(bounds.MAX_PAGES):
        page: DynArray[address, bounds.MAX_PAGE] = []
        page_units: DynArray[uint256, bounds.MAX_PAGE] = []
        has_external: bool = False
        page, page_units, has_external = staticcall _set_token.getPositionPage(len(components))
        assert not has_external, "Only default positions are supported"
        for i: uint256 in range(len(page), bound=bounds.MAX_PAGE):
            components.append(page[i])
            units.append(page_units[i])
        if len(page) < bounds.MAX_PAGE:
            break
    return components, units


@internal
@pure
def _check_list(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
    _expected: DynArray[address, bounds.MAX_COMPONENTS],
    _limits: uint256,
):
    assert len(_expected) == _limits, "Array length mismatch"
    assert len(_expected) == len(_components), "Components have changed"
    for i: uint256 in range(len(_components), bound=bounds.MAX_COMPONENTS):
        assert _components[i] == _expected[i], "Components have changed"
