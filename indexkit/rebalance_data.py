"""The published rebalances: read from ``data/rebalances`` and checked before use.

A figure that is missing, malformed or at odds with another one is refused with one sentence that
says what is wrong, where, and what to do. ``docs/REBALANCE_DATA.md`` describes the files.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from indexkit import conventions, plan
from indexkit.conventions import CORRECTED, Conventions
from indexkit.errors import IndexkitError
from indexkit.fields import (
    ADDRESS,
    AMOUNT,
    COUNT,
    DATE,
    POSITIVE,
    PRICE,
    SIGNED,
    SYMBOL,
    TEXT,
    TEXTS,
    Record,
    one_of,
    read_json,
)
from indexkit.rebalance_checks import check, refuse_double_addresses

FOLDER = Path(__file__).resolve().parent.parent / "data" / "rebalances"
EXCHANGES = ("UniswapV2", "SushiSwap", "BalancerV1")
"""In the order of the numbers that SingleIndexModule gives them, from 1."""

CASH = "WETH"
"""In `component_order`, what an index kept of earlier trades: no component, without a target."""

CONVENTIONS = one_of(tuple(preset.name for preset in conventions.PRESETS))


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures were published."""

    repository: str
    commit: str
    commit_date: str
    files: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Component:
    """One token of the index and how it is to be traded.

    Attributes
    ----------
    price_usd
        USD per whole token; `price` is the same with 18 decimals.
    max_trade_size, notional
        Base units of the token; a negative notional is sold.
    cool_off_period
        Seconds between two trades of the component.
    current_unit, target_unit
        Base units of the token per whole index token.
    """

    symbol: str
    name: str
    address: str
    decimals: int
    price_usd: Decimal
    exchange: str
    max_trade_size: int
    cool_off_period: int
    current_unit: int
    target_unit: int
    notional: int
    trade_count: int

    @property
    def price(self) -> int:
        """D18{USD} per whole token."""
        return plan.price_wad(self.price_usd)


@dataclass(frozen=True, slots=True)
class Rebalance:
    """A rebalance, published or new, with its figures checked against each other.

    Attributes
    ----------
    components
        In the order of the strategy table, which the order of trades depends on.
    component_order, new_symbols
        The components that the index holds, in its on-chain order, and those that enter.
    schedule
        Symbols in the published order of the trades.
    total_supply
        Wei of the index token.
    position_multiplier
        D18{1}.
    conventions
        By which its trades are counted and ordered.
    """

    name: str
    index: str
    index_name: str
    token_address: str
    date: date
    source: Source | None
    weth_price_usd: Decimal
    total_supply: int
    position_multiplier: int
    components: tuple[Component, ...]
    component_order: tuple[str, ...]
    new_symbols: tuple[str, ...]
    schedule: tuple[str, ...]
    conventions: Conventions = CORRECTED

    @property
    def weth_price(self) -> int:
        """D18{USD} per WETH."""
        return plan.price_wad(self.weth_price_usd)

    @property
    def old_components(self) -> tuple[Component, ...]:
        """The components that the index holds, in its on-chain order."""
        return tuple(self.component(symbol) for symbol in self.component_order if symbol != CASH)

    @property
    def new_components(self) -> tuple[Component, ...]:
        """The components that enter with this rebalance, in the order they are added."""
        return tuple(map(self.component, self.new_symbols))

    def component(self, symbol: str) -> Component:
        """Return the component of that symbol.

        Raises
        ------
        IndexkitError
            The rebalance has no such component.
        """
        for component in self.components:
            if component.symbol == symbol:
                return component
        raise IndexkitError(
            f"{self.name}: no component is called {symbol!r}: "
            f"use one of {', '.join(c.symbol for c in self.components)}."
        )

    def start_arguments(self) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], int]:
        """Return the arguments of ``startRebalance``, in its order.

        Returns
        -------
        tuple
            New components, their target units, the target units of the old components in on-chain
            order (0 for cash), and the position multiplier.
        """
        targets = {component.symbol: component.target_unit for component in self.components}
        return (
            tuple(component.address for component in self.new_components),
            tuple(component.target_unit for component in self.new_components),
            tuple(targets.get(symbol, 0) for symbol in self.component_order),
            self.position_multiplier,
        )


