"""What a swap on a Uniswap V2 pool gives and takes, and what it costs against the market.

Pure integers: amounts in base units, costs in wei.
"""

from dataclasses import dataclass

from indexkit.errors import IndexkitError
from indexkit.fixed_point import WAD

UNISWAP_V2_FEE = 3 * 10**15
"""The 0.30 % that Uniswap V2 and SushiSwap keep of the amount paid in. D18{1}."""


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
