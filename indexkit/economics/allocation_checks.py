"""What must add up in the allocation of INDEX before anything is made of it.

Each check refuses with one sentence that says what is wrong, where, and what to do.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from indexkit.economics.allocation_model import (
    BOUNTY,
    BUCKETS,
    DAY_S,
    DEFI_PULSE,
    MINING,
    SET_LABS,
    TREASURY,
    Allocation,
)
from indexkit.economics.schedule import months_after, share_of_supply
from indexkit.errors import IndexkitError

SUPPLY = 10_000_000 * 10**18
DECIMALS = 18
OVER_YEARS = (TREASURY, SET_LABS, DEFI_PULSE)
"""Buckets that vest by the published table of three years."""


def check(allocation: Allocation, where: str) -> None:
    """Refuse an allocation that does not add up.

    Parameters
    ----------
    allocation
        All fields are of their kinds.
    where
        Opens each complaint: the file's name.

    Raises
    ------
    IndexkitError
        A figure is at odds with another one.
    """
    for rule in (_supply, _contracts, _vesting, _mining, _bounty, _tables):
        for complaint in rule(allocation):
            raise IndexkitError(f"{where}: {complaint}: correct it.")


def _supply(a: Allocation) -> Iterator[str]:
    """Ten million, all of it given to somebody, once."""
    if (a.token.total_supply, a.token.decimals) != (SUPPLY, DECIMALS):
        yield f"total_supply and decimals are not {SUPPLY} and {DECIMALS}, which INDEX has"
    keys = [bucket.key for bucket in a.buckets]
    if sorted(keys) != sorted(BUCKETS):
        yield f"buckets are {', '.join(sorted(keys))}, not each of {', '.join(BUCKETS)} once"
    for bucket in a.buckets:
        name, share = f"amount of {bucket.key}", Fraction(bucket.percent) * SUPPLY / 100
        yield from _unequal(name, bucket.amount, f"{bucket.percent} % of the supply", share)
        vesting = [one.amount for one in a.vesting if one.bucket == bucket.key]
        at_once = [one.amount for one in a.transfers if one.bucket == bucket.key]
        if (len(vesting) > 0, len(at_once)) != (bucket.vested, int(not bucket.vested)):
            yield f"{bucket.key} vests and has a transfer, or neither, or has several transfers"
        paid = sum(vesting) + sum(at_once)
        yield from _unequal(name, bucket.amount, "the sum of what was paid for it", paid)
    total = sum(bucket.amount for bucket in a.buckets)
    yield from _unequal("total_supply", a.token.total_supply, "the sum of the buckets", total)


def _contracts(a: Allocation) -> Iterator[str]:
    """No contract and no transaction comes twice."""
    transactions = [a.token.deployment, *(one.deployment for one in a.vesting)]
    transactions += [one.funding for one in a.vesting if one.funding]
    transactions += [one.funding for one in a.transfers]
    yield from _twice("transaction", (one.hash for one in transactions))
    contracts = [a.token.address, a.mining.contract, *(one.contract for one in a.vesting)]
    contracts += [one.contract for one in a.programs if one.contract]
    yield from _twice("contract", contracts)


def _vesting(a: Allocation) -> Iterator[str]:
    """Contracts of a bucket follow one another, for one recipient."""
    for key in (bucket.key for bucket in a.buckets if bucket.vested):
        line = [one for one in a.vesting if one.bucket == key]
        for one in line:
            if not one.begin == one.cliff < one.end:
                yield f"{one.name} does not vest from its begin, which is its cliff, to its end"
        for one, after in pairwise(line):
            name = f"begin of {after.name}"
            yield from _unequal(name, after.begin, f"the end of {one.name}", one.end)
            if (one.recipient, one.recipient_name) != (after.recipient, after.recipient_name):
                yield f"{one.name} and {after.name} have different recipients"


def _mining(a: Allocation) -> Iterator[str]:
    """Each programme pays its days, the first one its bucket."""
    mining = a.mining
    funded = [one for one in a.transfers if one.bucket == MINING]
    bucket = a.bucket(MINING).amount
    yield from _unequal("amount of the mining", mining.amount, "its bucket", bucket)
    if [one.recipient for one in funded] != [mining.contract]:
        yield "the transfer for liquidity-mining does not go to the mining's contract"
    days = mining.days * mining.per_day
    yield from _unequal("amount of the mining", mining.amount, "the sum of its days", days)
    rate = mining.amount // (mining.days * DAY_S) if mining.days else 0
    yield from _unequal("rate of the mining", mining.rate, "the amount over the duration", rate)
    for place, program in enumerate(a.programs):
        name = f"program {program.number}"
        yield from _unequal(f"number of {name}", program.number, "its place", place + 2)
        days = program.days * program.per_day
        yield from _unequal(f"amount of {name}", program.amount, "the sum of its days", days)


def _bounty(a: Allocation) -> Iterator[str]:
    """Bounty, bucket and contract agree, and follow the mining."""
    bounty, schedule = a.bounty, a.stream(BOUNTY).schedule
    yield from _unequal("amount of the bounty", bounty.amount, "its contract", schedule.total)
    yield from _unequal("begin of the bounty", bounty.begin, "its contract", schedule.begin)
    yield from _unequal("end of the bounty", bounty.end, "its contract", schedule.end)
    yield from _unequal("begin of the bounty", bounty.begin, "the end of the mining", a.mining.end)
    end = bounty.begin + bounty.days * DAY_S
    yield from _unequal("end of the bounty", bounty.end, "the begin and its days", end)


def _tables(a: Allocation) -> Iterator[str]:
    """Compare the published tables of three years with what the contracts pay."""
    published = a.published
    if set(published.by_year) != set(OVER_YEARS):
        yield f"by_year does not have exactly {', '.join(OVER_YEARS)}"
    for key in OVER_YEARS:
        stream = a.stream(key)
        if stream.schedule.boundaries != published.boundaries:
            yield f"the contracts of {key} do not change at the published boundaries"
        amounts = tuple(one.amount for one in stream.contracts)
        if amounts != published.by_year.get(key):
            yield f"the contracts of {key} do not pay the published amounts by year"
        total = a.bucket(key).amount
        if tuple(Fraction(share) * total / 100 for share in published.shares) != amounts:
            yield f"the contracts of {key} do not pay the published shares by year"
    for row in published.team:
        time = months_after(published.boundaries[0], row.months)
        share = share_of_supply(a.team(), time, a.token.total_supply) * 100
        name = f"share of the team after {row.months} months"
        yield from _unequal(name, row.percent, "the sum of its streams", share)


def _unequal(name: str, figure: int | Decimal, source: str, other: int | Fraction) -> Iterator[str]:
    if Fraction(figure) != other:
        exact = Fraction(other)
        shown = Decimal(exact.numerator) / exact.denominator if exact.denominator > 1 else other
        yield f"the {name} is {figure}, but {source} gives {shown}"


def _twice(kind: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"the {kind} {name} is listed twice"
        seen.add(name)
