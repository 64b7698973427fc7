"""Compare the published orders of trades with planned ones."""

import json
from pathlib import Path

import click

from indexkit.commands import console, json_option
from indexkit.rebalance_data import available


@click.command()
@click.option(
    "--rebalance",
    "names",
    multiple=True,
    type=click.Choice(available()),
    help="Which published rebalance, all by default; repeat it for several.",
)
@click.option("--gwei", "prices", multiple=True, type=click.IntRange(min=0), default=(20, 100))
@click.option("--hours", type=click.IntRange(min=1), help="Time for the plan; the published one's.")
@click.option("--seeds", type=click.IntRange(min=0), default=20, show_default=True)
@json_option()
def cli(
    names: tuple[str, ...],
    prices: tuple[int, ...],
    hours: int | None,
    seeds: int,
    json_file: Path | None,
) -> None:
    """Compare what the published orders of trades and planned ones are expected to cost."""
    from indexkit.planner_study import GWEI, saving_lines, study, study_table
    from indexkit.rebalance_data import load

    horizon = None if hours is None else 3600 * hours
    studies = [
        study(load(name), price * GWEI, range(seeds), horizon)
        for name in names or available()
        for price in prices
    ]
    terminal = console()
    terminal.print(study_table(studies))
    for line in saving_lines(studies):
        terminal.print(line)
    if json_file is not None:
        content = [each.to_json() for each in studies]
        json_file.write_text(json.dumps(content, indent=1) + "\n")
