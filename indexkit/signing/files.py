"""The pack on disk: written from a run's files, and checked against them by whoever signs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, COUNT, TEXTS, Record
from indexkit.signing import builder, text
from indexkit.signing.calls import signed_fields
from indexkit.signing.meaning import meaning, require_same
from indexkit.signing.pack import Pack, compose, compose_read
from indexkit.signing.reading import read_state, read_units, require_place

UNITS, STATE, FOLDER = "4-units.json", "state.json", "pack"
TRANSACTIONS, DECODED, HASHES = "transactions.json", "decoded.txt", "hashes.json"


def make_pack(folder: Path, *, deadline_s: int, traders: Sequence[str]) -> Pack:
    """Compose a pack from a run's files and write it below the run's folder.

    Parameters
    ----------
    folder
        Of the run: `4-units.json` and `state.json` are read, `pack/` is written.
    deadline_s, traders
        As for `compose`.

    Raises
    ------
    IndexkitError
        As `compose`; or a file cannot be read or written.
    """
    units, state = _documents(folder)
    pack = compose(units["content"], state, deadline_s=deadline_s, traders=traders)
    into = folder / FOLDER
    documents.write(into / TRANSACTIONS, builder.batch_file(pack))
    documents.write(into / HASHES, hashes_file(pack, documents.digest(units)))
    documents.write_text(into / DECODED, text.decoded(pack))
    return pack


def verify_pack(folder: Path) -> Pack:
    """Derive a pack again from a run's files and compare: what every signer does for himself.

    Deadline and traders are choices of whoever composed the pack: they are in no file before it.
    They are read from `hashes.json`, and stand in `decoded.txt` for the signer to judge.

    Returns
    -------
    Pack
        As derived, not as found.

    Raises
    ------
    IndexkitError
        A figure differs: the first one, with what was expected and what was found.
    """
    units_document, state_document = _documents(folder)
    state = read_state(state_document)
    require_place(state)
    units = read_units(units_document["content"], state, documents.digest(state_document))
    found = documents.read(folder / FOLDER / HASHES)
    deadline, traders = _choices(found)
    pack = compose_read(units, state, deadline, traders)
    _compare_calls(pack, documents.read(folder / FOLDER / TRANSACTIONS))
    expected = hashes_file(pack, documents.digest(units_document))
    require_same(expected, found, HASHES)
    _compare_text(text.decoded(pack), folder / FOLDER / DECODED)
    return pack


def hashes_file(pack: Pack, units_digest: str) -> dict[str, Any]:
    """Return what ties a pack to the file it was made from, and to the Safe's signature.

    Parameters
    ----------
    units_digest
        Of the whole of `4-units.json`.
    """
    return {
        **signed_fields(pack.transaction, pack.state.safe, pack.state.chain_id),
        "units": units_digest,
        "choices": {"deadline": pack.deadline, "traders": list(pack.traders)},
    }


def _documents(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    units = documents.read(folder / UNITS)
    if not isinstance(units.get("content"), dict):
        raise IndexkitError(f"{folder / UNITS}: has no content: name a run's folder.")
    return units, documents.read(folder / STATE)


def _choices(found: Mapping[str, Any]) -> tuple[int, tuple[str, ...]]:
    choices = Record(HASHES, found).record("choices")
    traders = choices.read("traders", TEXTS)
    for trader in traders:
        if ADDRESS.parse(trader) is None:
            raise choices.error(f"trader {trader!r} is no address with a checksum: correct it")
    return choices.read("deadline", COUNT), traders


def _compare_calls(pack: Pack, found: dict[str, Any]) -> None:
    """Compare what the calldata means first, so that a component is named; then the rest."""
    expected = builder.batch_file(pack)
    try:
        calls = builder.module_calls(found)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise IndexkitError(
            f"{TRANSACTIONS}: is no batch of the Transaction Builder ({error}): get it anew."
        ) from error
    ours = builder.module_calls(expected)
    meant, signed = (meaning(each, pack.units, pack.state) for each in (ours, calls))
    require_same(meant, signed, TRANSACTIONS)
    require_same(expected, found, TRANSACTIONS)


def _compare_text(expected: str, path: Path) -> None:
    try:
        found = documents.read_bytes(path, documents.LONGEST).decode()
    except (OSError, ValueError) as error:
        raise IndexkitError(f"{path}: cannot be read ({error}): get the pack anew.") from error
    ours, theirs = expected.splitlines(), found.splitlines()
    for place in range(max(len(ours), len(theirs))):
        mine, other = ("".join(lines[place : place + 1]).strip() for lines in (ours, theirs))
        if mine != other:
            raise IndexkitError(
                f"{DECODED}: line {place + 1}: expected {mine!r}, found {other!r}: "
                "do not sign this pack."
            )
    if found != expected:
        raise IndexkitError(f"{DECODED}: its spaces differ: get the pack anew.")
