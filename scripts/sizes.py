"""Print the deployed code size of every contract."""

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import console, fork_option


@click.command(cls=ConnectedProviderCommand)
@fork_option()
def cli() -> None:
    """Print the deployed code size of every contract; fail if one is too large for mainnet."""
    from indexkit.commands import quiet_ape
    from indexkit.sizes import check_sizes, deployed_sizes, size_table

    with quiet_ape():
        sizes = deployed_sizes()
    console().print(size_table(sizes))
    check_sizes(sizes)
