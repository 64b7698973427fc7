"""What the two indices hold and trade: tokens of 6, 8, 18 and 27 decimals, two of them hostile."""

from dataclasses import dataclass
from typing import Any, ClassVar

from twins.market import Market, Named
from twins.mocks import mock
from twins.world import TOKEN

from indexkit.deploy import EXCHANGE_IDS

E18 = 10**18
STOCK = 10**42
"""What the market maker holds of each token {base units}: issuing 1e27 takes 1e36 of one."""


@dataclass(frozen=True)
class Traits:
    """A token of this market.

    Attributes
    ----------
    decimals
        Of the token.
    exchange
        Where it trades against WETH.
    reserve
        Of its pool {base units}.
    weth
        Of its pool {wei}.
    unit
        Of an index that holds it {base units per Set}.
    is_hostile
        Whether it can pause and call back.
    """

    decimals: int
    exchange: str
    reserve: int
    weth: int
    unit: int
    is_hostile: bool = False


TRAITS = {
    "usdc": Traits(6, "UniswapV2", 20_000_000 * 10**6, 8_000 * E18, 40 * 10**6),
    "wbtc": Traits(8, "SushiSwap", 400 * 10**8, 9_000 * E18, 15 * 10**4),
    "gem": Traits(18, "BalancerV1", 50_000 * E18, 2_000 * E18, 2 * E18),
    "ray": Traits(27, "UniswapV2", 400_000 * 10**27, 2_000 * E18, 10**27),
    "hook": Traits(18, "UniswapV2", 100_000 * E18, 4_000 * E18, E18, is_hostile=True),
    "ice": Traits(8, "SushiSwap", 900_000 * 10**8, 3_000 * E18, 7 * 10**8, is_hostile=True),
}
"""The components; ``hook`` calls back, ``ice`` pauses."""

TRADED = tuple(TRAITS)
TOKENS = (*TRADED, "weth")
EXCHANGE_OF = {name: EXCHANGE_IDS[traits.exchange] for name, traits in TRAITS.items()}


PAIRS = {
    (EXCHANGE_IDS[traits.exchange], name): f"{name}_pool"
    for name, traits in TRAITS.items()
    if traits.exchange != "BalancerV1"
} | {(EXCHANGE_IDS["UniswapV2"], "gem"): "gem_pair"}
"""The pairs by exchange and token; ``gem`` has one besides its two pools of Balancer."""

PAIR_OF = {token: pair for (_, token), pair in PAIRS.items()}


class Bazaar(Market):
    """Deploys these tokens and fills their pools."""

    def build(self) -> list[Named]:
        """Build the market, and a pair for ``gem`` that keeps its average price."""
        shared = super().build()
        (gem,) = (address for name, address, _ in shared if name == "gem")
        traits = TRAITS["gem"]
        self._pair("gem_pair", "UniswapV2", gem, traits.reserve, traits.weth)
        return shared

    tokens: ClassVar = {
        name: (traits.decimals, traits.exchange, traits.reserve, traits.weth)
        for name, traits in TRAITS.items()
    }
    placed: ClassVar[dict[str, str]] = {}

    def _deploy_token(self, name: str, decimals: int) -> str:
        token = mock("HostileToken") if TRAITS[name].is_hostile else TOKEN
        more: tuple[Any, ...] = (decimals,)
        if not TRAITS[name].is_hostile:
            more = (name, name.upper(), decimals)
        code = token.init_code(self._maker, STOCK, *more)
        address = str(self._node.send(self._maker, None, code)["contractAddress"])
        self._name(name, address, token)
        return address
