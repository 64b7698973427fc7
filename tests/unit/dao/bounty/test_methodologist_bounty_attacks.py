"""MethodologistBounty: what somebody may try, and what he gets (R-24, I-27)."""

from fractions import Fraction

import pytest
from ape import chain, reverts
from bounty_house import (
    DAY_S,
    E18,
    MONTH_S,
    SHARE,
    SUPPLY,
    TOTAL,
    WETH_POOLED,
    create_pool,
    swap,
    undone,
)
from bounty_mirror import MOST_VALUE

from indexkit.localnet import addresses, deal

BLOCK_S = 12
MOST_INDICES = 24
ACCRUAL_RESERVE = 10**6 * 64 // 63 + 10_000
"""What must be left when an index accrues {gas}."""


def value_at(house, time, place=0):
    """Return what a counting at a time would credit {WETH}, and undo it."""
    with undone():
        receipt = house.at(time, house.bounty.count, house.sets[place])
        (counted,) = receipt.events.filter(house.bounty.FeesCounted)
        return counted.value


# ---------------------------------------------------------------- fees


def test_flash_supply__costs_what_it_earns(house, protocol):
    """R-24: ten times the supply for one block makes ten times the fee, and its issuer pays it.

    S-281.
    """
    first, author, now = house.sets[0], house.authors[2], house.begin + 20 * DAY_S
    house.register(house.begin, 0)
    plain = value_at(house, now)
    components = first.getComponents()
    protocol.issuance.issue(first, 3 * SUPPLY, author, sender=house.issuer)
    protocol.issuance.issue(first, 6 * SUPPLY, author, sender=house.issuer)
    units = [first.getDefaultPositionRealUnit(one) for one in components]
    held = first.balanceOf(author)
    house.at(now, house.bounty.count, first)
    value = house.bounty.getMonth(0).value
    assert abs(Fraction(value, 10 * plain) - 1) < Fraction(1, 1_000)
    extra = (house.bounty.contributed(first) * E18 // SHARE) * 9 // 10
    for unit, component in zip(units, components, strict=True):
        after = first.getDefaultPositionRealUnit(component)
        lost, minted_extra = held * (unit - after), extra * after
        assert lost > minted_extra * 99 // 100


def test_donations__change_nothing(house):
    """R-24, S-289: SetTokens for the collector or the bounty are no fees; INDEX is nobody's."""
    first = house.sets[0]
    house.register(house.begin, 0)
    now = house.begin + 5 * DAY_S
    plain = value_at(house, now)
    for receiver in (house.collector, house.bounty):
        first.transfer(receiver, 50 * E18, sender=house.authors[2])
    house.index.transfer(house.bounty, 1_000 * E18, sender=house.treasury)
    assert value_at(house, now) == plain
    house.at(house.end(0), house.bounty.settle)
    assert house.bounty.getMonth(0).tranche == TOTAL // 18


def test_donated_index__goes_on_to_the_treasury(house):
    """R-24: nothing is stuck: neither what came before the end nor what comes after it."""
    house.register(house.begin, 0)
    house.index.transfer(house.bounty, 7, sender=house.treasury)
    receipt = house.at(house.end(17), house.bounty.settle)
    (paid,) = receipt.events.filter(house.bounty.RemainderPaid)
    assert paid.amount == 7
    house.bounty.claim(0, house.authors[0], sender=house.stranger)
    house.index.transfer(house.bounty, 8, sender=house.treasury)
    receipt = house.bounty.settle(sender=house.stranger)
    assert receipt.return_value == 0
    (paid,) = receipt.events.filter(house.bounty.RemainderPaid)
    assert paid.amount == 8
    assert house.index.balanceOf(house.bounty) == TOTAL - TOTAL // 18


def test_strangers_accrual__loses_no_fees(house):
    """R-24, S-282: accruing just before, or in between, counts what a counting would have."""
    house.register(house.begin, 0)
    now = house.begin + 10 * DAY_S
    plain = value_at(house, now)
    house.at(now - 1, house.fees.accrueFee, house.sets[0])
    assert abs(Fraction(value_at(house, now), plain) - 1) < Fraction(1, 10**6)


def test_counting_often__loses_what_compounding_loses(house):
    """R-24: every three hours of a day instead of once: two parts in 100,000, no more."""
    house.register(house.begin, 0)
    end = house.begin + DAY_S
    plain = value_at(house, end)
    for part in range(1, 9):
        house.at(house.begin + part * DAY_S // 8, house.bounty.count, house.sets[0])
    value = house.bounty.getMonth(0).value
    assert 0 <= plain - value <= plain * 2 // 100_000


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize("times", [2, 30])
def test_price_up_for_a_block__is_worth_a_block(house, times):
    """R-24, S-288: at 4 and some 900 times the price, a block's part of the time and no more.

    The arithmetic mean would have grown with the height: by 8 % of a day's fees, and by 1,240 %.
    """
    house.register(house.begin, 0)
    now = house.begin + DAY_S
    plain = value_at(house, now)
    spent = (times - 1) * WETH_POOLED[0]
    swap(house, 0, spent, sets=False, time=now - 100 * BLOCK_S)
    moved = value_at(house, now)
    most = Fraction(DAY_S, DAY_S - 100 * BLOCK_S)
    assert 1 < Fraction(moved, plain) < most
    arithmetic = 1 + Fraction(100 * BLOCK_S, DAY_S) * (times**2 - 1)
    assert arithmetic > Fraction(moved, plain) + Fraction(1, 50)


def test_price_down_for_a_block__costs_in_proportion(house):
    """R-24: the other way a rival's fees are worth less, by how far and how long he holds it."""
    house.register(house.begin, 0)
    now = house.begin + DAY_S
    plain = value_at(house, now)
    swap(house, 0, 200 * E18, sets=True, time=now - BLOCK_S)
    moved = value_at(house, now)
    expected = 1 / (1 + Fraction(BLOCK_S, DAY_S) * 8)
    assert abs(Fraction(moved, plain) - expected) < Fraction(1, 10**5)


def test_price_moved_inside_a_block__changes_nothing(house):
    """R-24: what happens within a block has no duration, in either direction."""
    house.register(house.begin, 0)
    now = house.begin + DAY_S
    plain = value_at(house, now)
    for sets, sold in ((False, 100 * E18), (True, 200 * E18)):
        with undone():
            swap(house, 0, sold, sets=sets, time=now)
            chain.provider.make_request("evm_setNextBlockTimestamp", [now + 1])
            receipt = house.bounty.count(house.sets[0], sender=house.stranger)
            (counted,) = receipt.events.filter(house.bounty.FeesCounted)
            # One second at the moved price, of 86,401.
            assert abs(Fraction(counted.value, plain) - 1) < Fraction(1, 1_000)


def test_absurd_price__is_cut_off(house):
    """R-24: a price that no number holds blocks neither counting, settling nor paying."""
    index = house.make_index(0)
    pool = create_pool(index, house.issuer, 0)
    index.transfer(pool, 1, sender=house.issuer)
    deal(addresses.WETH, pool, 10**23)
    pool.mint(house.issuer, sender=house.issuer)
    arguments = (index, house.authors[0], SHARE)
    house.at(house.begin, house.bounty.register, *arguments, by=house.owner)
    for days in (20, 25):
        house.at(house.begin + days * DAY_S, house.bounty.count, index)
        assert house.bounty.getMonth(0).value == MOST_VALUE
    house.at(house.end(0), house.bounty.settle)
    house.bounty.claim(0, house.authors[0], sender=house.stranger)
    assert house.index.balanceOf(house.authors[0]) == TOTAL // 18


# ---------------------------------------------------------------- gas


def test_little_gas__never_skips_the_accrual(house):
    """R-24, S-290: with whatever gas, a counting fails as a whole or takes the fee along."""
    house.register(house.begin, 0)
    now = house.begin + DAY_S
    plain = value_at(house, now)
    for gas, reason in ((60_000, None), (100_000, "Not enough gas"), (10**6, "Not enough gas")):
        with undone(), reverts(reason):
            chain.pending_timestamp = now
            house.bounty.count(house.sets[0], gas_limit=gas, sender=house.stranger)
    chain.pending_timestamp = now
    house.bounty.count(house.sets[0], gas_limit=1_100_000, sender=house.stranger)
    assert house.bounty.getMonth(0).value == plain
    assert house.bounty.getEntry(house.sets[0]).stuck == 0


def test_settle__never_counted__fits_into_a_transaction(house):
    """R-24: 18 months of as many indices as there can be, each with an author of its own.

    A transaction may take 2^24 gas (EIP-7825), of which the last accrual must find its part. Whose
    indices were counted one by one before settles for a fraction of it.
    """
    at_once, counted = [], []
    for place in range(2):
        house.register(house.begin - 2 + place, place)
        with undone():
            at_once.append(house.at(house.end(17), house.bounty.settle).gas_used)
        with undone():
            for number in range(place + 1):
                house.at(house.end(17) + number, house.bounty.count, house.sets[number])
            counted.append(house.at(house.end(17) + 12, house.bounty.settle).gas_used)

    whole = at_once[0] + (MOST_INDICES - 1) * (at_once[1] - at_once[0])
    assert whole + ACCRUAL_RESERVE < 2**24
    assert counted[0] + (MOST_INDICES - 1) * (counted[1] - counted[0]) < whole // 3


# ---------------------------------------------------------------- payments


def test_treasury_that_cannot_be_paid__blocks_nobody(house, make_bounty, mock, treasury):
    """R-24: months are settled and methodologists paid; the rest waits for a later call."""
    odd = house.owner.deploy(mock("OddToken"), 18, TOTAL)
    begin = chain.pending_timestamp + DAY_S
    bounty = make_bounty(begin, token=odd, funded=False)
    odd.transfer(bounty, TOTAL, sender=house.owner)
    house.at(begin, bounty.register, house.sets[0], house.authors[0], SHARE, by=house.owner)
    house.at(begin + MONTH_S, bounty.retire, house.sets[0], by=house.owner)
    odd.refuse(treasury, sender=house.owner)
    receipt = house.at(begin + 18 * MONTH_S, bounty.settle)
    assert receipt.return_value == 18
    rest = TOTAL - TOTAL // 18
    assert (bounty.carried(), odd.balanceOf(bounty)) == (rest, TOTAL)
    bounty.claim(0, house.authors[0], sender=house.stranger)
    odd.refuse("0x" + "00" * 20, sender=house.owner)
    for habit in ("moves nothing", "takes a fee"):
        odd.adopt(habit, sender=house.owner)
        with undone():
            receipt = bounty.settle(sender=house.stranger)
            paid = receipt.events.filter(bounty.RemainderPaid)
            assert len(paid) == (habit == "takes a fee")
    odd.adopt("", sender=house.owner)
    bounty.settle(sender=house.stranger)
    assert (bounty.carried(), odd.balanceOf(treasury)) == (0, rest)


def test_unpaid_bounty__settles_and_pays_when_it_can(house, make_bounty):
    """R-24: it owes what it has not got, and pays the treasury nothing of it."""
    begin = chain.pending_timestamp + DAY_S
    bounty = make_bounty(begin, funded=False)
    house.at(begin, bounty.register, house.sets[0], house.authors[0], SHARE, by=house.owner)
    house.index.transfer(bounty, TOTAL // 2, sender=house.treasury)
    receipt = house.at(begin + 18 * MONTH_S, bounty.settle)
    assert receipt.return_value == 18
    assert not receipt.events.filter(bounty.RemainderPaid)
    for month in range(9):
        bounty.claim(month, house.authors[0], sender=house.stranger)
    with reverts():
        bounty.claim(9, house.authors[0], sender=house.stranger)
    house.index.transfer(bounty, TOTAL - TOTAL // 2, sender=house.treasury)
    for month in range(9, 18):
        bounty.claim(month, house.authors[0], sender=house.stranger)
    assert house.index.balanceOf(house.authors[0]) == TOTAL
