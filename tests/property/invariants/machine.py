"""The state machine: where it starts, all of its rules, and how it ends."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from invariants import draws
from invariants.attackers import MAX_UINT, ROUTERS, Attackers
from invariants.market import EXCHANGE_OF, STOCK, TOKENS, TRADED
from invariants.rebalances import Rebalances
from invariants.system import INDEX_MODULES, ISSUERS, SETS, System

ZERO = "0x" + "00" * 20
WETH_STOCK = 10**23


def prepare(system: System) -> None:
    """Initialise the indices, set their terms, and give everybody tokens."""
    for index, module in INDEX_MODULES.items():
        system.do("issuance.initialize", index, ZERO, by="manager")
        settings = ("collector", draws.MOST_FEE, 0, 0)
        system.do("streaming_fee.initialize", index, settings, by="manager")
        system.do(f"{module}.initialize", index, by="manager")
        tokens, most = list(TRADED), [2**128] * len(TRADED)
        system.do(f"{module}.setTradeMaximums", tokens, most, by="manager")
        ids = [EXCHANGE_OF[token] for token in tokens]
        system.do(f"{module}.setExchanges", tokens, ids, by="manager")
        system.do(f"{module}.updateTraderStatus", ["trader"], [True], by="manager")
    for token in TOKENS:
        spenders = ("issuance", "balancer_proxy", *ROUTERS.values())
        for who in (*ISSUERS, "maker"):
            if who != "maker":
                quantity = WETH_STOCK if token == "weth" else STOCK // 10
                system.do(f"{token}.transfer", who, quantity, by="maker")
            for spender in spenders:
                system.do(f"{token}.approve", spender, MAX_UINT, by=who)
        for pool in system.pools(token) if token != "weth" else ():
            system.do(
                f"{pool}.approve", ROUTERS.get(EXCHANGE_OF[token], "maker"), MAX_UINT, by="maker"
            )


class Machine(Attackers, Rebalances):
    """Two indices, everybody who acts on them, and everything that must hold."""

    done: ClassVar[Callable[[int], None]]
    """Is told how many steps a history had."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = -1
        self.paused = False
        self.protocol_share = 0

    @initialize(
        issued=draws.mostly_usual,
        other=draws.usual,
        fee=st.sampled_from([0, 95 * 10**14, 10**17, draws.MOST_FEE]),
    )
    def begin(self, issued: int, other: int, fee: int) -> None:
        """Issue both indices and charge a fee."""
        for index, quantity in zip(SETS, (issued, other), strict=True):
            self.do_issue(index, "issuer", "issuer", quantity)
            if fee:
                self.update_fee(index, fee, "manager")

    @rule(call=st.one_of(draws.SELDOM))
    def seldom(self, call: tuple[str, dict[str, Any]]) -> None:
        """Do one of the things that happen seldom."""
        function, drawn = call
        getattr(self, function)(**drawn)

    @rule(index=draws.mostly_alpha, factors=draws.factors, new=draws.new, once=st.booleans())
    def rebalance(self, index: str, factors: list[Fraction], new: list[str], once: bool) -> None:
        """Start a rebalance and trade every component once, sales first."""
        if not self.state["index", INDEX_MODULES[index]]:
            self.do_add(index, INDEX_MODULES[index])
            self.do_initialize_index(index)
            self.do_usual(index)
        self.start(index, factors, new, "manager", 1000, 0)
        self.trade_all(index, "trader")
        if once:
            self.finish(index, 0)

    @rule(index=draws.mostly_alpha, place=draws.place)
    def finish(self, index: str, place: int) -> None:
        """Trade what is left without limits, spend the cash, raise the targets."""
        if self.state["index", INDEX_MODULES[index]]:
            self.do_usual(index)
        self.trade_all(index, "trader")
        self.trade_remaining_weth(index, place, "usdc", "trader")
        self.do_raise(index, "trader")

    def do_usual(self, index: str) -> None:
        """Set the usual terms: no limits, no pauses, the usual exchanges and trader."""
        self.do_set(index, "setTradeMaximums", "size", dict.fromkeys(TRADED, 2**128), "manager")
        self.do_set(index, "setCoolOffPeriods", "pause", dict.fromkeys(TRADED, 0), "manager")
        self.do_set(index, "setExchanges", "exchange", EXCHANGE_OF, "manager")
        self.trader(index, "trader", True, "manager")

    @invariant()
    def step(self) -> None:
        """Count what was done."""
        self.steps += 1

    def teardown(self) -> None:
        """Put the chain back, and tell how far this history came."""
        super().teardown()
        self.done(max(0, self.steps))


__all__ = ["Machine", "prepare"]
