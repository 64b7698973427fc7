"""What was aimed at, and whether it is met."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench.meter import Measured
from indexkit.localnet.paths import DATA

TARGETS = DATA / "gas_targets.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result.

    Attributes
    ----------
    operation, n, original, ours
        As measured.
    floor
        The least that it can cost {gas}, where it is known.
    target
        The largest ratio of ours to the original; None where none was set.
    limit
        The most that ours may be, where the target is an amount {gas}.
    """

    operation: str
    n: int | None
    original: float | None
    ours: float | None
    floor: int | None = None
    target: float | None = None
    limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours to the original; None where that says nothing."""
        if self.original is None or self.ours is None or self.original <= 0:
            return None
        return self.ours / self.original

    @property
    def verdict(self) -> str:
        """Whether the target is met; nothing where none was set."""
        most = self.limit
        if most is None and None not in (self.target, self.original):
            most = self.target * self.original
        if most is None or self.ours is None:
            return ""
        return "met" if self.ours <= most else "missed"

    def as_json(self) -> dict[str, Any]:
        """Return the line as it is written to gas.json, its target as a ratio to the original."""
        target = self.target
        if self.limit is not None:
            target = self.limit / self.original if self.original else None
        return {
            "operation": self.operation,
            "n": self.n,
            "original": self.original,
            "floor": self.floor,
            "ours": self.ours,
            "ratio": _rounded(self.ratio),
            "target": _rounded(target),
        }


@cache
def figures() -> dict[str, Any]:
    """Return the content of data/gas_targets.json."""
    content = json.loads(TARGETS.read_text())
    assert isinstance(content, dict)
    return content


def row(measured: Measured) -> Row:
    """Return a line for what was measured, with floor and target if there are any."""
    known = figures()["operations"].get(measured.operation, {})
    floor = _at(known.get("floor"), measured.n)
    limit = int(floor * known["of_floor"]) if "of_floor" in known else None
    return Row(
        measured.operation,
        measured.n,
        measured.original,
        measured.ours,
        floor=floor,
        target=_at(known.get("ratio"), measured.n),
        limit=limit,
    )


def _at(figure: Any, n: int | None) -> Any:
    """Return what holds for n components: one figure for any number, or one for each."""
    return figure.get(str(n)) if isinstance(figure, Mapping) else figure


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 4)
