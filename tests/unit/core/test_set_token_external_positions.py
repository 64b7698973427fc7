"""SetToken: positions that modules hold elsewhere for it (R-02)."""

from itertools import permutations

import ape
import pytest
from ape.utils import ZERO_ADDRESS

E18 = 10**18
MAX_EXTERNAL_MODULES = 16
MAX_POSITIONS = 256


@pytest.fixture(scope="session")
def pair(make_basket):
    """Create an index of 1e18 units each of two made-up tokens."""
    return make_basket([E18, E18])


@pytest.fixture(scope="session")
def holders(addresses):
    """Return addresses that external positions are filed under."""
    return addresses[10:]


def positions(basket):
    """Return the positions as plain tuples."""
    return [tuple(position) for position in basket.getPositions()]


def test_add_external_position_module__files_and_announces(pair, module, addresses, holders):
    """R-02: a position of 0 is listed from then on."""
    tx = pair.addExternalPositionModule(addresses[0], holders[0], sender=module)
    assert tx.events == [
        pair.PositionModuleAdded(_component=addresses[0], _positionModule=holders[0])
    ]
    assert pair.getExternalPositionModules(addresses[0]) == [holders[0]]
    assert pair.isExternalPositionModule(addresses[0], holders[0])
    assert not pair.isExternalPositionModule(addresses[1], holders[0])
    assert not pair.isExternalPositionModule(addresses[0], holders[1])
    assert positions(pair)[1] == (addresses[0], holders[0], 0, 1, b"")


def test_add_external_position_module__added__reverts(pair, module, addresses, holders):
    """R-01: once per component; other components do not matter."""
    pair.addExternalPositionModule(addresses[0], holders[0], sender=module)
    pair.addExternalPositionModule(addresses[1], holders[0], sender=module)
    with ape.reverts("Module already added"):
        pair.addExternalPositionModule(addresses[0], holders[0], sender=module)


def test_add_external_position_module__up_to_the_bound(pair, module, addresses, holders):
    """R-02, S-072: the 17th is refused with its reason; the count does not spill into the unit."""
    for holder in holders[:MAX_EXTERNAL_MODULES]:
        pair.addExternalPositionModule(addresses[0], holder, sender=module)
    with ape.reverts("Too many external modules"):
        pair.addExternalPositionModule(addresses[0], holders[20], sender=module)
    assert pair.getExternalPositionModules(addresses[0]) == holders[:MAX_EXTERNAL_MODULES]
    assert pair.getDefaultPositionRealUnit(addresses[0]) == E18
    assert pair.getComponents() == addresses[:2]


@pytest.mark.parametrize("unit", [0, 1, 5 * E18, 2**195, -1, -(2**195)])
def test_edit_external_position_unit__sets_and_announces(pair, module, addresses, holders, unit):
    """R-02: debt is negative; the default position stays as it is."""
    tx = pair.editExternalPositionUnit(addresses[0], holders[0], unit, sender=module)
    assert tx.events == [
        pair.ExternalPositionUnitEdited(
            _component=addresses[0], _positionModule=holders[0], _realUnit=unit
        )
    ]
    assert pair.getExternalPositionRealUnit(addresses[0], holders[0]) == unit
    assert pair.getExternalPositionRealUnit(addresses[1], holders[0]) == 0
    assert pair.getDefaultPositionRealUnit(addresses[0]) == E18


@pytest.mark.parametrize("unit", [2**240, -(2**255)])
def test_edit_external_position_unit__too_large__reverts(pair, module, addresses, holders, unit):
    """R-01: with the original's reason."""
    with ape.reverts("SignedSafeMath: multiplication overflow"):
        pair.editExternalPositionUnit(addresses[0], holders[0], unit, sender=module)


@pytest.mark.parametrize("data", [b"", b"\0", b"data", b"\xff" * 512], ids=len)
def test_edit_external_position_data__keeps_and_announces(pair, module, addresses, holders, data):
    """R-02: any bytes up to the bound; a shorter one replaces a longer one whole."""
    pair.editExternalPositionData(addresses[0], holders[0], b"\xaa" * 512, sender=module)
    tx = pair.editExternalPositionData(addresses[0], holders[0], data, sender=module)
    assert tx.events == [
        pair.ExternalPositionDataEdited(
            _component=addresses[0], _positionModule=holders[0], _data=data
        )
    ]
    assert pair.getExternalPositionData(addresses[0], holders[0]) == data
    assert pair.getExternalPositionData(addresses[0], holders[1]) == b""


def test_edit_external_position_data__too_long__reverts(pair, module, addresses, holders):
    """R-02, S-072: 513 bytes are refused when decoded."""
    with ape.reverts():
        pair.editExternalPositionData(addresses[0], holders[0], b"x" * 513, sender=module)


