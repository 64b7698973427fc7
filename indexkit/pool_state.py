"""A WETH pool of Uniswap V2, SushiSwap or Balancer V1 as it stands, in memory and in JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.fields import ADDRESS, AMOUNT, POSITIVE, Record, one_of

UNISWAP_V2 = "UniswapV2"
SUSHISWAP = "SushiSwap"
BALANCER_V1 = "BalancerV1"
EXCHANGES = (UNISWAP_V2, SUSHISWAP, BALANCER_V1)


@dataclass(frozen=True, slots=True)
class PoolState:
    """What a component's WETH pool holds.

    Attributes
    ----------
    component, address
        Addresses of the token and of the pool.
    component_reserve, weth_reserve
        {comp}, {wei}
    component_weight, weth_weight
        In any common unit; equal on UniswapV2 and SushiSwap.
    fee
        Share of the amount paid in that the pool keeps, D18{1}.

    Raises
    ------
    IndexkitError
        The exchange is unknown, or a figure is none that it can have.
    """

    component: str
    exchange: str
    address: str
    component_reserve: int
    weth_reserve: int
    component_weight: int = 1
    weth_weight: int = 1
    fee: int = plan.UNISWAP_V2_FEE

    def __post_init__(self) -> None:
        """Refuse figures that no pool has."""
        if self.exchange not in EXCHANGES:
            raise self._error(f"this exchange is none of {', '.join(EXCHANGES)}")
        if min(self.component_reserve, self.weth_reserve) < 0:
            raise self._error("a reserve is negative")
        if min(self.component_weight, self.weth_weight) <= 0:
            raise self._error("a weight is not above zero")
        if not 0 <= self.fee < plan.WAD:
            raise self._error(f"the fee {self.fee} is not below {plan.WAD}")
        plain = self.is_even and self.fee == plan.UNISWAP_V2_FEE
        if self.exchange != BALANCER_V1 and not plain:
            raise self._error("a pair has equal weights and a fee of 0.30 %")

    @property
    def is_even(self) -> bool:
        """Whether the weights are equal."""
        return self.component_weight == self.weth_weight

    @property
    def is_empty(self) -> bool:
        """Whether one side is missing, so that there is no price."""
        return 0 in (self.component_reserve, self.weth_reserve)

    @property
    def mid_price(self) -> Fraction:
        """Price between buying and selling {wei/comp}."""
        self.require_reserves()
        weth = self.weth_reserve * self.component_weight
        return Fraction(weth, self.component_reserve * self.weth_weight)

    def require_reserves(self) -> None:
        """Refuse a pool without a price.

        Raises
        ------
        IndexkitError
            A reserve is zero.
        """
        if self.is_empty:
            raise self._error("its reserves are empty")

    def to_json(self) -> dict[str, str]:
        """Return the pool as a JSON object, integers as text."""
        return {name: str(getattr(self, name)) for name in self.__slots__}

    def _error(self, cause: str) -> IndexkitError:
        return IndexkitError(
            f"{self.exchange}, pool {self.address} of {self.component}: {cause}: correct the pool."
        )


def pool_from_json(content: Mapping[str, object], where: str = "pool") -> PoolState:
    """Read a pool from a JSON object.

    Raises
    ------
    IndexkitError
        A field is missing, malformed or impossible.
    """
    record = Record(where, content)
    return PoolState(
        component=record.read("component", ADDRESS),
        exchange=record.read("exchange", one_of(EXCHANGES)),
        address=record.read("address", ADDRESS),
        component_reserve=record.read("component_reserve", AMOUNT),
        weth_reserve=record.read("weth_reserve", AMOUNT),
        component_weight=record.read("component_weight", POSITIVE),
        weth_weight=record.read("weth_weight", POSITIVE),
        fee=record.read("fee", AMOUNT),
    )


def pools_of(component: str, pools: Iterable[PoolState]) -> tuple[PoolState, ...]:
    """Return the pools of a component by its address, in the order of `EXCHANGES`."""
    own = (pool for pool in pools if pool.component.lower() == component.lower())
    return tuple(sorted(own, key=lambda pool: (EXCHANGES.index(pool.exchange), pool.address)))


def mirrored(pool: PoolState) -> PoolState:
    """Return the pool with the component and WETH in each other's place."""
    return replace(
        pool,
        component_reserve=pool.weth_reserve,
        weth_reserve=pool.component_reserve,
        component_weight=pool.weth_weight,
        weth_weight=pool.component_weight,
    )
