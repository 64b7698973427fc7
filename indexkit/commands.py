"""What the commands have in common: where they may run, and what they say while they do."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import ape
import click
from ape.cli import network_option
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


def fork_option() -> Callable[[F], F]:
    """Return the option ``--network`` of a command that only a fork may serve."""
    option: Callable[[F], F] = network_option(default=FORK, callback=_only_fork)
    return option


def _only_fork(_context: click.Context, _parameter: click.Parameter, value: Any) -> Any:
    choice = value if isinstance(value, str) else value.network_choice
    if choice != FORK:
        raise IndexkitError(
            f"This command changes time and balances and runs on {FORK} only, not on {choice}: "
            f"use --network {FORK} (with MAINNET_RPC_URL set, it forks the live chain)."
        )
    return value


def account_option() -> Callable[[F], F]:
    """Return the option ``--account``: one account in every role, not the chain's own."""
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
    """Keep Ape's line per transaction, and a warning of a library it uses, out of the output."""
    with logger.at_level(LogLevel.ERROR), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="pydantic_settings")
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
