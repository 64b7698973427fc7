"""The methodology as tables for a terminal, and its verdicts as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from rich.table import Table

from indexkit.methodology.assessment import Assessment
from indexkit.methodology.basket import Basket
from indexkit.methodology.criteria import CRITERIA, Parameters, sentence
from indexkit.methodology.dates import Cycle
from indexkit.methodology.level import divisor_for, level, weight_factors
from indexkit.methodology.shares import to_decimal
from indexkit.methodology.weights import market_caps

MARKS = {"pass": "pass", "fail": "FAIL", "unknown": "?"}


def verdict_table(assessments: Sequence[Assessment], on: date) -> Table:
    """Return a row per rule and a column per token; ``?`` is unknown."""
    table = Table(title=f"Inclusion criteria on {on}")
    for heading in ("dimension", "rule", *(one.symbol for one in assessments)):
        table.add_column(heading)
    last = None
    for criterion in CRITERIA:
        marks = (MARKS[one.verdict(criterion.name).outcome] for one in assessments)
        dimension = criterion.dimension if criterion.dimension != last else ""
        table.add_row(dimension, criterion.name, *marks)
        last = criterion.dimension
    table.add_section()
    table.add_row("", "eligible", *("yes" if one.eligible else "no" for one in assessments))
    return table


def reason_table(assessments: Iterable[Assessment]) -> Table:
    """Return a row per verdict that is not a pass, or that was measured: why, and by what."""
    measured = {criterion.name for criterion in CRITERIA if criterion.measured}
    table = Table(title="Why")
    for heading in ("token", "rule", "", "reason", "sources"):
        table.add_column(heading, overflow="fold")
    for one in assessments:
        for verdict in one.verdicts:
            if verdict.items and (verdict.outcome == "fail" or verdict.criterion in measured):
                sources = "\n".join(f"{item.date} {item.source}" for item in verdict.items)
                mark = MARKS[verdict.outcome]
                table.add_row(one.symbol, verdict.criterion, mark, verdict.reason, sources)
    return table


def verdicts_json(
    assessments: Iterable[Assessment], parameters: Parameters, on: date
) -> dict[str, Any]:
    """Return the verdicts as a document: rules, parameters, and per token each rule's verdict."""
    return {
        "on": on.isoformat(),
        "parameters": {name: str(value) for name, value in asdict(parameters).items()},
        "criteria": {one.name: sentence(one, parameters) for one in CRITERIA},
        "tokens": {
            one.symbol: {
                "outcome": one.outcome,
                "verdicts": {
                    verdict.criterion: {
                        "outcome": verdict.outcome,
                        "reason": verdict.reason,
                        "sources": [
                            {"date": item.date.isoformat(), "source": item.source}
                            for item in verdict.items
                        ],
                    }
                    for verdict in one.verdicts
                },
            }
            for one in assessments
        },
    }


def weight_table(basket: Basket) -> Table:
    """Return a row per component: price, market cap and its share, weight factor and weight.

    Where the basket does not state every supply, only price and weight are there.
    """
    weights = basket.weights()
    caps = market_caps(basket.entries) if basket.has_supplies else {}
    total = sum(caps.values())
    factors = weight_factors(weights, basket.prices, basket.market_cap()) if caps else {}
    cap = f", cap {basket.rule.cap}" if basket.rule.cap is not None else ""
    table = Table(title=f"{basket.index}, {basket.date}: {basket.rule.name}{cap}")
    table.add_column("component")
    of_supply = ("market cap USD", "share", "weight factor") if caps else ()
    for heading in ("price USD", *of_supply, "weight"):
        table.add_column(heading, justify="right")
    for symbol, weight in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])):
        row = [symbol, f"{basket.prices[symbol]:,f}"]
        if caps:
            share = to_decimal(caps[symbol] / total, 28)
            row += [f"{round(caps[symbol]):,}", f"{share:.4%}", f"{factors[symbol]:,.4f}"]
        table.add_row(*row, f"{Decimal(weight).scaleb(-16):.16f} %")
    return table


def level_lines(
    basket: Basket, divisor: Decimal | None = None, kept: Decimal | None = None
) -> tuple[str, ...]:
    """Return lines on market cap, level and divisor; none if no supply is stated or asked for.

    Parameters
    ----------
    divisor
        If given, the level it makes of the basket's prices and supplies.
    kept
        If given, the divisor that keeps the index at this level, USD, with these supplies.

    Raises
    ------
    IndexkitError
        A divisor or level is given, and a supply is missing.
    """
    if not basket.has_supplies and divisor is None and kept is None:
        return ()
    total = basket.market_cap()
    lines = [f"Market cap of {len(basket.entries)} components: {total:,.2f} USD."]
    if divisor is not None:
        made = level(basket.prices, basket.supplies, divisor)
        lines.append(f"Level by the divisor {divisor}: {made:.18f} USD.")
    if kept is not None:
        wanted = divisor_for(basket.prices, basket.supplies, kept)
        lines.append(f"Divisor that keeps the level at {kept} USD: {wanted}.")
    return tuple(lines)


def calendar_table(year: int, cycles: Iterable[Cycle]) -> Table:
    """Return a row per cycle that is determined in the year."""
    table = Table(title=f"Cycles determined in {year}")
    for heading in ("determination", "", "reconstitution", ""):
        table.add_column(heading)
    for one in cycles:
        span = (one.determination_first, one.determination_last)
        window = (one.reconstitution_first, one.reconstitution_last)
        table.add_row(*(f"{day:%a %d %b %Y}" for day in (*span, *window)))
    return table
