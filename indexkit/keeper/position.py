"""Where a rebalance stands, from the trades that were made: pure functions."""

from collections.abc import Sequence

from indexkit.plan import WAD

RAISE_DIVISOR = 1_002_500_000_000_000_000
"""By which a raise divides the module's multiplier. D18{1}"""


def entry(schedule: Sequence[str], components: Sequence[str], place: int) -> str:
    """Return an entry of the endless order: the schedule, then all components in turn."""
    if place < len(schedule):
        return schedule[place]
    return components[(place - len(schedule)) % len(components)]


def place_after(schedule: Sequence[str], components: Sequence[str], traded: Sequence[str]) -> int:
    """Return the place in the endless order after the last trade.

    Parameters
    ----------
    schedule
        Symbols in the order of their trades.
    components
        Symbols of all components, traded in turn after the schedule.
    traded
        Symbols of the trades made, in their order; entries between them were passed over.

    Notes
    -----
    Each trade is taken for the first entry of its symbol after the one before. An entry that was
    passed over would be again: nothing changed for it until the trade that followed. Where somebody
    else changed it, it is tried once more than needed, which the chain judges like any other try.
    """
    place = 0
    for symbol in traded:
        place = _next(schedule, components, place, symbol) + 1
    return place


def _next(schedule: Sequence[str], components: Sequence[str], place: int, symbol: str) -> int:
    """Return the first place of a symbol from one on."""
    if symbol in (rest := schedule[place:]):
        return place + list(rest).index(symbol)
    place = max(place, len(schedule))
    while entry(schedule, components, place) != symbol:
        place += 1
    return place


def raises(planned: int, found: int, most: int) -> int | None:
    """Count how often the targets were raised, from the module's multiplier.

    Parameters
    ----------
    planned, found
        D18{1} at the start, and now.
    most
        Raises to look for.

    Returns
    -------
    int or None
        None if no number of raises leads from one to the other.
    """
    for count in range(most + 1):
        if planned == found:
            return count
        planned = planned * WAD // RAISE_DIVISOR
    return None