@pytest.mark.parametrize("gone", range(4))
def test_remove_external_position_module__moves_the_last(pair, module, addresses, holders, gone):
    """R-01: the last module moves into the gap; unit and data go with the module."""
    component = addresses[0]
    for number, holder in enumerate(holders[:4]):
        pair.addExternalPositionModule(component, holder, sender=module)
        pair.editExternalPositionUnit(component, holder, number + 1, sender=module)
        pair.editExternalPositionData(component, holder, bytes([number]), sender=module)
    tx = pair.removeExternalPositionModule(component, holders[gone], sender=module)
    assert tx.events == [
        pair.PositionModuleRemoved(_component=component, _positionModule=holders[gone])
    ]
    expected = holders[:4]
    expected[gone] = expected[-1]
    expected.pop()
    assert pair.getExternalPositionModules(component) == expected
    assert not pair.isExternalPositionModule(component, holders[gone])
    assert pair.getExternalPositionRealUnit(component, holders[gone]) == 0
    assert pair.getExternalPositionData(component, holders[gone]) == b""
    assert positions(pair)[1:-1] == [
        (component, holder, holders.index(holder) + 1, 1, bytes([holders.index(holder)]))
        for holder in expected
    ]


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_remove_external_position_module__until_none_is_left(
    pair, module, addresses, holders, order
):
    """R-01, R-03: afterwards the component counts as one without external positions."""
    component = addresses[0]
    listed = holders[:3]
    for holder in listed:
        pair.addExternalPositionModule(component, holder, sender=module)
    for number in order:
        pair.removeExternalPositionModule(component, holders[number], sender=module)
        listed[listed.index(holders[number])] = listed[-1]
        listed.pop()
        assert pair.getExternalPositionModules(component) == listed
        assert pair.getPositionPage(0)[2] == bool(listed)


def test_remove_external_position_module__unknown__reverts(pair, module, addresses, holders):
    """R-01: with the original's reason, also when only the unit is there."""
    pair.addExternalPositionModule(addresses[1], holders[0], sender=module)
    pair.editExternalPositionUnit(addresses[0], holders[0], 5, sender=module)
    with ape.reverts("Address not in array."):
        pair.removeExternalPositionModule(addresses[0], holders[0], sender=module)


def test_get_positions__order(pair, module, addresses, holders):
    """R-01, S-074: per component the default one first, then the external ones in their order."""
    first, second = addresses[:2]
    for component, holder in ((second, 0), (first, 1), (second, 2), (first, 0)):
        pair.addExternalPositionModule(component, holders[holder], sender=module)
    pair.editExternalPositionUnit(first, holders[0], -3, sender=module)
    pair.editExternalPositionData(second, holders[2], b"two", sender=module)
    pair.editDefaultPositionUnit(second, 0, sender=module)
    assert positions(pair) == [
        (first, ZERO_ADDRESS, E18, 0, b""),
        (first, holders[1], 0, 1, b""),
        (first, holders[0], -3, 1, b""),
        (second, holders[0], 0, 1, b""),
        (second, holders[2], 0, 1, b"two"),
    ]


def test_get_positions__component_not_listed(pair, module, addresses, holders):
    """R-01: what is filed under a component shows once the component is listed."""
    pair.addExternalPositionModule(addresses[5], holders[0], sender=module)
    assert len(positions(pair)) == 2
    assert not pair.isComponent(addresses[5])
    pair.addComponent(addresses[5], sender=module)
    assert positions(pair)[2:] == [(addresses[5], holders[0], 0, 1, b"")]
    pair.removeComponent(addresses[5], sender=module)
    assert pair.isExternalPositionModule(addresses[5], holders[0])


def test_get_positions__up_to_the_bound(make_basket, puppet, manager, admit, calls, holders):
    """R-02: 256 positions are returned at once; with one more they are read one by one."""
    listed = [f"0x{0xB000 + i:040x}" for i in range(16)]
    many = make_basket([1] * 16, listed)
    admit(many)
    pairs = [(token, holder) for token in listed for holder in holders[:15]]
    for first in range(0, len(pairs), 60):
        batch = [("addExternalPositionModule", *pair) for pair in pairs[first : first + 60]]
        puppet.execute(calls(many, batch), sender=manager)
    assert len(positions(many)) == MAX_POSITIONS == len(listed) + len(pairs)
    steps = [
        ("getPositions",),
        ("addExternalPositionModule", listed[0], holders[15]),
        ("getPositions",),
    ]
    outcomes = puppet.attempt.call(calls(many, steps), sender=manager)
    assert [outcome.success for outcome in outcomes] == [True, True, False]


def test_get_position_page__tells_of_external_ones(pair, module, addresses, holders):
    """R-03: on any component, also with a unit of 0; one unlisted does not count."""
    assert pair.getPositionPage(0)[2] is False
    pair.addExternalPositionModule(addresses[5], holders[0], sender=module)
    assert pair.getPositionPage(0)[2] is False
    pair.addExternalPositionModule(addresses[0], holders[0], sender=module)
    assert tuple(pair.getPositionPage(0)) == (addresses[:2], [E18, E18], True)
    pair.removeExternalPositionModule(addresses[0], holders[0], sender=module)
    pair.addExternalPositionModule(addresses[1], holders[0], sender=module)
    assert pair.getPositionPage(0)[2] is True


def test_get_total_component_real_units__adds_all(pair, module, addresses, holders):
    """R-02, S-073: listed modules only; the sum may be below 0."""
    component = addresses[0]
    for holder, unit in zip(holders[:3], (5, -2 * E18, 9), strict=True):
        pair.editExternalPositionUnit(component, holder, unit, sender=module)
    for holder in holders[:2]:
        pair.addExternalPositionModule(component, holder, sender=module)
    assert pair.getTotalComponentRealUnits(component) == 5 - E18
    assert pair.getTotalComponentRealUnits(addresses[1]) == E18
    assert pair.getTotalComponentRealUnits(addresses[5]) == 0
