"""A declared deployment on the localnet: run to its end, or as far as a test lets it."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import ape
import pytest
from ape.api import AccountAPI
from lives import Deployment, compiled, counted_lives, localnet_declaration

from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import Declaration
from indexkit.deployment.reading import declaration_of
from indexkit.localnet import addresses
from indexkit.localnet.paths import ROOT


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    """Return the compiled contracts; integrity sums are computed once."""
    return compiled()


@pytest.fixture(scope="session")
def declared() -> Declaration:
    """Return the declaration for the localnet."""
    return localnet_declaration()


@pytest.fixture(scope="module")
def begin(
    contracts: Contracts,
    owner: AccountAPI,
    declared: Declaration,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Deployment]]:
    """Return a function that makes a deployment whose events are counted."""
    with counted_lives() as named:

        def make(declaration: Declaration = declared) -> Deployment:
            path = tmp_path_factory.mktemp("deployment") / "manifest.json"
            return named(Deployment(contracts, owner, declaration, path))

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
