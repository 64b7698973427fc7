"""Tables, CSV and plot of ledgers: exact, and the same bytes every time (R-25)."""

import csv
from dataclasses import replace
from io import StringIO

import matplotlib
import pytest
from rich.console import Console

from indexkit.economics.circulating import TOTAL, Pot, Standing
from indexkit.economics.ledger import Contract, Ledger, Program
from indexkit.economics.ledger_plot import draw
from indexkit.economics.ledger_tables import GROUPS, as_json, csv_text, months_table
from indexkit.errors import IndexkitError
from indexkit.plan import WAD

MONTH_S = 2_628_000
BEGIN = 1_602_010_800


def ledger(month, *, more=()):
    """Return a ledger in which a thousand INDEX and a base unit vest every month."""
    vested = month * (1_000 * WAD + 1)
    funded = 4_750_000 * WAD
    programs = (Program("treasury stream", funded, funded - vested, 0, vested, 0), *more)
    wallets = (
        Pot("treasury", Standing.TREASURY, 0),
        Pot("other wallets", Standing.CIRCULATING, TOTAL - funded),
    )
    contract = Contract("TokenStream", funded, programs)
    return Ledger(month, BEGIN + month * MONTH_S, (contract,), wallets)


LEDGERS = [ledger(0), ledger(1), ledger(2, more=(Program("other streams", 3, 0, 0, 0, 3),))]


def test_csv__every_figure_exactly_and_the_same_bytes():
    """R-25: what a line holds, to the base unit; a program that comes later is 0 before."""
    text = csv_text(LEDGERS)
    assert text == csv_text(list(LEDGERS))
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["date"] for row in rows] == [
        "2020-10-06T19:00:00Z",
        "2020-11-06T05:00:00Z",
        "2020-12-06T15:00:00Z",
    ]
    assert rows[2]["treasury stream: due to the treasury"] == "2000.000000000000000002"
    assert rows[1]["circulating"] == "5250000.000000000000000000"
    assert [row["other streams: claimed"] for row in rows] == [
        "0.000000000000000000",
        "0.000000000000000000",
        "0.000000000000000003",
    ]
    assert {row["total"] for row in rows} == {"10000000.000000000000000000"}


def test_table__the_groups_are_all_there_is():
    """R-25: the columns but the last add up to ten million; the last is what circulates."""
    for entry in LEDGERS:
        *parts, last = (figure(entry) for figure in GROUPS.values())
        assert sum(parts) == TOTAL
        assert last == entry.circulating
    terminal = Console(width=120, record=True, file=StringIO())
    terminal.print(months_table(LEDGERS))
    lines = terminal.export_text().splitlines()
    assert max(map(len, lines)) <= 120
    assert any("2020-11-06" in line and "4,748,999" in line for line in lines)


def test_json__amounts_as_text():
    """Base units do not fit a float: they are written as text."""
    content = as_json(LEDGERS[1])
    assert content["figures"]["treasury stream: due to the treasury"] == str(1_000 * WAD + 1)
    assert (content["block"], content["date"]) == (1, "2020-11-06T05:00:00Z")


@pytest.mark.parametrize("name", ["ledger.svg", "ledger.png"])
def test_draw__the_same_bytes(tmp_path, name):
    """A plot tells of the ledgers, and of nothing else."""
    first = draw(LEDGERS, tmp_path / "a" / name).read_bytes()
    assert draw(LEDGERS, tmp_path / "b" / name).read_bytes() == first
    assert matplotlib.__version__.encode() not in first
    other = [*LEDGERS[:2], replace(ledger(900), time=LEDGERS[2].time)]
    assert draw(other, tmp_path / name).read_bytes() != first


def test_draw__bad_name__refused(tmp_path):
    """One sentence before anything is written."""
    file = tmp_path / "ledger.gif"
    with pytest.raises(IndexkitError) as error:
        draw(LEDGERS, file)
    assert error.value.message == f"{file}: a plot is written as .svg or .png: name such a file."
    assert not file.exists()
