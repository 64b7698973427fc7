"""The pure parts: fits, targets, verdicts, tables, and which trades are due together."""

import json
from fractions import Fraction

import pytest

from bench import report
from bench.growth import Growth, fit
from bench.meter import Measured
from bench.targets import Row, row
from bench.together import moments
from indexkit.errors import IndexkitError


@pytest.mark.parametrize(
    ("base", "slope", "curvature"), [(21_000, 0, 0), (0, 38_400, 0), (3_220_000, 46_144, 78)]
)
def test_fit__parabola(base, slope, curvature):
    """Whatever lies on a parabola is found exactly."""
    gas = {n: base + slope * n + curvature * n * n for n in (5, 10, 20, 40, 80)}
    assert fit(gas) == Growth(Fraction(base), Fraction(slope), Fraction(curvature))


def test_fit__least_squares():
    """One reading that is off is shared out: of 0, 0, 0, 8 the best parabola is known."""
    assert fit({-3: 0, -1: 0, 1: 0, 3: 8}) == Growth(
        Fraction(-1, 2), Fraction(6, 5), Fraction(1, 2)
    )


def test_fit__too_few():
    """Two readings determine no parabola."""
    with pytest.raises(AssertionError, match="three"):
        fit({1: 1, 2: 2})


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (Row("x", 10, 1_000, 710, target=0.71), "met"),
        (Row("x", 10, 1_000, 711, target=0.71), "missed"),
        (Row("x", 10, 100, 50, limit=50), "met"),
        (Row("x", 10, 100, 51, limit=50), "missed"),
        (Row("x", 10, 0, 51, limit=50), "missed"),
        (Row("x", None, None, 51, limit=50), "missed"),
        (Row("x", 10, 1_000, 999), ""),
        (Row("x", 10, None, 999, target=0.5), ""),
        (Row("x", 10, 1_000, None, target=0.5), ""),
    ],
)
def test_verdict(line, verdict):
    """At the target is met, one gas beyond is missed, without a target there is none."""
    assert line.verdict == verdict


def test_row__floor_and_target_of_the_number_of_components():
    """Some hold for any number, some for one, some are none."""
    redeem = [row(Measured("redeem", n, 100, 50)) for n in (10, 20, 40)]
    assert [(one.floor, one.target) for one in redeem] == [
        (193_358, 0.54),
        (352_538, 0.52),
        (None, None),
    ]
    assert row(Measured("transferFrom", 20, 42_695, 1)).limit == 39_856
    assert row(Measured("deploy Controller", None, 3, 2)) == Row("deploy Controller", None, 3, 2)


def test_as_json__target_is_a_ratio():
    """Also where it is an amount; null where there is nothing."""
    assert Row("issue", 10, 1_000, 710, 500, target=0.71).as_json() == {
        "operation": "issue",
        "n": 10,
        "original": 1_000,
        "floor": 500,
        "ours": 710,
        "ratio": 0.71,
        "target": 0.71,
    }
    assert Row("slope", None, 200, 30, limit=50).as_json()["target"] == 0.25
    blueprint = Row("blueprint", None, None, 5).as_json()
    assert [blueprint[key] for key in ("n", "original", "floor", "ratio", "target")] == [None] * 5


SECTIONS = {
    "Operations": [
        Row("issue", 10, 1_000, 710, 500, target=0.71),
        Row("redeem, first", 20, 123_456, 123_457, target=0.52),
    ],
    "Growth": [Row("issue: per component", None, 38.4, 0.0, limit=27_300), Row("x", None, None, 5)],
}


def test_lines():
    """Numbers to the right, nothing where there is nothing, misses as plain as the rest."""
    assert list(report.lines(SECTIONS)) == [
        "Verdicts: 2 met, 1 missed.",
        "",
        "### Operations",
        "",
        "| operation     |  n | original | floor |    ours | ratio | target | verdict |",
        "| ------------- | -: | -------: | ----: | ------: | ----: | -----: | ------- |",
        "| issue         | 10 |    1,000 |   500 |     710 | 0.710 | ≤ 0.71 | met     |",
        "| redeem, first | 20 |  123,456 |       | 123,457 | 1.000 | ≤ 0.52 | missed  |",
        "",
        "### Growth",
        "",
        "| operation            |  n | original | floor | ours | ratio |   target | verdict |",
        "| -------------------- | -: | -------: | ----: | ---: | ----: | -------: | ------- |",
        "| issue: per component |    |     38.4 |       |  0.0 | 0.000 | ≤ 27,300 | met     |",
        "| x                    |    |          |       |    5 |       |          |         |",
    ]


def test_document__keeps_what_was_written_by_hand(tmp_path):
    """Only what stands between the marks is replaced, however often."""
    path = tmp_path / "GAS.md"
    path.write_text(f"# Gas\n\n{report.BEGIN}\nold\n{report.END}\n\n## What was tried\n\nMuch.\n")
    report.document(SECTIONS, path)
    once = path.read_text()
    report.document(SECTIONS, path)
    assert path.read_text() == once
    assert once.startswith(f"# Gas\n\n{report.BEGIN}\n\nVerdicts: ")
    assert once.endswith(f"{report.END}\n\n## What was tried\n\nMuch.\n")
    assert "old" not in once


def test_document__without_marks(tmp_path):
    """Nothing is written over a document that has lost them."""
    path = tmp_path / "GAS.md"
    path.write_text("# Gas\n")
    with pytest.raises(IndexkitError, match="has lost its marks"):
        report.document(SECTIONS, path)
    assert path.read_text() == "# Gas\n"


def test_write(monkeypatch, tmp_path):
    """All rows of all tables, in order."""
    monkeypatch.setattr(report, "RESULT", tmp_path / "bench" / "gas.json")
    report.write(SECTIONS)
    rows = json.loads(report.RESULT.read_text())["rows"]
    assert [one["operation"] for one in rows] == ["issue", "redeem, first", *SECTIONS_NAMES]


SECTIONS_NAMES = ["issue: per component", "x"]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("", []),
        ("UYKUYCMKU", ["UYK", "UYCMK", "U"]),
        ("KKK", ["K", "K", "K"]),
        ("ABC", ["ABC"]),
    ],
)
def test_moments(schedule, expected):
    """In order, each component once in a moment, nothing left out."""
    assert ["".join(moment) for moment in moments(schedule)] == expected
