"""Executes a rebalance trade by trade: in order, under cool-offs, within the cash.

Sells need no cash and reach their targets. Buys are paid from what the sells brought, which is less
than planned by the cost of trading; a buy that cannot be paid yet waits. Whatever WETH remains when
no full trade is affordable any more is spent on one component.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ape
from ape.exceptions import ApeException

from indexkit import guarding, plan, quotes
from indexkit.deploy import EXCHANGE_IDS
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, advance
from indexkit.localnet.arbitrage import BASIS_POINTS, Arbitrageur, Reserves, reserves
from indexkit.market import Market
from indexkit.published_index import UNLIMITED, Index
from indexkit.rebalance_data import Component, Rebalance

DUST = 10**12
"""WETH below this {wei} is not spent: its gas would cost thousands of times more."""

DUST_SHARE = 10**3
"""WETH below this fraction of the traded value does not warrant raising the targets."""

LIMIT_BPS = 50
"""How much worse than its quote the trader lets a trade be."""

MAX_RAISES = 40
"""Raises of 25 bps before the run gives up placing the cash: 10 % in all."""


@dataclass(frozen=True, slots=True)
class Trade:
    """One executed trade.

    Attributes
    ----------
    amount, weth
        Of the component {comp} and of WETH {wei}, both positive.
    mid
        The amount at the pool's mid price before the trade {wei}.
    market
        The amount at the market price {wei}.
    cost
        What it cost against the market price.
    time
        Of its block {s}.
    """

    symbol: str
    is_buy: bool
    amount: int
    weth: int
    mid: int
    market: int
    cost: plan.Cost
    gas: int
    time: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What the index holds of one component, and what it should.

    Attributes
    ----------
    unit, target
        D18{comp/set}
    missing
        To be bought, or (negative) to be sold {comp}.
    size
        Of the next trade, with the sign of `missing` {comp}.
    """

    unit: int
    target: int
    missing: int
    size: int

    @property
    def met(self) -> bool:
        """Whether the module takes the target as met."""
        return abs(self.unit - self.target) <= plan.UNIT_TOLERANCE


