"""Our contracts as they are, or with one line broken, to prove that the machine finds it."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ape import project
from vyper import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle

from indexkit.build import compile_if_changed
from indexkit.localnet.artifacts import Artifact

Code = Callable[[str], Artifact]
"""Gives a contract of ours by its name."""


def ours(kind: str) -> Artifact:
    """Return one of our contracts as Ape compiled it."""
    compile_if_changed(project, lambda _: None)
    contract_type = project.contracts[kind]
    abi = contract_type.model_dump(mode="json", by_alias=True, exclude_none=True)["abi"]
    code = contract_type.deployment_bytecode.bytecode.removeprefix("0x")
    return Artifact(kind, tuple(abi), bytes.fromhex(code))


def changed(name: str, kinds: Sequence[str], path: str, passages: Mapping[str, str]) -> Code:
    """Return the contracts with some passages of one source replaced.

    Parameters
    ----------
    name
        Of the folder below ``build/broken`` that the changed sources go to.
    kinds
        The contracts that the source is part of: these are compiled, the others are as they are.
    path
        Of the source, below the project.
    passages
        What is replaced by what; each must be there exactly once.
    """
    root = Path(project.path)
    folder = root / "build" / "broken" / name
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("contracts", "interfaces"):
        shutil.copytree(root / part, folder / part)
    text = (folder / path).read_text()
    for old, new in passages.items():
        assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
        text = text.replace(old, new)
    (folder / path).write_text(text)

    @cache
    def code(kind: str) -> Artifact:
        if kind not in kinds:
            return ours(kind)
        (source,) = (folder / "contracts").rglob(f"{kind}.vy")
        output = compile_code(
            source.read_text(),
            contract_path=source,
            input_bundle=FilesystemInputBundle([folder]),
            output_formats=["abi", "bytecode"],
        )
        creation = bytes.fromhex(output["bytecode"].removeprefix("0x"))
        return Artifact(kind, tuple(output["abi"]), creation)

    return code
