"""SingleIndexModule: trades of every size and pace, and what happens to the index meanwhile."""

from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, Stage
from twins.starts import INDEX, ISSUED, index, rebalance
from twins.trading import DAY_S, accrue, swap, unit

from indexkit.localnet.chain import BLOCK_TIME_S

PAUSE = "Cool off period has not elapsed."
MET = "Target already met"
NOT_TAKEN = "TransferHelper: TRANSFER_FROM_FAILED"
NO_INPUT = "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"
TO_SELL = "Must sell all sellable tokens before can be called"
TOO_MUCH = "Trade size exceeds trade size limit"


# ---------------------------------------------------------------- size and pace


@scenario
def many_trades_reach_a_target(s: Stage) -> None:
    """Sell in parts, buy in parts; the last part is what is missing."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6, "wbtc": 100_001, "dai": 38 * E18 + 7, "gem": 2 * E18 + 1})
    sizes = [7 * 10**9, 2 * 10**7 + 3, 3_000 * E18 + 1, 999]
    s.index_module.setTradeMaximums([s.usdc, s.wbtc, s.dai, s.gem], sizes, by=s.manager)
    for token, trades in ((s.usdc, 3), (s.wbtc, 3), (s.dai, 3)):
        for _ in range(trades):
            s.index_module.trade(token, by=s.trader)
        s.index_module.trade(token, by=s.trader, reverts=MET)
    s.index_module.trade(s.gem, by=s.trader, reverts="ERR_MATH_APPROX")


@scenario
def a_pause_ends_with_its_last_second(s: Stage) -> None:
    """Refuse a second before, trade in the very second; each component has a pause of its own."""
    index(s)
    rebalance(s, {"usdc": 0, "wbtc": 0, "dai": 40 * E18})
    s.index_module.setTradeMaximums([s.usdc, s.dai], [10**9, 100 * E18], by=s.manager)
    s.index_module.setCoolOffPeriods([s.usdc, s.dai], [600, 3_600], by=s.manager)
    for token, pause in ((s.usdc, 600), (s.dai, 3_600)):
        s.index_module.trade(token, by=s.trader)
        (*_, first, _) = s.index_module.assetInfo(token)
        for seconds, words in ((pause - 1, PAUSE), (pause, None), (pause + 1, None)):
            with s.aside():
                s.advance(seconds - BLOCK_TIME_S)
                s.index_module.trade(token, by=s.trader, reverts=words)
                (*_, last, _) = s.index_module.assetInfo(token)
                assert last - first == (0 if words else seconds)
    s.index_module.trade(s.wbtc, by=s.trader)
    s.index_module.trade(s.dai, by=s.trader, reverts=PAUSE)


@scenario
def pauses_change_while_they_last(s: Stage) -> None:
    """Count from the last trade, however long the pause was then."""
    index(s)
    rebalance(s, {"usdc": 0})
    s.index_module.setTradeMaximums([s.usdc], [10**9], by=s.manager)
    s.index_module.setCoolOffPeriods([s.usdc], [MAX_UINT], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader, reverts=PAUSE)
    s.index_module.setCoolOffPeriods([s.usdc], [0], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.setCoolOffPeriods([s.usdc], [MAX_UINT], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader, reverts="SafeMath: addition overflow")
    s.index_module.setCoolOffPeriods([s.usdc], [10**30], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader, reverts=PAUSE)
    s.index_module.setCoolOffPeriods([s.usdc], [1], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    rebalance_cash_apart(s, {"usdc": 10**6})
    s.index_module.setCoolOffPeriods([s.usdc], [10_000], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader, reverts=PAUSE)


def rebalance_cash_apart(s: Stage, targets: dict[str, int]) -> None:
    """Start again, while the cash belongs to no unit."""
    s.set.editDefaultPositionUnit(s.weth, 0, by=s.module)
    s.set.removeComponent(s.weth, by=s.module)
    rebalance(s, targets)


@scenario
def the_last_of_the_cash_needs_a_pause_too(s: Stage) -> None:
    """Stamp a purchase of the rest like any other trade."""
    index(s)
    rebalance(s, {"usdc": 0}, {"aave": E18})
    s.index_module.setCoolOffPeriods([s.aave], [600], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts=PAUSE)
    s.index_module.trade(s.aave, by=s.trader, reverts=PAUSE)
    s.advance(600)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts=NO_INPUT)


# ---------------------------------------------------------------- the last of the cash


@scenario
def spends_what_is_left_on_every_exchange(s: Stage) -> None:
    """Buy with all of it; WETH leaves the index's list."""
    for name in ("usdc", "wbtc", "gem", "uni", "aave"):
        with s.aside():
            index(s)
            old = {name: 10 * INDEX[name]} if name in INDEX else {}
            rebalance(s, {"dai": 0, **old}, {} if old else {name: E18})
            s.index_module.trade(s.dai, by=s.trader)
            swap(s, "weth", "usdc", 10**20)
            s.index_module.tradeRemainingWETH(getattr(s, name), by=s.trader)
            assert not s.set.isComponent(s.weth)
            nothing = "ERR_DIV_ZERO" if name == "gem" else NO_INPUT
            s.index_module.tradeRemainingWETH(getattr(s, name), by=s.trader, reverts=nothing)


