"""Write the report on a rebalance, a page and the same as JSON, from the files in its folder."""

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def cli(folder: Path) -> None:
    """Write report.html and report.json into the FOLDER of a rebalance."""
    from indexkit.report import write

    click.echo(f"Report: {write(folder)}")
