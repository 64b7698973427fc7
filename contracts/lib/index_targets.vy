# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Index targets
@license MIT
@notice Which components a rebalance is about, how much of each the index is to hold, and whether it does.
@dev Views are @reentrant: they only read.
"""

from contracts.lib import bounds
from contracts.lib import precise_math as math
from contracts.lib import rebalance_book as book
from interfaces import ISetToken
from interfaces import ISingleIndexModule

uses: book


struct Page:
    components: DynArray[address, bounds.MAX_PAGE]
    # D18{comp/set}
    units: DynArray[uint256, bounds.MAX_PAGE]

# D18{comp/set} How far rounding can move a unit from its target without a trade (V-1, V-2), for a supply of
# at least one Set. A unit is stored as a virtual one, rounded down, and read rounded down: less than 2 below
# what was meant; a target is rounded down once.
UNIT_TOLERANCE: constant(uint256) = 2


@external
@view
@reentrant
def index() -> address:
    return book._load().index


@external
@view
@reentrant
def rebalanceNonce() -> uint256:
    """
    @notice Counts initialisations and rebalances.
    """
    return book._load().nonce


@external
@view
@reentrant
def positionMultiplier() -> uint256:
    """
    @notice D18{1} The index's multiplier that the targets stand for.
    """
    return book._load().multiplier


@external
@view
@reentrant
def getRebalanceComponents() -> DynArray[address, bounds.MAX_COMPONENTS]:
    """
    @notice The components of the current rebalance: those in the index, in its order, then the others.
    """
    return self._components(book._load())


@external
@view
@reentrant
def rebalanceComponents(_index: uint256) -> address:
    return self._components(book._load())[_index]


@external
@view
@reentrant
def getTargetUnits(
    _components: DynArray[address, bounds.MAX_COMPONENTS],
) -> DynArray[uint256, bounds.MAX_COMPONENTS]:
    """
    @notice D18{comp/set} targets at the index's present multiplier, rounded down.
    """
    state: book.Rebalance = book._load()
    multiplier: uint256 = self._live_multiplier(ISetToken(state.index))

    targets: DynArray[uint256, bounds.MAX_COMPONENTS] = []
    for component: address in _components:
        asset: book.Asset = book._load_asset(component, state.epoch)
        targets.append(self._normalize(asset.target_unit, multiplier, state.multiplier))
    return targets


@internal
@pure
def _takes_part(_state: book.Rebalance, _asset: book.Asset) -> bool:
    return _asset.nonce == _state.nonce and self._is_under_way(_state)


@internal
@pure
def _is_under_way(_state: book.Rebalance) -> bool:
    # The nonce of an initialisation is no rebalance yet.
    return _state.nonce > _state.epoch and not _state.ended


@internal
@pure
def _normalize(_target: uint256, _live: uint256, _made_for: uint256) -> uint256:
    # D18{comp/set} Fees that accrued since the start shrink all targets alike. Rounded down.
    return math.div(math.mul(_target, _live), _made_for)


@internal
@view
def _is_unfinished(_state: book.Rebalance, _buys_too: bool) -> bool:
    """
    @return Whether a component is above its target, or, if buys count too, below it: beyond the tolerance
    """
    if not self._is_under_way(_state):
        return False

    index: ISetToken = ISetToken(_state.index)
    supply: uint256 = staticcall index.totalSupply()
    multiplier: uint256 = self._live_multiplier(index)
    start: uint256 = 0
    for _: uint256 in range(bounds.MAX_PAGES):
        page: Page = self._page(_state.index, start)
        for i: uint256 in range(len(page.components), bound=bounds.MAX_PAGE):
            if self._is_off(_state, page.components[i], page.units[i], supply, multiplier, _buys_too):
                return True
        start += len(page.components)
        if len(page.components) < bounds.MAX_PAGE:
            break

    # Those that the index has are looked at again, which changes nothing.
    for component: address in book.listed_assets:
        unit: uint256 = self._live_unit(_state.index, component)
        if self._is_off(_state, component, unit, supply, multiplier, _buys_too):
            return True
    return False


@internal
@view
def _is_off(
    _state: book.Rebalance,
    _component: address,
    _unit: uint256,
    _supply: uint256,
    _multiplier: uint256,
    _buys_too: bool,
) -> bool:
    takes_part: bool = False
    target: uint256 = 0
    takes_part, target = book._target(_component, _state.nonce)
    if not takes_part:
        return False

    target = self._normalize(target, _multiplier, _state.multiplier)
    if _unit > target + UNIT_TOLERANCE:
        # A rest that makes no whole base unit can't be sold: nothing would ever finish.
        return _supply == 0 or math.mul_down(_supply, _unit) > math.mul_up(_supply, target)
    return _buys_too and target > _unit + UNIT_TOLERANCE


@internal
@view
def _components(_state: book.Rebalance) -> DynArray[address, bounds.MAX_COMPONENTS]:
    if not self._is_under_way(_state):
        return []

    held: DynArray[address, bounds.MAX_COMPONENTS] = staticcall ISetToken(_state.index).getComponents()
    components: DynArray[address, bounds.MAX_COMPONENTS] = []
    for component: address in held:
        if self._takes_part(_state, book._load_asset(component, _state.epoch)):
            components.append(component)
    for component: address in book.listed_assets:
        if component not in held:
            components.append(component)
    return components


@internal
@view
def _page(_index: address, _start: uint256) -> Page:
    """
    @notice What the index holds, from place `_start` on.
    """
    page: Page = empty(Page)
    _has_external: bool = False
    page.components, page.units, _has_external = staticcall ISetToken(_index).getPositionPage(_start)
    return page


@internal
@view
def _live_multiplier(_index: ISetToken) -> uint256:
    return math.to_uint(staticcall _index.positionMultiplier())


@internal
@view
def _live_unit(_index: address, _component: address) -> uint256:
    _supply: uint256 = 0
    _multiplier: uint256 = 0
    unit: uint256 = 0
    _place: uint256 = 0
    _supply, _multiplier, unit, unit, _place = staticcall ISetToken(_index).getTradeUnits(
        _component, _component, 0
    )
    return unit
