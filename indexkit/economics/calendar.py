"""What the walk through INDEX's calendar does when, from ``data/token/walk.json``.

The file has what the sources don't tell and the walk must choose: who stakes, who claims how late.
What is published (amounts, schedules, lists) is elsewhere in ``data/token``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from dateutil.relativedelta import relativedelta

from indexkit.economics.record import PARTIES
from indexkit.fields import AMOUNT, COUNT, MOMENT, NAME, POSITIVE, Kind, Record, one_of, read_json

FILE = Path(__file__).resolve().parents[2] / "data" / "token" / "walk.json"
PERCENT = 100
MONTHS = 36
"""How long the published schedules last, in months of the calendar."""

PERCENTAGE = Kind(
    "a whole number of percent from 0 to 100, without quotes",
    lambda value: value if type(value) is int and 0 <= value <= PERCENT else None,
)
PARTY = one_of(PARTIES)
ONE_OR_MORE = Kind(
    "a whole number above zero, without quotes",
    lambda value: value if type(value) is int and value > 0 else None,
)


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """An index whose fees count for the bounty.

    Attributes
    ----------
    rebalance
        Published rebalance whose components and units it gets.
    created, registered
        When {s}.
    methodologist
        Who the bounty counts its fees for, by his name in a deployment record.
    house_share
        Of its fees D18{1}.
    supply, pooled
        Issued at its creation, and how much of it lies in its pool {set}.
    """

    rebalance: str
    created: int
    registered: int
    methodologist: str
    house_share: int
    supply: int
    pooled: int


@dataclass(frozen=True, slots=True)
class Issue:
    """More of an index is issued: when {s}, how much {set}."""

    time: int
    rebalance: str
    amount: int


@dataclass(frozen=True, slots=True)
class Stake:
    """A staker has so many percent of the pool staked from then {s} on; 0 ends it and is paid."""

    time: int
    staker: int
    percent: int


@dataclass(frozen=True, slots=True)
class Collection:
    """Accounts of a list are paid: when {s}; how many, or one in how many."""

    time: int
    number: int


@dataclass(frozen=True, slots=True)
class EpochPlan:
    """A month's rewards are published: when {s}."""

    time: int
    month: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """All of it.

    Attributes
    ----------
    deployed
        When {s}.
    indices, issues, stakes, initial_claims, epochs, epoch_claims
        See their classes; the claims of the initial distribution go down its list.
    stream_claims, bounty_claims
        Every how many months a party claims its stream, its parts of the bounty.
    settled_after
        How long after its end a month of the bounty is settled {s}.
    """

    deployed: int
    indices: tuple[IndexPlan, ...]
    issues: tuple[Issue, ...]
    stakes: tuple[Stake, ...]
    initial_claims: tuple[Collection, ...]
    epochs: tuple[EpochPlan, ...]
    epoch_claims: tuple[Collection, ...]
    stream_claims: Mapping[str, int]
    bounty_claims: Mapping[str, int]
    settled_after: int

    @property
    def stakers(self) -> int:
        """How many there are."""
        return 1 + max((stake.staker for stake in self.stakes), default=-1)


def read_calendar(path: Path = FILE) -> Calendar:
    """Read the calendar of the walk.

    Raises
    ------
    IndexkitError
        Naming the field that is missing or wrong, or the index that the calendar does not have.
    """
    fields = read_json(path)
    indices = tuple(map(_index, fields.records("indices", "rebalance")))
    if not indices:
        raise fields.error("there is no index whose pool is farmed: list one")
    known = one_of(tuple(index.rebalance for index in indices))
    return Calendar(
        deployed=fields.record("deployed").read("time", MOMENT),
        indices=indices,
        issues=tuple(
            Issue(one.read("time", MOMENT), one.read("index", known), one.read("amount", POSITIVE))
            for one in fields.records("issues", "time")
        ),
        stakes=tuple(
            Stake(
                one.read("time", MOMENT), one.read("staker", COUNT), one.read("percent", PERCENTAGE)
            )
            for one in fields.records("stakes", "time")
        ),
        initial_claims=_collections(fields, "initial_claims", "claims"),
        epochs=tuple(
            EpochPlan(one.read("time", MOMENT), one.read("month", NAME))
            for one in fields.records("epochs", "month")
        ),
        epoch_claims=_collections(fields, "epoch_claims", "one_in"),
        stream_claims=_rhythm(fields.record("stream_claims")),
        bounty_claims=_rhythm(fields.record("bounty_claims")),
        settled_after=fields.read("settled_after_s", COUNT),
    )


def ledger_times(begin: int, every: int = 1) -> tuple[int, ...]:
    """Return when ledgers are taken {s}: at the begin of the streams, and so many months apart.

    The first three months always have one each: liquidity mining is over afterwards.
    The published boundaries are among them for each number of months that a year is a multiple of,
    since no 29 February lies between October 2020 and October 2023.
    """
    first = datetime.fromtimestamp(begin, UTC)
    months = sorted({*range(4), *range(0, MONTHS, every), MONTHS})
    return tuple(int((first + relativedelta(months=month)).timestamp()) for month in months)


def streamed(
    stakes: tuple[Stake, ...], begin: int, seconds: int, total: int, time: int
) -> Fraction:
    """Return what liquidity mining has streamed by a time, exactly {INDEX base units}.

    It streams evenly while anybody stakes, and stands still while nobody does (V-9): a total times
    the seconds with a stake since the begin, up to the length, over the length.

    Parameters
    ----------
    stakes
        In the order of their times.
    begin, seconds, total
        When it begins {s}, how long it streams {s} how much {INDEX base units}.
    time
        {s}
    """
    staked: dict[int, int] = {}
    passed, since = 0, begin
    for stake in (*stakes, None):
        until = min(time, time if stake is None else stake.time)
        if any(staked.values()):
            passed += max(0, until - max(since, begin))
        since = max(since, until)
        if stake is not None and stake.time <= time:
            staked[stake.staker] = stake.percent
    return Fraction(total * min(passed, seconds), seconds)


def _index(record: Record) -> IndexPlan:
    return IndexPlan(
        rebalance=record.read("rebalance", NAME),
        created=record.read("created", MOMENT),
        registered=record.read("registered", MOMENT),
        methodologist=record.read("methodologist", PARTY),
        house_share=record.read("house_share", AMOUNT),
        supply=record.read("supply", POSITIVE),
        pooled=record.read("pooled", POSITIVE),
    )


def _rhythm(record: Record) -> dict[str, int]:
    return {party: record.read(party, ONE_OR_MORE) for party in PARTIES}


def _collections(fields: Record, key: str, number: str) -> tuple[Collection, ...]:
    return tuple(
        Collection(one.read("time", MOMENT), one.read(number, ONE_OR_MORE))
        for one in fields.records(key, "time")
    )
