"""docs/FUNCTIONS.md: the functions and events of all contracts, from ABIs and docs/ROLES.md."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError

DOCUMENT = Path("docs") / "FUNCTIONS.md"
ROLES = Path("docs") / "ROLES.md"
SHELL, WHOLE = "SetTokenShell", "SetToken"

HEAD = """# Functions

Every external function and event of every contract, with its selector and, where it changes state,
who may call it. `make functions` writes this file from the compiled ABIs and [ROLES.md](ROLES.md);
a test fails when it is not what that would write. What each does is told in `interfaces/`, one file
per contract; [SPECIFICATION.md](SPECIFICATION.md) states facts that tests cite.
"""

_RULE = re.compile(r"^\| (\w+) \| ((?:`\w+` ?)+) \| ([a-z ,]+) \| .*\|$", re.MULTILINE)
_NAMELESS = re.compile(r"(arg\d+)?")
_READING = ("view", "pure")


def callers(roles: str) -> dict[tuple[str, str], str]:
    """Return who may call what, by contract and function, from the text of docs/ROLES.md."""
    return {
        (contract, function): who
        for contract, functions, who in _RULE.findall(roles)
        for function in re.findall(r"`(\w+)`", functions)
    }


def document(
    types: Mapping[str, Any], sources: Mapping[str, PurePath], roles: Mapping[tuple[str, str], str]
) -> str:
    """Return the text of docs/FUNCTIONS.md.

    Parameters
    ----------
    types
        Compiled contract types by name.
    sources
        Paths of the contracts below the project, by name; their order is the document's.
    roles
        Who may call what, see `callers`.

    Raises
    ------
    IndexkitError
        A function that changes state is in no row of docs/ROLES.md.
    """
    parts = [HEAD]
    for name, source in sources.items():
        abi = types[name].abi
        parts.append(f"## {name}\n\n[`{source}`](../{source})\n")
        if name == SHELL:
            parts.append(_shell(abi))
            continue
        functions = sorted(_of(abi, "function"), key=lambda entry: str(entry.name))
        writing = [entry for entry in functions if entry.stateMutability not in _READING]
        reading = [entry for entry in functions if entry.stateMutability in _READING]
        if writing or _of(abi, "fallback"):
            parts.append(
                _table(
                    ("changes state", "selector", "who may call"),
                    _writing(name, writing, roles, bool(_of(abi, "fallback"))),
                )
            )
        if reading:
            parts.append(_table(("reads", "selector", "returns"), map(_reading, reading)))
        if events := _of(abi, "event"):
            parts.append("Events: " + ", ".join(sorted(map(_call, events))) + ".\n")
    return "\n".join(parts)


def _of(abi: Sequence[Any], kind: str) -> list[Any]:
    found = [entry for entry in abi if entry.type == kind]
    if kind == "fallback":
        return [entry for entry in found if entry.stateMutability == "payable"]
    return found


def _shell(abi: Sequence[Any]) -> str:
    names = ", ".join(sorted(f"`{entry.name}`" for entry in _of(abi, "function")))
    return (
        f"What every product deploys. It has these functions of {WHOLE} in its own code, and runs "
        f"{WHOLE}'s code for the others: the whole ABI is {WHOLE}'s.\n\n{names}\n"
    )


def _table(head: Sequence[str], rows: Any) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def _writing(
    name: str, functions: Sequence[Any], roles: Mapping[tuple[str, str], str], fallback: bool
) -> Iterator[tuple[str, str, str]]:
    for entry in functions:
        yield _call(entry), _selector(entry), _caller(name, entry.name, roles)
    if fallback:
        yield "plain ETH (`fallback`)", "", _caller(name, "fallback", roles)


def _caller(contract: str, function: str, roles: Mapping[tuple[str, str], str]) -> str:
    try:
        return roles[contract, function]
    except KeyError as error:
        raise IndexkitError(
            f"{contract}.{function} is in no row of {ROLES}: say there who may call it."
        ) from error


def _reading(entry: Any) -> tuple[str, str, str]:
    returned = ", ".join(_typed(output) for output in entry.outputs)
    return _call(entry), _selector(entry), f"`{returned}`"


def _call(entry: Any) -> str:
    return f"`{entry.name}({', '.join(map(_typed, entry.inputs))})`"


def _typed(parameter: Any) -> str:
    indexed = " indexed" if getattr(parameter, "indexed", False) else ""
    # Getters of mappings have keys without a name.
    name = "" if _NAMELESS.fullmatch(parameter.name or "") else parameter.name
    return f"{parameter.canonical_type}{indexed} {name}".rstrip()


def _selector(entry: Any) -> str:
    return f"`0x{keccak(text=entry.selector)[:4].hex()}`"
