"""`ape run report`, and what a browser makes of the page (R-40, R-43)."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paper_run
import pytest

from indexkit import documents
from indexkit.localnet.paths import BUILD, ROOT

VIEWS = ("wide", "dark", "phone", "phone-dark")
LONGEST_S = 60
ISSUED = {40: 60_000 * 10**18, 90: -25_000 * 10**18}
"""While the index is rebalanced, by the place in the schedule {set}."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of April 2021 on paper."""
    content = paper_run.play(gas_price=30 * 10**9, issued=ISSUED)
    return paper_run.write(tmp_path_factory.mktemp("april"), *content)


@pytest.fixture(scope="module")
def page(folder: Path, ape_run: Callable[..., Any]) -> Path:
    """Write the report as a user does."""
    command = ape_run("report", str(folder))
    assert (command.status, command.err) == (0, "")
    assert command.out == f"Report: {folder / 'report.html'}\n"
    return folder / "report.html"


@pytest.fixture(scope="module")
def content(page: Path) -> dict[str, Any]:
    """Return what report.json says."""
    return documents.read(page.with_name("report.json"))


def browse(page: Path, *views: str) -> dict[str, Any]:
    """Open a page in views; the screenshots stay in the build folder."""
    BUILD.mkdir(exist_ok=True)
    script = Path(__file__).with_name("report_browser.mjs")
    done = subprocess.run(
        ["node", script, page, BUILD, *views],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert tuple(found) == views
    return found


@pytest.fixture(scope="module")
def seen(page: Path) -> dict[str, Any]:
    """Look at the report."""
    return browse(page, *VIEWS)


@pytest.mark.parametrize("view", VIEWS)
def test_page__in_a_browser__loads_nothing_and_complains_about_nothing(
    seen: dict[str, Any], view: str
):
    """R-43: no request besides the file itself, nothing on the console, with and without script."""
    assert seen[view]["problems"] == []
    assert seen[view]["title"] == "DPI rebalance dpi-2021-04: report"


@pytest.mark.parametrize("view", VIEWS)
def test_page__in_a_browser__shows_the_figures_of_the_json(
    seen: dict[str, Any], content: dict[str, Any], view: str
):
    """R-43: what is shown is what report.json says, and the rows add up to the totals."""
    found, totals = seen[view], content["totals"]
    shown = {**totals, "gas": str(content["gas"]["gas"]), "gas-cost": content["gas"]["cost"]}
    for when in ("before", "after"):
        shown[f"cash-{when}"] = content["cash"][when]["weth"]
    shown["cash-flow"] = content["cash"]["flow"]
    assert len(found["totals"]) == 15
    assert found["totals"] == {name: shown[name] for name in found["totals"]}
    assert found["digest"] == documents.digest(content)
    assert found["loss"] == content["budget"]["loss"]
    rows = found["trades"]
    assert len(rows) == totals["trades"] == len(content["trades"]) > 200
    assert sum(int(row["cost"]) for row in rows) == int(totals["cost"])
    assert sum(int(row["loss"]) for row in rows) == int(found["loss"])
    assert sum(int(row["gas"]) for row in rows) == content["gas"]["trades"]
    received = sum(int(row["weth"]) for row in rows if row["side"] == "sell")
    paid = sum(int(row["weth"]) for row in rows if row["side"] == "buy")
    assert (received, paid) == (int(totals["received"]), int(totals["paid"]))


def test_page__in_a_browser__balances_follow_from_the_rows(seen: dict[str, Any]):
    """R-43: before + bought - sold + flow = after, from nothing but what the page shows."""
    for balance in seen["wide"]["balances"]:
        symbol, change = balance["balance"], int(balance["flow"])
        for row in seen["wide"]["trades"]:
            sign = 1 if row["side"] == "buy" else -1
            change += sign * int(row["amount"]) if row["symbol"] == symbol else 0
            change -= sign * int(row["weth"]) if symbol == "WETH" else 0
        assert int(balance["before"]) + change == int(balance["after"]), symbol


@pytest.mark.parametrize("view", VIEWS)
def test_page__in_a_browser__draws_its_plots(seen: dict[str, Any], view: str):
    """R-43: four plots have a size and marks, and none of their words leaves them."""
    assert len(seen[view]["plots"]) == 4
    for plot in seen[view]["plots"]:
        assert plot["width"] > 250
        assert plot["height"] > 150
        assert plot["marks"] > 20
        assert plot["outside"] == []
        assert plot["unset"] == 0


@pytest.mark.parametrize("view", VIEWS)
def test_page__in_a_browser__fits_its_window(seen: dict[str, Any], view: str):
    """R-43: on a wide screen and on a phone nothing but tables scrolls sideways."""
    assert seen[view]["overflow"] == 0


@pytest.mark.parametrize(("light", "dark"), [("wide", "dark"), ("phone", "phone-dark")])
def test_page__in_a_browser__is_light_or_dark(seen: dict[str, Any], light: str, dark: str):
    """R-43: ink and paper change places, and the drawings' words with them."""
    for view, is_dark in ((light, False), (dark, True)):
        found = seen[view]
        assert (brightness(found["background"]) < 60) is is_dark
        assert (brightness(found["ink"]) > 180) is is_dark
        for colour in {colour for plot in found["plots"] for colour in plot["words"]}:
            assert abs(brightness(colour) - brightness(found["background"])) > 80, colour


def test_browse__page_that_loads_something__is_found_out(page: Path, tmp_path: Path):
    """R-43: the check on requests can fail."""
    text = page.read_text()
    leaking = tmp_path / "leaking.html"
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy".*?>')
    beacon = '<img src="http://127.0.0.1:9/x.png">'
    leaking.write_text(policy.sub("", text).replace("</body>", f"{beacon}</body>"))
    problems = browse(leaking, "dark")["dark"]["problems"]
    assert "request: http://127.0.0.1:9/x.png" in problems


def test_report__figures_do_not_add_up__one_sentence(
    folder: Path, tmp_path: Path, ape_run: Callable[..., Any]
):
    """R-40, R-43: the command names component, expected and found, and writes nothing."""
    units, execution = paper_run.play(trades=20)
    execution["after"]["balances"]["YFI"] = "1" + execution["after"]["balances"]["YFI"]
    paper_run.write(tmp_path, units, execution)
    command = ape_run("report", str(tmp_path))
    assert command.status == 1
    assert re.fullmatch(
        r"Error: 6-execution\.json: the trades of YFI do not explain its balance: expected \d+ "
        r"after the run, found \d+: a trade or a flow is missing [^\n]*\n",
        command.err,
    )
    assert not list(tmp_path.glob("report.*"))


def brightness(colour: str) -> float:
    """Return how bright a colour of CSS is, 0 to 255."""
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    return 0.299 * red + 0.587 * green + 0.114 * blue
