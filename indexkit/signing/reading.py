"""Reading a run's documents (`4-units.json`'s content, `state.json`) for a pack.

Whatever is malformed, or at odds between the two, is refused with its component and both figures.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from indexkit import documents, plan
from indexkit.deploy import EXCHANGE_IDS
from indexkit.errors import IndexkitError
from indexkit.fields import (
    ADDRESS,
    AMOUNT,
    COUNT,
    POSITIVE,
    PRICE,
    SIGNED,
    TEXT,
    TEXTS,
    TIME,
    Kind,
    Record,
    one_of,
)
from indexkit.signing.inputs import UNSET, Entry, Pool, Settings, State, Units

LEGIBLE = Kind(
    "a text that can be printed",
    lambda value: text if (text := TEXT.parse(value)) and text.isprintable() else None,
)
"""What signers read: no line breaks or invisible characters that could forge a line."""

CASH = "WETH"
"""Symbol of the cash an index may hold as a component: it has no target."""


def _optional(kind: Kind[Any]) -> Kind[Any]:
    """Return the kind of a value that may also be null; null reads as an empty text."""
    return Kind(f"{kind.words}, or null", lambda value: "" if value is None else kind.parse(value))


def read_state(content: Mapping[str, Any]) -> State:
    """Return the state in a document.

    Raises
    ------
    IndexkitError
        A field is missing or malformed, or no Safe is there to sign.
    """
    record = Record("state.json", _as_read(content))
    if content.get("safe") is None:
        raise record.error("no Safe manages the index, so there is nothing to sign: start directly")
    safe = record.record("safe")
    units, stored = record.record("units"), record.record("stored")
    return State(
        chain_id=record.read("chain_id", COUNT),
        block=record.read("block", COUNT),
        timestamp=record.read("timestamp", TIME),
        token=record.read("token", ADDRESS),
        module=record.read("module", ADDRESS),
        guard=record.read("guard", _optional(ADDRESS)),
        manager=record.read("manager", ADDRESS),
        house=record.read("house", _optional(ADDRESS)),
        safe=safe.read("address", ADDRESS),
        safe_nonce=safe.read("nonce", COUNT_OR_AMOUNT),
        threshold=safe.read("threshold", COUNT_OR_AMOUNT),
        nonce=record.read("nonce", COUNT_OR_AMOUNT),
        supply=record.read("total_supply", POSITIVE),
        multiplier=record.read("position_multiplier", POSITIVE),
        order=record.read("component_order", TEXTS),
        units={address: units.read(address, AMOUNT) for address in units.fields},
        stored={a: _settings(stored.record(a)) for a in stored.fields},
        pools=tuple(map(_pool, record.records("pools", "component"))),
    )


def read_units(content: Mapping[str, Any], state: State, state_digest: str) -> Units:
    """Return the units in a document, checked against the state they were worked out for.

    Raises
    ------
    IndexkitError
        A field is missing or malformed, or a figure is at odds with another one.
    """
    record = Record("4-units.json", _as_read(content))
    sizes = _followed(record).record("max_trade_sizes")
    entries = tuple(_entry(each, sizes) for each in record.records("components", "symbol"))
    known = {entry.symbol: entry for entry in entries}
    if len(known) < len(entries) or len({each.address for each in entries}) < len(entries):
        raise record.error("components names a symbol or an address twice: leave one out")
    cash = Entry(CASH, state.weth, 18, 0, UNSET, state.units.get(state.weth, 0), 0)

    def find(key: str, among: dict[str, Entry]) -> tuple[Entry, ...]:
        symbols = record.read(key, TEXTS)
        if missing := [symbol for symbol in symbols if symbol not in among]:
            raise record.error(f"{key} names {missing[0]!r}, which is no component: correct it")
        return tuple(among[symbol] for symbol in symbols)

    expected = _followed(record).record("expected")
    units = Units(
        name=record.read("rebalance", LEGIBLE),
        index=record.read("index", LEGIBLE),
        entries=entries,
        old=find("component_order", {CASH: cash, **known}),
        new=find("new_components", known),
        multiplier=record.read("position_multiplier", POSITIVE),
        supply=record.read("total_supply", POSITIVE),
        expected_cost=sum(expected.read(part, SIGNED) for part in ("fee", "impact")),
    )
    for difference in _disagreements(record, units, state, state_digest):
        place, wanted, found = difference
        raise record.error(
            f"{place}: expected {wanted}, found {found}: work the units out again from the state"
        )
    return units


def _as_read(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document as it would be read from its file: with nothing but JSON's own types."""
    return documents.parse(documents.canonical(content).encode())


