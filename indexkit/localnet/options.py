"""The click option of every script that works on a market."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from indexkit.localnet.state import DEFAULT_MARKET, MARKET_VARIABLE, select_market

F = TypeVar("F", bound=Callable[..., Any])


def rebalance_option() -> Callable[[F], F]:
    """Return the option ``--rebalance``: names the market before Ape connects.

    The command gets the name, or the path of a ``.json`` file, as ``rebalance``.
    """
    return click.option(
        "--rebalance",
        metavar="NAME",
        default=DEFAULT_MARKET,
        envvar=MARKET_VARIABLE,
        show_default=True,
        is_eager=True,
        callback=_select,
        help="Published rebalance, by its name in data/rebalances or the path of a .json file.",
    )


def _select(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    select_market(name)
    return name
