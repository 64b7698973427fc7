"""Where the indices that are measured trade: plain tokens, each with a Uniswap V2 pair."""

from twins.market import Market
from twins.node import Node

RESERVE, WETH_RESERVE = 10**24, 10**21
"""Of each pair {base units}, {wei}: a token is worth a thousandth of a WETH."""


class BenchMarket(Market):
    """So many tokens of 18 decimals: ``c0``, ``c1``, …"""

    def __init__(self, node: Node, size: int) -> None:
        super().__init__(node)
        self.tokens = {
            f"c{i}": (18, "UniswapV2", RESERVE, WETH_RESERVE) for i in range(size)
        }
