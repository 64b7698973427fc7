"""Starting rebalances and setting their terms; modules that come and go; a manager who moves."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invariants import draws
from invariants.fees import Fees
from invariants.holders import INITIALIZED, NOT_INITIALIZED
from invariants.market import EXCHANGE_OF, TRADED, TRAITS
from invariants.mirror import RevertedError, mul_down, refuse_unless
from invariants.play import Changes
from invariants.system import INDEX_MODULES, ZERO
from invariants.trades import Trades

DRIFT = 2 * 10**16


class Rebalances(Fees, Trades):
    """Rules for the manager of an index and its module."""

    @rule(
        index=draws.mostly_alpha,
        factors=draws.factors,
        new=draws.new,
        by=draws.by_manager,
        drift=st.sampled_from([1000, 1000, 1000, 981, 1019, 979, 1021]),
        cash=st.sampled_from([0, 0, 0, 0, 1]),
        terms=st.sampled_from([None, None, None, (1, 0), (1, 10**4), (1, 10**5), (1, -1), (2, 9)]),
    )
    def start(
        self,
        index: str,
        factors: list[Fraction],
        new: list[str],
        by: str,
        drift: int,
        cash: int,
        terms: tuple[int, int] | None,
    ) -> None:
        """Start a rebalance, whatever is under way; for some time, if there are terms."""
        held = self.components(index)
        old = [int(self.state["unit", index, t] * f) for t, f in zip(held, factors, strict=False)]
        if "weth" in held:
            old[held.index("weth")] *= cash
        targets = [0 if token == "weth" else TRAITS[token].unit for token in new]
        multiplier = self.state["positionMultiplier", index] * drift // 1000
        if terms is not None:
            ahead, left = terms
            nonce = self.state["rebalanceNonce", INDEX_MODULES[index]] + ahead
            terms = nonce, self.time + left if left else 0
        self.do_start(index, new, targets, old, multiplier, by, terms)

    def do_start(
        self,
        index: str,
        new: Sequence[str],
        targets: Sequence[int],
        old: Sequence[int],
        multiplier: int,
        by: str = "manager",
        terms: tuple[int, int] | None = None,
    ) -> bool:
        """Start a rebalance, with a nonce and a deadline {s} if they are given."""
        by = self.boss(index, by)
        module, held = INDEX_MODULES[index], self.components(index)

        def expect() -> Changes:
            nonce = self.state["rebalanceNonce", module] + 1
            self._expect_served(module, by)
            if terms is not None:
                refuse_unless(terms[0] == nonce, "Wrong rebalance nonce")
                refuse_unless(terms[1] == 0 or terms[1] > self.time, "Deadline has passed")
            refuse_unless(len(held) + len(new) > 0, "A is empty")
            taking = dict(zip(held, old, strict=True))
            cash = taking.pop("weth", 0)
            for token, target in zip(new, targets, strict=True):
                once = token not in taking and (
                    token != "weth" or (cash == 0 and "weth" not in held)
                )
                refuse_unless(
                    once and not (token == "weth" and new.count("weth") > 1),
                    "Cannot duplicate components",
                )
                if token == "weth":
                    cash = 1
                else:
                    taking[token] = target
            refuse_unless(cash == 0, "WETH cannot be an index component")
            live = self.state["positionMultiplier", index]
            drift = mul_down(live, DRIFT)
            within = live - drift <= multiplier <= live + drift
            refuse_unless(within, "Position multiplier out of bounds")

            self.participants[module] = set(taking)
            self.listed[module] = list(new)
            changes: Changes = {("target", module, token): unit for token, unit in taking.items()}
            if "weth" in held:
                changes["target", module, "weth"] = 0
            changes["positionMultiplier", module] = multiplier
            changes["rebalanceNonce", module] = nonce
            changes["deadline", module] = terms[1] if terms else 0
            self.phase[module] = "under way"
            return changes | self.part_changes(module)

        plan = (list(new), list(targets), list(old), multiplier)
        what = f"{module}.startRebalance{'WithDeadline' if terms else ''}"
        return self.act(what, *plan, *(terms or ()), by=by, expect=expect)

    @rule(index=draws.index, by=draws.by_manager)
    def cancel(self, index: str, by: str) -> None:
        """Cancel a rebalance."""
        self.do_cancel(index, by)

    def do_cancel(self, index: str, by: str = "manager") -> bool:
        """Cancel a rebalance."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_served(module, by)
            return self.expect_end(module)

        return self.act(f"{module}.cancelRebalance", by=by, expect=expect)

    @draws.seldom(
        index=draws.index,
        to=st.sampled_from(["guard", "guard", "guard", ZERO]),
        by=draws.by_manager,
    )
    def set_guard(self, index: str, to: str, by: str) -> None:
        """Have a guard judge an index's trades, or nobody."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_served(module, by)
            return {("guard", module): self.word(to)}

        self.act(f"{module}.setGuard", to, by=by, expect=expect)

    # ------------------------------------------------------------ terms of trade

    @draws.seldom(index=draws.index, token=draws.traded, size=draws.amount, by=draws.by_manager)
    def limit_size(self, index: str, token: str, size: int, by: str) -> None:
        """Limit the size of one component's trades."""
        self.do_set(index, "setTradeMaximums", "size", {token: size}, by)

    @draws.seldom(index=draws.index)
    def no_limits(self, index: str) -> None:
        """Lift all limits."""
        self.do_set(index, "setTradeMaximums", "size", dict.fromkeys(TRADED, 2**128), "manager")

    @draws.seldom(
        index=draws.index, token=draws.traded, exchange=st.integers(0, 4), by=draws.by_manager
    )
    def exchange(self, index: str, token: str, exchange: int, by: str) -> None:
        """Send a component to another exchange, mostly one without a pool."""
        self.do_set(index, "setExchanges", "exchange", {token: exchange}, by)

    @draws.seldom(index=draws.index)
    def usual_exchanges(self, index: str) -> None:
        """Send all components to where they trade."""
        self.do_set(index, "setExchanges", "exchange", EXCHANGE_OF, "manager")

    @draws.seldom(
        index=draws.index,
        token=draws.traded,
        pause=st.sampled_from([0, 13, 14, 600]),
        by=draws.by_manager,
    )
    def cool_off(self, index: str, token: str, pause: int, by: str) -> None:
        """Set the least time between a component's trades."""
        self.do_set(index, "setCoolOffPeriods", "pause", {token: pause}, by)

    def do_set(self, index: str, function: str, word: str, values: dict[str, int], by: str) -> bool:
        """Set one of the terms for some components."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_served(module, by)
            known = word != "exchange" or max(values.values()) <= 3
            refuse_unless(known, "Unrecognized exchange identifier")
            return {(word, module, token): value for token, value in values.items()}

        arguments = (list(values), list(values.values()))
        return self.act(f"{module}.{function}", *arguments, by=by, expect=expect)

    @draws.seldom(
        index=draws.index,
        who=st.sampled_from(["trader", "trader", "stranger"]),
        allowed=st.booleans(),
        by=draws.by_manager,
    )
    def trader(self, index: str, who: str, allowed: bool, by: str) -> None:
        """Allow or forbid somebody to trade."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_served(module, by)
            return {("trader", module, who): int(allowed)}

        arguments = ([who], [allowed])
        self.act(f"{module}.updateTraderStatus", *arguments, by=by, expect=expect)

    @draws.seldom(index=draws.index, everyone=st.booleans(), by=draws.by_manager)
    def anyone(self, index: str, everyone: bool, by: str) -> None:
        """Let everyone trade, or not."""
        self.do_anyone(index, everyone, by)

    def do_anyone(self, index: str, everyone: bool, by: str = "manager") -> bool:
        """Let everyone trade, or not."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_served(module, by)
            return {("anyoneTrade", module): int(everyone)}

        return self.act(f"{module}.updateAnyoneTrade", everyone, by=by, expect=expect)

    # ------------------------------------------------------------ what is expected

    def _expect_served(self, module: str, by: str) -> None:
        """Expect a refusal unless the module serves an index that the caller manages."""
        index = self.holder(("index", module))
        if not index:
            raise RevertedError("")
        self.expect_manager(index, by)
        state = self.state["module", index, module]
        refuse_unless(state == INITIALIZED, NOT_INITIALIZED)
