"""The files of a run directory, each derived again from those before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.steps import basket as baskets
from indexkit.steps import orders, params, units, weights
from indexkit.steps import state as states
from indexkit.steps.basket import Basket
from indexkit.steps.folder import BASKET, COMMANDS, STATE, STEPS, Folder
from indexkit.steps.state import State


@dataclass(frozen=True, slots=True)
class Chain:
    """What a run directory says, once all of it was derived again.

    Attributes
    ----------
    contents
        Of the files by step.
    """

    basket: Basket
    contents: Mapping[str, dict[str, Any]]


def check(folder: Folder, last: str) -> Chain:
    """Read a run directory up to a step, and derive every file of it again.

    Parameters
    ----------
    last
        Among ``weights``, ``verification``, ``params``, ``units``.

    Raises
    ------
    IndexkitError
        A file is missing or does not follow from those before it: the sentence names the
        component, what is expected and what was found.
    """
    folder.document(STEPS[0])
    basket = baskets.read(folder.path / BASKET)
    contents: dict[str, dict[str, Any]] = {}
    for step in STEPS[: STEPS.index(last) + 1]:
        found = folder.document(step)["content"]
        compare(folder, step, _derived(folder, step, basket, contents, found), found)
        contents[step] = found
    return Chain(basket, contents)


def state_of(folder: Folder) -> State:
    """Read the state that the steps from ``params`` on are for."""
    return states.read(folder.path / STATE)


def _derived(
    folder: Folder,
    step: str,
    basket: Basket,
    contents: Mapping[str, dict[str, Any]],
    found: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what a step's file must say."""
    if step == "weights":
        return weights.derive(basket)
    if step == "verification":
        return weights.verified(folder.document("weights"))
    state = state_of(folder)
    if step == "params":
        return params.derive(basket, state, params.impact_of(found))
    options = orders.options_of(found)
    return units.derive(basket, contents["weights"], contents["params"], state, options)


def compare(folder: Folder, step: str, expected: Any, found: Any) -> None:
    """Require that a file says what it must; a component's figure is named before a digest."""
    # By symbol, a component that is listed twice or elsewhere would look like the one expected.
    plain = [*documents.differences(expected, found)]
    if not plain:
        return
    differences = [*documents.differences(_keyed(expected), _keyed(found))] or plain
    difference = min(differences, key=lambda it: not it[0].startswith("components"))
    raise IndexkitError(
        f"{folder.file(step)}: {documents.sentence(difference).rstrip('.')}: it was edited, or "
        f"what it follows from was; run 'ape run rebalance {COMMANDS.get(step, step)}' again."
    )


def _keyed(content: Any) -> Any:
    """Return a content whose lists of components are objects, so that differences name them."""
    if isinstance(content, dict):
        return {key: _keyed(value) for key, value in content.items()}
    if (
        isinstance(content, list)
        and content
        and all(
            isinstance(entry, dict) and isinstance(entry.get("symbol"), str) for entry in content
        )
    ):
        return {entry["symbol"]: _keyed(entry) for entry in content}
    return content
