"""Gas of chosen calls, in both worlds, of a play that both must play alike."""

from collections import Counter
from collections.abc import Callable, Sequence
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
        Components of the index; None where their number plays no part.
    original, ours
        {gas} of the transaction, or of all that were announced under the name; None where one of
        them has no such operation.
    """

    operation: str
    n: int | None
    original: int | None
    ours: int | None


class Meter(Comparison):
    """A comparison that notes the gas of calls that were announced.

    Attributes
    ----------
    gas
        By operation and world {gas}.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, Tally())
        self.gas: dict[str, Counter[str]] = {}
        self._announced: str | None = None

    def announce(self, operation: str) -> None:
        """Say what the next transaction is."""
        assert self._announced is None, f"{self._announced} was never called"
        self._announced = operation

    def take(self, stage: Stage, entry: Entry, tag: Tag) -> None:
        """Compare as ever; note the gas."""
        super().take(stage, entry, tag)
        if self._announced is not None and entry.gas:
            self.gas.setdefault(self._announced, Counter())[stage.world.name] += entry.gas
            self._announced = None


Announce = Callable[[str], None]

Work = Callable[[Stage, Announce, int], None]
"""Plays with so many components, and announces which operation the next transaction is."""


BOTH = ("original", "ours")


def measure(
    theatre: Theatre, work: Work, n: int | None, worlds: Sequence[str] = BOTH
) -> list[Measured]:
    """Play on the original and on ours, compared, and return the gas of what was announced.

    Parameters
    ----------
    n
        Components of the index; None for a play that does not ask for them.
    worlds
        Where to play; just ``ours`` for what the original has not got.
    """
    meter = Meter(f"{work.__name__}, {n} components")
    for world in worlds:
        snapshot = theatre.node.snapshot()
        stage = Stage(theatre.node, theatre.worlds[world], theatre.actors, meter)
        stage.looks_after_every_call = False
        work(stage, meter.announce, n or 0)
        theatre.node.restore(snapshot)
        if world == "original":
            meter.start_second()
    assert meter.complete or worlds != BOTH, f"{meter.name}: ours made fewer calls"
    return [
        Measured(operation, n, gas.get("original"), gas["ours"])
        for operation, gas in meter.gas.items()
    ]
