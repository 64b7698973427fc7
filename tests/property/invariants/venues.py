"""What the exchanges give: predicted for pairs, asked of Balancer's pools for somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexkit.deploy import EXCHANGE_IDS
from invariants.holders import PAUSED
from invariants.market import PAIR_OF, PAIRS
from invariants.mirror import (
    MOST_RESERVE,
    NO_CASH,
    NO_POOL,
    RevertedError,
    amount_in,
    amount_out,
    refuse_unless,
)
from invariants.play import Changes, Key, Play

BALANCER = EXCHANGE_IDS["BalancerV1"]
BALANCER_POOLS = 3


@dataclass(frozen=True)
class Swap:
    """A swap of an index: tokens, and the quantity of which one is given."""

    index: str
    sell: str
    buy: str
    exact_in: bool
    amount: int
    exchange: int

    @property
    def component(self) -> str:
        """The side that is not WETH."""
        return self.sell if self.buy == "weth" else self.buy


class Venues(Play):
    """Who knows what a swap leads to."""

    paused: bool

    def reserves(self, token: str) -> tuple[int, int]:
        """Return a pair's reserves: component, WETH."""
        first, second = (self.state["reserve", token, place] for place in (0, 1))
        return (first, second) if self.word(token) < self.word("weth") else (second, first)

    def reserve_changes(self, token: str, component: int, weth: int) -> Changes:
        """Return the changes of a pair's reserves to so much."""
        low = self.word(token) < self.word("weth")
        first, second = (component, weth) if low else (weth, component)
        cumulative = self.cumulative(token, self.state)
        return {
            ("reserve", token, 0): first,
            ("reserve", token, 1): second,
            ("synced", token): self.time % 2**32,
            ("cumulative", token, 0): cumulative[0],
            ("cumulative", token, 1): cumulative[1],
            ("balance", token, PAIR_OF[token]): component,
            ("balance", "weth", PAIR_OF[token]): weth,
        }

    def cumulative(self, token: str, state: Mapping[Key, int]) -> tuple[int, int]:
        """Return the cumulative prices that a pair would have at the next transaction."""
        reserves = [state["reserve", token, place] for place in (0, 1)]
        so_far = [state["cumulative", token, place] for place in (0, 1)]
        elapsed = (self.time - state["synced", token]) % 2**32
        if elapsed and all(reserves):
            so_far[0] += (reserves[1] << 112) // reserves[0] * elapsed
            so_far[1] += (reserves[0] << 112) // reserves[1] * elapsed
        return so_far[0] % 2**256, so_far[1] % 2**256

    def expect_swap(self, swap: Swap) -> tuple[int, int, Changes, set[Key]]:
        """Return what is sold and bought, and what that changes besides the index.

        Raises
        ------
        RevertedError
            If the exchange refuses.
        """
        if swap.exchange == BALANCER:
            return self._expect_balancer(swap)
        refuse_unless((swap.exchange, swap.component) in PAIRS, NO_POOL)
        return self._expect_pair(swap)

    def _expect_pair(self, swap: Swap) -> tuple[int, int, Changes, set[Key]]:
        token, pool = swap.component, PAIR_OF[swap.component]
        component, weth = self.reserves(token)
        reserve_in, reserve_out = (weth, component) if swap.sell == "weth" else (component, weth)
        if swap.exact_in:
            sold, bought = swap.amount, amount_out(swap.amount, reserve_in, reserve_out)
        else:
            sold, bought = amount_in(swap.amount, reserve_in, reserve_out), swap.amount
        refuse_unless(sold <= self.state["balance", swap.sell, swap.index], NO_CASH)
        refuse_unless(swap.sell != "ice" or not self.paused, PAUSED)
        refuse_unless(swap.buy != "ice" or not self.paused, "UniswapV2: TRANSFER_FAILED")
        after = {name: self.state["balance", name, pool] for name in (token, "weth")}
        after[swap.sell] += sold
        after[swap.buy] -= bought
        refuse_unless(max(after.values()) <= MOST_RESERVE, "UniswapV2: OVERFLOW")
        return sold, bought, self.reserve_changes(token, after[token], after["weth"]), set()

    def _expect_balancer(self, swap: Swap) -> tuple[int, int, Changes, set[Key]]:
        """Ask the proxy what it would do for the market maker, who has the same and more."""
        path = (swap.sell, swap.buy, swap.amount)
        if swap.exact_in:
            what, limit = "balancer_proxy.smartSwapExactIn", 1
        else:
            what = "balancer_proxy.smartSwapExactOut"
            limit = self.state["balance", swap.sell, swap.index]
        arguments = (*path, limit, BALANCER_POOLS)
        reason = self.system.failure(what, *arguments, by="maker", at=self.time)
        if reason is not None:
            raise RevertedError(reason or NO_POOL)
        answer = self.system.ask(what, *arguments, by="maker")
        sold, bought = (swap.amount, answer) if swap.exact_in else (answer, swap.amount)
        pools = self.system.pools(swap.component)
        # The pair is no part of it.
        free = {("balance", token, pool) for token in (swap.component, "weth") for pool in pools}
        return sold, bought, {}, free
