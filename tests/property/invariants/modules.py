"""Modules that come and go, and managers who hand over."""

from typing import Any

from hypothesis import strategies as st

from invariants import draws
from invariants.holders import INITIALIZED, PENDING
from invariants.market import TOKENS, TRADED
from invariants.mirror import refuse_unless
from invariants.play import Changes
from invariants.rebalances import Rebalances
from invariants.system import INDEX_MODULES, INDEX_WORDS

NONE = 0


class Modules(Rebalances):
    """Rules for the modules of an index, and for who manages it."""

    @draws.seldom(
        index=draws.index,
        kind=st.sampled_from(["issuance", "streaming_fee", "index"]),
        by=draws.by_manager,
    )
    def remove_module(self, index: str, kind: str, by: str) -> None:
        """Remove a module."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index] if kind == "index" else kind

        def expect() -> Changes:
            refuse_unless(self.word(by) == self.state["manager", index], "Only manager can call")
            state = self.state["module", index, module]
            refuse_unless(state == INITIALIZED, "Module must be added")
            stays = module == "issuance"
            refuse_unless(not stays, "The BasicIssuanceModule module cannot be removed")
            changes: Changes = {("module", index, module): NONE}
            if module == "streaming_fee":
                words = ("recipient", "most_fee", "fee", "accrued")
                return changes | {(word, index): 0 for word in words}
            return changes | self._forgotten(module)

        self.act(f"{index}.removeModule", module, by=by, expect=expect)

    @draws.seldom(
        index=draws.index,
        kind=st.sampled_from(["issuance", "streaming_fee", "index"]),
        by=draws.by_manager,
    )
    def add_module(self, index: str, kind: str, by: str) -> None:
        """Let a module in again."""
        self.do_add(index, INDEX_MODULES[index] if kind == "index" else kind, by)

    def do_add(self, index: str, module: str, by: str = "manager") -> bool:
        """Let a module in."""
        by = self.boss(index, by)

        def expect() -> Changes:
            refuse_unless(self.word(by) == self.state["manager", index], "Only manager can call")
            absent = self.state["module", index, module] == NONE
            refuse_unless(absent, "Module must not be added")
            return {("module", index, module): PENDING}

        return self.act(f"{index}.addModule", module, by=by, expect=expect)

    @draws.seldom(index=draws.index, fee=draws.fee, by=draws.by_manager)
    def initialize_fee(self, index: str, fee: int, by: str) -> None:
        """Initialise the fee module."""
        self.do_initialize_fee(index, fee, by)

    def do_initialize_fee(self, index: str, fee: int, by: str = "manager") -> bool:
        """Initialise the fee module."""
        by = self.boss(index, by)

        def expect() -> Changes:
            self._expect_pending(index, "streaming_fee", by)
            refuse_unless(fee <= draws.MOST_FEE, "Fee must be <= max.")
            return {
                ("module", index, "streaming_fee"): INITIALIZED,
                ("recipient", index): self.word("collector"),
                ("most_fee", index): draws.MOST_FEE,
                ("fee", index): fee,
                ("accrued", index): self.time,
            }

        settings = ("collector", draws.MOST_FEE, fee, 0)
        what = "streaming_fee.initialize"
        return self.act(what, index, settings, by=by, expect=expect)

    @draws.seldom(index=draws.index, by=draws.by_manager)
    def initialize_index(self, index: str, by: str) -> None:
        """Initialise the index module: it knows nothing of an earlier time (I-18)."""
        self.do_initialize_index(index, by)

    def do_initialize_index(self, index: str, by: str = "manager") -> bool:
        """Initialise the index module."""
        by = self.boss(index, by)
        module = INDEX_MODULES[index]

        def expect() -> Changes:
            self._expect_pending(index, module, by)
            changes: Changes = {("target", module, t): self.state["unit", index, t] for t in TOKENS}
            changes["index", module] = self.word(index)
            changes["rebalanceNonce", module] = self.state["rebalanceNonce", module] + 1
            changes["module", index, module] = INITIALIZED
            return changes

        done = self.act(f"{module}.initialize", index, by=by, expect=expect)
        if done:
            self.i_18_module_starts_afresh(index)
        return done

    def i_18_module_starts_afresh(self, index: str) -> None:
        """I-18: an index module knows nothing of its last index but the count of rebalances."""
        s, module = self.state, INDEX_MODULES[index]
        for token in TOKENS:
            assert s["target", module, token] == s["unit", index, token]
            for word in ("size", "pause", "last", "exchange"):
                assert s[word, module, token] == 0, f"{word} of {token} is left"
        for word in ("positionMultiplier", "anyoneTrade", "deadline", "guard", "parts"):
            assert s[word, module] == 0, f"{word} is left"
        assert s["trader", module, "trader"] == 0

    @draws.seldom(
        index=draws.index, to=st.sampled_from(["manager", "successor"]), by=draws.by_manager
    )
    def hand_over(self, index: str, to: str, by: str) -> None:
        """Hand an index over, or take it back."""
        self.do_hand_over(index, to, by)

    def do_hand_over(self, index: str, to: str, by: str) -> bool:
        """Hand an index over."""
        by = self.boss(index, by)

        def expect() -> Changes:
            refuse_unless(self.word(by) == self.state["manager", index], "Only manager can call")
            return {("manager", index): self.word(to)}

        return self.act(f"{index}.setManager", to, by=by, expect=expect)

    # ------------------------------------------------------------ what is expected

    def _expect_pending(self, index: str, module: str, by: str) -> None:
        self.expect_manager(index, by)
        pending = self.state["module", index, module] == PENDING
        refuse_unless(pending, "Must be pending initialization")

    def _forgotten(self, module: str) -> Changes:
        """Return what changes when an index module forgets its index."""
        words: tuple[Any, ...] = ("target", "size", "pause", "last", "exchange")
        changes: Changes = {(word, module, token): 0 for word in words for token in TOKENS}
        changes |= {("trader", module, who): 0 for who in ("trader", "stranger")}
        for word in INDEX_WORDS:
            changes[word, module] = 0
        changes["rebalanceNonce", module] = self.state["rebalanceNonce", module] + 1
        self.phase[module] = ""
        self.participants[module] = set()
        self.listed[module] = []
        for token in TRADED:
            self.traded.pop((module, token), None)
        return changes | self.part_changes(module)
