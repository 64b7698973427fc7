"""What decoded calls mean: each figure under its component, so that two packs can be compared."""

from collections.abc import Iterable, Sequence
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.signing import calldata
from indexkit.signing.inputs import State, Units

Decoded = tuple[str, str, tuple[Any, ...]]
"""Callee, function, arguments."""


def meaning(calls: Iterable[Decoded], units: Units, state: State) -> dict[str, Any]:
    """Return each call's figures by component, or by what else they are about.

    Parameters
    ----------
    calls
        Decoded; their addresses with checksums.
    units, state
        Which addresses are which components, and in which order the index holds them.
    """
    names = {entry.address: entry.symbol for entry in (*units.old, *units.entries)}
    found: dict[str, Any] = {}
    for place, (callee, function, arguments) in enumerate(calls, 1):
        figures: dict[str, Any] = {"callee": callee}
        if function == calldata.START:
            figures |= _start(arguments, names, state)
        elif function in calldata.FUNCTIONS and len(arguments) == 2:
            keys = [names.get(key, key) for key in arguments[0]]
            figures |= _pairs(keys, arguments[1])
        found[f"{place}. {function}"] = figures
    return found


def require_same(expected: dict[str, Any], found: dict[str, Any], where: str) -> None:
    """Refuse calls that do not mean what was expected.

    Raises
    ------
    IndexkitError
        Naming the first figure that differs, with both values.
    """
    for place, wanted, is_there in documents.differences(expected, found):
        raise IndexkitError(
            f"{where}: {place}: expected {wanted}, found {is_there}: do not sign this pack."
        )


def _start(arguments: Sequence[Any], names: dict[str, str], state: State) -> dict[str, Any]:
    new, new_targets, old_targets, multiplier, nonce, deadline = arguments
    entering = [f"{names.get(address, address)} (enters) target" for address in new]
    held = [f"{names.get(address, address)} target" for address in state.order]
    return {
        **_pairs(entering, new_targets),
        **_pairs(held, old_targets),
        "position multiplier": str(multiplier),
        "rebalance nonce": str(nonce),
        "deadline": str(deadline),
    }


def _pairs(keys: Sequence[str], values: Sequence[Any]) -> dict[str, str]:
    """Pair them; those of the longer list that are left over are paired with nothing."""
    length = max(len(keys), len(values))
    padded = [*keys, *(f"value {place + 1}" for place in range(len(keys), length))]
    return {
        key: str(value)
        for key, value in zip(padded, [*values, *["nothing"] * (length - len(values))], strict=True)
    }
