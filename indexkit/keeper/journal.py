"""What a keeper was about to do and did: a line of JSON each, on disk before it is done.

Nothing is decided from it but one thing: whether the last transaction that was signed must be sent
again. All else a keeper knows stands on the chain.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError

JOURNAL = "journal.jsonl"
LOCK = "keeper.lock"

INTENT, SENT, MINED, RESENT, REPLACED = "intent", "sent", "mined", "resent", "replaced"
OPENED, WAITING, REFUSED, FINISHING = "opened", "waiting", "refused", "finishing"
FINISHED, STOPPED = "finished", "stopped"

NEEDED: dict[str, dict[str, type]] = {
    INTENT: {"hash": str, "raw": str, "account_nonce": int},
    OPENED: {
        "module": str,
        "nonce": int,
        "start_block": int,
        "start_hash": str,
        "before": dict,
        "prices": dict,
    },
}
"""What a keeper reads of a line again."""

Line = dict[str, Any]
Watch = Callable[[Mapping[str, Any]], None]


class Journal:
    """The journal in a folder; `open_journal` makes one, for one keeper at a time.

    Parameters
    ----------
    path
        The file.
    watch
        Is shown every line once it is on disk.
    """

    def __init__(self, path: Path, watch: Watch = lambda _: None) -> None:
        self._path = path
        self._watch = watch
        self.lines = _read(path)

    def add(self, what: str, **content: Any) -> None:
        """Write a line and wait until the disk has it."""
        line = {"what": what, **content}
        try:
            with self._path.open("ab") as file:
                file.write(documents.canonical(line).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise IndexkitError(
                f"{self._path} cannot be written ({error.strerror}): make room, and start again."
            ) from error
        self.lines.append(line)
        self._watch(line)

    def first(self, what: str) -> Line | None:
        """Return the first line of a kind."""
        return next((line for line in self.lines if line["what"] == what), None)

    def intents(self) -> dict[str, Line]:
        """Return the transactions that were signed, by their hash."""
        return {line["hash"]: line for line in self.lines if line["what"] == INTENT}

    def unresolved(self) -> Line | None:
        """Return the transaction that was signed last, unless its end is known."""
        for line in reversed(self.lines):
            if line["what"] in (MINED, REPLACED):
                return None
            if line["what"] == INTENT:
                return line
        return None


@contextmanager
def open_journal(folder: Path, watch: Watch = lambda _: None) -> Iterator[Journal]:
    """Give the journal of a folder to this process alone.

    Raises
    ------
    IndexkitError
        Another keeper works in this folder, the folder cannot be written, or a line is damaged.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("ab")
    except OSError as error:
        raise IndexkitError(
            f"{folder} cannot be written ({error.strerror}): name another folder."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexkitError(
                f"Another keeper works in {folder}: wait until it ends, or end it."
            ) from error
        yield Journal(folder / JOURNAL, watch)


def _read(path: Path) -> list[Line]:
    """Read the lines; one that was cut short at the end, by a kill, is cut off the file.

    What it was to announce was not done: a line is on disk before.
    """
    try:
        data = path.read_bytes()
        whole, _, torn = data.rpartition(b"\n")
        if torn:
            os.truncate(path, len(whole) + 1 if whole else 0)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise IndexkitError(
            f"{path} cannot be read ({error.strerror}): give this account access to it."
        ) from error
    return [_parse(path, n, line) for n, line in enumerate(whole.splitlines(), 1)]


def _parse(path: Path, number: int, text: bytes) -> Line:
    try:
        line = json.loads(text)
        if isinstance(line, dict) and isinstance(line["what"], str):
            needed = NEEDED.get(line["what"], {})
            if all(type(line[key]) is kind for key, kind in needed.items()):
                return line
    except (ValueError, KeyError):
        pass
    raise IndexkitError(
        f"{path}: line {number} is damaged: restore the file, or move it away if the trader's "
        "last transaction is known to be mined."
    )
