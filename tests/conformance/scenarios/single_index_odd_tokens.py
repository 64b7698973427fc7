"""SingleIndexModule: components that move or answer in odd ways, or call back."""

from twins.interface import interface, reason
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage
from twins.starts import ISSUED
from twins.trading import SUSHISWAP, UNISWAP, open_pool
from twins.world import TOKEN, set_v2

NOT_TAKEN = "TransferHelper: TRANSFER_FROM_FAILED"
NOT_GIVEN = "UniswapV2: TRANSFER_FAILED"
NO_REASON = "Address: low-level call with value failed"
REENTRANT = "ReentrancyGuard: reentrant call"


def index_of(s: Stage, token: Handle, exchange: int = UNISWAP) -> None:
    """Issue 1,000 of an index of DAI and a token of the owner's; one of two DAI is sold."""
    router = s.uniswap_router if exchange == UNISWAP else s.sushiswap_router
    open_pool(s, router, token, 10**6 * E18)
    s.create([token, s.dai], [2 * E18, 30 * E18], [s.issuance, s.index_module, s.module])
    s.issuance.initialize(s.set, ZERO, by=s.manager)
    s.index_module.initialize(s.set, by=s.manager)
    s.set.initializeModule(by=s.module)
    token.transfer(s.issuer, 10**6 * E18, by=s.owner)
    token.approve(s.issuance, MAX_UINT, by=s.issuer)
    s.supply(s.issuer, s.issuance, ["dai"], 10**24)
    s.issuance.issue(s.set, ISSUED, s.issuer, by=s.issuer)
    s.index_module.setExchanges([token, s.dai], [exchange, UNISWAP], by=s.manager)
    s.index_module.setTradeMaximums([token, s.dai], [MAX_UINT, MAX_UINT], by=s.manager)
    s.index_module.updateTraderStatus([s.trader], [True], by=s.manager)


def odd_index(s: Stage, target: int, exchange: int = UNISWAP) -> None:
    """Start a rebalance of an index with an OddToken, of which there are 2 per SetToken."""
    token = s.deploy("odd_token", mock("OddToken"), 18, 10**30)
    s.name("odd", token.address, interface(TOKEN))
    s.share("odd", "odd_token")
    index_of(s, s.odd, exchange)
    s.index_module.startRebalance([], [], [target, 15 * E18], E18, by=s.manager)
    s.index_module.trade(s.dai, by=s.trader)


def trades(s: Stage, habit: str, **expected: str | None) -> None:
    """Trade the odd token while it has a habit."""
    with s.aside():
        s.odd_token.adopt(habit, by=s.owner)
        s.index_module.trade(s.odd, by=s.trader, **expected)
        s.odd.balanceOf(s.set)


@scenario
def sells_tokens_with_odd_answers(s: Stage) -> None:
    """Sell what moves as asked and says yes, or nothing; a fee ends at the pair."""
    for exchange in (UNISWAP, SUSHISWAP):
        with s.aside():
            odd_index(s, E18, exchange)
            for habit in ("", "returns nothing", "returns two", "returns a lot", "gives one more"):
                trades(s, habit)
            trades(s, "takes a fee", reverts="UniswapV2: K")


@scenario
def a_failed_transfer_gives_its_own_reason(s: Stage) -> None:
    """D-13: a component that cannot be sold says why; the original has the router's words."""
    for exchange in (UNISWAP, SUSHISWAP):
        with s.aside():
            odd_index(s, E18, exchange)
            words = {"reverts": NOT_TAKEN, "differs": "D-13"}
            trades(s, "reverts with a reason", ours="Transfers are paused", **words)
            trades(s, "reverts without reason", ours=NO_REASON, **words)


@scenario
def the_balance_decides_about_a_sale(s: Stage) -> None:
    """D-13: what the pair is paid must leave the SetToken, whatever the token answers."""
    odd_index(s, E18)
    wrong = "Invalid post transfer balance"
    trades(s, "charges one more", reverts=None, ours=wrong, differs="D-13")
    pair = "UniswapV2: INSUFFICIENT_INPUT_AMOUNT"
    trades(s, "moves nothing", reverts=pair, ours=wrong, differs="D-13")
    silent = "moves nothing, returns false"
    trades(s, silent, reverts=NOT_TAKEN, ours=wrong, differs="D-13")
    trades(s, "returns false", reverts=NOT_TAKEN, ours=None, differs="D-13")
    trades(s, "returns one byte", reverts=NO_REASON, ours=None, differs="D-13")


