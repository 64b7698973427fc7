"""What the commands have in common: where they may run, and what they say while they do."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import ape
import click
from ape.api import ProviderAPI, TestProviderAPI
from ape.cli import NetworkChoice, NetworkOption
from ape.exceptions import ApeException
from ape.logging import LogLevel, logger
from ape_ethereum.trace import TraceApproach
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


class DefaultGroup(click.Group):
    """A group of commands, one of which runs when none is named.

    Parameters
    ----------
    default
        Its name.
    """

    def __init__(self, *arguments: Any, default: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default in front of the options; ``--help`` is the group's own."""
        if not args or (args[0].startswith("-") and args[0] not in self.get_help_option_names(ctx)):
            args = [self.default, *args]
        return super().parse_args(ctx, args)


def fork_option() -> Callable[[F], F]:
    """Return the option ``--network`` of a command that only a fork may serve."""
    choice = NetworkChoice(case_sensitive=False)
    choice.convert = partial(_only_fork, choice.convert)
    return click.option(cls=NetworkOption, type=choice, default=FORK)


def network_option() -> Callable[[F], F]:
    """Return the option ``--network`` of a command that serves any chain, the fork by default."""
    choice = NetworkChoice(case_sensitive=False)
    choice.convert = partial(_untraced, choice.convert)
    return click.option(cls=NetworkOption, type=choice, default=FORK)


def _untraced(convert: Callable[..., Any], value: Any, *place: Any) -> Any:
    """Convert a network's name as Ape does."""
    return without_traces(convert(value, *place))


def without_traces(provider: Any) -> Any:
    """Keep Ape from asking a live node for the trace of each transaction; return its provider.

    Ape looks for the output of console.log in it, which our contracts have not. Some nodes answer
    with gigabytes.
    """
    if isinstance(provider, ProviderAPI) and not isinstance(provider, TestProviderAPI):
        provider._call_trace_approach = TraceApproach.BASIC
    return provider


def _only_fork(convert: Callable[..., Any], value: Any, *place: Any) -> Any:
    """Convert a network's name as Ape does, and refuse all but the fork in one sentence."""
    provider = None
    with suppress(click.BadParameter):
        provider = convert(value, *place)
    if getattr(provider, "network_choice", None) != FORK:
        raise IndexkitError(
            f"This command changes time and balances and runs on {FORK} only, not on {value!r}: "
            f"use --network {FORK} (with MAINNET_RPC_URL set, it forks the live chain)."
        )
    return provider


def account_option() -> Callable[[F], F]:
    """Return the option ``--account``: one account in every role, not the chain's own."""
    return click.option(
        "--account",
        metavar="ALIAS",
        help="Account of Ape that owns, manages, trades and issues; the local chain's by default.",
    )


def accounts_option(*, single: bool = False, required: bool = True) -> Callable[[F], F]:
    """Return the option ``--account`` of a command that signs.

    Parameters
    ----------
    single
        Whether the command gets one account as ``account``; else it gets a list, as ``accounts``.
    required
        Whether there must be one.
    """
    known = "Alias of an account of Ape, or TEST::0 … on the local chain"
    return click.option(
        "--account",
        "account" if single else "accounts",
        metavar="ALIAS",
        multiple=not single,
        required=required,
        callback=_load_one if single else _load_all,
        help=f"{known}." if single else f"{known}; repeat it for a Safe's owners.",
    )


def _load_one(_context: click.Context, _parameter: click.Parameter, alias: str) -> Any:
    return load_account(alias)


def _load_all(
    _context: click.Context, _parameter: click.Parameter, aliases: tuple[str, ...]
) -> list[Any]:
    for alias in aliases:
        if aliases.count(alias) > 1:
            raise IndexkitError(f"{alias!r} is named twice: one owner signs once; name another.")
    return [load_account(alias) for alias in aliases]


def load_account(alias: str) -> Any:
    """Return an account of Ape by its alias, or a local chain's as ``TEST::`` and its place.

    One whose passphrase is in the environment (``APE_ACCOUNTS_<alias>_PASSPHRASE``) signs without
    a question; any other one asks before each signature.

    Raises
    ------
    IndexkitError
        If there is no such account, or its passphrase is wrong.
    """
    if alias.startswith("TEST::") and alias.removeprefix("TEST::").isdecimal():
        return ape.accounts.test_accounts[int(alias.removeprefix("TEST::"))]
    if alias not in list(ape.accounts.aliases):
        known = ", ".join(ape.accounts.aliases) or "none"
        raise IndexkitError(
            f"No account is called {alias!r} (there are: {known}): import it with "
            "'ape accounts import'."
        )
    account = ape.accounts.load(alias)
    if os.environ.get(f"APE_ACCOUNTS_{alias}_PASSPHRASE"):
        from indexkit.deployment.signing import unlock

        with quiet_ape():
            unlock(account)
    return account


def json_option() -> Callable[[F], F]:
    """Return the option ``--json``: a file that can be written, found out before the long work."""
    return output_option("--json", "json_file", about="Write the outcome here.")


def output_option(*names: str, about: str, suffixes: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Return an option that names a file to be written, found out before the long work.

    Parameters
    ----------
    names
        The option, and what the command gets it as.
    about
        What is written.
    suffixes
        One of which the file's name must end with; any if empty.
    """
    callback = partial(_writable, suffixes)
    return click.option(*names, type=click.Path(path_type=Path), callback=callback, help=about)


def _writable(
    suffixes: tuple[str, ...],
    _context: click.Context,
    parameter: click.Parameter,
    path: Path | None,
) -> Path | None:
    if path is None:
        return None
    option = parameter.opts[0]
    if suffixes and path.suffix not in suffixes:
        raise IndexkitError(
            f"{path} is no {' or '.join(suffixes)}: name another file with {option}."
        )
    existed = path.exists()
    try:
        with path.open("a"):
            pass
    except OSError as error:
        raise IndexkitError(
            f"{path} cannot be written ({error.strerror}): name another file with {option}."
        ) from error
    if not existed:
        path.unlink()
    return path


def console() -> Console:
    """Return the terminal: tables wrap at 120 columns when the output is not one."""
    width = None if os.isatty(1) else 120
    return Console(width=width, highlight=False)


@contextmanager
def quiet_ape() -> Iterator[None]:
    """Keep Ape's line per transaction, and a warning of a library it uses, out of the output."""
    with logger.at_level(LogLevel.ERROR), warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="pydantic_settings")
        yield


@contextmanager
def connected(network: str | None) -> Iterator[None]:
    """Connect to a network for the length of a block; None asks no node.

    Raises
    ------
    IndexkitError
        There is no such network, or no node answers.
    """
    if network is None:
        yield
        return
    try:
        provider = ape.networks.parse_network_choice(network)
        without_traces(provider.__enter__())
    except ApeException as error:
        raise IndexkitError(
            f"{network!r} cannot be connected to ({str(error).rstrip('.')}): name another "
            "network with --network."
        ) from error
    try:
        with quiet_ape():
            yield
    finally:
        provider.__exit__(None, None, None)


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
