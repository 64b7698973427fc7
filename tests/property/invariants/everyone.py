"""Holders, traders, managers and attackers together, and the rules that need several of them."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from invariants import draws
from invariants.attackers import Attackers
from invariants.holders import INITIALIZED
from invariants.market import EXCHANGE_OF, TRADED
from invariants.mirror import mul_down
from invariants.modules import Modules
from invariants.system import INDEX_MODULES, SETS, WINDOW_S

PAUSE_S = 300


class Everyone(Attackers, Modules):
    """Two indices and everybody who acts on them."""

    def __init__(self) -> None:
        super().__init__()
        self.paused = False
        self.protocol_share = 0

    @initialize(
        issued=draws.mostly_usual,
        other=draws.usual,
        fee=st.sampled_from([0, 95 * 10**14, 10**17, draws.MOST_FEE]),
    )
    def begin(self, issued: int, other: int, fee: int) -> None:
        """Issue both indices, charge a fee, and let the guard see the pools."""
        for index, quantity in zip(SETS, (issued, other), strict=True):
            self.do_issue(index, "issuer", "issuer", quantity)
            if fee:
                self.update_fee(index, fee, "manager")
        self.do_observe()
        self.wait(WINDOW_S)

    @rule(call=st.one_of(draws.SELDOM))
    def seldom(self, call: tuple[str, dict[str, Any]]) -> None:
        """Do one of the things that happen seldom."""
        function, drawn = call
        getattr(self, function)(**drawn)

    @rule(call=st.one_of(draws.SELDOM), more=st.one_of(draws.SELDOM))
    def seldom_twice(
        self, call: tuple[str, dict[str, Any]], more: tuple[str, dict[str, Any]]
    ) -> None:
        """Do two of them."""
        self.seldom(call)
        self.seldom(more)

    @rule(
        index=draws.mostly_alpha,
        factors=draws.factors,
        new=draws.new,
        how=st.sampled_from(["trade", "limit", "batch", "sandwich", "slowly"]),
        limit=draws.limit,
        once=st.booleans(),
    )
    def rebalance(
        self,
        index: str,
        factors: list[Fraction],
        new: list[str],
        how: str,
        limit: Fraction,
        once: bool,
    ) -> None:
        """Start a rebalance and trade every component once, sales first."""
        self.serve(index)
        self.start(index, factors, new, "manager", 1000, 0, None)
        if self.is_guarded(index):
            self.do_observe()
            self.wait(WINDOW_S)
        for place in range(len(self.parts(index))):
            if how == "limit":
                self.trade_with_limit(index, place, "usdc", limit / 2, False)
            elif how == "batch":
                self.trade_batch(index, "trader", limit)
            elif how == "sandwich":
                self.sandwich(index, place, limit / 50)
            elif how == "slowly":
                self.trade_slowly(index, place)
        self.trade_all(index, "trader")
        if once:
            self.finish(index, 0)

    @rule(index=draws.mostly_alpha, place=draws.place)
    def finish(self, index: str, place: int) -> None:
        """Trade what is left without limits, spend the cash, raise the targets."""
        self.do_usual(index)
        self.trade_all(index, "trader")
        wanted = self.wanted(index, -1) or "usdc"
        self.do_trade_remaining(index, wanted, "trader", 1 - place % 2)
        self.do_raise(index, "trader")

    @rule(
        index=st.sampled_from(["beta", "beta", "alpha"]),
        by=draws.issuer,
        share=draws.part,
        part=st.none() | draws.part,
    )
    def freeze(self, index: str, by: str, share: Fraction, part: Fraction | None) -> None:
        """Redeem while a component is frozen, and collect all or a part when it is not."""
        if not self.state["unit", index, "ice"]:
            return
        if not self.paused:
            self.pause()
        self.redeem_frozen(index, by, by, share)
        self.pause()
        if part is None:
            self.do_collect(index, "ice", by)
        else:
            self.collect(index, "ice", by, part, Fraction(999, 1000))

    @draws.seldom(index=draws.index, which=st.booleans(), fee=draws.fee)
    def replace_module(self, index: str, which: bool, fee: int) -> None:
        """Remove a module and have it serve again."""
        self.remove_module(index, "index" if which else "streaming_fee", "manager")
        if which:
            self.serve(index)
            return
        self.do_add(index, "streaming_fee")
        self.do_initialize_fee(index, fee)

    # ------------------------------------------------------------ how

    def trade_slowly(self, index: str, place: int) -> None:
        """Trade a component in small sizes: again too soon, and again in time."""
        token = self.wanted(index, place)
        if not token:
            return
        missing = abs(self.target(index, token) - self.state["unit", index, token])
        size = mul_down(missing, self.state["totalSupply", index]) // 3
        self.do_set(index, "setTradeMaximums", "size", {token: size}, "manager")
        self.do_set(index, "setCoolOffPeriods", "pause", {token: PAUSE_S}, "manager")
        self.do_trade(index, token, "trader")
        self.do_trade(index, token, "trader")
        self.wait(PAUSE_S)
        self.do_trade(index, token, "trader")

    def serve(self, index: str) -> None:
        """Have an index module serve its index again, if it was removed."""
        module = INDEX_MODULES[index]
        if self.state["module", index, module] == INITIALIZED:
            return
        if self.state["module", index, module] == 0:
            self.do_add(index, module)
        self.do_initialize_index(index)
        self.do_usual(index)

    def do_usual(self, index: str) -> None:
        """Set the usual terms: no limits, no pauses, the usual exchanges and trader."""
        self.do_set(index, "setTradeMaximums", "size", dict.fromkeys(TRADED, 2**128), "manager")
        self.do_set(index, "setCoolOffPeriods", "pause", dict.fromkeys(TRADED, 0), "manager")
        self.do_set(index, "setExchanges", "exchange", EXCHANGE_OF, "manager")
        self.trader(index, "trader", True, "manager")
