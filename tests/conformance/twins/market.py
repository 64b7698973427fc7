"""What both worlds trade on: tokens of 6, 8 and 18 decimals, each with its pool against WETH."""

from typing import Any

from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import Artifact, artifact
from indexkit.localnet.pools import BALANCER_FEE, BALANCER_WEIGHT, pair_address
from twins.interface import Interface, interface
from twins.node import Node
from twins.world import TOKEN

Named = tuple[str, str, Interface]

STOCK = 10**30
"""What the market maker holds of each token {base units}."""

ETHER = 10**24

PLAIN_TOKENS = {
    # decimals, exchange, reserve {base units}, WETH reserve {wei}
    "usdc": (6, "UniswapV2", 20_000_000 * 10**6, 8_000 * 10**18),
    "wbtc": (8, "SushiSwap", 400 * 10**8, 9_000 * 10**18),
    "dai": (18, "UniswapV2", 15_000_000 * 10**18, 6_000 * 10**18),
    "gem": (18, "BalancerV1", 50_000 * 10**18, 2_000 * 10**18),
    "lone": (18, "", 0, 0),
}
"""Tokens made for the twins; ``lone`` trades nowhere, ``gem`` in two pools of Balancer."""

PLACED_TOKENS = {"uni": addresses.UNI, "aave": addresses.AAVE}
"""Tokens of the localnet that can vote; each has a pool of its own."""

EXCHANGES = {name: exchange for name, (_, exchange, _, _) in PLAIN_TOKENS.items()} | {
    "uni": "UniswapV2",
    "aave": "SushiSwap",
}


class Market:
    """Deploys the tokens and fills the pools, as the market maker."""

    tokens = PLAIN_TOKENS
    placed = PLACED_TOKENS

    def __init__(self, node: Node) -> None:
        self._node = node
        self._maker = addresses.MARKET_MAKER
        self.shared: list[Named] = []

    def build(self) -> list[Named]:
        """Build the market and return what it consists of: name, address, interface."""
        self._node.ask("anvil_setBalance", self._maker, hex(2 * ETHER))
        self._send(protocols.WETH9, addresses.WETH, "deposit", value=ETHER)
        self._name("weth", addresses.WETH, artifact(protocols.WETH9))
        for name, address in self.placed.items():
            self._name(name, address, TOKEN)
            self._name(f"{name}_pool", pair_address(EXCHANGES[name], address), _PAIR)
        for name, (decimals, exchange, reserve, weth) in self.tokens.items():
            address = self._deploy_token(name, decimals)
            if exchange == "BalancerV1":
                self._balancer_pool(f"{name}_pool", address, reserve, weth)
                self._balancer_pool(f"{name}_pool_2", address, reserve // 3, weth // 3)
            elif exchange:
                self._pair(f"{name}_pool", exchange, address, reserve, weth)
        self._name("uniswap_router", addresses.UNISWAP_V2_ROUTER, artifact(_ROUTER))
        self._name("sushiswap_router", addresses.SUSHISWAP_ROUTER, artifact(_ROUTER))
        proxy = artifact(protocols.BALANCER_PROXY)
        self._name("balancer_proxy", addresses.BALANCER_EXCHANGE_PROXY, proxy)
        return self.shared

    def _name(self, name: str, address: str, of: Artifact) -> None:
        self.shared.append((name, address, interface(of)))

    def _send(self, path: str, to: str, function: str, *arguments: Any, value: int = 0) -> None:
        data = interface(artifact(path)).functions[function].encode(arguments)
        receipt = self._node.send(self._maker, to, data, value)
        assert receipt["status"] == "0x1", f"{path}: {function}"

    def _deploy_token(self, name: str, decimals: int) -> str:
        code = TOKEN.init_code(self._maker, STOCK, name, name.upper(), decimals)
        address = str(self._node.send(self._maker, None, code)["contractAddress"])
        self._name(name, address, TOKEN)
        return address

    def _pair(self, name: str, exchange: str, token: str, reserve: int, weth: int) -> None:
        factory = {
            "UniswapV2": addresses.UNISWAP_V2_FACTORY,
            "SushiSwap": addresses.SUSHISWAP_FACTORY,
        }[exchange]
        self._send(protocols.UNISWAP_FACTORY, factory, "createPair", token, addresses.WETH)
        pair = pair_address(exchange, token)
        self._send(protocols.ERC20, token, "transfer", pair, reserve)
        self._send(protocols.ERC20, addresses.WETH, "transfer", pair, weth)
        self._send(protocols.UNISWAP_PAIR, pair, "mint", self._maker)
        self._name(name, pair, _PAIR)

    def _balancer_pool(self, name: str, token: str, reserve: int, weth: int) -> None:
        factory = interface(artifact(protocols.BALANCER_FACTORY)).functions["newBPool"]
        to = addresses.BALANCER_FACTORY
        _, answer = self._node.call(self._maker, to, factory.encode(()))
        pool = factory.decode(answer)
        self._send(protocols.BALANCER_FACTORY, to, "newBPool")
        for bound, amount in ((token, reserve), (addresses.WETH, weth)):
            self._send(protocols.ERC20, bound, "approve", pool, 2**256 - 1)
            self._send(protocols.BALANCER_POOL, pool, "bind", bound, amount, BALANCER_WEIGHT)
        self._send(protocols.BALANCER_POOL, pool, "setSwapFee", BALANCER_FEE)
        self._send(protocols.BALANCER_POOL, pool, "finalize")
        registry, pair = addresses.BALANCER_REGISTRY, (token, addresses.WETH)
        self._send(protocols.BALANCER_REGISTRY, registry, "addPoolPair", pool, *pair)
        self._send(protocols.BALANCER_REGISTRY, registry, "sortPools", pair, 10)
        self._name(name, pool, artifact(protocols.BALANCER_POOL))


_PAIR = artifact(protocols.UNISWAP_PAIR)
_ROUTER = protocols.UNISWAP_ROUTER
