"""The inclusion criteria: verdicts by evidence, and one sentence for evidence that is wrong."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.methodology import tables
from indexkit.methodology.assessment import Assessment, Verdict, assess
from indexkit.methodology.criteria import CRITERIA, JUDGED, Parameters, sentence
from indexkit.methodology.evidence import (
    Evidence,
    Item,
    Token,
    parse_evidence,
    read_evidence,
)

DATA = Path(__file__).resolve().parents[3] / "data" / "methodology"
WORKED = DATA / "dpi-evidence-2021-11.json"
DAY = date(2021, 7, 1)
Fields = dict[str, Any]


def item(fact: str, value: str, on: date = DAY, venue: str = "") -> Item:
    """Return an item from a made-up source."""
    return Item(fact, value, "https://example.org", on, venue)


SOUND = (
    *(item(name, "yes") for name in JUDGED),
    item("circulating-supply", "75"),
    item("five-year-supply", "1000"),
    item("launched", "2021-01-02"),
    item("venue-liquidity", "100000", venue="UniswapV2"),
    item("venue-liquidity", "250000.5", venue="SushiSwap"),
)


def judge(*items: Item, on: date = DAY, **parameters: Any) -> Assessment:
    """Assess one token by these items."""
    evidence = Evidence("X", DAY, (Token("T", items),))
    return assess(evidence, Parameters(**parameters), on)[0]


def without(fact: str) -> tuple[Item, ...]:
    """Return the sound evidence without one fact."""
    return tuple(item for item in SOUND if item.fact != fact)


def test_criteria__cover_the_four_dimensions() -> None:
    """Every rule of R-30 is there once, in its dimension."""
    assert [(one.dimension, one.name) for one in CRITERIA] == [
        *(("token", n) for n in ("on-ethereum", "defi-protocol", "no-security", "bearer")),
        *(("supply", n) for n in ("predictable-supply", "circulating-share", "passive-holders")),
        *(("traction", n) for n in ("useful", "no-game", "used", "age", "solvent")),
        *(("safety", n) for n in ("reviewed", "incidents", "liquid", "venues")),
    ]


def test_assess__sound_evidence_is_eligible() -> None:
    """A token that just meets every limit passes every rule (R-30)."""
    found = judge(*reversed(SOUND))
    assert {verdict.outcome for verdict in found.verdicts} == {"pass"}
    assert (found.outcome, found.eligible) == ("pass", True)
    assert [verdict.criterion for verdict in found.verdicts] == [one.name for one in CRITERIA]
    assert found.verdict("circulating-share") == Verdict(
        "circulating-share",
        "pass",
        "75 of 1000 circulate, 7.50%",
        (item("circulating-supply", "75"), item("five-year-supply", "1000")),
    )
    assert found.verdict("age").reason == "launched 180 days before"


@pytest.mark.parametrize("name", JUDGED)
def test_assess__a_recorded_no_fails_and_silence_is_unknown(name: str) -> None:
    """A judged rule is what was recorded, and unknown without a record (R-30)."""
    failed = judge(*without(name), item(name, "no"))
    assert (failed.outcome, failed.verdict(name).reason) == ("fail", "recorded: no")
    silent = judge(*without(name))
    assert (silent.outcome, silent.eligible) == ("unknown", False)
    assert silent.verdict(name) == Verdict(name, "unknown", "no recorded answer")


def test_assess__a_fail_outweighs_an_unknown() -> None:
    """A token that fails one rule fails, whatever else is unknown (R-30)."""
    assert judge(item("bearer", "no")).outcome == "fail"
    assert judge().outcome == "unknown"


@pytest.mark.parametrize(
    ("criterion", "fact", "value", "outcome"),
    [
        ("circulating-share", "circulating-supply", "74.999", "fail"),
        ("circulating-share", "five-year-supply", "1000.001", "fail"),
        ("circulating-share", "five-year-supply", "0", "unknown"),
        ("age", "launched", "2021-01-03", "fail"),
        ("age", "launched", "2022-01-01", "fail"),
    ],
)
def test_assess__measured_rules_at_their_limits(
    criterion: str, fact: str, value: str, outcome: str
) -> None:
    """One step beyond the limit fails (R-30)."""
    found = judge(*without(fact), item(fact, value))
    assert found.verdict(criterion).outcome == outcome
    assert judge(*without(fact)).verdict(criterion).outcome == "unknown"


def test_assess__circulating_share_is_a_parameter() -> None:
    """5 % was enough for methodology v0.1, 7.5 % since v0.2 (R-30)."""
    items = (*without("circulating-supply"), item("circulating-supply", "50"))
    assert judge(*items).verdict("circulating-share").outcome == "fail"
    assert judge(*items, least_circulating_share=Decimal("0.05")).eligible


def test_assess__venues_are_counted_by_depth() -> None:
    """Deep exchanges count; too few fail only when it is known that there are no others (R-30)."""
    thin = (*without("venue-liquidity"), item("venue-liquidity", "99999.99", venue="A"))
    one = (*thin, item("venue-liquidity", "100000", venue="B"))
    assert judge(*one).verdict("venues").outcome == "unknown"
    assert judge(*one, item("venue-count", "3")).verdict("venues").outcome == "unknown"
    failed = judge(*one, item("venue-count", "2")).verdict("venues")
    assert (failed.outcome, failed.reason) == (
        "fail",
        "1 of 2 known exchanges are deep enough, 2 exchanges have it",
    )
    assert judge(*thin, least_venue_liquidity_usd=Decimal(0), least_venues=1).eligible


def test_assess__knows_only_what_was_known() -> None:
    """Later items do not count; of earlier ones the latest does (R-30)."""
    later = item("bearer", "no", date(2021, 7, 2))
    assert judge(*SOUND, later).eligible
    assert judge(*SOUND, later, on=date(2021, 7, 2)).outcome == "fail"
    earlier = item("bearer", "no", date(2021, 6, 30))
    assert judge(*SOUND, earlier).eligible
    assert judge(*SOUND, on=date(2021, 6, 30)).outcome == "unknown"


def test_assess__old_figures_do_not_count() -> None:
    """Supplies and liquidities of more than a year ago say nothing; answers stay (R-30)."""
    assert judge(*SOUND, on=date(2022, 7, 2)).eligible
    found = judge(*SOUND, on=date(2022, 7, 3))
    unknown = [one.criterion for one in found.verdicts if one.outcome == "unknown"]
    assert unknown == ["circulating-share", "venues"]
    assert judge(*SOUND, on=date(2022, 7, 3), longest_age_days=367).eligible


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("least_circulating_share", Decimal("1.01")),
        ("least_circulating_share", Decimal("-0.1")),
        ("least_age_days", -1),
        ("least_venues", -1),
        ("longest_age_days", -1),
    ],
)
def test_parameters__refuse_nonsense(name: str, value: Decimal | int) -> None:
    """A parameter outside its range is refused by name (R-30)."""
    with pytest.raises(IndexkitError, match=f"The parameter {name} is {value}: give a sensible"):
        replace(Parameters(), **{name: value})


def test_sentence__names_the_parameters() -> None:
    """A rule is printed with the figure it asks for (R-30)."""
    sentences = [sentence(one, Parameters()) for one in CRITERIA]
    assert "At least 0.075 of the supply in five years circulates now." in sentences
    assert "2 or more exchanges hold 100000 USD of it each." in sentences
    assert not any("{" in words for words in sentences)


def test_worked_example__mta_was_eligible_when_it_entered() -> None:
    """On 2 February 2021, as MTA entered DPI, every rule passes; nobody else's do (R-30)."""
    evidence = read_evidence(WORKED)
    then = {one.symbol: one for one in assess(evidence, Parameters(), date(2021, 2, 2))}
    assert [symbol for symbol, one in then.items() if one.eligible] == ["MTA"]
    assert then["CREAM"].outcome == "unknown"


