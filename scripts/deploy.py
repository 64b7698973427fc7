"""Deploy what a declaration says, step by step; a deployment that was killed goes on."""

from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import accounts_option, console, network_option, progress, quiet_ape
from indexkit.deployment.plan import SCOPES

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(cls=ConnectedProviderCommand)
@click.argument("what", type=click.Choice(SCOPES))
@network_option()
@accounts_option(single=True)
@click.option(
    "--declaration",
    type=FILE,
    default=Path("deployments/declared/localnet.toml"),
    show_default=True,
    help="What shall be deployed.",
)
@click.option("--manifest", type=FILE, help="What has been deployed; by default the network's.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--sign-again", is_flag=True, help="Sign the step that hangs anew, at higher fees.")
def cli(
    what: str, account: Any, declaration: Path, manifest: Path | None, yes: bool, sign_again: bool
) -> None:
    """Deploy what a declaration says, step by step; a deployment that was killed goes on."""
    from ape import project

    from indexkit.deployment.deploying import outcome, plan_table, prepared, summary

    terminal = console()
    with quiet_ape(), prepared(project, what, account, declaration, manifest, click.echo) as found:
        terminal.print(plan_table(found))
        for line in (*found.notes, summary(found)):
            click.echo(line)
        if found.left and not yes:
            click.confirm("Deploy?", abort=True)
        with progress(terminal, "Deploying", len(found.steps)) as advance:
            found.run(lambda step: advance(step.id), again=sign_again)
        click.echo(outcome(found))
