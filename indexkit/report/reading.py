"""Reads the plan in 4-units.json and the record in 6-execution.json.

A field that is missing or malformed is refused with one sentence that names file and field.
Amounts are decimal strings in JSON, since many readers lose digits above 2**53; plain integers are
taken too.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from indexkit import plan
from indexkit.fields import COUNT, DATE, OBJECT, PRICE, TEXT, Kind, Record, one_of
from indexkit.report.model import (
    WETH,
    Component,
    Expected,
    Moment,
    Plan,
    Reserves,
    Run,
    Spent,
    Trade,
)

T = TypeVar("T")
PLANS = ("published", "planned")
LONGEST = 2_000
"""Longest text {characters}."""

LATEST = 253_402_300_799
"""The last second that a date can show: the end of the year 9999."""


def _integer(value: object) -> int | None:
    if type(value) is int:
        return value if abs(value) < 10**78 else None
    if isinstance(value, str) and value.isascii() and len(value) <= 79:
        return int(value) if value.removeprefix("-").isdigit() else None
    return None


def _whole(value: object) -> int | None:
    number = _integer(value)
    return None if number is None or number < 0 else number


def _words(value: object) -> str | None:
    printable = isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()
    return value if printable and isinstance(value, str) else None


def _no_more_than(most: int) -> Callable[[object], int | None]:
    return lambda value: value if type(value) is int and 0 <= value <= most else None


DECIMALS = Kind("a whole number from 0 to 77, without quotes", _no_more_than(77))
TIME = Kind("seconds since 1970, without quotes", _no_more_than(LATEST))
SIGNED = Kind("a whole number", _integer)
WHOLE = Kind("a whole number, zero or more", _whole)
WORDS = Kind("a printable text of 1 to 2,000 characters", _words)
YES_NO = Kind("true or false", lambda value: value if type(value) is bool else None)
KIND = one_of(("trade", "remaining"))


def read_plan(content: Mapping[str, Any], where: str = "4-units.json") -> Plan:
    """Read the content of 4-units.json."""
    record = Record(where, content)
    plans = _optional(record, "plans", OBJECT) or {}
    return Plan(
        rebalance=record.read("rebalance", WORDS),
        index=record.read("index", WORDS),
        index_name=record.read("index_name", WORDS),
        token=record.read("token_address", TEXT),
        date=record.read("date", DATE),
        weth_price=plan.price_wad(record.read("weth_price_usd", PRICE)),
        components=_components(record),
        plans={name: _expected(record, name) for name in PLANS if name in plans},
        followed=_optional(record, "followed", one_of(PLANS)),
    )


def read_run(content: Mapping[str, Any], where: str = "6-execution.json") -> Run:
    """Read the content of 6-execution.json."""
    record = Record(where, content)
    before = _moment(record.record("before"))
    return Run(
        chain_id=record.read("chain_id", COUNT),
        token=record.read("token", TEXT),
        module=record.read("module", TEXT),
        guard=_optional(record, "guard", TEXT),
        trader=record.read("trader", TEXT),
        nonce=record.read("nonce", WHOLE),
        start_block=record.read("start_block", COUNT),
        end_block=record.read("end_block", COUNT),
        trades=_trades(record),
        spent=tuple(map(_spent, record.records("gas_spent", "what"))),
        before=before,
        after=_moment(record.record("after")),
        flows=_flows(record, before),
        targets=_amounts(record, "targets"),
        raises=record.read("raises", WHOLE),
        loss=_optional(record, "loss", SIGNED),
        loss_budget=_optional(record, "loss_budget", WHOLE),
        finished=record.read("finished", YES_NO),
        stopped=_optional(record, "stopped", WORDS),
    )


def _components(record: Record) -> tuple[Component, ...]:
    components = tuple(map(_component, record.records("components", "symbol")))
    symbols = [component.symbol for component in components]
    for symbol in symbols:
        if symbol == WETH or symbols.count(symbol) > 1:
            raise record.error(f"{symbol!r} cannot be listed, or is listed twice: correct it")
    return components


def _component(record: Record) -> Component:
    return Component(
        symbol=record.read("symbol", WORDS),
        name=record.read("name", WORDS),
        address=record.read("address", TEXT),
        decimals=record.read("decimals", DECIMALS),
        exchange=record.read("exchange", WORDS),
        price=plan.price_wad(record.read("price_usd", PRICE)),
        current_unit=record.read("current_unit", WHOLE),
        target_unit=record.read("target_unit", WHOLE),
    )


def _expected(record: Record, name: str) -> Expected:
    figures = record.record("plans").record(name).record("expected")
    return Expected(
        fee=figures.read("fee", SIGNED),
        impact=figures.read("impact", SIGNED),
        gas_cost=figures.read("gas_cost", WHOLE),
        gas=figures.read("gas", WHOLE),
        trades=figures.read("trades", WHOLE),
        seconds=figures.read("seconds", WHOLE),
    )


def _trades(record: Record) -> tuple[Trade, ...]:
    """Read the trades; gas that several share because one transaction made them counts once."""
    trades: list[Trade] = []
    seen: set[str] = set()
    for trade in map(_trade, record.records("trades", "symbol")):
        trades.append(replace(trade, gas=0) if trade.transaction in seen else trade)
        seen.add(trade.transaction)
    return tuple(trades)


def _trade(record: Record) -> Trade:
    return Trade(
        symbol=record.read("symbol", WORDS),
        is_buy=record.read("is_buy", YES_NO),
        remaining=record.read("kind", KIND) == "remaining",
        limit=_optional(record, "limit", WHOLE),
        sandwiched_by=_optional(record, "sandwiched_by", TEXT),
        guard_loss=_optional(record, "guard_loss", WHOLE),
        block_start=_reserves(record.record("reserves_block_start")),
        before=_reserves(record.record("reserves_before")),
        transaction=record.read("transaction", WORDS),
        time=record.read("time", TIME),
        block=record.read("block", COUNT),
        **{key: record.read(key, WHOLE) for key in _WHOLE_FIELDS},
        **{key: record.read(key, SIGNED) for key in ("impact", "drift", "front_run")},
    )


_WHOLE_FIELDS = (
    *("amount", "weth", "quoted", "mid", "market", "fee"),
    *("gas", "gas_price"),
)


def _reserves(record: Record) -> Reserves:
    return Reserves(record.read("weth", WHOLE), record.read("component", WHOLE))


def _spent(record: Record) -> Spent:
    return Spent(
        what=record.read("what", WORDS),
        gas=record.read("gas", WHOLE),
        gas_price=record.read("gas_price", WHOLE),
        transaction=record.read("transaction", WORDS),
    )


def _moment(record: Record) -> Moment:
    return Moment(
        block=record.read("block", COUNT),
        time=record.read("time", TIME),
        total_supply=record.read("total_supply", WHOLE),
        units=_amounts(record, "units"),
        balances=_amounts(record, "balances"),
    )


def _amounts(record: Record, key: str, kind: Kind[int] = WHOLE) -> dict[str, int]:
    inside = record.record(key)
    return {symbol: inside.read(symbol, kind) for symbol in inside.fields}


def _flows(record: Record, before: Moment) -> dict[str, int]:
    """Read the flows; a record from before they were told has none."""
    if "flows" not in record.fields:
        return dict.fromkeys(before.balances, 0)
    return _amounts(record, "flows", SIGNED)


def _optional(record: Record, key: str, kind: Kind[T]) -> T | None:
    return None if record.fields.get(key) is None else record.read(key, kind)
