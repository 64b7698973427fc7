"""Verification inputs: all that a compiler needs, nothing else, and the code that was deployed."""

import json
import shutil
from pathlib import Path

import pytest
from ape import project

from indexkit.build import compile_if_changed
from indexkit.deployment import recompiling, verification
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT

CONTRACTS = verification.deployable(ROOT)
RECOMPILED = ("IntegrationRegistry", "SingleIndexModule")
"""One without a pragma on optimisation, one with; `make verify-inputs` recompiles all."""


@pytest.fixture(scope="module")
def inputs():
    """Return the input of every contract by its name."""
    compile_if_changed(project, lambda _: None)
    evm = verification.evm_version(project)
    return {name: verification.standard_input(ROOT, path, evm) for name, path in CONTRACTS.items()}


@pytest.fixture(scope="module")
def recompiled(inputs):
    """Return what a few inputs compile to where nothing else is."""
    return {name: recompiling.recompile(inputs[name]) for name in RECOMPILED}


def creation_code(name):
    """Return a contract's init code as the project compiled it."""
    return bytes.fromhex(project.contracts[name].deployment_bytecode.bytecode.removeprefix("0x"))


def test_deployable__are_all_that_is_compiled():
    """R-45: every contract of the project has an input, no library module has."""
    kinds = {path.stem for path in (ROOT / "contracts").rglob("[A-Z]*.vy")}
    assert set(CONTRACTS) == kinds
    assert kinds == set(project.contracts)


@pytest.mark.parametrize("name", CONTRACTS)
def test_standard_input__is_of_the_sources_that_were_compiled(inputs, name):
    """R-45: the digest over all sources is the one in the init code; so are the settings."""
    content = inputs[name]
    path = CONTRACTS[name].as_posix()
    assert recompiling.trailer(creation_code(name)).integrity == content["integrity"]
    assert content["language"] == "Vyper"
    assert content["compiler_version"] == "v0.4.3+commit.bff19ea2"
    pragma = [
        line.removeprefix("# pragma optimize ")
        for line in content["sources"][path]["content"].splitlines()
        if line.startswith("# pragma optimize ")
    ]
    assert content["settings"] == {
        "evmVersion": "cancun",
        "optimize": pragma[0] if pragma else "gas",
        "outputSelection": {path: ["*"]},
        "search_paths": ["."],
    }


@pytest.mark.parametrize("name", CONTRACTS)
def test_standard_input__has_each_file_that_is_imported_and_no_other(inputs, name):
    """R-45: what the sources import is there, byte for byte; what nobody imports is not."""
    sources = inputs[name]["sources"]
    reached, waiting = set(), [CONTRACTS[name].as_posix()]
    while waiting:
        reached.add(path := waiting.pop())
        assert sources[path]["content"].encode() == (ROOT / path).read_bytes()
        for line in sources[path]["content"].splitlines():
            words = line.split()
            if words[:1] == ["from"] and words[1].split(".")[0] in ("contracts", "interfaces"):
                base = f"{words[1].replace('.', '/')}/{words[3]}"
                (found,) = {f"{base}.vy", f"{base}.vyi"} & set(sources)
                waiting += [] if found in reached else [found]
    assert reached == set(sources)


def test_standard_input__names_each_file_once(inputs):
    """R-45: ``vyper-json`` takes no two sources whose names differ only by folder or suffix."""
    for content in inputs.values():
        stems = [Path(source).stem for source in content["sources"]]
        assert len(stems) == len(set(stems))


@pytest.mark.parametrize("name", RECOMPILED)
def test_recompile__gives_the_projects_code(recompiled, name):
    """R-45: an input alone compiles to the same init code, runtime code and immutables."""
    recompiling.compare(name, recompiled[name], project)
    assert recompiled[name].creation == creation_code(name)


def test_compare__refuses_other_code(inputs, recompiled):
    """R-45: one changed character in one import is found."""
    content = json.loads(json.dumps(inputs["IntegrationRegistry"]))
    library = content["sources"]["contracts/lib/ownable.vy"]
    library["content"] = library["content"].replace("the zero address", "a zero address")
    changed = recompiling.recompile(content)
    with pytest.raises(IndexkitError, match=r"^IntegrationRegistry: .* other creation code"):
        recompiling.compare("IntegrationRegistry", changed, project)
    with pytest.raises(IndexkitError, match=r"^SetToken: .* other creation code"):
        recompiling.compare("SetToken", recompiled["IntegrationRegistry"], project)


def test_recompile__says_what_is_missing(inputs):
    """R-45: an input that lacks an import does not compile, although the repository has it."""
    content = json.loads(json.dumps(inputs["IntegrationRegistry"]))
    del content["sources"]["contracts/lib/ownable.vy"]
    with pytest.raises(
        IndexkitError, match=r"IntegrationRegistry\.vy does not compile alone \(.*ownable"
    ):
        recompiling.recompile(content)


def test_trailer__refuses_other_code():
    """R-45: runtime code, or code of another compiler, has no trailer."""
    for code in (b"", b"\x00\x02", bytes.fromhex("6080604052600080fd0004")):
        with pytest.raises(IndexkitError, match="does not end as Vyper"):
            recompiling.trailer(code)


def test_standard_input__says_what_cannot_be_read(tmp_path):
    """R-45: a missing file, a missing import, a line that is no Vyper: one sentence each."""
    shutil.copytree(ROOT / "interfaces", tmp_path / "interfaces")
    folder = tmp_path / "contracts"
    folder.mkdir()
    for name, text in (("Lacking", "from contracts.lib import bounds\n"), ("Odd", "def\n")):
        (folder / f"{name}.vy").write_text(text)
    for name in ("Lacking", "Odd", "Absent"):
        path = Path("contracts") / f"{name}.vy"
        with pytest.raises(IndexkitError, match=rf"^contracts/{name}.vy cannot be compiled \(.+\)"):
            verification.standard_input(tmp_path, path, "cancun")
    with pytest.raises(IndexkitError, match="No contract is called 'Odder': name some of Lacking"):
        verification.chosen(tmp_path, ["Odd", "Odder"])
