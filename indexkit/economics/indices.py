"""Indices whose fees count for the bounty: created, issued, pooled with WETH, handed over.

They have published components and units, and a multiplier of 1 that their fees wear down. An
index's own pool is opened through Uniswap's router, at the value of what an index token holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from indexkit import deploy
from indexkit.economics.calendar import IndexPlan
from indexkit.localnet import addresses, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.pools import UNISWAP_V2, pair_address
from indexkit.plan import WAD
from indexkit.published_index import MAX_STREAMING_FEE, NO_HOOK, STREAMING_FEE, UNLIMITED
from indexkit.rebalance_data import Rebalance, load

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager


@dataclass(frozen=True, slots=True)
class CreatedIndex:
    """An index and what belongs to it.

    Attributes
    ----------
    plan
        What it was created by.
    token, manager
        The SetToken; the IndexManager, which gets its fees.
    pool
        Its Uniswap V2 pair with WETH.
    """

    plan: IndexPlan
    token: "ContractInstance"
    manager: "ContractInstance"
    pool: str


def create_index(
    project: "ProjectManager",
    protocol: deploy.Protocol,
    plan: IndexPlan,
    issuer: "AccountAPI",
    *,
    operator: Any,
    methodologist: Any,
    say: Callable[[str], None] = lambda _: None,
) -> CreatedIndex:
    """Create an index, issue its supply, open its pool, and hand it over to an IndexManager.

    Parameters
    ----------
    project, protocol
        The compiled contracts, and those deployed that all indices share.
    plan
        What to create.
    issuer
        Signs; holds supply and LP tokens afterwards.
    operator, methodologist
        The manager's parties.
    say
        Is told each step.
    """
    rebalance = load(plan.rebalance)
    components = rebalance.old_components
    say(f"Creating {rebalance.index} with {len(components)} components")
    fee = (issuer.address, MAX_STREAMING_FEE, STREAMING_FEE, 0)
    token = deploy.create_index(
        project,
        protocol,
        issuer,
        components=[component.address for component in components],
        units=[component.current_unit for component in components],
        setups=[
            deploy.module_setup(protocol.issuance, "initialize", NO_HOOK),
            deploy.module_setup(protocol.streaming_fee, "initialize", fee),
        ],
        manager=issuer,
        name=rebalance.index_name,
        symbol=rebalance.index,
    )
    issue(protocol, token, plan.supply, issuer)
    pool = _open_pool(token, plan.pooled, _value(rebalance), issuer)
    manager = deploy.deploy_manager(
        project,
        issuer,
        token,
        fee_module=protocol.streaming_fee,
        operator=operator,
        methodologist=methodologist,
        operator_share=plan.house_share,
    )
    protocol.streaming_fee.updateFeeRecipient(token, manager, sender=issuer)
    token.setManager(manager, sender=issuer)
    say(f"{plan.supply / WAD:,.2f} {rebalance.index} issued, {plan.pooled / WAD:,.0f} in its pool")
    return CreatedIndex(plan, token, manager, pool)


def issue(
    protocol: deploy.Protocol, token: "ContractInstance", amount: int, issuer: "AccountAPI"
) -> None:
    """Issue so much of an index {set}, of components dealt to the issuer."""
    needed = protocol.issuance.getRequiredComponentUnitsForIssue(token, amount)
    first = token.totalSupply() == 0
    for address, quantity in zip(*needed, strict=True):
        deal(address, issuer, quantity)
        if first:
            token_at(address).approve(protocol.issuance, UNLIMITED, sender=issuer)
    protocol.issuance.issue(token, amount, issuer, sender=issuer)


def _value(rebalance: Rebalance) -> Fraction:
    """Return what an index token holds, at the published prices {WETH}."""
    value = sum(
        (
            Fraction(component.current_unit, 10**component.decimals) * Fraction(component.price_usd)
            for component in rebalance.old_components
        ),
        Fraction(0),
    )
    return value / Fraction(rebalance.weth_price_usd)


def _open_pool(
    token: "ContractInstance", amount: int, value: Fraction, issuer: "AccountAPI"
) -> str:
    """Put an amount {set} and its value in WETH into a new pool; the issuer gets the LP tokens."""
    router = contract_at(artifact(protocols.UNISWAP_ROUTER), addresses.UNISWAP_V2_ROUTER)
    weth = int(amount * value)
    deal(addresses.WETH, issuer, weth)
    for address in (token.address, addresses.WETH):
        token_at(address).approve(router, UNLIMITED, sender=issuer)
    given = (amount, weth, amount, weth, issuer, UNLIMITED)
    router.addLiquidity(token, addresses.WETH, *given, sender=issuer)
    return pair_address(UNISWAP_V2, token.address)
