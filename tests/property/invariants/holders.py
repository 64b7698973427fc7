"""Issuing, redeeming, transferring, donating."""

from fractions import Fraction

from hypothesis.stateful import rule

from invariants import draws
from invariants.market import TOKENS, TRAITS
from invariants.mirror import mul_down, mul_up, refuse_unless
from invariants.play import Changes, Key, Play, State
from invariants.system import HOLDERS

NOT_INITIALIZED = "Must be a valid and initialized SetToken"
PENDING, INITIALIZED = 1, 2
LOST_TO_ROUNDING = 10_000
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
            changes = self._expect_burn(index, by, quantity)
            reason = "Address: low-level call with value failed"
            for token in self.components(index):
                amount = mul_down(self.state["unit", index, token], quantity)
                self.expect_transfer(token, index, to, amount, changes, reason)
            for token in self.components(index):
                self._take_fraction(index, token, -quantity)
            return changes

        return self.act("issuance.redeem", index, quantity, to, by=by, expect=expect)

    @rule(index=draws.mostly_alpha, by=draws.holder, to=draws.issuer, share=draws.part)
    def redeem_frozen(self, index: str, by: str, to: str, share: Fraction) -> None:
        """Redeem although something may be frozen."""
        self.do_redeem_frozen(index, by, to, int(self.state["shares", index, by] * share))

    def do_redeem_frozen(self, index: str, by: str, to: str, quantity: int) -> bool:
        """Redeem; what can't be paid becomes a claim."""

        def expect() -> Changes:
            changes = self._expect_burn(index, by, quantity)
            for token in self.components(index):
                amount = mul_down(self.state["unit", index, token], quantity)
                frozen = token == "ice" and self.paused
                if frozen or self.state["balance", token, index] < amount:
                    for key in ("claims", index, token), ("claim", index, token, by):
                        changes[key] = self.state[key] + amount
                else:
                    self.expect_transfer(token, index, to, amount, changes, "")
            for token in self.components(index):
                self._take_fraction(index, token, -quantity)
            return changes

        return self.act("issuance.redeemFrozen", index, quantity, to, by=by, expect=expect)

    @rule(
        index=draws.index, token=draws.frozen, by=draws.holder, share=draws.part, limit=draws.limit
    )
    def collect(self, index: str, token: str, by: str, share: Fraction, limit: Fraction) -> None:
        """Collect a claim, or a part of it for at least so much."""
        claim = int(self.state["claim", index, token, by] * share)
        self.do_collect(index, token, by, claim, int(claim * limit))

    def do_collect(
        self, index: str, token: str, by: str, claim: int | None = None, least: int = 0
    ) -> bool:
        """Collect a claim; all of it by default, unless more than rounding is missing."""
        s, key = self.state, ("claim", index, token, by)
        part = s[key] if claim is None else claim
        if claim is None:
            least = part - -(-part // LOST_TO_ROUNDING)

        def expect() -> Changes:
            refuse_unless(part > 0, "Claim must be > 0")
            balance, claims = s["balance", token, index], s["claims", index, token]
            owed = self.tracked(index, token) + claims
            payment = part if balance >= owed else part * balance // owed
            refuse_unless(payment >= least, "Component quantity below minimum")
            changes = {key: s[key] - part, ("claims", index, token): claims - part}
            reason = "Address: low-level call with value failed"
            self.expect_transfer(token, index, "heir", payment, changes, reason)
            return changes

        more = () if claim is None else (part, least)
        what = "issuance.collectWithLimit" if more else "issuance.collect"
        return self.act(what, index, token, "heir", *more, by=by, expect=expect)

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

        old = self.state
        if self.act(f"{token}.transfer", index, quantity, by=by, expect=expect):
            self.i_09_gift_changes_nothing(index, old)

    @draws.seldom(index=draws.index, quantity=draws.usual)
    def donate_ether(self, index: str, quantity: int) -> None:
        """Give an index ether (I-09)."""
        self.node.ask("anvil_setBalance", self.system.address("stranger"), hex(quantity))
        before = self.state["ether", index]
        self._send("stranger", self.system.address(index), b"", quantity, "ether")
        old = self.state
        self._compare({("ether", index): before + quantity}, set(), "ether")
        self.i_09_gift_changes_nothing(index, old)

    def i_09_gift_changes_nothing(self, index: str, old: State) -> None:
        """I-09: a donation changes no unit and pays nobody."""
        keys: list[Key] = [("unit", index, token) for token in TOKENS]
        keys += [("shares", index, holder) for holder in HOLDERS]
        keys += [("totalSupply", index), ("positionMultiplier", index)]
        changed = [key for key in keys if self.state[key] != old[key]]
        assert not changed, f"a gift changed {changed}"

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

    def _expect_burn(self, index: str, by: str, quantity: int) -> Changes:
        self._expect_open(index, quantity, "Redeem")
        held = self.state["shares", index, by]
        refuse_unless(quantity <= held, "ERC20: burn amount exceeds balance")
        return self._minted(index, by, -quantity)

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


__all__ = ["INITIALIZED", "NOT_INITIALIZED", "PAUSED", "PENDING", "Holders"]
