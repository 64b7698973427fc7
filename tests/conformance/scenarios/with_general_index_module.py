"""GeneralIndexModule of Set V2 on both SetTokens: rebalances, and every kind of trade."""

from twins.linking import plug
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.starts import INDEX
from twins.world import set_v2

YEAR = 365 * 24 * 3600
ADAPTERS = "protocol/integration/index-exchange"
EXCHANGE_OF = {
    "usdc": "Uniswap",
    "wbtc": "SushiSwap",
    "dai": "Uniswap",
    "gem": "Balancer",
    "uni": "Uniswap",
    "aave": "SushiSwap",
}


def plugged(s: Stage) -> None:
    """Deploy the module and its adapters for Uniswap, SushiSwap and Balancer."""
    plug(s, "general", "GeneralIndexModule", s.weth)
    for name, adapter, market in (
        ("Uniswap", "UniswapV2IndexExchangeAdapter", s.uniswap_router),
        ("SushiSwap", "UniswapV2IndexExchangeAdapter", s.sushiswap_router),
        ("Balancer", "BalancerV1IndexExchangeAdapter", s.balancer_proxy),
    ):
        adapter = s.deploy(f"adapter_{name}", set_v2(f"{ADAPTERS}/{adapter}"), market)
        s.registry.addIntegration(s.general, name, adapter, by=s.owner)


def started(s: Stage) -> None:
    """Issue 1,000 of an index that the trader may trade on every exchange."""
    plugged(s)
    modules = [s.issuance, s.streaming_fee, s.general, s.index_module, s.module]
    s.create([getattr(s, name) for name in INDEX], list(INDEX.values()), modules)
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.streaming_fee.initialize(s.set, (s.heir, 10**17, 2 * 10**16, 0), by=s.manager)
    s.general.initialize(s.set, by=s.manager)
    s.set.initializeModule(by=s.module)
    s.supply(s.issuer, s.issuance, [*INDEX, "aave"], 10**24)
    s.supply(s.issuer, s.issuance, ["weth"], 10**21)
    s.issuance.issue(s.set, 1_000 * E18, s.issuer, by=s.issuer)
    allowed(s)


def allowed(s: Stage) -> None:
    """Set exchanges and sizes for all tokens, and let the trader trade."""
    tokens = [getattr(s, name) for name in EXCHANGE_OF]
    s.general.setExchanges(s.set, tokens, list(EXCHANGE_OF.values()), by=s.manager)
    s.general.setTradeMaximums(s.set, tokens, [10**24] * len(tokens), by=s.manager)
    s.general.setTraderStatus(s.set, [s.trader], [True], by=s.manager)


def rebalance(s: Stage, old: list[int], new: dict[str, int] | None = None) -> None:
    """Start a rebalance at the live multiplier."""
    new = new or {}
    tokens = [getattr(s, name) for name in new]
    live = s.set.positionMultiplier()
    s.general.startRebalance(s.set, tokens, list(new.values()), old, live, by=s.manager)


def sell(s: Stage, token: Handle, least: int = 0) -> None:
    """Trade a component of which there is too much."""
    s.general.trade(s.set, token, least, by=s.trader)


def buy(s: Stage, token: Handle, most: int = 10**24) -> None:
    """Trade a component of which there is too little."""
    s.general.trade(s.set, token, most, by=s.trader)


TARGETS = [20 * 10**6, 10 * 10**4, 40 * E18, E18, E18]
"""Sell USDC, WBTC and GEM, buy DAI and UNI."""


