"""Whether a manifest is of this deployment: the same chain, the same account, the same steps."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from eth_utils.crypto import keccak

from indexkit import documents
from indexkit.deployment import chain
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.handover_plan import is_handover
from indexkit.deployment.manifest import DEPLOY, DONE, Manifest, Record
from indexkit.deployment.steps import Deploy, Step, as_json, created_kind, needed
from indexkit.errors import IndexkitError


def require_same(
    path: Path, found: Manifest, fresh: Manifest, steps: Sequence[Step], contracts: Contracts
) -> None:
    """Refuse a manifest that contradicts the chain, the declaration, the account or the sources.

    Parameters
    ----------
    path
        Of the manifest, for the complaint.
    found
        As its file has it.
    fresh
        As an empty one of this deployment would be.
    steps
        All that is declared.

    Raises
    ------
    IndexkitError
        The first contradiction, in one sentence.
    """
    for sentence in contradictions(found, fresh, steps, contracts):
        raise IndexkitError(
            f"{path}: {sentence}; the manifest is left as it is: correct what is wrong, or name "
            "another with --manifest to deploy anew."
        )


def require_begun(found: Manifest, steps: Sequence[Step]) -> None:
    """Refuse a part of a plan that needs another part which is not deployed.

    Raises
    ------
    IndexkitError
        A step refers to one that is neither done nor among those before it.
    """
    there = set(found.addresses)
    for step in steps:
        for each in needed(step):
            if each not in there:
                raise IndexkitError(
                    f"{step.id} needs {each}, which is not deployed: deploy that part first "
                    f"('ape run deploy {each.split('.')[0]}'), or all."
                )
        there.add(step.id)


def contradictions(
    found: Manifest, fresh: Manifest, steps: Sequence[Step], contracts: Contracts
) -> Iterator[str]:
    """Yield what contradicts a manifest, one part of a sentence each."""
    for field in ("network", "chain_id", "genesis", "deployer", "compiler"):
        there, here = getattr(found, field), getattr(fresh, field)
        if there != here:
            yield f"its {field} is {there}, here it is {here}"
    planned = {step.id: step for step in steps}
    for name, record in found.steps.items():
        # Offers may be made anew, and rights handed on: how that stands, only the chain says.
        if is_handover(name):
            continue
        if name not in planned:
            yield f"it has the step {name}, which is not declared"
            continue
        yield from _step(planned[name], record, found, contracts)


def _step(step: Step, record: Record, found: Manifest, contracts: Contracts) -> Iterator[str]:
    kind = created_kind(step)
    function = None if isinstance(step, Deploy) else step.function
    if (record.kind == DEPLOY, record.function) != (isinstance(step, Deploy), function) or (
        record.contract != (kind or step.contract)
    ):
        yield f"its step {step.id} is another one than declared"
        return
    arguments = as_json(contracts.resolved(step.arguments, found.addresses))
    for place, expected, was in documents.differences(arguments, record.arguments):
        yield f"{step.id} was made with {was} as argument {place}, declared is {expected}"
    if kind and record.source_hash != contracts.source_hash(kind):
        yield f"{step.id} was deployed from another source of {kind} than the one here"
    if record.address and record.status == DONE:
        there = chain.code(record.address)
        if "0x" + keccak(there).hex() != record.code_hash:
            what = "other code" if there else "no code"
            yield f"{step.id} is at {record.address}, where the chain has {what}"
    # What a call changed may be changed again since; that it was made stays.
    elif record.status == DONE and record.transaction and not chain.receipt(record.transaction):
        yield f"{step.id} was made in {record.transaction}, which the chain does not have"
