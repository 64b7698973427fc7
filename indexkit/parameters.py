"""Execution parameters of a component: its exchange, its largest trade, its cool-off.

The exchange is the one that bears the largest buy within a price impact of 50 basis points net of
fees, and that amount is the largest trade: the rule of IIP-6 (Index Coop, October 2020), whose
samples ``data/venue_samples.json`` repeats. The largest sale within the same impact bounds it too.

The cool-off is published in three steps, 5, 10 and 15 minutes "by liquidity on other exchanges";
what was set is 600, 900 and once 1800 seconds, and no rule for it. Ours (`cool_off`): ten minutes
where the other venues bear at least a fifth of what the chosen one does, because arbitrage through
them brings its price back; else fifteen; and thirty for a trade of less than one WETH that only one
venue bears. It gives the published figure for eight of the ten components of IIP-6.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from indexkit import plan, venues
from indexkit.errors import IndexkitError
from indexkit.guarding import LEAST_DEPTH
from indexkit.parameter_data import (
    Given,
    Parameters,
    Token,
    given_from_json,
    parameters_from_json,
)
from indexkit.pool_state import BALANCER_V1, EXCHANGES, UNISWAP_V2, PoolState, pools_of

__all__ = ("Given", "Parameters", "Token", "given_from_json", "parameters_from_json")

BASIS_POINTS = 10_000
IMPACT_BPS = 50
"""Price impact of the largest trade, net of fees: IIP-6."""

COOL_OFFS = (600, 900, 1800)
"""Steps of the cool-off {s}."""

WIDE_SHARE = Fraction(1, 5)
"""What the other venues must bear, of what the chosen one does, for the shortest cool-off."""

THIN_TRADE = plan.WAD
"""A largest trade worth less {wei}, borne by one venue alone, has the longest cool-off."""

FARTHEST = Fraction(1, 4)
"""How far a pool's mid price may be from the given price: beyond, one of the two is wrong."""


def derive(
    component: Token,
    pools: Iterable[PoolState],
    impact_bps: int = IMPACT_BPS,
    *,
    market: Fraction | None = None,
    guarded: bool = True,
) -> Parameters:
    """Choose a component's exchange, largest trade and cool-off from the pools there are.

    Parameters
    ----------
    component
        Symbol, address and decimals.
    pools
        Of any components, in any order.
    impact_bps
        Price impact of the largest trade, net of fees.
    market
        Price that the pools are compared with {wei/comp}; None if there is none.
    guarded
        Whether the guard must be able to judge the largest trade: its reference pool (on Balancer
        the Uniswap V2 pair) then bounds it to a part of `LEAST_DEPTH`.

    Raises
    ------
    IndexkitError
        There is no pool; all are empty; one is far from the market; no venue bears any trade.
    """
    impact = Fraction(impact_bps, BASIS_POINTS)
    own = _usable(component, pools, market)
    sizes = {pool.exchange: _largest(pool, own, impact, guarded) for pool in own}
    sizes = {exchange: size for exchange, size in sizes.items() if size}
    if not sizes:
        raise IndexkitError(
            f"{component.symbol}: no venue bears a trade within {impact_bps} basis points that the "
            "guard can judge: add liquidity, or allow a greater impact."
        )
    # Of two that bear the same, the first in the fixed order: the input's order never decides.
    exchange = max(sizes, key=lambda name: (sizes[name], -EXCHANGES.index(name)))
    unjudged = _largest(_of(own, exchange), own, impact, guarded=False)
    warnings: tuple[str, ...] = ()
    if sizes[exchange] < unjudged:
        warnings = (
            f"{component.symbol}: the guard's reference pool bounds the largest trade on "
            f"{exchange} to {sizes[exchange]} instead of {unjudged} base units.",
        )
    chosen = Given(exchange, sizes[exchange], cool_off(exchange, sizes, own))
    return _described(own, chosen, impact, warnings)


def check_given(
    component: Token,
    given: Given,
    pools: Iterable[PoolState],
    impact_bps: int = IMPACT_BPS,
    *,
    market: Fraction | None = None,
    guarded: bool = True,
) -> Parameters:
    """Say what chosen parameters mean in the pools there are.

    The answer repeats the chosen ones, with their impact, depth and alternatives; warnings name an
    impact above `impact_bps`, a venue that bears more, and a cool-off outside the published range.

    Raises
    ------
    IndexkitError
        The exchange is unknown or has no pool; the size is not below the reserve; the pool that the
        guard judges by is missing or holds less than `LEAST_DEPTH` largest trades.
    """
    if given.exchange not in EXCHANGES:
        raise IndexkitError(
            f"{component.symbol}: {given.exchange} is no exchange of the index module: "
            f"use one of {', '.join(EXCHANGES)}."
        )
    own = _usable(component, pools, market)
    pool = _of(own, given.exchange, component.symbol)
    if not 0 < given.max_trade_size < pool.component_reserve:
        raise IndexkitError(
            f"{component.symbol}: the largest trade {given.max_trade_size} is not between 0 and "
            f"the {pool.component_reserve} base units that its {given.exchange} pool holds."
        )
    impact = Fraction(impact_bps, BASIS_POINTS)
    found = _described(own, given, impact)
    if guarded and (found.depth is None or found.depth < LEAST_DEPTH):
        held = "is missing" if found.depth is None else f"holds {found.depth} largest trades"
        raise IndexkitError(
            f"{component.symbol}: the pool that the guard judges {given.exchange} by {held}, and "
            f"must hold {LEAST_DEPTH}: lower the largest trade, or say --unguarded."
        )
    return replace(found, warnings=tuple(_doubts(component, found, impact)))