def _followed(record: Record) -> Record:
    plans = record.record("plans")
    return plans.record(record.read("followed", one_of(tuple(plans.fields))))


def _entry(record: Record, sizes: Record) -> Entry:
    symbol = record.read("symbol", LEGIBLE)
    return Entry(
        symbol=symbol,
        address=record.read("address", ADDRESS),
        decimals=record.read("decimals", COUNT),
        price=plan.price_wad(record.read("price_usd", PRICE)),
        settings=Settings(
            exchange=record.read("exchange", EXCHANGE),
            max_trade_size=sizes.read(symbol, AMOUNT),
            cool_off_period=record.read("cool_off_period", COUNT),
        ),
        current_unit=record.read("current_unit", AMOUNT),
        target_unit=record.read("target_unit", AMOUNT),
    )


def _disagreements(
    record: Record, units: Units, state: State, state_digest: str
) -> Iterator[tuple[str, str, str]]:
    """Yield where the units differ from the state, or from their own start."""
    yield from documents.differences(state_digest, record.fields.get("state"), "state (digest)")
    figures = (
        ("total_supply", units.supply, state.supply),
        (
            "position_multiplier",
            units.multiplier,
            state.multiplier,
        ),
    )
    for place, found, expected in figures:
        yield from documents.differences(expected, found, place)
    old = [entry.address for entry in units.old]
    yield from documents.differences(list(state.order), old, "component_order")
    for entry in units.entries:
        held = state.units.get(entry.address, 0)
        yield from documents.differences(held, entry.current_unit, f"{entry.symbol} current_unit")
    if both := {e.address for e in units.old} & {e.address for e in units.new}:
        yield "new_components", "none that the index holds", ", ".join(sorted(both))
    start = {
        "new_components": [entry.address for entry in units.new],
        "new_target_units": [str(entry.target_unit) for entry in units.new],
        "old_target_units": [str(entry.target_unit) for entry in units.old],
        "position_multiplier": str(units.multiplier),
    }
    given: dict[str, Any] = dict(record.record("start").fields)
    for key, among in (("new_target_units", units.new), ("old_target_units", units.old)):
        listed = given.get(key)
        if isinstance(listed, list) and len(listed) == len(among):
            for entry, found in zip(among, listed, strict=True):
                place = f"{entry.symbol} in start {key}"
                yield from documents.differences(str(entry.target_unit), found, place)
    yield from documents.differences(start, given, "start")


def _settings(record: Record) -> Settings:
    return Settings(
        exchange=record.read("exchange", EXCHANGE),
        max_trade_size=record.read("max_trade_size", AMOUNT),
        cool_off_period=record.read("cool_off_period", COUNT_OR_AMOUNT),
    )


def _pool(record: Record) -> Pool:
    return Pool(
        component=record.read("component", ADDRESS),
        exchange=record.read("exchange", one_of(tuple(EXCHANGE_IDS))),
        component_reserve=record.read("component_reserve", AMOUNT),
        weth_reserve=record.read("weth_reserve", AMOUNT),
    )


def _exchange(value: object) -> int | None:
    """Return the id of an exchange that is named, numbered, or (null) none."""
    if value is None or value == "":
        return 0
    if isinstance(value, str) and value in EXCHANGE_IDS:
        return EXCHANGE_IDS[value]
    number = _whole(value)
    return number if number is not None and number <= max(EXCHANGE_IDS.values()) else None


def _whole(value: object) -> int | None:
    number = COUNT.parse(value)
    return AMOUNT.parse(value) if number is None else number


EXCHANGE = Kind(f"an exchange ({', '.join(EXCHANGE_IDS)}), its number, or null", _exchange)
COUNT_OR_AMOUNT = Kind("a whole number, zero or more", _whole)


def require_place(state: State) -> None:
    """Refuse a state in which neither the Safe nor a manager of two parties manages the index.

    Raises
    ------
    IndexkitError
        The Safe could not make the calls.
    """
    manager = state.house or state.safe
    if state.manager != manager:
        raise IndexkitError(
            f"state.json: manager: expected {manager}, found {state.manager}: "
            "read the state again, with the Safe that runs the index."
        )
