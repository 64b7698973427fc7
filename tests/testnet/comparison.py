"""What a deployment left on the chain: code by address, and what its contracts answer."""

from pathlib import Path

from eth_utils.crypto import keccak

from indexkit import documents
from indexkit.commands import connected
from indexkit.deployment import chain, manifest
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.plan import plan
from indexkit.deployment.reading import read_declaration
from indexkit.deployment.roles import roles
from indexkit.deployment.steps import Deploy
from indexkit.errors import IndexkitError


def facts(network: str, declared: Path, path: Path) -> dict[str, str]:
    """Return what a deployment left: addresses, code, the views its calls are for, roles.

    Parameters
    ----------
    network
        Of Ape, with the node's address.
    declared, path
        Files of the declaration and the manifest.
    """
    from ape import project

    made = manifest.read(path)
    assert made is not None
    contracts, found = Contracts(project), {}
    with connected(network):
        for step, address in made.addresses.items():
            found[f"{step}: address"] = address
            found[f"{step}: code"] = _hash(chain.code(address), made.steps[step].block)
        for step in plan(read_declaration(declared), made.deployer):
            for view in () if isinstance(step, Deploy) else step.holds:
                target = contracts.at(view.contract, made.addresses[view.target])
                arguments = contracts.resolved(view.arguments, made.addresses)
                answer = getattr(target, view.function)(*arguments)
                place = f"{step.id}: {view.function}{arguments}[{view.item}]"
                found[place] = str(answer if view.item is None else answer[view.item])
        return found | roles(contracts, made)


def _hash(code: bytes, block: int | None) -> str:
    """Return the hash of code, whatever the block it was deployed in.

    IndexToken keeps that block as an immutable, one word of its code; no two runs have the same.
    """
    assert block is not None
    return keccak(code.replace(block.to_bytes(32, "big"), bytes(32))).hex()


def require_same(expected: dict[str, str], found: dict[str, str]) -> None:
    """Refuse a deployment that differs from another one.

    Raises
    ------
    IndexkitError
        Naming the first difference.
    """
    for place, wanted, there in documents.differences(expected, found):
        raise IndexkitError(
            f"The resumed deployment is another one: {place} is {there}, without a stop {wanted}."
        )
