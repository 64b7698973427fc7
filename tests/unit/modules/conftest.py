"""What the module tests share: the oracle's contracts, our logs of a receipt, plain SetTokens."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ape import project
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractContainer, ContractInstance

from indexkit import deploy
from indexkit.localnet import token_at
from indexkit.localnet.artifacts import artifact

ZERO = "0x" + "00" * 20
SET_V2 = "@setprotocol/set-protocol-v2/artifacts/contracts"


@pytest.fixture(scope="session")
def original() -> Callable[[str], ContractContainer]:
    """Return a function that gives the original bytecode of a Set V2 contract by its path."""

    def container(path: str) -> ContractContainer:
        return artifact(f"{SET_V2}/{path}").container()

    return container


@pytest.fixture(scope="session")
def logs() -> Callable[..., list[Any]]:
    """Return a function that gives a receipt's logs of the given contracts, in order."""

    def of(receipt: ReceiptAPI, *contracts: ContractInstance) -> list[Any]:
        senders = {contract.address for contract in contracts}
        return [log for log in receipt.events if log.contract_address in senders]

    return of


@pytest.fixture(scope="session")
def accounted() -> Callable[[ContractInstance], None]:
    """Return a function that asserts I-01: no unit stands for more than the SetToken holds."""

    def check(set_token: ContractInstance) -> None:
        supply = set_token.totalSupply()
        listed, units, _ = set_token.getDefaultPositions()
        for component, unit in zip(listed, units, strict=True):
            assert unit * supply // 10**18 <= token_at(component).balanceOf(set_token)

    return check


@pytest.fixture(scope="session")
def caller(owner: AccountAPI, original: Callable[[str], ContractContainer]) -> ContractInstance:
    """Deploy a contract that calls others for anyone."""
    return owner.deploy(original("mocks/ContractCallerMock.sol/ContractCallerMock.json"))


@pytest.fixture(scope="session")
def make_plain_set(
    protocol: deploy.Protocol, manager: AccountAPI, set_token: ContractInstance
) -> Callable[..., ContractInstance]:
    """Return a function that creates a SetToken of given tokens, with issuance initialised.

    It asks for the small index because the issuer has a stock of its components then.
    """

    def create(
        components: Sequence[ContractInstance],
        units: Sequence[int],
        *modules: Any,
        hook: Any = ZERO,
    ) -> ContractInstance:
        created = deploy.create_set(
            project,
            protocol,
            manager,
            components=components,
            units=units,
            modules=[*protocol.modules, *modules],
            name="Plain",
            symbol="PLAIN",
        )
        protocol.issuance.initialize(created, hook, sender=manager)
        return created

    return create
