"""Standard JSON inputs of the deployable contracts, as block explorers take them.

An input holds a contract's source with everything it imports, and the settings it is compiled
with: what ``vyper -f solc_json`` writes and ``vyper-json`` reads. Whoever has the file and the
compiler gets the same code, without this repository.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from indexkit import documents
from indexkit.errors import IndexkitError

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager

FOLDER = Path("build") / "verify"


def deployable(root: Path) -> dict[str, PurePath]:
    """Return the deployable contracts by name, with their paths below the project."""
    files = (path.relative_to(root) for path in sorted((root / "contracts").rglob("*.vy")))
    return {path.stem: path for path in files if "lib" not in path.parts}


def chosen(root: Path, names: Sequence[str]) -> dict[str, PurePath]:
    """Return the contracts of those names, or all when none is named.

    Raises
    ------
    IndexkitError
        There is no such contract.
    """
    known = deployable(root)
    for name in names:
        if name not in known:
            raise IndexkitError(
                f"No contract is called {name!r}: name some of {', '.join(known)}, or none for all."
            )
    return {name: known[name] for name in names or known}


def evm_version(project: "ProjectManager") -> str:
    """Return the EVM rules that the project compiles for.

    Raises
    ------
    IndexkitError
        The compiler that is installed is not the project's.
    """
    settings = project.config.get_config("vyper")
    installed = version("vyper")
    asked = str(settings.version).removeprefix("==")
    if asked != installed:
        raise IndexkitError(
            f"Vyper {installed} is installed, and ape-config.yaml asks for {asked}: "
            "install the packages of requirements.lock."
        )
    return str(settings.evm_version)


def standard_input(root: Path, source: PurePath, evm: str) -> dict[str, Any]:
    """Return the standard JSON input of one contract.

    Parameters
    ----------
    root
        The project's folder.
    source
        The contract's path below it.
    evm
        The EVM rules to compile for.

    Raises
    ------
    IndexkitError
        The contract or something that it imports cannot be read or parsed.
    """
    from vyper.compiler.input_bundle import FilesystemInputBundle
    from vyper.compiler.phases import CompilerData
    from vyper.compiler.settings import Settings
    from vyper.exceptions import VyperException
    from vyper.utils import get_long_version

    place = root.resolve()
    bundle = FilesystemInputBundle([place])
    try:
        file = bundle.load_file(source)
        data = CompilerData(file, bundle, settings=Settings(evm_version=evm))
        imported = [found for found in data.resolved_imports.compiler_inputs if _is_ours(found)]
        optimization, integrity = str(data.settings.optimize), data.integrity_sum
    except (OSError, VyperException) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        raise IndexkitError(f"{source} cannot be compiled ({reason}): correct it.") from error
    return {
        "language": "Vyper",
        "compiler_version": f"v{get_long_version()}",
        "integrity": integrity,
        "settings": {
            "evmVersion": evm,
            "optimize": optimization,
            "outputSelection": {source.as_posix(): ["*"]},
            "search_paths": ["."],
        },
        "sources": {
            path.resolved_path.relative_to(place).as_posix(): {
                "content": path.contents,
                "sha256sum": path.sha256sum,
            }
            for path in (file, *imported)
        },
    }


def _is_ours(found: Any) -> bool:
    # The compiler brings its own interfaces, such as ethereum.ercs, everywhere.
    return not found.from_builtin


def write_inputs(
    root: Path, folder: Path, contracts: Mapping[str, PurePath], evm: str
) -> Iterator[Path]:
    """Write the inputs of contracts, one file each, and yield each file.

    Raises
    ------
    IndexkitError
        As `standard_input`, or a file cannot be written.
    """
    for name, source in contracts.items():
        yield documents.write(folder / f"{name}.json", standard_input(root, source, evm))
