"""From wherever a history ends: the rebalance is closed, and everybody can leave (I-15)."""

from invariants.everyone import Everyone
from invariants.market import TOKENS
from invariants.system import HOLDERS, INDEX_MODULES, WINDOW_S

RENOUNCED = "0x" + "00" * 19 + "01"
"""An account without a key."""


class Closing(Everyone):
    """The closing procedure of docs/INVARIANTS.md, step by step."""

    def close(self, index: str) -> None:
        """Finish or cancel, start anew, renounce, redeem everything, collect, issue again."""
        self.i_15_rebalance_can_be_closed(index)
        self.i_24_everybody_can_leave(index)
        self.i_10_nothing_is_left_behind(index)

    def i_15_rebalance_can_be_closed(self, index: str) -> None:
        """I-15: finish or cancel from every state; then a new rebalance can start (R-09)."""
        module = INDEX_MODULES[index]
        self.serve(index)
        self.do_accrue(index)
        self.do_usual(index)
        if self.phase[module] == "under way":
            if self.is_guarded(index):
                self.do_observe()
                self.wait(WINDOW_S)
            tokens = self.by_need(index)
            for token in tokens:
                self.do_trade(index, token, "trader")
            for token in reversed(tokens):
                if self.do_trade_remaining(index, token, "trader"):
                    break
            if self.is_unfinished(index, buys_too=True):
                assert self.do_cancel(index), "a rebalance can always be cancelled"
            else:
                assert self.do_end(index), "a rebalance that met its targets can end"
        held = self.components(index)
        if held:
            units = [self.state["unit", index, token] * (token != "weth") for token in held]
            multiplier = self.state["positionMultiplier", index]
            started = self.do_start(index, [], [], units, multiplier)
            assert started, "a new rebalance can always start"

    def i_24_everybody_can_leave(self, index: str) -> None:
        """I-24: without a manager, and with a component frozen, everybody redeems everything."""
        if self.state["module", index, "streaming_fee"] == 2:
            self.do_accrue(index)
        assert self.do_hand_over(index, RENOUNCED, "manager")
        for holder in HOLDERS:
            shares = self.state["shares", index, holder]
            if shares and not self.do_redeem(index, holder, "heir", shares):
                left = self.do_redeem_frozen(index, holder, "heir", shares)
                assert left, "redemption is always open"
        assert self.state["totalSupply", index] == 0

    def i_10_nothing_is_left_behind(self, index: str) -> None:
        """I-10: without supply only claims are owed, nothing trades; it can be issued anew."""
        if self.paused:
            self.pause()
        for token in TOKENS:
            for holder in HOLDERS:
                claim = self.state["claim", index, token, holder]
                if claim and not self.do_collect(index, token, holder):
                    collected = self.do_collect(index, token, holder, claim)
                    assert collected, "claims can be collected"
            assert self.state["claims", index, token] == 0
        module = INDEX_MODULES[index]
        for token in self.parts(index)[:1]:
            assert not self.do_trade(index, token, "trader"), "there is nothing to trade"
        if self.state["module", index, "streaming_fee"] == 2:
            self.do_accrue(index)
        units = {token: self.state["unit", index, token] for token in TOKENS}
        assert self.do_issue(index, "issuer", "issuer", 10**18)
        assert self.do_redeem(index, "issuer", "issuer", 10**18)
        assert units == {token: self.state["unit", index, token] for token in TOKENS}, module
