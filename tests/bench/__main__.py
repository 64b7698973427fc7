"""``make bench``: measure what everything costs, in the original and in ours."""

import sys
import time
from collections.abc import Sequence

import click
from ape import networks

from bench import budget, report
from bench.targets import Row, row
from indexkit.commands import FORK
from indexkit.errors import IndexkitError
from indexkit.localnet import select_market
from indexkit.localnet.upstream import URL_VARIABLE, Upstream

CHOICES = ("operations", "growth", "large", "deployments", "april")


@click.command()
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(CHOICES),
    help="This part (repeatable); docs/GAS.md is left alone.",
)
@click.option("--update-budget", is_flag=True, help="Only write what each operation may cost.")
def main(only: tuple[str, ...], update_budget: bool) -> None:
    """Measure the gas of the original bytecode and of ours, by the same calls."""
    start = time.monotonic()
    if Upstream.from_environment() is not None:
        raise IndexkitError(f"The bench runs on the embedded chain only: unset {URL_VARIABLE}.")
    if only and update_budget:
        raise click.UsageError("--only and --update-budget exclude each other.")
    select_market("dpi-2021-04")
    with networks.parse_network_choice(FORK):
        if update_budget:
            click.echo(f"Written: {budget.update()}")
        else:
            _bench(only or CHOICES, whole=not only)
    click.echo(f"make bench: done in {time.monotonic() - start:.0f} s")


def _bench(chosen: Sequence[str], *, whole: bool) -> None:
    from bench.april import april
    from bench.market import open_theatre
    from bench.suite import PARTS

    sections: dict[str, Sequence[Row]] = {}
    for name, (title, size, part) in PARTS.items():
        if name in chosen:
            with open_theatre(size) as theatre:
                sections[title] = part(theatre, _say)
    if "april" in chosen:
        sections["The rebalance of April 2021"] = list(map(row, april(_say)))
    click.echo("\n".join(report.lines(sections)))
    report.write(sections)
    if whole:
        report.document(sections)


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    sys.exit(main())
