"""docs/FUNCTIONS.md and what the other documents say of functions, compared with the ABIs."""

import re

import pytest
from ape import project
from eth_utils.crypto import keccak

from indexkit import function_tables
from indexkit.build import compile_if_changed
from indexkit.deployment.verification import deployable
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT

TEXT = (ROOT / function_tables.DOCUMENT).read_text()
CONTRACTS = deployable(ROOT)

PROSE = ("ARCHITECTURE", "GOVERNANCE", "ROLES", "SECURITY", "SPECIFICATION")


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile if a source has changed."""
    compile_if_changed(project, lambda _: None)


def section(name):
    """Return a contract's part of the document."""
    (found,) = re.findall(rf"^## {name}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    return found


def abi_of(name, kind):
    """Return the entries of a kind in a contract's ABI as plain JSON."""
    dumped = project.contracts[name].model_dump(mode="json", by_alias=True, exclude_none=True)
    return [entry for entry in dumped["abi"] if entry["type"] == kind]


def canonical(parameter):
    """Return a parameter's type as it is hashed into a selector."""
    if not parameter["type"].startswith("tuple"):
        return parameter["type"]
    inside = ",".join(map(canonical, parameter["components"]))
    return f"({inside}){parameter['type'].removeprefix('tuple')}"


def test_document__is_what_the_command_writes():
    """R-45: `make functions` would change nothing."""
    rules = function_tables.callers((ROOT / function_tables.ROLES).read_text())
    assert function_tables.document(project.contracts, CONTRACTS, rules) == TEXT


@pytest.mark.parametrize("name", set(CONTRACTS) - {"SetTokenShell"})
def test_document__has_every_function_with_its_selector(name):
    """R-45: the tables are the ABI: names, types and selectors, reckoned anew."""
    rows = re.findall(r"^\| `(\w+)\((.*?)\)` \| `(0x[0-9a-f]{8})` \| (.*) \|$", section(name), re.M)
    found = set()
    for function, parameters, selector, _ in rows:
        types = [entry.split(" ")[0] for entry in parameters.split(", ") if entry]
        found.add((function, *types, selector))
    expected = set()
    for entry in abi_of(name, "function"):
        types = [canonical(parameter) for parameter in entry["inputs"]]
        signature = f"{entry['name']}({','.join(types)})"
        expected.add((entry["name"], *types, f"0x{keccak(text=signature)[:4].hex()}"))
    assert found == expected
    assert len(rows) == len(found)


def test_document__names_events_and_callers():
    """R-45: each event is listed; who may call is as in docs/ROLES.md, which is tested itself."""
    for name in CONTRACTS:
        events = re.findall(r"`(\w+)\(", section(name).partition("\nEvents: ")[2])
        known = {entry["name"] for entry in abi_of(name, "event")}
        assert set(events) == (set() if name == "SetTokenShell" else known)
    shown = {
        (name, function): who
        for name in CONTRACTS
        for function, who in re.findall(
            r"^\| `(\w+)\(.*\)` \| `0x\w+` \| ([a-z ,]+) \|$", section(name), re.M
        )
    }
    rules = {}
    for line in (ROOT / "docs" / "ROLES.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in CONTRACTS:
            for function in cells[1].replace("`", "").split():
                rules[cells[0], function] = cells[2]
    assert shown == {key: who for key, who in rules.items() if key[1] != "fallback"}


def test_document__says_what_a_shell_has_itself():
    """R-45: the functions of a product's own code are those of its ABI."""
    names = set(re.findall(r"`(\w+)`", section("SetTokenShell")))
    assert names == {entry["name"] for entry in abi_of("SetTokenShell", "function")}
    assert names < {entry["name"] for entry in abi_of("SetToken", "function")}


def test_document__refuses_a_function_nobody_may_call():
    """R-45: a function that is missing in docs/ROLES.md is named."""
    with pytest.raises(
        IndexkitError, match=r"Controller\.acceptOwnership is in no row of docs/ROLES"
    ):
        function_tables.document(project.contracts, {"Controller": CONTRACTS["Controller"]}, {})


@pytest.mark.parametrize("name", PROSE)
def test_prose__speaks_of_functions_that_exist(name):
    """R-45: what the documents call like a function is one, with as many arguments."""
    counts: dict[str, set[int]] = {}
    for contract in CONTRACTS:
        for entry in abi_of(contract, "function"):
            counts.setdefault(entry["name"], set()).add(len(entry["inputs"]))
    text = (ROOT / "docs" / f"{name}.md").read_text()
    for function, arguments in re.findall(r"`(?:\w+\.)?([a-z]\w+)\(([^()`]*)\)`", text):
        assert function in counts, function
        given = len([argument for argument in arguments.split(",") if argument.strip()])
        assert given in counts[function] | {0}, f"{function}({arguments})"
