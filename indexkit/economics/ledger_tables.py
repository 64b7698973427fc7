"""The ledgers of many months: as a table for a terminal, as CSV, as lines of JSON."""

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from indexkit.economics.circulating import TOTAL, Standing, total_of
from indexkit.economics.ledger import Ledger

DECIMALS = 18

GROUPS: Mapping[str, Callable[[Ledger], int]] = {
    "farm": lambda ledger: _locked(ledger, "liquidity mining"),
    "bounty": lambda ledger: _locked(ledger, "methodologist bounty"),
    "treasury": lambda ledger: _locked(ledger, "treasury stream"),
    "Set Labs": lambda ledger: _locked(ledger, "Set Labs stream"),
    "DeFi Pulse": lambda ledger: _locked(ledger, "DeFi Pulse stream"),
    "treasury's": lambda ledger: total_of(ledger.pots, Standing.TREASURY),
    "due": lambda ledger: sum(program.due for program in ledger.programs),
    "wallets": lambda ledger: total_of(ledger.wallets, Standing.CIRCULATING),
    "circulating": lambda ledger: ledger.circulating,
}
"""Columns of the terminal's table: five that are locked, the treasury's own, the two that
circulate, and the sum of these two."""


def months_table(ledgers: Sequence[Ledger]) -> Table:
    """Return a row per ledger, in whole INDEX rounded down; eight columns are all there is."""
    title = "Where the ten million INDEX are: locked, the treasury's, circulating"
    table = Table("date", title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in GROUPS:
        table.add_column(heading, justify="right")
    for ledger in ledgers:
        row = [f"{figure(ledger) // 10**DECIMALS:,}" for figure in GROUPS.values()]
        table.add_row(day(ledger.time), *row)
    return table


def pots_table(ledger: Ledger) -> Table:
    """Return a row per pot of one ledger, in INDEX, and the sums of what vested and circulates."""
    title = f"All INDEX at the end of block {ledger.block:,}, {moment(ledger.time)}"
    table = Table("pot", "standing", title=title, box=SIMPLE_HEAD)
    table.add_column("INDEX", justify="right")
    for pot in ledger.pots:
        if pot.amount:
            table.add_row(pot.name, pot.standing, f"{Decimal(pot.amount).scaleb(-DECIMALS):,.18f}")
    table.add_section()
    sums = {"vested": ledger.vested, "circulating": ledger.circulating, "all": TOTAL}
    for name, amount in sums.items():
        table.add_row(name, "", f"{Decimal(amount).scaleb(-DECIMALS):,.18f}")
    return table


def csv_text(ledgers: Sequence[Ledger]) -> str:
    """Return a line per ledger with every figure in INDEX, exactly; the same bytes every time.

    All ledgers are of one deployment, whose programs may grow in number.
    """
    columns = list(dict.fromkeys(key for ledger in ledgers for key in figures(ledger)))
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["date", "time", "block", *columns])
    for ledger in ledgers:
        row = figures(ledger)
        amounts = [index(row.get(column, 0)) for column in columns]
        writer.writerow([moment(ledger.time), ledger.time, ledger.block, *amounts])
    return text.getvalue()


def figures(ledger: Ledger) -> dict[str, int]:
    """Return every figure of a ledger by its name {INDEX base units}."""
    row: dict[str, int] = {}
    for program in ledger.programs:
        row[f"{program.name}: funded"] = program.funded
        row |= {pot.name: pot.amount for pot in program.pots()}
        row[f"{program.name}: claimed"] = program.claimed
    row |= {pot.name: pot.amount for pot in ledger.pots if pot.name not in row}
    row |= {"vested": ledger.vested, "claimed": ledger.claimed, "circulating": ledger.circulating}
    row["total"] = sum(pot.amount for pot in ledger.pots)
    assert row["total"] == TOTAL
    return row


def as_json(ledger: Ledger) -> dict[str, Any]:
    """Return a ledger for json.dumps, amounts as decimal strings {INDEX base units}."""
    return {
        "block": ledger.block,
        "time": ledger.time,
        "date": moment(ledger.time),
        "figures": {name: str(amount) for name, amount in figures(ledger).items()},
    }


def index(amount: int) -> str:
    """Return an amount {INDEX base units} in INDEX, all 18 decimals."""
    return f"{Decimal(amount).scaleb(-DECIMALS):.{DECIMALS}f}"


def day(seconds: int) -> str:
    """Return a time {s} as a date, UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def moment(seconds: int) -> str:
    """Return a time {s} as date and time, UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _locked(ledger: Ledger, name: str) -> int:
    return sum(program.locked for program in ledger.programs if program.name == name)
