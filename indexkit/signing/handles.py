"""The contracts that a pack is about, on the connected chain."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ape
from ape import project
from eth_abi.abi import decode, encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from indexkit.safe import Safe, safe_at
from indexkit.signing.inputs import State

if TYPE_CHECKING:
    from ape.contracts import ContractInstance


@dataclass(frozen=True, slots=True)
class Handles:
    """Contracts of an index that a Safe runs; `house` and `guard` are None where there is none."""

    token: "ContractInstance"
    module: "ContractInstance"
    safe: Safe
    house: "ContractInstance | None"
    guard: "ContractInstance | None"


def handles(state: State) -> Handles:
    """Return the contracts at the addresses of a state."""
    return Handles(
        token=project.SetToken.at(state.token),
        module=project.SingleIndexModule.at(state.module),
        safe=safe_at(state.safe),
        house=project.IndexManager.at(state.house) if state.house else None,
        guard=project.ExecutionGuard.at(state.guard) if state.guard else None,
    )


def read(contract: "ContractInstance", view: str, *arguments: Any) -> Any:
    """Read a view in one request; Ape makes three, and a preflight reads some hundred.

    Parameters
    ----------
    arguments
        As the ABI has them: addresses as texts.
    """
    abi = next(each for each in contract.contract_type.view_methods if each.name == view)
    data = keccak(text=abi.selector)[:4]
    data += encode([each.canonical_type for each in abi.inputs], arguments)
    request = {"to": contract.address, "data": "0x" + data.hex()}
    answer = HexBytes(ape.chain.provider.make_request("eth_call", [request, "latest"]))
    kinds = [each.canonical_type for each in abi.outputs]
    values = tuple(map(_with_checksums, kinds, decode(kinds, answer)))
    return values[0] if len(values) == 1 else values


def _with_checksums(kind: str, value: Any) -> Any:
    if kind == "address":
        return to_checksum_address(value)
    return list(map(to_checksum_address, value)) if kind == "address[]" else value
