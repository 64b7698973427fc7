"""JSON documents that are signed or hashed: one way to write each, strict reading, whole files."""

import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from indexkit.errors import IndexkitError

LONGEST = 1 << 24
"""Longest document that is read {bytes}."""

_NOTHING = object()


def canonical(content: Mapping[str, Any]) -> str:
    """Return the one text of a document: keys sorted, no spaces, ASCII only."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical text, as hex."""
    return sha256(canonical(content).encode()).hexdigest()


def parse(data: bytes) -> dict[str, Any]:
    """Return the object that a JSON text holds.

    Raises
    ------
    ValueError
        It is not UTF-8, not JSON, names a key twice, or holds something else than an object.
    """
    try:
        content = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_distinct,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        # A lone half of a surrogate pair has no UTF-8 and cannot be signed.
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content


def read(path: Path) -> dict[str, Any]:
    """Return the object in a file.

    Raises
    ------
    IndexkitError
        The file cannot be read, is not JSON, or holds something else than an object.
    """
    try:
        return parse(read_bytes(path, LONGEST))
    except (OSError, ValueError) as error:
        raise IndexkitError(
            f"{path}: cannot be read as JSON ({error}): correct the file."
        ) from error


def read_bytes(path: Path, longest: int) -> bytes:
    """Return a regular file's content, unless it is longer than that.

    Raises
    ------
    OSError
        It cannot be read, or is no regular file.
    ValueError
        It is too long.
    """
    if not path.is_file():
        raise OSError("no regular file")
    with path.open("rb") as file:
        data = file.read(longest + 1)
    if len(data) > longest:
        raise ValueError(f"longer than {longest:,} bytes")
    return data


def write(path: Path, content: Mapping[str, Any]) -> Path:
    """Write a document's canonical text: the whole file, or none.

    Raises
    ------
    IndexkitError
        The file cannot be written.
    """
    return write_text(path, canonical(content) + "\n")


def write_text(path: Path, text: str) -> Path:
    """Write a text as UTF-8: the whole file, or none.

    Raises
    ------
    IndexkitError
        The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # Temporary files are their owner's alone; what is written is to be read by anyone.
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise IndexkitError(
            f"{path} cannot be written ({error.strerror}): name another place."
        ) from error
    return path


def differences(expected: Any, found: Any, place: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield each place where two documents differ, with what was expected and what was found."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            inside = f"{place} {key}".lstrip()
            yield from differences(expected.get(key, _NOTHING), found.get(key, _NOTHING), inside)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, pair in enumerate(zip(expected, found, strict=True)):
            yield from differences(*pair, f"{place}[{index}]")
    elif type(expected) is not type(found) or expected != found:
        yield place, _shown(expected), _shown(found)


def sentence(difference: tuple[str, str, str]) -> str:
    """Return a difference as a sentence."""
    place, expected, found = difference
    return f"{place}: expected {expected}, found {found}."


def _shown(value: Any) -> str:
    return "nothing" if value is _NOTHING else json.dumps(value, sort_keys=True)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Of a key named twice some readers take the first, others the last: two votes in one text.
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key is named twice")
    return content


def _finite(text: str) -> float:
    # 1e999 would be written as Infinity, which is not JSON.
    if not math.isfinite(number := float(text)):
        raise ValueError(f"{text} is too large")
    return number


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
