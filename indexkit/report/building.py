"""From a rebalance's folder to report.json and report.html."""

from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.report.figures import figures
from indexkit.report.links import EXECUTION, STATE, UNITS, content_of, links, read_folder

JSON, PAGE = "report.json", "report.html"


def build(folder: Path) -> dict[str, Any]:
    """Return the report on the rebalance in a folder: the content of report.json.

    Raises
    ------
    IndexkitError
        A file that is needed is missing, a file cannot be read, was changed after the next one was
        made from it, or holds figures that do not add up.
    """
    files = read_folder(folder)
    units, execution = content_of(files, UNITS), content_of(files, EXECUTION)
    return figures(units, execution, links(files), files.get(STATE))


def write(folder: Path) -> Path:
    """Write report.json and report.html into a rebalance's folder, and return the page's path.

    The same files give the same bytes. Both are made before either is written.

    Raises
    ------
    IndexkitError
        As `build`, or a file cannot be written.
    """
    # The plots take a second to import, which only who draws them should wait.
    from indexkit.report.page import page

    content = build(folder)
    text = page(content)
    documents.write(folder / JSON, content)
    return documents.write_text(folder / PAGE, text)
