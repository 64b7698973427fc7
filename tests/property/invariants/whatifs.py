"""What would happen if …: tried on the chain as it is, compared, and undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invariants import draws
from invariants.everyone import Everyone
from invariants.holders import INITIALIZED
from invariants.market import TOKENS
from invariants.mirror import YEAR_S
from invariants.play import State
from invariants.system import INDEX_MODULES
from invariants.venues import BALANCER

WHO = "stranger"


class WhatIfs(Everyone):
    """Rules that change nothing."""

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Undo whatever is done."""
        chain, memory = self.node.snapshot(), self.memory()
        kept = (self.words, self.state, self.delay, self.pace)
        yield
        self.put_back(chain)
        self.recall(memory)
        self.words, self.state, self.delay, self.pace = kept

    @rule(
        index=draws.mostly_alpha, quantity=draws.mostly_usual, more=draws.amount, late=st.booleans()
    )
    def i_06_round_trips_cost(self, index: str, quantity: int, more: int, late: bool) -> None:
        """I-06: who issues and redeems ends with more of nothing."""
        with self.aside():
            before = self.state
            if not self.do_issue(index, WHO, WHO, quantity):
                return self._nothing()
            first, rest = min(more, quantity), max(0, quantity - more)
            self.do_issue(index, WHO, WHO, more)
            if late and self.state["module", index, "streaming_fee"] == INITIALIZED:
                self.wait(3600)
                self.do_accrue(index)
            self.do_redeem(index, WHO, WHO, first)
            self.do_redeem(index, WHO, WHO, rest)
            self.do_redeem(index, WHO, WHO, more)
            gains = {token: self._gain(before, token) for token in TOKENS}
            assert all(gain <= 0 for gain in gains.values()), f"issued and redeemed: {gains}"
        return None

    @rule(index=draws.mostly_alpha, quantity=draws.mostly_usual, share=draws.part)
    def i_07_splitting_never_pays(self, index: str, quantity: int, share: Fraction) -> None:
        """I-07: two issues cost no less than one, two redemptions pay no more than one."""
        part = max(1, int(quantity * share))
        whole, rest = max(quantity, part + 1), max(quantity, part + 1) - part
        for function in (self.do_issue, self.do_redeem):
            with self.aside():
                if not self.do_issue(index, WHO, WHO, whole):
                    return self._nothing()
                if not function(index, WHO, WHO, whole):
                    return self._nothing()
                at_once = self._balances()
            with self.aside():
                self.do_issue(index, WHO, WHO, whole)
                done = function(index, WHO, WHO, part) and function(index, WHO, WHO, rest)
                if done:
                    split = self._balances()
                    assert all(split[token] <= at_once[token] for token in TOKENS), split
        return None

    @rule(index=draws.mostly_alpha, times=st.integers(2, 5), seconds=draws.seconds)
    def i_08_accruals_add_up(self, index: str, times: int, seconds: int) -> None:
        """I-08: twice at once is once; many accruals are one, but for compounding."""
        s = self.state
        if s["module", index, "streaming_fee"] != INITIALIZED:
            return None
        multipliers = []
        for parts in (1, times):
            with self.aside():
                if not self.do_accrue(index):
                    return self._nothing()
                base = self.state["positionMultiplier", index]
                with self.same_second():
                    for place in range(parts):
                        self.wait(seconds * (place + 1) // parts - seconds * place // parts)
                        if not self.do_accrue(index):
                            return self._nothing()
                    once = self.state
                    self.do_accrue(index)
                changed = {key for key, value in self.state.items() if value != once[key]}
                assert changed <= {("block",)}, f"accrued twice at once: {changed}"
                multipliers.append(Fraction(self.state["positionMultiplier", index], base))
        at_once, in_parts = multipliers
        inflation = Fraction(seconds * s["fee", index], YEAR_S * 10**18)
        grain = Fraction(2 * times, base) + Fraction(2 * times, 10**18)
        if inflation < Fraction(9, 10):
            assert -grain <= in_parts - at_once <= inflation**2 / 2 + grain, (at_once, in_parts)
        return None

    @rule(index=draws.mostly_alpha, place=draws.place, quantity=draws.usual)
    def i_17_no_profit_around_a_trade(self, index: str, place: int, quantity: int) -> None:
        """I-17: who issues before a trade and redeems after it gains nothing at prices before."""
        token = self.wanted(index, place)
        if not token or self.state["exchange", INDEX_MODULES[index], token] in (0, BALANCER):
            return None
        component, weth = self.reserves(token)
        if not component:
            return None
        with self.aside():
            before = self.state
            if not self.do_issue(index, WHO, WHO, quantity):
                return self._nothing()
            if not self.do_trade(index, token, "trader"):
                return self._nothing()
            if not self.do_redeem(index, WHO, WHO, quantity):
                return self._nothing()
            gain = {name: self._gain(before, name) for name in TOKENS}
            value = gain.pop("weth") + gain.pop(token) * Fraction(weth, component)
            assert value <= 0, f"gained {float(value)} wei around a trade of {token}"
            assert all(one <= 0 for one in gain.values()), gain
        return None

    # ------------------------------------------------------------ how

    def _balances(self) -> dict[str, int]:
        return {token: self.state["balance", token, WHO] for token in TOKENS}

    def _gain(self, before: State, token: str) -> int:
        return self.state["balance", token, WHO] - before["balance", token, WHO]

    def _nothing(self) -> None:
        """Say that there was nothing to compare."""
        self.count["nothing to compare"] += 1
