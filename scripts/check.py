"""Check a deployment against the sources, its manifest and its declaration; nothing is sent."""

from pathlib import Path

import click
from ape.cli import ConnectedProviderCommand

from indexkit.commands import json_option, network_option, quiet_ape

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(cls=ConnectedProviderCommand)
@network_option()
@click.option(
    "--declaration",
    type=FILE,
    default=Path("deployments/declared/localnet.toml"),
    show_default=True,
    help="What shall be there.",
)
@click.option("--manifest", type=FILE, help="What has been deployed; by default the network's.")
@click.option(
    "--before-hand-over", is_flag=True, help="Let the deployer still have what he shall hand over."
)
@json_option()
@click.pass_context
def cli(
    context: click.Context,
    declaration: Path,
    manifest: Path | None,
    before_hand_over: bool,
    json_file: Path | None,
) -> None:
    """Check a deployment against the sources, its manifest and its declaration; nothing is sent."""
    from ape import project

    from indexkit import documents
    from indexkit.deployment.checking.checker import check

    with quiet_ape():
        report = check(
            project, declaration, manifest, click.echo, before_hand_over=before_hand_over
        )
    for line in report.lines():
        click.echo(line)
    if json_file is not None:
        documents.write(json_file, report.to_json())
    context.exit(0 if report.ok else 1)
