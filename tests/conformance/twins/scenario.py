"""Scenarios: functions that play on a stage, once for each world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twins.comparison import Comparison, Entry, Tally
from twins.node import Node
from twins.stage import Stage

if TYPE_CHECKING:
    from twins.world import World

Play = Callable[[Stage], Any]


@dataclass(frozen=True)
class Scenario:
    """A function that plays, its name (file.function), and which world is compared."""

    name: str
    play: Play
    against: str


SCENARIOS: dict[str, Scenario] = {}


def scenario(play: Play) -> Play:
    """Register a scenario for the original and ours."""
    return _register(play, "ours")


def scenario_on_set_v2(play: Play) -> Play:
    """Register a scenario for the original, and for our modules on an original controller."""
    return _register(play, "hybrid")


def _register(play: Play, against: str) -> Play:
    name = f"{play.__module__.rsplit('.', 1)[-1]}.{play.__name__}"
    assert name not in SCENARIOS, f"there are two scenarios {name}"
    SCENARIOS[name] = Scenario(name, play, against)
    return play


class Theatre:
    """The chain with both worlds on it; whatever is played is undone.

    Parameters
    ----------
    node
        Of the chain.
    worlds
        By name; "original" is the oracle.
    actors
        Accounts by role.
    """

    def __init__(self, node: Node, worlds: "dict[str, World]", actors: dict[str, str]) -> None:
        self.node = node
        self.worlds = worlds
        self.actors = actors

    def play(self, one: Scenario, tally: Tally) -> tuple[Any, Any]:
        """Play a scenario on the original, then on the other world, and compare.

        What the scenario returned in each of them comes back.
        """
        comparison = Comparison(one.name, tally)
        original = self.perform("original", comparison, one.play)
        return original, self.replay(one, comparison.entries, tally)

    def record(self, one: Scenario, tally: Tally) -> tuple[Entry, ...]:
        """Play a scenario on the original only."""
        comparison = Comparison(one.name, tally)
        self.perform("original", comparison, one.play)
        return comparison.entries

    def replay(self, one: Scenario, recorded: Sequence[Entry], tally: Tally) -> Any:
        """Play a scenario on the other world, and compare with the original's recording."""
        comparison = Comparison(one.name, tally)
        comparison.recall(recorded)
        result = self.perform(one.against, comparison, one.play)
        assert comparison.complete, f"{one.name}: ours made fewer calls"
        return result

    def perform(self, world: str, comparison: Comparison, play: Play) -> Any:
        """Play in one world, undo it, and return what the play did."""
        snapshot = self.node.snapshot()
        stage = Stage(self.node, self.worlds[world], self.actors, comparison)
        try:
            result = play(stage)
            stage.count_observed()
        finally:
            self.node.restore(snapshot)
        return result
