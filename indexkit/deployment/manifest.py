"""What has been deployed: one file per network, written before and after each transaction.

Canonical JSON, read strictly. A step is "sent" once it is signed and "done" once its transaction
has its confirmations; its signed bytes are kept as long as they may have to be sent again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.errors import IndexkitError

SENT, DONE = "sent", "done"
DEPLOY, CALL = "deploy", "call"


@dataclass(frozen=True, slots=True)
class Record:
    """A step as it was made.

    Attributes
    ----------
    kind
        `DEPLOY` or `CALL`; a call has an address too if it creates a contract.
    contract
        Kind of the contract that is deployed, called or, by a call, created.
    target
        Address that is called.
    arguments
        As JSON: numbers as decimal text, bytes as 0x-hex.
    status
        `SENT` or `DONE`.
    transaction
        Hash; None for a call that somebody else had made.
    raw
        The signed transaction, while it is `SENT`.
    earlier
        Hashes of transactions of the same nonce that this one replaced.
    address
        Of the contract that is there then.
    source_hash
        Vyper's integrity sum of the contract's source with all that it imports.
    code_hash
        keccak-256 of the code at the address.
    """

    kind: str
    contract: str
    arguments: Any
    status: str
    target: str | None = None
    function: str | None = None
    transaction: str | None = None
    nonce: int | None = None
    raw: str | None = None
    earlier: tuple[str, ...] = ()
    block: int | None = None
    gas_used: int | None = None
    address: str | None = None
    source_hash: str | None = None
    code_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A deployment as it stands.

    Attributes
    ----------
    network
        Ecosystem and network as Ape calls them, with a dash.
    genesis
        Hash of block 0, which tells chains of the same id apart.
    deployer
        Address that signs.
    declaration
        Name and digest of the declaration that was followed last.
    compiler
        Version, EVM version and settings.
    steps
        By id, in the order they were made.
    roles
        Who had which role when the last step was done: address by contract and view.
    """

    network: str
    chain_id: int
    genesis: str
    deployer: str
    declaration: Mapping[str, str]
    compiler: Mapping[str, Any]
    steps: Mapping[str, Record] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def with_step(self, step: str, record: Record | None) -> "Manifest":
        """Return the manifest with a step as it stands now; None drops it."""
        kept = {key: value for key, value in self.steps.items() if key != step or record}
        return replace(self, steps=kept | ({step: record} if record else {}))

    @property
    def addresses(self) -> dict[str, str]:
        """Addresses of what is there, by step."""
        return {key: r.address for key, r in self.steps.items() if r.address and r.status == DONE}

    @property
    def sent(self) -> str | None:
        """The step that was sent and is not known to be mined, if any: at most one."""
        return next((key for key, record in self.steps.items() if record.status == SENT), None)

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as its file holds it."""
        steps = {
            key: {"order": place, **_without_nothing(asdict(record))}
            for place, (key, record) in enumerate(self.steps.items())
        }
        rest = {each.name: getattr(self, each.name) for each in fields(self)}
        return {**rest, "steps": steps, **{k: dict(rest[k]) for k in _MAPPINGS}}


_MAPPINGS = ("declaration", "compiler", "roles")


def read(path: Path) -> Manifest | None:
    """Read a manifest; None if there is none yet.

    Raises
    ------
    IndexkitError
        The file cannot be read, or is no manifest.
    """
    if not path.exists():
        return None
    content = documents.read(path)
    try:
        return _manifest(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise IndexkitError(
            f"{path}: is no manifest of a deployment ({_words(error)}): restore the file, or name "
            "another with --manifest."
        ) from error


def write(path: Path, manifest: Manifest) -> None:
    """Write a manifest: the whole file, or none.

    Raises
    ------
    IndexkitError
        The file cannot be written.
    """
    documents.write(path, manifest.to_json())


def _manifest(content: dict[str, Any]) -> Manifest:
    if unknown := set(content) - {each.name for each in fields(Manifest)}:
        raise ValueError(f"unknown field {min(unknown)!r}")
    ordered = sorted(content["steps"].items(), key=lambda item: item[1]["order"])
    manifest = Manifest(
        **{**content, "steps": {key: _record(key, entry) for key, entry in ordered}}
    )
    texts = (manifest.network, manifest.genesis, manifest.deployer)
    if not all(isinstance(text, str) for text in texts) or not isinstance(manifest.chain_id, int):
        raise ValueError("network, chain_id, genesis or deployer is missing")
    if not all(isinstance(getattr(manifest, key), dict) for key in _MAPPINGS):
        raise ValueError("declaration, compiler or roles is no object")
    if sum(record.status == SENT for record in manifest.steps.values()) > 1:
        raise ValueError("two steps are sent and not done")
    return manifest


def _record(step: str, entry: dict[str, Any]) -> Record:
    values = {key: value for key, value in entry.items() if key != "order"}
    record = Record(**{**values, "earlier": tuple(values.get("earlier", ()))})
    if record.kind not in (DEPLOY, CALL) or record.status not in (SENT, DONE):
        raise ValueError(f"{step}: kind or status is unknown")
    if record.status == SENT and None in (record.raw, record.nonce, record.transaction):
        raise ValueError(f"{step}: is sent, but its signed transaction is missing")
    return record


def _without_nothing(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value is not None and value != ()}


def _words(error: Exception) -> str:
    return (
        f"{error.args[0] if error.args else error} is missing"
        if isinstance(error, KeyError)
        else str(error)
    )
