"""The formulas that turned prices and supplies into target units in 2021, to the wei.

They are here to repeat what was published, with the roundings and the limits of their time; new
rebalances have rules of their own. Whole numbers only, every division drops its remainder. Formulas
and roundings: IndexCoop/index-coop-smart-contracts, ``index-rebalances``, commits b55d2a1 (February
2021: no cap), 83469f8 (April 2021: 25 % cap) and 3e9212c (June 2021: MVI's given weights), whose
published units they give; the cap is rule 0.3 of DPI's methodology.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from indexkit.conventions import Rounding
from indexkit.errors import IndexkitError
from indexkit.fixed_point import WAD, div_trunc

CAP = WAD // 4
"""The largest weight of the capped rules, 25 %. D18{1}"""

CAPPED_DECIMALS = 18
"""Decimals that the cap-weighted formula takes every token to have; true of all of DPI's."""


class Entry(NamedTuple):
    """What the formulas know of a component.

    Attributes
    ----------
    price
        D18{USD} per whole token, above zero.
    measure
        Circulating supply in whole tokens, or, for given weights, the weight. D18{1}
    current_unit
        Base units of the token per whole index token.
    """

    symbol: str
    decimals: int
    price: int
    measure: int
    current_unit: int


Plain = tuple[str, int, int, int, int]


