"""The arithmetic of a rebalance: notionals, trade counts, order, trade sizes and costs.

Pure integer functions in base units. They repeat, to the wei, the figures that the Index Coop
published for its rebalances of February to July 2021 (``data/rebalances``) and the sizes that the
index module computes on-chain. Signed amounts are positive for a buy, negative for a sell. Prices
are USD per whole token with 18 decimals (D18); WETH amounts are wei.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from indexkit.errors import IndexkitError

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component

WAD = 10**18
WETH_DECIMALS = 18
UNIT_TOLERANCE = 2
"""How far from its target the index module takes a unit to have met it: rounding moves it so far
without a trade. D18{comp/set}"""

UNISWAP_V2_FEE = 3 * 10**15
"""The 0.30 % that Uniswap V2 and SushiSwap keep of the amount paid in. D18{1}."""


def div_trunc(numerator: int, denominator: int) -> int:
    """Divide and drop the remainder, towards zero as Vyper and Solidity do (Python floors)."""
    quotient = abs(numerator) // abs(denominator)
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def div_ceil(numerator: int, denominator: int) -> int:
    """Divide and round up; for a numerator of zero or more and a positive denominator."""
    return -(-numerator // denominator)


def price_wad(price: Decimal) -> int:
    """Turn a USD price into an integer with 18 decimals, exactly.

    Raises
    ------
    IndexkitError
        The price is not a positive number of at most 18 decimals.
    """
    scaled = Fraction(price) * WAD if price.is_finite() else Fraction(0)
    if scaled <= 0 or scaled.denominator != 1:
        raise IndexkitError(
            f"The price {price:f} is not a positive number of at most 18 decimals: correct it."
        )
    return scaled.numerator


def value_in_weth(amount: int, price: int, weth_price: int, decimals: int) -> int:
    """Value an amount of a token at market prices.

    Parameters
    ----------
    amount
        Base units of the token, zero or more.
    price, weth_price
        D18{USD} per whole token.
    decimals
        Decimals of the token.

    Returns
    -------
    int
        Wei, rounded down.
    """
    one_token: int = 10**decimals
    return amount * price * WAD // (weth_price * one_token)


def notional(current_unit: int, target_unit: int, total_supply: int) -> int:
    """Return the whole amount to buy (or, negative, to sell), truncated towards zero."""
    return div_trunc((target_unit - current_unit) * total_supply, WAD)


def trade_count(amount: int, max_trade_size: int) -> int:
    """Count the trades of a notional, as published: the quotient plus one.

    This is floor + 1 and not ceil: an exact multiple of the largest trade (and zero) counts one
    trade more than it needs.
    """
    return abs(amount) // max_trade_size + 1


def trade_sizes(amount: int, max_trade_size: int) -> tuple[int, ...]:
    """Split a notional into its counted trades, base units: full ones, then what remains."""
    full, rest = divmod(abs(amount), max_trade_size)
    return (*[max_trade_size] * full, rest)


def schedule(
    components: Iterable[Component], weth_price: int, *, scale_decimals: bool = True
) -> tuple[str, ...]:
    """Order the trades so that every buy can be paid from the sells before it.

    In each round every component sells once; then each buys once if the WETH at hand pays for it.
    Buys that were never affordable follow at the end, once each however many trades they lack.

    Parameters
    ----------
    components
        In the order of the strategy table (the order of the data file).
    weth_price
        D18{USD} per WETH.
    scale_decimals
        False repeats the orders published up to May 2021, which priced every token as if it had
        18 decimals and so counted sales of WAXE, MEME and WHALE as almost no WETH.

    Returns
    -------
    tuple of str
        Symbols in the order of the trades.
    """
    components = tuple(components)
    values = {c.symbol: _trade_values(c, weth_price, scale_decimals) for c in components}
    sells = {c.symbol: values[c.symbol] for c in components if c.notional < 0}
    buys = {c.symbol: values[c.symbol] for c in components if c.notional >= 0}
    order: list[str] = []
    balance = 0
    for _ in range(max(map(len, values.values()), default=0)):
        for symbol, left in sells.items():
            if left:
                balance += left.popleft()
                order.append(symbol)
        for symbol, left in buys.items():
            if left and left[0] <= balance:
                balance -= left.popleft()
                order.append(symbol)
    return (*order, *(symbol for symbol, left in buys.items() if left))


def _trade_values(component: Component, weth_price: int, scale_decimals: bool) -> deque[int]:
    """Value each trade of a component in wei, in order."""
    decimals = component.decimals if scale_decimals else WETH_DECIMALS
    sizes = trade_sizes(component.notional, component.max_trade_size)
    return deque(value_in_weth(size, component.price, weth_price, decimals) for size in sizes)


def normalised_target(target_unit: int, multiplier: int, rebalance_multiplier: int) -> int:
    """Shrink a target by the streaming fees accrued since the rebalance started.

    Mirrors the index module; both multipliers are D18, the result is rounded down.
    """
    return target_unit * multiplier // rebalance_multiplier


def current_notional(total_supply: int, unit: int) -> int:
    """Return the base units that a position stands for, rounded down as the module does."""
    return total_supply * unit // WAD


def target_notional(total_supply: int, target_unit: int) -> int:
    """Return the base units that a target stands for, rounded up as the module does."""
    return div_ceil(total_supply * target_unit, WAD)


def trade_size(total_supply: int, unit: int, target_unit: int, max_trade_size: int) -> int:
    """Return the signed size of the module's next trade of a component.

    Parameters
    ----------
    total_supply
        Wei of the index token.
    unit, target_unit
        Current unit and normalised target, base units per whole index token.
    max_trade_size
        Largest trade, base units.

    Returns
    -------
    int
        Zero when the target is met (the module refuses the trade then) or when the two notionals
        round to the same amount.
    """
    if unit == target_unit:
        return 0
    missing = target_notional(total_supply, target_unit) - current_notional(total_supply, unit)
    return max(-max_trade_size, min(max_trade_size, missing))


def amount_out(amount_in: int, reserve_in: int, reserve_out: int) -> int:
    """Quote an exact input on Uniswap V2, rounded down (``UniswapV2Library.getAmountOut``).

    Raises
    ------
    IndexkitError
        The input or a reserve is not positive.
    """
    _require_liquidity(amount_in, reserve_in, reserve_out)
    paid = amount_in * 997
    return paid * reserve_out // (reserve_in * 1000 + paid)


def amount_in(amount_out: int, reserve_in: int, reserve_out: int) -> int:
    """Quote an exact output on Uniswap V2, quotient plus one (``UniswapV2Library.getAmountIn``).

    Raises
    ------
    IndexkitError
        The output or a reserve is not positive, or the output is not below its reserve.
    """
    _require_liquidity(amount_out, reserve_in, reserve_out)
    if amount_out >= reserve_out:
        raise IndexkitError(
            f"The pool holds {reserve_out} base units, so it cannot sell {amount_out}: "
            "trade less or add liquidity."
        )
    return reserve_in * amount_out * 1000 // ((reserve_out - amount_out) * 997) + 1


def _require_liquidity(amount: int, *reserves: int) -> None:
    if amount <= 0:
        raise IndexkitError(f"The amount {amount} cannot be quoted: ask for a positive amount.")
    if min(reserves) <= 0:
        raise IndexkitError(f"The pool's reserves are {reserves}: add liquidity on both sides.")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a trade cost against the market price, in wei; a gain is negative.

    Attributes
    ----------
    fee
        Kept by the pool, rounded down.
    impact
        From moving along the pool's curve; every rounding remainder is counted here.
    drift
        From a pool whose mid price stood away from the market price before the trade.
    """

    fee: int
    impact: int
    drift: int

    @property
    def total(self) -> int:
        """Return the whole cost: the three parts add up to it exactly."""
        return self.fee + self.impact + self.drift


def split_cost(
    weth: int, mid: int, market: int, *, is_buy: bool, fee: int = UNISWAP_V2_FEE
) -> Cost:
    """Split the cost of a trade into fee, price impact and drift.

    Parameters
    ----------
    weth
        Wei paid (buy) or received (sell).
    mid, market
        Value of the traded amount at the pool's mid price before the trade and at
        market prices (`value_in_weth`), wei.
    is_buy
        Whether the component was bought.
    fee
        Share of the amount paid in that the pool keeps, D18{1}.

    Returns
    -------
    Cost
        With ``total`` equal to ``weth - market`` for a buy and ``market - weth`` for a sell. The
        fee of a sell is paid in the token, and valued at the mid price.
    """
    sign = 1 if is_buy else -1
    kept = (weth if is_buy else mid) * fee // WAD
    return Cost(fee=kept, impact=sign * (weth - mid) - kept, drift=sign * (mid - market))
