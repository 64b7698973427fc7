"""Measure what the steps of a deployment take, and write data/deployment_gas.json."""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import console, fork_option, progress, quiet_ape


@click.command(cls=ConnectedProviderCommand)
@fork_option()
def cli() -> None:
    """Measure what the steps of a deployment take, and write data/deployment_gas.json."""
    import ape
    from ape import project

    from indexkit.deployment import costs
    from indexkit.deployment.measuring import measure
    from indexkit.deployment.reading import read_declaration

    declaration = read_declaration(Path("deployments/declared/localnet.toml"))
    account = ape.accounts.test_accounts[0]
    with quiet_ape(), progress(console(), "Deploying twice", 64) as advance:
        table = measure(
            project, account, declaration, lambda step: advance(step.id), say=click.echo
        )
    costs.write_table(table)
    click.echo(f"{len(table)} kinds of steps measured.")
