"""The rules that trade, and what must hold afterwards."""

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invariants import draws
from invariants.mirror import (
    CASH_DUST,
    E18,
    TARGET_RAISE,
    mul_down,
    mul_up,
    refuse_unless,
)
from invariants.orders import Orders
from invariants.play import Changes, State
from invariants.system import INDEX_MODULES
from invariants.venues import Key, Swap

MET = "Targets must be met and ETH remaining in order to raise target"


class Trades(Orders):
    """Rules about trades."""

    @rule(index=draws.mostly_alpha, place=draws.place, any_=draws.traded, by=draws.by_trader)
    def trade(self, index: str, place: int, any_: str, by: str) -> None:
        """Trade a component that is far from its target, or any."""
        self.do_trade(index, self.wanted(index, place) or any_, by)

    @rule(index=draws.mostly_alpha, by=draws.by_trader)
    def trade_all(self, index: str, by: str) -> None:
        """Trade every component once: sales first."""
        for token in self.by_need(index):
            self.do_trade(index, token, by)

    @rule(index=draws.mostly_alpha, place=draws.place, any_=draws.traded, by=draws.by_trader)
    def trade_remaining_weth(self, index: str, place: int, any_: str, by: str) -> None:
        """Spend what cash is left."""
        self.do_trade_remaining(index, self.wanted(index, -place) or any_, by)

    @rule(
        index=draws.mostly_alpha,
        place=draws.place,
        any_=draws.traded,
        limit=draws.limit,
        remaining=st.booleans(),
    )
    def trade_with_limit(
        self, index: str, place: int, any_: str, limit: Fraction, remaining: bool
    ) -> None:
        """Trade, or spend the cash, within a limit near what comes of it."""
        token = self.wanted(index, place) or any_
        component, weth = self.reserves(token)
        if remaining:
            least = int(component * limit / 1000)
            self.do_trade_remaining(index, token, "trader", least)
            return
        unit, target = self.state["unit", index, token], 0
        if token in self.parts(index):
            target = self.target(index, token)
        size = mul_down(self.state["totalSupply", index], abs(unit - target))
        self.do_trade(index, token, "trader", int(size * limit * weth) // max(1, component))

    @rule(index=draws.mostly_alpha, by=draws.by_trader, limit=draws.limit)
    def trade_batch(self, index: str, by: str, limit: Fraction) -> None:
        """Trade several components in one transaction: all or none."""
        tokens = [token for token in self.by_need(index) if token != "gem"][:3]
        module, free = INDEX_MODULES[index], set[Key]()
        weth = int(10**21 * limit)
        limits = [weth if self.is_bought(index, token) else 0 for token in tokens]

        def expect() -> Changes:
            self.expect_trading(module, by)
            state, changes = self.state, dict[Key, int]()
            try:
                for token, most in zip(tokens, limits, strict=True):
                    _, one = self.expect_one(index, token, most, free)
                    changes |= one
                    self.state = state | changes
            finally:
                self.state = state
            return changes

        self.act(f"{module}.tradeBatch", tokens, limits, by=by, expect=expect, free=free)

    @rule(index=draws.mostly_alpha, by=draws.by_trader)
    def raise_targets(self, index: str, by: str) -> None:
        """Raise all targets."""
        self.do_raise(index, by)

    # ------------------------------------------------------------ how

    def do_trade(self, index: str, token: str, by: str, limit: int | None = None) -> bool:
        """Trade a component towards its target, within a limit if there is one {wei}."""
        module, old, swaps = INDEX_MODULES[index], self.state, list[Swap]()
        free: set[Key] = set()

        def expect() -> Changes:
            self.expect_trading(module, by)
            swap, changes = self.expect_one(index, token, limit, free)
            swaps.append(swap)
            return changes

        more = () if limit is None else (limit,)
        what = f"{module}.tradeWithLimit" if more else f"{module}.trade"
        done = self.act(what, token, *more, by=by, expect=expect, free=free)
        if done:
            self._after_trade(swaps[0], old, by, exact=True)
        return done

    def do_trade_remaining(self, index: str, token: str, by: str, least: int = 0) -> bool:
        """Spend all cash on one component, for at least so much of it."""
        module, old, swaps = INDEX_MODULES[index], self.state, list[Swap]()
        free: set[Key] = set()

        def expect() -> Changes:
            self.expect_trading(module, by)
            unsold = self.is_unfinished(index, buys_too=False)
            refuse_unless(not unsold, "Must sell all sellable tokens before can be called")
            self.expect_tradeable(module, token)
            wanted = self.wanted_swap(index, token)
            supply, unit = self.state["totalSupply", index], self.state["unit", index, "weth"]
            cash = self.state["balance", "weth", index]
            if supply and cash > mul_up(supply, unit + CASH_DUST):
                cash = mul_down(supply, unit)
            swaps.append(wanted)
            swap = Swap(index, "weth", token, True, cash, wanted.exchange)
            _, bought, changes = self.expect_trade(swap, free)
            within = wanted.sell == "weth" and bought < wanted.amount
            refuse_unless(within, "Trade size exceeds trade size limit")
            refuse_unless(bought >= least, "Bought below limit")
            return changes

        more = (least,) if least else ()
        what = f"{module}.tradeRemainingWETH{'WithLimit' if more else ''}"
        done = self.act(what, token, *more, by=by, expect=expect, free=free)
        if done:
            self._after_trade(swaps[0], old, by, exact=False)
        return done

    def _after_trade(self, swap: Swap, old: State, by: str, *, exact: bool) -> None:
        self.i_11_trader_was_allowed(swap.index, old, by)
        self.i_12_trade_is_bounded(swap, old, exact=exact)
        if self.is_guarded(swap.index):
            self.i_14_losses_are_within_the_budget(swap.index)

    @rule(index=draws.index, by=draws.by_trader)
    def end(self, index: str, by: str) -> None:
        """End a rebalance whose targets are met."""
        self.do_end(index, by)

    def do_end(self, index: str, by: str = "trader") -> bool:
        """End a rebalance whose targets are met."""
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self.expect_trader(module, by)
            met = not self.is_unfinished(index, buys_too=True)
            refuse_unless(met, "Targets must be met")
            return self.expect_end(module)

        return self.act(f"{module}.endRebalance", by=by, expect=expect)

    def do_raise(self, index: str, by: str) -> bool:
        """Raise all targets."""
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self.expect_trader(module, by)
            refuse_unless(self.phase[module] != "ended", "Rebalance has ended")
            met = not self.is_unfinished(index, buys_too=True)
            refuse_unless(met and self.state["unit", index, "weth"] > 0, MET)
            multiplier = self.state["positionMultiplier", module] * E18 // TARGET_RAISE
            return {("positionMultiplier", module): multiplier}

        return self.act(f"{module}.raiseAssetTargets", by=by, expect=expect)

    def i_11_trader_was_allowed(self, index: str, old: State, by: str) -> None:
        """I-11: who traded was allowed to, at that moment."""
        module = INDEX_MODULES[index]
        assert old["anyoneTrade", module] or old["trader", module, by], f"{by} traded {index}"

    def i_12_trade_is_bounded(self, swap: Swap, old: State, *, exact: bool) -> None:
        """I-12: towards the target and never across, by at most the largest size."""
        s, index, token = self.state, swap.index, swap.component
        module = INDEX_MODULES[index]
        before, after = old["unit", index, token], s["unit", index, token]
        target, supply = self.target(index, token), s["totalSupply", index]
        # What units stand for without being there leaves them with the trade: the balance counts.
        missing = max(0, mul_down(before, supply) - old["balance", token, index])
        # One base unit of a small supply is many per Set; a stored unit may read as one less.
        lost = -(-missing * E18 // supply) + 1
        grain = E18 // supply + 1
        if swap.buy == "weth":
            assert target - lost <= after <= before, f"{token}: {before} → {after} → {target}"
        else:
            low, high = before - lost, target + grain
            assert low <= after <= high, f"{token}: {before} → {after} → {target}"
        moved = abs(s["balance", token, index] - old["balance", token, index])
        assert moved <= s["size", module, token], f"{token}: moved {moved}"
        if exact:
            assert moved == swap.amount, f"{token}: moved {moved} instead of {swap.amount}"
