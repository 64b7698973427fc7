"""A report refuses figures that do not add up, and files that do not belong together (R-43)."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import paper_run
import pytest

from indexkit import documents, report
from indexkit.errors import IndexkitError

UNITS, EXECUTION = paper_run.play(trades=40)


def changed(content: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """Return a copy with one figure changed; a function gets the old one."""
    copy = deepcopy(content)
    *path, last = (int(key) if key.isdecimal() else key for key in place.split("."))
    at: Any = copy
    for key in path:
        at = at[key]
    at[last] = value(at[last]) if callable(value) else value
    return copy


def more(value: str | int) -> str | int:
    """Return one more, as the same type."""
    return str(int(value) + 1) if isinstance(value, str) else value + 1


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        (
            "trades.0.amount",
            r"trades of UNI do not explain its balance: expected \d+ after",
        ),
        ("trades.0.weth", r"trade 1 \(UNI\): fee, impact and drift must add up .* expected -?\d+"),
        ("trades.3.market", r"trade 4 \(\w+\): fee, impact and drift must add up"),
        ("trades.3.fee", r"trade 4 \(\w+\): fee, impact and drift must add up"),
        ("trades.3.impact", r"trade 4 \(\w+\): fee, impact and drift must add up"),
        ("trades.3.drift", r"trade 4 \(\w+\): fee, impact and drift must add up"),
        ("trades.3.front_run", r"trade 4 \(\w+\): nobody moved its pool .* expected 0, found 1:"),
        ("before.balances.YFI", r"trades of YFI do not explain its balance: expected \d+ .* \d+:"),
        ("after.balances.MKR", r"trades of MKR do not explain its balance"),
        ("after.balances.WETH", r"trades of WETH do not explain its balance"),
    ],
)
def test_figures__one_figure_is_off_by_one__raises(place: str, sentence: str):
    """R-43: trades and balances agree to the base unit, or there is no report."""
    with pytest.raises(IndexkitError, match=sentence):
        report.figures(UNITS, changed(EXECUTION, place, more))


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (
            "after.units.UNI",
            "9" * 30,
            "after: the units of UNI stand for more than the index",
        ),
        ("trades.1.limit", "1", r"trade 2 \(\w+\): no such trade passes its limit: expected 1 or"),
        ("trades.0.limit", "9" * 30, r"trade 1 \(UNI\): no such trade passes its limit"),
        ("trades.1.time", 5, r"trade 2 \(\w+\): it is older than the trade before it"),
        ("trades.1.block", 5, r"trade 2 \(\w+\): its block 5 is outside the run's 12277100 to"),
        ("trades.1.symbol", "XXX", "trades names 'XXX', which 4-units.json does not"),
        ("trades.1.kind", "gift", r"trades\[1\] \w+: kind is 'gift', not one of trade, remaining"),
        ("trades.1.is_buy", "yes", "is_buy is 'yes', not true or false"),
        ("trades.1.gas", -5, "gas is -5, not a whole number, zero or more"),
        ("trades.1.fee", "1e5", "fee is '1e5', not a whole number"),
        ("trades.1.weth", 10**78, "not a whole number, zero or more"),
        ("trades.1.time", 10**12, "not seconds since 1970"),
        ("trades.1.reserves_before", 7, "reserves_before is 7, not an object"),
        ("targets", {}, "targets: AAVE is missing: add it"),
        ("after.units.ABC", "0", "after, units names 'ABC', which 4-units.json does not"),
        ("token", "0x" + "00" * 20, "another token than 4-units.json has: expected 0x1494"),
        ("trades", None, "trades is None, not a list of objects"),
    ],
)
def test_figures__wrong_record__raises(place: str, value: Any, sentence: str):
    """R-43: what cannot have happened is refused in one sentence that says where."""
    if place.endswith("ABC"):
        record = deepcopy(EXECUTION)
        record["after"]["units"]["ABC"] = value
    else:
        record = changed(EXECUTION, place, value)
    with pytest.raises(IndexkitError, match=r"^6-execution\.json") as error:
        report.figures(UNITS, record)
    error.match(sentence)
    assert "\n" not in error.value.message


def test_figures__trade_dropped_or_listed_twice__raises():
    """R-43: every trade of the run is in the record, once."""
    dropped = {**EXECUTION, "trades": EXECUTION["trades"][1:]}
    with pytest.raises(IndexkitError, match="the trades of UNI do not explain its balance"):
        report.figures(UNITS, dropped)
    twice = {**EXECUTION, "trades": [EXECUTION["trades"][0], *EXECUTION["trades"]]}
    with pytest.raises(IndexkitError, match="the trades of UNI do not explain its balance"):
        report.figures(UNITS, twice)


@pytest.mark.parametrize("of", ["trades", "gas_spent"])
def test_figures__gas_listed_twice__raises(of: str):
    """R-43: a transaction's gas is counted once."""
    again = {**EXECUTION["gas_spent"][0], "transaction": EXECUTION[of][0]["transaction"]}
    record = {**EXECUTION, "gas_spent": [*EXECUTION["gas_spent"], again]}
    with pytest.raises(IndexkitError, match=r"0x[0-9a-f]{64} \(observe\) is counted already"):
        report.figures(UNITS, record)


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        ("components.0.price_usd", "0", r"components\[0\] YFI: price_usd is '0', not a price"),
        ("components.0.decimals", 10**9, "decimals is 1000000000, not a whole number from 0 to 77"),
        ("components.0.symbol", "UNI", "'UNI' cannot be listed, or is listed twice"),
        ("components.0.symbol", "WETH", "'WETH' cannot be listed, or is listed twice"),
        ("components.0.symbol", "A\u0000B", "not a printable text"),
        ("weth_price_usd", None, "weth_price_usd is None, not a price"),
        ("plans.planned.expected.fee", [], r"plans, planned, expected: fee is \[\], not a whole"),
        ("date", "April", "date is 'April', not a date such as"),
    ],
)
def test_figures__wrong_plan__raises(place: str, value: Any, sentence: str):
    """R-43: a malformed plan is refused in one sentence that says where."""
    with pytest.raises(IndexkitError, match=r"^4-units\.json") as error:
        report.figures(changed(UNITS, place, value), EXECUTION)
    error.match(sentence)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the files of a rebalance."""
    return paper_run.write(tmp_path, UNITS, EXECUTION)


@pytest.mark.parametrize("name", ["4-units.json", "6-execution.json"])
def test_build__needed_file_missing__raises(folder: Path, name: str):
    """R-43: the report says which step is not done."""
    (folder / name).unlink()
    with pytest.raises(IndexkitError, match=f"there is no {name}, which the report is made from"):
        report.build(folder)


def test_build__no_folder__raises(tmp_path: Path):
    """R-43: a folder that is not there is named."""
    with pytest.raises(IndexkitError, match=r"nowhere: there is no 4-units\.json"):
        report.write(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("1-weights", "2-verification"),
        ("2-verification", "3-params"),
        ("3-params", "4-units"),
        ("4-units", "5-submission"),
        ("5-submission", "6-execution"),
    ],
)
def test_build__step_changed_afterwards__raises(folder: Path, name: str, after: str):
    """R-34, R-43: a file that is not the one the next step was made from is refused."""
    path = folder / f"{name}.json"
    found = documents.digest(documents.read(path))
    content = documents.read(path)
    content["content"]["edited"] = True
    documents.write(path, content)
    sentence = f"^{after}.json: made after another {name}.json: expected the hash .*, found {found}"
    with pytest.raises(IndexkitError, match=sentence):
        report.build(folder)


def test_build__another_state__raises(folder: Path):
    """R-34, R-43: the plan names the state of the chain it was made from."""
    documents.write(folder / "state.json", {"chain_id": 5})
    with pytest.raises(IndexkitError, match=r"^4-units\.json: made from another state\.json"):
        report.build(folder)


def test_build__another_basket__raises(folder: Path):
    """R-34, R-43: the weights name the inputs they were made from."""
    documents.write(folder / "basket.json", {"rule": "another"})
    with pytest.raises(IndexkitError, match=r"^1-weights\.json: made from another basket\.json"):
        report.build(folder)


@pytest.mark.parametrize(("name", "value"), [("token", paper_run.GUARD), ("chain_id", 5)])
def test_figures__another_index_than_the_state__raises(name: str, value: str | int):
    """R-43: the run is of the index whose state the plan was made from."""
    state = {"token": EXECUTION["token"].lower(), "chain_id": 1, "module": paper_run.MODULE}
    planned = {**UNITS, "token_address": paper_run.GUARD}
    assert report.figures(planned, EXECUTION, state=state)["heading"]["token"] == EXECUTION["token"]
    sentence = f"another {name} than state.json has: expected {value}, found {EXECUTION[name]}"
    with pytest.raises(IndexkitError, match=sentence):
        report.figures(planned, EXECUTION, state={**state, name: value})


@pytest.mark.parametrize("text", ["{", "[]", '{"content": 5}', '{"a": 1, "a": 2}', "{}"])
def test_write__broken_file__raises_and_leaves_no_report(folder: Path, text: str):
    """R-40, R-43: one sentence, and nothing half written."""
    before = sorted(folder.iterdir())
    (folder / "6-execution.json").write_text(text)
    with pytest.raises(IndexkitError, match=r"6-execution\.json"):
        report.write(folder)
    assert sorted(folder.iterdir()) == before


def test_write__refused__keeps_the_report_before(folder: Path):
    """R-40: a report that cannot be made again stays as it was."""
    page = report.write(folder)
    content = page.read_bytes(), (folder / "report.json").read_bytes()
    record = json.loads((folder / "6-execution.json").read_text())
    record["content"]["after"]["balances"]["WETH"] = "5"
    documents.write(folder / "6-execution.json", record)
    with pytest.raises(IndexkitError, match="WETH"):
        report.write(folder)
    assert (page.read_bytes(), (folder / "report.json").read_bytes()) == content


def test_write__place_is_taken_by_a_folder__raises(folder: Path):
    """R-40: what cannot be written is said in one sentence."""
    (folder / "report.html").mkdir()
    with pytest.raises(IndexkitError, match=r"report\.html cannot be written \("):
        report.write(folder)
