"""Evidence on tokens: recorded answers and figures, each with its source and its date."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.fields import DATE, TEXT, Kind, Record, one_of
from indexkit.methodology.criteria import JUDGED

YES, NO = "yes", "no"


def _amount(value: object) -> str | None:
    fits = isinstance(value, str) and re.fullmatch(r"[0-9]{1,24}(\.[0-9]{1,18})?", value)
    return str(value) if fits else None


def _day(value: object) -> str | None:
    return str(value) if DATE.parse(value) else None


AMOUNT = Kind("a number, zero or more, written as text", _amount)
DAY = Kind("a date such as 2021-04-20", _day)
FACTS: Mapping[str, Kind[str]] = {
    "circulating-supply": AMOUNT,
    "five-year-supply": AMOUNT,
    "launched": DAY,
    "venue-count": AMOUNT,
    "venue-liquidity": AMOUNT,
    **dict.fromkeys(JUDGED, one_of((YES, NO))),
}
"""What an item may be about, and what its value is: whole tokens, USD, a count, a day, an answer
to the rule of that name. ``venue-liquidity`` names its exchange in ``venue``."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence.

    Attributes
    ----------
    fact
        A name in `FACTS`.
    value
        As text, of the kind that `FACTS` gives it.
    source
        A public page, or a public repository with commit and file.
    date
        The day the source, or the figure in it, is of.
    venue
        The exchange, of a ``venue-liquidity``; else empty.
    note
        How the value follows from the source, where it is not in it word for word.
    """

    fact: str
    value: str
    source: str
    date: date
    venue: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """A candidate and the evidence on it, in any order."""

    symbol: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The content of an evidence file; ``date`` is the day it was made to judge."""

    index: str
    date: date
    tokens: tuple[Token, ...]


def read_evidence(path: Path) -> Evidence:
    """Read an evidence file.

    Raises
    ------
    IndexkitError
        The file cannot be read, or a field is missing or wrong.
    """
    return parse_evidence(documents.read(path), path.name)


def parse_evidence(content: Mapping[str, Any], where: str = "evidence") -> Evidence:
    """Return the evidence of a JSON object.

    Raises
    ------
    IndexkitError
        A field is missing or wrong, a token comes twice, or one fact has two values of one day.
    """
    record = Record(where, content)
    tokens = tuple(_token(token) for token in record.records("tokens", "symbol"))
    symbols = [token.symbol for token in tokens]
    if double := sorted({symbol for symbol in symbols if symbols.count(symbol) > 1}):
        raise record.error(f"{double[0]} is listed more than once: put its items together")
    return Evidence(record.read("index", TEXT), record.read("date", DATE), tokens)


def _token(record: Record) -> Token:
    token = Token(
        record.read("symbol", TEXT),
        tuple(_item(item) for item in record.records("items", "fact")),
    )
    seen: set[tuple[str, str, date]] = set()
    for item in token.items:
        key = (item.fact, item.venue, item.date)
        if key in seen:
            raise record.error(
                f"there are two values of {' '.join(key[:2]).rstrip()} on {item.date}: leave one"
            )
        seen.add(key)
    return token


def _item(record: Record) -> Item:
    fact = record.read("fact", one_of(tuple(FACTS)))
    return Item(
        fact=fact,
        value=record.read("value", FACTS[fact]),
        source=record.read("source", TEXT),
        date=record.read("date", DATE),
        venue=record.read("venue", TEXT) if fact == "venue-liquidity" else "",
        note=record.read("note", TEXT) if "note" in record.fields else "",
    )
