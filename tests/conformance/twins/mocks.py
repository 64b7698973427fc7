"""The project's own mocks, compiled like anybody's contract."""

from functools import cache
from pathlib import Path

from ape import project
from vyper import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle

from indexkit.localnet.artifacts import Artifact

MOCKS = Path(__file__).parents[2] / "mocks"


@cache
def mock(name: str) -> Artifact:
    """Compile a contract from tests/mocks by its name; it may import the project's modules."""
    path = MOCKS / f"{name}.vy"
    output = compile_code(
        path.read_text(),
        contract_path=path,
        input_bundle=FilesystemInputBundle([project.path]),
        output_formats=["abi", "bytecode"],
    )
    code = bytes.fromhex(output["bytecode"].removeprefix("0x"))
    return Artifact(name, tuple(output["abi"]), code)
