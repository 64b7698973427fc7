"""SetToken: the list of components and default positions (R-02, I-03, I-05)."""

from itertools import permutations, product

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_abi import decode
from eth_utils import to_checksum_address

E18 = 10**18
MAX_COMPONENTS = 200
PAGE = 32
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
    """I-05, S-070: once each, with or without a unit."""
    four.editDefaultPositionUnit(addresses[2], 0, sender=module)
    for known in (addresses[0], addresses[2], addresses[3]):
        with ape.reverts("Must not be component"):
            four.addComponent(known, sender=module)


def test_add_component__up_to_the_bound(make_basket, module, addresses):
    """R-02: the 201st is refused with its reason; a place that is free again can be taken.

    S-070.
    """
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
    """R-01, S-071: as in the original; the unit stays behind, the place does not."""
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
    """A virtual unit that does not fit its word is refused, on both sides, never cut (S-080)."""
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
    """R-01, S-074: a default position is one with a positive unit; the order is the list's."""
    four.editDefaultPositionUnit(addresses[0], 0, sender=module)
    four.editDefaultPositionUnit(addresses[2], -5, sender=module)
    assert positions(four) == [
        (addresses[1], ZERO_ADDRESS, 2, 0, b""),
        (addresses[3], ZERO_ADDRESS, 4, 0, b""),
    ]


def test_get_position_page__lists_all_components(four, module, addresses):
    """R-03: a component whose unit is 0 is there with 0."""
    four.editDefaultPositionUnit(addresses[0], 0, sender=module)
    assert tuple(four.getPositionPage(0)) == (addresses[:4], [0, 2, 3, 4], False)


@pytest.mark.parametrize("count", [1, 31, 32, 33, 64, 65, MAX_COMPONENTS])
def test_get_position_page__by_pages(make_basket, count):
    """R-03: pages of at most 32 together are the list, from any place; beyond it there is none."""
    listed = [to_checksum_address(f"0x{0xB000 + i:040x}") for i in range(count)]
    basket = make_basket(range(1, count + 1), listed)
    for start in {0, 1, 31, 32, 33, count - 1, count, count + 1, 2**128}:
        page = slice(start, start + PAGE)
        expected = (listed[page], list(range(1, count + 1))[page], False)
        assert tuple(basket.getPositionPage(start)) == expected
    with ape.reverts():
        basket.getPositionPage(2**256 - 1)


def test_get_position_page__external_on_another_page(make_basket, module, addresses):
    """R-07: each page tells of its own components only; added up they tell of all."""
    listed = [to_checksum_address(f"0x{0xB000 + i:040x}") for i in range(PAGE + 2)]
    basket = make_basket([1] * len(listed), listed)
    basket.addExternalPositionModule(listed[PAGE], addresses[20], sender=module)
    starts = (0, 1, PAGE, PAGE + 1, PAGE + 2)
    told = [basket.getPositionPage(start)[2] for start in starts]
    assert told == [False, True, True, False, False]


def test_get_position_page__negative_unit__reverts(four, module, addresses):
    """R-01: the reason that the original's modules give."""
    four.editDefaultPositionUnit(addresses[0], -1, sender=module)
    with ape.reverts("SafeCast: value must be positive"):
        four.getPositionPage(0)
    for pair in permutations(addresses[:2]):
        with ape.reverts("SafeCast: value must be positive"):
            four.getTradeUnits(*pair, 0)


def test_get_trade_units__what_a_trade_reads(four, module, issuer, addresses):
    """R-08: supply, multiplier and any two units, listed or not; and where the first is."""
    four.mint(issuer, 5 * E18, sender=module)
    known = {addresses[0]: 1, addresses[1]: 2, addresses[3]: 4, addresses[9]: 0}
    for component, cash in product(known, known):
        place = addresses.index(component) if known[component] else 0
        expected = (5 * E18, E18, known[component], known[cash], place)
        assert tuple(four.getTradeUnits(component, cash, place)) == expected


# ---------------------------------------------------------------- units and the list together


def edit(basket, module, components, units):
    """Set units one after the other and return the events of all."""
    return [
        event
        for component, unit in zip(components, units, strict=True)
        for event in basket.editDefaultPosition(component, unit, sender=module).events
    ]


def test_edit_default_position__edits_adds_and_removes(four, module, addresses):
    """I-05: a component enters with its unit and leaves with it."""
    asked = [addresses[0], addresses[9], addresses[1], addresses[8]]
    assert edit(four, module, asked, [0, 9, 5, 0]) == [
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


def test_edit_default_position__one_component_again(four, puppet, manager, admit, calls, addresses):
    """I-05: out and in again within one transaction."""
    admit(four)
    steps = [("editDefaultPosition", addresses[0], unit) for unit in (0, 7, 8)]
    puppet.execute(calls(four, steps), sender=manager)
    assert four.getComponents() == [addresses[3], *addresses[1:3], addresses[0]]
    assert four.getDefaultPositionRealUnit(addresses[0]) == 8


def test_edit_default_position__external_positions_keep_the_component(four, module, addresses):
    """R-01: as in the original, it neither leaves nor enters while a module holds it."""
    four.addExternalPositionModule(addresses[0], addresses[20], sender=module)
    four.addExternalPositionModule(addresses[9], addresses[20], sender=module)
    edit(four, module, [addresses[0], addresses[9]], [0, 9])
    assert four.getComponents() == addresses[:4]
    four.removeExternalPositionModule(addresses[0], addresses[20], sender=module)
    assert four.isComponent(addresses[0])


def test_edit_default_position__listed_without_a_unit__reverts(four, module, addresses):
    """R-01: as with the original's library, a component that is listed cannot enter."""
    four.addComponent(addresses[9], sender=module)
    with ape.reverts("Must not be component"):
        four.editDefaultPosition(addresses[9], 1, sender=module)


def test_edit_default_position__eight_more(four, module, addresses):
    """R-01: they enter in the order of their edits, and leave without a trace."""
    edit(four, module, addresses[4:12], range(1, 9))
    assert four.getComponents() == addresses[:12]
    assert four.getPositionPage(4)[1] == list(range(1, 9))
    edit(four, module, addresses[11:3:-1], [0] * 8)
    assert tuple(four.getPositionPage(0)) == (addresses[:4], [1, 2, 3, 4], False)


def test_edit_default_position__unit_is_no_int256__reverts(four, module, addresses):
    """R-01: with SafeCast's reason; nothing changes."""
    with ape.reverts("SafeCast: value doesn't fit in an int256"):
        four.editDefaultPosition(addresses[1], 2**255, sender=module)
    with ape.reverts("SignedSafeMath: multiplication overflow"):
        four.editDefaultPosition(addresses[1], 2**255 - 1, sender=module)
    assert tuple(four.getPositionPage(0)) == (addresses[:4], [1, 2, 3, 4], False)
