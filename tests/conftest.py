"""Actors, the deployed protocol and a small index: what most tests start from.

Everything here is deployed once per session, with `dpi-2021-04` as the market; each test runs in a
snapshot of its own (`isolation`), so no test sees what another one did.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractContainer, ContractInstance
from ethpm_types import ContractType
from vyper import compile_code
from vyper.compiler.input_bundle import FilesystemInputBundle

from indexkit import deploy
from indexkit.errors import IndexkitError
from indexkit.localnet import deal, selected_market, token_at
from indexkit.localnet.anvil import find_anvil
from indexkit.localnet.upstream import Upstream
from indexkit.rebalance_data import Rebalance, load

pytest_plugins = ["isolation", "twins.fixtures"]

ZERO = "0x" + "00" * 20
E18 = 10**18
SYMBOLS = ("YFI", "UNI", "AAVE", "BAL")
"""Components of the small index: a dear one, a cheap one, a voting one, one traded on Balancer."""

MOCKS = Path(__file__).parent / "mocks"


def pytest_configure():
    """Say in one sentence why there can be no chain, before Ape tries to connect to it."""
    try:
        selected_market()
        find_anvil()
        if upstream := Upstream.from_environment():
            upstream.check()
    except IndexkitError as error:
        raise pytest.UsageError(error.message) from error


@pytest.fixture(scope="session")
def owner(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Owns the controller and the registry."""
    return accounts[0]


@pytest.fixture(scope="session")
def manager(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Return the manager of the index."""
    return accounts[1]


@pytest.fixture(scope="session")
def trader(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Is on the list of allowed traders."""
    return accounts[2]


@pytest.fixture(scope="session")
def issuer(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Return who holds components, has approved the issuance module, and issues."""
    return accounts[3]


@pytest.fixture(scope="session")
def stranger(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Is allowed nothing."""
    return accounts[4]


@pytest.fixture(scope="session")
def fee_recipient(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Receives the protocol's share of fees."""
    return accounts[5]


@pytest.fixture(scope="session")
def module(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Is an account that acts as a module, to call what only modules may."""
    return accounts[6]


@pytest.fixture(scope="session")
def published() -> Rebalance:
    """Return the rebalance whose market the chain carries."""
    return load("dpi-2021-04")


@pytest.fixture(scope="session")
def protocol(owner: AccountAPI, fee_recipient: AccountAPI) -> deploy.Protocol:
    """Deploy the shared contracts."""
    return deploy.deploy_protocol(project, owner, fee_recipient)


@pytest.fixture(scope="session")
def index_module(owner: AccountAPI, protocol: deploy.Protocol) -> ContractInstance:
    """Deploy a SingleIndexModule that serves no index yet."""
    return deploy.deploy_index_module(project, owner, protocol)


@pytest.fixture(scope="session")
def components(published: Rebalance) -> list[ContractInstance]:
    """Return the small index's components."""
    return [token_at(published.component(symbol).address) for symbol in SYMBOLS]


@pytest.fixture(scope="session")
def units(published: Rebalance) -> list[int]:
    """Return the units of the small index, D18{comp/set}."""
    return [published.component(symbol).current_unit for symbol in SYMBOLS]


@pytest.fixture(scope="session")
def make_set(
    protocol: deploy.Protocol,
    owner: AccountAPI,
    manager: AccountAPI,
    module: AccountAPI,
    index_module: ContractInstance,
    components: list[ContractInstance],
    units: list[int],
) -> Callable[[], ContractInstance]:
    """Return a function that creates the small index: every module pending, nothing issued."""
    protocol.controller.addModule(module, sender=owner)

    def create() -> ContractInstance:
        return deploy.create_set(
            project,
            protocol,
            manager,
            components=components,
            units=units,
            modules=[*protocol.modules, index_module, module],
            name="Small Index",
            symbol="SMALL",
        )

    return create


@pytest.fixture
def empty_set(make_set: Callable[[], ContractInstance]) -> ContractInstance:
    """Create an index of its own for this test: every module pending, nothing issued."""
    return make_set()


@pytest.fixture(scope="session")
def set_token(
    protocol: deploy.Protocol,
    manager: AccountAPI,
    issuer: AccountAPI,
    module: AccountAPI,
    index_module: ContractInstance,
    components: list[ContractInstance],
    units: list[int],
    make_set: Callable[[], ContractInstance],
) -> ContractInstance:
    """Create the small index, initialise every module and issue 1,000 of it to the issuer."""
    created = make_set()
    protocol.issuance.initialize(created, ZERO, sender=manager)
    settings = (manager.address, 5 * 10**16, 95 * 10**14, 0)
    protocol.streaming_fee.initialize(created, settings, sender=manager)
    protocol.governance.initialize(created, sender=manager)
    index_module.initialize(created, sender=manager)
    created.initializeModule(sender=module)
    for component, unit in zip(components, units, strict=True):
        deal(component, issuer, 10_000 * unit)
        component.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(created, 1_000 * E18, issuer, sender=issuer)
    return created


@pytest.fixture(scope="session")
def mock() -> Callable[[str], ContractContainer]:
    """Compile a contract from tests/mocks by its name; it may import the project's modules."""

    def compiled(name: str) -> ContractContainer:
        path = MOCKS / f"{name}.vy"
        output = compile_code(
            path.read_text(),
            contract_path=path,
            input_bundle=FilesystemInputBundle([project.path]),
            output_formats=["abi", "bytecode"],
        )
        contract_type = {
            "contractName": name,
            "abi": output["abi"],
            "deploymentBytecode": {"bytecode": output["bytecode"]},
        }
        return ContractContainer(ContractType.model_validate(contract_type))

    return compiled
