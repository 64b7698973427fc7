"""What block explorers ask of a deployed contract besides its input: where it is, and made how."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.deployment.constructors import encode_arguments, product_arguments
from indexkit.deployment.verification import deployable
from indexkit.errors import IndexkitError

DEPLOYED = "deployed.json"
"""The file beside the inputs that says what was deployed where, with which arguments."""

SHELL, LOGIC, CONTROLLER = "SetTokenShell", "SetToken", "Controller"

BLUEPRINT_PREAMBLE = bytes.fromhex("fe7100")
"""What ERC-5202 puts before the init code of a blueprint: version 0, no data."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A contract that a manifest says is there.

    Attributes
    ----------
    step
        The manifest's name of it.
    contract
        Whose code it is.
    arguments
        The constructor's arguments, ABI-encoded; none for a blueprint, which runs no constructor.
    transaction
        Hash of the one that created it; None if somebody else had made that call.
    is_blueprint
        Whether the address holds init code instead of the contract.
    """

    step: str
    contract: str
    address: str
    arguments: bytes
    transaction: str | None
    is_blueprint: bool = False

    def json(self, source: str) -> dict[str, Any]:
        """Return what an explorer's form asks for.

        Parameters
        ----------
        source
            Path of the contract inside its input.
        """
        return {
            "step": self.step,
            "address": self.address,
            "transaction": self.transaction,
            "input": f"{self.contract}.json",
            "contract": f"{source}:{self.contract}",
            "constructor_arguments": self.arguments.hex(),
            "blueprint": self.is_blueprint,
        }


def deployed(manifest: Mapping[str, Any], project: Any) -> list[Deployed]:
    """Return the contracts that a manifest says are there, in the order they were made.

    Parameters
    ----------
    manifest
        Of a deployment; steps that are not done are left out.
    project
        Gives a contract's type by name, for the constructor's ABI.

    Raises
    ------
    IndexkitError
        The manifest is not one, or its arguments do not fit the constructor.
    """
    steps = manifest.get("steps")
    if not isinstance(steps, dict) or not all(isinstance(step, dict) for step in steps.values()):
        raise IndexkitError("The manifest has no steps: name the manifest of a deployment.")
    done = {name: step for name, step in steps.items() if step.get("status") == "done"}
    return list(_deployed(dict(sorted(done.items(), key=_order)), project))


def _order(item: tuple[str, Mapping[str, Any]]) -> int:
    place = item[1].get("order", 0)
    return place if isinstance(place, int) else 0


def _deployed(steps: Mapping[str, Mapping[str, Any]], project: Any) -> Iterator[Deployed]:
    for name, step in steps.items():
        contract, arguments = step.get("contract"), step.get("arguments", [])
        blueprint = False
        if step.get("kind") == "deploy":
            # The shell is deployed only as what others copy.
            blueprint = contract == SHELL
        elif step.get("address") and step.get("function") == "create":
            contract, arguments = SHELL, _product_arguments(name, step, steps)
        else:
            continue
        yield _entry(name, step, str(contract), arguments, project, blueprint)


def _product_arguments(
    name: str, step: Mapping[str, Any], steps: Mapping[str, Mapping[str, Any]]
) -> list[Any]:
    shared = (_address_of(kind, steps) for kind in (CONTROLLER, LOGIC))
    try:
        return product_arguments(step["arguments"], step.get("target"), shared)
    except (KeyError, TypeError, ValueError) as error:
        raise IndexkitError(
            f"{name}: the arguments are not those of IndexCreator.create: restore the manifest."
        ) from error


def _address_of(contract: str, steps: Mapping[str, Mapping[str, Any]]) -> Any:
    made = [step for step in steps.values() if step.get("kind") == "deploy"]
    addresses = [step.get("address") for step in made if step.get("contract") == contract]
    if len(addresses) != 1:
        raise IndexkitError(
            f"The manifest has {len(addresses)} contracts {contract}, and a product needs one: "
            "restore the manifest."
        )
    return addresses[0]


def _entry(
    name: str,
    step: Mapping[str, Any],
    contract: str,
    arguments: Any,
    project: Any,
    blueprint: bool,
) -> Deployed:
    if contract not in project.contracts:
        raise IndexkitError(
            f"{name}: no contract is called {contract!r} here: use the sources it was deployed of."
        )
    encoded = b""
    if not blueprint:
        inputs = project.contracts[contract].constructor.abi.inputs
        types = [entry.canonical_type for entry in inputs]
        encoded = encode_arguments(name, types, arguments)
    if not isinstance(step.get("address"), str):
        raise IndexkitError(f"{name}: the manifest has no address: restore the manifest.")
    return Deployed(name, contract, step["address"], encoded, step.get("transaction"), blueprint)


def write_deployed(
    root: Path, folder: Path, manifest: Mapping[str, Any], listed: Sequence[Deployed]
) -> Path:
    """Write what an explorer asks for of each deployed contract beside the inputs.

    Raises
    ------
    IndexkitError
        The file cannot be written.
    """
    sources = deployable(root)
    content = {
        "network": manifest.get("network"),
        "chain_id": manifest.get("chain_id"),
        "contracts": [entry.json(sources[entry.contract].as_posix()) for entry in listed],
    }
    return documents.write(folder / DEPLOYED, content)