class Execution:
    """One rebalance being executed.

    Parameters
    ----------
    index
        With parameters set and the rebalance started.
    rebalance
        Whose schedule is followed.
    market
        Prices that costs are measured against.
    arbitrageur
        Brings pools back to the market between trades; None leaves them where trades put them.
    unguarded
        Whether to trade even if no guard judges the trades.

    Raises
    ------
    IndexkitError
        If the index has no guard, and `unguarded` was not said.
    """

    def __init__(
        self,
        index: Index,
        rebalance: Rebalance,
        market: Market,
        arbitrageur: Arbitrageur | None,
        *,
        unguarded: bool = False,
    ) -> None:
        if not unguarded:
            guarding.require_guard(index)
        self._index = index
        self._rebalance = rebalance
        self._market = market
        self._arbitrageur = arbitrageur
        self._guarded = index.module.guard() != guarding.NO_GUARD
        self._last_trade: dict[str, int] = {}
        self.trades: list[Trade] = []
        self.raises = 0

    def run(self, schedule: tuple[str, ...], tick: Callable[[str], None]) -> None:
        """Follow the schedule, then finish what it left.

        Parameters
        ----------
        schedule
            Symbols in the order of their trades.
        tick
            Called after each entry of the schedule, with its symbol.
        """
        for symbol in schedule:
            self._attempt(symbol)
            tick(symbol)
        if schedule == self._rebalance.schedule:
            self._finish()

    def holding(self, component: Component) -> Holding:
        """Read what the index holds of a component and the size of its next trade."""
        token, module = self._index.token, self._index.module
        supply, unit = token.totalSupply(), token.getDefaultPositionRealUnit(component.address)
        (target,) = module.getTargetUnits([component.address])
        missing = plan.trade_size(supply, unit, target, UNLIMITED)
        limit = component.max_trade_size
        return Holding(unit, target, missing, size=max(-limit, min(limit, missing)))

    def cash(self) -> int:
        """Read the WETH that belongs to the index's units {wei}."""
        token = self._index.token
        unit = token.getDefaultPositionRealUnit(addresses.WETH)
        return plan.current_notional(token.totalSupply(), unit)

    def _finish(self) -> None:
        for _ in self._rebalance.schedule:
            if not sum(self._attempt(c.symbol) for c in self._rebalance.components):
                break
        for component in self._short():
            self._spend_rest(component)
            return
        while self.raises < MAX_RAISES and self.cash() * DUST_SHARE > self._traded():
            self._index.module.raiseAssetTargets(sender=self._index.roles.trader)
            self.raises += 1
            for component in self._short():
                if not self._attempt(component.symbol):
                    self._spend_rest(component)
                    return

    def _traded(self) -> int:
        return sum(trade.market for trade in self.trades)

    def _short(self) -> Iterator[Component]:
        """Yield the components that still lack something, the greatest value first."""
        held = {c.symbol: self.holding(c) for c in self._rebalance.components}
        missing = {s: h.missing for s, h in held.items() if h.missing > 0 and not h.met}
        for symbol in sorted(missing, key=lambda s: -self._market.value(s, missing[s])):
            yield self._rebalance.component(symbol)

    def _attempt(self, symbol: str) -> bool:
        """Trade a component once if it is off target and, for a buy, the cash allows it."""
        component = self._rebalance.component(symbol)
        held = self.holding(component)
        if held.met:
            return False
        size, is_buy = held.size, held.size > 0
        if is_buy and self._market.value(symbol, size) > self.cash():
            return False
        pool = self._prepare(component, is_buy=is_buy)
        quote = quotes.weth_for(component, pool, size)
        if is_buy and quote > self.cash():
            return False
        margin = quote * LIMIT_BPS // BASIS_POINTS
        limit = quote + margin if is_buy else quote - margin
        self._trade(component, pool, is_buy, self._index.module.tradeWithLimit, limit)
        return True

    def _spend_rest(self, component: Component) -> None:
        if self.cash() >= DUST:
            pool = self._prepare(component, is_buy=True)
            quote = quotes.component_for(component, pool, self.cash())
            limit = quote - quote * LIMIT_BPS // BASIS_POINTS
            call = self._index.module.tradeRemainingWETHWithLimit
            self._trade(component, pool, True, call, limit)

    def _prepare(self, component: Component, *, is_buy: bool) -> Reserves:
        """Wait for cool-off and price history, let the arbitrageur act, and read the pool."""
        last = self._last_trade.get(component.symbol)
        if last is not None:
            now = ape.chain.provider.get_block("latest").timestamp
            wait = last + component.cool_off_period - now
            if wait > 0:
                advance(wait)
        if self._guarded:
            guarding.wait_for_history(self._index, component, is_buy=is_buy)
        if self._arbitrageur is not None:
            self._arbitrageur.restore(component.symbol)
        return reserves(component.address, component.exchange)

    def _trade(
        self, component: Component, pool: Reserves, is_buy: bool, call: Any, limit: int
    ) -> None:
        module, trader = self._index.module, self._index.roles.trader
        try:
            receipt = call(component.address, limit, sender=trader)
        except ApeException as error:
            raise IndexkitError(
                f"Trade {len(self.trades) + 1} ({component.symbol}) was refused: "
                f"{str(error).rstrip('.')}; the trades before it stand: look at the component's "
                "parameters and pool."
            ) from error
        (event,) = receipt.events.filter(module.TradeExecuted)
        self._note(component, pool, is_buy, event, receipt)

    def _note(
        self, component: Component, pool: Reserves, is_buy: bool, event: Any, receipt: Any
    ) -> None:
        """Keep the record of a trade; in a transaction of several, all of its gas."""
        sold, bought = event._amountSold, event._amountBought
        amount, weth = (bought, sold) if is_buy else (sold, bought)
        mid = int(amount * pool.mid_price)
        value = self._market.value(component.symbol, amount)
        self._last_trade[component.symbol] = receipt.timestamp
        self.trades.append(
            Trade(
                symbol=component.symbol,
                is_buy=is_buy,
                amount=amount,
                weth=weth,
                mid=mid,
                market=value,
                cost=plan.split_cost(weth, mid, value, is_buy=is_buy),
                gas=receipt.gas_used,
                time=receipt.timestamp,
            )
        )


def start(index: Index, rebalance: Rebalance, terms: guarding.Terms | None = None) -> int:
    """Set the published parameters and start the published rebalance.

    Parameters
    ----------
    terms
        Of the guard, which is set first and reads the first prices; None for no guard.

    Returns
    -------
    int
        Gas of all the manager's transactions.
    """
    gas = 0
    if terms is not None:
        gas = guarding.set_guard(index, terms)
        guarding.observe(index, rebalance.components)
    module, manager = index.module, index.roles.manager
    components = [c.address for c in rebalance.components]
    receipts = [
        module.setTradeMaximums(
            components, [c.max_trade_size for c in rebalance.components], sender=manager
        ),
        module.setExchanges(
            components, [EXCHANGE_IDS[c.exchange] for c in rebalance.components], sender=manager
        ),
        module.setCoolOffPeriods(
            components, [c.cool_off_period for c in rebalance.components], sender=manager
        ),
        module.updateTraderStatus([index.roles.trader], [True], sender=manager),
        module.startRebalance(*rebalance.start_arguments(), sender=manager),
    ]
    return gas + sum(int(receipt.gas_used) for receipt in receipts)