@scenario
def buys_odd_tokens(s: Stage) -> None:
    """Let the pair pay, and judge, on both sides."""
    for exchange in (UNISWAP, SUSHISWAP):
        with s.aside():
            odd_index(s, 3 * E18, exchange)
            for habit in ("", "returns nothing", "returns two", "returns a lot"):
                trades(s, habit)
            for habit in ("takes a fee", "gives one more", "charges one more", "moves nothing"):
                trades(s, habit)
            for habit in ("reverts without reason", "reverts with a reason", "returns false"):
                trades(s, habit, reverts=NOT_GIVEN)
            trades(s, "moves nothing, returns false", reverts=NOT_GIVEN)


@scenario
def a_balance_that_shrank_by_itself(s: Stage) -> None:
    """Take from the holder: less than its units can be sold only in ours (V-13); more is a gift."""
    odd_index(s, E18)
    s.odd_token.setBalance(s.set, 500 * E18, by=s.owner)
    s.index_module.trade(s.odd, by=s.trader, reverts=NOT_TAKEN)
    with s.aside():
        s.index_module.setTradeMaximums([s.odd], [E18], by=s.manager)
        s.index_module.trade(
            s.odd,
            by=s.trader,
            reverts="SafeMath: subtraction overflow",
            ours=None,
            differs="V-13",
        )
    s.odd_token.setBalance(s.set, 5_000 * E18, by=s.owner)
    s.index_module.trade(s.odd, by=s.trader)


@scenario
def a_fee_on_transfer_component(s: Stage) -> None:
    """D-13: it neither leaves the SetToken nor a pair in the amount asked for."""
    token = set_v2("mocks/StandardTokenWithFeeMock")
    s.deploy("taxed", token, s.owner, 10**30, "Taxed", "TAX", 0)
    s.share("taxed")
    index_of(s, s.taxed)
    s.taxed.setFee(10**15, by=s.owner)
    started = (E18, {"ours": "Invalid post transfer balance", "differs": "D-13"}), (3 * E18, {})
    for target, ours in started:
        with s.aside():
            s.index_module.startRebalance([], [], [target, 15 * E18], E18, by=s.manager)
            s.index_module.trade(s.dai, by=s.trader)
            s.index_module.trade(s.taxed, by=s.trader, reverts="UniswapV2: K", **ours)


# ---------------------------------------------------------------- callbacks


def calling_index(s: Stage) -> Handle:
    """Start a rebalance of an index with a token that calls back and may trade."""
    token = s.deploy("caller", mock("CallbackToken"), 10**30)
    index_of(s, token)
    s.index_module.updateTraderStatus([token], [True], by=s.manager)
    s.index_module.startRebalance([], [], [E18, 15 * E18], E18, by=s.manager)
    return token


@scenario
def a_component_that_calls_back_cannot_reenter(s: Stage) -> None:
    """D-06: refused with the guard's words, and with none."""
    token = calling_index(s)
    for name, arguments in (
        ("trade", [s.dai]),
        ("tradeRemainingWETH", [s.dai]),
        ("raiseAssetTargets", []),
    ):
        with s.aside():
            data = getattr(s.index_module, name).data(*arguments)
            token.callBack(s.index_module, data, by=s.owner)
            s.index_module.trade(token, by=s.trader)
            token.attempts()
            token.succeeded()
            answer = token.answer(differs="D-06")
            assert reason(answer) == ("" if s.world.has_our_sets else REENTRANT)


@scenario
def settings_are_closed_while_a_trade_is_under_way(s: Stage) -> None:
    """D-06: the original lets a manager that is called back change them; views answer on both."""
    token = calling_index(s)
    s.set.setManager(token, by=s.manager)
    for name, arguments in (
        ("updateAnyoneTrade", [True]),
        ("setExchanges", [[s.dai], [SUSHISWAP]]),
        ("startRebalance", [[], [], [E18, 20 * E18], E18]),
        ("removeModule", []),
    ):
        with s.aside():
            data = getattr(s.index_module, name).data(*arguments)
            token.callBack(s.index_module, data, by=s.owner)
            differs = None if name == "removeModule" else "D-06"
            s.index_module.trade(token, by=s.trader, differs=differs)
            token.succeeded(differs="D-06")
    token.callBack(s.index_module, s.index_module.getTargetUnits.data([s.dai]), by=s.owner)
    s.index_module.trade(token, by=s.trader)
    token.succeeded()
    token.answer()
