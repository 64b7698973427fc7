"""What there is to know about how INDEX was given away, and the streams that follow from it.

Amounts are base units, times Unix seconds, shares percent of the supply unless they say otherwise.
``sources`` name public pages, and files of public repositories.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from indexkit.economics.schedule import Schedule, Segment
from indexkit.errors import IndexkitError

MINING, AIRDROP, BOUNTY = "liquidity-mining", "initial-distribution", "methodologist-bounty"
TREASURY_NOW, TREASURY = "treasury-immediate", "treasury-vesting"
SET_LABS, DEFI_PULSE = "set-labs", "defi-pulse"
BUCKETS = (MINING, AIRDROP, BOUNTY, TREASURY_NOW, TREASURY, SET_LABS, DEFI_PULSE)
"""The keys of what the supply was divided into."""

TEAM = (SET_LABS, DEFI_PULSE)
"""The 30 % of the supply that went to those who built it."""

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction, and when the deployment file recorded it (UTC): not its block's time."""

    hash: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Token:
    """INDEX; ``total_supply`` in base units."""

    name: str
    symbol: str
    decimals: int
    address: str
    total_supply: int
    deployment: Transaction
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bucket:
    """One part of the supply: ``amount`` base units, ``percent`` of all."""

    key: str
    name: str
    percent: Decimal
    amount: int
    vested: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vesting:
    """One of the original's vesting contracts: ``amount`` base units, times in seconds."""

    name: str
    bucket: str
    contract: str
    recipient: str
    recipient_name: str
    amount: int
    begin: int
    cliff: int
    end: int
    deployment: Transaction
    funding: Transaction | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A part of the supply that was paid out at once, to an account or a contract."""

    bucket: str
    recipient: str
    recipient_name: str
    amount: int
    funding: Transaction
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mining:
    """The first liquidity mining: base units, in all, per day and per second; ``start`` {s}."""

    contract: str
    lp_token: str
    distribution: str
    amount: int
    days: int
    per_day: int
    rate: int
    start: int
    note: str
    sources: tuple[str, ...]

    @property
    def end(self) -> int:
        """When it ends if somebody stakes all the time {s}."""
        return self.start + self.days * DAY_S


@dataclass(frozen=True, slots=True)
class Program:
    """A later liquidity mining, paid by the treasury; start and end as their texts give them."""

    number: int
    iip: int
    amount: int
    days: int
    per_day: int
    start: str
    end: str | None
    contract: str | None
    status: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bounty:
    """The methodologists' bounty: base units, seconds, and its rule in the publisher's words."""

    amount: int
    months: int
    days: int
    begin: int
    end: int
    basis: str
    recipient_on_chain: str
    mvi: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What the treasury granted later: base units, and the proposal."""

    iip: int
    what: str
    amount: int
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class TeamShare:
    """Percent of the supply that team and community hold after so many months, as projected."""

    months: int
    percent: Decimal
    community_percent: Decimal


@dataclass(frozen=True, slots=True)
class Published:
    """The tables of the vesting over three years: seconds, percent, base units by year."""

    boundaries: tuple[int, ...]
    shares: tuple[Decimal, ...]
    by_year: Mapping[str, tuple[int, ...]]
    team: tuple[TeamShare, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stream:
    """What one recipient gets of a bucket over time, and the contracts that were one for a year."""

    bucket: str
    recipient: str
    recipient_name: str
    schedule: Schedule
    contracts: tuple[Vesting, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    """All of it, added up by whoever read it: `allocation.load`."""

    token: Token
    buckets: tuple[Bucket, ...]
    vesting: tuple[Vesting, ...]
    transfers: tuple[Transfer, ...]
    mining: Mining
    programs: tuple[Program, ...]
    bounty: Bounty
    published: Published
    grants: tuple[Grant, ...]
    inconsistencies: tuple[str, ...]

    def bucket(self, key: str) -> Bucket:
        """Return a part of the supply by its key, one of `BUCKETS`.

        Raises
        ------
        IndexkitError
            There is no such part.
        """
        for bucket in self.buckets:
            if bucket.key == key:
                return bucket
        raise IndexkitError(f"INDEX has no bucket {key!r}: use one of {', '.join(BUCKETS)}.")

    def streams(self) -> tuple[Stream, ...]:
        """Return a stream for each vested bucket: the contracts of its years, joined into one.

        The bounty is among them as it was deployed, one straight line to the treasury.
        """
        return tuple(self.stream(bucket.key) for bucket in self.buckets if bucket.vested)

    def stream(self, key: str) -> Stream:
        """Return the stream of a vested bucket.

        Raises
        ------
        IndexkitError
            There is no such part of the supply, or it does not vest.
        """
        bucket = self.bucket(key)
        contracts = tuple(one for one in self.vesting if one.bucket == key)
        if not contracts:
            raise IndexkitError(f"{bucket.name} does not vest: name a bucket that does.")
        segments = tuple(Segment(one.end, one.amount) for one in contracts)
        first = contracts[0]
        schedule = Schedule(first.begin, segments)
        return Stream(key, first.recipient, first.recipient_name, schedule, contracts)

    def team(self) -> tuple[Schedule, ...]:
        """Return the schedules of the 30 % of the supply that went to Set Labs and DeFi Pulse."""
        return tuple(self.stream(key).schedule for key in TEAM)