def test_worked_example__cream_fails_when_it_left() -> None:
    """In November 2021 CREAM fails the rules that the announcement names (R-30)."""
    evidence = read_evidence(WORKED)
    found = {one.symbol: one for one in assess(evidence, Parameters(), evidence.date)}
    failed = {
        symbol: [verdict.criterion for verdict in one.verdicts if verdict.outcome == "fail"]
        for symbol, one in found.items()
    }
    assert failed == {
        **{symbol: [] for symbol in ("BADGER", "MTA", "SUSHI", "UNI")},
        "CREAM": ["passive-holders", "incidents"],
        "REP": ["liquid"],
        "WBTC": ["bearer"],
    }


def test_worked_example__sushi_came_of_age_on_the_last_day() -> None:
    """180 days after 28 August 2020 is 24 February 2021: SUSHI entered in March (R-30)."""
    sushi = next(token for token in read_evidence(WORKED).tokens if token.symbol == "SUSHI")
    known = tuple(replace(one, date=date(2020, 9, 1)) for one in sushi.items)
    assert judge(*known, on=date(2021, 2, 23)).verdict("age").outcome == "fail"
    assert judge(*known, on=date(2021, 2, 24)).verdict("age").outcome == "pass"


def test_verdict_table__is_rules_by_components() -> None:
    """The table has a row per rule and a column per token, unknowns marked (R-30)."""
    evidence = read_evidence(WORKED)
    symbols = [token.symbol for token in evidence.tokens]
    assessments = assess(evidence, Parameters(), evidence.date)
    written = StringIO()
    console = Console(width=120, file=written)
    console.print(tables.verdict_table(assessments, evidence.date))
    console.print(tables.reason_table(assessments))
    rows = [re.findall(r"[\w?-]+", line) for line in written.getvalue().splitlines()]
    assert ["dimension", "rule", *sorted(symbols)] in rows
    assert ["supply", "predictable-supply", "pass", "?", "pass", "?", "pass", "pass", "?"] in rows
    assert ["bearer", "?", "?", "pass", "?", "?", "?", "FAIL"] in rows
    assert ["eligible", *["no"] * len(symbols)] in rows
    assert {one.name for one in CRITERIA} <= {name for row in rows for name in row[:2]}
    assert "launched 477 days before" in written.getvalue()


