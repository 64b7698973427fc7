"""The execution guard of an index: its terms, and the price history it needs before it lets trade.

The guard judges a trade by the mean price of its pool over at least half an hour, so somebody must
have read that price half an hour before: here that is whoever executes the rebalance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ape.exceptions import ContractLogicError

from indexkit import plan
from indexkit.deploy import EXCHANGE_IDS
from indexkit.deployment import networks
from indexkit.errors import IndexkitError
from indexkit.localnet.arbitrage import reserves
from indexkit.localnet.pools import BALANCER_V1, UNISWAP_V2
from indexkit.market import Market
from indexkit.rebalance_data import Component, Rebalance

if TYPE_CHECKING:
    from indexkit.keeper.contracts import Contracts
    from indexkit.published_index import Index

NO_GUARD = "0x" + 20 * "00"

MAX_DEVIATION = 2 * 10**16
"""How much worse than the reference a trade may be: 0.30 % fee, 0.50 % impact as published, and
1.2 % for a market that moves within the mean's time. D18{1}"""

LOSS_BUDGET = 10**16
"""What the rebalance may lose, of the value it trades: 0.80 % for fee and impact, the rest for a
market that moves. D18{1}"""

THINNEST_SHARE = 2
"""A reference pool may lose all but this part of the WETH the thinnest one has at the start."""

LEAST_DEPTH = 20
"""How many largest trades of a component its pool must hold: one then moves the price by 5 %."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a manager asks of the guard.

    Attributes
    ----------
    max_deviation
        D18{1}
    min_liquidity, loss_budget
        {wei}
    """

    max_deviation: int
    min_liquidity: int
    loss_budget: int


def terms_for(rebalance: Rebalance, market: Market) -> Terms:
    """Return the terms the scripts ask for, from the pools and the market as they are now.

    Raises
    ------
    IndexkitError
        If a reference pool is too shallow to judge a component's largest trade.
    """
    turnover = sum(market.value(c.symbol, abs(c.notional)) for c in rebalance.components)
    depths = {c.symbol: reserves(c.address, _reference(c)).weth for c in rebalance.components}
    for component in rebalance.components:
        least = LEAST_DEPTH * market.value(component.symbol, component.max_trade_size)
        if depths[component.symbol] < least:
            raise IndexkitError(
                f"The {_reference(component)} pool of {component.symbol} holds "
                f"{depths[component.symbol] / plan.WAD:,.2f} WETH, less than the "
                f"{least / plan.WAD:,.2f} that judging its largest trade needs: lower that trade, "
                "or say --unguarded."
            )
    return Terms(
        MAX_DEVIATION,
        min_liquidity=min(depths.values()) // THINNEST_SHARE,
        loss_budget=turnover * LOSS_BUDGET // plan.WAD,
    )


def set_guard(index: "Index", terms: Terms) -> int:
    """Have the index's trades judged by the protocol's guard.

    Returns
    -------
    int
        Gas of the manager's transactions.
    """
    guard, module, manager = index.protocol.guard, index.module, index.roles.manager
    receipts = (
        guard.configure(
            module,
            terms.max_deviation,
            terms.min_liquidity,
            terms.loss_budget,
            sender=manager,
        ),
        module.setGuard(guard, sender=manager),
    )
    return sum(receipt.gas_used for receipt in receipts)


def require_guard(index: "Index | Contracts") -> None:
    """Refuse an index whose trades nobody judges.

    Raises
    ------
    IndexkitError
        If the index module has no guard.
    """
    if index.module.guard() == NO_GUARD:
        raise IndexkitError(
            f"The trades of {index.token.symbol()} are not guarded, so each of them can be "
            "sandwiched: let its manager set a guard, or say --unguarded."
        )


def lost(index: "Index") -> int:
    """Read what the current rebalance has lost against the guard's reference prices {wei}."""
    guard, module = index.protocol.guard, index.module
    return int(guard.totalLoss(module, index.token, module.rebalanceNonce()))


def reference_pairs(guard: Any, components: Iterable[Component]) -> list[str]:
    """Return the pairs whose histories judge trades of components."""
    return [guard.referencePair(EXCHANGE_IDS[c.exchange], c.address) for c in components]


def observe(index: "Index", components: Iterable[Component]) -> None:
    """Have the guard read the prices of components now."""
    guard = index.protocol.guard
    guard.observe(reference_pairs(guard, components), sender=index.roles.trader)


def has_history(guard: Any, component: Component, *, is_buy: bool) -> bool:
    """Tell whether the guard knows a mean price of what a trade sells."""
    sell, buy = component.address, networks.here().venues.weth
    if is_buy:
        sell, buy = buy, sell
    try:
        guard.expectedQuantity(EXCHANGE_IDS[component.exchange], sell, buy, 1)
    except ContractLogicError as error:
        if "Price history" in str(error):
            return False
        raise
    return True


def _reference(component: Component) -> str:
    return UNISWAP_V2 if component.exchange == BALANCER_V1 else component.exchange
