"""docs/OPERATIONS.md: commands, steps, functions and reasons that it names are really there."""

import importlib.util
import re
import shlex

import click
import pytest
from eth_utils.crypto import keccak

from indexkit.deployment.plan import plan
from indexkit.deployment.reading import read_declaration
from indexkit.localnet.artifacts import artifact, contract_type
from indexkit.localnet.paths import ROOT
from indexkit.localnet.protocols import CONTRACTS
from indexkit.signatures import read_arguments, types_of

TEXT = (ROOT / "docs" / "OPERATIONS.md").read_text()
FENCED = re.findall(r"^```bash\n(.*?)^```", TEXT, re.M | re.DOTALL)
LINES = [line for block in FENCED for line in block.replace("\\\n", " ").splitlines()]
INLINE = re.findall(r"`((?:ape|make) [^`\n]+)`", TEXT)
COMMANDS = [line for line in (*LINES, *INLINE) if line.startswith(("ape run ", "make "))]
ANYBODY = "0x" + "00" * 20


def words(line):
    """Return the words of a command line, with a word in place of what a shell would put there."""
    return shlex.split(re.sub(r"\$\([^)]*\)|\$[A-Z]+", ANYBODY, line), comments=True)


def script(name):
    """Return the click command of a script."""
    path = ROOT / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"script_{name.replace('-', '_')}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.cli


def resolved(command, arguments):
    """Return the command that arguments lead to, and the arguments that are left to it."""
    while isinstance(command, click.Group):
        named = bool(arguments) and not arguments[0].startswith("-")
        name, *rest = arguments if named else (getattr(command, "default", None), *arguments)
        assert name in command.commands, name
        command, arguments = command.commands[name], rest
    return command, arguments


@pytest.mark.parametrize("line", [each for each in COMMANDS if each.startswith("ape run ")])
def test_commands__exist_with_their_options(line):
    """R-45: each script, command, choice and option in the runbook is there."""
    name, *arguments = words(line)[2:]
    command, rest = resolved(script(name), arguments)
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= known
    choices = [
        each.type.choices
        for each in command.params
        if isinstance(each, click.Argument) and isinstance(each.type, click.Choice)
    ]
    for allowed, word in zip(choices, rest, strict=False):
        assert word in allowed


def test_commands__make_targets_exist():
    """R-45: each target in the runbook is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert {words(line)[1] for line in COMMANDS if line.startswith("make ")} <= targets


def test_steps__are_planned():
    """R-45: what `at` is asked for is the name of a step that leaves an address."""
    declaration = read_declaration(ROOT / "deployments" / "declared" / "localnet.toml")
    planned = {step.id for step in plan(declaration, ANYBODY)}
    named = {
        re.sub("TWO|NEXT", "SMALL", step) for step in re.findall(r"\bat ([a-z]+\.[\w.]+)", TEXT)
    }
    assert named
    assert named <= planned


def test_calls__are_of_functions_that_exist():
    """R-45: each signature is one of our contracts', or of the router; its arguments fit it."""
    ours = (ROOT / "docs" / "FUNCTIONS.md").read_text()
    router = next(path for path in CONTRACTS.values() if "Router02" in path)
    foreign = {abi.selector for abi in contract_type(artifact(router)).mutable_methods}
    calls = [line for line in LINES if line.startswith("ape run call ")]
    assert len(calls) > 10
    for line in calls:
        function, *rest = words(line)[3:]
        selector = "0x" + keccak(text=function)[:4].hex()
        assert f"`{selector}`" in ours or function in foreign, function
        given = rest[: next(i for i, word in enumerate(rest) if word.startswith("--"))]
        assert len(read_arguments(function, given)) == len(types_of(function))


def test_console__selectors_are_those_of_the_functions():
    """R-45: four bytes that a holder types are a function of SetToken or BasicIssuanceModule."""
    ours = (ROOT / "docs" / "FUNCTIONS.md").read_text()
    found = re.findall(r"\b(0x[0-9a-f]{8})\$\(word|\$SET (0x[0-9a-f]{8})\b", "\n".join(LINES))
    assert len(found) > 8
    for pair in found:
        (selector,) = filter(None, pair)
        assert f"`{selector}`" in ours, selector


def test_reasons__are_the_contracts():
    """R-45: what stands in quotes in the tables of the runbook is what a contract says."""
    tables = "\n".join(line for line in TEXT.splitlines() if line.startswith("| "))
    said = {reason.rstrip(".") for reason in re.findall(r'"([^"]+)"', tables)}
    sources = "\n".join(path.read_text() for path in (ROOT / "contracts").rglob("*.vy"))
    assert said
    assert {reason for reason in said if f'"{reason}' not in sources} == set()
