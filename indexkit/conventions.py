"""The conventions by which notionals become trades: those of the published plans, and ours.

The tool that made the published rebalances counted, ordered and rounded in ways of its own, and
changed them once or twice. Each way is an option here, and each period a named set of them, so
that the published figures come out to the wei and new rebalances without the defects.

Source: IndexCoop/index-coop-smart-contracts, ``index-rebalances``, commits b55d2a1 (February 2021),
83469f8 (April 2021) and 3e9212c (June 2021).
"""

from dataclasses import dataclass
from typing import Literal

from indexkit.errors import IndexkitError

Rounding = Literal["per-component", "after-sum"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """How trades are counted, ordered and priced, and how the index value is rounded.

    Attributes
    ----------
    name
        As data files write it.
    trade_count
        ``"ceil"``, or ``"floor-plus-one"``, which counts one trade too many for an exact multiple
        of the largest trade and for a notional of zero.
    leftover
        The buys that stay unaffordable to the end of the rounds follow ``"all"``, or ``"once"``
        per component however many trades it lacks.
    sizes
        Trades are priced ``"scaled"`` by the decimals of their token, or ``"as-18-decimals"``,
        which takes sales of tokens with fewer decimals for almost no WETH.
    value
        The index value is rounded down ``"per-component"``, or once, ``"after-sum"``.
    """

    name: str
    trade_count: Literal["ceil", "floor-plus-one"]
    leftover: Literal["all", "once"]
    sizes: Literal["scaled", "as-18-decimals"]
    value: Rounding


CORRECTED = Conventions("corrected", "ceil", "all", "scaled", "per-component")
"""For new rebalances: no trade too many, none dropped, every token priced by its decimals."""

FEBRUARY_2021 = Conventions(
    "february-2021", "floor-plus-one", "once", "as-18-decimals", "after-sum"
)
"""DPI, February to April 2021."""

MAY_2021 = Conventions("may-2021", "floor-plus-one", "once", "as-18-decimals", "per-component")
"""May 2021: the index value is rounded per component."""

JUNE_2021 = Conventions("june-2021", "floor-plus-one", "once", "scaled", "per-component")
"""June and July 2021: trades are priced by the decimals of their token."""

PRESETS = (CORRECTED, FEBRUARY_2021, MAY_2021, JUNE_2021)


def named(name: str) -> Conventions:
    """Return the conventions of that name.

    Raises
    ------
    IndexkitError
        There are none.
    """
    for preset in PRESETS:
        if preset.name == name:
            return preset
    raise IndexkitError(
        f"No conventions are called {name!r}: use one of {', '.join(p.name for p in PRESETS)}."
    )
