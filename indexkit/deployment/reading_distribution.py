"""Reading what becomes of INDEX: pots as published, or with figures of one's own."""

from collections.abc import Collection
from functools import cache

from indexkit.deployment.declaration import (
    BountyTerms,
    DistributionTerms,
    ListTerms,
    MiningTerms,
    StreamTerms,
)
from indexkit.deployment.kinds import LABEL, ROLE, WAD, only, require
from indexkit.economics import allocation_model as published
from indexkit.economics.allocation import load
from indexkit.economics.circulating import TOTAL
from indexkit.economics.lists import HASH, read_initial
from indexkit.economics.schedule import InvalidScheduleError, Schedule, Segment
from indexkit.fields import ADDRESS, MOMENT, TEXT, Kind, Record, one_of
from indexkit.localnet.paths import ROOT

DAY_S = 86_400
MOST_DAYS = 36_525
STREAM_POTS = (published.TREASURY, published.SET_LABS, published.DEFI_PULSE)
DAYS = Kind(
    f"a number of days from 1 to {MOST_DAYS:,}, without quotes",
    lambda value: value if type(value) is int and 1 <= value <= MOST_DAYS else None,
)


def distribution_terms(record: Record, symbols: Collection[str]) -> DistributionTerms:
    """Return what becomes of INDEX.

    Parameters
    ----------
    symbols
        Of the declared indices.

    Raises
    ------
    IndexkitError
        A field is missing, unknown or out of bounds, a list is not the declared one, or all of it
        is not exactly all INDEX there is.
    """
    only(record, ("at_once", "stream", "initial", "mining", "bounty"))
    streams = record.records("stream", "name") if "stream" in record.fields else ()
    terms = DistributionTerms(
        at_once=record.read("at_once", WAD),
        streams=tuple(map(_stream, streams)),
        initial=_initial(record.record("initial")) if "initial" in record.fields else None,
        mining=_mining(record.record("mining"), symbols) if "mining" in record.fields else None,
        bounty=_bounty(record.record("bounty")) if "bounty" in record.fields else None,
    )
    names = [each.name for each in terms.streams]
    require(len(set(names)) == len(names), record, "two streams have one name: rename one")
    require(
        terms.total == TOTAL,
        record,
        f"at_once and the pots are {terms.total} base units of INDEX together, and there are "
        f"{TOTAL}: correct what is wrong",
    )
    return terms


def _stream(record: Record) -> StreamTerms:
    given = _require_one(record, "pot", "segments")
    only(record, ("name", "recipient", "begin", given))
    begin = record.read("begin", MOMENT)
    try:
        schedule = _segments(record, begin) if given == "segments" else _pot(record, begin)
    except InvalidScheduleError as error:
        raise record.error(error.message.rstrip(".")) from error
    return StreamTerms(record.read("name", LABEL), record.read("recipient", ROLE), schedule)


def _pot(record: Record, begin: int) -> Schedule:
    pot = _published().stream(record.read("pot", one_of(STREAM_POTS))).schedule
    return pot.shifted(begin - pot.begin)


def _segments(record: Record, begin: int) -> Schedule:
    segments, end = [], begin
    for entry in record.records("segments", "days"):
        only(entry, ("days", "amount"))
        end += entry.read("days", DAYS) * DAY_S
        segments.append(Segment(end, entry.read("amount", WAD)))
    return Schedule(begin, tuple(segments))


def _initial(record: Record) -> ListTerms:
    only(record, ("file", "root"))
    file, root = record.read("file", TEXT), record.read("root", HASH)
    found = read_initial(ROOT / file)
    require(
        found.root == root,
        record,
        f"the root of {file} is 0x{found.root.hex()}, not the declared one: name the right file, "
        "or declare its root",
    )
    return ListTerms(found.root, found.total)


def _mining(record: Record, symbols: Collection[str]) -> MiningTerms:
    staked = _require_one(record, "pool_of", "staking_token")
    if _require_one(record, "pot", "amount") == "pot":
        only(record, ("pot", staked))
        record.read("pot", one_of((published.MINING,)))
        pot = _published().mining
        amount, duration_s = pot.amount, pot.end - pot.start
    else:
        only(record, ("amount", "days", staked))
        amount, duration_s = _amount(record), record.read("days", DAYS) * DAY_S
    if staked == "staking_token":
        return MiningTerms(amount, duration_s, None, record.read(staked, ADDRESS))
    symbol = record.read(staked, LABEL)
    require(
        symbol in symbols,
        record,
        f"no index is called {symbol!r} (there are: {', '.join(symbols) or 'none'}): name one, or "
        "a staking_token",
    )
    return MiningTerms(amount, duration_s, symbol, None)


def _bounty(record: Record) -> BountyTerms:
    given = _require_one(record, "pot", "amount")
    only(record, ("begin", given))
    begin = record.read("begin", MOMENT)
    if given == "amount":
        return BountyTerms(_amount(record), begin)
    record.read("pot", one_of((published.BOUNTY,)))
    return BountyTerms(_published().bounty.amount, begin)


def _amount(record: Record) -> int:
    amount = record.read("amount", WAD)
    require(amount > 0, record, "its amount is 0: leave it out, or give it INDEX")
    return amount


def _require_one(record: Record, *keys: str) -> str:
    """Return which of some fields there is: it must be one."""
    given = [key for key in keys if key in record.fields]
    require(len(given) == 1, record, f"give either {' or '.join(keys)}")
    return given[0]


@cache
def _published() -> published.Allocation:
    return load()
