"""Replay a published rebalance on a fork, then vote in Aave's governance."""

import json
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import account_option, console, fork_option, json_option
from indexkit.localnet.options import rebalance_option


@click.command(cls=ConnectedProviderCommand)
@fork_option()
@rebalance_option()
@account_option()
@click.option("--arbitrage/--no-arbitrage", default=True, help="Bring pools back between trades.")
@click.option("--band-bps", type=click.IntRange(min=0), default=30, show_default=True)
@click.option("--trades", type=click.IntRange(min=1), help="Stop after so many of the schedule.")
@click.option("--vote/--no-vote", default=True, help="Vote with the index's AAVE at the end.")
@click.option("--unguarded", is_flag=True, help="Trade without the execution guard.")
@json_option()
def cli(
    rebalance: str,
    account: str | None,
    arbitrage: bool,
    band_bps: int,
    trades: int | None,
    vote: bool,
    unguarded: bool,
    json_file: Path | None,
) -> None:
    """Replay a published rebalance on a fork, then vote in Aave's governance."""
    from indexkit.rehearsal import rehearse

    band = band_bps if arbitrage else None
    result = rehearse(
        rebalance,
        console(),
        account=account,
        band_bps=band,
        trades=trades,
        vote=vote,
        unguarded=unguarded,
    )
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=1) + "\n")
