"""What scenarios of trades have in common: pools of their own, prices moved by others, fees."""

from typing import Any

from indexkit.localnet import addresses
from twins.market import EXCHANGES
from twins.stage import E18, MAX_UINT, Handle, Stage

DAY_S = 24 * 60 * 60

NO_EXCHANGE, UNISWAP, SUSHISWAP, BALANCER = range(4)


def open_pool(
    s: Stage, router: Handle, token: Handle, amount: int, weth: int = 1_000 * E18
) -> None:
    """Open a pool against WETH for a token that the owner holds {base units}, {wei}."""
    s.fund("weth", s.owner, weth)
    for paid in (token, s.weth):
        paid.approve(router, MAX_UINT, by=s.owner)
    router.addLiquidity(token, s.weth, amount, weth, 0, 0, s.owner, MAX_UINT, by=s.owner)


def swap(s: Stage, sell: str, buy: str, amount: int) -> None:
    """Let a stranger move a price {base units}."""
    exchange = EXCHANGES[buy if sell == "weth" else sell]
    router = s.uniswap_router if exchange == "UniswapV2" else s.sushiswap_router
    s.supply(s.stranger, router, [sell], amount)
    path = [getattr(s, sell), getattr(s, buy)]
    router.swapExactTokensForTokens(amount, 0, path, s.stranger, MAX_UINT, by=s.stranger)


def swap_on_balancer(s: Stage, sell: str, buy: str, amount: int) -> None:
    """Let a stranger move the price in the larger pool of Balancer {base units}."""
    pool = s.gem_pool
    s.supply(s.stranger, pool, [sell], amount)
    tokens = (getattr(s, sell), amount, getattr(s, buy))
    pool.swapExactAmountIn(*tokens, 0, MAX_UINT, by=s.stranger)


def accrue(s: Stage, seconds: int) -> None:
    """Let time pass {s}, then let a stranger accrue the streaming fee."""
    s.advance(seconds)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)


def unit(s: Stage, token: Any) -> int:
    """Return a component's unit now, uncompared."""
    return int(s.set.getDefaultPositionRealUnit.peek(token))


def reserve(pool: Handle, token: Any) -> int:
    """Return what a pair of Uniswap V2 has of a token against WETH {base units}."""
    reserves = pool.getReserves.peek()
    first = int(token.address, 16) < int(addresses.WETH, 16)
    return int(reserves[0 if first else 1])
