"""An index that two parties manage, and what either of them can do to it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractContainer, ContractInstance

from indexkit import deploy

SHARE = 6 * 10**17
"""The operator's share at the start, D18{1}."""


@pytest.fixture(scope="session")
def operator(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Run the index."""
    return accounts[7]


@pytest.fixture(scope="session")
def methodologist(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Write its rules."""
    return accounts[8]


@pytest.fixture(scope="session")
def newcomer(accounts: Sequence[AccountAPI]) -> AccountAPI:
    """Become a party, when both agree."""
    return accounts[9]


@pytest.fixture(scope="session")
def target(mock: Callable[[str], ContractContainer], owner: AccountAPI) -> ContractInstance:
    """Deploy what answers exactly as asked."""
    return owner.deploy(mock("Target"))


@pytest.fixture(scope="session")
def permissions(
    protocol: deploy.Protocol, index_module: ContractInstance, target: ContractInstance
) -> list[tuple[ContractInstance, bytes]]:
    """Return what the operator may do alone."""
    more = [(target, deploy.selector(target, name)) for name in ("echo", "fail", "failWith")]
    return [*deploy.operator_permissions(protocol, index_module), *more]


@pytest.fixture(scope="module")
def index_manager(
    protocol: deploy.Protocol,
    set_token: ContractInstance,
    owner: AccountAPI,
    manager: AccountAPI,
    operator: AccountAPI,
    methodologist: AccountAPI,
    permissions: list[tuple[ContractInstance, bytes]],
) -> ContractInstance:
    """Deploy the manager contract; it manages the small index and receives its fees."""
    deployed = deploy.deploy_manager(
        project,
        owner,
        set_token,
        fee_module=protocol.streaming_fee,
        operator=operator,
        methodologist=methodologist,
        operator_share=SHARE,
        permissions=permissions,
    )
    protocol.streaming_fee.updateFeeRecipient(set_token, deployed, sender=manager)
    set_token.setManager(deployed, sender=manager)
    return deployed


@pytest.fixture
def agree(
    index_manager: ContractInstance, operator: AccountAPI, methodologist: AccountAPI
) -> Callable[..., Any]:
    """Return a function that has both parties make the same call; it returns the second receipt."""

    def agreed(function: str, *arguments: Any) -> Any:
        getattr(index_manager, function)(*arguments, sender=operator)
        return getattr(index_manager, function)(*arguments, sender=methodologist)

    return agreed


@pytest.fixture(scope="session")
def logs() -> Callable[..., list[Any]]:
    """Return a function that gives a receipt's logs of the given contracts, in order."""

    def of(receipt: Any, *contracts: ContractInstance) -> list[Any]:
        senders = {contract.address for contract in contracts}
        return [log for log in receipt.events if log.contract_address in senders]

    return of
