"""Checks of a rebalance's figures against each other: what follows from others must follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.fields import Record

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component, Rebalance

VALUE_TOLERANCE = 10**14
"""Largest change of the index value that rounded prices explain: 0.01 %, D18{1}."""


def check(rebalance: Rebalance, where: str) -> None:
    """Require that a rebalance is consistent.

    Parameters
    ----------
    rebalance
        The figures.
    where
        The file they were read from, which opens every complaint.

    Raises
    ------
    IndexkitError
        Naming the component and both values.
    """
    complaint = next(_complaints(rebalance), None)
    if complaint:
        raise IndexkitError(f"{where}: {complaint}.")


def refuse_double_addresses(record: Record) -> None:
    """Require that no address is listed twice, in whatever spelling.

    It looks at the components and, where the file has them, at the lists of old and new components
    that were published for ``startRebalance``.

    Parameters
    ----------
    record
        The file as read, before anything else is required of it.

    Raises
    ------
    IndexkitError
        Naming the component and its places.
    """
    symbols: dict[str, str] = {}
    for place, entry in enumerate(_objects(record.fields.get("components"))):
        symbol, key = entry.get("symbol", f"components[{place}]"), _plain(entry.get("address"))
        if key in symbols:
            raise record.error(
                f"components has {entry['address']} twice, as {symbols[key]} and as {symbol}: "
                "remove one of them"
            )
        if key:
            symbols[key] = str(symbol)
    places: dict[str, tuple[str, object]] = {}
    for name, address in _published_addresses(record):
        key = _plain(address)
        if key in places:
            other, spelling = places[key]
            raise record.error(
                f"{symbols.get(key, 'a token')} is in {other} as {spelling} and in {name} as "
                f"{address}, which is the same token: remove one of them"
            )
        if key:
            places[key] = name, address


def _published_addresses(record: Record) -> Iterator[tuple[str, object]]:
    inside: object = record.fields.get("published")
    start = inside.get("start_rebalance") if isinstance(inside, dict) else None
    for name in ("old_components", "new_components"):
        listed = start.get(name) if isinstance(start, dict) else None
        yield from ((name, address) for address in (listed if isinstance(listed, list) else ()))


def _objects(value: object) -> list[dict[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _plain(address: object) -> str:
    """Return an address without the capitals that are its checksum, and nothing for no text."""
    return address.lower() if isinstance(address, str) else ""


def _complaints(rebalance: Rebalance) -> Iterator[str]:
    yield from _lists(rebalance)
    for component in rebalance.components:
        yield from _component(component, rebalance)
    yield from _value(rebalance)
    yield from _schedule(rebalance)


def _lists(rebalance: Rebalance) -> Iterator[str]:
    """Require that the lists name every component once and nothing else."""
    symbols = [component.symbol for component in rebalance.components]
    addresses = [component.address for component in rebalance.components]
    plain = {address.lower(): address for address in addresses}
    doubles = [plain[address] for address in _duplicates(map(str.lower, addresses))]
    for twice in (*_duplicates(symbols), *doubles):
        yield f"components has {twice} twice: remove one of them"
    places = (*rebalance.component_order, *rebalance.new_symbols)
    for twice in _duplicates(places):
        yield f"component_order and new_components name {twice} twice: remove one of them"
    for key, named in (
        ("component_order", rebalance.component_order),
        ("new_components", rebalance.new_symbols),
        ("schedule", rebalance.schedule),
    ):
        for symbol in named:
            if symbol not in symbols:
                yield f"{key} names {symbol}, which is no component: remove it or add the component"
    for symbol in symbols:
        if symbol not in places:
            yield f"{symbol} is in neither component_order nor new_components: add it to one"


def _component(component: Component, rebalance: Rebalance) -> Iterator[str]:
    """Require the notional, the trade count and the list that the units imply."""
    symbol = component.symbol
    amount = plan.notional(component.current_unit, component.target_unit, rebalance.total_supply)
    if component.notional != amount:
        yield (
            f"{symbol}: notional is {component.notional}, but its units and total_supply "
            f"give {amount}: correct the wrong one"
        )
    count = plan.trade_count(component.notional, component.max_trade_size, rebalance.conventions)
    if component.trade_count != count:
        yield (
            f"{symbol}: trade_count is {component.trade_count}, but its notional and "
            f"max_trade_size give {count}: correct the wrong one"
        )
    if (component.current_unit == 0) != (symbol in rebalance.new_symbols):
        yield (
            f"{symbol}: current_unit is {component.current_unit}, but only new_components have "
            "none, and all of them: correct the unit or the list"
        )


def _value(rebalance: Rebalance) -> Iterator[str]:
    """Require that the units before and after are worth the same at the prices of the file."""
    before = _worth((c.current_unit, c) for c in rebalance.components)
    after = _worth((c.target_unit, c) for c in rebalance.components)
    if abs(after - before) * plan.WAD > before * VALUE_TOLERANCE:
        yield (
            f"the current units are worth {_usd(before)} USD per index token but the target units "
            f"{_usd(after)} USD, more than 0.01 % apart: correct the wrong price, decimals or unit"
        )


def _worth(holdings: Iterable[tuple[int, Component]]) -> int:
    """Add up what units are worth, D18{USD} per index token."""
    return sum(unit * c.price // 10**c.decimals for unit, c in holdings)


def _usd(value: int) -> str:
    return f"{Decimal(value) / plan.WAD:.4f}"


def _schedule(rebalance: Rebalance) -> Iterator[str]:
    """Require the order that the figures give, by the rebalance's conventions."""
    given = rebalance.schedule
    due = plan.schedule(rebalance.components, rebalance.weth_price, rebalance.conventions)
    if given == due:
        return
    for component in rebalance.components:
        symbol = component.symbol
        if given.count(symbol) != due.count(symbol):
            yield (
                f"{symbol}: is {given.count(symbol)} times in schedule, but its figures "
                f"give {due.count(symbol)} (trade_count {component.trade_count}): "
                "correct the wrong one"
            )
    place = next(i for i, pair in enumerate(zip(given, due, strict=True)) if len(set(pair)) > 1)
    yield (
        f"schedule[{place}] is {given[place]}, but the figures give {due[place]}: "
        "correct the order, or the price or size that moved it"
    )


def _duplicates(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
