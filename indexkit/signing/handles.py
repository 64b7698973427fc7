"""The contracts that a pack is about, on the connected chain."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ape import project

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
