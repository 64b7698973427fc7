"""SingleIndexModule: pools that run dry or are missing, prices that others move, odd amounts."""

from twins.interface import interface
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, Stage
from twins.starts import index, rebalance
from twins.trading import (
    BALANCER,
    SUSHISWAP,
    UNISWAP,
    open_pool,
    reserve,
    swap,
    swap_on_balancer,
    unit,
)

from indexkit.localnet import addresses
from indexkit.localnet.artifacts import artifact
from indexkit.localnet.protocols import UNISWAP_FACTORY

NO_REASON = "Address: low-level call with value failed"
NOT_TAKEN = "TransferHelper: TRANSFER_FROM_FAILED"
NO_INPUT = "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"
NO_OUTPUT = "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT"
NO_LIQUIDITY = "UniswapV2Library: INSUFFICIENT_LIQUIDITY"
NOTHING_OUT = "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT"
LOCKED = "When locked, only the locker can call"
DISABLED = "Module must be enabled on controller"


def limited(s: Stage, token: str, size: int, **expected: str | None) -> None:
    """Trade a component with one largest size, and undo it."""
    with s.aside():
        s.index_module.setTradeMaximums([getattr(s, token)], [size], by=s.manager)
        s.index_module.trade(getattr(s, token), by=s.trader, **expected)


# ---------------------------------------------------------------- amounts


@scenario
def sales_of_any_size(s: Stage) -> None:
    """Sell from a base unit to all of it, where that brings in anything."""
    index(s)
    rebalance(s, {"usdc": 0, "wbtc": 0, "dai": 0, "uni": 0})
    for token in ("usdc", "wbtc", "dai", "uni"):
        limited(s, token, 0, reverts=NO_INPUT)
        for size in (10**4, 10**7 + 7, 10**12 + 1, MAX_UINT):
            limited(s, token, size)
    limited(s, "usdc", 1)
    for size, words in ((1, NOTHING_OUT), (2_507, NOTHING_OUT), (2_508, None)):
        limited(s, "dai", size, reverts=words)


@scenario
def purchases_of_any_size(s: Stage) -> None:
    """Buy from a base unit to more than the pool has."""
    index(s)
    rebalance(s, {"usdc": 10**28, "wbtc": 10**28, "uni": 10**40, "dai": 0, "gem": 0})
    s.index_module.trade(s.dai, by=s.trader)
    for token in ("usdc", "wbtc", "uni"):
        limited(s, token, 0, reverts=NO_OUTPUT)
        for size in (1, 10**3, 10**7 + 7):
            limited(s, token, size)
        held = reserve(getattr(s, f"{token}_pool"), getattr(s, token))
        limited(s, token, held - 1, reverts=NOT_TAKEN)
        limited(s, token, held, reverts=NO_REASON)
        limited(s, token, held + 1, reverts="ds-math-sub-underflow")
        limited(s, token, MAX_UINT, reverts="ds-math-sub-underflow")


@scenario
def purchases_beyond_all_measure(s: Stage) -> None:
    """Overflow in the router's product, or already in the target."""
    index(s)
    overflows = "SafeMath: multiplication overflow"
    for exponent, words in ((178, "ds-math-mul-overflow"), (196, overflows), (255, overflows)):
        with s.aside():
            rebalance(s, {"usdc": 0, "dai": 2**exponent})
            s.index_module.trade(s.usdc, by=s.trader)
            s.index_module.trade(s.dai, by=s.trader, reverts=words)
    for exponent, words in ((100, NOT_TAKEN), (170, "ds-math-mul-overflow"), (190, overflows)):
        with s.aside():
            s.set.editDefaultPositionUnit(s.dai, 2**exponent, by=s.module)
            rebalance(s, {"dai": 0})
            s.index_module.trade(s.dai, by=s.trader, reverts=words)


