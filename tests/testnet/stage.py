"""Everything that takes part in a rehearsal: the node, the people, their papers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from indexkit.deployment.declaration import Declaration
from indexkit.deployment.reading import read_declaration
from indexkit.localnet import addresses
from indexkit.localnet.rpc import Rpc
from testnet import papers
from testnet.ledger import Ledger
from testnet.node import Clock, HardhatNode
from testnet.operator import Operator, steps_in
from testnet.world import ETHER, World, build, create_safe, open_market

DEPLOYER, OWNERS = "deployer", ("owner_1", "owner_2")
"""Aliases of keyfiles: who deploys and trades, and the owners of the Safe that operates."""

POOR = "poor"
"""Has no ether."""

FUNDS = 10 * ETHER
"""Of each of the others {wei}."""


@dataclass(frozen=True)
class Stage:
    """Everything that takes part in a rehearsal.

    Attributes
    ----------
    accounts
        Addresses by alias.
    declared
        File of the declaration.
    folder
        For what is written.
    """

    node: HardhatNode
    world: World
    clock: Clock
    operator: Operator
    ledger: Ledger
    accounts: dict[str, str]
    declared: Path
    folder: Path

    @property
    def network(self) -> str:
        """The node, as Ape's option ``--network`` has it."""
        return f"ethereum:sepolia:{self.node.url}"

    @property
    def manifest(self) -> Path:
        """Where the deployment is recorded whose life is played."""
        return self.folder / "manifest.json"

    @cached_property
    def declaration(self) -> Declaration:
        """What is declared."""
        return read_declaration(self.declared)

    def address(self, step: str) -> str:
        """Return the address that a step of the deployment left."""
        return str(steps_in(self.manifest)[step]["address"])

    def deploying(self, manifest: Path, *more: str, **other: Any) -> tuple[str, ...]:
        """Return the words of a deployment's command.

        Parameters
        ----------
        other
            Than usual: ``what``, ``network``, ``account``, ``declaration``.
        """
        chosen = {
            "what": "all",
            "network": self.network,
            "account": DEPLOYER,
            "declaration": self.declared,
        } | other
        options = {key: value for key, value in chosen.items() if key != "what"}
        words = [word for key, value in options.items() for word in (f"--{key}", str(value))]
        return "deploy", chosen["what"], *words, "--manifest", str(manifest), "--yes", *more

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Put the chain back to where it was before a `with`."""
        snapshot = self.world.rpc.call("evm_snapshot")
        yield
        self.world.rpc.call("evm_revert", snapshot)


def set_up(
    node: HardhatNode, operator: Operator, folder: Path, say: Callable[[str], object]
) -> Stage:
    """Make a chain with Sepolia's venues, accounts with ether, a Safe, and a declaration."""
    rpc = Rpc(node.url)
    world, clock = World(rpc), Clock(rpc)
    build(world, clock.now())
    accounts = {alias: operator.account(alias) for alias in (DEPLOYER, POOR, *OWNERS)}
    for alias in (DEPLOYER, *OWNERS):
        world.set_balance(accounts[alias], FUNDS)
    safe = create_safe(world, [accounts[alias] for alias in OWNERS])
    second_party = addresses.labelled("indexkit.testnet.methodologist")
    declared = papers.write(folder / "mine.toml", papers.declaration(safe, second_party))
    ledger = Ledger(rpc, say)
    stage = Stage(node, world, clock, operator, ledger, accounts, declared, folder)
    open_market(world, stage.declaration)
    clock.blocks_come()
    return stage
