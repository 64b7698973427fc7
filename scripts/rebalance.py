"""Rebalance an index in six steps, each of which checks the files of those before it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import (
    account_option,
    accounts_option,
    connected,
    console,
    fork_option,
    json_option,
    network_option,
    quiet_ape,
)
from indexkit.localnet.options import rebalance_option

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
RUN = click.option(
    "--run",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The directory of this rebalance's files.",
)
AGAIN = click.option("--again", is_flag=True, help="Replace the file; drop the steps after it.")
NETWORK = click.option("--network", help="Of a node to ask; without it the command needs none.")
FOLLOW = click.option(
    "--follow",
    type=click.Choice(["published", "planned"]),
    help="The order of trades; the planned one unless a published period is repeated.",
)


@click.group()
def cli() -> None:
    """Rebalance an index: weights, verify, params, units, submit, execute; or rehearse it all."""


@cli.command(cls=ConnectedProviderCommand)
@fork_option()
@rebalance_option()
@account_option()
@click.option("--arbitrage/--no-arbitrage", default=True, help="Bring pools back between trades.")
@click.option("--band-bps", type=click.IntRange(min=0), default=30, show_default=True)
@click.option("--trades", type=click.IntRange(min=1), help="Stop after so many of the schedule.")
@click.option("--vote/--no-vote", default=True, help="Vote with the index's AAVE at the end.")
@click.option("--unguarded", is_flag=True, help="Trade without the execution guard.")
@FOLLOW
@click.option("--run", type=click.Path(file_okay=False, path_type=Path), help="An empty directory.")
@json_option()
def rehearse(
    rebalance: str, arbitrage: bool, band_bps: int, json_file: Path | None, **options: Any
) -> None:
    """Take all six steps of a published rebalance on a fork, then vote in Aave's governance."""
    from indexkit.rehearsal import rehearse

    band = band_bps if arbitrage else None
    result = rehearse(rebalance, console(), band_bps=band, **options)
    if json_file is not None:
        json_file.write_text(json.dumps(result, indent=1) + "\n")


@cli.command()
@click.argument("basket", type=FILE)
@RUN
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="By which the prices' age is judged; today's date by default.",
)
@AGAIN
def weights(basket: Path, run: Path, today: datetime | None, again: bool) -> None:
    """Step 1, the methodologist: the weights that the BASKET's rule gives."""
    from indexkit.steps import basket as baskets
    from indexkit.steps import run as steps
    from indexkit.steps.folder import Folder
    from indexkit.steps.tables import weights_table

    day = (today or datetime.now(UTC)).date()
    content = steps.publish(Folder(run), baskets.read(basket), today=day, again=again)
    console().print(weights_table(content))


@cli.command()
@RUN
@click.option("--basket", type=FILE, help="Inputs of one's own, instead of those in the directory.")
def verify(run: Path, basket: Path | None) -> None:
    """Step 2, anyone: the same weights from the same inputs."""
    from indexkit.steps import run as steps
    from indexkit.steps.folder import Folder

    content = steps.verify(Folder(run), basket)
    click.echo(f"The weights of {content['components']} components follow from the basket.")


@cli.command()
@RUN
@click.option("--state", type=FILE, help="What was read of a chain, instead of a node.")
@NETWORK
@click.option("--module", metavar="ADDRESS", help="The SingleIndexModule, to ask a node for.")
@click.option("--impact-bps", type=click.IntRange(1, 1_000), default=50, show_default=True)
@AGAIN
def params(
    run: Path,
    state: Path | None,
    network: str | None,
    module: str | None,
    impact_bps: int,
    again: bool,
) -> None:
    """Step 3: exchange, largest trade and cool-off of each component, from the pools."""
    from indexkit.steps import run as steps
    from indexkit.steps.chain import state_of
    from indexkit.steps.folder import Folder
    from indexkit.steps.shown import source_of
    from indexkit.steps.tables import params_table, warnings

    folder, read = Folder(run), source_of(state, network, module)
    with connected(network):
        content = steps.choose(folder, read, impact_bps=impact_bps, again=again)
    console().print(params_table(content, state_of(folder).decimals))
    for warning in warnings(content):
        click.echo(f"Look at this: {warning}")


@cli.command()
@RUN
@FOLLOW
@click.option(
    "--gas-price", type=click.IntRange(min=0), default=50, show_default=True, help="In gwei."
)
@click.option("--hours", type=click.IntRange(min=1), help="How long the planned trades may take.")
@AGAIN
def units(run: Path, follow: str | None, gas_price: int, hours: int | None, again: bool) -> None:
    """Step 4: target units, notionals, the order of trades, the arguments of startRebalance."""
    from indexkit.planner_model import GAS_PER_TRADE
    from indexkit.steps import run as steps
    from indexkit.steps.folder import Folder
    from indexkit.steps.orders import Options
    from indexkit.steps.tables import plans_table, units_table

    horizon = None if hours is None else hours * 3600
    options = Options(follow, gas_price * 10**9, GAS_PER_TRADE, horizon)
    content = steps.convert(Folder(run), options, again=again)
    terminal = console()
    terminal.print(units_table(content))
    terminal.print(plans_table(content))


@cli.command()
@RUN
@NETWORK
@click.option(
    "--trader", "traders", metavar="ADDRESS", multiple=True, help="Becomes a trader with it."
)
@click.option(
    "--days", type=click.IntRange(min=0), default=7, show_default=True, help="0 for no deadline."
)
@accounts_option(required=False)
@click.option("--unguarded", is_flag=True, help="Let the index trade without a guard.")
@click.option("--dry-run", is_flag=True, help="Sign nothing: check and simulate only.")
@AGAIN
def submit(
    run: Path,
    network: str | None,
    traders: tuple[str, ...],
    days: int,
    accounts: Any,
    unguarded: bool,
    dry_run: bool,
    again: bool,
) -> None:
    """Step 5, the multisig: the signer pack; with a network checked, with accounts executed."""
    from indexkit.steps import submit as steps
    from indexkit.steps.folder import Folder
    from indexkit.steps.shown import submission

    folder = Folder(run)
    pack = steps.compose(folder, deadline_s=days * 86_400, traders=traders, again=again)
    click.echo(f"Signer pack: {run / 'pack'}, safeTxHash 0x{pack.hashes.transaction.hex()}")
    if network is None:
        click.echo("Nothing was asked of a chain: name one with --network to check and simulate.")
        return
    signers = () if dry_run else accounts
    with connected(network):
        submission(console(), folder, signers, traders=traders, unguarded=unguarded)


@cli.command(cls=ConnectedProviderCommand)
@network_option()
@RUN
@accounts_option(single=True)
@click.option("--unguarded", is_flag=True, help="Trade without the execution guard.")
@click.option("--dry-run", is_flag=True, help="Send nothing: say what would be done next.")
def execute(run: Path, account: Any, unguarded: bool, dry_run: bool) -> None:
    """Step 6, traders: the keeper executes what was submitted, and writes the report."""
    from indexkit.deployment.signing import unlock
    from indexkit.steps import execute as steps
    from indexkit.steps.folder import Folder
    from indexkit.steps.shown import execution

    with quiet_ape():
        job = steps.job_of(Folder(run), account, unguarded=unguarded)
        if not dry_run:
            unlock(account)
        execution(console(), job, dry_run=dry_run)
