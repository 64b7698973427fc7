"""What was published of a rebalance besides its plan: the inputs, and the arguments sent on-chain.

The same files as `indexkit.rebalance_data` reads; here nothing is checked against anything else,
which is what a replay does (`indexkit.replaying`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from indexkit import documents, history
from indexkit.conventions import Rounding
from indexkit.errors import IndexkitError
from indexkit.fields import (
    ADDRESS,
    AMOUNT,
    OBJECT,
    POSITIVE,
    PRICE,
    SIGNED,
    TEXT,
    Kind,
    Record,
    one_of,
)
from indexkit.fixed_point import price_wad
from indexkit.rebalance_data import FOLDER, Rebalance, available, read_rebalance, read_record

DRAFTS = FOLDER.parent / "drafts"
DIGESTS = FOLDER.parent / "digests.json"
GENERAL_MODULE = "GeneralIndexModule"
MODULES = ("SingleIndexModule", GENERAL_MODULE)
ROUNDINGS: tuple[Rounding, ...] = ("per-component", "after-sum")
UPDATES = {
    "exchanges": "exchange",
    "max_trade_sizes": "max_trade_size",
    "cool_off_periods": "cool_off_period",
}
"""The lists of changed parameters, with the field of a component that each repeats."""

T = TypeVar("T")
_FLAG = Kind("true or false", lambda value: value if isinstance(value, bool) else None)
_CALLDATA = Kind(
    "calldata as 0x and lower-case hex digits",
    lambda value: value if isinstance(value, str) and _is_hex(value) else None,
)


@dataclass(frozen=True, slots=True)
class Start:
    """The published arguments of ``startRebalance``.

    Attributes
    ----------
    old_components
        Addresses in the order of the index token's list, which the old target units follow.
    new_target_units, old_target_units
        Base units per whole index token.
    position_multiplier
        D18{1}.
    calldata
        As published, where it was.
    """

    old_components: tuple[str, ...]
    new_components: tuple[str, ...]
    new_target_units: tuple[int, ...]
    old_target_units: tuple[int, ...]
    position_multiplier: int
    calldata: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """What was published of one component besides what `Component` holds.

    Attributes
    ----------
    measure
        Circulating supply in whole tokens, or target weight as D18{1}.
    notional_usd
        Whole dollars, negative for a sell.
    """

    measure: int
    notional_usd: int
    is_buy: bool


@dataclass(frozen=True, slots=True)
class Publication:
    """A rebalance as published, inputs and outputs.

    Attributes
    ----------
    rebalance
        Its plan, not checked.
    rule
        One of `history.RULES`.
    components
        By symbol.
    index_values
        D18{USD} per index token, by rounding.
    divisor
        None where weights were given.
    module, module_address
        The module that executed it.
    updates
        Changed parameters: list, then symbol, then value as sent.
    document, digests
        The file's content; its digest and, by symbol, those of its components, as transcribed:
        none for a file that is not the project's.
    """

    rebalance: Rebalance
    rule: str
    components: Mapping[str, Published]
    index_values: Mapping[Rounding, int]
    divisor: int | None
    module: str
    module_address: str
    start: Start
    updates: Mapping[str, Mapping[str, str]]
    document: Mapping[str, Any]
    digests: Mapping[str, Any] | None


def find(name: str) -> tuple[str, Path | None]:
    """Return a name, or path, and the folder it is in: that of drafts, or None for `FOLDER`.

    Raises
    ------
    IndexkitError
        Nothing has that name.
    """
    if name.endswith(".json") or name in available():
        return name, None
    if name in available(DRAFTS):
        return name, DRAFTS
    raise IndexkitError(
        f"No rebalance is called {name!r}: use one of "
        f"{', '.join((*available(), *available(DRAFTS)))} or the path of a .json file."
    )


def read(name: str, folder: Path | None = None) -> Publication:
    """Read what was published of a rebalance, without checking one figure against another.

    Parameters
    ----------
    name, folder
        As `rebalance_data.load` takes them.

    Raises
    ------
    IndexkitError
        The file cannot be read, a field is missing or malformed, or an address is listed twice.
    """
    record = read_record(name, folder)
    rebalance = read_rebalance(record)
    rule = record.read("rule", one_of(tuple(history.RULES)))
    published = record.record("published")
    values = published.record("index_value")
    return Publication(
        rebalance=rebalance,
        rule=rule,
        components={
            component.symbol: _component(entry, rule)
            for component, entry in zip(
                rebalance.components, record.records("components", "symbol"), strict=True
            )
        },
        index_values={rounding: values.read(rounding, POSITIVE) for rounding in ROUNDINGS},
        divisor=None if rule == "given" else published.read("divisor", POSITIVE),
        module=published.read("module", one_of(MODULES)),
        module_address=published.read("module_address", ADDRESS),
        start=_start(published.record("start_rebalance")),
        updates=_updates(published.record("param_updates")),
        document=record.fields,
        digests=_digests().get(rebalance.name),
    )


def digests_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the digests of a file's content and, by symbol, of its components' entries."""
    components = {entry["symbol"]: documents.digest(entry) for entry in document["components"]}
    return {"file": documents.digest(document), "components": components}


def _component(record: Record, rule: str) -> Published:
    if rule == "given":
        measure = price_wad(record.read("target_weight", PRICE))
    else:
        measure = record.read("circulating_supply", AMOUNT)
    return Published(
        measure=measure,
        notional_usd=record.read("notional_usd", SIGNED),
        is_buy=record.read("is_buy", _FLAG),
    )


def _start(record: Record) -> Start:
    calldata = None
    if "calldata" in record.fields:
        calldata = record.read("calldata", _CALLDATA)
    return Start(
        old_components=record.read("old_components", _list_of(ADDRESS)),
        new_components=record.read("new_components", _list_of(ADDRESS)),
        new_target_units=record.read("new_target_units", _list_of(AMOUNT)),
        old_target_units=record.read("old_target_units", _list_of(AMOUNT)),
        position_multiplier=record.read("position_multiplier", POSITIVE),
        calldata=calldata,
    )


def _updates(record: Record) -> dict[str, dict[str, str]]:
    updates: dict[str, dict[str, str]] = {}
    for name in UPDATES:
        values = record.record(name)
        updates[name] = {symbol: values.read(symbol, TEXT) for symbol in values.fields}
    return updates


def _digests() -> Mapping[str, Any]:
    return Record(DIGESTS.name, documents.read(DIGESTS)).read("rebalances", OBJECT)


def _list_of(kind: Kind[T]) -> Kind[tuple[T, ...]]:
    def parse(value: object) -> tuple[T, ...] | None:
        if not isinstance(value, list):
            return None
        parsed = [kind.parse(entry) for entry in value]
        return tuple(entry for entry in parsed if entry is not None) if None not in parsed else None

    return Kind(f"a list, each entry {kind.words}", parse)


def _is_hex(text: str) -> bool:
    return text.startswith("0x") and len(text) % 2 == 0 and set(text[2:]) <= {*"0123456789abcdef"}
