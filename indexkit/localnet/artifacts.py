"""Other people's compiled contracts, read from the npm packages at run time."""

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from eth_abi.abi import encode
from eth_utils.abi import collapse_if_tuple

from indexkit.errors import IndexkitError
from indexkit.localnet.paths import NODE_MODULES

if TYPE_CHECKING:
    from ape.contracts import ContractContainer, ContractInstance
    from ethpm_types import ContractType


@dataclass(frozen=True, slots=True, eq=False)
class Artifact:
    """A compiled contract.

    Attributes
    ----------
    name
        The contract's name.
    abi
        Its ABI, as in the package.
    bytecode
        Its creation code.
    """

    name: str
    abi: tuple[dict[str, Any], ...]
    bytecode: bytes

    def init_code(self, *arguments: Any) -> bytes:
        """Return the creation code followed by the encoded constructor arguments."""
        constructors = [entry for entry in self.abi if entry["type"] == "constructor"]
        inputs = constructors[0]["inputs"] if constructors else []
        return self.bytecode + encode([collapse_if_tuple(i) for i in inputs], arguments)

    def container(self) -> "ContractContainer":
        """Return an Ape container, to deploy further copies of the contract."""
        from ape.contracts import ContractContainer

        return ContractContainer(contract_type(self))


@cache
def artifact(package_path: str) -> Artifact:
    """Return the compiled contract at a path below node_modules.

    Parameters
    ----------
    package_path
        For example ``@uniswap/v2-core/build/UniswapV2Factory.json``.

    Raises
    ------
    IndexkitError
        If the package is not installed.
    """
    path = NODE_MODULES / package_path
    try:
        content = json.loads(path.read_text())
    except FileNotFoundError as error:
        raise IndexkitError(
            f"{package_path} is missing from node_modules; run 'make deps'."
        ) from error
    code = content.get("bytecode") or content["evm"]["bytecode"]
    code = code["object"] if isinstance(code, dict) else code
    return Artifact(path.stem, tuple(content["abi"]), bytes.fromhex(code.removeprefix("0x")))


def contract_at(contract: Artifact, address: str) -> "ContractInstance":
    """Return the Ape contract at an address of the connected chain, with this artifact's ABI."""
    from ape.contracts import ContractInstance

    return ContractInstance(address, contract_type(contract))


@cache
def contract_type(contract: Artifact) -> "ContractType":
    """Return an artifact as Ape has it."""
    from ethpm_types import ContractType

    return ContractType.model_validate(
        {
            "contractName": contract.name,
            "abi": list(contract.abi),
            "deploymentBytecode": {"bytecode": "0x" + contract.bytecode.hex()},
        }
    )
