"""The report of a campaign: the score of each contract, and every survivor with its line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexkit.localnet.paths import ROOT
from mutation.equivalent import Register
from mutation.judge import VIABLE, Verdict

REPORT = ROOT / "build" / "mutation" / "report.md"
DOCUMENT = ROOT / "docs" / "MUTATION.md"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"


def score(verdicts: Sequence[Verdict], register: Register) -> tuple[int, int]:
    """Return how many mutants were killed, and of how many that a test could tell apart."""
    played = [one for one in verdicts if one.status in VIABLE]
    equal = [one for one in played if one.status == "survived" and register.reason(one)]
    return sum(one.status == "killed" for one in played), len(played) - len(equal)


def write(verdicts: Sequence[Verdict], facts: dict[str, Any], *, document: bool) -> Path:
    """Write the report, and put it into docs/MUTATION.md if asked to."""
    text = "\n".join(_lines(verdicts, facts, Register.load())) + "\n"
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(text)
    if document:
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")
        return DOCUMENT
    return REPORT


def _lines(verdicts: Sequence[Verdict], facts: dict[str, Any], register: Register) -> Iterator[str]:
    yield (
        "| contract | candidates | drawn | do not compile | same bytecode | played | killed "
        "| equivalent | not decided | survived | score |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    contracts = list(dict.fromkeys(one.contract for one in verdicts))
    for contract in contracts:
        yield _row(contract, verdicts, facts, register)
    yield ""
    survivors = [one for one in verdicts if one.status in VIABLE[1:]]
    survivors.sort(key=lambda one: (one.mutation.path, one.mutation.line, one.mutation.shown))
    for title, argued in (("Survivors", False), ("Equivalent", True)):
        chosen = [one for one in survivors if bool(register.reason(one)) is argued]
        yield f"### {title}"
        yield ""
        if not chosen:
            yield "None."
            yield ""
            continue
        yield "| line | mutation | in | why |"
        yield "|---|---|---|---|"
        seen: dict[tuple[str, ...], list[str]] = {}
        for one in chosen:
            m = one.mutation
            why = register.reason(one) or ("" if one.status == "survived" else one.status)
            key = (f"`{m.path}:{m.line}`", f"`{m.shown.replace('|', chr(92) + '|')}`", why)
            seen.setdefault(key, []).append(one.contract)
        for (place, change, why), of in seen.items():
            yield f"| {place} | {change} | {', '.join(dict.fromkeys(of))} | {why} |"
        yield ""


def _row(
    contract: str, verdicts: Sequence[Verdict], facts: dict[str, Any], register: Register
) -> str:
    mine = [one for one in verdicts if one.contract == contract]
    counts = Counter(one.status for one in mine)
    killed, of = score(mine, register)
    played = sum(counts[status] for status in VIABLE)
    undecided = counts["timeout"] + counts["error"]
    equal = played - of
    numbers = (
        *(facts["candidates"].get(contract, len(mine)), len(mine), counts["invalid"]),
        *(counts["identical"], played, killed, equal, undecided),
        counts["survived"] - equal,
    )
    percent = f"{100 * killed / of:.1f} %" if of else ""
    return f"| {contract} | {' | '.join(f'{n:,}' for n in numbers)} | {percent} |"
