"""The plan reproduces the published figures to the wei, and mirrors the module and the pools."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from indexkit import plan
from indexkit.errors import IndexkitError
from indexkit.plan import Cost
from indexkit.rebalance_data import Component, Rebalance, load

NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
WAD = plan.WAD
Quote = Callable[[int, int, int], int]


@pytest.fixture(scope="module", params=NAMES)
def rebalance(request: pytest.FixtureRequest) -> Rebalance:
    """Each of the published rebalances."""
    return load(request.param)


def component(
    symbol: str, amount: int, size: int, price: str = "1", decimals: int = 18
) -> Component:
    """Return a component of which only what the order of trades reads is meaningful."""
    return Component(
        symbol=symbol,
        name=symbol,
        address="",
        decimals=decimals,
        price_usd=Decimal(price),
        exchange="UniswapV2",
        max_trade_size=size,
        cool_off_period=0,
        current_unit=0,
        target_unit=0,
        notional=amount,
        trade_count=plan.trade_count(amount, size),
    )


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(7, 2, 3), (-7, 2, -3), (7, -2, -3), (-7, -2, 3), (-1, 2, 0), (0, 5, 0), (-6, 3, -2)],
)
def test_div_trunc__towards_zero(numerator: int, denominator: int, quotient: int) -> None:
    """The remainder is dropped whatever the signs."""
    assert plan.div_trunc(numerator, denominator) == quotient


@pytest.mark.parametrize(("numerator", "quotient"), [(0, 0), (1, 1), (9, 1), (10, 1), (11, 2)])
def test_div_ceil__up(numerator: int, quotient: int) -> None:
    """Any remainder adds one."""
    assert plan.div_ceil(numerator, 10) == quotient


@pytest.mark.parametrize(
    ("price", "wad"),
    [
        ("1", WAD),
        ("36791.00", 36791 * WAD),
        ("0.544532", 544532 * 10**12),
        ("0.000000000000000001", 1),
        ("999999999999999999.999999999999999999", 10**36 - 1),
    ],
)
def test_price_wad__exact(price: str, wad: int) -> None:
    """No digit is lost, beyond the 28 of Decimal's arithmetic either."""
    assert plan.price_wad(Decimal(price)) == wad


@pytest.mark.parametrize("price", ["0", "-1", "0.0000000000000000001", "NaN", "Infinity"])
def test_price_wad__refused(price: str) -> None:
    """A price is positive and has 18 decimals at most."""
    with pytest.raises(IndexkitError) as raised:
        plan.price_wad(Decimal(price))
    assert raised.value.message == (
        f"The price {price} is not a positive number of at most 18 decimals: correct it."
    )


def test_value_in_weth__scales_decimals() -> None:
    """100 WHALE of 4 decimals at 12.40 USD, with WETH at 2838.09 USD."""
    value = plan.value_in_weth(100_0000, 12_4 * 10**17, 2838_09 * 10**16, 4)
    assert value == 1240 * WAD * 100 // 283809


def test_value_in_weth__rounds_down() -> None:
    """Two thirds of a wei are none."""
    assert plan.value_in_weth(2, WAD, 3 * WAD, 18) == 0
    assert plan.value_in_weth(3, WAD, 3 * WAD, 18) == 1


def test_notional__published(rebalance: Rebalance) -> None:
    """Units and supply give every published notional."""
    for c in rebalance.components:
        assert plan.notional(c.current_unit, c.target_unit, rebalance.total_supply) == c.notional


def test_trade_count__published(rebalance: Rebalance) -> None:
    """Notional and size give every published count."""
    for c in rebalance.components:
        assert plan.trade_count(c.notional, c.max_trade_size) == c.trade_count


@pytest.mark.parametrize(
    ("amount", "count"), [(0, 1), (1, 1), (99, 1), (100, 2), (101, 2), (-99, 1), (-100, 2)]
)
def test_trade_count__floor_plus_one(amount: int, count: int) -> None:
    """An exact multiple counts one trade too many, as published."""
    assert plan.trade_count(amount, 100) == count


@pytest.mark.parametrize(
    ("amount", "sizes"), [(250, (100, 100, 50)), (-250, (100, 100, 50)), (200, (100, 100, 0))]
)
def test_trade_sizes__full_ones_first(amount: int, sizes: tuple[int, ...]) -> None:
    """The last trade takes what remains."""
    assert plan.trade_sizes(amount, 100) == sizes


