"""Whether an index can trade what a pack starts: its guard, price history and pools."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ape.exceptions import ApeException

from indexkit.deploy import NOBODY
from indexkit.deployment import networks
from indexkit.errors import IndexkitError
from indexkit.guarding import LEAST_DEPTH
from indexkit.localnet.arbitrage import Reserves, reserves
from indexkit.localnet.pools import BALANCER_V1, UNISWAP_V2
from indexkit.plan import WAD
from indexkit.signing.checks import Check, answers, at_least, equal
from indexkit.signing.handles import Handles, read
from indexkit.signing.inputs import Entry, exchange_name
from indexkit.signing.pack import Pack

if TYPE_CHECKING:
    from ape.contracts import ContractInstance


def market_checks(pack: Pack, on: Handles, *, unguarded: bool, pool_drift: int) -> Iterator[Check]:
    """Yield the checks of the guard, then of each component that is to be traded.

    Parameters
    ----------
    unguarded
        Whether there may be no guard.
    pool_drift
        How much of its WETH a pool may have lost since the state was read D18{1}.
    """
    guarded = read(on.module, "guard") != NOBODY
    if not unguarded:
        yield from _guard(pack, on)
    for entry in pack.units.entries:
        if entry.target_unit != entry.current_unit:
            pool = _pool(entry.address, exchange_name(entry.settings.exchange))
            if guarded and on.guard is not None and not unguarded:
                yield from _history(on, on.guard, entry, pool)
            yield from _depth(pack, entry, pool, pool_drift)


def _guard(pack: Pack, on: Handles) -> Iterator[Check]:
    remedy = "have the manager set a guard and its bounds"
    live = read(on.module, "guard")
    found = "none" if live == NOBODY else live
    yield equal("guard", pack.state.guard or "a guard", found, remedy)
    if on.guard is None or live != pack.state.guard:
        return
    deviation, liquidity, budget = read(on.guard, "getBounds", pack.state.module, pack.state.token)
    yield at_least("guard's largest deviation (D18)", 1, deviation, remedy)
    yield at_least("guard's least liquidity (wei)", 0, liquidity, remedy)
    cost, remedy = pack.units.expected_cost, "have the manager raise it, or plan smaller trades"
    yield at_least("guard's loss budget, of the expected cost (wei)", cost, budget, remedy)


def _history(
    on: Handles, guard: "ContractInstance", entry: Entry, pool: Reserves | None
) -> Iterator[Check]:
    exchange = entry.settings.exchange
    sell, buy = entry.address, networks.here().venues.weth
    if entry.target_unit > entry.current_unit:
        sell, buy = buy, sell
    remedy = "call the guard's observe, and again half an hour later"

    def ask() -> int:
        # Without looking for the line of the source that reverts, which takes long.
        amount = 10**entry.decimals
        return int(guard.expectedQuantity(exchange, sell, buy, amount, skip_trace=True))

    yield answers(f"price history of {entry.symbol}", ask, remedy)
    if exchange_name(exchange) == BALANCER_V1:
        # Its pools keep no history; the guard judges by the component's Uniswap pair.
        pool = _pool(entry.address, UNISWAP_V2)
    least = read(guard, "getBounds", on.module.address, on.token.address)[1]
    name = f"WETH in the guard's pool of {entry.symbol}"
    held = pool.weth if pool else 0
    yield at_least(name, least, held, "have the manager lower the guard's least liquidity")


def _depth(pack: Pack, entry: Entry, pool: Reserves | None, pool_drift: int) -> Iterator[Check]:
    exchange = exchange_name(entry.settings.exchange)
    if pool is None:
        yield equal(f"{exchange} pool of {entry.symbol}", "a pool", "none", "choose an exchange")
        return
    least = LEAST_DEPTH * entry.settings.max_trade_size
    smaller = "work the sizes out again from the pools as they are"
    yield at_least(f"{entry.symbol} in its {exchange} pool", least, pool.component, smaller)
    for before in pack.state.pools:
        if (before.component, before.exchange) == (entry.address, exchange):
            least = before.weth_reserve * (WAD - pool_drift) // WAD
            name = f"WETH in the {exchange} pool of {entry.symbol}"
            yield at_least(name, least, pool.weth, smaller)


def _pool(component: str, exchange: str) -> Reserves | None:
    try:
        return reserves(component, exchange)
    except (ApeException, IndexkitError):
        return None
