"""What the commands have in common: where they may run, and what they say while they do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import ape
import click
from ape.cli import ConnectedProviderCommand
from ape.logging import LogLevel, logger
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from indexkit.errors import IndexkitError

FORK = "ethereum:mainnet-fork:foundry"
F = TypeVar("F", bound=Callable[..., Any])


class ForkCommand(ConnectedProviderCommand):
    """A command that plays with time, balances and other people's accounts: forks only."""

    def invoke(self, ctx: click.Context) -> Any:
        """Refuse every network but the mainnet fork before connecting."""
        choice = ctx.params.get("network")
        name = choice if isinstance(choice, str) else getattr(choice, "network_choice", FORK)
        if name != FORK:
            raise IndexkitError(
                f"This command changes time and balances and runs on {FORK} only, not on {name}: "
                f"use --network {FORK} (with MAINNET_RPC_URL set, it forks the live chain)."
            )
        return super().invoke(ctx)


def account_option() -> Callable[[F], F]:
    """Return the option ``--account``: one account in every role instead of the local chain's own."""
    return click.option(
        "--account",
        metavar="ALIAS",
        help="Account of Ape that owns, manages, trades and issues; the local chain's by default.",
    )


def console(*, quiet: bool = False) -> Console:
    """Return the terminal: tables wrap at 120 columns when the output is not one."""
    width = None if os.isatty(1) else 120
    return Console(width=width, highlight=False, quiet=quiet)


@contextmanager
def quiet_ape() -> Iterator[None]:
    """Keep Ape's line per transaction out of the output."""
    with logger.at_level(LogLevel.ERROR):
        yield


@contextmanager
def progress(terminal: Console, title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Show a progress bar; the function it yields advances it, with a word on where things are."""
    with Progress(
        TextColumn(title),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[at]:<6}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=terminal,
    ) as bar:
        task = bar.add_task(title, total=total, at="")
        yield lambda at: bar.update(task, advance=1, at=at)


def chain_line() -> str:
    """Return one line on the connected chain."""
    from indexkit.localnet import is_embedded

    block = ape.chain.provider.get_block("latest")
    kind = "embedded chain" if is_embedded() else "fork of the live chain"
    return f"{kind}, chain id {ape.chain.chain_id}, block {block.number}, {block.datetime:%d %B %Y}"