@scenario
def rebalances_on_every_exchange(s: Stage) -> None:
    """Sell and buy to the targets, buy a new component, spend the rest of the WETH, raise."""
    started(s)
    rebalance(s, TARGETS, {"aave": 3 * E18 // 100})
    for name in ("usdc", "wbtc", "gem"):
        s.general.getComponentTradeQuantityAndDirection(s.set, getattr(s, name))
        sell(s, getattr(s, name), 1)
    for name in ("dai", "uni"):
        s.general.getComponentTradeQuantityAndDirection(s.set, getattr(s, name))
        buy(s, getattr(s, name))
    s.general.tradeRemainingWETH(
        s.set, s.aave, 0, by=s.trader, reverts="Can not exceed target unit"
    )
    buy(s, s.aave)
    for name in (*INDEX, "aave", "weth"):
        s.general.executionInfo(s.set, getattr(s, name))
    s.general.rebalanceInfo(s.set)
    s.general.getRebalanceComponents(s.set)
    s.general.setRaiseTargetPercentage(s.set, 10**16, by=s.manager)
    s.general.raiseAssetTargets(s.set, by=s.trader)
    buy(s, s.dai)
    s.general.tradeRemainingWETH(s.set, s.uni, 1, by=s.trader, reverts="Can not exceed target unit")
    s.general.setTradeMaximums(s.set, [s.uni], [E18], by=s.manager)
    buy(s, s.uni)


@scenario
def spends_the_remaining_weth(s: Stage) -> None:
    """All WETH above its target goes into one component that is below its own."""
    started(s)
    rebalance(s, [20 * 10**6, 15 * 10**4, 500 * E18, 2 * E18, 50 * E18])
    reason = "Sell other set components first"
    s.general.tradeRemainingWETH(s.set, s.dai, 0, by=s.trader, reverts=reason)
    sell(s, s.usdc)
    with s.aside():
        s.general.tradeRemainingWETH(s.set, s.uni, 0, by=s.trader)
    s.general.setTradeMaximums(s.set, [s.dai], [E18], by=s.manager)
    reason = "Trade amount > max trade size"
    s.general.tradeRemainingWETH(s.set, s.dai, 0, by=s.trader, reverts=reason)
    s.general.setTradeMaximums(s.set, [s.dai], [10**24], by=s.manager)
    s.general.tradeRemainingWETH(s.set, s.dai, 10**20, by=s.trader)
    reason = "WETH is below target unit"
    s.general.tradeRemainingWETH(s.set, s.dai, 0, by=s.trader, reverts=reason)


@scenario
def pays_the_protocol(s: Stage) -> None:
    """Take the fee from what was bought, and buy more to make up for it."""
    started(s)
    s.controller.addFee(s.general, 0, 5 * 10**15, by=s.owner)
    rebalance(s, TARGETS)
    sell(s, s.usdc)
    sell(s, s.gem)
    buy(s, s.dai)
    s.general.tradeRemainingWETH(s.set, s.uni, 0, by=s.trader, reverts=_SELL_FIRST)
    sell(s, s.wbtc)
    buy(s, s.uni)
    s.controller.editFee(s.general, 0, E18, by=s.owner)
    rebalance(s, [20 * 10**6, 10 * 10**4, 60 * E18, E18 // 2, E18, 0])
    s.general.trade(s.set, s.dai, 10**24, by=s.trader, reverts="SafeMath: division by zero")
    sell(s, s.gem)
    s.general.tradeRemainingWETH(s.set, s.dai, 0, by=s.trader)


_SELL_FIRST = "Sell other set components first"


@scenario
def stays_within_the_size_and_the_pause(s: Stage) -> None:
    """Trade in parts of the largest size, each after the pause."""
    started(s)
    rebalance(s, TARGETS)
    s.general.setTradeMaximums(s.set, [s.usdc, s.dai], [8_000 * 10**6, 9 * E18], by=s.manager)
    s.general.setCoolOffPeriods(s.set, [s.usdc, s.dai], [600, 0], by=s.manager)
    sell(s, s.usdc)
    reason = "Component cool off in progress"
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts=reason)
    s.advance(500)
    s.general.tradeRemainingWETH(s.set, s.usdc, 0, by=s.trader, reverts=_SELL_FIRST)
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts=reason)
    s.advance(100)
    sell(s, s.usdc)
    buy(s, s.dai)
    buy(s, s.dai)
    s.advance(600)
    sell(s, s.usdc)
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts=reason)
    s.advance(600)
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts="Target already met")