def index_value(entries: Iterable[Plain], rounding: Rounding = "per-component") -> int:
    """Return the value of one index token, D18{USD}.

    ``V = sum trunc(u_i p_i / d_i)``, or ``trunc(sum u_i p_i / d_i)`` as the tool did until April
    2021, which is at most one wei per component more.
    """
    held = _entries(entries)
    if rounding == "per-component":
        return sum(e.current_unit * e.price // _one(e.decimals) for e in held)
    most = max((e.decimals for e in held), default=0)
    scaled = (e.current_unit * e.price * _one(most - e.decimals) for e in held)
    return sum(scaled) // _one(most)


def divisor(entries: Iterable[Plain], index_value: int) -> int:
    """Return the divisor, market capitalisation over index value: ``D = trunc(sum q_i p_i / V)``.

    Raises
    ------
    IndexkitError
        The index is worth nothing.
    """
    _require_value(index_value)
    return sum(e.measure * e.price for e in _entries(entries)) // index_value


def target_units(rule: str, entries: Iterable[Plain], index_value: int) -> dict[str, int]:
    """Return the target unit of every component by one of the `RULES`.

    Parameters
    ----------
    rule
        ``"circulating-cap"``, ``"single-pass-cap"``, ``"flexible-cap"`` or ``"given"``.
    entries
        `Entry` or plain tuples of the same fields; their order does not matter.
    index_value
        What one index token is to be worth, D18{USD}: `index_value` of the same entries.

    Returns
    -------
    dict
        Symbol to base units of the token per whole index token, in the order of the entries.

    Raises
    ------
    IndexkitError
        There is no such rule, a symbol comes twice, a price is not positive or a measure negative,
        the index is worth nothing, or the formula divides by zero or does not hold for a token's
        decimals.
    """
    if rule not in RULES:
        raise IndexkitError(f"No rule is called {rule!r}: use one of {', '.join(RULES)}.")
    held = _entries(entries)
    _require_value(index_value)
    for place, entry in enumerate(held):
        if entry.symbol in (other.symbol for other in held[:place]):
            raise IndexkitError(
                f"{entry.symbol} is among the components twice: remove one of them."
            )
        if entry.price <= 0 or entry.measure < 0:
            raise IndexkitError(
                f"{entry.symbol}: the price {entry.price} is not above zero, or the supply or "
                f"weight {entry.measure} is below it: correct them."
            )
    return RULES[rule](held, index_value)


def _circulating_cap(entries: tuple[Entry, ...], value: int) -> dict[str, int]:
    """Weigh by market capitalisation: ``n_i = trunc(q_i 1e18 / D)``."""
    for entry in entries:
        if entry.decimals != CAPPED_DECIMALS:
            raise IndexkitError(
                f"{entry.symbol} has {entry.decimals} decimals, but the cap-weighted formula of "
                f"2021 holds for {CAPPED_DECIMALS} only: use the rule 'given'."
            )
    shared = divisor(entries, value)
    if shared == 0:
        raise IndexkitError(
            "The components' market capitalisation is below the index value, so the divisor is "
            "zero: correct the circulating supplies."
        )
    return {e.symbol: e.measure * WAD // shared for e in entries}


def _single_pass_cap(entries: tuple[Entry, ...], value: int) -> dict[str, int]:
    """Cut weights above 25 % to 25 % and share out the rest once."""
    return _capped(entries, value, lambda entry: CAP)


def _flexible_cap(entries: tuple[Entry, ...], value: int) -> dict[str, int]:
    """Cut weights above 25 % to half way between 25 % and the weight held before.

    The Index Coop's tool got this rule in January 2022. No figures that it gave are known here, so
    nothing confirms the roundings.
    """
    return _capped(
        entries, value, lambda entry: (CAP + entry.price * entry.current_unit // value) // 2
    )


def _capped(
    entries: tuple[Entry, ...], value: int, ceiling: Callable[[Entry], int]
) -> dict[str, int]:
    """Cut what is above the cap, and share out what that frees.

    With ``a_i = trunc(p_i n_i / V)`` of the uncapped units, a component with ``a_i`` above 25 %
    gets ``a_i = ceiling_i`` and ``n_i = trunc(a_i V / p_i)``. Let ``A`` be the sum of all ``a_i``
    then, ``C`` that of the capped ones. Each uncapped one gets ``share_i = trunc(a_i 1e18 / (A -
    C))``, ``extra_i = trunc(share_i (1e18 - A) / 1e18)`` and ``n_i = trunc((a_i + extra_i) V /
    p_i)``. One pass: nothing looks whether sharing out lifts another above the cap.
    """
    units = _circulating_cap(entries, value)
    weights = {e.symbol: e.price * units[e.symbol] // value for e in entries}
    capped = {e.symbol: ceiling(e) for e in entries if weights[e.symbol] > CAP}
    weights |= capped
    total = sum(weights.values())
    free = total - sum(capped.values())
    if free == 0:
        raise IndexkitError(
            "No component below the cap has any weight, so none can take what the cap frees: "
            "correct the circulating supplies."
        )
    for entry in entries:
        weight = weights[entry.symbol]
        if entry.symbol not in capped:
            # The truncated divisor may lift the sum above one: then this takes away.
            weight += div_trunc(weight * WAD // free * (WAD - total), WAD)
        units[entry.symbol] = weight * value // entry.price
    return units


def _given(entries: tuple[Entry, ...], value: int) -> dict[str, int]:
    """Turn given weights into units: ``n_i = trunc(d_i trunc(V w_i / 1e18) / p_i)``.

    The weights of MVI: 75 % by square root of market capitalisation, 25 % by liquidity (IIP-15).
    They need not add up to one.
    """
    return {e.symbol: _one(e.decimals) * (value * e.measure // WAD) // e.price for e in entries}


RULES: Mapping[str, Callable[[tuple[Entry, ...], int], dict[str, int]]] = {
    "circulating-cap": _circulating_cap,
    "single-pass-cap": _single_pass_cap,
    "flexible-cap": _flexible_cap,
    "given": _given,
}
"""The rules by name."""


def _entries(entries: Iterable[Plain]) -> tuple[Entry, ...]:
    return tuple(Entry(*entry) for entry in entries)


def _one(decimals: int) -> int:
    """Return one whole token in base units."""
    one: int = 10**decimals
    return one


def _require_value(index_value: int) -> None:
    if index_value <= 0:
        raise IndexkitError(
            "One index token is worth nothing at these prices: correct the current units or prices."
        )
