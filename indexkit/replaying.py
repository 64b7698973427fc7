"""The replay of a published rebalance: every figure again, from the inputs alone.

Inputs are prices, supplies or weights, current units, total supply, multiplier, largest trades,
exchanges, cool-offs and the order of the index's list. No published output is used on the way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indexkit import history, plan
from indexkit.errors import IndexkitError
from indexkit.history import Entry
from indexkit.publication import (
    GENERAL_MODULE,
    ROUNDINGS,
    UPDATES,
    Publication,
    Start,
    digests_of,
)
from indexkit.rebalance_data import EXCHANGES, Component, Rebalance

UNITS = ("address[]", "uint256[]", "uint256[]", "uint256")
"""Types of ``startRebalance``'s arguments: new components, their units, old units, multiplier."""

SEAL = "as transcribed, SHA-256"


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure beside what the inputs give.

    Attributes
    ----------
    component
        Its symbol, or nothing for a figure of the whole index.
    name
        Which figure.
    expected, found
        What the inputs give, and what was published.
    """

    component: str
    name: str
    expected: str
    found: str

    @property
    def passed(self) -> bool:
        """Whether the two are the same."""
        return self.expected == self.found

    def sentence(self) -> str:
        """Return what differs, for a reader."""
        owner = f"{self.component}: " if self.component else ""
        return f"{owner}{self.name}: expected {self.expected}, found {self.found}"


def entries(publication: Publication) -> tuple[Entry, ...]:
    """Return the inputs of the historical formulas."""
    measures = {symbol: figures.measure for symbol, figures in publication.components.items()}
    return tuple(
        Entry(c.symbol, c.decimals, c.price, measures[c.symbol], c.current_unit)
        for c in publication.rebalance.components
    )


def recompute(publication: Publication) -> Rebalance:
    """Return the plan that the inputs give: units, notionals, trade counts, new ones, order.

    Raises
    ------
    IndexkitError
        The formulas refuse the inputs.
    """
    published = publication.rebalance
    conventions = published.conventions
    held = entries(publication)
    value = history.index_value(held, conventions.value)
    try:
        units = history.target_units(publication.rule, held, value)
    except IndexkitError as error:
        raise IndexkitError(f"{published.name}: {error.message}") from error
    components = []
    for component in published.components:
        target = units[component.symbol]
        amount = plan.notional(component.current_unit, target, published.total_supply)
        count = plan.trade_count(amount, component.max_trade_size, conventions)
        components.append(
            replace(component, target_unit=target, notional=amount, trade_count=count)
        )
    return replace(
        published,
        components=tuple(components),
        new_symbols=tuple(c.symbol for c in components if c.current_unit == 0),
        schedule=plan.schedule(components, published.weth_price, conventions),
    )


def replay(publication: Publication) -> tuple[Figure, ...]:
    """Compare every published figure with what the inputs give.

    Raises
    ------
    IndexkitError
        The formulas refuse the inputs.
    """
    given = recompute(publication)
    return (
        *_index(publication),
        *(figure for c in given.components for figure in _component(c, given, publication)),
        *_order(given, publication),
        *_start(given, publication),
        *_seal(publication),
    )


def general_calldata(token: str, start: Start) -> str:
    """Return the calldata of GeneralIndexModule's ``startRebalance``: the index token first."""
    return _calldata(("address", *UNITS), (token, *_arguments(start)))


def single_calldata(start: Start) -> str:
    """Return the calldata of SingleIndexModule's ``startRebalance``."""
    return _calldata(UNITS, _arguments(start))


def _arguments(start: Start) -> tuple[object, ...]:
    return (
        start.new_components,
        start.new_target_units,
        start.old_target_units,
        start.position_multiplier,
    )


def _calldata(types: Sequence[str], arguments: Sequence[object]) -> str:
    selector = keccak(text=f"startRebalance({','.join(types)})")[:4]
    return "0x" + (selector + encode(types, arguments)).hex()


def _index(publication: Publication) -> Iterator[Figure]:
    held = entries(publication)
    for rounding in ROUNDINGS:
        value = history.index_value(held, rounding)
        found = publication.index_values[rounding]
        yield Figure("", f"index value, rounded {rounding}", str(value), str(found))
    if publication.divisor is not None:
        value = history.index_value(held, publication.rebalance.conventions.value)
        expected = history.divisor(held, value)
        yield Figure("", "divisor", str(expected), str(publication.divisor))


