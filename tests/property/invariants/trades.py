"""Trades: what each must lead to, and the rules that make them."""

from fractions import Fraction

from hypothesis.stateful import rule

from invariants import draws
from invariants.market import TRADED
from invariants.mirror import (
    CASH_DUST,
    E18,
    TARGET_RAISE,
    UNIT_TOLERANCE,
    mul_down,
    mul_up,
    refuse_unless,
    unit_after,
    virtual,
)
from invariants.play import Changes, State
from invariants.system import INDEX_MODULES
from invariants.venues import Key, Swap, Venues

MET = "Targets must be met and ETH remaining in order to raise target"


class Trades(Venues):
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

    @rule(index=draws.mostly_alpha, by=draws.by_trader)
    def raise_targets(self, index: str, by: str) -> None:
        """Raise all targets."""
        self.do_raise(index, by)

    # ------------------------------------------------------------ how

    def do_trade(self, index: str, token: str, by: str) -> bool:
        """Trade a component towards its target."""
        module, old, swaps = INDEX_MODULES[index], self.state, list[Swap]()
        free: set[Key] = set()

        def expect() -> Changes:
            self._expect_trader(module, by)
            self._expect_tradeable(module, token)
            swap = self._wanted_swap(index, token)
            swaps.append(swap)
            _, _, changes = self._expect_trade(swap, free)
            return changes

        done = self.act(f"{module}.trade", token, by=by, expect=expect, free=free)
        if done:
            self._i_12_trade_is_bounded(swaps[0], old, exact=True)
        return done

    def do_trade_remaining(self, index: str, token: str, by: str) -> bool:
        """Spend all cash on one component."""
        module, old, swaps = INDEX_MODULES[index], self.state, list[Swap]()
        free: set[Key] = set()

        def expect() -> Changes:
            self._expect_trader(module, by)
            unsold = self.is_unfinished(index, buys_too=False)
            refuse_unless(not unsold, "Must sell all sellable tokens before can be called")
            self._expect_tradeable(module, token)
            wanted = self._wanted_swap(index, token)
            supply, unit = self.state["totalSupply", index], self.state["unit", index, "weth"]
            cash = self.state["balance", "weth", index]
            if cash > mul_up(supply, unit + CASH_DUST):
                cash = mul_down(supply, unit)
            swap = Swap(index, "weth", token, True, cash, wanted.exchange)
            swaps.append(wanted)
            before = self._remember(index, token)
            _, bought, changes = self._expect_trade(swap, free)
            if wanted.sell != "weth" or bought >= wanted.amount:
                self._put_back(index, token, before)
                refuse_unless(False, "Trade size exceeds trade size limit")
            return changes

        what = f"{module}.tradeRemainingWETH"
        done = self.act(what, token, by=by, expect=expect, free=free)
        if done:
            self._i_12_trade_is_bounded(swaps[0], old, exact=False)
        return done

    def do_raise(self, index: str, by: str) -> bool:
        """Raise all targets."""
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_trader(module, by, account=False)
            met = not self.is_unfinished(index, buys_too=True)
            refuse_unless(met and self.state["unit", index, "weth"] > 0, MET)
            multiplier = self.state["positionMultiplier", module] * E18 // TARGET_RAISE
            return {("positionMultiplier", module): multiplier}

        return self.act(f"{module}.raiseAssetTargets", by=by, expect=expect)

    # ------------------------------------------------------------ needs

    def target(self, index: str, token: str) -> int:
        """Return a component's target at the index's present multiplier, D18{comp/set}."""
        module = INDEX_MODULES[index]
        multiplier = self.state["positionMultiplier", index]
        made_for = self.state["positionMultiplier", module]
        return self.state["target", module, token] * multiplier // made_for

    def parts(self, index: str) -> list[str]:
        """Return who takes part in the rebalance."""
        module = INDEX_MODULES[index]
        return self.system.named(self.state, "part", module, self.state["parts", module])

    def by_need(self, index: str) -> list[str]:
        """Return who takes part: what is to be sold first, by the share that is missing."""

        def missing(token: str) -> Fraction:
            have, want = self.state["unit", index, token], self.target(index, token)
            return Fraction(want - have, max(want, have, 1))

        return sorted(self.parts(index), key=missing)

    def wanted(self, index: str, place: int) -> str:
        """Return a component that is not at its target; nothing if there is none."""
        names = [
            token
            for token in self.by_need(index)
            if self.target(index, token) != self.state["unit", index, token]
        ]
        return names[place % len(names)] if names else ""

    def is_unfinished(self, index: str, *, buys_too: bool) -> bool:
        """Return whether something is to be sold, or, if purchases count, to be bought."""
        for token in self.parts(index):
            unit, target = self.state["unit", index, token], self.target(index, token)
            if unit > target + UNIT_TOLERANCE or (buys_too and target > unit + UNIT_TOLERANCE):
                return True
        return False

    # ------------------------------------------------------------ what is expected

    def _expect_trader(self, module: str, by: str, *, account: bool = True) -> None:
        """Expect a refusal of anyone who is not allowed to trade (I-11)."""
        allowed = self.state["anyoneTrade", module] or self.state.get(("trader", module, by), 0)
        refuse_unless(bool(allowed), "Address not permitted to trade")

    def _expect_tradeable(self, module: str, token: str) -> None:
        s = self.state
        part = token in self.participants[module]
        refuse_unless(part, "Passed component not included in rebalance")
        refuse_unless(s["exchange", module, token] != 0, "Exchange must be specified")
        pause = s["pause", module, token]
        elapsed = self.traded.get((module, token), 0) + pause <= self.time
        refuse_unless(elapsed, "Cool off period has not elapsed.")

    def _wanted_swap(self, index: str, token: str) -> Swap:
        s, module = self.state, INDEX_MODULES[index]
        unit, target, supply = (
            s["unit", index, token],
            self.target(index, token),
            s["totalSupply", index],
        )
        refuse_unless(unit != target, "Target already met")
        held, want = mul_down(supply, unit), mul_up(supply, target)
        most, exchange = s["size", module, token], s["exchange", module, token]
        if want > held:
            return Swap(index, "weth", token, False, min(most, want - held), exchange)
        return Swap(index, token, "weth", True, min(most, held - want), exchange)

    def _expect_trade(self, swap: Swap, free: set[Key]) -> tuple[int, int, Changes]:
        """Return what is sold and bought, and everything that changes."""
        s, index, module = self.state, swap.index, INDEX_MODULES[swap.index]
        sold, bought, changes, unknown = self.expect_swap(swap)
        supply = s["totalSupply", index]
        after = {
            swap.sell: s["balance", swap.sell, index] - sold,
            swap.buy: s["balance", swap.buy, index] + bought,
        }
        multiplier, stored = s["positionMultiplier", index], {}
        for token, balance in after.items():
            before, unit = s["balance", token, index], s["unit", index, token]
            stored[token] = unit_after(supply, before, balance, unit)
        stored = {token: virtual(unit, multiplier) for token, unit in stored.items()}

        free |= unknown
        names = self.components(index)
        for token, unit in stored.items():
            self.virtual[index, token] = unit
            self.slack[index, token] = 0
            changes["balance", token, index] = after[token]
            changes["unit", index, token] = self.unit_of(index, token)
            _keep_in_step(names, token, unit > 0)
            changes["listed", index, token] = token in names
        component = swap.component
        if component not in names and component not in self.listed[module]:
            self.listed[module].append(component)
        self.traded[module, component] = self.time
        changes["last", module, component] = self.time
        changes |= self.list_changes(index, names) | self.part_changes(module, names)
        return sold, bought, changes

    def _remember(self, index: str, token: str) -> list[object]:
        module, pairs = INDEX_MODULES[index], [(index, token), (index, "weth")]
        units = [(pair, self.virtual[pair], self.slack[pair]) for pair in pairs]
        return [units, list(self.listed[module]), self.traded.get((module, token))]

    def _put_back(self, index: str, token: str, before: list[object]) -> None:
        module = INDEX_MODULES[index]
        units, listed, traded = before
        for pair, unit, slack in units:  # type: ignore[attr-defined]
            self.virtual[pair], self.slack[pair] = unit, slack
        self.listed[module] = listed  # type: ignore[assignment]
        self.traded.pop((module, token))
        if traded is not None:
            self.traded[module, token] = traded  # type: ignore[assignment]

    def _i_12_trade_is_bounded(self, swap: Swap, old: State, *, exact: bool) -> None:
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


def _keep_in_step(names: list[str], token: str, has_unit: bool) -> None:
    """Put a token on a list or take it off; the last one takes its place."""
    if has_unit and token not in names:
        names.append(token)
    elif not has_unit and token in names:
        place, last = names.index(token), names.pop()
        if last != token:
            names[place] = last


__all__ = ["TRADED", "Trades"]
