"""Plays trades in a model of the pools: what an order of trades is expected to cost.

One simulator judges every plan, the published order included. It does what the execution does: it
follows the schedule entry by entry, waits for cool-offs, passes over what is finished or cannot be
paid, then trades whatever is left and affordable, and spends the rest of the WETH on one component.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from indexkit import plan, venues
from indexkit.errors import IndexkitError
from indexkit.planner_model import Conditions, Expected, Order
from indexkit.pool_state import PoolState

BASIS_POINTS = 10_000
DUST = 10**12
"""WETH below this {wei} is not spent, as in the execution."""


class Run:
    """A rebalance being played.

    Parameters
    ----------
    orders
        In any order.
    sizes
        Largest trade by symbol {comp}.
    conditions
        Of the world.

    Attributes
    ----------
    orders
        By symbol, those with something to trade.
    left
        What is still to be traded, by symbol {comp}.
    cash
        WETH at hand {wei}.
    trades
        Symbols as they were traded.
    times
        Of the trades {s}, from any origin.
    """

    def __init__(
        self, orders: Iterable[Order], sizes: Mapping[str, int], conditions: Conditions
    ) -> None:
        ordered = sorted(orders, key=lambda order: order.symbol)
        self.orders = {order.symbol: order for order in ordered if order.notional}
        self.left = {symbol: abs(order.notional) for symbol, order in self.orders.items()}
        self.cash = conditions.cash
        self.trades: list[str] = []
        self.times: list[int] = []
        self._sizes = {symbol: _size(order, sizes) for symbol, order in self.orders.items()}
        self._conditions = conditions
        self._market = {s: o.market(conditions.weth_price) for s, o in self.orders.items()}
        self._pools = {symbol: order.pool for symbol, order in self.orders.items()}
        self._last: dict[str, int] = {}
        self._fee = self._impact = 0

    @property
    def now(self) -> int:
        """The earliest time of the next trade {s}."""
        return self.times[-1] + self._conditions.block_time_s if self.times else 0

    def opens(self, symbol: str) -> int:
        """Return the earliest time of a component's next trade {s}."""
        if symbol not in self._last:
            return self.now
        return max(self.now, self._last[symbol] + self.orders[symbol].cool_off_period)

    def remaining(self, symbol: str) -> int:
        """Return how many trades a component lacks."""
        return plan.div_ceil(self.left[symbol], self._sizes[symbol])

    def value(self, symbol: str, amount: int) -> int:
        """Value an amount {comp} at the market price {wei}, rounded down."""
        market = self._market[symbol]
        return amount * market.numerator // market.denominator

    def attempt(self, symbol: str) -> bool:
        """Trade a component once as soon as it may, unless it is finished or cannot be paid."""
        size = min(self._sizes.get(symbol, 0), self.left.get(symbol, 0))
        if not size:
            return False
        is_buy = self.orders[symbol].is_buy
        if is_buy and self.value(symbol, size) > self.cash:
            return False
        time = self.opens(symbol)
        pool = self._restored(symbol, time)
        after, weth = (venues.after_buy if is_buy else venues.after_sale)(pool, size)
        if is_buy and weth > self.cash:
            return False
        self._note(symbol, size, weth, pool, after, time)
        return True

    def finish(self) -> None:
        """Trade what is left and affordable, then spend the rest on what lacks the most."""
        while sum(self.attempt(symbol) for symbol in self._lacking()):
            pass
        lacking = self._lacking()
        if not lacking or self.cash < DUST:
            return
        symbol = lacking[0]
        time = self.opens(symbol)
        pool = self._restored(symbol, time)
        amount = min(venues.bought_with(pool, self.cash), self.left[symbol])
        if amount:
            after, weth = venues.after_buy(pool, amount)
            self._note(symbol, amount, min(weth, self.cash), pool, after, time)

    def expected(self) -> Expected:
        """Return what the trades made so far cost."""
        gas = len(self.trades) * self._conditions.gas_per_trade
        return Expected(
            fee=self._fee,
            impact=self._impact,
            gas_cost=gas * self._conditions.gas_price,
            gas=gas,
            trades=len(self.trades),
            seconds=self.times[-1] - self.times[0] if self.times else 0,
            unaffordable=sum(self.value(symbol, self.left[symbol]) for symbol in self.left),
        )

    def _lacking(self) -> list[str]:
        """Return the unfinished components, sells first, then by the value they lack."""
        unfinished = [symbol for symbol, left in self.left.items() if left]
        return sorted(
            unfinished, key=lambda s: (self.orders[s].is_buy, -self.value(s, self.left[s]), s)
        )

    def _restored(self, symbol: str, time: int) -> PoolState:
        """Return a pool as other traders have brought it back to the market by then."""
        pool, market = self._pools[symbol], self._market[symbol]
        mid = pool.mid_price
        gap = mid - market
        if abs(gap) * BASIS_POINTS <= self._conditions.band_bps * market:
            return pool
        full = self._conditions.recovery_s
        elapsed = time - self._last[symbol] if symbol in self._last else full
        if elapsed >= full:
            return venues.at_price(pool, market)
        return venues.at_price(pool, mid - gap * Fraction(elapsed, full))

    def _note(
        self, symbol: str, size: int, weth: int, pool: PoolState, after: PoolState, time: int
    ) -> None:
        is_buy = self.orders[symbol].is_buy
        mid = int(size * pool.mid_price)
        cost = plan.split_cost(weth, mid, self.value(symbol, size), is_buy=is_buy, fee=pool.fee)
        self._fee += cost.fee
        self._impact += cost.impact + cost.drift
        self._pools[symbol] = after
        self._last[symbol] = time
        self.left[symbol] -= size
        self.cash += -weth if is_buy else weth
        self.trades.append(symbol)
        self.times.append(time)


def simulate(
    schedule: Sequence[str],
    sizes: Mapping[str, int],
    orders: Iterable[Order],
    conditions: Conditions,
) -> Expected:
    """Play an order of trades to its end.

    Parameters
    ----------
    schedule
        Symbols; an entry that is finished or cannot be paid is passed over.
    sizes
        Largest trade by symbol {comp}, at most the order's.
    orders
        In any order; their pools are as before the first trade.

    Returns
    -------
    Expected
        Of all trades, those after the schedule included.

    Raises
    ------
    IndexkitError
        The schedule names an unknown component, or a size is missing or above the order's.
    """
    ordered = tuple(orders)
    require_distinct(ordered)
    known = {order.symbol for order in ordered}
    for symbol in schedule:
        if symbol not in known:
            raise IndexkitError(
                f"The schedule names {symbol}, which no order is for: use one of "
                f"{', '.join(sorted(known))}."
            )
    run = Run(ordered, sizes, conditions)
    for symbol in schedule:
        run.attempt(symbol)
    run.finish()
    return run.expected()


def require_distinct(orders: Sequence[Order]) -> None:
    """Refuse two orders of one component.

    Raises
    ------
    IndexkitError
        There are such.
    """
    symbols = [order.symbol for order in orders]
    for symbol in symbols:
        if symbols.count(symbol) > 1:
            raise IndexkitError(f"{symbol}: there are two orders of it: merge them.")


def _size(order: Order, sizes: Mapping[str, int]) -> int:
    size = sizes.get(order.symbol)
    if size is None or not 0 < size <= order.max_trade_size:
        raise IndexkitError(
            f"{order.symbol}: the largest trade {size} is not between 1 and "
            f"{order.max_trade_size}: correct it."
        )
    return size
