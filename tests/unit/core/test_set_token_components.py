"""SetToken: the list of components and default positions (R-02, I-03, I-05)."""

from itertools import permutations

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_abi import decode

E18 = 10**18
MAX_COMPONENTS = 200
MAX_UNIT = 2**231 - 1
"""Beyond what any readable unit needs: reading overflows above 2^255 / 1e18 already."""


@pytest.fixture(scope="session")
def four(make_basket):
    """Create an index of 1, 2, 3 and 4 units of four made-up tokens."""
    return make_basket([1, 2, 3, 4])


def positions(basket):
    """Return the positions as plain tuples."""
    return [tuple(position) for position in basket.getPositions()]


def test_add_component__lists_and_announces(four, module, addresses):
    """R-02: a listed component without a unit is no position."""
    tx = four.addComponent(addresses[9], sender=module)
    assert tx.events == [four.ComponentAdded(_component=addresses[9])]
    assert four.getComponents() == [*addresses[:4], addresses[9]]
    assert four.components(4) == addresses[9]
    assert four.isComponent(addresses[9])
    assert four.getDefaultPositionRealUnit(addresses[9]) == 0
    assert len(positions(four)) == 4


def test_add_component__listed__reverts(four, module, addresses):
    """I-05: once each, with or without a unit."""
    four.editDefaultPositionUnit(addresses[2], 0, sender=module)
    for known in (addresses[0], addresses[2], addresses[3]):
        with ape.reverts("Must not be component"):
            four.addComponent(known, sender=module)


def test_add_component__up_to_the_bound(make_basket, module, addresses):
    """R-02: the 201st is refused with its reason; a place that is free again can be taken."""
    listed = [f"0x{0xB000 + i:040x}" for i in range(MAX_COMPONENTS)]
    full = make_basket([1] * MAX_COMPONENTS, listed)
    with ape.reverts("Too many components"):
        full.addComponent(addresses[0], sender=module)
    full.removeComponent(listed[100], sender=module)
    full.addComponent(addresses[0], sender=module)
    components = full.getComponents()
    assert components[100].lower() == listed[199]
    assert components[198].lower() == listed[198]
    assert components[199] == addresses[0]


@pytest.mark.parametrize("gone", range(4))
def test_remove_component__moves_the_last_into_the_gap(four, module, addresses, gone):
    """R-01: as in the original; the unit stays behind, the place does not."""
    tx = four.removeComponent(addresses[gone], sender=module)
    assert tx.events == [four.ComponentRemoved(_component=addresses[gone])]
    expected = addresses[:4]
    expected[gone] = expected[-1]
    expected.pop()
    assert four.getComponents() == expected
    assert [four.isComponent(a) for a in addresses[:4]] == [i != gone for i in range(4)]
    assert [four.getDefaultPositionRealUnit(a) for a in addresses[:4]] == [1, 2, 3, 4]
    four.addComponent(addresses[gone], sender=module)
    assert four.getComponents() == [*expected, addresses[gone]]


def test_remove_component__in_every_order(four, puppet, manager, admit, addresses):
    """R-01: until none is left, against a Python list; the places follow the entries."""
    admit(four)
    read = (four, four.getComponents.encode_input())
    for order in permutations(range(4)):
        calls, expected, listed = [], [], addresses[:4]
        for number in order:
            calls += [(four, four.removeComponent.encode_input(addresses[number])), read]
            listed[listed.index(addresses[number])] = listed[-1]
            listed.pop()
            expected.append([entry.lower() for entry in listed])
        answers = puppet.execute.call(calls, sender=manager)[1::2]
        assert [list(decode(["address[]"], answer)[0]) for answer in answers] == expected


def test_remove_component__unknown__reverts(four, module, addresses):
    """R-01: with the original's reason, also the second time."""
    with ape.reverts("Address not in array."):
        four.removeComponent(addresses[9], sender=module)
    four.removeComponent(addresses[0], sender=module)
    with ape.reverts("Address not in array."):
        four.removeComponent(addresses[0], sender=module)


# ---------------------------------------------------------------- default units


