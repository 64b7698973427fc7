# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title External positions
@license MIT
@notice What modules hold or owe of a component on behalf of a SetToken: staked, lent, borrowed.
@dev Views are @reentrant, for the reason given in position_book.
"""

from contracts.lib import bounds
from contracts.lib import position_book as book
from contracts.lib import position_scale as scale
from interfaces import ISetToken

uses: book
uses: scale

# In the order of addition; a removal moves the last one into the gap.
modules: HashMap[address, DynArray[address, bounds.MAX_EXTERNAL_MODULES]]

# D18{comp/set} component -> module -> virtual unit
units: HashMap[address, HashMap[address, int256]]

# component -> module -> whatever the module keeps
data: HashMap[address, HashMap[address, Bytes[bounds.MAX_POSITION_DATA]]]


@external
@view
@reentrant
def getExternalPositionRealUnit(_component: address, _positionModule: address) -> int256:
    return scale._to_real(self.units[_component][_positionModule])


@external
@view
@reentrant
def getExternalPositionModules(
    _component: address,
) -> DynArray[address, bounds.MAX_EXTERNAL_MODULES]:
    return self.modules[_component]


@external
@view
@reentrant
def getExternalPositionData(
    _component: address, _positionModule: address
) -> Bytes[bounds.MAX_POSITION_DATA]:
    return self.data[_component][_positionModule]


@external
@view
@reentrant
def isExternalPositionModule(_component: address, _module: address) -> bool:
    return _module in self.modules[_component]


@internal
def _add_module(_component: address, _module: address):
    modules: DynArray[address, bounds.MAX_EXTERNAL_MODULES] = self.modules[_component]
    assert _module not in modules, "Module already added"
    assert len(modules) < bounds.MAX_EXTERNAL_MODULES, "Too many external modules"

    # A unit may have been set before: from now on it counts (I-03).
    scale._note(self.units[_component][_module], True)
    self.modules[_component].append(_module)
    self._count(_component, book.COUNT_ONE)

    log ISetToken.PositionModuleAdded(_component=_component, _positionModule=_module)


@internal
def _remove_module(_component: address, _module: address):
    modules: DynArray[address, bounds.MAX_EXTERNAL_MODULES] = self.modules[_component]
    assert _module in modules, "Address not in array."

    last: address = self.modules[_component].pop()
    for i: uint256 in range(len(modules), bound=bounds.MAX_EXTERNAL_MODULES):
        if modules[i] == _module and last != _module:
            self.modules[_component][i] = last
            break
    self._count(_component, -book.COUNT_ONE)
    self.units[_component][_module] = 0
    self.data[_component][_module] = b""

    log ISetToken.PositionModuleRemoved(_component=_component, _positionModule=_module)


@internal
def _edit_unit(_component: address, _module: address, _real_unit: int256):
    unit: int256 = scale._to_virtual(_real_unit)
    scale._note(unit, True)
    self.units[_component][_module] = unit

    log ISetToken.ExternalPositionUnitEdited(
        _component=_component, _positionModule=_module, _realUnit=_real_unit
    )


@internal
def _count(_component: address, _change: int256):
    unit: int256 = book._virtual_unit(_component)
    record: int256 = book.records[_component] + _change
    book.records[_component] = record
    book._write(_component, record, unit)
