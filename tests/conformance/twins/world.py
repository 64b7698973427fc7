"""The two protocols: which code stands behind a name, and where it was put."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ape import project
from eth_abi.abi import encode
from eth_utils.abi import collapse_if_tuple
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit import deploy
from indexkit.build import compile_if_changed
from indexkit.localnet import addresses
from indexkit.localnet.artifacts import Artifact, artifact
from indexkit.localnet.pools import PAIR_CODE_HASHES
from indexkit.localnet.protocols import ERC20
from twins.interface import Interface, interface
from twins.node import Node

SET_V2 = "@setprotocol/set-protocol-v2/artifacts/contracts"

PATHS = {
    "Controller": "",
    "IntegrationRegistry": "",
    "SetToken": "",
    "SetTokenCreator": "",
    "BasicIssuanceModule": "modules/",
    "StreamingFeeModule": "modules/",
    "SingleIndexModule": "modules/",
    "GovernanceModule": "modules/",
    "AaveGovernanceAdapter": "integration/governance/",
    "AaveGovernanceV2Adapter": "integration/governance/",
    "CompoundLikeGovernanceAdapter": "integration/governance/",
    "CompoundBravoGovernanceAdapter": "integration/governance/",
    "SnapshotGovernanceAdapter": "integration/governance/",
}
"""The contracts that exist twice, and where the originals lie below ``contracts/protocol``."""

CORE = ("Controller", "IntegrationRegistry", "SetToken", "SetTokenCreator")
"""What is original in the hybrid world."""

ACTORS = (
    "owner",
    "manager",
    "trader",
    "issuer",
    "stranger",
    "fee_recipient",
    "module",
    "heir",
    "keeper",
)
"""Accounts by role; ``module`` is an account that both controllers know as a module."""


def set_v2(path: str) -> Artifact:
    """Return a compiled contract of Set V2, e.g. ``protocol/modules/TradeModule.sol/TradeModule``.

    ``mocks/StandardTokenMock`` is short for ``mocks/StandardTokenMock.sol/StandardTokenMock``.
    """
    if ".sol/" not in path:
        path = f"{path}.sol/{path.rsplit('/', 1)[-1]}"
    return artifact(f"{SET_V2}/{path}.json")


def original(kind: str) -> Artifact:
    """Return the original of one of our contracts."""
    return set_v2(f"protocol/{PATHS[kind]}{kind}")


@dataclass(frozen=True)
class Contract:
    """A contract under the name that it has in both worlds."""

    name: str
    address: str
    interface: Interface


class World:
    """One of the two protocols: names and addresses, and how to make more of the same.

    Attributes
    ----------
    name
        "original", "ours", or "hybrid": our modules on an original controller and SetTokens.
    contracts
        By name.
    shared
        Names of contracts that are not part of the protocol: both worlds use the same.
    """

    def __init__(self, name: str, node: Node, code: Callable[..., bytes]) -> None:
        self.name = name
        self.contracts: dict[str, Contract] = {}
        self.shared: set[str] = set()
        self._node = node
        self._code = code

    @property
    def has_our_sets(self) -> bool:
        """Whether the SetTokens of this world are ours."""
        return self.name == "ours"

    def add(self, name: str, address: str, of: Interface) -> Contract:
        """Give an address a name."""
        contract = Contract(name, to_checksum_address(address), of)
        self.contracts[name] = contract
        return contract

    def creation_code(self, kind: str, *arguments: Any) -> bytes:
        """Return the creation code of one of the contracts that exist twice."""
        return self._code(kind, *arguments)

    def put(self, name: str, kind: str, *arguments: Any, by: str) -> Contract:
        """Deploy one of the contracts that exist twice."""
        receipt = self._node.send(by, None, self.creation_code(kind, *arguments))
        assert receipt["status"] == "0x1", f"{kind} was not deployed"
        return self.add(name, receipt["contractAddress"], interface(original(kind)))

    def copy(self) -> "World":
        """Return a world of the same contracts, to which names can be added."""
        copied = World(self.name, self._node, self._code)
        copied.contracts, copied.shared = dict(self.contracts), set(self.shared)
        return copied


def original_code(kind: str, *arguments: Any) -> bytes:
    """Return the creation code of an original."""
    return original(kind).init_code(*arguments)


def our_code(node: Node, owner: str) -> Callable[..., bytes]:
    """Return a function that gives our creation code for the original's arguments.

    Parameters
    ----------
    node
        Where what SetTokens are made of is deployed.
    owner
        Who deploys it.
    """

    def put(code: bytes) -> str:
        return to_checksum_address(node.send(owner, None, code)["contractAddress"])

    def code(kind: str, *arguments: Any) -> bytes:
        more: tuple[Any, ...] = ()
        if kind == "SetTokenCreator":
            logic = code("SetToken", *deploy.logic_arguments(*arguments))
            more = (put(as_blueprint(creation_code("SetTokenShell"))), put(logic))
        elif kind == "SingleIndexModule":
            hashes = (bytes.fromhex(PAIR_CODE_HASHES[name]) for name in ("UniswapV2", "SushiSwap"))
            more = (*hashes, deploy.ANYONE, deploy.ANYONE)
        inputs = [
            collapse_if_tuple(value.model_dump(mode="json", exclude_none=True, by_alias=True))
            for value in getattr(project, kind).contract_type.constructor.inputs
        ]
        return creation_code(kind) + encode(inputs, (*arguments, *more))

    return code


def creation_code(kind: str) -> bytes:
    """Return the code that creates one of our contracts, without its arguments."""
    code = getattr(project, kind).contract_type.deployment_bytecode.bytecode
    return bytes.fromhex(code.removeprefix("0x"))


def as_blueprint(creation: bytes) -> bytes:
    """Return the code that deploys a creation code as it is, behind the preamble of EIP-5202."""
    stored = b"\xfe\x71\x00" + creation
    return b"\x61" + len(stored).to_bytes(2, "big") + b"\x3d\x81\x60\x0a\x3d\x39\xf3" + stored


def build(node: Node, actors: dict[str, str]) -> tuple[World, ...]:
    """Deploy both protocols, and our modules on an original core, with the same owners.

    Parameters
    ----------
    node
        Of the chain.
    actors
        Accounts by role.

    Returns
    -------
    tuple
        The worlds "original", "ours", and "hybrid".
    """
    return build_original(node, actors), *build_ours(node, actors)


def build_original(node: Node, actors: dict[str, str]) -> World:
    """Deploy the original protocol."""
    return _deploy(World("original", node, original_code), node, actors)


def build_ours(node: Node, actors: dict[str, str]) -> tuple[World, World]:
    """Deploy our protocol, and our modules on an original core."""
    compile_if_changed(project, lambda _: None)
    ours = our_code(node, actors["owner"])

    def hybrid(kind: str, *arguments: Any) -> bytes:
        return (original_code if kind in CORE else ours)(kind, *arguments)

    return (
        _deploy(World("ours", node, ours), node, actors),
        _deploy(World("hybrid", node, hybrid), node, actors),
    )


def _deploy(world: World, node: Node, actors: dict[str, str]) -> World:
    owner = actors["owner"]

    def put(name: str, kind: str, *arguments: Any) -> str:
        return world.put(name, kind, *arguments, by=owner).address

    def do(name: str, function: str, *arguments: Any) -> None:
        contract = world.contracts[name]
        data = contract.interface.functions[function].encode(arguments)
        assert node.send(owner, contract.address, data)["status"] == "0x1", f"{name}.{function}"

    controller = put("controller", "Controller", actors["fee_recipient"])
    registry = put("registry", "IntegrationRegistry", controller)
    creator = put("creator", "SetTokenCreator", controller)
    modules = [
        put("issuance", "BasicIssuanceModule", controller),
        put("streaming_fee", "StreamingFeeModule", controller),
        put("governance", "GovernanceModule", controller),
        put("index_module", "SingleIndexModule", controller, *VENUES),
    ]
    adapters = {
        "AaveGovernance": put(
            "aave_v1_adapter",
            "AaveGovernanceAdapter",
            addresses.AAVE_V1_GOVERNANCE,
            addresses.AAVE,
        ),
        "AaveGovernanceV2": put(
            "aave_adapter",
            "AaveGovernanceV2Adapter",
            addresses.AAVE_GOVERNANCE,
            addresses.AAVE,
        ),
        "UniswapGovernance": put(
            "uniswap_adapter",
            "CompoundLikeGovernanceAdapter",
            addresses.UNISWAP_GOVERNOR,
            addresses.UNI,
        ),
        "BravoGovernance": put(
            "bravo_adapter",
            "CompoundBravoGovernanceAdapter",
            addresses.UNISWAP_GOVERNOR,
            addresses.UNI,
        ),
        "CompoundGovernance": put(
            "compound_governance_adapter",
            "CompoundBravoGovernanceAdapter",
            addresses.COMPOUND_GOVERNOR_BRAVO,
            addresses.COMP,
        ),
        "SnapshotGovernance": put(
            "snapshot_governance_adapter",
            "SnapshotGovernanceAdapter",
            addresses.SNAPSHOT_DELEGATE_REGISTRY,
        ),
    }
    do(
        "controller",
        "initialize",
        [creator],
        [*modules, actors["module"]],
        [registry],
        [deploy.INTEGRATION_REGISTRY_ID],
    )
    governance = world.contracts["governance"].address
    names, targets = list(adapters), list(adapters.values())
    do("registry", "batchAddIntegration", [governance] * len(names), names, targets)
    return world


VENUES = (
    addresses.WETH,
    addresses.UNISWAP_V2_ROUTER,
    addresses.SUSHISWAP_ROUTER,
    addresses.BALANCER_EXCHANGE_PROXY,
)
"""What a SingleIndexModule is told about the market."""


def stand_in(name: str) -> bytes:
    """Return the address that stands for a contract in everything that is compared."""
    return keccak(text=f"conformance:{name}")[12:]


def share(worlds: Iterable[World], shared: Sequence[tuple[str, str, Interface]]) -> None:
    """Name what both worlds have in common."""
    for world in worlds:
        for name, address, of in shared:
            world.add(name, address, of)
            world.shared.add(name)


TOKEN = artifact(ERC20)
