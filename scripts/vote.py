"""Replay AIP-2 and AIP-3 of November 2020: INDEX holders decide how an index votes in Aave."""

import json
from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import console, fork_option, json_option
from indexkit.localnet.options import rebalance_option


@click.command(cls=ConnectedProviderCommand)
@fork_option()
@rebalance_option()
@json_option()
def cli(rebalance: str, json_file: Path | None) -> None:
    """Replay AIP-2 and AIP-3: INDEX holders decide, on and off chain, how an index votes."""
    from indexkit.metagov.scenario import play

    outcome = play(rebalance, console())
    if json_file is not None:
        json_file.write_text(json.dumps(outcome, indent=1) + "\n")
