"""Which plays make which part of the result."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from twins.scenario import Theatre

from bench import operations
from bench.deployments import deployments
from bench.growth import fit
from bench.guarded import guarded
from bench.meter import Measured, Work, measure
from bench.targets import Row, figures, row
from bench.votes import votes

SIZES = (10, 20)
"""Of the indices whose every operation is measured {components}."""

GROWING = (5, 10, 20, 40, 80)
"""Of the indices that show how operations grow {components}."""

LARGE = 200
"""The most components that a SetToken of ours can have."""

GROWTH = (
    *("create", "issue, repeat", "redeem", "accrueFee, repeat", "setTradeMaximums, first"),
    *("startRebalance, first", "startRebalance, again", "trade, sell, repeat"),
    *("tradeRemainingWETH", "raiseAssetTargets"),
)
"""Operations whose growth is measured."""

PLAYS: tuple[Work, ...] = (operations.life, operations.rebalance, operations.raised)

Say = Callable[[str], None]


def at(theatre: Theatre, n: int) -> list[Measured]:
    """Measure every operation of an index of so many components, votes apart.

    Beside a guarded trade of ours stands the same trade of the original, which knows no guard.
    """
    found = [one for play in (*PLAYS, operations.whole) for one in measure(theatre, play, n)]
    plain = {one.operation: one.original for one in found}
    return found + [
        replace(one, original=plain[one.operation.removesuffix(", guarded")])
        for one in measure(theatre, guarded, n, ("ours",))
    ]


def all_operations(theatre: Theatre, say: Say) -> list[Row]:
    """Measure every operation of indices of two sizes, and votes."""
    found: list[Measured] = []
    for n in SIZES:
        say(f"Every operation, {n} components")
        found += at(theatre, n)
    say("Votes")
    return list(map(row, found + measure(theatre, votes, None)))


def growth(theatre: Theatre, say: Say) -> list[Row]:
    """Measure operations of indices of many sizes: gas per component, and per its square."""
    gas: dict[str, dict[int, Measured]] = {operation: {} for operation in GROWTH}
    for n in GROWING:
        say(f"Growth, {n} components")
        for play in PLAYS:
            for one in measure(theatre, play, n):
                gas.get(one.operation, {})[n] = one
    return [line for operation in GROWTH for line in _growth_of(operation, gas[operation])]


def _growth_of(operation: str, measured: dict[int, Measured]) -> list[Row]:
    original = fit({n: one.original or 0 for n, one in measured.items()})
    ours = fit({n: one.ours or 0 for n, one in measured.items()})
    slope, curvature = figures()["slopes"].get(operation), figures()["curvature"]
    values = ((g.slope, g.curvature) for g in (original, ours))
    (their_slope, their_curvature), (our_slope, our_curvature) = (
        tuple(round(float(value), 1) for value in pair) for pair in values
    )
    return [
        Row(f"{operation}: per component", None, their_slope, our_slope, limit=slope),
        Row(f"{operation}: per component²", None, their_curvature, our_curvature, limit=curvature),
    ]


def largest(theatre: Theatre, say: Say) -> list[Row]:
    """Measure an index of as many components as a SetToken of ours can have."""
    say(f"{LARGE} components")
    limit = figures()["transaction"]
    return [
        Row(one.operation, one.n, one.original, one.ours, limit=limit)
        for one in measure(theatre, operations.large, LARGE)
    ]


def deployed(theatre: Theatre, say: Say) -> list[Row]:
    """Measure what deploying the protocol costs."""
    say("Deployments")
    return list(map(row, deployments(theatre)))


Part = Callable[[Theatre, Say], Sequence[Row]]

PARTS: dict[str, tuple[str, int, Part]] = {
    "operations": ("Operations", max(SIZES) + 1, all_operations),
    "growth": ("Growth", max(GROWING) + 1, growth),
    "large": (f"An index of {LARGE} components", LARGE, largest),
    "deployments": ("Deployment", 0, deployed),
}
"""Parts that need a theatre: title, tokens in its market, and what is measured there."""
