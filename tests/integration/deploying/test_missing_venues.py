"""Networks without SushiSwap or Balancer: what the contracts take, and how an index behaves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from ape import project
from ape.api import AccountAPI
from ape.contracts import ContractContainer, ContractInstance
from ape.exceptions import ContractLogicError

from indexkit import deploy
from indexkit.deployment import networks
from indexkit.deployment import protocol_plan as plan
from indexkit.deployment.at_once import run_at_once
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.index_plan import module_steps
from indexkit.localnet import deal

UNI = 1
SUSHISWAP, BALANCER, UNISWAP = 2, 3, 1


@pytest.fixture(scope="module")
def venues() -> networks.Venues:
    """Return mainnet's venues, as if there were only Uniswap V2."""
    return replace(networks.known()[1].venues, sushiswap=None, balancer_proxy=None)


@pytest.fixture(scope="module")
def module(
    owner: AccountAPI,
    manager: AccountAPI,
    trader: AccountAPI,
    issuer: AccountAPI,
    protocol: deploy.Protocol,
    components: Sequence[ContractInstance],
    units: Sequence[int],
    venues: networks.Venues,
) -> Any:
    """Deploy a module without those venues, its index of UNI, and start to sell half of it."""
    shared = {plan.CONTROLLER: protocol.controller, plan.INDEX_CREATOR: protocol.index_creator}
    there = run_at_once(project, owner, module_steps("index", venues, NOBODY), shared)
    module, coin = there["index.module"], components[UNI]
    token = deploy.create_index(
        project,
        protocol,
        manager,
        components=[coin],
        units=[units[UNI]],
        setups=[
            deploy.module_setup(protocol.issuance, "initialize", NOBODY),
            deploy.module_setup(module, "initialize"),
        ],
        manager=manager,
        name="One",
        symbol="ONE",
    )
    deal(coin, issuer, 100 * units[UNI])
    coin.approve(protocol.issuance, 2**256 - 1, sender=issuer)
    protocol.issuance.issue(token, 10 * 10**18, issuer, sender=issuer)
    module.setTradeMaximums([coin], [10**18], sender=manager)
    module.updateTraderStatus([trader], [True], sender=manager)
    module.startRebalance([], [], [units[UNI] // 2], 10**18, sender=manager)
    return module


@pytest.mark.parametrize("exchange", [SUSHISWAP, BALANCER])
def test_trade__exchange_that_is_not_there(
    module: Any,
    components: Sequence[ContractInstance],
    manager: AccountAPI,
    trader: AccountAPI,
    exchange: int,
) -> None:
    """Nothing is sold where there is nobody to sell to: the trade reverts, nothing is moved."""
    coin, index = components[UNI], module.index()
    module.setExchanges([coin], [exchange], sender=manager)
    before = coin.balanceOf(index)

    with pytest.raises(ContractLogicError):
        module.trade(coin, sender=trader)

    assert coin.balanceOf(index) == before


def test_trade__exchange_that_is_there(
    module: Any, components: Sequence[ContractInstance], manager: AccountAPI, trader: AccountAPI
) -> None:
    """Uniswap V2 works as ever."""
    coin, index = components[UNI], module.index()
    module.setExchanges([coin], [UNISWAP], sender=manager)
    before = coin.balanceOf(index)

    module.trade(coin, sender=trader)

    assert coin.balanceOf(index) == before - 10**18


def test_guard__exchange_that_is_not_there(
    owner: AccountAPI, venues: networks.Venues, components: Sequence[ContractInstance]
) -> None:
    """The guard finds no pair to judge by, and says so."""
    container: ContractContainer = project.ExecutionGuard
    guard = owner.deploy(container, *plan.guard_arguments(venues, 1_800))
    pair = guard.referencePair(SUSHISWAP, components[UNI])

    with pytest.raises(ContractLogicError, match="Reference pool missing"):
        guard.observe([pair], sender=owner)


def test_module__router_that_is_no_contract(
    owner: AccountAPI, protocol: deploy.Protocol, venues: networks.Venues
) -> None:
    """The module asks both routers for their factories: none can be left empty."""
    arguments = list(
        plan.index_module_arguments(venues, protocol.controller, protocol.index_creator, NOBODY)
    )
    assert arguments[3] == venues.uniswap.router
    arguments[3] = NOBODY

    with pytest.raises(ContractLogicError):
        owner.deploy(project.SingleIndexModule, *arguments)
