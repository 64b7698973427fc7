"""Deploying as a declaration says: everything is checked and shown before anything is sent."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ape
from rich.table import Table

from indexkit.build import compile_if_changed
from indexkit.deployment import chain, costs, manifest, networks, signing, venue_checks
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.execution import Execution
from indexkit.deployment.manifest import Manifest
from indexkit.deployment.plan import ALL, plan
from indexkit.deployment.reading import read_declaration
from indexkit.deployment.resuming import require_begun, require_same
from indexkit.deployment.steps import Deploy, Step
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT
from indexkit.localnet.provider import HOST_VARIABLE, LocalnetProvider

if TYPE_CHECKING:
    from ape.managers.project import ProjectManager

DEPLOYMENTS = ROOT / "deployments"
LOCAL_DEPLOYMENTS = ROOT / "build" / "deployments"
GWEI, ETHER = 10**9, 10**18
STEP, CONTRACT, GAS, COST = "step", "contract", "gas", "cost (ether)"


@dataclass(frozen=True)
class Prepared:
    """A deployment that has been checked, and not begun.

    Attributes
    ----------
    steps
        Those that were asked for, done or not.
    left
        Of them, those that will be made, and what they are expected to take.
    fee
        At the node's current fees {wei/gas}.
    balance
        The account's {wei}.
    notes
        What to know besides.
    """

    declaration: Declaration
    execution: Execution
    steps: tuple[Step, ...]
    left: tuple[costs.Estimate, ...]
    fee: int
    balance: int
    notes: tuple[str, ...]

    @property
    def gas(self) -> int:
        """Of all that is left."""
        return sum(each.gas for each in self.left)

    @property
    def cost(self) -> int:
        """Of all that is left, at current fees {wei}."""
        return self.gas * self.fee

    def run(self, made: Callable[[Step], None] = lambda _: None, *, again: bool = False) -> None:
        """Deploy.

        Parameters
        ----------
        made
            Is told each step that is done.
        again
            Sign the step that was sent and not mined anew.

        Raises
        ------
        IndexkitError
            The account cannot pay for it, or a step cannot be made.
        """
        if self.balance < self.cost:
            raise IndexkitError(
                f"{self.execution.account.address} has {_ether(self.balance)} ether, and what is "
                f"left is expected to cost {_ether(self.cost)}: fund it, and run the same command "
                "again."
            )
        signing.unlock(self.execution.account)
        if again:
            self._sign_again()
        self.execution.run(self.steps, made)

    def _sign_again(self) -> None:
        sent = self.execution.manifest.sent
        for step in self.steps:
            if step.id == sent:
                self.execution.sign_again(step)


@contextmanager
def prepared(
    project: "ProjectManager",
    scope: str,
    account: Any,
    declared: Path,
    manifest_file: Path | None,
    say: Callable[[str], None],
) -> Iterator[Prepared]:
    """Check a deployment from all sides, and hold its manifest for the length of a block.

    Parameters
    ----------
    scope
        What to deploy: one of `plan.SCOPES`.
    account
        Of Ape; it signs.
    declared, manifest_file
        Where declaration and manifest are; None for the manifest of the network.
    say
        Is told long work.

    Raises
    ------
    IndexkitError
        Anything is not as it must be; nothing has been sent then.
    """
    declaration = read_declaration(declared)
    steps = plan(declaration, account.address, scope)
    require_chain(declaration)
    compile_if_changed(project, say)
    venue_checks.require_venues(declaration)
    contracts = Contracts(project)
    genesis = chain.genesis()
    path = manifest_file or manifest_path(genesis)
    with _held(path):
        state = fresh(declaration, account, genesis, contracts)
        found = None if manifest_file is None and began_here() else manifest.read(path)
        if found is not None:
            require_same(path, found, state, plan(declaration, account.address, ALL), contracts)
            state = replace(found, declaration=state.declaration)
        require_begun(state, steps)
        unmade = [step.id for step in steps if step.id not in state.steps]
        venue_checks.require_ahead(declaration, unmade)
        yield Prepared(
            declaration,
            Execution(contracts, account, path, state, declaration.confirmations),
            steps,
            _left(steps, state),
            chain.fee_per_gas(),
            chain.balance(account.address),
            tuple(venue_checks.missing_pools(declaration)),
        )


def manifest_path(genesis: str) -> Path:
    """Return where the connected network's manifest is.

    A public network's is kept with the sources; a chain that only claims its id (a rehearsal), a
    fork or a local one has its own below build/.
    """
    network = ape.chain.provider.network
    name = f"{network.ecosystem.name}-{network.name}"
    known = networks.known().get(chain.chain_id())
    local = network.name == "local" or network.name.endswith("-fork")
    if not local and (known is None or known.genesis == genesis):
        return DEPLOYMENTS / f"{name}.json"
    return LOCAL_DEPLOYMENTS / f"{name}-{genesis[2:10]}.json"


def require_chain(declaration: Declaration) -> None:
    """Refuse a chain that the declaration is not for, or that cannot run the contracts.

    Raises
    ------
    IndexkitError
        The chain id is another one, or its rules are older than cancun.
    """
    found = chain.chain_id()
    if found != declaration.chain_id:
        raise IndexkitError(
            f"{declaration.name} is declared for chain id {declaration.chain_id}, the node's is "
            f"{found}: name another network with --network, or another file with --declaration."
        )
    chain.require_cancun()


def fresh(declaration: Declaration, account: Any, genesis: str, contracts: Contracts) -> Manifest:
    """Return the manifest of a deployment that has made no step yet."""
    network = ape.chain.provider.network
    return Manifest(
        network=f"{network.ecosystem.name}-{network.name}",
        chain_id=declaration.chain_id,
        genesis=genesis,
        deployer=str(account.address),
        declaration={"name": declaration.name, "digest": declaration.digest},
        compiler=contracts.compiler(),
    )


def plan_table(found: Prepared) -> Table:
    """Return the steps that are left, with what they are expected to cost."""
    table = Table(title=f"{found.declaration.name}: {len(found.left)} steps to make")
    for column in (STEP, CONTRACT, GAS, COST):
        table.add_column(column, justify="right" if column in (GAS, COST) else "left")
    for each in found.left:
        cost = _ether(each.gas * found.fee)
        table.add_row(each.step.id, _what(each.step), f"{each.gas:,}", cost)
    table.add_section()
    table.add_row("total", "", f"{found.gas:,}", _ether(found.cost))
    return table


def summary(found: Prepared) -> str:
    """Return who pays how much, at which fees, and what is recorded where."""
    account, network = found.execution.account.address, ape.chain.provider.network
    return (
        f"{network.ecosystem.name}:{network.name}, chain id {found.declaration.chain_id}, "
        f"{Decimal(found.fee) / GWEI:,.3f} gwei: about {_ether(found.cost)} ether of the "
        f"{_ether(found.balance)} that {account} has.\n"
        f"{len(found.steps) - len(found.left)} of {len(found.steps)} steps are done. "
        f"Recorded in {_shown(found.execution.path)}"
    )


def outcome(found: Prepared) -> str:
    """Return what there is now."""
    execution = found.execution
    made = [execution.manifest.steps[step.id] for step in found.steps]
    gas = sum(record.gas_used or 0 for record in made)
    there = sum(record.address is not None for record in made)
    return f"{there} contracts, {gas:,} gas. Recorded in {_shown(execution.path)}"


def _left(steps: Sequence[Step], made: Manifest) -> tuple[costs.Estimate, ...]:
    done = {key for key, record in made.steps.items() if record.status == manifest.DONE}
    table = costs.read_table()
    return tuple(costs.estimates((step for step in steps if step.id not in done), table))


def began_here() -> bool:
    """Tell whether the chain began with this process: what an earlier one deployed is gone."""
    local = isinstance(ape.chain.provider, LocalnetProvider)
    return local and not os.environ.get(HOST_VARIABLE)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Keep every other process from deploying by the same manifest."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.with_name(f".{path.name}.lock").open("a")
    except OSError as error:
        raise IndexkitError(
            f"{path} cannot be written ({error.strerror}): name another with --manifest."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise IndexkitError(
                f"{path}: another deployment is under way by this manifest: wait for it to end."
            ) from error
        yield


def _what(step: Step) -> str:
    if isinstance(step, Deploy):
        return f"{step.contract} (blueprint)" if step.blueprint else step.contract
    return f"{step.contract}.{step.function}"


def _ether(wei: int) -> str:
    return f"{Decimal(wei) / ETHER:,.6f}"


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
