"""Whether the code at each address is what the sources here compile to, immutables included.

The code that belongs there is what the constructor returns when the node runs it now, without a
transaction, with the declared arguments.
"""

from typing import Any

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.deployment import chain
from indexkit.deployment import protocol_plan as protocol
from indexkit.deployment.checking.inspection import Inspection
from indexkit.deployment.checking.report import CODE, MANIFEST
from indexkit.deployment.checking.strangers import describe, runtimes
from indexkit.deployment.constructors import encode_arguments, product_arguments
from indexkit.deployment.explorers import BLUEPRINT_PREAMBLE
from indexkit.deployment.manifest import Record
from indexkit.deployment.recompiling import trailer
from indexkit.deployment.steps import Deploy, Step, as_json, created_kind, needed

WORD = 32
SHARED = (protocol.CONTROLLER, protocol.LOGIC)
"""What each product is told of besides the arguments of its creation."""


def check_code(inspection: Inspection) -> None:
    """Compare the code of every contract that is there, and what the manifest says of it.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    known = runtimes(inspection.contracts)
    for step in inspection.steps:
        kind = created_kind(step)
        if kind is not None and step.id in inspection.addresses:
            _check(inspection, step, kind, known)


def _check(inspection: Inspection, step: Step, kind: str, known: dict[str, bytes]) -> None:
    address, record = inspection.addresses[step.id], inspection.manifest.steps[step.id]
    code, init = chain.code(address), _init_code(inspection, kind)
    if isinstance(step, Deploy) and step.blueprint:
        expected = f"the blueprint of {kind}"
        is_right = code == BLUEPRINT_PREAMBLE + init
        found = expected if is_right else describe(address, code, known)
    else:
        expected, found = kind, describe(address, code, known)
        if found != kind:
            inspection.foreign.add(step.id)
        elif not inspection.are_known(*_needed(step)):
            found = f"{kind} made with arguments that are not known"
        elif not _is_as_made(inspection, record, code, init + _arguments(inspection, step, kind)):
            found = f"{kind} made with other arguments"
    inspection.compare(CODE, step.id, "code", expected, found)
    if found == expected:
        _check_record(inspection, step.id, record, code, init)


def _needed(step: Step) -> tuple[str, ...]:
    return needed(step) if isinstance(step, Deploy) else (*needed(step), *SHARED)


def _init_code(inspection: Inspection, kind: str) -> bytes:
    found = inspection.contracts.own_type(kind).deployment_bytecode
    return bytes.fromhex(found.bytecode.removeprefix("0x"))


def _arguments(inspection: Inspection, step: Step, kind: str) -> bytes:
    """Return the arguments of a step's contract as declared, as they follow the init code."""
    addresses, contracts = inspection.addresses, inspection.contracts
    arguments: Any = contracts.resolved(step.arguments, addresses)
    if not isinstance(step, Deploy):
        shared = (addresses[each] for each in SHARED)
        arguments = product_arguments(arguments, addresses[step.target], shared)
    inputs = contracts.own_type(kind).constructor.inputs
    types = [each.canonical_type for each in inputs]
    return encode_arguments(step.id, types, as_json(arguments))


def _is_as_made(inspection: Inspection, record: Record, code: bytes, creation: bytes) -> bool:
    """Tell whether code of the right kind has the immutables that its constructor gives it."""
    call = {"from": inspection.manifest.deployer, "data": "0x" + creation.hex()}
    expected = chain.attempt(call)
    return code == expected or _is_of_its_block(record, code, creation, expected)


def _is_of_its_block(record: Record, code: bytes, creation: bytes, expected: bytes | None) -> bool:
    """Tell whether code is otherwise only because its constructor ran in another block.

    IndexToken keeps the block of its birth; a constructor may refuse a beginning that is past. The
    transaction that made the contract is the witness: its init code, its arguments, its block.
    """
    if record.transaction is None:
        return False
    transaction = chain.ask("eth_getTransactionByHash", record.transaction)
    receipt = chain.receipt(record.transaction)
    if not transaction or not receipt or transaction["input"] != "0x" + creation.hex():
        return False
    if str(receipt["contractAddress"]).lower() != str(record.address).lower():
        return False
    # It was run then, and cannot be run now.
    if expected is None:
        return True
    birth = chain.number(receipt["blockNumber"]).to_bytes(WORD, "big")
    return len(code) == len(expected) and all(
        found in (word, birth) for found, word in zip(_words(code), _words(expected), strict=True)
    )


def _words(code: bytes) -> list[bytes]:
    """Return code in words from its end, where the immutables are, and what is left before them."""
    first = len(code) % WORD
    return [code[:first], *(code[at : at + WORD] for at in range(first, len(code), WORD))]


def _check_record(
    inspection: Inspection, step: str, record: Record, code: bytes, init: bytes
) -> None:
    """Compare what the manifest says of a contract with the contract, its source and its birth."""
    pairs = [
        ("hash of the code", "0x" + keccak(code).hex(), record.code_hash),
        ("hash of the source", trailer(init).integrity, record.source_hash),
    ]
    receipt = chain.receipt(record.transaction) if record.transaction else None
    if receipt:
        sender = to_checksum_address(receipt["from"])
        pairs.append(("deployer", sender, inspection.manifest.deployer))
        pairs.append(("block", str(chain.number(receipt["blockNumber"])), str(record.block)))
    for what, there, recorded in pairs:
        inspection.compare(MANIFEST, step, f"recorded {what}", there, recorded)
