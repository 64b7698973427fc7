"""The ledgers of many months as a drawing: stacked pots, and what circulates."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from indexkit.economics.ledger import Ledger
from indexkit.economics.ledger_tables import GROUPS
from indexkit.errors import IndexkitError

FORMATS = (".svg", ".png")
DAY_S = 86_400
MOST_DATES = 12

BANDS = {
    "wallets": ("in wallets", "#1b7f5c"),
    "due": ("due, unclaimed", "#69c3a0"),
    "treasury's": ("the treasury's own", "#d9a441"),
    "treasury": ("locked: treasury", "#eddcb4"),
    "Set Labs": ("locked: Set Labs", "#8fa5c9"),
    "DeFi Pulse": ("locked: DeFi Pulse", "#b9a7d6"),
    "bounty": ("locked: bounty", "#d59aa5"),
    "farm": ("locked: liquidity mining", "#c9c9c9"),
}
"""What is stacked, from below: column of the table, legend, colour. Together they are all INDEX."""

SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "index-economics",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}

# Neither the day nor the version of the library: the same ledgers give the same bytes.
NOTHING = {
    ".svg": dict.fromkeys(("Creator", "Date", "Format", "Type")),
    ".png": {"Software": None},
}


def draw(ledgers: Sequence[Ledger], path: Path) -> Path:
    """Draw the ledgers, in the format that the file's name ends with.

    Raises
    ------
    IndexkitError
        The file cannot be written, or is called otherwise than .svg or .png.
    """
    if path.suffix not in FORMATS:
        raise IndexkitError(f"{path}: a plot is written as .svg or .png: name such a file.")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        figure = _figure(ledgers)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            figure.savefig(path, dpi=144, metadata=NOTHING[path.suffix])
        except OSError as error:
            raise IndexkitError(
                f"{path} cannot be written ({error.strerror}): name another place."
            ) from error
    return path


def _figure(ledgers: Sequence[Ledger]) -> Figure:
    figure = Figure(figsize=(11, 6), layout="constrained")
    axes = figure.add_subplot()
    bands = [[_millions(GROUPS[name](ledger)) for ledger in ledgers] for name in BANDS]
    days = [ledger.time / DAY_S for ledger in ledgers]
    axes.stackplot(
        days,
        *bands,
        labels=[label for label, _ in BANDS.values()],
        colors=[colour for _, colour in BANDS.values()],
        linewidth=0,
    )
    circulating = [_millions(ledger.circulating) for ledger in ledgers]
    axes.plot(days, circulating, color="#0b3d2c", linewidth=2, label="circulating")
    axes.xaxis.set_major_locator(FixedLocator(days[:: max(1, len(days) // MOST_DATES)]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _date(value)))
    axes.xaxis.set_tick_params(rotation=45)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlim(days[0], max(days[-1], days[0] + 1))
    axes.set_ylim(0, 10)
    axes.set_ylabel("million INDEX")
    axes.set_title("Where the ten million INDEX are", loc="left")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def _date(days: float) -> str:
    return f"{datetime.fromtimestamp(days * DAY_S, UTC):%d %b %Y}"


def _millions(amount: int) -> float:
    return amount / 10**24
