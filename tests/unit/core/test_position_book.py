"""SetToken: units in the list, units in their records, where to find them (I-01, I-05, R-08)."""

from itertools import product

import ape
import pytest

E18 = 10**18
LIST_LIMIT = 2**94
"""From here on a unit has no room in the list."""
UNITS = [1, LIST_LIMIT - 1, LIST_LIMIT, LIST_LIMIT + 1, 2**195]


@pytest.fixture(scope="session")
def four(make_basket):
    """Create an index of 1, 2, 3 and 4 units of four made-up tokens."""
    return make_basket([1, 2, 3, 4])


def page(basket):
    """Return components with their units."""
    components, units, _ = basket.getPositionPage(0)
    return dict(zip(components, units, strict=True))


def agrees(basket, component, unit):
    """Tell whether every view gives a component the same unit."""
    listed = basket.isComponent(component)
    shown = [p.unit for p in basket.getPositions() if p.component == component]
    return (
        basket.getDefaultPositionRealUnit(component)
        == basket.getTotalComponentRealUnits(component)
        == unit
        and (unit < 0 or basket.getTradeUnits(component, component, 0)[2:4] == (unit, unit))
        and shown == [unit] * (listed and unit > 0)
        and (
            min(basket.getDefaultPositionRealUnit(c) for c in basket.getComponents()) < 0
            or page(basket).get(component) == (unit if listed else None)
        )
    )


# ---------------------------------------------------------------- room


@pytest.mark.parametrize("unit", UNITS)
def test_unit__from_the_start(make_basket, addresses, unit):
    """R-02: whatever its size, it reads back exactly, and so do its neighbours."""
    basket = make_basket([7, unit, 9])
    assert page(basket) == dict(zip(addresses, [7, unit, 9], strict=False))
    assert agrees(basket, addresses[1], unit)


@pytest.mark.parametrize(("before", "after"), product(UNITS, UNITS))
def test_unit__edited_into_and_out_of_the_list(make_basket, module, addresses, before, after):
    """I-01: nothing of the unit before is left, in either place."""
    basket = make_basket([7, before])
    basket.editDefaultPosition(addresses[1], after, sender=module)
    assert agrees(basket, addresses[1], after)
    basket.editDefaultPositionUnit(addresses[1], before, sender=module)
    assert agrees(basket, addresses[1], before)
    assert agrees(basket, addresses[0], 7)


@pytest.mark.parametrize("unit", [-1, -LIST_LIMIT, -(2**195)])
def test_unit__negative_and_good_again(four, module, addresses, unit):
    """R-01: it reads as set; the others are no other."""
    four.editDefaultPositionUnit(addresses[1], unit, sender=module)
    assert agrees(four, addresses[1], unit)
    assert agrees(four, addresses[0], 1)
    four.editDefaultPositionUnit(addresses[1], 5, sender=module)
    assert page(four) == dict(zip(addresses, [1, 5, 3, 4], strict=False))


@pytest.mark.parametrize("unit", [*UNITS, -1, -(2**195)])
def test_unit__waits_off_the_list(four, module, addresses, unit):
    """R-01: set before the listing, it comes into the list and stays after the removal."""
    four.editDefaultPositionUnit(addresses[9], unit, sender=module)
    assert agrees(four, addresses[9], unit)
    four.addComponent(addresses[9], sender=module)
    assert agrees(four, addresses[9], unit)
    four.removeComponent(addresses[9], sender=module)
    assert agrees(four, addresses[9], unit)
    assert page(four) == dict(zip(addresses, [1, 2, 3, 4], strict=False))


@pytest.mark.parametrize("unit", UNITS)
def test_unit__moves_with_its_component(make_basket, module, addresses, unit):
    """I-05: the removal of another moves it, external positions and all."""
    basket = make_basket([7, 8, unit])
    basket.addExternalPositionModule(addresses[2], addresses[20], sender=module)
    basket.editDefaultPosition(addresses[0], 0, sender=module)
    assert tuple(basket.getPositionPage(0)) == ([addresses[2], addresses[1]], [unit, 8], True)
    basket.removeExternalPositionModule(addresses[2], addresses[20], sender=module)
    assert agrees(basket, addresses[2], unit)
    basket.editDefaultPosition(addresses[2], 5, sender=module)
    assert page(basket) == {addresses[2]: 5, addresses[1]: 8}
    assert not basket.getPositionPage(0)[2]