@scenario
def sales_and_purchases_on_balancer(s: Stage) -> None:
    """Split between two pools; what is too small or too large fails in the pools' words."""
    index(s)
    with s.aside():
        rebalance(s, {"gem": 0})
        for size in (0, 1, 10):
            limited(s, "gem", size, reverts="ERR_DIV_ZERO")
        limited(s, "gem", 10**10, reverts="ERR_MATH_APPROX")
        for size in (E18 // 7, 10 * E18 + 1, MAX_UINT):
            limited(s, "gem", size)
    rebalance(s, {"usdc": 0, "gem": 10**28})
    limited(s, "gem", E18, reverts=NO_REASON)
    s.index_module.trade(s.usdc, by=s.trader)
    limited(s, "gem", 0, reverts="ERR_DIV_ZERO")
    limited(s, "gem", 1, reverts="ERR_MATH_APPROX")
    for size in (E18 // 7, 10 * E18 + 1, 100 * E18):
        limited(s, "gem", size)
    for size, words in (
        (1_000 * E18, NO_REASON),
        (23_000 * E18, "ERR_MAX_OUT_RATIO"),
        (60_000 * E18, "ERR_BPOW_BASE_TOO_HIGH"),
        (MAX_UINT, "ERR_SUB_UNDERFLOW"),
    ):
        limited(s, "gem", size, reverts=words)


# ---------------------------------------------------------------- pools


@scenario
def components_without_a_pool(s: Stage) -> None:
    """Refuse without the router's words, before and after there is any cash."""
    index(s)
    rebalance(s, {"usdc": 0}, {"lone": E18})
    s.index_module.setTradeMaximums([s.lone], [E18], by=s.manager)
    trade, spend = s.index_module.trade, s.index_module.tradeRemainingWETH
    for exchange in (UNISWAP, SUSHISWAP, BALANCER):
        with s.aside():
            s.index_module.setExchanges([s.lone, s.dai], [exchange, exchange], by=s.manager)
            trade(s.lone, by=s.trader, reverts=NO_REASON)
            trade(s.usdc, by=s.trader)
            trade(s.lone, by=s.trader, reverts=NO_REASON)
            spend(s.lone, by=s.trader, reverts=NO_REASON)
    s.index_module.setExchanges([s.usdc], [SUSHISWAP], by=s.manager)
    trade(s.usdc, by=s.trader, reverts=NO_REASON)
    s.index_module.setExchanges([s.usdc], [BALANCER], by=s.manager)
    trade(s.usdc, by=s.trader, reverts=NO_REASON)


@scenario
def an_address_that_is_no_token(s: Stage) -> None:
    """Let it be a target; it cannot be bought. D-13: ours asks the pair first."""
    index(s)
    none = "0x" + "00" * 20
    old = [0, 150_000, 30 * E18, 2 * E18, E18 // 2]
    s.index_module.startRebalance([none, s.stranger], [1, 1], old, E18, by=s.manager)
    s.index_module.setExchanges([none, s.stranger], [1, 3], by=s.manager)
    s.index_module.setTradeMaximums([none, s.stranger], [1, 1], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    pair = {"reverts": "", "ours": "Address: low-level call with value failed", "differs": "D-13"}
    for account, words in ((none, pair), (s.stranger, {"reverts": ""})):
        s.index_module.trade(account, by=s.trader, **words)
        s.index_module.tradeRemainingWETH(account, by=s.trader, **words)


@scenario
def a_pool_may_open_and_run_dry(s: Stage) -> None:
    """Trade at a pool that appears, and not once a fortune has emptied it."""
    index(s)
    rebalance(s, {"usdc": 0}, {"lone": E18})
    s.index_module.setExchanges([s.lone], [SUSHISWAP], by=s.manager)
    s.index_module.setTradeMaximums([s.lone], [100 * E18], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.trade(s.lone, by=s.trader, reverts=NO_REASON)
    s.fund("lone", s.owner, 10**6 * E18)
    open_pool(s, s.sushiswap_router, s.lone, 10**6 * E18)
    s.index_module.trade(s.lone, by=s.trader)
    swap_out(s)
    s.index_module.trade(s.lone, by=s.trader, reverts=NOT_TAKEN)


def swap_out(s: Stage) -> None:
    """Buy nearly all of it with a fortune."""
    s.supply(s.stranger, s.sushiswap_router, ["weth"], 10**23)
    path = [s.weth, s.lone]
    s.sushiswap_router.swapExactTokensForTokens(
        10**23, 0, path, s.stranger, MAX_UINT, by=s.stranger
    )


@scenario
def an_empty_pair(s: Stage) -> None:
    """Find a pair that nobody filled; ask for the amount before the liquidity."""
    index(s)
    pair_of_nothing(s)
    s.index_module.setExchanges([s.usdc, s.lone], [SUSHISWAP, SUSHISWAP], by=s.manager)
    rebalance(s, {"usdc": 0})
    s.index_module.trade(s.usdc, by=s.trader, reverts=NO_LIQUIDITY)
    limited(s, "usdc", 0, reverts=NO_INPUT)
    rebalance(s, {"usdc": 50 * 10**6})
    s.index_module.trade(s.usdc, by=s.trader, reverts=NO_LIQUIDITY)
    limited(s, "usdc", 0, reverts=NO_OUTPUT)


def pair_of_nothing(s: Stage) -> None:
    """Create the pair of USDC at SushiSwap, and pay nothing in."""
    factory = s.name("factory", addresses.SUSHISWAP_FACTORY, interface(artifact(UNISWAP_FACTORY)))
    s.share("factory")
    factory.createPair(s.weth, s.usdc, by=s.stranger)


# ---------------------------------------------------------------- other people


@scenario
def strangers_move_the_prices(s: Stage) -> None:
    """Trade at whatever price the pools have by then, to the wei."""
    index(s)
    rebalance(s, {"usdc": 10**7, "wbtc": 10**5, "gem": E18, "dai": 35 * E18}, {"aave": E18 // 50})
    for token, price_up, price_down in (
        ("usdc", 10**21, 5 * 10**12),
        ("wbtc", 10**21, 10**10),
        ("dai", 10**21, 10**24),
        ("aave", 10**20, 10**20),
    ):
        handle = getattr(s, token)
        with s.aside():
            swap(s, "weth", token, price_up)
            s.index_module.trade(handle, by=s.trader)
        swap(s, token, "weth", price_down)
        s.index_module.trade(handle, by=s.trader)
    swap_on_balancer(s, "weth", "gem", 10**19)
    limited(s, "gem", 100 * E18)
    swap_on_balancer(s, "gem", "weth", 10**20)
    s.index_module.trade(s.gem, by=s.trader)


@scenario
def gifts_to_a_pool(s: Stage) -> None:
    """Pay the pair first: the trade is for what its reserves say, then for what they say next."""
    index(s)
    rebalance(s, {"usdc": 10**7, "dai": 31 * E18})
    s.index_module.setTradeMaximums([s.usdc], [5 * 10**9], by=s.manager)
    for token, gift in (("usdc", 10**12), ("weth", 10**20)):
        s.fund(token, s.usdc_pool, gift)
        s.index_module.trade(s.usdc, by=s.trader)
        s.fund(token, s.usdc_pool, gift)
        s.usdc_pool.sync(by=s.stranger)
        s.index_module.trade(s.usdc, by=s.trader)
    s.fund("dai", s.dai_pool, E18)
    s.fund("weth", s.dai_pool, E18)
    s.dai_pool.skim(s.stranger, by=s.stranger)
    s.index_module.trade(s.dai, by=s.trader)


# ---------------------------------------------------------------- who is asked first


@scenario
def the_quote_is_asked_before_the_lock(s: Stage) -> None:
    """D-13: a trade that is impossible for two reasons, at a pair; Balancer comes after both."""
    index(s)
    rebalance(s, {"usdc": 0, "dai": 40 * E18, "gem": 0}, {"lone": 1})
    s.index_module.setTradeMaximums([s.lone], [1], by=s.manager)
    s.index_module.setExchanges([s.lone], [UNISWAP], by=s.manager)
    locks(s, LOCKED)
    s.controller.removeModule(s.index_module, by=s.owner)
    locks(s, DISABLED)


def locks(s: Stage, words: str) -> None:
    """Show what a trade says that the lock, or the controller, forbids as well."""
    with s.aside():
        if words == LOCKED:
            s.set.lock(by=s.module)
        for token in (s.usdc, s.gem, s.dai):
            s.index_module.trade(token, by=s.trader, reverts=words)
        other = {"reverts": words, "ours": NO_REASON, "differs": "D-13"}
        s.index_module.trade(s.lone, by=s.trader, **other)
        limited(s, "usdc", 0, reverts=words, ours=NO_INPUT, differs="D-13")
        limited(s, "gem", 0, reverts=words)
        s.index_module.trade(s.uni, by=s.trader, reverts="Target already met")
        assert unit(s, s.usdc) == 40 * 10**6


@scenario
def a_set_that_the_controller_forgot(s: Stage) -> None:
    """Trade it, and raise its targets, locked as well; only its settings are closed."""
    index(s)
    rebalance(s, {"usdc": 0})
    s.controller.removeSet(s.set, by=s.owner)
    s.index_module.trade(s.usdc, by=s.trader)
    s.set.lock(by=s.module)
    s.controller.removeModule(s.index_module, by=s.owner)
    s.index_module.raiseAssetTargets(by=s.trader)
    s.index_module.trade(s.wbtc, by=s.trader, reverts=DISABLED)


@scenario
def the_rest_is_quoted_before_the_lock(s: Stage) -> None:
    """D-13: nothing to spend is named first in ours, then the lock."""
    index(s)
    rebalance(s, {}, {"aave": E18})
    s.set.lock(by=s.module)
    spend = s.index_module.tradeRemainingWETH
    spend(s.aave, by=s.trader, reverts=LOCKED, ours=NO_INPUT, differs="D-13")
    s.fund("weth", s.set, 10**8)
    spend(s.aave, by=s.trader, reverts=LOCKED)
    s.controller.removeModule(s.index_module, by=s.owner)
    spend(s.aave, by=s.trader, reverts=DISABLED)
