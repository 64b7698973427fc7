"""How much INDEX circulated at the end of a block, for the quorum of a vote.

What circulates is defined in `indexkit.economics.circulating`; this reckons it from events.
"""

from fractions import Fraction

from indexkit.economics import circulating as definition
from indexkit.economics.circulating import Pot, Standing
from indexkit.metagov.holdings import owners
from indexkit.metagov.moment import Moment

BOOKS = ("vesting", "farms", "unclaimed", "bounty")
"""Places in which some coins are nobody's yet; in pools each is somebody's."""

TOLERANCE = Fraction(1, 100)
"""A stated supply that is further off than that is warned of."""


def pots(moment: Moment) -> tuple[Pot, ...]:
    """Return all INDEX by where it was and whether it circulated.

    Raises
    ------
    IndexkitError
        The events contradict the contracts.
    """
    balances = moment.wallets().then
    treasury = moment.places.treasury
    found: list[Pot] = []
    booked: set[str] = set()
    for kind in BOOKS:
        for place in moment.places.of(kind):
            owed = owners(kind, place, moment, ())
            to_treasury = sum(owed.get(account, 0) for account in treasury)
            due = sum(owed.values()) - to_treasury
            name = f"{kind} {place}"
            found += (
                Pot(f"{name}: locked", Standing.LOCKED, balances.get(place, 0) - due - to_treasury),
                Pot(f"{name}: due", Standing.CIRCULATING, due),
                Pot(f"{name}: due to the treasury", Standing.TREASURY, to_treasury),
            )
            booked.add(place)
    wallets = {one: amount for one, amount in balances.items() if one not in booked}
    own = sum(wallets.get(account, 0) for account in treasury)
    return (
        *found,
        Pot("treasury", Standing.TREASURY, own),
        Pot("wallets", Standing.CIRCULATING, sum(wallets.values()) - own),
    )


def circulating(moment: Moment) -> int:
    """Return how much circulated at the end of the block {INDEX base units}."""
    return definition.circulating(pots(moment))


def is_off(stated: int, reckoned: int) -> bool:
    """Tell whether a stated supply differs from the reckoned one by more than 1 % of it."""
    return abs(stated - reckoned) > reckoned * TOLERANCE
