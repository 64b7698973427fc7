"""Judge candidates, weigh a basket, print the calendar of an index: no chain needed."""

import json
from datetime import datetime
from pathlib import Path

import click

from indexkit.commands import console, json_option

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def cli() -> None:
    """Judge candidates, weigh a basket, print the calendar of an index."""


@cli.command()
@click.argument("file", type=FILE)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The file's date unless given.")
@click.option("--circulating-share", metavar="SHARE", default="0.075", show_default=True)
@click.option("--reasons", is_flag=True, help="Say why, with the sources.")
@json_option()
def criteria(
    file: Path, on: datetime | None, circulating_share: str, reasons: bool, json_file: Path | None
) -> None:
    """Judge the tokens of an evidence file by the inclusion criteria."""
    from indexkit.methodology import tables
    from indexkit.methodology.assessment import assess
    from indexkit.methodology.basket import number
    from indexkit.methodology.criteria import Parameters
    from indexkit.methodology.evidence import read_evidence

    evidence = read_evidence(file)
    day = on.date() if on else evidence.date
    share = number(circulating_share, "--circulating-share")
    parameters = Parameters(least_circulating_share=share)
    assessments = assess(evidence, parameters, day)
    terminal = console()
    terminal.print(tables.verdict_table(assessments, day))
    if reasons:
        terminal.print(tables.reason_table(assessments))
    if json_file is not None:
        verdicts = tables.verdicts_json(assessments, parameters, day)
        json_file.write_text(json.dumps(verdicts, indent=1) + "\n")


@cli.command()
@click.argument("basket", type=FILE)
@click.option("--divisor", metavar="NUMBER", help="Say the level it makes.")
@click.option("--keep", metavar="USD", help="Say the divisor that keeps the index at this level.")
def level(basket: Path, divisor: str | None, keep: str | None) -> None:
    """Print a basket's target weights, its market cap, its level or its new divisor."""
    from indexkit.methodology import tables
    from indexkit.methodology.basket import number, read_basket

    read = read_basket(basket)
    lines = tables.level_lines(
        read,
        number(divisor, "--divisor") if divisor else None,
        number(keep, "--keep") if keep else None,
    )
    terminal = console()
    terminal.print(tables.weight_table(read))
    for line in lines:
        terminal.print(line)


@cli.command()
@click.option("--year", type=int, required=True)
@click.option("--every", type=int, default=1, show_default=True, help="Months between two cycles.")
@click.option("--window", type=int, default=1, show_default=True, help="Business days to trade.")
@click.option("--holidays", "holiday_calendar", default="US", show_default=True, help="Or NYSE.")
def calendar(year: int, every: int, window: int, holiday_calendar: str) -> None:
    """Print when weights are determined and when the index takes them."""
    from indexkit.methodology import dates, tables

    cycles = dates.year_calendar(year, every=every, window=window, calendar=holiday_calendar)
    console().print(tables.calendar_table(year, cycles))
