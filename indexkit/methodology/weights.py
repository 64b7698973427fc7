"""Target weights of an index (R-32): named rules, exact arithmetic, one rounding at the end.

Prices, supplies and caps are decimals taken at face value; every rule works in exact fractions, and
only its result is rounded, to D18 integers that add up to exactly 1e18 (`shares.to_wad`). The order
of the entries plays no part.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from indexkit.errors import IndexkitError
from indexkit.methodology.shares import proportional, root_share, to_decimal, to_wad
from indexkit.plan import WAD

ROOT_PART = Fraction(3, 4)
"""What MVI gives to the square root of market cap; liquidity gets the rest (IIP-15)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A component and what its weight is computed from; what a rule does not use may be None.

    Attributes
    ----------
    price
        USD per whole token.
    supply
        Circulating supply, whole tokens.
    weight
        Share of the index, 0 to 1.
    liquidity
        On decentralised exchanges, USD.
    """

    symbol: str
    price: Decimal | None
    supply: Decimal | None = None
    weight: Decimal | None = None
    liquidity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How weights are computed: one of `RULES`, and the cap of a rule that has one (0 to 1]."""

    name: str
    cap: Decimal | None = None


Entries = tuple[Entry, ...]
Shares = dict[str, Fraction]
Current = Mapping[str, int]


def allocate(
    rule: Rule, entries: Iterable[Entry], current: Current | None = None
) -> dict[str, int]:
    """Compute the target weights of an index.

    Parameters
    ----------
    rule
        ``circulating-cap``, ``single-pass-cap``, ``iterated-cap``, ``flexible-cap``,
        ``sqrt-liquidity`` or ``given``.
    entries
        At least one, in any order.
    current
        Symbol to current weight, D18{1}; ``flexible-cap`` needs it of each component that is
        capped, zero for one that is new.

    Returns
    -------
    dict
        Symbol to weight, D18{1}, sorted by symbol, adding up to exactly 1e18. Of the capped rules
        only ``iterated-cap`` leaves none above the cap; the others look once.

    Raises
    ------
    IndexkitError
        The rule is unknown or has no sensible cap, a figure it needs is missing or not above zero,
        a symbol comes twice, or the rule has no solution for these entries.
    """
    checked = tuple(entries)
    _check(rule, checked)
    return to_wad(RULES[rule.name](rule, checked, current or {}))


def market_caps(entries: Iterable[Entry]) -> Shares:
    """Return price times circulating supply of each, exactly, USD.

    Raises
    ------
    IndexkitError
        A price or supply is missing or not above zero.
    """
    return {
        entry.symbol: _positive(entry, "price") * _positive(entry, "supply") for entry in entries
    }


def sqrt_liquidity(entries: Iterable[Entry]) -> dict[str, int]:
    """Weigh three quarters by the square root of market cap, one quarter by liquidity (MVI).

    ``weight = 0.75 · √cap / Σ√cap + 0.25 · liquidity / Σliquidity`` (IIP-15, IndexCoop/IIPS). The
    roots are taken of shares of the total market cap and rounded down to 36 decimals, so a common
    factor in the prices changes nothing; everything else is exact.

    Raises
    ------
    IndexkitError
        A price, supply or liquidity is missing or not above zero, or a symbol comes twice.
    """
    return allocate(Rule("sqrt-liquidity"), entries)


def _circulating(_rule: Rule, entries: Entries, _current: Current) -> Shares:
    return proportional(market_caps(entries), Fraction(1))


def _single_pass(rule: Rule, entries: Entries, current: Current) -> Shares:
    """Cap what is above the cap, spread the excess over the others, look no further.

    The rule of DPI from April to November 2021. Spreading may lift a component above the cap.
    """
    cap = _cap(rule)
    shares = _circulating(rule, entries, current)
    return _spread(shares, {symbol: cap for symbol, share in shares.items() if share > cap})


def _iterated(rule: Rule, entries: Entries, current: Current) -> Shares:
    """Cap and spread until no component is above the cap."""
    cap = _cap(rule)
    if len(entries) * cap < 1:
        raise IndexkitError(
            f"iterated-cap: {len(entries)} components of at most {rule.cap} each make "
            f"{_shown(len(entries) * cap)}, not 1: add components or raise the cap."
        )
    shares = _circulating(rule, entries, current)
    capped: Shares = {}
    while above := [s for s, share in shares.items() if share > cap]:
        capped |= dict.fromkeys(above, cap)
        shares = _spread(shares, capped)
    return shares


