"""Vote in Aave's governance with the AAVE an index holds."""

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import account_option, console, fork_option
from indexkit.localnet.options import rebalance_option


@click.command(cls=ConnectedProviderCommand)
@fork_option()
@rebalance_option()
@account_option()
def cli(rebalance: str, account: str | None) -> None:
    """Vote in Aave's governance with the AAVE an index holds."""
    from indexkit.replay import vote_only

    vote_only(rebalance, console(), account=account)
