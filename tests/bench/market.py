"""Where the indices that are measured trade: plain tokens, each with a Uniswap V2 pair."""

from collections.abc import Iterator
from contextlib import contextmanager

import ape
from twins import world
from twins.market import PLAIN_TOKENS, Market
from twins.node import Node, own_chain
from twins.scenario import Theatre

RESERVE, WETH_RESERVE = 10**24, 10**21
"""Of each pair {base units}, {wei}: a token is worth a thousandth of a WETH."""


class BenchMarket(Market):
    """So many tokens of 18 decimals, ``c0``, ``c1``, …, and what the governors' scenarios hold."""

    def __init__(self, node: Node, size: int) -> None:
        super().__init__(node)
        plain = {f"c{i}": (18, "UniswapV2", RESERVE, WETH_RESERVE) for i in range(size)}
        self.tokens = {"dai": PLAIN_TOKENS["dai"], **plain}


@contextmanager
def open_theatre(size: int) -> Iterator[Theatre]:
    """Put the original, ours and a market of so many tokens on a chain of their own."""
    first = ape.accounts.test_accounts[: len(world.ACTORS)]
    actors = dict(zip(world.ACTORS, [account.address for account in first], strict=True))
    with own_chain() as node:
        worlds = world.build(node, actors)
        world.share(worlds, BenchMarket(node, size).build())
        yield Theatre(node, {one.name: one for one in worlds}, actors)
