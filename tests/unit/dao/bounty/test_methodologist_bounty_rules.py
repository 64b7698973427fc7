"""MethodologistBounty: the stated rules about months, changes and what is left over (R-24)."""

from fractions import Fraction
from itertools import permutations

import pytest
from ape import chain
from bounty_house import (
    DAY_S,
    E18,
    MONTH_S,
    SHARE,
    TOTAL,
    WETH_POOLED,
    create_pool,
    fill_pool,
    minted,
    undone,
)

from indexkit.economics.bounty_model import paid_in_turn

OWN = TOTAL // 18


def pay_all(house):
    """Have every author and the treasury paid all that is settled; return what each has."""
    for month in range(house.bounty.settledMonths()):
        for who in (*house.authors, house.treasury):
            if house.bounty.claimable(month, who):
                house.bounty.claim(month, who, sender=house.stranger)
    return [house.index.balanceOf(who) for who in house.authors]


@pytest.fixture
def values(house):
    """Return a function that gives a month's values of the authors."""

    def of(month):
        return [house.bounty.valueOf(month, author) for author in house.authors]

    return of


# ---------------------------------------------------------------- when it counts


def test_count__before_the_begin__is_nothing(house, values):
    """R-24, S-284: it accrues and contributes; no month has it."""
    house.register(house.begin - 5 * DAY_S, 0)
    receipt = house.at(house.begin, house.bounty.count, house.sets[0])
    (counted,) = receipt.events.filter(house.bounty.FeesCounted)
    assert counted.fees > 0 == counted.value
    assert values(0) == [0, 0, 0]
    assert house.bounty.contributed(house.sets[0]) == counted.fees * SHARE // E18


def test_count__over_the_begin__counts_what_is_after(house, values):
    """R-24: a quarter of the time after the begin, a quarter of the value."""
    house.register(house.begin - 6 * DAY_S, 0)
    before = house.price_time(0)
    house.at(house.begin + 2 * DAY_S, house.bounty.count, house.sets[0])
    entry = house.bounty.getEntry(house.sets[0])
    fees = house.bounty.contributed(house.sets[0])
    whole = (fees * 8 * DAY_S << 112) // (house.price_time(0) - before)
    assert values(0)[0] == whole - whole * 6 // 8
    assert entry.counted == house.begin + 2 * DAY_S


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_count__at_a_boundary(house, values, offset):
    """R-24, S-283: to the second, and the parts make up the whole."""
    house.register(house.begin, 0)
    receipt = house.at(house.end(0) + offset, house.bounty.count, house.sets[0])
    (counted,) = receipt.events.filter(house.bounty.FeesCounted)
    second = counted.value - counted.value * MONTH_S // max(MONTH_S, MONTH_S + offset)
    assert (values(0)[0], values(1)[0]) == (counted.value - second, second)
    assert bool(second) == (offset > 0)
    receipt = house.at(house.end(0) + offset + 1, house.bounty.settle)
    assert receipt.return_value == 1
    (last,) = receipt.events.filter(house.bounty.FeesCounted)
    assert values(0)[0] + values(1)[0] == counted.value + last.value


