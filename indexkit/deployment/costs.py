"""What a deployment is expected to cost, from a table that was measured on the localnet."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexkit import documents, fields
from indexkit.deployment.manifest import Record
from indexkit.deployment.steps import Deploy, Step
from indexkit.errors import IndexkitError
from indexkit.fields import COUNT
from indexkit.localnet.paths import DATA

TABLE = DATA / "deployment_gas.json"
NOTE = (
    "Gas of each step of a deployment on the localnet, and of each entry of its first list: "
    "written by 'make deployment-gas'."
)


@dataclass(frozen=True, slots=True)
class Gas:
    """What a kind of step takes {gas}; where there are several alike, the mean.

    Attributes
    ----------
    base
        Whatever its lists.
    each
        For each entry of its first list.
    """

    base: int
    each: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a step is expected to take {gas}."""

    step: Step
    gas: int


def key(step: Step) -> str:
    """Return what the table calls a step: the contract, or contract and function."""
    return step.contract if isinstance(step, Deploy) else f"{step.contract}.{step.function}"


def entries(step: Step) -> int:
    """Return how many entries the first list among a step's arguments has."""
    return next((len(each) for each in step.arguments if isinstance(each, list)), 0)


def read_table(path: Path = TABLE) -> dict[str, Gas]:
    """Return the measured table.

    Raises
    ------
    IndexkitError
        The file cannot be read.
    """
    steps = fields.read_json(path).record("steps")
    kinds = {kind: steps.record(kind) for kind in steps.fields}
    return {
        kind: Gas(each.read("gas", COUNT), each.read("each", COUNT)) for kind, each in kinds.items()
    }


def estimates(steps: Iterable[Step], table: Mapping[str, Gas]) -> list[Estimate]:
    """Return what steps are expected to take.

    Raises
    ------
    IndexkitError
        The table lacks one.
    """
    found = []
    for step in steps:
        if key(step) not in table:
            raise IndexkitError(f"{TABLE.name} has no {key(step)}: run 'make deployment-gas'.")
        gas = table[key(step)]
        found.append(Estimate(step, gas.base + gas.each * entries(step)))
    return found


def measured(runs: Sequence[tuple[Sequence[Step], Mapping[str, Record]]]) -> dict[str, Gas]:
    """Return the table that deployments make whose lists differ in length.

    Parameters
    ----------
    runs
        Steps of each deployment, and how they were made.
    """
    points: dict[str, dict[int, list[int]]] = {}
    for steps, made in runs:
        for step in steps:
            record = made[step.id]
            if record.gas_used is not None:
                alike = points.setdefault(key(step), {}).setdefault(entries(step), [])
                alike.append(record.gas_used)
    return {kind: _line(found) for kind, found in sorted(points.items())}


def write_table(table: Mapping[str, Gas], path: Path = TABLE) -> None:
    """Write a table."""
    steps = {kind: {"gas": gas.base, "each": gas.each} for kind, gas in table.items()}
    text = json.dumps({"note": NOTE, "steps": steps}, indent=1)
    documents.write_text(path, text + "\n")


def _line(points: Mapping[int, Sequence[int]]) -> Gas:
    mean = {length: sum(found) // len(found) for length, found in points.items()}
    fewest, most = min(mean), max(mean)
    each = (mean[most] - mean[fewest]) // (most - fewest) if most > fewest else 0
    return Gas(mean[fewest] - each * fewest, each)
