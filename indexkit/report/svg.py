"""Drawings that live in a page: no colours of their own, no ids that clash, nothing of the day."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import StringIO
from typing import Any

import matplotlib
from matplotlib.figure import Figure

NAMES = (
    *("ink", "muted", "grid", "surface", "before", "after"),
    *("fee", "impact", "drift", "buy", "sell", "budget", "area"),
)
COLOURS = {name: f"#a1b2{place:02x}" for place, name in enumerate(NAMES)}
"""Stand-ins that `inline` replaces by the page's own colours, so that light and dark both work."""

SETTINGS: dict[str, Any] = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": COLOURS["ink"],
    "axes.edgecolor": COLOURS["grid"],
    "axes.labelcolor": COLOURS["muted"],
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.facecolor": "none",
    "grid.color": COLOURS["grid"],
    "grid.linewidth": 0.8,
    "xtick.color": COLOURS["grid"],
    "xtick.labelcolor": COLOURS["muted"],
    "xtick.labelsize": 9.5,
    "ytick.color": COLOURS["grid"],
    "ytick.labelcolor": COLOURS["ink"],
    "ytick.labelsize": 9.5,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "lines.solid_capstyle": "round",
}


@contextmanager
def drawing(name: str) -> Iterator[None]:
    """Draw with these settings alone, whatever the user's own are; the same drawing every time."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**SETTINGS, "svg.hashsalt": name})
        yield


def inline(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element for a page; call it while `drawing`.

    Parameters
    ----------
    name
        Unique in the page: begins every id.
    title, description
        What is drawn and what it shows, for who cannot see it.
    """
    stream = StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(stream, format="svg", metadata=nothing)
    text = stream.getvalue()
    size = re.search(r'viewBox="([^"]+)"', text)
    body = text[text.index(">", text.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", body, flags=re.DOTALL)
    body = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", body)
    for colour, stand_in in COLOURS.items():
        body = body.replace(stand_in, f"var(--{colour})")
    assert size is not None
    return (
        f'<svg class="plot" role="img" aria-labelledby="{name}-title {name}-description" '
        f'viewBox="{size.group(1)}" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>{body.strip()}'
    )
