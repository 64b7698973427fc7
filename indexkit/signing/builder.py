"""The file that Safe's Transaction Builder imports, version 1.0, with its checksum.

The checksum is Keccak-256 of a serialisation of the file in which the batch's name is null: an
object's keys, sorted, as a JSON list, then each value and a comma
(https://github.com/safe-global/safe-react-apps, apps/tx-builder/src/lib/checksum.ts). Tests compare
it with published files.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from eth_utils.crypto import keccak

from indexkit.safe import Call
from indexkit.signing import calldata
from indexkit.signing.pack import Pack

VERSION = "1.0"
BUILDER_VERSION = "1.16.5"


def batch_file(pack: Pack) -> dict[str, Any]:
    """Return a pack's calls as the Transaction Builder's file: those that the Safe itself makes."""
    return transactions_file(
        [pack.transaction.call] if pack.state.house else pack.calls,
        pack.state.safe,
        chain_id=pack.state.chain_id,
        timestamp=pack.state.timestamp,
        name=f"{pack.units.index} rebalance {pack.units.name}",
        description=f"Starts rebalance {pack.rebalance_nonce} of {pack.state.token}",
    )


def transactions_file(
    calls: Sequence[Call], safe: str, *, chain_id: int, timestamp: int, name: str, description: str
) -> dict[str, Any]:
    """Return calls of a Safe as the Transaction Builder's file.

    Parameters
    ----------
    timestamp
        Of the state they are made for, not of now: who composes them again gets the same file {s}.
    """
    content: dict[str, Any] = {
        "version": VERSION,
        "chainId": str(chain_id),
        # {ms}
        "createdAt": timestamp * 1000,
        "meta": {
            "name": name,
            "description": description,
            "txBuilderVersion": BUILDER_VERSION,
            "createdFromSafeAddress": safe,
            "createdFromOwnerAddress": "",
        },
        "transactions": [
            {
                "to": call.to,
                "value": str(call.value),
                "data": "0x" + call.data.hex(),
                "contractMethod": None,
                "contractInputsValues": None,
            }
            for call in calls
        ],
    }
    return content | {"meta": {**content["meta"], "checksum": checksum(content)}}


def checksum(content: Mapping[str, Any]) -> str:
    """Return the checksum of a Transaction Builder file; one that it has already is left out."""
    meta = {key: value for key, value in content["meta"].items() if key != "checksum"}
    return "0x" + keccak(text=_serialised({**content, "meta": {**meta, "name": None}})).hex()


def _serialised(value: Any) -> str:
    if isinstance(value, Mapping):
        keys = sorted(value)
        return "{" + _json(keys) + "".join(f"{_serialised(value[key])}," for key in keys) + "}"
    if isinstance(value, list):
        return f"[{','.join(map(_serialised, value))}]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def module_calls(content: Mapping[str, Any]) -> list[tuple[str, str, tuple[Any, ...]]]:
    """Return the calls on the module that such a file makes: callee, function and arguments.

    Raises
    ------
    IndexkitError
        One of them cannot be read.
    """
    outer = [
        Call(entry["to"], bytes.fromhex(str(entry["data"]).removeprefix("0x")))
        for entry in content["transactions"]
    ]
    inner = (call for each in outer for call in calldata.inner_calls(each))
    return [(call.to, *calldata.decode(call.data)) for call in inner]