def available(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the rebalances in a folder, sorted."""
    return tuple(sorted(path.stem for path in (folder or FOLDER).glob("*.json")))


def load(name: str, folder: Path | None = None) -> Rebalance:
    """Read a rebalance and check its figures against each other.

    Parameters
    ----------
    name
        A name among `available`, or the path of a ``.json`` file.
    folder
        Where names are looked up; ``data/rebalances`` unless given.

    Raises
    ------
    IndexkitError
        The file cannot be read, or a figure in it is wrong.
    """
    record = read_record(name, folder)
    _source(record.record("source"))
    rebalance = read_rebalance(record)
    check(rebalance, record.where)
    return rebalance


def read_record(name: str, folder: Path | None = None) -> Record:
    """Read a rebalance's file as it is, the way `load` finds it.

    Raises
    ------
    IndexkitError
        The file cannot be read.
    """
    return read_json(_path(name, folder))


def _path(name: str, folder: Path | None) -> Path:
    if name.endswith(".json"):
        if not Path(name).is_file():
            raise IndexkitError(f"{name}: there is no such file: name an existing rebalance file.")
        return Path(name)
    names = available(folder)
    if name not in names:
        raise IndexkitError(
            f"No rebalance is called {name!r}: use one of {', '.join(names)} "
            "or the path of a .json file."
        )
    return (folder or FOLDER) / f"{name}.json"


def read_rebalance(record: Record) -> Rebalance:
    """Read a rebalance's fields, without checking one against another.

    Raises
    ------
    IndexkitError
        A field is missing or malformed, or an address is listed twice.
    """
    # First, because a double may hide behind another spelling, without its checksum.
    refuse_double_addresses(record)
    return Rebalance(
        name=record.read("name", TEXT),
        index=record.read("index", TEXT),
        index_name=record.read("index_name", TEXT),
        token_address=record.read("token_address", ADDRESS),
        date=record.read("date", DATE),
        source=_source(record.record("source")) if "source" in record.fields else None,
        weth_price_usd=record.read("weth_price_usd", PRICE),
        total_supply=record.read("total_supply", POSITIVE),
        position_multiplier=record.read("position_multiplier", POSITIVE),
        components=tuple(map(_component, record.records("components", "symbol"))),
        component_order=record.read("component_order", TEXTS),
        new_symbols=record.read("new_components", TEXTS),
        schedule=record.read("schedule", TEXTS),
        conventions=_conventions(record),
    )


def _conventions(record: Record) -> Conventions:
    if "conventions" not in record.fields:
        return CORRECTED
    return conventions.named(record.read("conventions", CONVENTIONS))


def _source(record: Record) -> Source:
    return Source(
        repository=record.read("repository", TEXT),
        commit=record.read("commit", TEXT),
        commit_date=record.read("commit_date", TEXT),
        files=record.read("files", TEXTS),
        note=record.read("note", TEXT),
    )


def _component(record: Record) -> Component:
    return Component(
        symbol=record.read("symbol", SYMBOL),
        name=record.read("name", TEXT),
        address=record.read("address", ADDRESS),
        decimals=record.read("decimals", COUNT),
        price_usd=record.read("price_usd", PRICE),
        exchange=record.read("exchange", one_of(EXCHANGES)),
        max_trade_size=record.read("max_trade_size", POSITIVE),
        cool_off_period=record.read("cool_off_period", COUNT),
        current_unit=record.read("current_unit", AMOUNT),
        target_unit=record.read("target_unit", AMOUNT),
        notional=record.read("notional", SIGNED),
        trade_count=record.read("trade_count", COUNT),
    )
