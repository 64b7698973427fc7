"""The tables of a vote, as a terminal shows them (R-13)."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

from electorate import E18, PROPOSAL, START, TERMS, VOTERS, ballot, chain_of, fill, proposal
from rich.console import Console
from rich.table import Table

from indexkit.metagov import ledger
from indexkit.metagov.result import Result, count
from indexkit.metagov.window import Clock, Window


def shown(*parts: Table | str) -> str:
    """Return what a terminal shows."""
    console = Console(width=160, record=True, highlight=False, file=StringIO())
    for part in parts:
        console.print(part)
    return console.export_text()


def voted(folder: Path) -> Result:
    """Return a result with a rejected file."""
    fill(folder, [ballot(VOTERS[0], 1), ballot(VOTERS[1], 2, START + 90)])
    (folder / "broken[bold].json").write_text("{")
    return count(PROPOSAL, folder, chain_of([90 * E18, 30 * E18]))


def test_tables__the_whole_ledger(tmp_path: Path) -> None:
    """Proposal, window, voters with power and choice, rejected files, quorum, outcome."""
    text = shown(*ledger.tables(voted(tmp_path)))
    for words in (
        "AIP-12: a vote",
        PROPOSAL.hash,
        "AaveGovernanceV2Adapter (0xEC568fffba86c094cf06b22134B23074DFE2252c)",
        "block 100",
        "5 % of 2,000.00",
        "no: abstentions only make the quorum",
        "2021-04-20 06:26:40",
        "2021-04-22 06:26:40",
        "2021-04-23 06:26:40",
        f"{VOTERS[0].address} │ For     │ 2021-04-20 06:26:40 │ 90.00",
        f"{VOTERS[1].address} │ Against │ 2021-04-20 06:28:10 │ 30.00",
        "broken[bold].json │ the file is not JSON as ballots are written",
        "│ Against │  30.00 │  25.00 % │",
        "Quorum reached: 120.00 INDEX voted, 100.00 are needed.",
        "FOR on proposal 12 of AaveGovernanceV2Adapter.",
    ):
        assert words in text, text


def test_window_table__in_blocks() -> None:
    """Dates are reckoned, blocks are what the governor goes by."""
    clock = Clock(block=12_000_000, time=START, blocks_per_day=6_400)
    window = Window.of(12_000_000, 12_019_200, in_seconds=False, day=6_400)
    text = shown(ledger.window_table(replace(TERMS, window=window, clock=clock)))
    assert (
        "│ ballots close, casting opens │ 2021-04-22 06:26:40 │ 1619072800 │ 12,012,800 │" in text
    )
    assert "reckoned from block 12,000,000 at 6,400 blocks a day" in text


def test_proposal_table__strangers_text() -> None:
    """A title is neither markup nor does it steer the terminal."""
    text = shown(ledger.proposal_table(proposal(title="[red]Vote\x1b[2J now")))
    assert "[red]Vote�[2J now" in text


def test_lines__nobody_voted(tmp_path: Path) -> None:
    """No division by nothing."""
    result = count(PROPOSAL, tmp_path, chain_of([1]))
    assert "Quorum not reached: 0.00 INDEX voted" in shown(*ledger.tables(result))
    assert ledger.outcome_line(result).startswith("UNDECIDED on proposal 12")
