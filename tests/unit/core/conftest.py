"""A basket that an account may change as its module, and contracts that do what they are told."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest
from ape.api import AccountAPI
from ape.contracts import ContractContainer, ContractInstance
from eth_utils import to_checksum_address

from indexkit import deploy

Call = tuple[ContractInstance, bytes]


@pytest.fixture(scope="session")
def addresses() -> list[str]:
    """Return forty addresses without code, in no particular order."""
    return [to_checksum_address(f"0x{0xC0FFEE + 7919 * i:040x}") for i in range(40)]


@pytest.fixture(scope="session")
def position_module(addresses: list[str]) -> str:
    """Return the address that external positions are filed under."""
    return addresses[-1]


@pytest.fixture(scope="session")
def target(mock: Callable[[str], ContractContainer], owner: AccountAPI) -> ContractInstance:
    """Deploy what answers exactly as asked."""
    return owner.deploy(mock("Target"))


@pytest.fixture(scope="session")
def deploy_puppet(
    mock: Callable[[str], ContractContainer],
    owner: AccountAPI,
    protocol: deploy.Protocol,
) -> Callable[[], ContractInstance]:
    """Return a function that deploys a puppet and enables it as a module on the controller."""
    container = mock("Puppet")

    def deployed() -> ContractInstance:
        puppet = owner.deploy(container)
        protocol.controller.addModule(puppet, sender=owner)
        return puppet

    return deployed


@pytest.fixture(scope="session")
def puppet(deploy_puppet: Callable[[], ContractInstance]) -> ContractInstance:
    """Deploy a puppet that is an initialised module of the basket."""
    return deploy_puppet()


@pytest.fixture(scope="session")
def pending(deploy_puppet: Callable[[], ContractInstance]) -> ContractInstance:
    """Deploy a puppet that is a pending module of the basket."""
    return deploy_puppet()


@pytest.fixture(scope="session")
def basket(
    make_set: Callable[[], ContractInstance],
    manager: AccountAPI,
    module: AccountAPI,
    puppet: ContractInstance,
    pending: ContractInstance,
) -> ContractInstance:
    """Create the small index with two initialised modules, `module` and `puppet`; no supply."""
    created = make_set()
    created.initializeModule(sender=module)
    created.addModule(puppet, sender=manager)
    created.addModule(pending, sender=manager)
    puppet.execute([(created, created.initializeModule.encode_input())], sender=manager)
    return created


@pytest.fixture(scope="session")
def make_basket(
    project: Any,
    protocol: deploy.Protocol,
    manager: AccountAPI,
    module: AccountAPI,
    make_set: Callable[[], ContractInstance],
    addresses: list[str],
) -> Callable[..., ContractInstance]:
    """Return a function that creates an index of given units whose only module is `module`.

    The module was enabled on the controller by `make_set`.
    """

    def create(units: Sequence[int], tokens: Sequence[Any] | None = None) -> ContractInstance:
        created = deploy.create_set(
            project,
            protocol,
            manager,
            components=tokens or addresses[: len(units)],
            units=units,
            modules=[module],
            name="Basket",
            symbol="BASKET",
        )
        created.initializeModule(sender=module)
        return created

    return create


@pytest.fixture
def admit(puppet: ContractInstance, manager: AccountAPI) -> Callable[[ContractInstance], None]:
    """Return a function that makes `puppet` an initialised module of a basket."""

    def admitted(basket: ContractInstance) -> None:
        basket.addModule(puppet, sender=manager)
        puppet.execute([(basket, basket.initializeModule.encode_input())], sender=manager)

    return admitted


@pytest.fixture(scope="session")
def calls() -> Callable[..., list[Call]]:
    """Return a function that encodes (method, *arguments) tuples of one contract for puppets."""

    def encoded(contract: ContractInstance, steps: Iterable[tuple[Any, ...]]) -> list[Call]:
        return [
            (contract, getattr(contract, name).encode_input(*arguments))
            for name, *arguments in steps
        ]

    return encoded
