"""Recompute the published rebalances from their inputs and compare every figure."""

from pathlib import Path

import click

from indexkit.commands import console, json_option


@click.command()
@click.argument("names", metavar="[NAME]…", nargs=-1)
@json_option()
def cli(names: tuple[str, ...], json_file: Path | None) -> None:
    """Recompute published rebalances from their inputs and compare every figure.

    NAME is one of data/rebalances or data/drafts, or the path of a .json file; all by default.
    """
    from indexkit.replay_report import run

    run(names, console(), json_file)
