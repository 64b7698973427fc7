"""How the ten million INDEX were given away: ``data/token/allocation.json``, read and added up.

Every figure in the file has its public source beside it; ``inconsistencies`` lists where sources
are at odds. What does not add up to exactly 10,000,000 INDEX is refused with one sentence.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.economics.allocation_checks import check
from indexkit.economics.allocation_model import (
    BUCKETS,
    Allocation,
    Bounty,
    Bucket,
    Grant,
    Mining,
    Program,
    Published,
    TeamShare,
    Token,
    Transaction,
    Transfer,
    Vesting,
)
from indexkit.fields import (
    ADDRESS,
    BOOL,
    COUNT,
    POSITIVE,
    TEXT,
    TEXTS,
    TIME,
    Kind,
    Record,
    T,
    one_of,
)

FILE = Path(__file__).resolve().parents[2] / "data" / "token" / "allocation.json"


def _hash(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch("0x[0-9a-f]{64}", value) else None


def _instant(value: object) -> str | None:
    pattern = r"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
    return value if isinstance(value, str) and re.fullmatch(pattern, value) else None


def _percent(value: object) -> Decimal | None:
    fits = isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?", value)
    return Decimal(str(value)) if fits else None


def _several(kind: Kind[T]) -> Callable[[object], tuple[T, ...] | None]:
    def parse(value: object) -> tuple[T, ...] | None:
        read = [kind.parse(one) for one in value] if isinstance(value, list) else []
        good = tuple(one for one in read if one is not None)
        return good if good and len(good) == len(read) else None

    return parse


def _some_sources(value: object) -> tuple[str, ...] | None:
    return TEXTS.parse(value) or None


HASH = Kind("a transaction's hash, 64 lower-case hex digits after 0x", _hash)
INSTANT = Kind("an instant such as 2020-10-06T06:04:53Z", _instant)
PERCENT = Kind("a share below 100 with at most 4 decimals, written as text", _percent)
PERCENTS = Kind("a list of shares, each written as text", _several(PERCENT))
AMOUNTS = Kind("a list of whole numbers above zero, each written as text", _several(POSITIVE))
TIMES = Kind("a list of times in seconds", _several(TIME))
SOURCES = Kind("a list of at least one source", _some_sources)
BUCKET = one_of(BUCKETS)


def load(path: Path = FILE) -> Allocation:
    """Read the allocation of INDEX and add it up.

    Parameters
    ----------
    path
        ``data/token/allocation.json`` unless given.

    Raises
    ------
    IndexkitError
        The file cannot be read, a field is missing or malformed, or figures do not add up.
    """
    return parse(documents.read(path), path.name)


def parse(content: Mapping[str, Any], where: str = "allocation") -> Allocation:
    """Return the allocation that a JSON object holds, added up.

    Raises
    ------
    IndexkitError
        A field is missing or malformed, or figures do not add up.
    """
    record = Record(where, content)
    allocation = Allocation(
        token=_token(record.record("token")),
        buckets=tuple(map(_bucket, record.records("buckets", "key"))),
        vesting=tuple(map(_vesting, record.records("vesting_contracts", "name"))),
        transfers=tuple(map(_transfer, record.records("transfers", "bucket"))),
        mining=_mining(record.record("liquidity_mining")),
        programs=tuple(map(_program, record.records("later_programs", "program"))),
        bounty=_bounty(record.record("methodologist_bounty")),
        published=_published(record.record("published")),
        grants=tuple(map(_grant, record.records("grants", "iip"))),
        inconsistencies=record.read("inconsistencies", TEXTS),
    )
    check(allocation, where)
    return allocation


def _token(record: Record) -> Token:
    return Token(
        name=record.read("name", TEXT),
        symbol=record.read("symbol", TEXT),
        decimals=record.read("decimals", COUNT),
        address=record.read("address", ADDRESS),
        total_supply=record.read("total_supply", POSITIVE),
        deployment=_transaction(record.record("deployment")),
        sources=record.read("sources", SOURCES),
    )


def _bucket(record: Record) -> Bucket:
    return Bucket(
        key=record.read("key", BUCKET),
        name=record.read("name", TEXT),
        percent=record.read("percent", PERCENT),
        amount=record.read("amount", POSITIVE),
        vested=record.read("vested", BOOL),
        sources=record.read("sources", SOURCES),
    )


def _vesting(record: Record) -> Vesting:
    funded = record.fields.get("funding", "") is not None
    return Vesting(
        name=record.read("name", TEXT),
        bucket=record.read("bucket", BUCKET),
        contract=record.read("contract", ADDRESS),
        recipient=record.read("recipient", ADDRESS),
        recipient_name=record.read("recipient_name", TEXT),
        amount=record.read("amount", POSITIVE),
        begin=record.read("begin", TIME),
        cliff=record.read("cliff", TIME),
        end=record.read("end", TIME),
        deployment=_transaction(record.record("deployment")),
        funding=_transaction(record.record("funding")) if funded else None,
        sources=record.read("sources", SOURCES),
    )


def _transfer(record: Record) -> Transfer:
    return Transfer(
        bucket=record.read("bucket", BUCKET),
        recipient=record.read("recipient", ADDRESS),
        recipient_name=record.read("recipient_name", TEXT),
        amount=record.read("amount", POSITIVE),
        funding=_transaction(record.record("funding")),
        sources=record.read("sources", SOURCES),
    )


def _mining(record: Record) -> Mining:
    return Mining(
        contract=record.read("contract", ADDRESS),
        lp_token=record.read("lp_token", ADDRESS),
        distribution=record.read("distribution", ADDRESS),
        amount=record.read("amount", POSITIVE),
        days=record.read("days", COUNT),
        per_day=record.read("per_day", POSITIVE),
        rate=record.read("rate", POSITIVE),
        start=record.read("start", TIME),
        note=record.read("note", TEXT),
        sources=record.read("sources", SOURCES),
    )


def _program(record: Record) -> Program:
    return Program(
        number=record.read("program", COUNT),
        iip=record.read("iip", COUNT),
        amount=record.read("amount", POSITIVE),
        days=record.read("days", COUNT),
        per_day=record.read("per_day", POSITIVE),
        start=record.read("start", TEXT),
        end=_or_nothing(record, "end", TEXT),
        contract=_or_nothing(record, "contract", ADDRESS),
        status=record.read("status", TEXT),
        note=record.read("note", TEXT),
        sources=record.read("sources", SOURCES),
    )


def _bounty(record: Record) -> Bounty:
    return Bounty(
        amount=record.read("amount", POSITIVE),
        months=record.read("months", COUNT),
        days=record.read("days", COUNT),
        begin=record.read("begin", TIME),
        end=record.read("end", TIME),
        basis=record.read("basis", TEXT),
        recipient_on_chain=record.read("recipient_on_chain", TEXT),
        mvi=record.read("mvi", TEXT),
        sources=record.read("sources", SOURCES),
    )


def _published(record: Record) -> Published:
    years = record.record("by_year")
    return Published(
        boundaries=record.read("boundaries", TIMES),
        shares=record.read("share_by_year_percent", PERCENTS),
        by_year={key: years.read(key, AMOUNTS) for key in years.fields},
        team=tuple(map(_team_share, record.records("team_share_by_month", "months"))),
        sources=record.read("sources", SOURCES),
    )


def _team_share(record: Record) -> TeamShare:
    return TeamShare(
        months=record.read("months", COUNT),
        percent=record.read("percent", PERCENT),
        community_percent=record.read("community_percent", PERCENT),
    )


def _grant(record: Record) -> Grant:
    return Grant(
        iip=record.read("iip", COUNT),
        what=record.read("what", TEXT),
        amount=record.read("amount", POSITIVE),
        source=record.read("source", TEXT),
        note=record.read("note", TEXT) if "note" in record.fields else "",
    )


def _transaction(record: Record) -> Transaction:
    return Transaction(record.read("hash", HASH), record.read("recorded_at", INSTANT))


def _or_nothing(record: Record, key: str, kind: Kind[T]) -> T | None:
    """Read a field that must be there, and may be null."""
    return None if record.fields.get(key, "") is None else record.read(key, kind)
