"""Let the holders of INDEX decide how an index votes: propose, vote, tally, execute, verify."""

from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import accounts_option, console, network_option

FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Of this vote: proposal, ballots, result, receipt.",
)
DEPLOYMENT = click.option(
    "--deployment",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The record of INDEX's contracts, as 'ape run index-economics' writes it.",
)
LISTS = click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of what the distributor owes: the initial list, the latest epoch. Repeatable.",
)
INDEX = click.option("--index", metavar="ADDRESS", required=True, help="The SetToken.")


@click.group()
def cli() -> None:
    """Let the holders of INDEX decide how an index votes."""


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@FOLDER
@INDEX
@accounts_option(single=True)
@click.option("--governor", required=True, help="Its name in the IntegrationRegistry.")
@click.option("--proposal", type=click.IntRange(min=0), required=True, help="Its number there.")
@click.option("--title", required=True)
@click.option("--vote-token", metavar="ADDRESS", required=True, help="INDEX.")
@click.option(
    "--circulating",
    type=click.IntRange(min=1),
    help="INDEX in circulation, whole; reckoned where a deployment is named.",
)
@DEPLOYMENT
@LISTS
@click.option("--strategy", "strategies", multiple=True, default=("delegated",), show_default=True)
@click.option("--blocks-per-day", type=click.IntRange(min=1), default=7_200, show_default=True)
def propose(
    folder: Path,
    account: Any,
    circulating: int | None,
    deployment: Path | None,
    lists: tuple[Path, ...],
    **terms: Any,
) -> None:
    """Open the vote on a proposal of an external governor."""
    from indexkit.metagov import ledger, steps
    from indexkit.metagov.deployed import read_deployed

    terms["circulating"] = circulating and circulating * 10**18
    terms["deployed"] = deployment and read_deployed(deployment, lists)
    signed = steps.propose(folder, account, **terms)
    terminal = console()
    terminal.print(ledger.proposal_table(signed))
    terminal.print(ledger.window_table(signed.message.terms))


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@FOLDER
@accounts_option(single=True)
@click.option("--choice", required=True, help="for, against, or abstain.")
@click.option("--reason", default="")
def vote(folder: Path, account: Any, choice: str, reason: str) -> None:
    """Sign a ballot and put it into the box."""
    from indexkit.metagov import steps

    click.echo(f"Ballot: {steps.vote(folder, account, choice, reason)}")


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@FOLDER
def tally(folder: Path) -> None:
    """Count the ballots once the vote has closed."""
    from indexkit.metagov import ledger, steps

    terminal = console()
    for part in ledger.tables(steps.tally(folder)):
        terminal.print(part)


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@FOLDER
@accounts_option()
@click.option("--dry-run", is_flag=True, help="Only have the node try it.")
def execute(folder: Path, accounts: Any, dry_run: bool) -> None:
    """Have the index vote as its holders decided."""
    from indexkit.metagov.casting import execute

    receipt = execute(folder, accounts, dry_run=dry_run)
    if receipt is None:
        click.echo("The governor would take the vote; nothing was sent.")
    else:
        click.echo(
            f"{receipt.outcome} cast with {receipt.votes} votes in {receipt.transaction} "
            f"(block {receipt.block:,}, {receipt.gas:,} gas)."
        )


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@FOLDER
@click.option(
    "--ballots",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Ballots from elsewhere, instead of the folder's.",
)
def verify(folder: Path, ballots: Path | None) -> None:
    """Count again, and compare with the result and with the chain."""
    from indexkit.errors import IndexkitError
    from indexkit.metagov.casting import verify

    differences = verify(folder, ballots)
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        raise IndexkitError(f"{len(differences)} differences: do not trust this result.")
    click.echo("The ballots give this result, and the chain agrees.")


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@click.argument("deployment", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@LISTS
@click.option("--governor", metavar="ADDRESS", help="A MetaGovernor: compare what it states.")
@click.option("--state", is_flag=True, help="Have its owner state the reckoned figure.")
@accounts_option(required=False)
def circulating(
    deployment: Path, lists: tuple[Path, ...], governor: str | None, state: bool, accounts: Any
) -> None:
    """Reckon from a DEPLOYMENT record how much INDEX circulates, and what a governor states."""
    from indexkit.metagov import stating
    from indexkit.metagov.deployed import read_deployed

    found = read_deployed(deployment, lists).circulating_now()
    console().print(stating.pots_table(found.pots, found.block))
    click.echo(f"Circulating: {found.amount} base units.")
    if governor is None:
        return
    click.echo(stating.statement(governor, found.amount).line())
    if state:
        receipt = stating.state(governor, found.amount, accounts)
        click.echo(f"Stated in {receipt.txn_hash}.")


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@INDEX
@accounts_option(required=False)
@click.option("--fix", is_flag=True, help="Register what is missing.")
def register(index: str, accounts: Any, fix: bool) -> None:
    """Tell which components' votes do not count before they are registered."""
    from indexkit.metagov.registration import missing, register, sentence

    for seat in (found := missing(index)):
        click.echo(sentence(seat))
        if fix:
            receipt = register(seat, accounts)
            click.echo(f"Registered with {seat.name} in {receipt.txn_hash}.")
    if not found:
        click.echo("Every component's votes count.")