def cool_off(exchange: str, sizes: Mapping[str, int], pools: Iterable[PoolState]) -> int:
    """Return the cool-off {s} that the venues' largest trades call for; see the module's text.

    Parameters
    ----------
    exchange
        The chosen one.
    sizes
        Largest trades {comp} by exchange.
    pools
        Of the component.
    """
    others = sum(size for name, size in sizes.items() if name != exchange)
    if others >= WIDE_SHARE * sizes[exchange]:
        return COOL_OFFS[0]
    price = next(pool.mid_price for pool in pools if pool.exchange == exchange)
    if not others and sizes[exchange] * price < THIN_TRADE:
        return COOL_OFFS[2]
    return COOL_OFFS[1]


def _usable(
    component: Token, pools: Iterable[PoolState], market: Fraction | None
) -> tuple[PoolState, ...]:
    """Return a component's pools that have a price, once they are known to make sense."""
    there = pools_of(component.address, pools)
    if not there:
        raise IndexkitError(
            f"{component.symbol}: there is no pool of it and WETH on {', '.join(EXCHANGES)}: "
            "leave it out, or add a pool."
        )
    names = [pool.exchange for pool in there]
    for name in names:
        if names.count(name) > 1:
            raise IndexkitError(f"{component.symbol}: there are two pools on {name}: name one.")
    own = tuple(pool for pool in there if not pool.is_empty)
    if not own:
        raise IndexkitError(
            f"{component.symbol}: the reserves of its pools ({', '.join(names)}) are empty: "
            "leave it out, or add liquidity."
        )
    if market is not None:
        for pool in own:
            _require_near(component, pool, market)
    return own


def _require_near(component: Token, pool: PoolState, market: Fraction) -> None:
    """Refuse a pool whose price is so far off that price or decimals must be wrong."""
    ratio = pool.mid_price / market
    if abs(ratio - 1) <= FARTHEST:
        return
    for other in range(37):
        if abs(ratio * Fraction(10) ** (other - component.decimals) - 1) <= FARTHEST:
            raise IndexkitError(
                f"{component.symbol}: the {pool.exchange} pool's price fits {other} decimals, not "
                f"the {component.decimals} that were given: correct the decimals or the price."
            )
    times = f"{Decimal(ratio.numerator) / ratio.denominator:.3f}"
    raise IndexkitError(
        f"{component.symbol}: the {pool.exchange} pool's mid price is {times} times the market's: "
        "correct the price, or leave this pool out."
    )


def _largest(pool: PoolState, own: tuple[PoolState, ...], impact: Fraction, guarded: bool) -> int:
    """Return the largest trade {comp} that a pool bears both ways and the guard can judge."""
    size = min(venues.largest_buy(pool, impact), venues.largest_sell(pool, impact))
    if not guarded:
        return size
    reference = _reference(pool.exchange, own)
    if reference is None:
        return 0
    return min(size, int(reference.weth_reserve / (LEAST_DEPTH * pool.mid_price)))


def _reference(exchange: str, own: tuple[PoolState, ...]) -> PoolState | None:
    """Return the pool that the guard judges an exchange's trades by, if it is there."""
    name = UNISWAP_V2 if exchange == BALANCER_V1 else exchange
    return next((pool for pool in own if pool.exchange == name), None)


def _of(own: tuple[PoolState, ...], exchange: str, symbol: str = "") -> PoolState:
    for pool in own:
        if pool.exchange == exchange:
            return pool
    raise IndexkitError(
        f"{symbol}: there is no pool with reserves on {exchange}: "
        f"use {', '.join(pool.exchange for pool in own)}."
    )


def _described(
    own: tuple[PoolState, ...],
    chosen: Given,
    impact: Fraction,
    warnings: tuple[str, ...] = (),
) -> Parameters:
    """Return parameters with what they mean in the pools there are."""
    pool, reference = _of(own, chosen.exchange), _reference(chosen.exchange, own)
    size = chosen.max_trade_size
    value = size * pool.mid_price
    return Parameters(
        chosen.exchange,
        size,
        chosen.cool_off_period,
        buy_impact=_millionths(venues.impact_of_buy(pool, size)),
        sell_impact=_millionths(venues.impact_of_sale(pool, size)),
        depth=None if reference is None else int(reference.weth_reserve / value),
        alternatives=tuple((p.exchange, _largest(p, own, impact, guarded=False)) for p in own),
        warnings=warnings,
    )


def _doubts(component: Token, found: Parameters, impact: Fraction) -> Iterator[str]:
    """Yield what a human should look at in chosen parameters."""
    allowed = _millionths(impact)
    for side, is_ in (("buy", found.buy_impact), ("sale", found.sell_impact)):
        if is_ > allowed:
            yield (
                f"{component.symbol}: the largest {side} moves the {found.exchange} price by "
                f"{_bps(is_)} basis points, more than {_bps(allowed)}."
            )
    sizes = dict(found.alternatives)
    better = max(sizes, key=lambda name: (sizes[name], -EXCHANGES.index(name)))
    if sizes[better] > sizes[found.exchange]:
        yield (
            f"{component.symbol}: {better} bears {sizes[better]} base units within the impact, "
            f"{found.exchange} only {sizes[found.exchange]}."
        )
    if not COOL_OFFS[0] <= found.cool_off_period <= COOL_OFFS[-1]:
        yield (
            f"{component.symbol}: the cool-off of {found.cool_off_period} s is outside "
            f"{COOL_OFFS[0]} to {COOL_OFFS[-1]} s."
        )


def _millionths(share: Fraction) -> int:
    """Return a share in millionths, rounded up."""
    return plan.div_ceil(share.numerator * 10**6, share.denominator)


def _bps(millionths: int) -> str:
    return f"{Decimal(millionths) / 100:.2f}"
