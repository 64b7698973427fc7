"""The page of a report: everything inside, readable without a script or a network."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from indexkit import documents
from indexkit.report import wording
from indexkit.report.plots import plots

WORDS = (
    *("bps", "clock", "counted", "duration", "figures_of", "gwei", "moment", "number", "percent"),
    *("percent_of_bps", "short", "tokens", "usd", "weth"),
)


def page(content: Mapping[str, Any]) -> str:
    """Return the page for the content of report.json; what it holds is escaped."""
    environment = Environment(
        loader=PackageLoader("indexkit.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({name: getattr(wording, name) for name in WORDS})
    style = environment.get_template("report.css").render()
    return environment.get_template("report.html").render(
        report=content,
        plots={name: Markup(drawing) for name, drawing in plots(content).items()},
        style=Markup(style),
        digest=documents.digest(content),
    )