def test_count__over_the_end__counts_what_is_before(house, values):
    """R-24: what comes after the last month is nobody's."""
    house.register(house.end(17) - DAY_S, 0)
    receipt = house.at(house.end(17) + 3 * DAY_S, house.bounty.settle)
    (counted,) = receipt.events.filter(house.bounty.FeesCounted)
    assert receipt.return_value == 18
    assert values(17)[0] == counted.value > 0
    whole = house.bounty.contributed(house.sets[0]) // 10
    assert abs(values(17)[0] - whole // 4) <= 1
    house.bounty.claim(17, house.authors[0], sender=house.stranger)
    assert house.index.balanceOf(house.authors[0]) == TOTAL
    house.at(house.end(17) + 9 * DAY_S, house.bounty.count, house.sets[0])
    assert house.bounty.getMonth(17).value == counted.value


def test_register__late__earns_nothing_before(house, values):
    """R-24, S-280: the first two months are the other one's alone, the third is shared."""
    house.register(house.begin, 0)
    house.register(house.end(1), 1)
    house.at(house.end(2), house.bounty.settle)
    assert [values(month)[1] > 0 for month in range(3)] == [False, False, True]
    house.bounty.claim(0, house.authors[0], sender=house.stranger)
    house.bounty.claim(1, house.authors[0], sender=house.stranger)
    assert house.index.balanceOf(house.authors[0]) == TOTAL * 2 // 18
    assert 0 < house.bounty.claimable(2, house.authors[0]) < OWN // 2


# ---------------------------------------------------------------- months without fees


def test_settle__months_without_fees__leave_it_to_the_next(house, values):
    """R-24: two empty months, then three tranches at once."""
    house.fees.updateStreamingFee(house.sets[0], 0, sender=house.manager)
    house.register(house.begin, 0)
    receipt = house.at(house.end(1), house.bounty.settle)
    settled = receipt.events.filter(house.bounty.MonthSettled)
    assert [(log.month, log.tranche, log.value) for log in settled] == [(0, 0, 0), (1, 0, 0)]
    assert house.bounty.carried() == house.bounty.trancheOf(0) + house.bounty.trancheOf(1)
    house.fees.updateStreamingFee(house.sets[0], 10**16, sender=house.manager)
    house.at(house.end(2), house.bounty.settle)
    assert house.bounty.carried() == 0
    assert house.bounty.getMonth(2).tranche == TOTAL * 3 // 18
    assert house.bounty.claimable(2, house.authors[0]) == TOTAL * 3 // 18


def test_settle__last_months_without_fees__go_to_the_treasury(house):
    """R-24, S-286: what nobody earned; 750,000 are paid in all."""
    house.register(house.begin, 0)
    house.at(house.end(3), house.bounty.retire, house.sets[0], by=house.owner)
    held = house.index.balanceOf(house.treasury)
    receipt = house.at(house.end(17), house.bounty.settle)
    rest = TOTAL - TOTAL * 4 // 18
    assert receipt.return_value == 18
    (paid,) = receipt.events.filter(house.bounty.RemainderPaid)
    assert (paid.treasury, paid.amount) == (house.treasury, rest)
    assert house.index.balanceOf(house.treasury) == held + rest
    assert house.bounty.carried() == 0
    assert sum(pay_all(house)) == TOTAL - rest
    assert house.index.balanceOf(house.bounty) == 0
    again = house.bounty.settle(sender=house.stranger)
    assert (again.return_value, again.events) == (0, [])


def test_settle__nothing_registered__all_to_the_treasury(house):
    """R-24: nobody came; one call pays 750,000."""
    held = house.index.balanceOf(house.treasury)
    assert house.at(house.end(17), house.bounty.settle).return_value == 18
    assert house.index.balanceOf(house.treasury) == held + TOTAL


# ---------------------------------------------------------------- changes


def test_set_methodologist__in_the_middle_of_a_month(house, values):
    """R-24, S-285: each has what was counted in his time; nothing moves afterwards."""
    house.register(house.begin, 0)
    middle = house.begin + MONTH_S // 3
    new = (house.sets[0], house.authors[2])
    house.at(middle, house.bounty.setMethodologist, *new, by=house.owner)
    old_value = values(0)[0]
    house.at(house.end(0), house.bounty.settle)
    first, _, third = values(0)
    assert first == old_value
    assert abs(Fraction(third, first) - 2) < Fraction(1, 500)
    assert sum(pay_all(house)) == house.bounty.trancheOf(0)


def test_retire__the_gap_counts_nothing(house, values):
    """R-24: fees that accrued or fell due between the two entries are nobody's."""
    bounty, first = house.bounty, house.sets[0]
    house.register(house.begin, 0)
    house.at(house.begin + DAY_S, bounty.retire, first, by=house.owner)
    counted = values(0)[0]
    house.at(house.begin + 11 * DAY_S, house.fees.accrueFee, first)
    assert bounty.contributed(first) == 0
    house.register(house.begin + 20 * DAY_S, 0)
    assert (bounty.contributed(first), values(0)[0]) == (0, counted)
    house.at(house.begin + 21 * DAY_S, bounty.count, first)
    assert abs(Fraction(values(0)[0], counted) - 2) < Fraction(1, 1000)


def test_set_share__in_the_middle_of_a_month(house, values):
    """R-24: each time by the share of that time, in value and in what was contributed."""
    bounty, first = house.bounty, house.sets[0]
    house.register(house.begin, 0, share=E18)
    receipt = house.at(house.begin + DAY_S, bounty.setShare, first, E18 // 4, by=house.owner)
    (before,) = receipt.events.filter(bounty.FeesCounted)
    receipt = house.at(house.begin + 2 * DAY_S, bounty.count, first)
    (after,) = receipt.events.filter(bounty.FeesCounted)
    assert abs(Fraction(after.value, before.value) - Fraction(1, 4)) < Fraction(1, 1000)
    assert bounty.contributed(first) == (before.fees * E18 + after.fees * (E18 // 4)) // E18


def test_set_share__to_nothing__is_a_month_without_fees(house):
    """R-24: an index may forfeit, as the methodologist of MVI did."""
    house.register(house.begin, 0, share=0)
    house.at(house.end(0), house.bounty.settle)
    assert house.bounty.getMonth(0).value == 0
    assert house.bounty.carried() == OWN


# ---------------------------------------------------------------- long pauses, and claims


def test_settle__all_months_at_once(house, values):
    """R-24: after 18 months and two years' rest, one call, and each month has its own shares."""
    house.register_both()
    house.at(house.begin + 4 * MONTH_S, house.bounty.count, house.sets[0])
    receipt = house.at(house.end(17) + 700 * DAY_S, house.bounty.settle)
    assert receipt.return_value == 18
    for month in (0, 3, 4, 17):
        of_month = values(month)
        assert min(of_month[:2]) > 0
        left = house.bounty.getMonth(month)
        assert (left.value, left.trancheLeft) == (sum(of_month), house.bounty.trancheOf(month))
    assert house.index.balanceOf(house.bounty) == TOTAL
    assert receipt.gas_used < 3_000_000


def test_claim__in_every_order(house, values):
    """R-24, S-287: the tranche is paid to the base unit, whoever comes first; later months too."""
    house.register_both()
    middle = house.begin + MONTH_S // 2
    new = (house.sets[1], house.authors[2])
    house.at(middle, house.bounty.setMethodologist, *new, by=house.owner)
    house.at(house.end(1), house.bounty.settle)
    tranche, of_month = house.bounty.trancheOf(0), values(0)
    for order in permutations(range(3)):
        with undone():
            due = paid_in_turn(tranche, [of_month[place] for place in order])
            for place, amount in zip(order, due, strict=True):
                receipt = house.bounty.claim(0, house.authors[place], sender=house.stranger)
                assert receipt.return_value == amount
            assert sum(due) == tranche == TOTAL - house.index.balanceOf(house.bounty)
            assert house.bounty.getMonth(0).trancheLeft == 0


# ---------------------------------------------------------------- pools, and what is contributed


def test_count__pool_without_liquidity__is_worth_nothing(house, values):
    """R-24: until somebody fills the pool and it is counted; fees are contributed all the same."""
    index = house.make_index(0)
    pool = create_pool(index, house.issuer, 0)
    arguments = (index, house.authors[0], SHARE)
    house.at(house.begin, house.bounty.register, *arguments, by=house.owner)
    house.at(house.begin + DAY_S, house.bounty.count, index)
    fill_pool(pool, index, house.issuer, WETH_POOLED[0])
    house.at(house.begin + 2 * DAY_S, house.bounty.count, index)
    assert values(0)[0] == 0 < house.bounty.contributed(index)
    receipt = house.at(house.begin + 3 * DAY_S, house.bounty.count, index)
    (counted,) = receipt.events.filter(house.bounty.FeesCounted)
    assert values(0)[0] == counted.value == counted.fees * SHARE // E18 // 10


@pytest.mark.parametrize("protocol_share", [0, 10**17 + 1])
def test_contributed__up_to_this_block(house, protocol, owner, protocol_share):
    """R-24: counted, accrued and due make one number, whichever of them it is."""
    bounty, first = house.bounty, house.sets[0]
    if protocol_share:
        protocol.controller.addFee(house.fees, 0, protocol_share, sender=owner)
    house.register(house.begin, 0)
    registered = house.fees.accruedFees(first)
    house.at(house.begin + DAY_S, bounty.count, first)
    house.at(house.begin + 2 * DAY_S, house.fees.accrueFee, first)
    supply, now = first.totalSupply(), house.begin + 9 * DAY_S
    found = set()
    for act in (None, house.fees.accrueFee, bounty.count):
        with undone():
            if act:
                house.at(now, act, first)
            else:
                chain.mine(timestamp=now)
            found.add(bounty.contributed(first))
    due = minted(7 * DAY_S, supply)
    due -= due * protocol_share // E18
    assert found == {(house.fees.accruedFees(first) - registered + due) * SHARE // E18}


def test_contributed__nothing_registered(house):
    """R-24: nobody contributes unasked."""
    assert house.bounty.contributed(house.sets[0]) == house.bounty.contributed(house.index) == 0
