"""Vote in Aave's governance with the AAVE an index holds."""

import click
from ape.cli import network_option

from indexkit.commands import FORK, ForkCommand, account_option, console
from indexkit.localnet.options import rebalance_option


@click.command(cls=ForkCommand)
@network_option(default=FORK)
@rebalance_option()
@account_option()
def cli(rebalance: str, account: str | None) -> None:
    """Vote in Aave's governance with the AAVE an index holds."""
    from indexkit.replay import vote_only

    vote_only(rebalance, console(), account=account)
