"""The inclusion criteria (R-30): sixteen rules in four dimensions, and what they ask for.

The rules are those of the DeFi Pulse Index, in our words (``docs/METHODOLOGY.md``, section 5).
"""

from dataclasses import asdict, dataclass
from decimal import Decimal

from indexkit.errors import IndexkitError


@dataclass(frozen=True, slots=True)
class Criterion:
    """One rule.

    Attributes
    ----------
    dimension
        ``token``, ``supply``, ``traction`` or ``safety``.
    sentence
        What a token must fulfil, with names of parameters in braces; see `sentence`.
    measured
        Whether it is computed from figures; if not, somebody's recorded answer decides.
    """

    name: str
    dimension: str
    sentence: str
    measured: bool = False


CRITERIA = (
    Criterion("on-ethereum", "token", "The token lives on Ethereum."),
    Criterion("defi-protocol", "token", "It belongs to a protocol of decentralised finance."),
    Criterion("no-security", "token", "Authorities do not take it for a security."),
    Criterion(
        "bearer",
        "token",
        "It is a bearer instrument: not wrapped, derived, synthetic, tied to a physical asset "
        "or a claim on other tokens.",
    ),
    Criterion("predictable-supply", "supply", "Its supply of the next five years is foreseeable."),
    Criterion(
        "circulating-share",
        "supply",
        "At least {least_circulating_share} of the supply in five years circulates now.",
        measured=True,
    ),
    Criterion("passive-holders", "supply", "Locks or minting do not hurt those who merely hold."),
    Criterion("useful", "traction", "The project is widely taken to build something useful."),
    Criterion("no-game", "traction", "It is no Ponzi scheme, trading contest or entertainment."),
    Criterion("used", "traction", "The protocol has significant usage."),
    Criterion("age", "traction", "It launched {least_age_days} or more days ago.", measured=True),
    Criterion("solvent", "traction", "Neither protocol nor project is insolvent."),
    Criterion(
        "reviewed",
        "safety",
        "Security professionals reviewed the protocol, or it has operated long without harm.",
    ),
    Criterion("incidents", "safety", "Security incidents were answered and explained."),
    Criterion("liquid", "safety", "Its liquidity on Ethereum is reasonable and steady."),
    Criterion(
        "venues",
        "safety",
        "{least_venues} or more exchanges hold {least_venue_liquidity_usd} USD of it each.",
        measured=True,
    ),
)
JUDGED = tuple(criterion.name for criterion in CRITERIA if not criterion.measured)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the measured rules ask for.

    Attributes
    ----------
    least_circulating_share
        0.05 in methodology v0.1, 0.075 since v0.2 (November 2020).
    least_age_days
        180 in every version.
    least_venues, least_venue_liquidity_usd
        Ours: the published rules ask for liquidity and give no figure.
    longest_age_days
        Supplies and liquidities that are older do not count. Ours.
    """

    least_circulating_share: Decimal = Decimal("0.075")
    least_age_days: int = 180
    least_venues: int = 2
    least_venue_liquidity_usd: Decimal = Decimal(100_000)
    longest_age_days: int = 366

    def __post_init__(self) -> None:
        """Refuse a share outside 0 to 1 and figures below zero."""
        for name, value in asdict(self).items():
            if value < 0 or (name == "least_circulating_share" and value > 1):
                raise IndexkitError(f"The parameter {name} is {value}: give a sensible number.")


def sentence(criterion: Criterion, parameters: Parameters) -> str:
    """Return a rule's sentence with the parameters in it."""
    return criterion.sentence.format(**asdict(parameters))
