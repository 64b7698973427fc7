"""The walk's market: published prices and pools, on a chain that begins in October 2020."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from indexkit import documents
from indexkit.localnet.paths import BUILD
from indexkit.localnet.state import select_market
from indexkit.rebalance_data import read_record

F = TypeVar("F", bound=Callable[..., Any])

NAME = "index-economics"
DEFAULT = "dpi-2021-02"
BEGIN = date(2020, 10, 6)
"""The day on which INDEX was deployed; the chain begins at its midnight, UTC."""


def select_early_market(rebalance: str, folder: Path | None = None) -> None:
    """Choose a published rebalance's market for the localnet, set back to 6 October 2020.

    No market of 2020 is published; its prices are those of the rebalance. Call it before
    connecting, as `select_market`.

    Parameters
    ----------
    rebalance
        Its name in ``data/rebalances``.
    folder
        Gets the market's file; in the build folder by default.

    Raises
    ------
    IndexkitError
        There is no such rebalance, or the file cannot be written.
    """
    content = dict(read_record(rebalance).fields)
    content |= {"name": NAME, "date": BEGIN.isoformat()}
    path = documents.write((folder or BUILD) / f"{NAME}.json", content)
    select_market(str(path))


def prices_option() -> Callable[[F], F]:
    """Return the option ``--prices``: chooses the early market before Ape connects."""
    return click.option(
        "--prices",
        metavar="NAME",
        default=DEFAULT,
        show_default=True,
        is_eager=True,
        expose_value=False,
        callback=lambda _context, _parameter, name: select_early_market(name),
        help="Published rebalance whose prices and pools the chain has.",
    )
