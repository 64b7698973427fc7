"""Distribute INDEX as published, walk its calendar on a fork, and account for every coin."""

import json
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import (
    DefaultGroup,
    console,
    fork_option,
    json_option,
    network_option,
    output_option,
)
from indexkit.economics.market import prices_option

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DEPLOYMENT = click.option("--deployment", type=FILE, required=True, help="Its deployment.json.")


@click.group(cls=DefaultGroup, default="walk")
def cli() -> None:
    """Account for every INDEX: walk the published calendar (by default), or read a deployment."""


@cli.command(cls=ConnectedProviderCommand)
@fork_option()
@prices_option()
@json_option()
@output_option("--csv", about="Write the ledgers here.")
@output_option("--plot", about="Draw the ledgers here, as .svg or .png.", suffixes=(".svg", ".png"))
@click.option(
    "--every", type=click.IntRange(1, 12), default=1, show_default=True, help="Months a ledger."
)
def walk(json_file: Path | None, csv: Path | None, plot: Path | None, every: int) -> None:
    """Distribute INDEX, and walk from October 2020 to October 2023 with a ledger per month."""
    from indexkit.economics.walk import walk

    done = walk(console(), every=every)
    done.write(csv=csv, plot=plot)
    if json_file is not None:
        json_file.write_text(json.dumps(done.as_json(), indent=1) + "\n")


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@DEPLOYMENT
@click.option("--block", type=click.IntRange(min=0), help="The latest one by default.")
def ledger(deployment: Path, block: int | None) -> None:
    """Tell where all INDEX of a deployment is."""
    from indexkit.economics.ledger_tables import pots_table
    from indexkit.economics.pots import read_ledger

    console().print(pots_table(read_ledger(deployment, block)))


@cli.command()
@DEPLOYMENT
@click.option("--lists", type=FILE, help="Monthly lists of one's own, instead of the published.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def epoch(deployment: Path, lists: Path | None, folder: Path) -> None:
    """Write the epochs' files that monthly lists make for a distributor into FOLDER."""
    from indexkit.economics.claiming import write_epochs
    from indexkit.economics.lists import REWARDS

    for path in write_epochs(deployment, folder, lists or REWARDS):
        click.echo(f"Epoch: {path}")


@cli.command()
@click.argument("account")
@click.option(
    "--epochs", type=click.Path(exists=True, path_type=Path), help="Folder of epochs, or a file."
)
@click.option(
    "--list", "listed", type=FILE, help="An initial list of one's own, instead of the published."
)
def proof(account: str, epochs: Path | None, listed: Path | None) -> None:
    """Print what an ACCOUNT may claim, with its proofs, as JSON."""
    from indexkit.economics.claiming import proofs_of
    from indexkit.economics.lists import INITIAL

    click.echo(json.dumps(proofs_of(account, epochs, listed or INITIAL), indent=1))
