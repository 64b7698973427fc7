"""Execution parameters of a component, in memory and in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from indexkit.fields import AMOUNT, COUNT, POSITIVE, TEXTS, Record, one_of
from indexkit.pool_state import EXCHANGES


class Token(Protocol):
    """What is asked of a component; `indexkit.rebalance_data.Component` has it."""

    @property
    def symbol(self) -> str:
        """Its symbol."""

    @property
    def address(self) -> str:
        """Its address."""

    @property
    def decimals(self) -> int:
        """Its decimals."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a component is to be traded, and why.

    Attributes
    ----------
    max_trade_size
        {comp}
    cool_off_period
        {s}
    buy_impact, sell_impact
        Of a largest trade, net of fees, in millionths of the mid price, rounded up.
    depth
        How many largest trades, by their value, the guard's reference pool holds, rounded down;
        None if there is no such pool.
    alternatives
        The largest trade {comp} on each venue that there is, the chosen one included.
    warnings
        What a human should look at, a sentence each.
    """

    exchange: str
    max_trade_size: int
    cool_off_period: int
    buy_impact: int
    sell_impact: int
    depth: int | None
    alternatives: tuple[tuple[str, int], ...]
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the parameters as a JSON object."""
        return {
            "exchange": self.exchange,
            "max_trade_size": str(self.max_trade_size),
            "cool_off_period": self.cool_off_period,
            "buy_impact_ppm": self.buy_impact,
            "sell_impact_ppm": self.sell_impact,
            "depth": self.depth,
            "alternatives": {exchange: str(size) for exchange, size in self.alternatives},
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Given:
    """Parameters that somebody chose: published ones, or those stored on the chain."""

    exchange: str
    max_trade_size: int
    cool_off_period: int


def given_from_json(content: Mapping[str, object], where: str) -> Given:
    """Read chosen parameters: ``exchange``, ``max_trade_size`` (text), ``cool_off_period``.

    Raises
    ------
    IndexkitError
        A field is missing or malformed.
    """
    record = Record(where, content)
    return Given(
        exchange=record.read("exchange", one_of(EXCHANGES)),
        max_trade_size=record.read("max_trade_size", POSITIVE),
        cool_off_period=record.read("cool_off_period", COUNT),
    )


def parameters_from_json(content: Mapping[str, object], where: str) -> Parameters:
    """Read what `Parameters.to_json` wrote.

    Raises
    ------
    IndexkitError
        A field is missing or malformed.
    """
    record, chosen = Record(where, content), given_from_json(content, where)
    sizes = record.record("alternatives")
    return Parameters(
        chosen.exchange,
        chosen.max_trade_size,
        chosen.cool_off_period,
        buy_impact=record.read("buy_impact_ppm", COUNT),
        sell_impact=record.read("sell_impact_ppm", COUNT),
        depth=None if content.get("depth", 0) is None else record.read("depth", COUNT),
        alternatives=tuple((e, sizes.read(e, AMOUNT)) for e in EXCHANGES if e in sizes.fields),
        warnings=record.read("warnings", TEXTS),
    )
