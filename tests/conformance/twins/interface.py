"""ABIs: how calls, answers, logs and reasons are spelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from eth_abi.abi import decode, encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.crypto import keccak

from indexkit.localnet.artifacts import Artifact

ERROR = keccak(text="Error(string)")[:4]


@dataclass(frozen=True, eq=False)
class Function:
    """One function of an ABI."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    is_view: bool

    @cached_property
    def signature(self) -> str:
        """Name and types, as hashed into the selector."""
        return f"{self.name}({','.join(self.inputs)})"

    @cached_property
    def selector(self) -> bytes:
        """The first four bytes of a call."""
        return keccak(text=self.signature)[:4]

    def encode(self, arguments: Sequence[Any]) -> bytes:
        """Return a call's data."""
        return self.selector + encode(self.inputs, arguments)

    def decode(self, answer: bytes) -> Any:
        """Return an answer: nothing, one value, or a tuple of several."""
        values = decode(self.outputs, answer)
        return values[0] if len(values) == 1 else values or None


class Interface:
    """The functions and events of a contract type, by name and by topic."""

    def __init__(self, name: str, abi: Sequence[dict[str, Any]]) -> None:
        self.name = name
        self.functions = {
            entry["name"]: Function(
                entry["name"],
                tuple(collapse_if_tuple(value) for value in entry["inputs"]),
                tuple(collapse_if_tuple(value) for value in entry.get("outputs", [])),
                entry.get("stateMutability") in ("view", "pure"),
            )
            for entry in abi
            if entry["type"] == "function"
        }
        self.events = {keccak(text=spelled): spelled for spelled in map(_event, abi) if spelled}


def _event(entry: dict[str, Any]) -> str:
    if entry["type"] != "event":
        return ""
    return f"{entry['name']}({','.join(collapse_if_tuple(value) for value in entry['inputs'])})"


@cache
def interface(contract: Artifact) -> Interface:
    """Return the interface of a compiled contract."""
    return Interface(contract.name, contract.abi)


def reason(revert_data: bytes) -> str:
    """Return the text of a revert; empty without one, hexadecimal if it is something else."""
    if revert_data.startswith(ERROR):
        return str(decode(["string"], revert_data[4:])[0])
    return f"0x{revert_data.hex()}" if revert_data else ""