@pytest.mark.parametrize("unit", UNITS[1:])
def test_unit__after_a_fee(make_basket, module, addresses, unit):
    """I-01: virtual and real units fall apart, and a unit may leave the list's room by it."""
    basket = make_basket([E18, unit])
    basket.editPositionMultiplier(E18 // 2, sender=module)
    assert agrees(basket, addresses[1], unit // 2)
    basket.editDefaultPosition(addresses[1], unit, sender=module)
    assert agrees(basket, addresses[1], unit)
    basket.editDefaultPosition(addresses[1], 3, sender=module)
    assert agrees(basket, addresses[1], 3)
    assert agrees(basket, addresses[0], E18 // 2)


@pytest.mark.parametrize("function", ["editDefaultPosition", "editDefaultPositionUnit"])
def test_unit__that_reads_back_as_zero__reverts(make_basket, module, addresses, function):
    """I-03: at a multiplier of 3/4 the smallest unit is none."""
    basket = make_basket([E18, E18])
    basket.editPositionMultiplier(E18 * 3 // 4, sender=module)
    with ape.reverts("Virtual to Real unit conversion invalid"):
        getattr(basket, function)(addresses[1], 1, sender=module)
    assert agrees(basket, addresses[1], E18 * 3 // 4)


@pytest.mark.parametrize("unit", UNITS)
def test_unit__beside_an_external_position(make_basket, module, addresses, unit):
    """R-03: edits keep the mark of the external position, and the mark keeps the unit."""
    basket = make_basket([7, 8])
    basket.addExternalPositionModule(addresses[1], addresses[20], sender=module)
    basket.editDefaultPosition(addresses[1], unit, sender=module)
    assert tuple(basket.getPositionPage(0)) == (addresses[:2], [7, unit], True)
    basket.removeExternalPositionModule(addresses[1], addresses[20], sender=module)
    assert tuple(basket.getPositionPage(0)) == (addresses[:2], [7, unit], False)


# ---------------------------------------------------------------- places


def test_place__taken_again(four, module, addresses):
    """I-05: a place that was left keeps its word; whoever comes next replaces it."""
    four.editDefaultPosition(addresses[3], 0, sender=module)
    assert agrees(four, addresses[3], 0)
    four.editDefaultPosition(addresses[9], 9, sender=module)
    assert page(four) == dict(zip([*addresses[:3], addresses[9]], [1, 2, 3, 9], strict=True))
    four.editDefaultPosition(addresses[3], 6, sender=module)
    assert agrees(four, addresses[3], 6)
    assert agrees(four, addresses[9], 9)


def test_place__same_component_again(four, module, addresses):
    """I-05: the word it left behind says nothing about it, neither meanwhile nor afterwards."""
    four.removeComponent(addresses[3], sender=module)
    four.editDefaultPositionUnit(addresses[3], 8, sender=module)
    for hint in range(5):
        assert four.getTradeUnits(addresses[3], addresses[0], hint)[2:] == (8, 1, 0)
    four.addComponent(addresses[3], sender=module)
    assert four.getTradeUnits(addresses[3], addresses[0], 3)[2:] == (8, 1, 3)


@pytest.mark.parametrize("hint", [0, 1, 2, 3, 4, 5, 199, 200, 2**16, 2**255, 2**256 - 1])
def test_get_trade_units__any_hint(make_basket, module, addresses, hint):
    """R-08: right, wrong, of a removed component, beyond the list: the answer is the same.

    S-090.
    """
    basket = make_basket([1, 2, LIST_LIMIT, 4, 5])
    basket.editDefaultPosition(addresses[4], 0, sender=module)
    units = {0: 1, 1: 2, 2: LIST_LIMIT, 3: 4, 4: 0, 9: 0}
    for first, second in product(units, units):
        place = first if first < 4 else 0
        expected = (0, E18, units[first], units[second], place)
        assert basket.getTradeUnits(addresses[first], addresses[second], hint) == expected


@pytest.mark.parametrize("hint", [0, 1, 2**256 - 1])
def test_get_trade_units__of_an_empty_list(make_basket, module, addresses, hint):
    """R-08: there is nothing to find, not even at the place that was."""
    basket = make_basket([5])
    basket.editDefaultPosition(addresses[0], 0, sender=module)
    assert basket.getTradeUnits(addresses[0], addresses[0], hint) == (0, E18, 0, 0, 0)
    assert tuple(basket.getPositionPage(0)) == ([], [], False)
    with ape.reverts("Address not in array."):
        basket.removeComponent(addresses[0], sender=module)


def test_unit__of_the_zero_address(four, module):
    """I-05: a component whose word in the list is nothing but zeros has no unit."""
    nobody = "0x" + 20 * "00"
    four.editDefaultPositionUnit(nobody, 5 * E18, sender=module)
    four.addComponent(nobody, sender=module)
    assert agrees(four, nobody, 5 * E18)
    four.editDefaultPositionUnit(nobody, 0, sender=module)
    assert agrees(four, nobody, 0)
