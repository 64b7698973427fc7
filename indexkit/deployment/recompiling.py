"""Proof that a standard JSON input is enough: compiled alone, it gives the project's bytecode."""

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import cbor2

from indexkit import documents
from indexkit.errors import IndexkitError

OUTPUTS = ("evm.bytecode.object", "evm.deployedBytecode.object", "layout")
COMPILER = Path(sysconfig.get_path("scripts")) / "vyper-json"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A contract's code.

    Attributes
    ----------
    creation, runtime
        Init code without arguments; runtime code without immutables.
    immutables
        Names with offset and length {bytes} behind the runtime code.
    """

    creation: bytes
    runtime: bytes
    immutables: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Trailer:
    """What the compiler writes behind the init code of every contract.

    Attributes
    ----------
    integrity
        SHA-256 over the sources of the contract and of all it imports, as hex.
    runtime_size, immutables_size
        {bytes} of the runtime code, and of the immutables that follow it on chain.
    """

    integrity: str
    runtime_size: int
    immutables_size: int


def trailer(creation: bytes) -> Trailer:
    """Return what stands behind init code.

    Raises
    ------
    IndexkitError
        Nothing that Vyper 0.4.1 or later would write.
    """
    # The last two bytes are the length of the whole trailer, themselves included.
    size = int.from_bytes(creation[-2:], "big")
    try:
        integrity, runtime, _sections, immutables, _compiler = cbor2.loads(creation[-size:-2])
        return Trailer(bytes(integrity).hex(), int(runtime), int(immutables))
    except (cbor2.CBORError, TypeError, ValueError) as error:
        raise IndexkitError(
            "The init code does not end as Vyper 0.4.3 writes it: compile the contracts again."
        ) from error


def recompile(content: Mapping[str, Any]) -> Compiled:
    """Compile a standard JSON input where nothing else is.

    A process of its own, in an empty folder and without the Python path of this one, runs
    ``vyper-json``. The outputs are narrowed to what is compared, as verifiers choose theirs.

    Raises
    ------
    IndexkitError
        It does not compile.
    """
    (source,) = content["settings"]["outputSelection"]
    settings = {**content["settings"], "outputSelection": {source: list(OUTPUTS)}}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "input.json"
        file.write_text(json.dumps({**content, "settings": settings}))
        command = [sys.executable, "-I", str(COMPILER), file.name]
        process = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return _compiled(source, process)


def _compiled(source: str, process: "subprocess.CompletedProcess[str]") -> Compiled:
    try:
        output = documents.parse(process.stdout.encode())
    except ValueError:
        output = {}
    if source not in output.get("contracts", {}):
        errors = [entry.get("message", "") for entry in output.get("errors", [])]
        reason = " ".join((errors or [process.stderr])[0].split()) or "no reason given"
        raise IndexkitError(f"{source} does not compile alone ({reason}): write its input anew.")
    found = output["contracts"][source][PurePath(source).stem]
    return Compiled(
        bytes.fromhex(found["evm"]["bytecode"]["object"].removeprefix("0x")),
        bytes.fromhex(found["evm"]["deployedBytecode"]["object"].removeprefix("0x")),
        dict(_immutables(found["layout"].get("code_layout", {}))),
    )


def _immutables(
    layout: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, tuple[int, int]]]:
    for name, entry in layout.items():
        if "offset" in entry:
            yield prefix + name, (entry["offset"], entry["length"])
        else:
            yield from _immutables(entry, f"{prefix}{name}.")


def prove(project: Any, folder: Path, contracts: Mapping[str, PurePath]) -> Iterator[str]:
    """Recompile written inputs, compare each with the project's build, and yield its name.

    Raises
    ------
    IndexkitError
        One differs, or does not compile.
    """
    for name in contracts:
        compare(name, recompile(documents.read(folder / f"{name}.json")), project)
        yield name


def compare(name: str, found: Compiled, project: Any) -> None:
    """Require that a contract's code is the project's, byte for byte.

    Raises
    ------
    IndexkitError
        It is another.
    """
    built = project.contracts[name]
    for part, code, expected in (
        ("creation", found.creation, built.deployment_bytecode.bytecode),
        ("runtime", found.runtime, built.runtime_bytecode.bytecode),
    ):
        if code != bytes.fromhex(expected.removeprefix("0x")):
            raise IndexkitError(
                f"{name}: the input compiles to other {part} code than the project: write the "
                "inputs anew, with the sources as they are."
            )
    size = sum(length for _, length in found.immutables.values())
    if size != trailer(found.creation).immutables_size:
        raise IndexkitError(
            f"{name}: the immutables take {size} bytes in the layout, and another number in the "
            "init code: tell the compiler's authors."
        )
