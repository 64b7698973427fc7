"""A declared deployment on the localnet: run to its end, or as far as a test lets it."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ape
import pytest
from ape import project
from ape.api import AccountAPI

from indexkit.build import compile_if_changed
from indexkit.deployment import chain, manifest, signing
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.deploying import fresh
from indexkit.deployment.execution import Execution
from indexkit.deployment.plan import plan
from indexkit.deployment.reading import declaration_of, read_declaration
from indexkit.deployment.resuming import require_same
from indexkit.deployment.steps import Step
from indexkit.localnet import addresses
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

    def killed_at(self, fatal: int) -> bool:
        """Run until that many events happened; tell whether that was before the end."""
        self.fatal = fatal
        try:
            self.resume()
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


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    """Return the compiled contracts; integrity sums are computed once."""
    compile_if_changed(project, lambda _: None)
    return Contracts(project)


@pytest.fixture(scope="session")
def declared() -> Declaration:
    """Return the declaration for the localnet."""
    return read_declaration(ROOT / "deployments" / "declared" / "localnet.toml")


@pytest.fixture(scope="module")
def begin(
    contracts: Contracts,
    owner: AccountAPI,
    declared: Declaration,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Deployment]]:
    """Return a function that makes a deployment whose events are counted."""
    found: list[Deployment] = []
    write, publish = manifest.write, signing.publish

    def counted_write(path: Path, content: manifest.Manifest) -> None:
        write(path, content)
        found[-1].happened()

    def counted_publish(raw: str, transaction: str) -> None:
        publish(raw, transaction)
        found[-1].happened()

    def make(declaration: Declaration = declared) -> Deployment:
        path = tmp_path_factory.mktemp("deployment") / "manifest.json"
        found.append(Deployment(contracts, owner, declaration, path))
        return found[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "write", counted_write)
        patch.setattr(signing, "publish", counted_publish)
        yield make


@pytest.fixture(scope="session")
def small(declared: Declaration) -> Declaration:
    """Return a declaration of the protocol alone, without governors."""
    shared = replace(declared.protocol, governors=())
    return replace(declared, protocol=shared, indices=(), dao=None)


@pytest.fixture(scope="module")
def dao_text(accounts: Sequence[AccountAPI]) -> str:
    """Return a declaration of the protocol, and of INDEX as the localnet's has it distributed.

    The treasury is an account of its own, and WETH is staked: there is no index.
    """
    text = (ROOT / "deployments" / "declared" / "localnet.toml").read_text()
    protocol, rest = text.split("governors = [")
    dao = "[dao]" + rest.split("[dao]")[1]
    for old, new in (
        ('treasury = "deployer"', f'treasury = "{accounts[7].address}"'),
        ('pool_of = "SMALL"', f'staking_token = "{addresses.WETH}"'),
    ):
        assert old in dao
        dao = dao.replace(old, new)
    return f"{protocol}governors = []\n\n{dao}"


@pytest.fixture(scope="module")
def undistributed(begin: Callable[..., Deployment], dao_text: str) -> Deployment:
    """Deploy all of that up to the first payment."""
    deployment = begin(declaration_of("dao", tomllib.loads(dao_text)))
    deployment.resume(upto="dao.staking_rewards_funded")
    return deployment


@pytest.fixture
def not_mining() -> Iterator[None]:
    """Keep the node from mining what it is sent."""
    provider = ape.chain.provider
    before = provider.auto_mine
    provider.auto_mine = False
    yield
    provider.auto_mine = before
    provider.mine()
