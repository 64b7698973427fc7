"""Make one call by its signature, as an account, a Safe, or a party of an IndexManager."""

from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import accounts_option, network_option, quiet_ape


@click.command(cls=ConnectedProviderCommand)
@click.argument("function")
@click.argument("arguments", nargs=-1)
@network_option()
@click.option("--at", metavar="ADDRESS", required=True, help="The contract that is called.")
@click.option("--through", metavar="ADDRESS", help="The IndexManager that makes the call.")
@click.option("--agreed", is_flag=True, help="As one of its two parties, who both must make it.")
@click.option("--value", type=click.IntRange(min=0), default=0, help="Ether to go with it, in wei.")
@click.option("--safe", metavar="ADDRESS", help="Who makes it, if not the account itself.")
@accounts_option(required=False)
@click.option("--dry-run", is_flag=True, help="Send and write nothing: have the node try it.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/calls"),
    show_default=True,
    help="Where to write what a Safe signs if no account is named.",
)
def cli(
    function: str,
    arguments: tuple[str, ...],
    safe: str | None,
    accounts: Any,
    dry_run: bool,
    out: Path,
    **how: Any,
) -> None:
    """Call a FUNCTION, such as 'addModule(address)', with ARGUMENTS.

    Who makes it is --account, or the Safe that --account (repeated) owns; without accounts, what
    the Safe's owners sign is written.
    """
    from indexkit.calling import maker, wish

    wanted = wish(function, arguments, **how)
    by = maker(safe, accounts)
    with quiet_ape():
        wanted.try_as(by)
        click.echo(f"{wanted.words}, by {by}: the node would take it.")
        if half := wanted.half(by):
            click.echo(half)
        if dry_run:
            return
        if accounts:
            receipt = wanted.make(by, accounts)
            click.echo(f"Made in {receipt.txn_hash} (block {receipt.block_number:,}).")
        else:
            folder = out / function.partition("(")[0]
            click.echo(f"Signer pack: {folder}, safeTxHash {wanted.write(folder, by)}")
