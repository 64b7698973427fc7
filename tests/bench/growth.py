"""How gas grows with the number of components."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Growth:
    """gas(n) = base + slope n + curvature n², the least squares over all n that were measured.

    Attributes
    ----------
    base
        {gas}
    slope
        {gas/component}
    curvature
        {gas/component²}
    """

    base: Fraction
    slope: Fraction
    curvature: Fraction


def fit(gas: Mapping[int, int]) -> Growth:
    """Fit gas by number of components, exactly.

    Parameters
    ----------
    gas
        {gas} by n, at least three.
    """
    assert len(gas) >= 3, "a parabola takes three points"
    sums = [sum(Fraction(n) ** power for n in gas) for power in range(5)]
    right = [sum(Fraction(n) ** power * used for n, used in gas.items()) for power in range(3)]
    return Growth(*_solve([[*sums[row : row + 3], right[row]] for row in range(3)]))


def _solve(rows: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    """Solve linear equations, of which no leading minor is zero, by elimination."""
    left = [list(row) for row in rows]
    for place, pivot in enumerate(left):
        pivot[:] = [value / pivot[place] for value in pivot]
        for other in left:
            if other is not pivot:
                factor = other[place]
                other[:] = [a - factor * b for a, b in zip(other, pivot, strict=True)]
    return [row[-1] for row in left]
