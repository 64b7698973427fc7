"""Issuing, redeeming, transferring, donating."""

from fractions import Fraction
from typing import Any

from hypothesis.stateful import rule

from invariants import draws
from invariants.market import TOKENS, TRAITS
from invariants.mirror import mul_down, mul_up, refuse_unless
from invariants.play import Changes, Play

NOT_INITIALIZED = "Must be a valid and initialized SetToken"
PENDING, INITIALIZED = 1, 2
SHORT = "ERC20: transfer amount exceeds balance"
PAUSED = "Transfers are paused"


class Holders(Play):
    """Rules for those who hold the indices, and for strangers with gifts."""

    paused: bool
    """Whether ``ice`` is."""

    @rule(index=draws.mostly_alpha, by=draws.issuer, to=draws.holder, quantity=draws.mostly_usual)
    def issue(self, index: str, by: str, to: str, quantity: int) -> None:
        """Issue any quantity to anyone."""
        self.do_issue(index, by, to, quantity)

    def do_issue(self, index: str, by: str, to: str, quantity: int) -> bool:
        """Issue."""

        def expect() -> Changes:
            self._expect_open(index, quantity, "Issue")
            changes = self._minted(index, to, quantity)
            for token in self.components(index):
                amount = mul_up(self.state["unit", index, token], quantity)
                self.expect_transfer(
                    token, by, index, amount, changes, "SafeERC20: low-level call failed"
                )
            for token in self.components(index):
                self._take_fraction(index, token, quantity)
            return changes

        return self.act("issuance.issue", index, quantity, to, by=by, expect=expect)

    @rule(index=draws.mostly_alpha, by=draws.holder, to=draws.issuer, quantity=draws.amount)
    def redeem(self, index: str, by: str, to: str, quantity: int) -> None:
        """Redeem any quantity, held or not."""
        self.do_redeem(index, by, to, quantity)

    @rule(index=draws.mostly_alpha, by=draws.holder, to=draws.issuer, share=draws.part)
    def redeem_part(self, index: str, by: str, to: str, share: Fraction) -> None:
        """Redeem a part of what is held, up to all of it."""
        self.do_redeem(index, by, to, int(self.state["shares", index, by] * share))

    def do_redeem(self, index: str, by: str, to: str, quantity: int) -> bool:
        """Redeem."""

        def expect() -> Changes:
            self._expect_open(index, quantity, "Redeem")
            held = self.state["shares", index, by]
            refuse_unless(quantity <= held, "ERC20: burn amount exceeds balance")
            changes = self._minted(index, by, -quantity)
            reason = "Address: low-level call with value failed"
            for token in self.components(index):
                amount = mul_down(self.state["unit", index, token], quantity)
                self.expect_transfer(token, index, to, amount, changes, reason)
            for token in self.components(index):
                self._take_fraction(index, token, -quantity)
            return changes

        return self.act("issuance.redeem", index, quantity, to, by=by, expect=expect)

    @draws.seldom(index=draws.index, by=draws.holder, to=draws.holder, share=draws.part)
    def transfer(self, index: str, by: str, to: str, share: Fraction) -> None:
        """Transfer a part of what is held."""
        quantity = int(self.state["shares", index, by] * share)

        def expect() -> Changes:
            if by == to:
                return {}
            return {
                ("shares", index, by): self.state["shares", index, by] - quantity,
                ("shares", index, to): self.state["shares", index, to] + quantity,
            }

        self.act(f"{index}.transfer", to, quantity, by=by, expect=expect)

    @rule(index=draws.index, token=draws.token, by=draws.issuer, quantity=draws.amount)
    def donate(self, index: str, token: str, by: str, quantity: int) -> None:
        """Give an index any token: no unit changes, and nobody is paid (I-09)."""
        if token == "weth":
            quantity %= 10**21

        def expect() -> Changes:
            changes: Changes = {}
            self.expect_transfer(token, by, index, quantity, changes, "")
            return changes

        self.act(f"{token}.transfer", index, quantity, by=by, expect=expect)

    @draws.seldom(index=draws.index, quantity=draws.usual)
    def donate_ether(self, index: str, quantity: int) -> None:
        """Give an index ether (I-09)."""
        self.node.ask("anvil_setBalance", self.system.address("stranger"), hex(quantity))
        before = self.state["ether", index]
        self._send("stranger", self.system.address(index), b"", quantity, "ether")
        self._compare({("ether", index): before + quantity}, set(), "ether")

    @draws.seldom()
    def pause(self) -> None:
        """Pause a component, or let it go on."""
        paused = not self.paused
        self.act("ice.pause", paused, by="owner", expect=dict)
        self.paused = paused

    @rule(seconds=draws.seconds)
    def pass_time(self, seconds: int) -> None:
        """Let time pass."""
        self.wait(seconds)

    # ------------------------------------------------------------ what is expected

    def _expect_open(self, index: str, quantity: int, what: str) -> None:
        state = self.state["module", index, "issuance"]
        refuse_unless(state == INITIALIZED, NOT_INITIALIZED)
        refuse_unless(quantity > 0, f"{what} quantity must be > 0")

    def _minted(self, index: str, to: str, quantity: int) -> Changes:
        return {
            ("totalSupply", index): self.state["totalSupply", index] + quantity,
            ("shares", index, to): self.state["shares", index, to] + quantity,
        }

    def _take_fraction(self, index: str, token: str, quantity: int) -> None:
        """Remember what issuance rounds off a unit: neither paid nor, by redeemers, received."""
        exact = self.virtual[index, token] * self.state["positionMultiplier", index]
        self.slack[index, token] += exact % 10**18 * quantity

    def expect_transfer(
        self, token: str, of: str, to: str, amount: int, changes: Changes, bare: str
    ) -> None:
        """Add a transfer to what changes; 0 moves nothing.

        Parameters
        ----------
        token, of, to, amount
            The transfer.
        changes
            So far; transfers add up.
        bare
            What a failure without a reason is told as.
        """
        if amount == 0:
            return
        refuse_unless(token != "ice" or not self.paused, PAUSED)
        keys = ("balance", token, of), ("balance", token, to)
        has = changes.get(keys[0], self.state[keys[0]])
        plain = token in TRAITS and not TRAITS[token].is_hostile
        refuse_unless(has >= amount, SHORT if plain else bare)
        changes[keys[0]] = has - amount
        changes[keys[1]] = changes.get(keys[1], self.state[keys[1]]) + amount


def everything_held(play: Play, who: str) -> dict[str, int]:
    """Return what an account has of every token {base units}."""
    return {token: play.state["balance", token, who] for token in TOKENS}


__all__: list[Any] = ["INITIALIZED", "NOT_INITIALIZED", "PAUSED", "PENDING", "Holders"]
