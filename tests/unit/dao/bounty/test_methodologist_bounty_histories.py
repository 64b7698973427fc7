"""MethodologistBounty: random histories on the chain against mirror and exact model (I-27)."""

from collections import Counter
from random import Random

import pytest
from ape import chain
from bounty_house import DAY_S, E18, MONTH_S, SHARE, TOTAL, swap

from indexkit.economics.bounty_model import month_values, part_error, payment_error

STEPS = 35
KINDS = (
    *["count"] * 5,
    *["issue", "redeem", "accrue", "swap", "settle", "claim"] * 2,
    *("set methodologist", "set share", "retire", "fee"),
)
EVENTS = ("FeesCounted", "MonthSettled", "BountyPaid", "RemainderPaid")


class Play:
    """A history, told to the mirror as the chain lives it."""

    def __init__(self, house, issuance, seed):
        self.house, self.issuance = house, issuance
        self.random, self.mirror = Random(seed), house.mirror()
        self.price_time = [0, 0]
        self.seen = Counter()
        self.held = house.index.balanceOf(house.treasury)
        for place in range(2):
            self.register(place, house.begin - (2 - place) * DAY_S)

    @property
    def later(self):
        """A time up to 25 days later {s}, often a month's end."""
        wait = self.random.choice(
            [1, 12, 3_600, DAY_S, 5 * DAY_S, self.random.randrange(25 * DAY_S)]
        )
        now = chain.blocks.head.timestamp
        month = (now - self.house.begin) // MONTH_S
        end = self.house.end(month) + self.random.choice([-1, 0, 1])
        return end if now < end < now + wait + DAY_S else now + wait

    def register(self, place, time):
        """Register an index for a random author."""
        house, who = self.house, self.random.choice(self.house.authors)
        share = self.random.choice([SHARE, E18, 1])
        house.at(time, house.bounty.register, house.sets[place], who, share, by=house.owner)
        accrued = house.fees.accruedFees(house.sets[place])
        self.mirror.register(place, who, share, time, accrued)
        self.price_time[place] = house.price_time(place)

    def bounty(self, time, name, *arguments, by=None):
        """Call the bounty, and have the mirror count what it says it counted."""
        house = self.house
        receipt = house.at(time, getattr(house.bounty, name), *arguments, by=by)
        for log in receipt.events.filter(house.bounty.FeesCounted):
            place = house.sets.index(log.setToken)
            summed = house.price_time(place)
            accrued = house.fees.accruedFees(log.setToken)
            added = summed - self.price_time[place]
            assert log.value == self.mirror.count(place, receipt.timestamp, accrued, added)
            assert log.methodologist == self.mirror.entries[place].methodologist
            self.price_time[place] = summed
        for log in receipt.events:
            self.seen[log.event_name] += log.event_name in EVENTS
        return receipt

    def settle(self, time):
        """Settle, and compare what every month shares."""
        first = self.mirror.settled
        receipt = self.bounty(time, "settle")
        assert receipt.return_value == self.mirror.settle(receipt.timestamp)
        told = receipt.events.filter(self.house.bounty.MonthSettled)
        assert [(log.month, log.tranche) for log in told] == [
            (month, self.mirror.tranches[month]) for month in range(first, self.mirror.settled)
        ]

    def claim(self, *, everything=False):
        """Pay some of what is due, or all of it in a random order."""
        due = [(m, who) for m in range(self.mirror.settled) for who in self.mirror.claimants(m)]
        self.random.shuffle(due)
        for month, who in due if everything else due[:2]:
            receipt = self.bounty(chain.pending_timestamp, "claim", month, who)
            assert receipt.return_value == self.mirror.claim(month, who)

    def step(self):
        """Take one step."""
        house, kind, place = self.house, self.random.choice(KINDS), self.random.randrange(2)
        index, time = house.sets[place], self.later
        if kind == "settle":
            self.settle(time)
        elif kind == "claim":
            self.claim()
        elif kind in ("issue", "redeem"):
            arguments = (index, self.random.randrange(1, 100 * E18), house.issuer)
            house.at(time, getattr(self.issuance, kind), *arguments, by=house.issuer)
        elif kind == "accrue":
            house.at(time, house.fees.accrueFee, index)
        elif kind == "fee":
            fee = self.random.choice([0, 10**16, 5 * 10**16])
            house.at(time, house.fees.updateStreamingFee, index, fee, by=house.manager)
        elif kind == "swap":
            sets = self.random.random() < 0.5
            swap(house, place, self.random.randrange(1, E18), sets=sets, time=time)
        elif place not in self.mirror.entries:
            self.register(place, time)
        else:
            self.change(kind, place, time)

    def change(self, kind, place, time):
        """Count an index, or have the owner change or retire it."""
        index, entry = self.house.sets[place], self.mirror.entries[place]
        if kind == "count":
            self.bounty(time, "count", index)
        elif kind == "retire":
            self.bounty(time, "retire", index, by=self.house.owner)
            del self.mirror.entries[place]
        elif kind == "set share":
            share = self.random.randrange(E18 + 1)
            self.bounty(time, "setShare", index, share, by=self.house.owner)
            entry.share = share
        else:
            who = self.random.choice(self.house.authors)
            self.bounty(time, "setMethodologist", index, who, by=self.house.owner)
            entry.methodologist = who
        if place in self.mirror.entries:
            assert self.house.bounty.contributed(index) == entry.contributed // E18


@pytest.mark.parametrize("seed", range(2))
def test_history__pays_all_and_each_his_part(house, protocol, seed):
    """I-27: 750,000 to the base unit, and nobody further from the rational share than proved.

    S-293.
    """
    play = Play(house, protocol.issuance, seed)
    for _ in range(STEPS):
        play.step()
    play.settle(max(house.end(17), chain.pending_timestamp) + DAY_S)
    play.claim(everything=True)
    mirror, exact = play.mirror, month_values(house.program, play.mirror.countings)
    paid = sum(sum(of_month.values()) for of_month in mirror.paid.values())
    assert paid == sum(house.index.balanceOf(author) for author in house.authors)
    rest = house.index.balanceOf(house.treasury) - play.held
    assert (paid + rest, rest) == (TOTAL, mirror.carried)
    assert house.index.balanceOf(house.bounty) == mirror.owed == 0
    for month, of_month in mirror.paid.items():
        tranche, counted = mirror.tranches[month], sum(mirror.values[month].values())
        error = part_error(house.program, month, mirror.countings)
        for place, (who, amount) in enumerate(of_month.items()):
            due = tranche * exact[month][who] / sum(exact[month].values())
            assert abs(amount - due) < payment_error(tranche, counted, error, place)
    assert play.seen["FeesCounted"] > 10
    assert play.seen["BountyPaid"] > 3
