"""The chain of files: each step names the hash of the step before it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import OBJECT, Record

BASKET, STATE = "basket.json", "state.json"
UNITS, SUBMISSION, EXECUTION = "4-units.json", "5-submission.json", "6-execution.json"
STEPS = ("1-weights.json", "2-verification.json", "3-params.json", UNITS, SUBMISSION, EXECUTION)
NEEDED = (UNITS, EXECUTION)


def read_folder(folder: Path) -> dict[str, dict[str, Any]]:
    """Read the files of a rebalance that are there, by their names.

    Raises
    ------
    IndexkitError
        A file that the report needs is missing, or one cannot be read.
    """
    for name in NEEDED:
        if not (folder / name).is_file():
            raise IndexkitError(
                f"{folder}: there is no {name}, which the report is made from: finish that step or "
                "name another folder."
            )
    names = (BASKET, STATE, *STEPS)
    return {name: documents.read(folder / name) for name in names if (folder / name).exists()}


def content_of(documents_: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    """Return what a step says, without its links."""
    return Record(name, documents_[name]).read("content", OBJECT)


def links(documents_: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a line per file of the chain, and check every link whose two ends are there.

    Returns
    -------
    list of dict
        ``name``; ``digest`` (None if the file is missing); ``follows``: the file whose hash it
        names, None if that one is missing or it names none.

    Raises
    ------
    IndexkitError
        A file names another hash than the file has that it was made from.
    """
    lines = []
    for name in (BASKET, STATE, *STEPS):
        present = documents_.get(name)
        digest = None if present is None else documents.digest(present)
        follows = None if present is None else _followed(documents_, name)
        lines.append({"name": name, "digest": digest, "follows": follows})
    _check_state(documents_)
    _check_basket(documents_)
    return lines


def _followed(documents_: Mapping[str, Mapping[str, Any]], name: str) -> str | None:
    if name not in STEPS[1:]:
        return None
    before = STEPS[STEPS.index(name) - 1]
    if before not in documents_:
        return None
    expected, found = documents.digest(documents_[before]), documents_[name].get("previous")
    if found != expected:
        raise IndexkitError(
            f"{name}: made after another {before}: expected the hash {expected}, found {found}: "
            "repeat the steps from the file that was changed."
        )
    return before


def _check_state(documents_: Mapping[str, Mapping[str, Any]]) -> None:
    if STATE not in documents_:
        return
    found = content_of(documents_, UNITS).get("state")
    expected = documents.digest(documents_[STATE])
    if found is not None and found != expected:
        raise IndexkitError(
            f"{UNITS}: made from another {STATE}: expected the hash {expected}, found {found}: "
            "repeat the steps from the file that was changed."
        )


def _check_basket(documents_: Mapping[str, Mapping[str, Any]]) -> None:
    weights = STEPS[0]
    if BASKET not in documents_ or weights not in documents_:
        return
    expected = documents.digest(documents_[BASKET])
    if expected not in documents.canonical(documents_[weights]):
        raise IndexkitError(
            f"{weights}: made from another {BASKET}: expected the hash {expected}, found none like "
            "it: repeat the steps from the file that was changed."
        )