def test_verdicts_json__is_canonical_and_complete() -> None:
    """The same evidence in another order gives the same bytes (R-30, I-28)."""
    evidence = read_evidence(WORKED)
    other = Evidence(
        evidence.index,
        evidence.date,
        tuple(Token(t.symbol, t.items[::-1]) for t in reversed(evidence.tokens)),
    )
    texts = {
        documents.canonical(
            tables.verdicts_json(assess(one, Parameters(), one.date), Parameters(), one.date)
        )
        for one in (evidence, other)
    }
    assert len(texts) == 1
    content = json.loads(texts.pop())
    assert content["on"] == "2021-11-23"
    assert content["parameters"]["least_circulating_share"] == "0.075"
    assert content["tokens"]["CREAM"]["verdicts"]["incidents"]["outcome"] == "fail"
    assert set(content["criteria"]) == set(content["tokens"]["UNI"]["verdicts"])


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda f: f.pop("tokens"), "evidence: the field 'tokens' is missing: add it."),
        (lambda f: f.update(date="soon"), "date is 'soon', not a date such as 2021-04-20"),
        (lambda f: f["tokens"].append(f["tokens"][0]), "UNI is listed more than once: put its it"),
        (lambda f: first(f).pop("source"), "[0] on-ethereum: the field 'source' is missing"),
        (lambda f: first(f).pop("date"), "[0] on-ethereum: the field 'date' is missing"),
        (lambda f: first(f).update(source=""), "source is '', not a text of at least one"),
        (lambda f: first(f).update(value="maybe"), "value is 'maybe', not one of yes, no"),
        (lambda f: first(f).update(fact="nice"), "fact is 'nice', not one of circulating-supply,"),
        (lambda f: first(f).update(fact="launched"), "value is 'yes', not a date such as"),
        (lambda f: first(f).update(fact="venue-count"), "value is 'yes', not a number, zero or"),
        (
            lambda f: first(f).update(fact="venue-liquidity", value="1"),
            "evidence, tokens[0] UNI, items[0] venue-liquidity: the field 'venue' is missing",
        ),
        (
            lambda f: f["tokens"][0]["items"].append(dict(first(f), value="no")),
            "tokens[0] UNI: there are two values of on-ethereum on 2020-09-17: leave one.",
        ),
    ],
)
def test_parse_evidence__refuses(edit: Callable[[Fields], object], words: str) -> None:
    """Evidence without a source, a date or a sensible value is refused by its place (R-30)."""
    content = json.loads(WORKED.read_text())
    edit(content)
    with pytest.raises(IndexkitError) as error:
        parse_evidence(content)
    assert words in error.value.message
    assert error.value.message.endswith(".")


def first(content: Fields) -> Fields:
    """Return the first item of an evidence file."""
    found: Fields = content["tokens"][0]["items"][0]
    return found
