"""The ABIs as such: what a tool reads before it calls anything."""

from collections.abc import Iterator
from typing import Any

from ape import project

from indexkit.localnet.artifacts import Artifact
from twins.index_house import index_coop
from twins.world import PATHS, original

SCENARIO = "abi.differences"
"""Under this name the register says that an id is shown by the ABIs."""

REGISTERED = {
    "D-14": {"SingleIndexModule: constructor"},
    "D-19": {
        "CompoundLikeGovernanceAdapter: ZERO_ADDRESS() is missing",
        "CompoundBravoGovernanceAdapter: ZERO_ADDRESS() is missing",
    },
    "D-20": {
        "AaveGovernanceV2Adapter: getRegisterCalldata(address) is view",
        "AaveGovernanceV2Adapter: getRevokeCalldata() is view",
    },
    "D-21": {"SetTokenCreator: constructor"},
    "D-27": {
        "SetToken: fields of event Transfer(address,address,uint256)",
        "IndexToken: fields of event Transfer(address,address,uint256)",
    },
}
"""What is known to differ, by id."""


def differences() -> set[str]:
    """Return what our ABIs lack or say otherwise; what they have besides is no difference.

    Functions by signature, outputs and mutability; events by signature, indexed flags and field
    names; constructors by inputs; and whether plain ether is taken.
    """
    originals = {kind: original(kind) for kind in PATHS}
    originals["IndexToken"] = index_coop("token/IndexToken")
    return {f"{kind}: {what}" for kind, one in originals.items() for what in _of(kind, one)}


def _of(kind: str, original: Artifact) -> Iterator[str]:
    theirs = list(original.abi)
    ours = [
        entry.model_dump(mode="json", exclude_none=True, by_alias=True)
        for entry in getattr(project, kind).contract_type.abi
    ]
    if _constructor(theirs) != _constructor(ours):
        yield "constructor"
    have = _functions(ours)
    for signature, (outputs, mutability) in _functions(theirs).items():
        if signature not in have:
            yield f"{signature} is missing"
            continue
        our_outputs, our_mutability = have[signature]
        if outputs != our_outputs:
            yield f"{signature} returns {our_outputs}"
        if mutability != our_mutability:
            yield f"{signature} is {our_mutability}"
    logged = _events(ours)
    for signature, (flags, names) in _events(theirs).items():
        our_flags, our_names = logged.get(signature, (None, None))
        if flags != our_flags:
            yield f"event {signature} is {our_flags}"
        elif names != our_names:
            yield f"fields of event {signature}"
    if _takes_ether(theirs) != _takes_ether(ours):
        yield "plain ether"


def _spelled(parameter: dict[str, Any]) -> str:
    if not parameter["type"].startswith("tuple"):
        return str(parameter["type"])
    members = ",".join(map(_spelled, parameter["components"]))
    return f"({members}){parameter['type'].removeprefix('tuple')}"


def _types(parameters: list[dict[str, Any]]) -> str:
    return ",".join(map(_spelled, parameters))


def _constructor(abi: list[dict[str, Any]]) -> str:
    return next((_types(one["inputs"]) for one in abi if one["type"] == "constructor"), "")


def _functions(abi: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {
        f"{one['name']}({_types(one['inputs'])})": (
            _types(one.get("outputs", [])),
            one.get("stateMutability", "nonpayable"),
        )
        for one in abi
        if one["type"] == "function"
    }


def _events(abi: list[dict[str, Any]]) -> dict[str, tuple[list[bool], list[str]]]:
    return {
        f"{one['name']}({_types(one['inputs'])})": (
            [bool(field.get("indexed")) for field in one["inputs"]],
            [field["name"] for field in one["inputs"]],
        )
        for one in abi
        if one["type"] == "event"
    }


def _takes_ether(abi: list[dict[str, Any]]) -> bool:
    return any(
        one["type"] in ("receive", "fallback") and one.get("stateMutability") == "payable"
        for one in abi
    )
