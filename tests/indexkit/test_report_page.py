"""The page of a report: whole in itself, the same every time, names never markup (R-43)."""

import re
from collections import Counter
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import matplotlib
import paper_run
import pytest

from indexkit import documents, report
from indexkit.report.page import page

HOSTILE = '<script>alert("$x^2$")</script>'
VOID = {"meta", "link", "br"}


class Reader(HTMLParser):
    """Reads a page: elements with their attributes, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that opens."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that holds nothing."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Require that what closes is what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report on April 2021 on paper."""
    folder = paper_run.write(tmp_path_factory.mktemp("april"), *paper_run.play())
    assert report.write(folder) == folder / "report.html"
    return folder


@pytest.fixture(scope="module")
def reader(folder: Path) -> Reader:
    """Read its page."""
    return Reader((folder / "report.html").read_text())


def renamed(old: str, new: str, **run: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a run on paper in which a component has another name."""
    units, execution = deepcopy(paper_run.play(**run))
    for entry in (*units["components"], *execution["trades"]):
        if entry["symbol"] == old:
            entry["symbol"] = new
    tables = [execution["targets"], execution["flows"]]
    tables += [execution[at][of] for at in ("before", "after") for of in ("units", "balances")]
    for table in tables:
        table[new] = table.pop(old)
    return units, execution


def test_write__twice__same_bytes(folder: Path, tmp_path: Path):
    """R-43: the same files give the same page, whatever the user's plotting settings are."""
    again = paper_run.write(tmp_path, *paper_run.play())
    with matplotlib.rc_context({"font.size": 30, "svg.hashsalt": None, "axes.linewidth": 5}):
        report.write(again)
    for name in ("report.html", "report.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_write__json__is_what_build_returns(folder: Path, reader: Reader):
    """R-43: the page names the hash of report.json, and the files' hashes with the submission's."""
    content = documents.read(folder / "report.json")
    assert content == report.build(folder)
    words = "".join(reader.words)
    assert documents.digest(content) in words
    files = {line["name"]: line for line in content["files"]}
    assert files["6-execution.json"]["follows"] == "5-submission.json"
    for line in files.values():
        assert line["digest"] == documents.digest(documents.read(folder / line["name"]))
        assert line["digest"] in words


def test_page__needs_nothing_else(folder: Path, reader: Reader):
    """R-43: no script, no address to load from, and a policy that would forbid it."""
    text = (folder / "report.html").read_text()
    names = {tag for tag, _ in reader.elements}
    assert not names & {"script", "img", "iframe", "object", "embed", "base", "form"}
    assert set(re.findall(r"https?://[^\"' <]+", text)) == {"http://www.w3.org/1999/xlink"}
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", text)
    for _, attributes in reader.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        for name in ("href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:,"))
    (policy,) = [meta for meta in reader.all("meta") if "http-equiv" in meta]
    assert str(policy["content"]).startswith("default-src 'none'")


def test_page__is_well_formed_and_every_reference_leads_somewhere(reader: Reader):
    """R-43: no id twice though four drawings share the page; labels and links have a target."""
    assert reader.open == []
    ids = Counter(attributes["id"] for _, attributes in reader.elements if "id" in attributes)
    assert set(ids.values()) == {1}
    for _, attributes in reader.elements:
        for name in ("href", "xlink:href"):
            if (attributes.get(name) or "").startswith("#"):
                assert str(attributes[name])[1:] in ids
        for label in (attributes.get("aria-labelledby") or "").split():
            assert label in ids
        for clip in re.findall(r"url\(#([\w-]+)\)", " ".join(map(str, attributes.values()))):
            assert clip in ids


def test_page__tables_and_plots_can_be_read_aloud(reader: Reader):
    """R-43: a table has a caption and headers with a scope, a plot a title and a description."""
    tables, plots = reader.all("table"), [s for s in reader.all("svg") if s.get("role") == "img"]
    assert len(reader.all("caption")) == len(tables) == 12
    assert all(cell.get("scope") in ("row", "col") for cell in reader.all("th"))
    assert len(plots) == len(reader.all("svg")) == 4
    assert len(reader.all("desc")) == 4
    assert all(len(str(plot["aria-labelledby"]).split()) == 2 for plot in plots)
    colours = {
        v for _, a in reader.elements for v in re.findall(r"#[0-9a-f]{6}", a.get("style") or "")
    }
    assert colours == set(), "every colour in a drawing is the page's, for light and dark"


def test_page__hostile_symbol__is_text(tmp_path: Path):
    """R-43: a name is never markup, neither in tables and titles nor in drawings."""
    units, execution = renamed("UNI", HOSTILE, trades=9)
    units["index_name"] = "<img src=x onerror=alert(1)>"
    execution["trades"][3]["transaction"] = '"><script>1</script>'
    folder = paper_run.write(tmp_path, units, execution)
    reader = Reader(report.write(folder).read_text())
    assert not {"script", "img"} & {tag for tag, _ in reader.elements}
    assert reader.words.count(HOSTILE) >= 4
    assert "<script>ale…" in reader.words, "the drawings show it too, cut short"
    assert "<img src=x onerror=alert(1)>" in "".join(reader.words)
    assert any(a.get("title") == '"><script>1</script>' for _, a in reader.elements)


@pytest.mark.parametrize(
    "symbol",
    ["$\\oops$", "代币", "\N{UNICORN FACE}" * 50, "--> ]]>", 'id="x'],
    ids=["formula", "letters", "long", "comment", "attribute"],
)
def test_page__odd_symbol__is_drawn(symbol: str):
    """R-43: no formula, no missing letter and no length of a name stops the report."""
    reader = Reader(page(report.figures(*renamed("UNI", symbol, trades=4))))
    assert symbol in reader.words


def test_page__optional_files_missing__says_so(tmp_path: Path):
    """R-43: without submission, guard and plans there is a report that says they are missing."""
    units, execution = paper_run.play(trades=9)
    units = {key: value for key, value in units.items() if key not in ("plans", "followed")}
    folder = paper_run.write(tmp_path, units, paper_run.unguarded(execution))
    for name in ("basket", "state", "1-weights", "2-verification", "3-params", "5-submission"):
        (folder / f"{name}.json").unlink()
    words = "".join(Reader(report.write(folder).read_text()).words)
    assert words.count("not in the folder") == 7, "six in the table of files, one in the heading"
    assert "there was no guard" in words
    assert "compares no plans" in words
    assert "No guard counted losses." in words


def test_page__nothing_traded__has_no_plots_of_trades():
    """R-43: a run stopped before its first trade is reported too."""
    reader = Reader(page(report.figures(*paper_run.play(trades=0))))
    assert "Nothing was traded." in reader.words
    assert len(reader.all("svg")) == 1


def test_page__gas_price__zero_is_said(reader: Reader):
    """R-43: a chain that takes nothing for gas is no proof that it is free."""
    assert "The gas price of this run was 0, as on a local chain" in "".join(reader.words)
    paid = Reader(page(report.figures(*paper_run.play(trades=9, gas_price=31 * 10**9))))
    assert "Gas prices paid: 31.00 to 31.00 gwei." in "".join(paid.words)