def _component(given: Component, plan_: Rebalance, publication: Publication) -> Iterator[Figure]:
    symbol = given.symbol
    found = publication.rebalance.component(symbol)
    published = publication.components[symbol]
    dollars = plan.notional_usd(given.notional, given.price, given.decimals)
    listed = plan_.schedule.count(symbol), publication.rebalance.schedule.count(symbol)
    # The tool takes nothing to trade for a buy, in its order too.
    side = given.notional >= 0
    yield Figure(symbol, "target unit", str(given.target_unit), str(found.target_unit))
    yield Figure(symbol, "notional", str(given.notional), str(found.notional))
    yield Figure(symbol, "notional in USD", str(dollars), str(published.notional_usd))
    yield Figure(symbol, "side", _side(side), _side(published.is_buy))
    yield Figure(symbol, "trade count", str(given.trade_count), str(found.trade_count))
    yield Figure(symbol, "times in the order", *map(str, listed))
    for name, field in UPDATES.items():
        sent = publication.updates[name].get(symbol)
        if sent is not None:
            value = getattr(given, field)
            if field == "exchange" and publication.module != GENERAL_MODULE:
                value = EXCHANGES.index(value) + 1
            yield Figure(symbol, f"update of {field}", str(value), sent)


def _order(given: Rebalance, publication: Publication) -> Iterator[Figure]:
    """Compare the two orders of trades, and the lists of new components and of updates."""
    expected, found = given.schedule, publication.rebalance.schedule
    for place, pair in enumerate(zip(expected, found, strict=False)):
        if len(set(pair)) > 1:
            yield Figure("", "order of trades", *(f"{s} as trade {place + 1}" for s in pair))
            break
    else:
        lengths = (f"{len(order)} trades in this order" for order in (expected, found))
        yield Figure("", "order of trades", *lengths)
    yield _list("new components", given.new_symbols, publication.rebalance.new_symbols)
    symbols = {component.symbol for component in given.components}
    for name, values in publication.updates.items():
        if not symbols >= set(values):
            yield _list(f"updates of {name}", sorted(symbols & set(values)), sorted(values))


def _start(given: Rebalance, publication: Publication) -> Iterator[Figure]:
    """Compare the arguments of ``startRebalance`` and the calldata they make."""
    found = publication.start
    new, new_units, old_units, multiplier = given.start_arguments()
    old = tuple(component.address for component in given.old_components)
    expected = Start(old, new, new_units, old_units, multiplier, None)
    yield _list("startRebalance, old components", old, found.old_components)
    yield _list("startRebalance, new components", new, found.new_components)
    for places, units, given_units in (
        (given.component_order, found.old_target_units, old_units),
        (given.new_symbols, found.new_target_units, new_units),
    ):
        if len(units) != len(given_units):
            lengths = (f"{len(listed)} units" for listed in (given_units, units))
            yield Figure("", "startRebalance, target units", *lengths)
        for symbol, unit, other in zip(places, given_units, units, strict=False):
            yield Figure(symbol, "startRebalance, target unit", str(unit), str(other))
    multipliers = str(multiplier), str(found.position_multiplier)
    yield Figure("", "startRebalance, position multiplier", *multipliers)
    calls = single_calldata(expected), single_calldata(found)
    yield Figure("", "SingleIndexModule calldata, keccak-256", *map(_hash, calls))
    if found.calldata is not None:
        calls = general_calldata(given.token_address, expected), found.calldata
        yield Figure("", "GeneralIndexModule calldata, keccak-256", *map(_hash, calls))


def _seal(publication: Publication) -> Iterator[Figure]:
    """Compare what was transcribed with its digests: they cover what nothing else contradicts."""
    if publication.digests is None:
        return
    known, found = publication.digests, digests_of(publication.document)
    for symbol, digest in found["components"].items():
        expected = known["components"].get(symbol, "no such component")
        yield Figure(symbol, SEAL, expected, digest)
    yield Figure("", f"file {SEAL}", known["file"], found["file"])


def _list(name: str, expected: Sequence[str], found: Sequence[str]) -> Figure:
    return Figure("", name, ", ".join(expected) or "none", ", ".join(found) or "none")


def _hash(calldata: str) -> str:
    return keccak(hexstr=calldata).hex()


def _side(is_buy: bool) -> str:
    return "buy" if is_buy else "sell"


def require_all(name: str, figures: Sequence[Figure]) -> None:
    """Require that every figure passes.

    Raises
    ------
    IndexkitError
        Naming one that does not, with both values: of an edited component, if one is known.
    """
    failed = [figure for figure in figures if not figure.passed]
    if not failed:
        return
    edited = {figure.component for figure in failed if figure.name == SEAL} - {""}
    first = min(failed, key=lambda f: (f.component not in edited, not f.component))
    raise IndexkitError(
        f"{name}: {first.sentence()} ({len(failed)} of {len(figures)} figures differ): "
        "correct what was edited."
    )
