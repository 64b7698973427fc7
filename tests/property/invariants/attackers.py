"""Who moves pools, takes liquidity away and comes back in the middle of a call."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invariants import draws
from invariants.holders import INITIALIZED, Holders
from invariants.market import EXCHANGE_OF, PAIR_OF, TRADED
from invariants.mirror import MOST_RESERVE, amount_out
from invariants.play import Changes, Key, State
from invariants.system import INDEX_MODULES
from invariants.trades import Trades
from invariants.venues import BALANCER, BALANCER_POOLS

MAX_UINT = 2**256 - 1
ROUTERS = {1: "uniswap_router", 2: "sushiswap_router"}


def router_of(token: str) -> str:
    """Return the router of a token's pair."""
    return ROUTERS.get(EXCHANGE_OF[token], "uniswap_router")


class Attackers(Holders, Trades):
    """Rules for attackers."""

    @rule(token=draws.traded, share=draws.small_part, buy=st.booleans(), at_pair=st.booleans())
    def move_price(self, token: str, share: Fraction, buy: bool, at_pair: bool) -> None:
        """Swap at a pool, up to a part of what it holds."""
        self.do_swap(token, share, buy=buy, at_pair=at_pair)

    @draws.seldom(token=draws.traded, share=draws.part, buy=st.booleans(), times=st.integers(1, 9))
    def skew_price(self, token: str, share: Fraction, buy: bool, times: int) -> None:
        """Swap at a pool, up to many times what it holds."""
        self.do_swap(token, share * times, buy=buy)

    @rule(index=draws.mostly_alpha, place=draws.place, share=draws.small_part)
    def sandwich(self, index: str, place: int, share: Fraction) -> None:
        """Move a price, let the trader trade, and move it back: all in one second."""
        token = self.wanted(index, place)
        if not token or (token == "ice" and self.paused):
            return
        sells = self.state["unit", index, token] > self.target(index, token)
        before, component, weth = self.state, *self.reserves(token)
        with self.same_second():
            spent = self.do_swap(token, share, buy=not sells)
            done = self.do_trade(index, token, "trader")
            if spent:
                self.swap_back(token, spent, buy=sells)
        at_pair = EXCHANGE_OF[token] == self.state["exchange", INDEX_MODULES[index], token]
        if done and at_pair and EXCHANGE_OF[token] != BALANCER:
            self.i_14_gain_is_the_loss(index, token, before, Fraction(weth, component))

    def i_14_gain_is_the_loss(self, index: str, token: str, before: State, price: Fraction) -> None:
        """I-14: at the price before, attackers gain no more than the index loses."""

        def gain(who: str) -> Fraction:
            change = {
                name: self.state["balance", name, who] - before["balance", name, who]
                for name in (token, "weth")
            }
            return change["weth"] + change[token] * price

        assert gain("stranger") <= -gain(index), f"{token}: {float(gain('stranger'))} wei gained"

    def do_swap(self, token: str, share: Fraction, *, buy: bool, at_pair: bool = False) -> int:
        """Swap a part of a pool's reserve as the stranger; return what was bought."""
        pool = self.system.pools(token)[0]
        size = int(self.state["balance", "weth" if buy else token, pool] * share)
        return self.swap_back(token, size, buy=buy, at_pair=at_pair)

    def swap_back(self, token: str, size: int, *, buy: bool, at_pair: bool = False) -> int:
        """Swap exactly so much as the stranger; return what was bought, 0 if it is too much."""
        sold, bought = ("weth", token) if buy else (token, "weth")
        size = min(size, self.state["balance", sold, "stranger"])
        if token == "ice" and self.paused:
            return 0
        if EXCHANGE_OF[token] == BALANCER and not at_pair:
            return self._swap_balancer(token, sold, bought, size)
        component, weth = self.reserves(token)
        into, out = (weth, component) if buy else (component, weth)
        if not into or not size * 997 * out // (into * 1000 + size * 997):
            return 0
        got, pool = amount_out(size, into, out), PAIR_OF[token]
        after = {name: self.state["balance", name, pool] for name in (token, "weth")}
        after[sold] += size
        after[bought] -= got
        if max(after.values()) > MOST_RESERVE // 2:
            return 0

        def expect() -> Changes:
            s, who = self.state, "stranger"
            return self.reserve_changes(token, after[token], after["weth"]) | {
                ("balance", sold, who): s["balance", sold, who] - size,
                ("balance", bought, who): s["balance", bought, who] + got,
            }

        what = f"{router_of(token)}.swapExactTokensForTokens"
        arguments = (size, 0, [sold, bought], "stranger", MAX_UINT)
        self.act(what, *arguments, by="stranger", expect=expect)
        return got

    def _swap_balancer(self, token: str, sold: str, bought: str, size: int) -> int:
        arguments = (sold, bought, size, 1, BALANCER_POOLS)
        what = "balancer_proxy.smartSwapExactIn"
        if self.system.failure(what, *arguments, by="stranger", at=self.time) is not None:
            return 0
        got = self.system.ask(what, *arguments, by="stranger")
        accounts = (*self.system.pools(token), "stranger")
        free: set[Key] = {("balance", name, who) for name in (token, "weth") for who in accounts}
        self.act(what, *arguments, by="stranger", expect=dict, free=free)
        return int(got)

    # ------------------------------------------------------------ liquidity

    @draws.seldom(token=draws.traded, share=draws.part)
    def remove_liquidity(self, token: str, share: Fraction) -> None:
        """Take a part of a pool away."""
        if token == "ice" and self.paused:
            return
        free = self._pool_keys(token)
        for pool in self.system.pools(token):
            quantity = int(self.system.ask(f"{pool}.balanceOf", "maker") * share)
            if pool != PAIR_OF[token]:
                if min(self.state["balance", name, pool] for name in (token, "weth")) > 10**9:
                    what, arguments = f"{pool}.exitPool", (quantity * 99 // 100, [0, 0])
                    self.act(what, *arguments, by="maker", expect=dict, free=free)
                continue
            what = f"{router_of(token)}.removeLiquidity"
            self._act_if(what, token, "weth", quantity, 0, 0, "maker", MAX_UINT, free=free)

    @draws.seldom(token=draws.traded, share=draws.part)
    def add_liquidity(self, token: str, share: Fraction) -> None:
        """Give a pair more of both."""
        component, weth = self.reserves(token)
        too_much = max(component, weth) > MOST_RESERVE // 4
        if min(component, weth) == 0 or too_much or (token == "ice" and self.paused):
            return
        quantities = (int(component * share) + 10**6, int(weth * share) + 10**6)
        arguments = (token, "weth", *quantities, 0, 0, "maker", MAX_UINT)
        free = self._pool_keys(token)
        self._act_if(f"{router_of(token)}.addLiquidity", *arguments, free=free)

    def _act_if(self, what: str, *arguments: Any, free: set[Key]) -> None:
        """Act as the market maker, if a pool lets him: too little liquidity is no liquidity."""
        if self.system.failure(what, *arguments, by="maker", at=self.time) is None:
            self.act(what, *arguments, by="maker", expect=dict, free=free)

    def _pool_keys(self, token: str) -> set[Key]:
        pools = self.system.pools(token)
        keys: set[Key] = {("balance", name, pool) for name in (token, "weth") for pool in pools}
        words = {(word, token, place) for word in ("reserve", "cumulative") for place in (0, 1)}
        return keys | words | {("synced", token)}

    # ------------------------------------------------------------ coming back

    @rule(
        index=draws.index,
        call=st.sampled_from(["issue", "redeem", "accrue", "trade", "raise", "start", "hold"]),
        act=st.sampled_from(["issue", "redeem", "trade"]),
        quantity=draws.usual,
    )
    def come_back(self, index: str, call: str, act: str, quantity: int) -> None:
        """Let ``hook`` call the same index in the middle of its transfer: in vain (I-22)."""
        # Without a fee an accrual touches no index: it notes the time, and may do so at any time.
        if self.state["unit", index, "hook"] == 0 or (
            call == "accrue" and not self.state["fee", index]
        ):
            return
        target, data = self._call_back(index, call)
        self.act("hook.callBack", target, data, by="owner", expect=dict)
        before = self.system.ask("hook.successes")
        if act == "issue":
            self.do_issue(index, "issuer", "issuer", quantity)
        elif act == "redeem":
            held = self.state["shares", index, "issuer"]
            self.do_redeem(index, "issuer", "heir", held // 3)
        elif self.state["index", INDEX_MODULES[index]]:
            self.do_trade(index, "hook", "trader")
        self.i_22_callback_was_in_vain(before, f"{call} in the middle of {act}")
        self.act("hook.callBack", "0x" + "00" * 20, b"", by="owner", expect=dict)

    def i_22_callback_was_in_vain(self, before: int, shown: str) -> None:
        """I-22: no call back succeeded."""
        assert self.system.ask("hook.successes") == before, f"succeeded: {shown}"

    def _call_back(self, index: str, call: str) -> tuple[str, bytes]:
        """Return what the token calls: it holds shares, and has approved the issuance module."""
        module = INDEX_MODULES[index]
        whole = self.system.data
        calls = {
            "issue": ("issuance", lambda: whole("issuance.issue", index, 10**9, "hook")),
            "redeem": ("issuance", lambda: whole("issuance.redeem", index, 1, "hook")),
            "accrue": ("streaming_fee", lambda: whole("streaming_fee.accrueFee", index)),
            "trade": (module, lambda: whole(f"{module}.trade", "hook")),
            "raise": (module, lambda: whole(f"{module}.raiseAssetTargets")),
            "start": (module, lambda: whole(f"{module}.updateAnyoneTrade", True)),
            "hold": (index, lambda: whole(f"{index}.hold")),
        }
        contract, data = calls[call]
        return str(self.system.address(contract)), data()


__all__ = ["INITIALIZED", "TRADED", "Attackers"]
