"""What to do about a trade that the chain refuses: try later, or stop."""

from dataclasses import dataclass

from indexkit.errors import IndexkitError

FATAL = {
    "Address not permitted to trade": "the trader was removed: let the manager allow it again",
    "Rebalance has expired": "its deadline has passed: let the manager start it anew",
    "Loss budget used up": "the guard allows no more losses: let the manager look at what was "
    "lost, and start the rebalance anew or raise the budget",
    "Passed component not included in rebalance": "the manager cancelled the rebalance: look at "
    "what was decided",
    "Guard not configured": "the guard has no terms: let the manager configure it",
    "Exchange must be specified": "the manager took its exchange away: let him set it",
    "Caller must be EOA Address": "only a guarded index lets a contract trade: use another account",
}
"""Reasons that no waiting changes, with what to do."""


class StopError(IndexkitError):
    """The run cannot go on; what was traded stands."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a keeper waits after a refusal.

    Attributes
    ----------
    first
        Wait after the first one {s}; it doubles with each.
    refusals
        In a row, of one component, before it is given up.
    """

    first: int = 300
    refusals: int = 7

    def wait(self, refusals: int) -> int:
        """Return how long to leave a component alone after so many refusals {s}."""
        return self.first << (refusals - 1)


@dataclass(slots=True)
class Refusal:
    """A component that was refused: how often in a row, why last, and when to try again {s}."""

    reason: str
    count: int
    until: int


class Refusals:
    """The components that were refused of late.

    Parameters
    ----------
    patience
        How long they are left alone.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._of: dict[str, Refusal] = {}

    def add(self, symbol: str, reason: str, now: int) -> int:
        """Note a refusal; return how long the component is left alone {s}.

        Raises
        ------
        StopError
            No waiting changes the reason.
        """
        if reason in FATAL:
            raise StopError(f"{symbol} was refused ({reason}): {FATAL[reason]}.")
        count = self._of[symbol].count + 1 if symbol in self._of else 1
        wait = self._patience.wait(count)
        self._of[symbol] = Refusal(reason, count, now + wait)
        return wait

    def clear(self, symbol: str) -> None:
        """Forget a component's refusals: it traded."""
        self._of.pop(symbol, None)

    def waits(self, symbol: str, now: int) -> bool:
        """Tell whether a component is left alone now."""
        return symbol in self._of and (now < self._of[symbol].until or self.gave_up(symbol))

    def gave_up(self, symbol: str) -> bool:
        """Tell whether a component was refused too often."""
        return symbol in self._of and self._of[symbol].count >= self._patience.refusals

    def until(self) -> int | None:
        """Return when the first of those to be tried again is due {s}; None if there are none."""
        times = [r.until for symbol, r in self._of.items() if not self.gave_up(symbol)]
        return min(times, default=None)

    def sentence(self) -> str | None:
        """Say which components were given up, and why; None if none was."""
        given_up = [(s, r) for s, r in self._of.items() if self.gave_up(s)]
        if not given_up:
            return None
        words = ", ".join(f"{s} ({r.reason}, {r.count} times)" for s, r in given_up)
        return (
            f"The chain kept refusing {words}: the other trades stand; see to the cause, "
            "and start the keeper again."
        )
