"""``make testnet-rehearsal``: play a deployment's whole life on Hardhat's node, as on Sepolia."""

import json
import os
from pathlib import Path

import click

FOLDER = Path("build") / "testnet"
SEPOLIA = {"block_time": 2, "required_confirmations": 2}
"""Ape's settings: seconds that it takes for a block's time, and blocks it waits for."""


@click.command()
def main() -> None:
    """Deploy, lose and resume, rebalance, vote and redeem on a node that is not anvil."""
    # Ape and whatever is started read them when they begin: keyfiles of the rehearsal, no others;
    # and how often to look for a block, which come faster here than Sepolia's.
    os.environ["APE_DATA_FOLDER"] = str((FOLDER / "ape").resolve())
    os.environ["APE_ETHEREUM_SEPOLIA"] = json.dumps(SEPOLIA)
    from indexkit.commands import console, quiet_ape
    from indexkit.localnet.process import exit_on_sigterm
    from testnet.rehearsal import empty, rehearse

    exit_on_sigterm()
    empty(FOLDER)
    with quiet_ape():
        table = rehearse(FOLDER.resolve(), click.echo)
    console().print(table)
    click.echo("rehearsal: done")


main()