@scenario
def the_rest_must_stay_below_size_and_target(s: Stage) -> None:
    """Refuse a purchase of exactly the largest size, allow a base unit less."""
    index(s)
    rebalance(s, {"dai": 0, "usdc": 45 * 10**6}, {"aave": 2 * E18})
    s.index_module.trade(s.dai, by=s.trader)
    s.index_module.tradeRemainingWETH(s.usdc, by=s.trader, reverts=TOO_MUCH)
    with s.aside():
        before = s.aave.balanceOf(s.set)
        s.index_module.tradeRemainingWETH(s.aave, by=s.trader)
        bought = s.aave.balanceOf(s.set) - before
    for size, words in ((bought - 1, TOO_MUCH), (bought, TOO_MUCH), (bought + 1, None)):
        with s.aside():
            s.index_module.setTradeMaximums([s.aave], [size], by=s.manager)
            s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts=words)


@scenario
def the_rest_is_spent_on_a_met_target_by_nobody(s: Stage) -> None:
    """Refuse while anything is to be sold, or when the target is met already."""
    index(s)
    rebalance(s, {"dai": 0, "usdc": 39 * 10**6}, {"aave": E18})
    s.index_module.trade(s.dai, by=s.trader)
    to_sell = "Must sell all sellable tokens before can be called"
    for token in (s.aave, s.usdc, s.wbtc, s.lone):
        s.index_module.tradeRemainingWETH(token, by=s.trader, reverts=to_sell)
    s.index_module.trade(s.usdc, by=s.trader)
    for token in (s.usdc, s.wbtc, s.dai):
        s.index_module.tradeRemainingWETH(token, by=s.trader, reverts=MET)


# ---------------------------------------------------------------- supply


