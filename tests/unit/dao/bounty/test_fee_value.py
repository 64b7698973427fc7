"""fee_value: what fees are worth at any numbers, and when the pool's clock starts again (R-24)."""

import pytest
from bounty_house import DAY_S, E18, SHARE
from bounty_mirror import MOST_FEES, MOST_TIME, MOST_VALUE, value_of
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

ALL = 2**256
WORD = st.integers(0, ALL - 1)


@pytest.fixture(scope="module")
def fee_value(house, mock):
    """Deploy a contract that tells what fees are worth."""
    return house.owner.deploy(mock("FeeValue"))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fees=st.integers(0, 2**112) | WORD,
    elapsed=st.integers(1, 2**36),
    before=WORD,
    added=st.integers(1, 2**160) | WORD,
)
@example(fees=E18, elapsed=DAY_S, before=ALL - 5, added=10 * DAY_S << 112)
@example(fees=MOST_FEES, elapsed=MOST_TIME, before=0, added=1)
@example(fees=ALL - 1, elapsed=ALL - 1, before=0, added=ALL - 1)
@example(fees=1, elapsed=1, before=7, added=0)
def test_value__any_numbers(fee_value, fees, elapsed, before, added):
    """R-24: as the mirror, over the end of 2^256 too; nothing overflows, nothing divides by 0."""
    now = (before + added) % ALL
    value = fee_value.value(fees, elapsed, (before, True), (now, True))
    assert value == value_of(fees, E18, elapsed, added) <= MOST_VALUE


@pytest.mark.parametrize("liquid", [(False, True), (True, False), (False, False)])
def test_value__no_liquidity(fee_value, liquid):
    """R-24: nothing, whenever it was missing."""
    before, now = liquid
    assert fee_value.value(E18, DAY_S, (0, before), (10**40, now)) == 0


def test_count__over_the_end_of_the_pools_clock(house, make_bounty):
    """R-24: a pair keeps 32 bits of the time, which start again in the year 2106."""
    begin = 2**32 - 1_000
    bounty = make_bounty(begin, funded=False)
    first, arguments = house.sets[0], (house.authors[0], SHARE)
    house.at(begin, bounty.register, first, *arguments, by=house.owner)
    receipt = house.at(2**32 + DAY_S, bounty.count, first)
    (counted,) = receipt.events.filter(bounty.FeesCounted)
    assert counted.value == counted.fees * SHARE // E18 // 10 > 0
    house.pools[0].sync(sender=house.stranger)
    receipt = house.at(2**32 + 2 * DAY_S, bounty.count, first)
    (counted,) = receipt.events.filter(bounty.FeesCounted)
    assert counted.value == counted.fees * SHARE // E18 // 10 > 0
