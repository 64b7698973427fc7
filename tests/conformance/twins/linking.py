"""Contracts of Set V2 that neither world has by itself: linked with libraries, plugged in."""

import json
from typing import Any

from indexkit.localnet.artifacts import Artifact
from indexkit.localnet.paths import NODE_MODULES
from twins.stage import Handle, Stage
from twins.world import SET_V2, set_v2


def deploy_linked(s: Stage, name: str, path: str, *arguments: Any) -> Handle:
    """Deploy a contract of Set V2, and before it the libraries that it calls.

    Parameters
    ----------
    s
        The stage.
    name
        Of the contract on the stage; a library has its own, after ``library_``.
    path
        As `set_v2` takes it.
    arguments
        Of the constructor; handles stand for addresses.
    """
    content = _content(path)
    code = str(content["bytecode"]).removeprefix("0x")
    for source, libraries in content["linkReferences"].items():
        for library, places in libraries.items():
            for place in places:
                start, end = (2 * (place["start"] + more) for more in (0, place["length"]))
                address = _library(s, f"{source.removeprefix('contracts/')}/{library}").address
                code = code[:start] + address[2:].lower() + code[end:]
    linked = Artifact(path.rsplit("/", 1)[-1], tuple(content["abi"]), bytes.fromhex(code))
    return s.deploy(name, linked, *arguments)


def plug(s: Stage, name: str, path: str, *arguments: Any) -> Handle:
    """Deploy a module of Set V2 for this world's controller, and enable it there.

    Parameters
    ----------
    s
        The stage.
    name
        Of the module on the stage.
    path
        Below ``protocol/modules/``, or of a mock.
    arguments
        Of the constructor, after the controller.
    """
    path = path if "/" in path else f"protocol/modules/{path}"
    module = deploy_linked(s, name, path, s.controller, *arguments)
    s.controller.addModule(module, by=s.owner)
    return module


def _library(s: Stage, path: str) -> Handle:
    name = f"library_{path.rsplit('/', 1)[-1]}"
    if name not in s.world.contracts:
        s.deploy(name, set_v2(path))
    return Handle(s, s.world.contracts[name])


def _content(path: str) -> dict[str, Any]:
    if ".sol/" not in path:
        path = f"{path}.sol/{path.rsplit('/', 1)[-1]}"
    content: dict[str, Any] = json.loads((NODE_MODULES / f"{SET_V2}/{path}.json").read_text())
    return content
