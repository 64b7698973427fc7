"""Deployments of tests: each `resume` is a process of its own, which may be killed at any event."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractInstance

from indexkit.build import compile_if_changed
from indexkit.deployment import chain, manifest, signing
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.deploying import fresh
from indexkit.deployment.execution import Execution
from indexkit.deployment.handing_over import Handover, handover_of
from indexkit.deployment.plan import plan
from indexkit.deployment.reading import read_declaration
from indexkit.deployment.resuming import require_same
from indexkit.deployment.steps import Step
from indexkit.localnet.paths import ROOT


class KilledError(BaseException):
    """Stands for SIGKILL: nothing in the code under test catches it."""


@dataclass
class Deployment:
    """A deployment of a test, begun or not: each `resume` is a process of its own.

    Attributes
    ----------
    events
        What happened in this life: each write of the manifest, each transaction published.
    fatal
        After which event the process ends; None if it lives on.
    """

    contracts: Contracts
    account: AccountAPI
    declaration: Declaration
    path: Path
    events: int = 0
    fatal: int | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """All that is declared."""
        return plan(self.declaration, self.account.address)

    @property
    def manifest(self) -> manifest.Manifest:
        """What the file says."""
        found = manifest.read(self.path)
        assert found is not None
        return found

    def at(self, step: str) -> ContractInstance:
        """Return the contract that a step left."""
        record = self.manifest.steps[step]
        return self.contracts.at(record.contract, self.manifest.addresses[step])

    def execution(self) -> Execution:
        """Begin a process: read the manifest, compare it with everything."""
        state = fresh(self.declaration, self.account, chain.genesis(), self.contracts)
        found = manifest.read(self.path)
        if found is not None:
            require_same(self.path, found, state, self.steps, self.contracts)
        return Execution(self.contracts, self.account, self.path, found or state, 0)

    def resume(self, upto: str | None = None) -> None:
        """Run on, to the end or to a step."""
        self.events = 0
        ids = [step.id for step in self.steps]
        count = len(ids) if upto is None else ids.index(upto)
        self.execution().run(self.steps[:count])

    def handover(self) -> Handover:
        """Begin a process that hands over: read the manifest, compare it with everything."""
        return handover_of(self.declaration, self.execution())

    def hand_over(self) -> None:
        """Make the deployer's half of the hand-over, as far as it is not made."""
        self.events = 0
        self.handover().run()

    def killed_at(self, fatal: int, life: Callable[[], None] | None = None) -> bool:
        """Live until that many events happened; tell whether that was before the end."""
        self.fatal = fatal
        try:
            (life or self.resume)()
        except KilledError:
            return True
        finally:
            self.fatal = None
        return False

    def happened(self) -> None:
        """Count an event, and end the process if it was its last."""
        self.events += 1
        if self.fatal is not None and self.events >= self.fatal:
            raise KilledError


@cache
def compiled() -> Contracts:
    """Return the compiled contracts; integrity sums are computed once."""
    compile_if_changed(project, lambda _: None)
    return Contracts(project)


def localnet_declaration() -> Declaration:
    """Return the declaration for the localnet."""
    return read_declaration(ROOT / "deployments" / "declared" / "localnet.toml")


@contextmanager
def counted_lives() -> Iterator[Callable[[Deployment], Deployment]]:
    """Count the events of deployments, for the length of a block: of the one named last."""
    found: list[Deployment] = []
    write, publish = manifest.write, signing.publish

    def counted_write(path: Path, content: manifest.Manifest) -> None:
        write(path, content)
        found[-1].happened()

    def counted_publish(raw: str, transaction: str) -> None:
        publish(raw, transaction)
        found[-1].happened()

    def name(deployment: Deployment) -> Deployment:
        found.append(deployment)
        return deployment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "write", counted_write)
        patch.setattr(signing, "publish", counted_publish)
        yield name
