"""The run directory: a chain of canonical JSON files, each with the digest of the one before."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError

STEPS = ("weights", "verification", "params", "units", "submission", "execution")
"""In their order; ``1-weights.json`` is the first one's file."""

COMMANDS = {"verification": "verify", "submission": "submit", "execution": "execute"}
"""The steps' commands, where they are not called like the step."""

BASKET, STATE, JOURNAL = "basket.json", "state.json", "journal.jsonl"


class Folder:
    """A run directory.

    Parameters
    ----------
    path
        Need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, step: str) -> Path:
        """Return the path of a step's file."""
        return self.path / f"{STEPS.index(step) + 1}-{step}.json"

    def has(self, step: str) -> bool:
        """Tell whether a step has left its file."""
        return self.file(step).exists()

    def document(self, step: str) -> dict[str, Any]:
        """Read a step's file and check its link to the one before.

        Raises
        ------
        IndexkitError
            The file is missing, is no file of this step, or follows another file than is there.
        """
        file = self.file(step)
        if not file.exists():
            command = COMMANDS.get(step, step)
            raise IndexkitError(
                f"{file} is missing: run 'ape run rebalance {command} --run {self.path}' first."
            )
        found = documents.read(file)
        if set(found) != {"step", "previous", "content"} or found["step"] != step:
            raise IndexkitError(f"{file}: is no file of the step {step!r}: run that step anew.")
        if not isinstance(found["content"], dict):
            raise IndexkitError(f"{file}: its content is no object: run the step {step!r} anew.")
        due = self._link(step)
        if found["previous"] != due:
            raise IndexkitError(
                f"{file}: previous: expected {due}, found {found['previous']}: a file before it "
                f"was edited or made anew; run the step {step!r} again."
            )
        return found

    def write(self, step: str, content: Mapping[str, Any], *, again: bool = False) -> Path:
        """Write a step's file: the whole of it, or nothing.

        Parameters
        ----------
        again
            Replace a file that says something else, and drop the files of the steps after it.

        Raises
        ------
        IndexkitError
            The step before has left no file, or this one has left another.
        """
        file = self.file(step)
        document = {"step": step, "previous": self._link(step), "content": content}
        if file.exists() and documents.canonical(documents.read(file)) == documents.canonical(
            document
        ):
            return file
        if file.exists():
            self._drop(step, again)
        return documents.write(file, document)

    def update(self, step: str, content: Mapping[str, Any]) -> Path:
        """Write a step's file over what it said before: what was sent meanwhile, say."""
        document = {"step": step, "previous": self._link(step), "content": content}
        return documents.write(self.file(step), document)

    def _drop(self, step: str, again: bool) -> None:
        """Remove a step's file and those after it, unless something was sent by them."""
        if not again:
            raise IndexkitError(
                f"{self.file(step)} says something else already: name another directory with "
                "--run, or say --again to replace it and drop the steps after it."
            )
        if self._is_sent():
            raise IndexkitError(
                f"{self.path}: its rebalance was executed, so its files stay: name another "
                "directory with --run."
            )
        for later in STEPS[STEPS.index(step) :]:
            self.file(later).unlink(missing_ok=True)

    def _is_sent(self) -> bool:
        """Tell whether the Safe's transaction or a keeper's was sent; a keeper leaves a journal."""
        if self.has("execution") or (self.path / JOURNAL).exists():
            return True
        if not self.has("submission"):
            return False
        content = documents.read(self.file("submission")).get("content")
        return isinstance(content, dict) and content.get("executed") is not None

    def _link(self, step: str) -> str | None:
        place = STEPS.index(step)
        return documents.digest(self.document(STEPS[place - 1])) if place else None
