"""The result as a table, as data, and as docs/GAS.md."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.targets import Row
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT

RESULT = ROOT / "build" / "bench" / "gas.json"
DOCUMENT = ROOT / "docs" / "GAS.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"

HEADINGS = ("operation", "n", "original", "floor", "ours", "ratio", "target", "verdict")
WORDS = ("operation", "verdict")

Sections = Mapping[str, Sequence[Row]]
"""Lines by the title of their table."""


def lines(sections: Sections) -> Iterator[str]:
    """Yield the tables, as Markdown that can be read as it is."""
    yield f"Verdicts: {_counted(sections)}."
    for title, rows in sections.items():
        yield ""
        yield f"### {title}"
        yield ""
        yield from _table([HEADINGS, *map(_cells, rows)])


def write(sections: Sections) -> None:
    """Write the rows to build/bench/gas.json."""
    rows = [row.as_json() for rows in sections.values() for row in rows]
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({"rows": rows}, indent=1) + "\n")


def document(sections: Sections, path: Path = DOCUMENT) -> None:
    """Put the tables between the marks of docs/GAS.md; all that was written by hand stays."""
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise IndexkitError(f"{path} has lost its marks {BEGIN} and {END}: put them back.")
    text = "\n".join(lines(sections))
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def _counted(sections: Sections) -> str:
    verdicts = [row.verdict for rows in sections.values() for row in rows]
    return f"{verdicts.count('met')} met, {verdicts.count('missed')} missed"


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.operation,
        _number(row.n),
        _number(row.original),
        _number(row.floor),
        _number(row.ours),
        "" if row.ratio is None else f"{row.ratio:.3f}",
        _target(row),
        row.verdict,
    )


def _target(row: Row) -> str:
    if row.limit is not None:
        return f"≤ {_number(row.limit)}"
    return "" if row.target is None else f"≤ {row.target:.2f}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table with its columns padded; numbers stand to the right."""
    widths = [max(2, *map(len, column)) for column in zip(*rows, strict=True)]
    words = [heading in WORDS for heading in HEADINGS]
    for place, cells in enumerate(rows):
        padded = (
            cell.ljust(width) if is_word else cell.rjust(width)
            for cell, width, is_word in zip(cells, widths, words, strict=True)
        )
        yield f"| {' | '.join(padded)} |"
        if place == 0:
            rules = (
                "-" * width if is_word else "-" * (width - 1) + ":"
                for width, is_word in zip(widths, words, strict=True)
            )
            yield f"| {' | '.join(rules)} |"
