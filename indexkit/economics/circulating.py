"""Which INDEX circulates: the one definition, for the ledger and for the quorum of a vote.

INDEX circulates if somebody other than the community's own treasury has it or could take it now:

    circulating = 10,000,000 - locked - the treasury's own

- **Locked** is what belongs to nobody yet: vesting that has not vested, liquidity mining that has
  not been streamed, tranches of the bounty that have not been settled, and what nobody can ever
  move (coins sent to one of the contracts by mistake). No one can vote with it or sell it.
- **The treasury's own** is what lies in its wallet and what is due to it. It is everybody's: it
  votes with none of it, and a quorum taken of it would rise with each month that vests. Index
  Coop's documentation lists the treasury's accounts first under "Non-Circulating Addresses"
  (docs.indexcoop.com, the-index-token).
- **What is due to others circulates**, claimed or not: vested coins of Set Labs and DeFi Pulse,
  rewards that stakers have earned, unclaimed coins of the published lists, settled parts of the
  bounty. Any block may put them into a wallet, and some of them counted as votes within two months
  (IIP-9: unclaimed farming rewards).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from indexkit.plan import WAD

TOTAL = 10_000_000 * WAD
"""All INDEX there is {INDEX base units}."""


class Standing(StrEnum):
    """Whether coins circulate, and why not if they don't."""

    LOCKED = "locked"
    TREASURY = "treasury"
    CIRCULATING = "circulating"


@dataclass(frozen=True, slots=True)
class Pot:
    """Coins of one kind in one place.

    Attributes
    ----------
    name
        Place and kind, as in "Set Labs stream: due".
    standing
        Whether they circulate.
    amount
        {INDEX base units}
    """

    name: str
    standing: Standing
    amount: int


def circulating(pots: Iterable[Pot]) -> int:
    """Return how much circulates {INDEX base units}."""
    return total_of(pots, Standing.CIRCULATING)


def total_of(pots: Iterable[Pot], *standings: Standing) -> int:
    """Return the sum of the pots of certain standings {INDEX base units}."""
    return sum(pot.amount for pot in pots if pot.standing in standings)