@pytest.mark.parametrize(
    ("name", "trades", "sold", "bought", "value"),
    [
        ("dpi-2021-02", 115, -5015439, 5015443, 322841667800359472095),
        ("dpi-2021-04", 209, -11209636, 11209629, 427924639209043442485),
        ("mvi-2021-06", 78, -314465, 314392, 51635679295987123672),
    ],
)
def test_published_totals(name: str, trades: int, sold: int, bought: int, value: int) -> None:
    """Trades, whole dollars sold and bought, and the index value are those published."""
    rebalance = load(name)
    dollars = [
        plan.div_trunc(plan.div_trunc(c.notional * c.price, 10**c.decimals), WAD)
        for c in rebalance.components
    ]
    assert sum(c.trade_count for c in rebalance.components) == trades == len(rebalance.schedule)
    assert sum(d for d in dollars if d < 0) == sold
    assert sum(d for d in dollars if d > 0) == bought
    assert sum(c.current_unit * c.price // 10**c.decimals for c in rebalance.components) == value


def test_schedule__published(rebalance: Rebalance) -> None:
    """The whole order of trades is the published one."""
    assert plan.schedule(rebalance.components, rebalance.weth_price) == rebalance.schedule


def test_schedule__published_up_to_may() -> None:
    """The older rule gives the DPI orders too, but not the one of June: MVI has other decimals."""
    orders = {
        name: plan.schedule(load(name).components, load(name).weth_price, scale_decimals=False)
        for name in NAMES
    }
    assert [name for name in NAMES if orders[name] == load(name).schedule] == list(NAMES[:2])


def test_schedule__older_rule_prices_base_units() -> None:
    """A sale of a token of 8 decimals pays for nothing under the older rule."""
    components = component("S", -(10**8), 10**9, decimals=8), component("B", 10**18, 10**19)
    more = (*components, component("C", 5, 10))
    assert plan.schedule(more, WAD) == ("S", "B", "C")
    assert plan.schedule(more, WAD, scale_decimals=False) == ("S", "C", "B")


def test_schedule__last_trade_of_february() -> None:
    """MTA's last trade was never affordable in the rounds: it is appended."""
    february = load("dpi-2021-02")
    dearer = [
        replace(c, notional=c.notional + 1) if c.symbol == "UNI" else c for c in february.components
    ]
    assert february.schedule[-1] == "MTA"
    assert plan.schedule(dearer, february.weth_price) == february.schedule


def test_schedule__sells_before_buys_in_each_round() -> None:
    """Each component trades once a round, in the order of the table, sells first."""
    components = (
        component("B", 15, 10),
        component("S", -25, 10),
        component("R", -5, 10),
        component("C", 10, 20),
    )
    assert plan.schedule(components, WAD) == ("S", "R", "B", "S", "B", "C", "S")


def test_schedule__a_buy_may_spend_the_whole_balance() -> None:
    """A buy worth exactly the WETH at hand is made, one wei more is not."""
    assert plan.schedule(
        (component("B", 7, 10), component("C", 3, 10), component("S", -10, 20)), WAD
    ) == ("S", "B", "C")
    assert plan.schedule((component("B", 11, 20), component("S", -15, 10)), WAD) == ("S", "S", "B")


def test_schedule__unaffordable_buys_follow_once() -> None:
    """However many trades a buy lacks, it is appended once."""
    components = component("S", -5, 10), component("B", 35, 10), component("C", 1, 10)
    assert components[1].trade_count == 4
    assert plan.schedule(components, WAD) == ("S", "C", "B")


def test_schedule__zero_notional_counts_as_a_buy() -> None:
    """Nothing to trade is one trade, at the end of the first round."""
    assert plan.schedule((component("Z", 0, 10), component("S", -5, 10)), WAD) == ("S", "Z")


def test_schedule__nothing() -> None:
    """No component, no trade."""
    assert plan.schedule((), WAD) == ()


def test_normalised_target__shrinks_with_the_multiplier() -> None:
    """A fee of a tenth shrinks a target by a tenth, rounded down."""
    assert plan.normalised_target(1005, 9 * WAD // 10, WAD) == 904
    assert plan.normalised_target(1005, 994832748042687048, 994832748042687048) == 1005


def test_notionals__rounding() -> None:
    """What is held rounds down, what is aimed at rounds up, nothing stays nothing."""
    assert plan.current_notional(3 * WAD // 2, 1) == 1
    assert plan.target_notional(3 * WAD // 2, 1) == 2
    assert plan.current_notional(2 * WAD, 1) == plan.target_notional(2 * WAD, 1) == 2
    assert plan.target_notional(3 * WAD // 2, 0) == 0


@pytest.mark.parametrize(
    ("unit", "target", "size"),
    [
        (100, 130, 20),
        (100, 110, 10),
        (100, 100, 0),
        (100, 95, -5),
        (100, 0, -20),
        (0, 7, 7),
    ],
)
def test_trade_size__capped_both_ways(unit: int, target: int, size: int) -> None:
    """One whole index token, at most 20 base units a trade."""
    assert plan.trade_size(WAD, unit, target, 20) == size


def test_trade_size__target_met_in_spite_of_rounding() -> None:
    """Equal units need no trade although their notionals round apart."""
    assert plan.target_notional(WAD + 1, 3) - plan.current_notional(WAD + 1, 3) == 1
    assert plan.trade_size(WAD + 1, 3, 3, 10) == 0


def test_trade_size__first_trades_of_april() -> None:
    """UNI sells its largest trade; BAL needs one trade, rounded up to reach the target."""
    april = load("dpi-2021-04")
    uni, bal = april.component("UNI"), april.component("BAL")
    sizes = [
        plan.trade_size(april.total_supply, c.current_unit, c.target_unit, c.max_trade_size)
        for c in (uni, bal)
    ]
    assert sizes[0] == -uni.max_trade_size
    assert 0 <= sizes[1] - bal.notional <= 2


@pytest.mark.parametrize(
    ("paid", "reserve_in", "reserve_out", "got"),
    [
        (2, 100, 100, 1),
        (10**18, 5 * WAD, 10 * WAD, 1662497915624478906),
        (10**18, 10 * WAD, 5 * WAD, 453305446940074565),
        (2 * 10**18, 5 * WAD, 10 * WAD, 2851015155847869602),
        (10**18, 1000 * WAD, 1000 * WAD, 996006981039903216),
    ],
)
def test_amount_out__uniswap_vectors(
    paid: int, reserve_in: int, reserve_out: int, got: int
) -> None:
    """The vectors of Uniswap's own tests (v2-periphery router, v2-core pair)."""
    assert plan.amount_out(paid, reserve_in, reserve_out) == got


def test_amount_in__uniswap_vector() -> None:
    """The vector of Uniswap's own router test; an exact quotient still gets one more."""
    assert plan.amount_in(1, 100, 100) == 2
    assert plan.amount_in(3, 997, 1003) == 4


def test_quotes__smallest_pool() -> None:
    """One base unit on a side is a pool still, with little to give."""
    assert plan.amount_out(1000, 1, 1) == 0
    assert plan.amount_in(1, 1, 2) == 2


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("quote", [plan.amount_out, plan.amount_in])
def test_quotes__no_amount(quote: Quote, amount: int) -> None:
    """Nothing cannot be quoted."""
    with pytest.raises(IndexkitError) as raised:
        quote(amount, 100, 100)
    assert raised.value.message == (
        f"The amount {amount} cannot be quoted: ask for a positive amount."
    )


@pytest.mark.parametrize("reserves", [(0, 100), (100, 0)])
@pytest.mark.parametrize("quote", [plan.amount_out, plan.amount_in])
def test_quotes__empty_pool(quote: Quote, reserves: tuple[int, int]) -> None:
    """An empty pool cannot quote."""
    with pytest.raises(IndexkitError) as raised:
        quote(1, *reserves)
    assert raised.value.message == (
        f"The pool's reserves are {reserves}: add liquidity on both sides."
    )


@pytest.mark.parametrize("wanted", [100, 101])
def test_amount_in__more_than_the_pool_holds(wanted: int) -> None:
    """A pool never sells its whole reserve."""
    with pytest.raises(IndexkitError) as raised:
        plan.amount_in(wanted, 100, 100)
    assert raised.value.message == (
        f"The pool holds 100 base units, so it cannot sell {wanted}: trade less or add liquidity."
    )
    assert plan.amount_in(99, 100, 100) == 9930


def test_split_cost__sell() -> None:
    """Mid 1 per cent below the market; the fee is 0.30 % of the amount at mid."""
    cost = plan.split_cost(9_870, 9_900, 10_000, is_buy=False)
    assert cost == Cost(fee=29, impact=1, drift=100)
    assert cost.total == 10_000 - 9_870


def test_split_cost__buy() -> None:
    """The fee is 0.30 % of the WETH paid; a mid below the market is a gain."""
    cost = plan.split_cost(10_050, 9_900, 10_000, is_buy=True)
    assert cost == Cost(fee=30, impact=120, drift=-100)
    assert cost.total == 10_050 - 10_000


def test_split_cost__another_fee() -> None:
    """A pool with a fee of 1 %."""
    assert plan.split_cost(98, 100, 100, is_buy=False, fee=10**16) == Cost(1, 1, 0)
