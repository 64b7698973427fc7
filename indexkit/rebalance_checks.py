"""Checks of a rebalance's figures against each other: what follows from others must follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from indexkit import plan
from indexkit.errors import IndexkitError

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
    for twice in (*_duplicates(symbols), *_duplicates(addresses)):
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
    count = plan.trade_count(component.notional, component.max_trade_size)
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
    """Require the order that the figures give, by either of the two published rules."""
    given = rebalance.schedule
    orders = [
        plan.schedule(rebalance.components, rebalance.weth_price, scale_decimals=scale)
        for scale in (True, False)
    ]
    if given in orders:
        return
    due = orders[0]
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
