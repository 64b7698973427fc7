"""A season: every scenario once, the random sequences, and what they covered together."""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from indexkit.localnet.paths import ROOT
from twins import abi
from twins.comparison import Tally
from twins.interface import interface
from twins.progress import Progress
from twins.scenario import SCENARIOS, Theatre
from twins.world import PATHS, original

SUMMARY = ROOT / "build" / "conformance"


class Season:
    """Plays each scenario once, however often it is asked for.

    Attributes
    ----------
    tally
        What the scenarios covered.
    random
        What the random sequences covered.
    sequences, steps
        How many random sequences were compared, and how many steps in them.
    """

    def __init__(self, theatre: Theatre) -> None:
        self.theatre = theatre
        self.tally = Tally()
        self.random = Tally()
        self.sequences = self.steps = 0
        self._progress = Progress("scenarios", len(SCENARIOS), "played")
        self._failures: dict[str, BaseException | None] = {}

    def play(self, name: str) -> None:
        """Play a scenario, or repeat what came of it."""
        if name not in self._failures:
            try:
                self.theatre.play(SCENARIOS[name], self.tally)
                self._failures[name] = None
            except Exception as error:
                self._failures[name] = error
            self._progress.to(len(self._failures))
        failure = self._failures[name]
        if failure is not None:
            raise failure

    def play_all(self) -> None:
        """Play what was not played yet; failures are reported where they belong."""
        for name in SCENARIOS:
            try:
                self.play(name)
            except Exception:
                continue
        found = abi.differences()
        for identifier, known in abi.REGISTERED.items():
            if known <= found:
                self.tally.differences[identifier][abi.SCENARIO] = len(known)


def matrix(tally: Tally) -> Iterator[tuple[str, str, tuple[int, int, int, int]]]:
    """Yield every function and event of the originals and how often each side showed it.

    Yields
    ------
    tuple
        Contract type; signature; successes and refusals of the original, then of ours (events:
        occurrences, and 0).
    """
    for kind in PATHS:
        of = interface(original(kind))
        for function in of.functions.values():
            counts = (
                tally.calls[side, kind, function.signature, success]
                for side in ("original", "ours")
                for success in (True, False)
            )
            a, b, c, d = counts
            yield kind, function.signature, (a, b, c, d)
        for topic, signature in of.events.items():
            theirs, ours = (tally.events[side, kind, topic] for side in ("original", "ours"))
            yield kind, f"event {signature}", (theirs, 0, ours, 0)


ALWAYS_REFUSED = {
    ("BasicIssuanceModule", "removeModule()"),
    ("AaveGovernanceAdapter", "getDelegateCalldata(address)"),
    ("AaveGovernanceAdapter", "getProposeCalldata(bytes)"),
    ("AaveGovernanceAdapter", "getRegisterCalldata(address)"),
    ("AaveGovernanceAdapter", "getRevokeCalldata()"),
    ("AaveGovernanceV2Adapter", "getRegisterCalldata(address)"),
    ("AaveGovernanceV2Adapter", "getRevokeCalldata()"),
}
"""Functions of the originals that refuse every call."""


def missing(tally: Tally) -> list[str]:
    """Return the cells of the matrix that are empty: what one side was never seen to do."""
    found = []
    for kind, signature, (theirs, they_refused, ours, we_refused) in matrix(tally):
        if (kind, signature) in ALWAYS_REFUSED:
            assert theirs == ours == 0, f"{kind}: {signature} does not refuse always"
            theirs, ours = they_refused, we_refused
        for side, count in (("original", theirs), ("ours", ours)):
            if count == 0:
                found.append(f"{kind}: {signature} ({side})")
    return found


def write(season: Season, seed: int) -> Path:
    """Write the summary, as text and as JSON, and return the text's path."""
    SUMMARY.mkdir(parents=True, exist_ok=True)
    path = SUMMARY / "summary.md"
    path.write_text("\n".join(_lines(season, seed)) + "\n")
    facts = json.dumps(_facts(season, seed), indent=2, sort_keys=True)
    (SUMMARY / "summary.json").write_text(f"{facts}\n")
    return path


def _facts(season: Season, seed: int) -> dict[str, object]:
    return {
        "scenarios": len(SCENARIOS),
        "scenario_calls_compared": season.tally.compared,
        "random_seed": seed,
        "random_sequences": season.sequences,
        "random_steps": season.steps,
        "random_calls_compared": season.random.compared,
        "differences_in_scenarios": season.tally.differences,
        "differences_at_random": {key: n.total() for key, n in season.random.differences.items()},
    }


def _lines(season: Season, seed: int) -> Iterator[str]:
    tally, random = season.tally, season.random
    yield "# Conformance: summary of one run"
    yield ""
    yield f"- scenarios: {len(SCENARIOS)}, calls compared: {tally.compared:,}"
    yield (
        f"- random: {season.sequences:,} sequences, {season.steps:,} steps, "
        f"{random.compared:,} calls compared, seed {seed}"
    )
    yield ""
    yield "| difference | in scenarios | at random |"
    yield "|---|---:|---:|"
    for identifier in sorted({*tally.differences, *random.differences}, key=_by_number):
        counts = (one.differences[identifier].total() for one in (tally, random))
        yield f"| {identifier} | {' | '.join(f'{count:,}' for count in counts)} |"
    yield ""
    yield "Scenarios: successes and refusals in the original world, then in ours; gas of ours per"
    yield "gas of the original (median). At random: successes and refusals of ours."
    yield ""
    yield "| contract | what | done | refused | done | refused | gas | random | refused |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|"
    rows = zip(matrix(tally), matrix(random), strict=True)
    for (kind, signature, counts), (_, _, (_, _, done, refused)) in rows:
        numbers = " | ".join(str(count) for count in counts)
        gas = _gas_ratio(tally, kind, signature)
        yield f"| {kind} | `{signature}` | {numbers} | {gas} | {done} | {refused} |"
    yield ""
    yield "| contract | function | reason of a refusal | in scenarios | at random |"
    yield "|---|---|---|---:|---:|"
    for key in sorted({*tally.reasons, *random.reasons}):
        kind, signature, words = key
        if kind in PATHS:
            counts = f"{tally.reasons[key]} | {random.reasons[key]}"
            yield f"| {kind} | `{signature.partition('(')[0]}` | {words} | {counts} |"


def _by_number(identifier: str) -> tuple[str, int]:
    letter, number = identifier.split("-")
    return letter, int(number)


def _gas_ratio(tally: Tally, kind: str, signature: str) -> str:
    pairs = tally.gas.get((kind, signature))
    return f"{median(ours / theirs for theirs, ours in pairs):.2f}" if pairs else ""
