"""What the module tests share: the oracle's contracts, our logs of a receipt, plain SetTokens."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from ape import project
from ape.api import AccountAPI, ReceiptAPI
from ape.contracts import ContractContainer, ContractInstance

from indexkit import deploy
from indexkit.localnet import addresses, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import BALANCER_V1, ROUTERS
from indexkit.rebalance_data import Rebalance

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
def accounted(protocol: deploy.Protocol) -> Callable[[ContractInstance], None]:
    """Return a function that asserts I-01: units and claims stand for no more than there is."""

    def check(set_token: ContractInstance) -> None:
        supply = set_token.totalSupply()
        listed, units, _ = set_token.getPositionPage(0)
        for component, unit in zip(listed, units, strict=True):
            owed = unit * supply // 10**18 + protocol.issuance.totalClaims(set_token, component)
            assert owed <= token_at(component).balanceOf(set_token)

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


@pytest.fixture(scope="session")
def weth() -> ContractInstance:
    """Return the token every trade is made against."""
    return token_at(addresses.WETH)


@pytest.fixture(scope="session")
def exchanges(published: Rebalance, components: list[ContractInstance]) -> list[str]:
    """Return where the small index's components trade, by name."""
    by_address = {component.address.lower(): component for component in published.components}
    return [by_address[component.address.lower()].exchange for component in components]


@pytest.fixture(scope="module")
def ready(
    index_module: ContractInstance,
    set_token: ContractInstance,
    manager: AccountAPI,
    trader: AccountAPI,
    components: list[ContractInstance],
    exchanges: list[str],
) -> ContractInstance:
    """Let the trader trade everything, at its exchange, in any size and without pause."""
    ids = [deploy.EXCHANGE_IDS[exchange] for exchange in exchanges]
    index_module.setExchanges(components, ids, sender=manager)
    index_module.setTradeMaximums(components, [2**256 - 1] * len(components), sender=manager)
    index_module.updateTraderStatus([trader], [True], sender=manager)
    return index_module


@pytest.fixture(scope="session")
def start(
    index_module: ContractInstance, set_token: ContractInstance, manager: AccountAPI
) -> Callable[..., ReceiptAPI]:
    """Return a function that starts a rebalance towards some targets; the others stay as they are.

    Cash is given the target 0. Each target is a pair of a token and its unit.
    """

    def begin(
        *targets: tuple[ContractInstance, int], new: Sequence[tuple[ContractInstance, int]] = ()
    ) -> ReceiptAPI:
        wanted = {token.address: target for token, target in targets} | {addresses.WETH: 0}
        listed, units, _ = set_token.getPositionPage(0)
        return index_module.startRebalance(
            [token for token, _ in new],
            [target for _, target in new],
            [wanted.get(c, unit) for c, unit in zip(listed, units, strict=True)],
            set_token.positionMultiplier(),
            sender=manager,
        )

    return begin


@pytest.fixture(scope="session")
def quote() -> Callable[[str, str, str, int, bool], int]:
    """Return a function that asks an exchange itself what a swap gives, or what it costs."""
    proxy = contract_at(artifact(protocols.BALANCER_PROXY), addresses.BALANCER_EXCHANGE_PROXY)

    def ask(exchange: str, sold: Any, bought: Any, amount: int, exact_in: bool) -> int:
        if exchange == BALANCER_V1:
            view = proxy.viewSplitExactIn if exact_in else proxy.viewSplitExactOut
            return int(view(sold, bought, amount, 3)[1])
        router = contract_at(artifact(protocols.UNISWAP_ROUTER), ROUTERS[exchange])
        if exact_in:
            return int(router.getAmountsOut(amount, [sold, bought])[-1])
        return int(router.getAmountsIn(amount, [sold, bought])[0])

    return ask


@pytest.fixture(scope="session", autouse=True)
def everything_shared(
    set_token: ContractInstance,
    module: AccountAPI,
    stranger: AccountAPI,
    fee_recipient: AccountAPI,
    mock: Callable[[str], ContractContainer],
    original: Callable[[str], ContractContainer],
    logs: Callable[..., list[Any]],
    accounted: Callable[[ContractInstance], None],
    caller: ContractInstance,
    make_plain_set: Callable[..., ContractInstance],
    weth: ContractInstance,
    start: Callable[..., ReceiptAPI],
    quote: Callable[[str, str, str, int, bool], int],
) -> None:
    """Make what lives for the session before what lives for one file.

    Ape takes its snapshots in that order; a latecomer makes it undo and redo the file's own.
    """
