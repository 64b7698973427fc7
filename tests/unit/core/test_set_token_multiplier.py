"""SetToken: the position multiplier, and what rounds between virtual and real (I-02, I-03)."""

import ape
import pytest
from eth_abi import decode
from hypothesis import given, settings
from hypothesis import strategies as st

E18 = 10**18
TOO_SMALL = "New multiplier too small"
TOO_LARGE = "New multiplier too large"
VANISHES = "Virtual to Real unit conversion invalid"


@pytest.fixture(scope="session")
def single(make_basket):
    """Create an index of 1e18 units of one made-up token."""
    return make_basket([E18])


@pytest.fixture(scope="session")
def dusty(make_basket):
    """Create an index of one large unit and one of 1, which bounds the multiplier."""
    return make_basket([E18, 1])


def to_virtual(real, multiplier):
    """Return D18{comp/set} virtual: rounded towards negative infinity, as Python's // does."""
    return real * E18 // multiplier


def to_real(virtual, multiplier):
    """Return D18{comp/set} real: rounded towards negative infinity."""
    return virtual * multiplier // E18


def test_edit_position_multiplier__scales_everything(single, module, addresses):
    """R-05, S-079: default and external, positive and negative; rounded down each."""
    token, holder, other = addresses[:3]
    for place, unit in ((holder, 7), (other, -7)):
        single.addExternalPositionModule(token, place, sender=module)
        single.editExternalPositionUnit(token, place, unit, sender=module)
    tx = single.editPositionMultiplier(E18 // 2, sender=module)
    assert tx.events == [single.PositionMultiplierEdited(_newMultiplier=E18 // 2)]
    assert single.positionMultiplier() == E18 // 2
    assert single.getDefaultPositionRealUnit(token) == E18 // 2
    assert single.getExternalPositionRealUnit(token, holder) == 3
    assert single.getExternalPositionRealUnit(token, other) == -4
    assert single.getTotalComponentRealUnits(token) == E18 // 2 - 1
    assert [position.unit for position in single.getPositions()] == [E18 // 2, 3, -4]
    assert single.getPositionPage(0)[1] == [E18 // 2]
    assert tuple(single.getTradeUnits(token, token, 0)) == (0, E18 // 2, E18 // 2, E18 // 2, 0)


def test_edit_position_multiplier__to_the_same(single, module):
    """I-02: no change is no rise; it is announced all the same."""
    tx = single.editPositionMultiplier(E18, sender=module)
    assert tx.events == [single.PositionMultiplierEdited(_newMultiplier=E18)]


@pytest.mark.parametrize("multiplier", [E18 + 1, 2**64, 2**128])
def test_edit_position_multiplier__higher__reverts(single, module, multiplier):
    """I-02, S-077: never rises, neither above 1e18 nor above where it is."""
    with ape.reverts(TOO_LARGE):
        single.editPositionMultiplier(multiplier, sender=module)
    single.editPositionMultiplier(5, sender=module)
    with ape.reverts(TOO_LARGE):
        single.editPositionMultiplier(6, sender=module)


@pytest.mark.parametrize("multiplier", [0, -1, -E18, -(2**100)])
def test_edit_position_multiplier__not_above_zero__reverts(single, module, multiplier):
    """I-02, S-077: always above 0, so that nothing divides by 0."""
    with ape.reverts(TOO_SMALL):
        single.editPositionMultiplier(multiplier, sender=module)


def test_edit_position_multiplier__down_to_one(single, module, addresses):
    """I-03: as long as every position still reads as something."""
    single.editPositionMultiplier(1, sender=module)
    assert single.getDefaultPositionRealUnit(addresses[0]) == 1
    single.editDefaultPositionUnit(addresses[0], 5, sender=module)
    assert single.getDefaultPositionRealUnit(addresses[0]) == 5


def test_edit_position_multiplier__a_position_would_vanish__reverts(dusty, module):
    """I-03, S-078: 1 wei less than 1e18 takes a unit of 1 to 0."""
    with ape.reverts(TOO_SMALL):
        dusty.editPositionMultiplier(E18 - 1, sender=module)


@pytest.mark.parametrize("unit", [3, -3])
def test_edit_position_multiplier__at_the_lowest(make_basket, module, addresses, unit):
    """I-03, S-078: an external position bounds it by its size, also a debt."""
    basket = make_basket([E18])
    basket.addExternalPositionModule(addresses[0], addresses[9], sender=module)
    basket.editExternalPositionUnit(addresses[0], addresses[9], unit, sender=module)
    lowest = -(-E18 // 3)
    with ape.reverts(TOO_SMALL):
        basket.editPositionMultiplier(lowest - 1, sender=module)
    basket.editPositionMultiplier(lowest, sender=module)
    assert basket.getExternalPositionRealUnit(addresses[0], addresses[9]) == (1 if unit > 0 else -2)


def test_edit_position_multiplier__after_the_small_unit_grew(dusty, module, addresses):
    """I-08: a floor that stems from a position long gone does not stop fees."""
    dusty.editDefaultPositionUnit(addresses[1], 10, sender=module)
    dusty.editPositionMultiplier(E18 // 10, sender=module)
    assert dusty.getDefaultPositionRealUnit(addresses[1]) == 1
    with ape.reverts(TOO_SMALL):
        dusty.editPositionMultiplier(E18 // 10 - 1, sender=module)


@pytest.mark.parametrize("listed", [True, False])
def test_edit_position_multiplier__after_the_small_unit_went(dusty, module, addresses, listed):
    """I-08: a unit of 0 bounds nothing, whether or not its component is still listed."""
    if listed:
        dusty.editDefaultPositionUnit(addresses[1], 0, sender=module)
    else:
        dusty.editDefaultPosition(addresses[1], 0, sender=module)
    dusty.editPositionMultiplier(1, sender=module)
    assert dusty.getDefaultPositionRealUnit(addresses[0]) == 1


def test_edit_position_multiplier__after_the_external_one_went(single, module, addresses):
    """I-08: a removed external position bounds nothing."""
    token, holder = addresses[:2]
    single.addExternalPositionModule(token, holder, sender=module)
    single.editExternalPositionUnit(token, holder, -1, sender=module)
    with ape.reverts(TOO_SMALL):
        single.editPositionMultiplier(E18 // 2, sender=module)
    single.removeExternalPositionModule(token, holder, sender=module)
    single.editPositionMultiplier(E18 // 2, sender=module)


def test_edit_position_multiplier__a_new_small_unit_bounds(single, module, addresses):
    """I-03: also one that came after the floor had been looked up."""
    single.editPositionMultiplier(E18 // 2, sender=module)
    single.editDefaultPosition(addresses[1], 2, sender=module)
    with ape.reverts(TOO_SMALL):
        single.editPositionMultiplier(E18 // 5, sender=module)
    single.editPositionMultiplier(E18 // 4, sender=module)
    assert single.getDefaultPositionRealUnit(addresses[1]) == 1


@pytest.mark.parametrize("kind", ["default", "external"])
def test_edit_position_multiplier__a_unit_from_before_its_listing_bounds(
    make_basket, module, addresses, kind
):
    """I-03: a unit set before its component or module is listed counts once that is listed."""
    basket = make_basket([E18])
    token, holder = (addresses[1], addresses[9]) if kind == "default" else addresses[:2]
    unit = 2
    if kind == "default":
        basket.editDefaultPositionUnit(token, unit, sender=module)
    else:
        basket.editExternalPositionUnit(token, holder, unit, sender=module)
    # The lowest unit is looked up while the small one is not listed.
    basket.editPositionMultiplier(E18 // 4, sender=module)
    if kind == "default":
        basket.addComponent(token, sender=module)
    else:
        basket.addExternalPositionModule(token, holder, sender=module)
    with ape.reverts(TOO_SMALL):
        basket.editPositionMultiplier(E18 // 8, sender=module)


@pytest.mark.parametrize("unit", [1, 5, E18])
@pytest.mark.parametrize("multiplier", [1, 98 * 10**16])
def test_edit_position_multiplier__without_components(
    make_basket, module, addresses, unit, multiplier
):
    """I-08: an emptied basket bounds nothing but 0; the original fails in a cast."""
    basket = make_basket([unit])
    basket.editDefaultPosition(addresses[0], 0, sender=module)
    basket.editPositionMultiplier(multiplier, sender=module)
    assert basket.positionMultiplier() == multiplier
    with ape.reverts(TOO_SMALL):
        basket.editPositionMultiplier(0, sender=module)


def test_edit_position_multiplier__negative_default_unit__reverts(single, module, addresses):
    """R-01: the reason that the original gives; it goes when the unit is good again."""
    single.editDefaultPositionUnit(addresses[0], -5, sender=module)
    with ape.reverts("SafeCast: value must be positive"):
        single.editPositionMultiplier(E18 // 2, sender=module)
    single.editDefaultPositionUnit(addresses[0], 5, sender=module)
    single.editPositionMultiplier(E18 // 2, sender=module)
    assert single.getDefaultPositionRealUnit(addresses[0]) == 2


def test_edit_position_multiplier__huge_units(make_basket, module):
    """I-03: units above the floor's own range bound it no less correctly."""
    huge = make_basket([2**195])
    huge.editPositionMultiplier(1, sender=module)
    assert huge.getPositions()[0].unit == 2**195 // E18


@pytest.mark.parametrize("function", ["default", "external", "list"])
def test_edit_unit__would_read_as_nothing__reverts(single, module, addresses, function):
    """I-03, S-076: 1 becomes a virtual 1, which reads as 0 at 0.9."""
    single.editPositionMultiplier(9 * E18 // 10, sender=module)
    arguments = {
        "default": ("editDefaultPositionUnit", addresses[0], 1),
        "external": ("editExternalPositionUnit", addresses[0], addresses[9], 1),
        "list": ("editDefaultPosition", addresses[0], 1),
    }
    name, *values = arguments[function]
    with ape.reverts(VANISHES):
        getattr(single, name)(*values, sender=module)


def test_edit_unit__debt_never_vanishes(single, module, addresses):
    """I-03: a debt is rounded away from 0, twice."""
    single.editPositionMultiplier(9 * E18 // 10, sender=module)
    single.editExternalPositionUnit(addresses[0], addresses[9], -1, sender=module)
    assert single.getExternalPositionRealUnit(addresses[0], addresses[9]) == -2


@settings(max_examples=80, deadline=None)
@given(
    real=st.integers(-(10**30), 10**30) | st.integers(-20, 20),
    multiplier=st.integers(1, E18) | st.integers(E18 - 10**6, E18),
    lower=st.integers(0, 10**6),
)
def test_units__round_down_both_ways(basket, puppet, stranger, calls, real, multiplier, lower):
    """I-01, I-03, S-075: written and read back, a unit equals the model, before a fee and after."""
    component = basket.components(0)
    holder = stranger.address
    cut = multiplier * 10**6 // (10**6 + lower)
    steps = [
        ("editPositionMultiplier", multiplier),
        ("editExternalPositionUnit", component, holder, real),
        ("getExternalPositionRealUnit", component, holder),
        ("addExternalPositionModule", component, holder),
        ("editPositionMultiplier", cut),
        ("getExternalPositionRealUnit", component, holder),
        ("positionMultiplier",),
    ]
    outcomes = puppet.attempt.call(calls(basket, steps), sender=stranger)
    numbers = [
        decode(["int256"], outcome.answer)[0] if outcome.success and outcome.answer else None
        for outcome in outcomes
    ]
    lowest = min(basket.getPositionPage(0)[1])
    scale = multiplier if to_real(lowest, multiplier) > 0 else E18
    assert outcomes[0].success == (scale == multiplier)

    virtual = to_virtual(real, scale)
    refused = real > 0 and to_real(virtual, scale) == 0
    assert outcomes[1].success == (not refused)
    virtual = 0 if refused else virtual
    assert numbers[2] == to_real(virtual, scale)
    assert real - 2 <= to_real(virtual, scale) <= real or refused

    bound = min(lowest, abs(virtual) or lowest)
    after = cut if cut <= scale and to_real(bound, cut) > 0 else scale
    assert outcomes[4].success == (cut <= scale and to_real(bound, cut) > 0)
    assert numbers[5] == to_real(virtual, after)
    assert numbers[6] == after
