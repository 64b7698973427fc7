"""Whether the manifest is of the declared deployment, and whole."""

from indexkit import documents
from indexkit.deployment.checking.inspection import Inspection
from indexkit.deployment.checking.report import MANIFEST
from indexkit.deployment.manifest import DEPLOY, Record
from indexkit.deployment.plan import SCOPES
from indexkit.deployment.steps import Deploy, Step, as_json, created_kind, references

MADE = "made"


def check_manifest(inspection: Inspection) -> None:
    """Compare the manifest with the steps that the declaration asks for.

    What a call other than a creation was made with is not compared: it may have been changed since,
    and what counts is what the contracts answer now.
    """
    manifest = inspection.manifest
    inspection.compare(
        MANIFEST, "manifest", "compiler", inspection.contracts.compiler(), dict(manifest.compiler)
    )
    for step in inspection.steps:
        record = manifest.steps.get(step.id)
        status = "missing" if record is None else MADE
        if record is not None and not inspection.is_made(step.id):
            status = "sent, not confirmed"
        inspection.compare(MANIFEST, step.id, "step", MADE, status)
        if record is not None and created_kind(step):
            _compare(inspection, step, record)
    planned = {step.id for step in inspection.steps}
    for name in manifest.steps:
        if name not in planned and name.partition(".")[0] in SCOPES:
            inspection.compare(MANIFEST, name, "step", "none of that name", MADE)


def _compare(inspection: Inspection, step: Step, record: Record) -> None:
    made_as = (record.kind == DEPLOY, record.contract)
    inspection.compare(
        MANIFEST,
        step.id,
        "contract",
        _words(isinstance(step, Deploy), created_kind(step)),
        _words(*made_as),
    )
    if not inspection.are_known(*references(step.arguments)):
        return
    declared = as_json(inspection.contracts.resolved(step.arguments, inspection.addresses))
    for place, expected, found in documents.differences(declared, record.arguments):
        inspection.compare(MANIFEST, step.id, f"argument {place}", expected, found)


def _words(is_deployed: bool, contract: str | None) -> str:
    return f"{contract}, {'deployed' if is_deployed else 'created by a call'}"