@scenario
def trades_through_another_token(s: Stage) -> None:
    """Exchange data name a token in between: DAI to WETH by way of itself is no path."""
    started(s)
    rebalance(s, TARGETS)
    data = bytes.fromhex(s.lone.address[2:])
    s.general.setExchangeData(s.set, [s.usdc, s.gem], [data, b"\x01" * 50], by=s.manager)
    reason = "Address: low-level call with value failed"
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts=reason)
    sell(s, s.gem)
    s.general.setExchangeData(s.set, [s.usdc], [b"\x01"], by=s.manager)
    s.general.trade(s.set, s.usdc, 0, by=s.trader, reverts="toAddress_outOfBounds")
    s.general.executionInfo(s.set, s.usdc)
    s.general.setExchangeData(s.set, [s.usdc], [b""], by=s.manager)
    sell(s, s.usdc)


@scenario
def meets_its_limits(s: Stage) -> None:
    """Let the exchange refuse a sale for too little and a purchase for too much."""
    started(s)
    rebalance(s, TARGETS)
    reason = "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT"
    s.general.trade(s.set, s.usdc, 10 * E18, by=s.trader, reverts=reason)
    s.general.trade(s.set, s.gem, 100 * E18, by=s.trader, reverts="ERR_LIMIT_OUT")
    s.general.trade(s.set, s.dai, 10 * E18, by=s.trader, reverts=_EXCESSIVE)
    sell(s, s.wbtc)
    s.general.trade(s.set, s.dai, 1, by=s.trader, reverts=_EXCESSIVE)
    s.general.trade(s.set, s.dai, MAX_UINT, by=s.trader)
    s.general.trade(s.set, s.uni, MAX_UINT, by=s.trader, reverts=_EXCESSIVE)


_EXCESSIVE = "UniswapV2Router: EXCESSIVE_INPUT_AMOUNT"


@scenario
def sells_a_component_out(s: Stage) -> None:
    """Take a component off the list by a target of zero; WETH comes and goes."""
    started(s)
    rebalance(s, [40 * 10**6, 0, 30 * E18, 2 * E18, 10 * E18])
    sell(s, s.wbtc)
    s.general.trade(s.set, s.wbtc, 0, by=s.trader, reverts="Target already met")
    s.general.tradeRemainingWETH(s.set, s.uni, 0, by=s.trader)
    rebalance(s, [10 * 10**6, 30 * E18, 2 * E18, 10 * E18], {"wbtc": 10**3, "weth": 0})
    s.general.trade(s.set, s.wbtc, 10**24, by=s.trader, reverts=_EXCESSIVE)
    sell(s, s.usdc)
    buy(s, s.wbtc)


@scenario
def follows_the_streaming_fee(s: Stage) -> None:
    """Targets shrink with the multiplier; accruals before, between and after the trades."""
    started(s)
    s.advance(YEAR // 2)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    rebalance(s, TARGETS)
    sell(s, s.usdc)
    s.advance(YEAR // 7)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    for name in ("wbtc", "gem", "dai", "uni"):
        s.general.getComponentTradeQuantityAndDirection(s.set, getattr(s, name))
    sell(s, s.wbtc)
    sell(s, s.gem)
    buy(s, s.dai)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    s.general.trade(s.set, s.uni, 10**24, by=s.trader)
    s.issuance.issue(s.set, 17 * E18 + 3, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, 117 * E18 + 5, s.heir, by=s.issuer)
    s.general.setRaiseTargetPercentage(s.set, 10**15, by=s.manager)
    s.general.raiseAssetTargets(s.set, by=s.trader)
    buy(s, s.dai)
    s.advance(YEAR)
    s.streaming_fee.accrueFee(s.set, by=s.stranger)
    reason = "Targets not met or ETH =~ 0"
    s.general.raiseAssetTargets(s.set, by=s.trader, reverts=reason)
