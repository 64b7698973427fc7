"""Gas of chosen calls, in both worlds, of a play that both must play alike."""

from collections.abc import Callable
from dataclasses import dataclass

from twins.comparison import Comparison, Entry, Tag, Tally
from twins.scenario import Theatre
from twins.stage import Stage


@dataclass(frozen=True, slots=True)
class Measured:
    """What an operation costs.

    Attributes
    ----------
    operation
        Its name.
    n
        Components of the index.
    original, ours
        {gas} of the transaction.
    """

    operation: str
    n: int
    original: int
    ours: int


class Meter(Comparison):
    """A comparison that notes the gas of calls that were announced."""

    def __init__(self, name: str, tally: Tally) -> None:
        super().__init__(name, tally)
        self.gas: dict[str, list[int]] = {}
        self._announced: str | None = None

    def announce(self, operation: str) -> None:
        """Say what the next transaction is."""
        assert self._announced is None, f"{self._announced} was never called"
        self._announced = operation

    def take(self, stage: Stage, entry: Entry, tag: Tag) -> None:
        """Compare as ever; note the gas."""
        super().take(stage, entry, tag)
        if self._announced is not None and entry.gas:
            self.gas.setdefault(self._announced, []).append(entry.gas)
            self._announced = None


Work = Callable[[Stage, Callable[[str], None]], None]
"""Plays on a stage; the function announces which operation the next transaction is."""


def measure(theatre: Theatre, name: str, n: int, work: Work) -> list[Measured]:
    """Play on the original and on ours, compared, and return the gas of what was announced."""
    meter = Meter(name, Tally())
    for world in ("original", "ours"):
        snapshot = theatre.node.snapshot()
        stage = Stage(theatre.node, theatre.worlds[world], theatre.actors, meter)
        stage.looks_after_every_call = False
        work(stage, meter.announce)
        theatre.node.restore(snapshot)
        if world == "original":
            meter.start_second()
    assert meter.complete, f"{name}: ours made fewer calls"
    return [Measured(operation, n, *pair) for operation, pair in meter.gas.items()]

