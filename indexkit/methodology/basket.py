"""The basket: what a methodologist types in (``docs/METHODOLOGY.md``, section 6)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import DATE, NAME, PRICE, SYMBOL, Kind, Record, one_of
from indexkit.methodology.level import level
from indexkit.methodology.weights import RULES, Entry, Rule, allocate, market_caps
from indexkit.plan import WAD


def _share(value: object) -> Decimal | None:
    number = PRICE.parse(value)
    return number if number is not None and number <= 1 else None


def _share_or_zero(value: object) -> Decimal | None:
    return Decimal(0) if value == "0" else _share(value)


POSITIVE = Kind("a number above zero with at most 18 decimals, written as text", PRICE.parse)
SHARE = Kind("a number above 0, at most 1, with at most 18 decimals, written as text", _share)
SHARE_OR_ZERO = Kind("0 to 1 with at most 18 decimals, written as text", _share_or_zero)


@dataclass(frozen=True, slots=True)
class Basket:
    """The inputs of a rebalance's weights.

    Attributes
    ----------
    date
        Of the prices and supplies.
    entries
        In the order of the file, which plays no part.
    current
        Symbol to current weight, D18{1}, of those that state one.
    """

    index: str
    date: date
    rule: Rule
    entries: tuple[Entry, ...]
    current: Mapping[str, int]

    @property
    def prices(self) -> dict[str, Decimal]:
        """USD per whole token, by symbol."""
        return {entry.symbol: entry.price for entry in self.entries if entry.price is not None}

    @property
    def supplies(self) -> dict[str, Decimal]:
        """Circulating supply in whole tokens, by symbol, of those that state one."""
        return {entry.symbol: entry.supply for entry in self.entries if entry.supply is not None}

    @property
    def has_supplies(self) -> bool:
        """Whether every component states its circulating supply."""
        return len(self.supplies) == len(self.entries)

    def market_cap(self) -> Decimal:
        """Return what the circulating supplies are worth together, USD, to 50 digits.

        Raises
        ------
        IndexkitError
            A component states none.
        """
        market_caps(self.entries)  # Names the component whose supply is missing.
        return level(self.prices, self.supplies, Decimal(1))

    def weights(self) -> dict[str, int]:
        """Return the target weights by the basket's rule, D18{1}, as `weights.allocate` does."""
        return allocate(self.rule, self.entries, self.current)


def read_basket(path: Path) -> Basket:
    """Read a basket from a file.

    Raises
    ------
    IndexkitError
        The file cannot be read, or a field is missing or wrong.
    """
    return parse_basket(documents.read(path), path.name)


def parse_basket(content: Mapping[str, Any], where: str = "basket") -> Basket:
    """Return the basket of a JSON object; fields it does not know are left to others.

    Raises
    ------
    IndexkitError
        A field is missing or wrong.
    """
    record = Record(where, content)
    rule = record.record("rule")
    components = record.records("components", "symbol")
    basket = Basket(
        index=record.read("index", NAME),
        date=record.read("date", DATE),
        rule=Rule(rule.read("name", one_of(tuple(RULES))), _optional(rule, "cap", SHARE)),
        entries=tuple(_entry(component) for component in components),
        current=MappingProxyType(dict(_current(components))),
    )
    try:
        basket.weights()
    except IndexkitError as error:
        raise IndexkitError(f"{where}: {error.message}") from error
    return basket


def number(text: str, name: str) -> Decimal:
    """Return a number above zero that a user typed.

    Raises
    ------
    IndexkitError
        It is none.
    """
    if not re.fullmatch(r"(?=.*[1-9])[0-9]{1,40}(\.[0-9]{1,60})?", text):
        raise IndexkitError(f"{name} is {text!r}, not a number above zero: correct it.")
    return Decimal(text)


def _entry(component: Record) -> Entry:
    return Entry(
        symbol=component.read("symbol", SYMBOL),
        price=component.read("price_usd", PRICE),
        supply=_optional(component, "supply", POSITIVE),
        weight=_optional(component, "weight", SHARE),
        liquidity=_optional(component, "liquidity_usd", POSITIVE),
    )


def _current(components: tuple[Record, ...]) -> Iterator[tuple[str, int]]:
    for component in components:
        share = _optional(component, "current_weight", SHARE_OR_ZERO)
        if share is not None:
            yield component.read("symbol", SYMBOL), int(share * WAD)


def _optional(record: Record, key: str, kind: Kind[Decimal]) -> Decimal | None:
    return record.read(key, kind) if key in record.fields else None