@pytest.mark.parametrize("unit", [0, 1, 7 * E18, 2**195, -1, -(2**195)])
def test_edit_default_position_unit__sets_and_announces(four, module, addresses, unit):
    """R-02: the unit, whatever its sign, comes back; the list stays; the others stay."""
    tx = four.editDefaultPositionUnit(addresses[1], unit, sender=module)
    assert tx.events == [four.DefaultPositionUnitEdited(_component=addresses[1], _realUnit=unit)]
    units = [four.getDefaultPositionRealUnit(address) for address in addresses[:4]]
    assert units == [1, unit, 3, 4]
    assert four.getComponents() == addresses[:4]


def test_edit_default_position_unit__not_listed(four, module, addresses):
    """R-01: as in the original, the list is the caller's task; the unit waits for it."""
    four.editDefaultPositionUnit(addresses[9], 9, sender=module)
    assert four.getDefaultPositionRealUnit(addresses[9]) == 9
    assert not four.isComponent(addresses[9])
    assert len(positions(four)) == 4
    four.addComponent(addresses[9], sender=module)
    assert positions(four)[-1] == (addresses[9], ZERO_ADDRESS, 9, 0, b"")


@pytest.mark.parametrize("unit", [2**240, -(2**240), 2**255 - 1, -(2**255)])
def test_edit_default_position_unit__too_large_to_scale__reverts(four, module, addresses, unit):
    """R-01: with the original's reason."""
    with ape.reverts("SignedSafeMath: multiplication overflow"):
        four.editDefaultPositionUnit(addresses[0], unit, sender=module)


def test_edit_default_position_unit__beyond_the_range__reverts(make_basket, module, addresses):
    """A virtual unit that does not fit its word is refused, on both sides, never cut."""
    small = make_basket([E18])
    small.editPositionMultiplier(10**6, sender=module)
    highest = MAX_UNIT * 10**6 // E18
    small.editDefaultPositionUnit(addresses[0], -highest, sender=module)
    assert small.getDefaultPositionRealUnit(addresses[0]) == -highest
    with ape.reverts("Unit too large"):
        small.editDefaultPositionUnit(addresses[0], -highest - 1, sender=module)
    with ape.reverts("Unit too large"):
        small.editExternalPositionUnit(addresses[0], addresses[1], -highest - 1, sender=module)
    with ape.reverts("Unit too large"):
        small.editDefaultPositionUnit(addresses[0], highest + 1, sender=module)


def test_get_positions__leaves_out_what_is_not_above_zero(four, module, addresses):
    """R-01: a default position is one with a positive unit; the order is the list's."""
    four.editDefaultPositionUnit(addresses[0], 0, sender=module)
    four.editDefaultPositionUnit(addresses[2], -5, sender=module)
    assert positions(four) == [
        (addresses[1], ZERO_ADDRESS, 2, 0, b""),
        (addresses[3], ZERO_ADDRESS, 4, 0, b""),
    ]


def test_get_default_positions__lists_all_components(four, module, addresses):
    """R-03: a component whose unit is 0 is there with 0."""
    four.editDefaultPositionUnit(addresses[0], 0, sender=module)
    assert tuple(four.getDefaultPositions()) == (addresses[:4], [0, 2, 3, 4], False)


def test_get_default_positions__negative_unit__reverts(four, module, addresses):
    """R-01: the reason that the original's modules give."""
    four.editDefaultPositionUnit(addresses[0], -1, sender=module)
    with ape.reverts("SafeCast: value must be positive"):
        four.getDefaultPositions()
    with ape.reverts("SafeCast: value must be positive"):
        four.getUnits([addresses[0]])


def test_get_units__what_a_trade_reads(four, module, issuer, addresses):
    """R-08: supply, multiplier and any eight units, listed or not."""
    four.mint(issuer, 5 * E18, sender=module)
    asked = [addresses[3], addresses[9], addresses[0], addresses[3]]
    assert tuple(four.getUnits(asked)) == (5 * E18, E18, [4, 0, 1, 4])
    assert tuple(four.getUnits([])) == (5 * E18, E18, [])
    assert tuple(four.getUnits([addresses[1]] * 8))[2] == [2] * 8
    with ape.reverts():
        four.getUnits([addresses[1]] * 9)


