"""Pools' prices, and the arbitrageur who brings them back to the market between trades.

On mainnet other traders do: whoever moves a pool's price by a trade finds it back at the market's a
few blocks later. Without them, fifteen trades of one component in a row would each start where the
previous one ended.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import TYPE_CHECKING

from ape.contracts import ContractInstance
from eth_utils.address import to_checksum_address

from indexkit import plan
from indexkit.deployment import networks
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.localnet.chain import token_at, whale
from indexkit.localnet.pools import BALANCER_V1

if TYPE_CHECKING:
    from indexkit.rebalance_data import Component, Rebalance

BASIS_POINTS = 10_000
FEE_KEPT = (997, 1000)
"""Share of the amount sold that trades, the rest is the pool's fee: 0.30 % on every venue."""

_MAX_UINT256 = 2**256 - 1


@dataclass(frozen=True, slots=True)
class Reserves:
    """What a pool holds.

    Attributes
    ----------
    weth, component
        {wei}, {comp}
    weth_weight, component_weight
        Weights in any common unit; equal on UniswapV2 and SushiSwap.
    """

    weth: int
    component: int
    weth_weight: int = 1
    component_weight: int = 1

    @property
    def mid_price(self) -> Fraction:
        """Price between buying and selling {wei/comp}."""
        return Fraction(self.weth * self.component_weight, self.component * self.weth_weight)


@dataclass(frozen=True, slots=True)
class Arbitrage:
    """A trade of the arbitrageur.

    Attributes
    ----------
    symbol
        Of the component.
    bought
        Whether the component was bought (its price was too low).
    amount_in, amount_out
        What the pool received and gave {wei} or {comp}.
    before, after
        Mid prices around the trade {wei/comp}.
    """

    symbol: str
    bought: bool
    amount_in: int
    amount_out: int
    before: Fraction
    after: Fraction


def market_price(component: "Component", rebalance: "Rebalance") -> Fraction:
    """Return the published price of a component {wei/comp}, in base units of both."""
    price = Fraction(component.price_usd) / Fraction(rebalance.weth_price_usd)
    return price * Fraction(10**18, 10**component.decimals)


def amount_to_sell(reserve_in: int, reserve_out: int, target: Fraction) -> int:
    """Return how much to sell into a constant-product pool to bring its mid price to a target.

    Parameters
    ----------
    reserve_in, reserve_out
        Reserves of the token sold and of the token bought {in}, {out}.
    target
        Mid price after the trade {in/out}: what one unit bought costs.

    Returns
    -------
    int
        {in}, rounded down; 0 if the price is there already or beyond.

    Notes
    -----
    With a share g of the amount a trading and all of it staying in the pool, the reserves become
    x + a and x y / (x + g a), whose ratio is the target t where (x + a)(x + g a) = t x y: a
    quadratic equation, of which this is the positive root.
    """
    kept, whole = FEE_KEPT
    square = reserve_in * reserve_in
    linear = (kept + whole) * reserve_in
    wanted = int(target * reserve_in * reserve_out)
    if wanted <= square:
        return 0
    discriminant = linear * linear + 4 * kept * whole * (wanted - square)
    return (isqrt(discriminant) - linear) // (2 * kept)


def reserves(component: str, exchange: str) -> Reserves:
    """Return what a component's WETH pool holds on the connected chain.

    Parameters
    ----------
    component
        Address of the token.
    exchange
        ``UniswapV2``, ``SushiSwap`` or ``BalancerV1``.
    """
    pool = pool_at(component, exchange)
    if exchange == BALANCER_V1:
        tokens = (networks.here().venues.weth, component)
        held = [pool.getBalance(token) for token in tokens]
        return Reserves(*held, *(pool.getDenormalizedWeight(token) for token in tokens))
    first, second, _ = pool.getReserves()
    return Reserves(second, first) if _is_first(component) else Reserves(first, second)


def mid_price(component: str, exchange: str) -> Fraction:
    """Return the mid price of a component's WETH pool {wei/comp}; see `reserves`."""
    return reserves(component, exchange).mid_price


def pool_at(component: str, exchange: str) -> ContractInstance:
    """Return a component's WETH pool: the pair, or the best Balancer pool of the registry.

    Raises
    ------
    IndexkitError
        If the connected network has no such exchange, or Balancer's registry no such pool.
    """
    network = networks.here()
    if exchange not in network.venues.names:
        raise IndexkitError(
            f"There is no {exchange} on {network.name}: choose another exchange for {component}."
        )
    if home := network.venues.with_pairs(exchange):
        pair = home.pair(component, network.venues.weth)
        return contract_at(artifact(protocols.UNISWAP_PAIR), pair)
    registry = contract_at(artifact(protocols.BALANCER_REGISTRY), addresses.BALANCER_REGISTRY)
    pools = registry.getBestPoolsWithLimit(component, addresses.WETH, 1)
    if not pools:
        raise IndexkitError(f"Balancer's registry has no pool of {component} and WETH.")
    return contract_at(artifact(protocols.BALANCER_POOL), pools[0])


class Arbitrageur:
    """Brings the embedded chain's pools back to the published prices, at its own cost.

    Parameters
    ----------
    rebalance
        Whose prices are the market's.
    band_bps
        How far a mid price may be off before it pays to trade: the pools' fee, 30.
    """

    def __init__(self, rebalance: "Rebalance", band_bps: int = 30) -> None:
        self._rebalance = rebalance
        self._band = Fraction(band_bps, BASIS_POINTS)

    def restore(self, symbol: str) -> Arbitrage | None:
        """Trade a component's pool back to the market price if it is off by more than the band.

        Returns
        -------
        Arbitrage or None
            The trade (of one or two transactions), None if the price is within the band.

        Raises
        ------
        IndexkitError
            If the rebalance has no such component, or its Balancer pool's weights are unequal.
        """
        component = self._rebalance.component(symbol)
        token = to_checksum_address(component.address)
        market = market_price(component, self._rebalance)
        held = reserves(token, component.exchange)
        if abs(held.mid_price - market) <= self._band * market:
            return None
        if held.weth_weight != held.component_weight:
            raise IndexkitError(f"The pool of {symbol} has unequal weights; these are not traded.")
        bought = held.mid_price < market
        if bought:
            reserve_in, reserve_out, target = held.weth, held.component, market
        else:
            reserve_in, reserve_out, target = held.component, held.weth, 1 / market
        amount_in = amount_to_sell(reserve_in, reserve_out, target)
        amount_out = plan.amount_out(amount_in, reserve_in, reserve_out)
        self._swap(component.exchange, token, bought, amount_in, amount_out)
        left = reserves(token, component.exchange)
        received = held.component - left.component if bought else held.weth - left.weth
        return Arbitrage(symbol, bought, amount_in, received, held.mid_price, left.mid_price)

    def _swap(
        self, exchange: str, token: str, bought: bool, amount_in: int, amount_out: int
    ) -> None:
        pool, trader = pool_at(token, exchange), whale()
        sold, received = (addresses.WETH, token) if bought else (token, addresses.WETH)
        if exchange == BALANCER_V1:
            pool.swapExactAmountIn(sold, amount_in, received, 0, _MAX_UINT256, sender=trader)
            return
        token_at(sold).transfer(pool.address, amount_in, sender=trader)
        first_out = bought == _is_first(token)
        amounts = (amount_out, 0) if first_out else (0, amount_out)
        pool.swap(*amounts, trader.address, b"", sender=trader)


def _is_first(token: str) -> bool:
    """Tell whether a token is token0 of its WETH pair."""
    return int(token, 16) < int(networks.here().venues.weth, 16)
