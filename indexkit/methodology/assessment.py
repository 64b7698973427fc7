"""Judging tokens by their evidence: pass, fail, or unknown (R-30).

What can be measured is computed; for the rest a recorded answer decides. Without evidence a rule is
unknown, and a token with an unknown is not eligible.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from indexkit.methodology.criteria import CRITERIA, Parameters
from indexkit.methodology.evidence import YES, Evidence, Item, Token
from indexkit.methodology.shares import to_decimal

PASS, FAIL, UNKNOWN = "pass", "fail", "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one rule, why, and by which items."""

    criterion: str
    outcome: str
    reason: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A token's verdicts, one per rule, in the order of `criteria.CRITERIA`."""

    symbol: str
    verdicts: tuple[Verdict, ...]

    @property
    def outcome(self) -> str:
        """Return fail if a rule fails, else unknown if one is, else pass."""
        outcomes = {verdict.outcome for verdict in self.verdicts}
        return next(outcome for outcome in (FAIL, UNKNOWN, PASS) if outcome in outcomes)

    @property
    def eligible(self) -> bool:
        """Whether every rule passes."""
        return self.outcome == PASS

    def verdict(self, criterion: str) -> Verdict:
        """Return the verdict on the rule of that name."""
        return next(verdict for verdict in self.verdicts if verdict.criterion == criterion)


def assess(evidence: Evidence, parameters: Parameters, on: date) -> tuple[Assessment, ...]:
    """Judge tokens by what was known on a day.

    Of several items on one fact the latest counts. Items dated after the day do not count, nor do
    supplies and liquidities that are older than ``longest_age_days``.

    Returns
    -------
    tuple of Assessment
        Sorted by symbol.
    """
    return tuple(
        _assessment(token, parameters, on)
        for token in sorted(evidence.tokens, key=lambda token: token.symbol)
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The latest item on each fact (and venue), and which of them are too old to measure by."""

    items: Mapping[tuple[str, str], Item]
    parameters: Parameters
    on: date

    def item(self, fact: str) -> Item | None:
        return self.items.get((fact, ""))

    def fresh(self, fact: str) -> list[Item]:
        return [
            item
            for (name, _), item in sorted(self.items.items())
            if name == fact and (self.on - item.date).days <= self.parameters.longest_age_days
        ]


def _assessment(token: Token, parameters: Parameters, on: date) -> Assessment:
    known = [item for item in token.items if item.date <= on]
    latest = {(item.fact, item.venue): item for item in sorted(known, key=lambda item: item.date)}
    facts = _Known(latest, parameters, on)
    return Assessment(
        token.symbol,
        tuple(
            MEASURED[criterion.name](facts)
            if criterion.measured
            else _judged(criterion.name, facts)
            for criterion in CRITERIA
        ),
    )


def _judged(name: str, known: _Known) -> Verdict:
    item = known.item(name)
    if item is None:
        return Verdict(name, UNKNOWN, "no recorded answer")
    return Verdict(name, PASS if item.value == YES else FAIL, f"recorded: {item.value}", (item,))


def _circulating_share(known: _Known) -> Verdict:
    name = "circulating-share"
    now, later = known.fresh("circulating-supply"), known.item("five-year-supply")
    if not now or later is None or not Decimal(later.value):
        return Verdict(name, UNKNOWN, "no recent circulating supply, or none in five years")
    share = Fraction(now[0].value) / Fraction(later.value)
    enough = share >= Fraction(known.parameters.least_circulating_share)
    reason = f"{now[0].value} of {later.value} circulate, {to_decimal(share, 28):.2%}"
    return Verdict(name, PASS if enough else FAIL, reason, (now[0], later))


def _age(known: _Known) -> Verdict:
    item = known.item("launched")
    if item is None:
        return Verdict("age", UNKNOWN, "no launch date")
    days = (known.on - date.fromisoformat(item.value)).days
    enough = days >= known.parameters.least_age_days
    return Verdict("age", PASS if enough else FAIL, f"launched {days} days before", (item,))


def _venues(known: _Known) -> Verdict:
    """Count exchanges; too few fail only if the evidence says how many there are in all."""
    asked = known.parameters
    listed = known.fresh("venue-liquidity")
    deep = [item for item in listed if Decimal(item.value) >= asked.least_venue_liquidity_usd]
    counts = known.fresh("venue-count")
    reason = f"{len(deep)} of {len(listed)} known exchanges are deep enough"
    if len(deep) >= asked.least_venues:
        return Verdict("venues", PASS, reason, tuple(deep))
    if counts and Decimal(counts[0].value) - len(listed) + len(deep) < asked.least_venues:
        reason += f", {counts[0].value} exchanges have it"
        return Verdict("venues", FAIL, reason, (*listed, *counts))
    return Verdict("venues", UNKNOWN, reason, tuple(listed))


MEASURED: Mapping[str, Callable[[_Known], Verdict]] = {
    "circulating-share": _circulating_share,
    "age": _age,
    "venues": _venues,
}