def _flexible(rule: Rule, entries: Entries, current: Current) -> Shares:
    """Move what is above the cap half way from its current weight to the cap, spread the rest.

    The rule of DPI since December 2021 (methodology v0.4): less turnover. One pass; a component may
    end above the cap.
    """
    cap = _cap(rule)
    shares = _circulating(rule, entries, current)
    above = [symbol for symbol, share in shares.items() if share > cap]
    for symbol in above:
        if not 0 <= current.get(symbol, -1) <= WAD:
            raise IndexkitError(
                f"flexible-cap: {symbol} is above the cap and its current weight is "
                f"{current.get(symbol, 'missing')}: give it, 0 to {WAD} (0 if it is new)."
            )
    return _spread(shares, {s: (cap + Fraction(current[s], WAD)) / 2 for s in above})


def _spread(shares: Shares, fixed: Shares) -> Shares:
    """Fix the weights of some; the others divide what is left in proportion."""
    others = {symbol: share for symbol, share in shares.items() if symbol not in fixed}
    left = 1 - sum(fixed.values(), Fraction(0))
    if left < 0 or (left > 0) == (not others):
        raise IndexkitError(
            f"The capped components ({', '.join(sorted(fixed))}) take {_shown(1 - left)} of the "
            f"index, and {len(others)} others share the rest: change the cap or the components."
        )
    return fixed | proportional(others, left)


def _root_and_liquidity(rule: Rule, entries: Entries, current: Current) -> Shares:
    caps = _circulating(rule, entries, current)
    roots = {symbol: root_share(share) for symbol, share in caps.items()}
    liquidity = {entry.symbol: _positive(entry, "liquidity") for entry in entries}
    by_root = proportional(roots, ROOT_PART)
    by_liquidity = proportional(liquidity, 1 - ROOT_PART)
    return {symbol: by_root[symbol] + by_liquidity[symbol] for symbol in caps}


def _given(_rule: Rule, entries: Entries, _current: Current) -> Shares:
    shares = {entry.symbol: _positive(entry, "weight") for entry in entries}
    total = sum(shares.values())
    if total != 1:
        raise IndexkitError(
            f"given: the weights add up to {_shown(Fraction(total))}, not exactly 1: correct them."
        )
    return shares


RULES: Mapping[str, Callable[[Rule, Entries, Current], Shares]] = {
    "circulating-cap": _circulating,
    "single-pass-cap": _single_pass,
    "iterated-cap": _iterated,
    "flexible-cap": _flexible,
    "sqrt-liquidity": _root_and_liquidity,
    "given": _given,
}
CAPPED = ("single-pass-cap", "iterated-cap", "flexible-cap")
"""The rules that need a cap; the others take none."""


def _check(rule: Rule, entries: Entries) -> None:
    if rule.name not in RULES:
        raise IndexkitError(
            f"No weighting rule is called {rule.name!r}: use one of {', '.join(RULES)}."
        )
    if rule.name in CAPPED:
        _cap(rule)
    elif rule.cap is not None:
        raise IndexkitError(
            f"{rule.name} has no cap, but {rule.cap} is given: leave it out or use "
            f"one of {', '.join(CAPPED)}."
        )
    if not entries:
        raise IndexkitError("An index without components has no weights: name at least one.")
    for symbol, times in Counter(entry.symbol for entry in entries).items():
        if times > 1:
            raise IndexkitError(f"{symbol} is listed {times} times: leave one.")
    for entry in entries:
        _positive(entry, "price")


def _cap(rule: Rule) -> Fraction:
    # With more decimals than a weight has, rounding could lift a weight above the cap.
    cap = rule.cap
    if cap is None or not cap.is_finite() or not 0 < cap <= 1 or (Fraction(cap) * WAD) % 1:
        raise IndexkitError(
            f"{rule.name}: the cap is {'missing' if cap is None else cap}: give a number above 0, "
            "at most 1, with at most 18 decimals."
        )
    return Fraction(cap)


def _positive(entry: Entry, field: str) -> Fraction:
    value: Decimal | None = getattr(entry, field)
    if value is None:
        raise IndexkitError(f"{entry.symbol}: the {field} is missing: give it.")
    if not value.is_finite() or value <= 0:
        raise IndexkitError(
            f"{entry.symbol}: the {field} is {value}: give a number above zero, or leave the "
            "component out."
        )
    return Fraction(value)


def _shown(number: Fraction) -> str:
    """Return a number as a decimal of up to 40 digits."""
    return f"{to_decimal(number, 40).normalize(Context(prec=40)):f}"
