"""Reading the fields of JSON data files, with one clear sentence for each that is wrong."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar

from eth_utils.address import is_checksum_address

from indexkit.errors import IndexkitError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What a field may hold.

    Attributes
    ----------
    words
        Completes the sentence "… is 7, not …".
    parse
        Returns None for a value that is not of this kind.
    """

    words: str
    parse: Callable[[object], T | None]


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one JSON object; ``where`` (file and entry) opens every complaint."""

    where: str
    fields: Mapping[str, object]

    def read(self, key: str, kind: Kind[T]) -> T:
        """Return the value of a field.

        Raises
        ------
        IndexkitError
            The field is missing or not of that kind.
        """
        if key not in self.fields:
            raise self.error(f"the field {key!r} is missing: add it")
        value = kind.parse(self.fields[key])
        if value is None:
            raise self.error(f"{key} is {self.fields[key]!r}, not {kind.words}: correct it")
        return value

    def record(self, key: str) -> "Record":
        """Return the object that a field holds."""
        return Record(f"{self.where}, {key}", self.read(key, OBJECT))

    def records(self, key: str, label: str) -> "tuple[Record, ...]":
        """Return the objects that a field lists, each called by its place and its label field."""
        entries = self.read(key, OBJECTS)
        return tuple(
            Record(f"{self.where}, {key}[{place}] {_legible(entry.get(label, ''))}".rstrip(), entry)
            for place, entry in enumerate(entries)
        )

    def error(self, sentence: str) -> IndexkitError:
        """Return a complaint about this object."""
        return IndexkitError(f"{self.where}: {sentence}.")


def read_json(path: Path) -> Record:
    """Read a file that holds one JSON object.

    Raises
    ------
    IndexkitError
        The file cannot be read, is not JSON, or holds something else than an object.
    """
    try:
        content: object = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise IndexkitError(
            f"{path}: cannot be read as JSON ({error}): correct the file."
        ) from error
    if not isinstance(content, dict):
        raise IndexkitError(f"{path}: holds something else than one JSON object: correct the file.")
    return Record(path.name, content)


def _text(pattern: str, convert: Callable[[str], T]) -> Callable[[object], T | None]:
    def parse(value: object) -> T | None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            return None
        return convert(value)

    return parse


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> int | None:
    try:
        found = datetime.strptime(value if isinstance(value, str) else "", "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
    return int(found.replace(tzinfo=UTC).timestamp())


def _address(value: object) -> str | None:
    return value if isinstance(value, str) and is_checksum_address(value) else None


def _count(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _time(value: object) -> int | None:
    seconds = _count(value)
    return seconds if seconds is not None and seconds < 2**33 else None


def _legible(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else repr(text)


def _name(value: object) -> str | None:
    text = TEXT.parse(value)
    good = text is not None and text.isprintable() and not {*"[]<>"} & {*text}
    return text if good else None


def _symbol(value: object) -> str | None:
    text = _name(value)
    good = text is not None and len(text) <= 32 and " " not in text and text != "WETH"
    return text if good else None


def _bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _texts(value: object) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list) and all(map(TEXT.parse, value)) else None


def _object(value: object) -> Mapping[str, object] | None:
    return value if isinstance(value, dict) else None


def _objects(value: object) -> tuple[Mapping[str, object], ...] | None:
    listed = isinstance(value, list) and all(isinstance(entry, dict) for entry in value)
    return tuple(value) if isinstance(value, list) and listed else None


TEXT = Kind("a text of at least one character", _text(r".+", str))
AMOUNT = Kind("a whole number, zero or more, written as text", _text(r"[0-9]{1,78}", int))
POSITIVE = Kind("a whole number above zero, written as text", _text(r"[1-9][0-9]{0,77}", int))
SIGNED = Kind("a whole number written as text", _text(r"-?[0-9]{1,78}", int))
PRICE = Kind(
    "a price above zero with at most 18 decimals, written as text",
    _text(r"(?=.*[1-9])[0-9]{1,18}(\.[0-9]{1,18})?", Decimal),
)
COUNT = Kind("a whole number, zero or more, without quotes", _count)
TIME = Kind("a time in seconds before the year 2242, without quotes", _time)
DATE = Kind("a date such as 2021-04-20", _date)
MOMENT = Kind("a time such as 2020-10-06T19:00:00Z", _moment)
ADDRESS = Kind("an address with a valid EIP-55 checksum", _address)
BOOL = Kind("true or false, without quotes", _bool)
NAME = Kind("a text of printable characters, without brackets", _name)
"""What terminals and signers are shown: nothing in it moves a cursor, or reads as markup."""
SYMBOL = Kind(
    "a symbol of at most 32 printable characters, without spaces and brackets, that is not WETH's",
    _symbol,
)
TEXTS = Kind("a list of texts", _texts)
OBJECT = Kind("an object", _object)
OBJECTS = Kind("a list of objects", _objects)


def one_of(choices: tuple[str, ...]) -> Kind[str]:
    """Return the kind of a text that must be one of a few."""
    return Kind(
        f"one of {', '.join(choices)}", lambda value: next((c for c in choices if c == value), None)
    )
