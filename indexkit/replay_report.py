"""Replays shown: a table per rebalance, a line that counts, and the same as JSON."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from indexkit import documents, publication
from indexkit.errors import IndexkitError
from indexkit.rebalance_data import available
from indexkit.replaying import SEAL, Figure, replay, require_all

COLUMNS = {
    "target unit": "unit",
    "notional": "notional",
    "notional in USD": "USD",
    "side": "side",
    "trade count": "trades",
    "times in the order": "in order",
    "startRebalance, target unit": "start",
    "update of exchange": "exchange",
    "update of max_trade_size": "size",
    "update of cool_off_period": "cool-off",
    SEAL: "sealed",
}
"""Headings of a component's figures, by the figure's name."""


def show(names: Sequence[str], terminal: Console) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Replay published rebalances and show every figure.

    Parameters
    ----------
    names
        Names or paths; all that the project has if none. The drafts are shown as refused then, and
        it is a complaint if one is not.
    terminal
        Where tables go.

    Returns
    -------
    tuple
        The outcome as JSON, and the complaints, a sentence each: none if all is as published.

    Raises
    ------
    IndexkitError
        Nothing has one of the names.
    """
    found = [publication.find(name) for name in names or available()]
    rebalances: list[dict[str, Any]] = []
    complaints: list[str] = []
    for name, folder in found:
        try:
            read = publication.read(name, folder)
            figures = replay(read)
            terminal.print(*_tables(name, figures), sep="\n")
            rebalances.append(
                {
                    "name": name,
                    "digests": publication.digests_of(read.document),
                    "figures": [_json(figure) for figure in figures],
                }
            )
            require_all(name, figures)
        except IndexkitError as error:
            complaints.append(error.message)
    refused = {}
    for name in () if names else available(publication.DRAFTS):
        try:
            require_all(name, replay(publication.read(name, publication.DRAFTS)))
            complaints.append(f"{name} is a draft that has to be refused, but nothing refused it.")
        except IndexkitError as error:
            refused[name] = error.message
            terminal.print(f"{name} REFUSED: {error.message}", soft_wrap=True, markup=False)
    passes = [figure["pass"] for rebalance in rebalances for figure in rebalance["figures"]]
    if passes:
        terminal.print(f"{len(passes)} figures, {sum(passes)} pass")
    outcome = {
        "rebalances": rebalances,
        "refused": refused,
        "figures": len(passes),
        "pass": sum(passes),
    }
    return outcome, tuple(complaints)


def run(names: Sequence[str], terminal: Console, json_file: Path | None) -> None:
    """Replay and show, write the outcome, and fail unless all is as published.

    Raises
    ------
    IndexkitError
        A figure differs, a file is refused, or the outcome cannot be written.
    """
    outcome, complaints = show(names, terminal)
    if json_file is not None:
        documents.write(json_file, outcome)
    if complaints:
        raise IndexkitError(" ".join(complaints))


def _tables(name: str, figures: Sequence[Figure]) -> Iterator[Table]:
    yield _component_table(name, [figure for figure in figures if figure.component])
    whole = Table("figure of the whole index", "")
    for figure in figures:
        if not figure.component:
            whole.add_row(figure.name, _verdict(figure))
    yield whole
    failed = [figure for figure in figures if not figure.passed]
    if failed:
        table = Table("component", "figure", "expected", "found", title="What differs")
        for figure in failed:
            texts = figure.component, figure.name, figure.expected, figure.found
            table.add_row(*map(escape, texts))
        yield table


def _component_table(name: str, figures: Sequence[Figure]) -> Table:
    by_name = {(figure.component, figure.name): figure for figure in figures}
    named = {figure.name for figure in figures}
    shown = [column for column in COLUMNS if column in named]
    table = Table("component", *(COLUMNS[column] for column in shown), title=escape(name))
    for symbol in dict.fromkeys(figure.component for figure in figures):
        row = (by_name.get((symbol, column)) for column in shown)
        table.add_row(escape(symbol), *(_verdict(figure) if figure else "" for figure in row))
    return table


def _verdict(figure: Figure) -> str:
    return "[green]PASS[/green]" if figure.passed else "[red]FAIL[/red]"


def _json(figure: Figure) -> dict[str, Any]:
    return {
        "component": figure.component or None,
        "figure": figure.name,
        "expected": figure.expected,
        "found": figure.found,
        "pass": figure.passed,
    }
