"""Every function and event of Set V2's ABIs exists in ours, with the same signature (R-01).

The oracle is the ABI in the npm package. Functions and events are compared by what goes over the
wire: name and types (so selector and topic), outputs, whether a call changes state, indexed flags.
"""

import json
from pathlib import Path

import pytest
from ape import project

from indexkit.localnet.paths import NODE_MODULES

ARTIFACTS = NODE_MODULES / "@setprotocol/set-protocol-v2/artifacts/contracts/protocol"
PATHS = {
    "Controller": "",
    "IntegrationRegistry": "",
    "SetToken": "",
    "SetTokenCreator": "",
    "BasicIssuanceModule": "modules",
    "StreamingFeeModule": "modules",
    "SingleIndexModule": "modules",
    "GovernanceModule": "modules",
    "AaveGovernanceV2Adapter": "integration/governance",
    "CompoundLikeGovernanceAdapter": "integration/governance",
    "CompoundBravoGovernanceAdapter": "integration/governance",
}
ANSWERED_BY_FALLBACK = "ZERO_ADDRESS"
"""A name Vyper reserves: two adapters answer it without having it in their ABI."""


def original(name):
    """Return the original ABI of a contract."""
    path: Path = ARTIFACTS / PATHS[name] / f"{name}.sol" / f"{name}.json"
    return json.loads(path.read_text())["abi"]


def ours(name):
    """Return our ABI of a contract, in the same form."""
    return [
        entry.model_dump(mode="json", exclude_none=True, by_alias=True)
        for entry in getattr(project, name).contract_type.abi
    ]


def spelled(parameter):
    """Return a type as the ABI encodes it; a struct by its members."""
    if not parameter["type"].startswith("tuple"):
        return parameter["type"]
    members = ",".join(spelled(member) for member in parameter["components"])
    return f"({members}){parameter['type'].removeprefix('tuple')}"


def mutability(entry):
    """Return what a caller must know: pure and view are the same to him."""
    stated = entry.get("stateMutability", "nonpayable")
    return "view" if stated == "pure" else stated


def functions(abi):
    """Return the functions: signature, outputs, mutability."""
    found = {}
    for entry in abi:
        if entry["type"] == "function":
            inputs = ",".join(spelled(parameter) for parameter in entry["inputs"])
            outputs = tuple(spelled(parameter) for parameter in entry.get("outputs", []))
            found[f"{entry['name']}({inputs})"] = (outputs, mutability(entry))
    return found


def events(abi):
    """Return the events: signature, indexed flags and parameter names."""
    found = {}
    for entry in abi:
        if entry["type"] == "event":
            inputs = ",".join(spelled(parameter) for parameter in entry["inputs"])
            flags = tuple(bool(parameter.get("indexed")) for parameter in entry["inputs"])
            found[f"{entry['name']}({inputs})"] = (flags, bool(entry.get("anonymous")))
    return found


@pytest.mark.parametrize("name", PATHS)
def test_functions__are_those_of_set_v2(name):
    """The same selectors, outputs, and promises not to change state."""
    expected, have = functions(original(name)), functions(ours(name))
    expected = {s: v for s, v in expected.items() if not s.startswith(ANSWERED_BY_FALLBACK)}
    assert expected
    assert {signature: have.get(signature) for signature in expected} == expected


@pytest.mark.parametrize("name", PATHS)
def test_events__are_those_of_set_v2(name):
    """The same topics and indexed fields."""
    expected, have = events(original(name)), events(ours(name))
    assert {signature: have.get(signature) for signature in expected} == expected


@pytest.mark.parametrize("name", PATHS)
def test_fallback__as_in_set_v2(name):
    """A contract takes plain ether exactly where the original does."""
    takes_ether = any(entry["type"] == "receive" for entry in original(name))
    payable = [e for e in ours(name) if e["type"] in ("receive", "fallback")]
    assert any(e.get("stateMutability") == "payable" for e in payable) == takes_ether
