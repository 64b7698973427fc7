"""Random twins: a state machine that plays any history on the original, then the same on ours."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from indexkit.deploy import EXCHANGE_IDS
from indexkit.localnet import addresses
from twins.comparison import ANYTHING, Comparison, Tally
from twins.market import EXCHANGES
from twins.observe import TOKENS
from twins.scenario import Theatre
from twins.stage import E18, MAX_UINT, ZERO, Stage
from twins.world import set_v2

Step = Callable[[Stage], Any]

MOST_FEE = 25 * 10**16
"""Largest streaming fee, D18{1/year}: no sequence is long enough for an accrual of 90 % (D-08)."""

DAY_S = 24 * 60 * 60
HOLDERS = ("issuer", "heir", "stranger")
TRADED = ("usdc", "wbtc", "dai", "gem", "uni", "aave")
STARTING = ("usdc", "wbtc", "gem", "dai")
UNITS = {"usdc": 40 * 10**6, "wbtc": 15 * 10**4, "gem": 2 * E18, "dai": 10 * E18}
NEW_UNITS = {"uni": E18 // 2, "aave": E18 // 10, **UNITS}
STOCK = dict.fromkeys(("usdc", "wbtc", "gem", "dai", "lone"), 10**29) | {
    "uni": 10**26,
    "aave": 10**24,
    "weth": 10**22,
}
"""What each holder gets {base units}: an issue of 1e27 takes 1e28 of the dearest."""

amount = (
    st.integers(0, 12)
    | st.integers(0, 27).map(lambda digits: 10**digits)
    | st.integers(10**15, 10**22)
    | st.integers(1, 10**27)
)
usual = st.integers(10**18, 10**22)
mostly_usual = st.integers(0, 9).flatmap(lambda digit: usual if digit else amount)
part = st.sampled_from([1, 2, 3, 10, 999, 1000]).map(
    lambda of_thousand: Fraction(of_thousand, 1000)
)
factor = st.sampled_from(["1", "1/2", "9/10", "0", "11/10", "5/4", "1000001/1000000"])
seconds = st.sampled_from([0, 1, 13, 600, 3600, DAY_S, 30 * DAY_S])
fees = st.sampled_from([0, 0, 10**16, 10**16, 10**17, 10**17, MOST_FEE, 2 * MOST_FEE])
holder = st.sampled_from(HOLDERS)
anyone = st.sampled_from([*HOLDERS, "manager", "trader", "module"])
traded = st.sampled_from(TRADED)
token = st.sampled_from(TOKENS)
priced = st.sampled_from(["usdc", "wbtc", "dai", "uni", "aave"])
mostly_trader = st.sampled_from(["trader"] * 9 + ["stranger"])
mostly_manager = st.sampled_from([""] * 9 + ["stranger"])
mostly_module = st.sampled_from(["module"] * 9 + ["stranger"])
removable = st.sampled_from(["streaming_fee", "governance", "hook", "index_module"])
unit = st.integers(-3, 3) | st.integers(-(10**19), 10**19) | st.sampled_from([0, E18, -(2**200)])


class Twins(RuleBasedStateMachine):
    """One SetToken and its modules in both worlds.

    Rules act on the original as they are drawn, so they can look at its state; at the end, the same
    calls are made on ours. What differs fails, unless it is registered.
    """

    theatre: ClassVar[Theatre]
    tally: ClassVar[Tally]
    done: ClassVar[Callable[[int], None]]
    """Is told how many rules were compared."""

    def __init__(self) -> None:
        super().__init__()
        node = self.theatre.node
        self.comparison = Comparison("random.twins", self.tally)
        self.base = node.snapshot()
        self.stage = self._stage("original")
        self.steps: list[Step] = []
        self.ends: list[int] = []

    @invariant()
    def rule_ends(self) -> None:
        """Compare everything observable, and remember how many calls the rules so far made."""
        self.do(lambda s: s.look())
        self.ends.append(len(self.steps))

    def _stage(self, world: str) -> Stage:
        theatre = self.theatre
        stage = Stage(theatre.node, theatre.worlds[world], theatre.actors, self.comparison)
        stage.looks_after_every_call = False
        return stage

    def do(self, step: Step) -> None:
        """Make a step on the original, and remember it for ours."""
        step(self.stage)
        self.steps.append(step)

    def teardown(self) -> None:
        """Play the steps on ours."""
        node = self.theatre.node
        node.restore(self.base)
        base = node.snapshot()
        self.comparison.start_second()
        stage, played = self._stage("ours"), 0
        try:
            for step in self.steps:
                step(stage)
                if self.comparison.diverged:
                    break
                played += 1
        finally:
            node.restore(base)
        self.done(sum(end <= played for end in self.ends))

    # ------------------------------------------------------------ the start

    @initialize(
        issued=mostly_usual,
        fee=st.sampled_from([0, 95 * 10**14, 10**17, MOST_FEE]),
        protocol=st.sampled_from([0, 10**17]),
    )
    def start(self, issued: int, fee: int, protocol: int) -> None:
        """Create the index, initialise its modules, fund the holders, issue."""

        def step(s: Stage) -> None:
            hook = s.deploy("hook", set_v2("mocks/protocol/module/ModuleIssuanceHookMock"))
            s.controller.addModule(hook, by=s.owner)
            s.controller.addFee(s.streaming_fee, 0, protocol, by=s.owner)
            modules = [s.issuance, s.streaming_fee, s.governance, s.index_module, s.module, hook]
            components = [getattr(s, name) for name in STARTING]
            s.create(components, [UNITS[name] for name in STARTING], modules)
            s.issuance.initialize(s.set, ZERO, by=s.manager)
            s.streaming_fee.initialize(s.set, (s.heir, MOST_FEE, fee, 0), by=s.manager)
            s.governance.initialize(s.set, by=s.manager)
            s.index_module.initialize(s.set, by=s.manager)
            s.set.initializeModule(by=s.module)
            hook.initialize(s.set, by=s.manager)
            for name in HOLDERS:
                for stocked, quantity in STOCK.items():
                    s.supply(getattr(s, name), s.issuance, [stocked], quantity)
            tradable = [getattr(s, name) for name in TRADED]
            ids = [EXCHANGE_IDS[EXCHANGES[name]] for name in TRADED]
            s.index_module.setExchanges(tradable, ids, by=s.manager)
            s.index_module.setTradeMaximums(tradable, [MAX_UINT] * 6, by=s.manager)
            s.index_module.updateTraderStatus([s.trader], [True], by=s.manager)
            s.issuance.issue(s.set, issued, s.issuer, by=s.issuer, reverts=ANYTHING)

        self.do(step)

    # ------------------------------------------------------------ holders

    @rule(who=holder, to=anyone, quantity=mostly_usual)
    def issue(self, who: str, to: str, quantity: int) -> None:
        """Issue any quantity."""
        self.call("issuance.issue", "set", quantity, to, by=who)

    @rule(who=holder, to=anyone, quantity=amount)
    def redeem(self, who: str, to: str, quantity: int) -> None:
        """Redeem any quantity, held or not."""
        self.call("issuance.redeem", "set", quantity, to, by=who)

    @rule(who=holder, to=anyone, share=part)
    def redeem_part(self, who: str, to: str, share: Fraction) -> None:
        """Redeem a part of what is held, up to all of it."""
        held = self.stage.set.balanceOf.peek(self.stage.actors[who])
        self.call("issuance.redeem", "set", int(held * share), to, by=who)

    @rule(who=anyone, to=anyone, share=part)
    def transfer(self, who: str, to: str, share: Fraction) -> None:
        """Transfer a part of what is held."""
        held = self.stage.set.balanceOf.peek(self.stage.actors[who])
        self.call("set.transfer", to, int(held * share), by=who)

    @rule(who=anyone, spender=anyone, quantity=amount)
    def approve(self, who: str, spender: str, quantity: int) -> None:
        """Approve a spender, who spends half."""
        self.call("set.approve", spender, quantity, by=who)
        self.call("set.transferFrom", who, spender, quantity // 2, by=spender)

    @rule(after=seconds)
    def wait(self, after: int) -> None:
        """Let time pass."""
        self.do(lambda s: s.advance(after + 1))

    @rule(name=token, to=st.sampled_from(["set"] * 3 + ["index_module"]), quantity=amount)
    def donate(self, name: str, to: str, quantity: int) -> None:
        """Give tokens away; WETH only as dust, since a donation of it is V-11."""
        if name == "weth":
            quantity %= 1000
        self.call(f"{name}.transfer", to, quantity, by="issuer")

    @rule(quantity=st.integers(1, 10**18))
    def donate_ether(self, quantity: int) -> None:
        """Send the SetToken plain ether."""
        self.do(lambda s: s.send_raw(s.set, b"", by=s.issuer, value=quantity, reverts=ANYTHING))

    # ------------------------------------------------------------ fees

    @rule()
    def accrue(self) -> None:
        """Accrue the streaming fee."""
        self.call("streaming_fee.accrueFee", "set", by="stranger")

    @rule(fee=fees, by=mostly_manager)
    def update_fee(self, fee: int, by: str) -> None:
        """Set another fee, after an accrual."""
        self.call("streaming_fee.updateStreamingFee", "set", fee, by=by)

    @rule(fee=st.sampled_from([0, 1, 10**17, 10**18]))
    def protocol_fee(self, fee: int) -> None:
        """Give the protocol another share of the fees."""
        self.call("controller.editFee", "streaming_fee", 0, fee, by="owner")

    # ------------------------------------------------------------ the rebalance

    @rule(
        factors=st.lists(factor, min_size=8, max_size=8),
        new=st.lists(traded, max_size=2),
        by=mostly_manager,
        with_cash=st.integers(0, 9),
    )
    def restart(self, factors: list[str], new: list[str], by: str, with_cash: int) -> None:
        """Start a rebalance, whatever is under way."""
        self.start_rebalance(factors, new, by, with_cash)

    def start_rebalance(self, factors: list[str], new: list[str], by: str, with_cash: int) -> None:
        """Start a rebalance: old targets by a factor, new components, the live multiplier."""
        s = self.stage
        listed = s.set.getComponents.peek()
        if any(component.lower() == addresses.WETH.lower() for component in listed) and with_cash:
            return  # The original refuses for ever then (V-1); once in ten is enough.
        units = [max(0, s.set.getDefaultPositionRealUnit.peek(c)) for c in listed]
        old = [int(u * Fraction(f)) for u, f in zip(units, factors, strict=False)]
        have = {component.lower() for component in listed}
        if with_cash != 5:
            new = [name for name in new if getattr(s, name).address.lower() not in have]
        targets = [NEW_UNITS[name] for name in new]
        multiplier = s.set.positionMultiplier.peek()
        self.call("index_module.startRebalance", new, targets, old, multiplier, by=by)

    @rule(which=st.lists(st.integers(0, 5), min_size=1, max_size=3), any_=traded, by=mostly_trader)
    def trade(self, which: list[int], any_: str, by: str) -> None:
        """Trade some components of the rebalance, or any token, towards their targets."""
        for place in which:
            name = dict(enumerate(self._rebalancing())).get(place, any_)
            self.call("index_module.trade", name, by=by)

    @rule(factors=st.lists(factor, min_size=8, max_size=8), new=st.lists(traded, max_size=1))
    def rebalance(self, factors: list[str], new: list[str]) -> None:
        """Start a rebalance and trade every component once, sales first."""
        self.start_rebalance(factors, new, "", 1)
        for name in self._rebalancing():
            self.call("index_module.trade", name, by="trader")

    @rule(keep=st.integers(0, 3))
    def finish_rebalance(self, keep: int) -> None:
        """Trade what is left without limits, but for some of it; spend the cash, raise targets."""
        self.no_trade_maximum()
        names = self._rebalancing()
        for name in names[: len(names) - keep]:
            self.call("index_module.trade", name, by="trader")
        for name in names[-1:]:
            self.call("index_module.tradeRemainingWETH", name, by="trader")
        self.call("index_module.raiseAssetTargets", by="trader")

    @rule(name=traded, by=mostly_trader)
    def trade_remaining_weth(self, name: str, by: str) -> None:
        """Spend what cash is left."""
        self.call("index_module.tradeRemainingWETH", name, by=by)

    @rule(by=mostly_trader)
    def raise_targets(self, by: str) -> None:
        """Raise all targets."""
        self.call("index_module.raiseAssetTargets", by=by)

    @rule(name=traded, largest=mostly_usual, by=mostly_manager)
    def trade_maximum(self, name: str, largest: int, by: str) -> None:
        """Limit the size of one component's trades; the usual limit is none."""
        self.call("index_module.setTradeMaximums", [name], [largest], by=by)

    @rule()
    def no_trade_maximum(self) -> None:
        """Lift all limits."""
        self.call("index_module.setTradeMaximums", list(TRADED), [MAX_UINT] * 6, by="")

    @rule(name=traded, exchange=st.integers(0, 4), by=mostly_manager)
    def exchange(self, name: str, exchange: int, by: str) -> None:
        """Send one component to another exchange, mostly one without a pool, and back."""
        self.call("index_module.setExchanges", [name], [exchange], by=by)
        self.call("index_module.trade", name, by="trader")
        self.call("index_module.setExchanges", [name], [EXCHANGE_IDS[EXCHANGES[name]]], by="")

    @rule(name=traded, period=st.sampled_from([0, 13, 14, 600]), by=mostly_manager)
    def cool_off(self, name: str, period: int, by: str) -> None:
        """Set the pause after one component's trades."""
        self.call("index_module.setCoolOffPeriods", [name], [period], by=by)

    @rule(who=anyone, allowed=st.booleans(), everyone=st.booleans(), by=mostly_manager)
    def traders(self, who: str, allowed: bool, everyone: bool, by: str) -> None:
        """Allow and disallow traders; the usual one stays."""
        self.call("index_module.updateTraderStatus", [who, "trader"], [allowed, True], by=by)
        self.call("index_module.updateAnyoneTrade", everyone, by=by)

    @rule(name=priced, share=part, buy=st.booleans())
    def move_price(self, name: str, share: Fraction, buy: bool) -> None:
        """Swap at a pool as a stranger, up to as much as it holds."""

        def step(s: Stage) -> None:
            router = s.uniswap_router if EXCHANGES[name] == "UniswapV2" else s.sushiswap_router
            bought, sold = (getattr(s, name), s.weth) if buy else (s.weth, getattr(s, name))
            size = int(sold.balanceOf.peek(getattr(s, f"{name}_pool")) * share)
            sold.approve(router, MAX_UINT, by=s.issuer)
            path = [sold, bought]
            router.swapExactTokensForTokens(
                size, 0, path, s.issuer, MAX_UINT, by=s.issuer, reverts=ANYTHING
            )

        self.do(step)

    # ------------------------------------------------------------ positions of modules

    @rule(name=token, size=unit, data=st.binary(max_size=40), by=mostly_module, who=holder)
    def external_position(self, name: str, size: int, data: bytes, by: str, who: str) -> None:
        """Make an external position of a module account, try the others' functions, end it."""
        self.call("set.addComponent", name, by=by)
        self.call("set.addExternalPositionModule", name, "module", by=by)
        self.call("set.editExternalPositionUnit", name, "module", size, by=by)
        self.call("set.editExternalPositionData", name, "module", data, by=by)
        self.call("issuance.issue", "set", 10**18, who, by=who)
        self.call("streaming_fee.accrueFee", "set", by="stranger")
        for wanted in self._rebalancing()[:2]:
            self.call("index_module.trade", wanted, by="trader")
        self.call("set.editExternalPositionUnit", name, "module", size // 2, by=by)
        self.call("set.removeExternalPositionModule", name, "module", by=by)
        self.call("set.removeComponent", name, by=by)
        if self.stage.set.getDefaultPositionRealUnit.peek(getattr(self.stage, name)):
            self.call("set.addComponent", name, by=by)

    @rule(name=traded, size=amount, to=anyone, quantity=usual)
    def hooked_position(self, name: str, size: int, to: str, quantity: int) -> None:
        """Give the hook module a position and what it stands for, issue, redeem, end it."""
        self.call("hook.addExternalPosition", "set", name, size % 10**18, by="stranger")
        self.call(f"{name}.transfer", "hook", 10**24, by="issuer")
        self.call("issuance.issue", "set", quantity, to, by="issuer")
        self.call("issuance.redeem", "set", quantity // 3, to, by="issuer")
        self.call("hook.addExternalPosition", "set", name, 0, by="stranger")

    @rule(name=token, by=mostly_module)
    def remove_component(self, name: str, by: str) -> None:
        """Take a component off the list, whatever it stands for, and put it back."""
        self.call("set.removeComponent", name, by=by)
        self.call("set.addComponent", name, by=by)

    @rule(size=unit, by=mostly_module)
    def default_unit(self, size: int, by: str) -> None:
        """Edit the default unit of a token nobody trades, and back it or end it."""
        self.call("set.addComponent", "lone", by=by)
        self.call("set.editDefaultPositionUnit", "lone", size, by=by)
        self.call("set.editDefaultPositionUnit", "lone", 0, by=by)
        self.call("set.removeComponent", "lone", by=by)

    # ------------------------------------------------------------ modules, managers, locks

    @rule(name=st.sampled_from(["streaming_fee", "governance", "hook", "issuance"]))
    def remove_module(self, name: str) -> None:
        """Remove a module and add it again, pending."""
        self.call("set.removeModule", name, by="")
        self.call("set.addModule", name, by="")

    @rule(fee=st.sampled_from([0, 10**16]))
    def initialize_again(self, fee: int) -> None:
        """Initialise whatever is pending."""
        self.call("streaming_fee.initialize", "set", ("heir", 10**17, fee, 0), by="")
        self.call("governance.initialize", "set", by="")
        self.call("hook.initialize", "set", by="stranger")
        self.call("issuance.initialize", "set", ZERO, by="")

    @rule(name=st.sampled_from(["streaming_fee", "governance", "index_module"]), by=mostly_manager)
    def pending_module(self, name: str, by: str) -> None:
        """Withdraw a pending module, or fail to."""
        self.call("set.removePendingModule", name, by=by)
        self.call("set.addModule", name, by=by)

    @rule(by=mostly_module, trading=st.booleans())
    def lock(self, by: str, trading: bool) -> None:
        """Lock, try something, unlock."""
        self.call("set.lock", by=by)
        if trading:
            self.call("streaming_fee.accrueFee", "set", by="stranger")
        self.call("issuance.redeem", "set", 1, "heir", by="issuer")
        self.call("set.unlock", by=by)

    @rule(to=st.sampled_from(["manager", "heir"]), by=mostly_manager)
    def manager(self, to: str, by: str) -> None:
        """Hand the SetToken over."""
        self.call("set.setManager", to, by=by)

    @rule(name=st.sampled_from(["streaming_fee", "issuance", "index_module"]))
    def disable_module(self, name: str) -> None:
        """Disable a module at the controller, try it, and enable it again."""
        self.call("controller.removeModule", name, by="owner")
        self.call("streaming_fee.accrueFee", "set", by="stranger")
        self.call("issuance.issue", "set", 10**18, "heir", by="issuer")
        self.call("controller.addModule", name, by="owner")

    # ------------------------------------------------------------ how

    def call(self, what: str, *arguments: Any, by: str) -> None:
        """Call a function by names; ``by=""`` is whoever manages the SetToken."""
        contract, function = what.split(".")
        sender = self.stage.set.manager.peek() if by == "" else self.stage.actors[by]

        def step(s: Stage) -> None:
            method = getattr(getattr(s, contract), function)
            method(*_named(s, arguments), by=sender, reverts=ANYTHING)

        self.do(step)

    def _rebalancing(self) -> list[str]:
        """Return the components to be traded: those to be sold first, the most wanted last."""
        listed = {one.lower() for one in self.stage.index_module.getRebalanceComponents.peek()}
        names = [name for name in TRADED if getattr(self.stage, name).address.lower() in listed]
        return sorted(filter(self._missing, names), key=self._missing)

    def _missing(self, name: str) -> int:
        """Return what a component lacks to its target."""
        s = self.stage
        target: int = s.index_module.assetInfo.peek(getattr(s, name))[0]
        have: int = s.set.getDefaultPositionRealUnit.peek(getattr(s, name))
        return target - have


def _named(s: Stage, value: Any) -> Any:
    """Replace names by what they stand for on a stage, in lists and structs too."""
    if isinstance(value, list | tuple):
        return type(value)(_named(s, member) for member in value)
    if isinstance(value, str) and not value.startswith("0x"):
        return getattr(s, value)
    return value
