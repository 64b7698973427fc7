"""Files of epochs: written, read, and verified by whoever has something to claim.

An epoch's file is canonical JSON (`indexkit.documents`)::

    {"chain": 1, "distributor": "0x…", "epoch": 2,
     "previous": "0x…", "root": "0x…", "total": "…",
     "claims": {"0x…": {"cumulative": "…", "proof": ["0x…", …]}, …}}

``previous`` is the root of the epoch before (zero for the first), ``total`` the sum of all
``cumulative`` {base units, as text}: ``root`` and ``total`` are the arguments of `publishEpoch`, an
account with its ``cumulative`` and ``proof`` those of `claimEpochs`. What was claimed before is not
in the file: the contract knows (`claimedEpochs`). A folder has the files of all epochs, from
``epoch-0001.json`` on.

Whoever has the claims makes the same file, to the byte. Reading makes it anew and compares: a file
with anything changed is refused. A file made anew from other claims has another root than the
contract; that is for `indexkit.economics.epochs.check_published`.
"""

import re
from pathlib import Path

from indexkit import documents
from indexkit.economics.epochs import NO_ROOT, Epoch, build, check_follows
from indexkit.economics.lists import HASH, QUANTITY
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, COUNT, OBJECT, Record


def name_of(number: int) -> str:
    """Return the name of an epoch's file."""
    return f"epoch-{number:04}.json"


def write_epoch(folder: Path, epoch: Epoch) -> Path:
    """Write an epoch's file: the whole of it, or none.

    Raises
    ------
    IndexkitError
        Another file of that name is there, the file cannot be written, or is too long to be read.
    """
    path = folder / name_of(epoch.number)
    text = documents.canonical(epoch.document()) + "\n"
    if len(text) > documents.LONGEST:
        raise IndexkitError(
            f"{path} would have {len(text):,} characters, more than {documents.LONGEST:,}: too many"
            " claims for one distributor."
        )
    if path.exists() and documents.read(path) != epoch.document():
        raise IndexkitError(f"{path} has another epoch {epoch.number}: move it away first.")
    return documents.write_text(path, text)


def read_epoch(path: Path) -> Epoch:
    """Read an epoch's file, and make it anew from its claims to compare.

    Raises
    ------
    IndexkitError
        It is no such file, or was changed; naming where.
    """
    content = documents.read(path)
    record = Record(path.name, content)
    number = record.read("epoch", COUNT)
    distributor = record.read("distributor", ADDRESS)
    cumulative = _claims(record)
    try:
        made = build(record.read("chain", COUNT), distributor, cumulative)
    except IndexkitError as error:
        raise IndexkitError(f"{path.name}: {error.message}") from error
    previous = record.read("previous", HASH)
    epoch = Epoch(made.chain_id, distributor, number, previous, made.root, made.entries)
    if number == 0 or (number == 1) != (previous == NO_ROOT):
        raise record.error(
            f"epoch {number} follows 0x{previous.hex()}: only the first, number 1, follows zero"
        )
    for difference in documents.differences(epoch.document(), content):
        raise IndexkitError(
            f"{path.name} was changed: {documents.sentence(difference)} Get the published file."
        )
    return epoch


def verify_epoch(path: Path) -> Epoch:
    """Verify an epoch's file, or a folder of all epochs, and return the latest.

    Of a folder every file must follow the one before: its number, its root, the same contract, and
    nobody has less. That the latest is the one the contract has is for `check_published`.

    Raises
    ------
    IndexkitError
        A file is missing, was changed, or does not follow the one before; naming it.
    """
    if not path.is_dir():
        return read_epoch(path)
    names = sorted(one.name for one in path.iterdir() if re.fullmatch(r"epoch-\d+\.json", one.name))
    if not names:
        raise IndexkitError(f"{path}: there is no {name_of(1)} in it: name a folder of epochs.")
    latest: Epoch | None = None
    for number, name in enumerate(names, 1):
        if name != name_of(number):
            raise IndexkitError(f"{path}: {name_of(number)} is missing: get it.")
        epoch = read_epoch(path / name)
        _check_follows(epoch, name, latest)
        latest = epoch
    assert latest is not None
    return latest


def _claims(record: Record) -> dict[str, int]:
    cumulative = {}
    for account, claim in record.read("claims", OBJECT).items():
        if ADDRESS.parse(account) is None:
            raise record.error(f"claims has {account!r}, not {ADDRESS.words}: correct it")
        entry = Record(f"{record.where}, claims {account}", OBJECT.parse(claim) or {})
        cumulative[account] = entry.read("cumulative", QUANTITY)
    return cumulative


def _check_follows(epoch: Epoch, name: str, previous: Epoch | None) -> None:
    number, root = (previous.number, previous.root) if previous else (0, NO_ROOT)
    if (epoch.number, epoch.previous) != (number + 1, root):
        raise IndexkitError(
            f"{name}: is epoch {epoch.number} after 0x{epoch.previous.hex()}, not epoch "
            f"{number + 1} after 0x{root.hex()}: this file or the one before was changed; get the "
            "published ones."
        )
    if previous is None:
        return
    try:
        check_follows(epoch.chain_id, epoch.distributor, epoch.cumulative, previous)
    except IndexkitError as error:
        raise IndexkitError(f"{name}: {error.message}") from error
