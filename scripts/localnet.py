"""Keep the localnet running until Ctrl-C, for consoles and other tools."""

import click

from indexkit.localnet.options import rebalance_option


@click.command()
@rebalance_option()
@click.option("--port", type=click.IntRange(1, 65535), default=8545, show_default=True)
def cli(rebalance: str, port: int) -> None:
    """Keep the localnet running until Ctrl-C, for consoles and other tools."""
    from indexkit.localnet.serve import serve

    serve(port, click.echo)
