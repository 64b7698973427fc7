"""Streaming fees, and what the manager may do to them."""

from typing import Any

from hypothesis.stateful import rule

from invariants import draws
from invariants.holders import INITIALIZED, NOT_INITIALIZED
from invariants.market import TOKENS
from invariants.mirror import E18, inflation, mul_down, refuse_unless
from invariants.play import Changes, Play

NOT_MANAGER = "Must be the SetToken manager"


class Fees(Play):
    """Rules about fees."""

    protocol_share: int
    """D18{1}"""

    @rule(index=draws.mostly_alpha)
    def accrue(self, index: str) -> None:
        """Accrue, as a stranger."""
        self.do_accrue(index)

    @rule(index=draws.mostly_alpha, seconds=draws.seconds)
    def accrue_later(self, index: str, seconds: int) -> None:
        """Accrue after some time."""
        self.wait(seconds)
        self.do_accrue(index)

    def do_accrue(self, index: str) -> bool:
        """Accrue, as a stranger."""

        def expect() -> Changes:
            self._expect_initialized(index)
            return self.expect_accrual(index)

        old = self.state
        done = self.act("streaming_fee.accrueFee", index, by="stranger", expect=expect)
        if done:
            self.i_16_weights_stay(index, old)
        return done

    @draws.seldom(index=draws.index, fee=draws.fee, by=draws.by_manager)
    def update_fee(self, index: str, fee: int, by: str) -> None:
        """Set another fee, after an accrual."""
        by = self.boss(index, by)

        def expect() -> Changes:
            self.expect_manager(index, by)
            self._expect_initialized(index)
            refuse_unless(fee <= self.state["most_fee", index], "Fee must be less than max")
            return self.expect_accrual(index) | {("fee", index): fee}

        self.act("streaming_fee.updateStreamingFee", index, fee, by=by, expect=expect)

    @draws.seldom(index=draws.index, to=draws.holder, by=draws.by_manager)
    def update_recipient(self, index: str, to: str, by: str) -> None:
        """Have somebody else receive fees, after an accrual."""
        by = self.boss(index, by)

        def expect() -> Changes:
            self.expect_manager(index, by)
            self._expect_initialized(index)
            return self.expect_accrual(index) | {("recipient", index): self.word(to)}

        self.act("streaming_fee.updateFeeRecipient", index, to, by=by, expect=expect)

    @draws.seldom(share=draws.share)
    def update_protocol_share(self, share: int) -> None:
        """Give the protocol another share of fees to come."""
        what = "controller.editFee" if self.protocol_share else "controller.addFee"
        self.act(what, "streaming_fee", 0, share, by="owner", expect=dict)
        self.protocol_share = share

    # ------------------------------------------------------------ what is expected

    def boss(self, index: str, by: str) -> str:
        """Return who is meant: the manager is whoever manages the index."""
        return self.holder(("manager", index)) if by == "manager" else by

    def expect_manager(self, index: str, by: str) -> None:
        """Expect a refusal unless the caller manages the index."""
        refuse_unless(self.word(by) == self.state["manager", index], NOT_MANAGER)

    def _expect_initialized(self, index: str) -> None:
        state = self.state["module", index, "streaming_fee"]
        refuse_unless(state == INITIALIZED, NOT_INITIALIZED)

    def expect_accrual(self, index: str) -> Changes:
        """Return what an accrual changes.

        Raises
        ------
        RevertedError
            If a unit would read as 0.
        """
        s, time = self.state, self.time
        changes = {("accrued", index): time}
        if s["fee", index] == 0:
            return changes
        share = inflation(time - s["accrued", index], s["fee", index])
        minted = share * s["totalSupply", index] // (E18 - share)
        treasury = mul_down(minted, self.protocol_share)
        multiplier = mul_down(s["positionMultiplier", index], E18 - share)
        for token in TOKENS:
            unit = self.virtual[index, token]
            survives = unit == 0 or mul_down(unit, multiplier) > 0
            refuse_unless(survives, "New multiplier too small")
        changes["totalSupply", index] = s["totalSupply", index] + minted
        changes["positionMultiplier", index] = multiplier
        changes["collected", index] = s["collected", index] + minted - treasury
        for who, quantity in (
            (self.holder(("recipient", index)), minted - treasury),
            ("treasury", treasury),
        ):
            key = ("shares", index, who)
            changes[key] = changes.get(key, s[key]) + quantity
        for token in TOKENS:
            changes["unit", index, token] = self.unit_of(index, token, multiplier)
        return changes

    def i_16_weights_stay(self, index: str, old: Any) -> None:
        """I-16, I-08: units shrink alike, to within one; no share stands for more than before."""
        before, after = old["positionMultiplier", index], self.state["positionMultiplier", index]
        for token in TOKENS:
            unit, shrunk = old["unit", index, token], self.state["unit", index, token]
            assert shrunk <= unit, f"{token}: an accrual raised a unit"
            assert abs(shrunk * before - unit * after) <= before, f"{token}: {unit} → {shrunk}"