@scenario
def issuing_and_redeeming_in_the_middle(s: Stage) -> None:
    """Trade on with more or less of the index; WETH is issued and redeemed with the rest."""
    index(s)
    rebalance(s, {"usdc": 0, "wbtc": 10**5}, {"aave": E18 // 50})
    s.index_module.setTradeMaximums([s.usdc], [7 * 10**9], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    s.issuance.issue(s.set, 123 * E18 + 7, s.heir, by=s.issuer)
    s.index_module.trade(s.usdc, by=s.trader)
    s.issuance.redeem(s.set, 77 * E18 + 3, s.issuer, by=s.issuer)
    s.index_module.trade(s.wbtc, by=s.trader)
    s.index_module.trade(s.aave, by=s.trader)
    s.issuance.issue(s.set, 1, s.heir, by=s.issuer)
    s.issuance.redeem(s.set, ISSUED // 2 + 1, s.issuer, by=s.issuer)
    s.index_module.setTradeMaximums([s.usdc], [10**10], by=s.manager)
    for _ in range(2):
        s.index_module.trade(s.usdc, by=s.trader)


@scenario
def fees_in_the_middle(s: Stage) -> None:
    """Trade towards targets that shrink with each accrual."""
    index(s)
    rebalance(s, {"usdc": 0, "dai": 32 * E18}, {"aave": E18 // 50})
    s.index_module.setTradeMaximums([s.usdc], [10**10], by=s.manager)
    for pause in (1, DAY_S, 30 * DAY_S, 365 * DAY_S):
        accrue(s, pause)
        s.index_module.trade(s.usdc, by=s.trader)
        s.index_module.getTargetUnits([s.usdc, s.dai, s.aave])
    for token in (s.dai, s.aave):
        s.index_module.trade(token, by=s.trader)
        accrue(s, 600)


@scenario
def there_is_nothing_to_trade_without_supply(s: Stage) -> None:
    """Quote nothing, whatever was donated."""
    index(s)
    rebalance(s, {"usdc": 0, "gem": 0, "dai": 31 * E18}, {"aave": E18})
    s.issuance.redeem(s.set, ISSUED, s.issuer, by=s.issuer)
    s.fund("usdc", s.set, 10**6)
    for token in (s.usdc, s.dai, s.aave):
        s.index_module.trade(token, by=s.trader, reverts=NO_INPUT)
    s.index_module.trade(s.gem, by=s.trader, reverts="ERR_DIV_ZERO")
    s.index_module.trade(s.uni, by=s.trader, reverts=MET)
    s.issuance.issue(s.set, 3, s.issuer, by=s.issuer)
    s.index_module.trade(s.usdc, by=s.trader, reverts=NO_INPUT)


@scenario
def without_supply_cash_buys_nothing(s: Stage) -> None:
    """Miss what the new unit is divided by, once all is sold that there was."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6}, {"aave": E18})
    s.index_module.trade(s.usdc, by=s.trader)
    s.issuance.redeem(s.set, ISSUED, s.issuer, by=s.issuer)
    s.fund("weth", s.set, 10**9)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts="SafeMath: division by zero")


@scenario
def without_supply_what_was_not_sold_comes_first(s: Stage) -> None:
    """Ask for the sale that was begun, although nothing is left to sell."""
    index(s)
    rebalance(s, {"usdc": 20 * 10**6}, {"aave": E18})
    s.index_module.setTradeMaximums([s.usdc], [10**6], by=s.manager)
    s.index_module.trade(s.usdc, by=s.trader)
    s.issuance.redeem(s.set, ISSUED, s.issuer, by=s.issuer)
    s.index_module.tradeRemainingWETH(s.aave, by=s.trader, reverts=TO_SELL)


@scenario
def a_supply_below_one_rounds_like_any_other(s: Stage) -> None:
    """Trade an index of which hardly any is left."""
    index(s)
    rebalance(s, {"usdc": 0, "dai": 31 * E18, "wbtc": 10**5}, {"aave": E18 // 100})
    for supply in (7 * 10**17 + 3, 10**15 + 1):
        left = s.set.totalSupply() - supply
        s.issuance.redeem(s.set, left, s.issuer, by=s.issuer)
        with s.aside():
            for token in (s.usdc, s.wbtc, s.aave, s.dai):
                s.index_module.trade(token, by=s.trader)
            s.set.getComponents()


# ---------------------------------------------------------------- gifts


@scenario
def gifts_belong_to_nobody(s: Stage) -> None:
    """Trade what the units stand for, next to any gift of the component, of WETH and of ether."""
    index(s)
    rebalance(s, {"usdc": 10**7, "wbtc": 0, "dai": 32 * E18}, {"aave": E18 // 50})
    for gift in (1, 10**9, 10**21):
        with s.aside():
            for token in ("usdc", "wbtc", "dai", "aave", "weth"):
                s.fund(token, s.set, gift)
            s.send_raw(s.set, b"", by=s.stranger, value=gift)
            for token in (s.usdc, s.wbtc, s.dai, s.aave):
                s.index_module.trade(token, by=s.trader)
            s.index_module.raiseAssetTargets(by=s.trader)


@scenario
def a_gift_cannot_pay_for_a_purchase(s: Stage) -> None:
    """Refuse what costs more than the units' cash, though the WETH is there."""
    index(s)
    rebalance(s, {"usdc": 39 * 10**6}, {"aave": E18})
    s.index_module.trade(s.aave, by=s.trader, reverts=NOT_TAKEN)
    s.fund("weth", s.set, 10**23)
    s.index_module.trade(s.aave, by=s.trader, reverts="SafeMath: subtraction overflow")
    s.index_module.trade(s.usdc, by=s.trader)
    s.index_module.trade(s.aave, by=s.trader, reverts="SafeMath: subtraction overflow")
    s.index_module.setTradeMaximums([s.aave], [E18], by=s.manager)
    s.index_module.trade(s.aave, by=s.trader)
    assert unit(s, s.aave) == E18 // 1_000


@scenario
def a_gift_of_a_component_that_is_sold_out(s: Stage) -> None:
    """Take it off the list with a unit of 0, and leave the gift where it is."""
    index(s)
    rebalance(s, {"usdc": 0})
    s.fund("usdc", s.set, 5)
    s.index_module.trade(s.usdc, by=s.trader)
    s.set.isComponent(s.usdc)
    s.index_module.trade(s.usdc, by=s.trader, reverts=MET)