# ---------------------------------------------------------------- batches


def test_edit_default_positions__edits_adds_and_removes(four, module, addresses):
    """I-05: a component enters with its unit and leaves with it."""
    asked = [addresses[0], addresses[9], addresses[1], addresses[8]]
    tx = four.editDefaultPositions(asked, [0, 9, 5, 0], sender=module)
    assert tx.events == [
        four.ComponentRemoved(_component=addresses[0]),
        four.DefaultPositionUnitEdited(_component=addresses[0], _realUnit=0),
        four.ComponentAdded(_component=addresses[9]),
        four.DefaultPositionUnitEdited(_component=addresses[9], _realUnit=9),
        four.DefaultPositionUnitEdited(_component=addresses[1], _realUnit=5),
        four.DefaultPositionUnitEdited(_component=addresses[8], _realUnit=0),
    ]
    assert positions(four) == [
        (addresses[3], ZERO_ADDRESS, 4, 0, b""),
        (addresses[1], ZERO_ADDRESS, 5, 0, b""),
        (addresses[2], ZERO_ADDRESS, 3, 0, b""),
        (addresses[9], ZERO_ADDRESS, 9, 0, b""),
    ]
    assert not four.isComponent(addresses[8])


def test_edit_default_positions__one_component_twice(four, module, addresses):
    """I-05: out and in again within one call."""
    four.editDefaultPositions([addresses[0]] * 3, [0, 7, 8], sender=module)
    assert four.getComponents() == [addresses[3], *addresses[1:3], addresses[0]]
    assert four.getDefaultPositionRealUnit(addresses[0]) == 8


def test_edit_default_positions__external_positions_keep_the_component(four, module, addresses):
    """R-01: as in the original, it neither leaves nor enters while a module holds it."""
    four.addExternalPositionModule(addresses[0], addresses[20], sender=module)
    four.addExternalPositionModule(addresses[9], addresses[20], sender=module)
    four.editDefaultPositions([addresses[0], addresses[9]], [0, 9], sender=module)
    assert four.getComponents() == addresses[:4]
    four.removeExternalPositionModule(addresses[0], addresses[20], sender=module)
    assert four.isComponent(addresses[0])


def test_edit_default_positions__listed_without_a_unit__reverts(four, module, addresses):
    """R-01: as with the original's library, a component that is listed cannot enter."""
    four.addComponent(addresses[9], sender=module)
    with ape.reverts("Must not be component"):
        four.editDefaultPositions([addresses[9]], [1], sender=module)


def test_edit_default_positions__of_nothing_and_of_eight(four, module, addresses):
    """R-01: up to eight; one more is refused when decoded."""
    assert four.editDefaultPositions([], [], sender=module).events == []
    four.editDefaultPositions(addresses[4:12], [1] * 8, sender=module)
    assert four.getComponents() == addresses[:12]
    with ape.reverts():
        four.editDefaultPositions(addresses[12:21], [1] * 9, sender=module)


@pytest.mark.parametrize("lengths", [(1, 0), (0, 1), (2, 1)])
def test_edit_default_positions__lengths_differ__reverts(four, module, addresses, lengths):
    """R-01: a unit for each component."""
    count, units = lengths
    with ape.reverts("Array length mismatch"):
        four.editDefaultPositions(addresses[:count], [1] * units, sender=module)


def test_edit_default_positions__unit_is_no_int256__reverts(four, module, addresses):
    """R-01: with SafeCast's reason; nothing of the batch stays."""
    with ape.reverts("SafeCast: value doesn't fit in an int256"):
        four.editDefaultPositions(addresses[:2], [5, 2**255], sender=module)
    with ape.reverts("SignedSafeMath: multiplication overflow"):
        four.editDefaultPositions(addresses[:2], [5, 2**255 - 1], sender=module)
    assert four.getDefaultPositionRealUnit(addresses[0]) == 1
