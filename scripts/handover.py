"""Hand a finished deployment over to those whom it is declared for, and accept what is offered."""

from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import (
    DefaultGroup,
    accounts_option,
    console,
    network_option,
    progress,
    quiet_ape,
)

FILE = click.Path(dir_okay=False, path_type=Path)
MANIFEST = click.option("--manifest", type=FILE, help="Of the deployment; the network's if none.")


@click.group(cls=DefaultGroup, default="offer")
def cli() -> None:
    """Hand a finished deployment over: offer (by default), then have the receivers accept."""


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@accounts_option(single=True)
@click.option(
    "--declaration",
    type=FILE,
    default=Path("deployments/declared/localnet.toml"),
    show_default=True,
    help="What was deployed, and who shall have it.",
)
@MANIFEST
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--sign-again", is_flag=True, help="Sign the step that hangs anew, at higher fees.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/handover"),
    show_default=True,
    help="Where to write what each Safe signs.",
)
def offer(
    account: Any,
    declaration: Path,
    manifest: Path | None,
    yes: bool,
    sign_again: bool,
    out: Path,
) -> None:
    """Make the deployer's half: offer the contracts, give each index to its IndexManager."""
    from ape import project

    from indexkit.deployment.accepting import write_packs
    from indexkit.deployment.handing_over import handing_over
    from indexkit.deployment.showing import calls_table, receivers_half, rights_table

    terminal = console()
    with quiet_ape(), handing_over(project, account, declaration, manifest, click.echo) as found:
        if found.left:
            for line in found.warnings:
                click.echo(f"Look at this: {line}.")
            terminal.print(calls_table(found))
            if not yes:
                click.confirm("Hand over?", abort=True)
            with progress(terminal, "Handing over", len(found.left)) as advance:
                found.run(lambda step: advance(step.id), again=sign_again)
        else:
            found.run(again=sign_again)
        pending = found.pending()
        packs = write_packs(out, pending)
        terminal.print(rights_table(found.rights(), str(account.address)))
        for line in receivers_half(pending, packs):
            click.echo(line)


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@accounts_option()
@MANIFEST
def accept(accounts: Any, manifest: Path | None) -> None:
    """Make a receiver's half: accept what is offered to an account, or to the Safe it owns."""
    from ape import project

    from indexkit.deployment import chain
    from indexkit.deployment.accepting import accept, read_manifest
    from indexkit.deployment.deploying import manifest_path

    with quiet_ape():
        made = read_manifest(manifest or manifest_path(chain.genesis()))
        for offer in accept(project, made, accounts):
            click.echo(f"{offer.step} ({offer.contract.address}) belongs to {offer.receiver}.")
