"""The plan reproduces the published figures to the wei, and mirrors the module and the pools."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indexkit import plan
from indexkit.conventions import CORRECTED, FEBRUARY_2021, JUNE_2021, MAY_2021, Conventions
from indexkit.errors import IndexkitError
from indexkit.rebalance_data import Component, Rebalance, load

NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
WAD = plan.WAD


@pytest.fixture(scope="module", params=NAMES)
def rebalance(request: pytest.FixtureRequest) -> Rebalance:
    """Each of the published rebalances."""
    return load(request.param)


def component(
    symbol: str,
    amount: int,
    size: int,
    price: str = "1",
    decimals: int = 18,
    conventions: Conventions = CORRECTED,
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
        trade_count=plan.trade_count(amount, size, conventions),
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


def test_notional_usd__towards_zero() -> None:
    """YFI's of February 2021; less than a dollar is none, sold or bought."""
    assert plan.notional_usd(-15772355410466022804, 30516_87 * 10**16, 18) == -481322
    assert plan.notional_usd(-1, 10**18 - 1, 0) == plan.notional_usd(1, 10**18 - 1, 0) == 0


def test_trade_count__published(rebalance: Rebalance) -> None:
    """R-35: notional and size give every published count."""
    for c in rebalance.components:
        given = plan.trade_count(c.notional, c.max_trade_size, rebalance.conventions)
        assert given == c.trade_count


@pytest.mark.parametrize(
    ("amount", "published", "corrected"),
    [(0, 1, 0), (1, 1, 1), (99, 1, 1), (100, 2, 1), (101, 2, 2), (-99, 1, 1), (-100, 2, 1)],
)
def test_trade_count__exact_multiple(amount: int, published: int, corrected: int) -> None:
    """R-35: published, an exact multiple counts a trade too many, and nothing counts as one.

    So did BADGER in the dry run of 21 July 2021: notional 0, count 1.
    """
    assert plan.trade_count(amount, 100, FEBRUARY_2021) == published
    assert plan.trade_count(amount, 100, JUNE_2021) == published
    assert plan.trade_count(amount, 100) == corrected


@pytest.mark.parametrize(
    ("amount", "published", "corrected"),
    [
        (250, (100, 100, 50), (100, 100, 50)),
        (-250, (100, 100, 50), (100, 100, 50)),
        (200, (100, 100, 0), (100, 100)),
        (0, (0,), ()),
    ],
)
def test_trade_sizes__full_ones_first(
    amount: int, published: tuple[int, ...], corrected: tuple[int, ...]
) -> None:
    """The last trade takes what remains; none of zero unless it is counted."""
    assert plan.trade_sizes(amount, 100, MAY_2021) == published
    assert plan.trade_sizes(amount, 100) == corrected


@pytest.mark.parametrize(
    ("name", "trades", "sold", "bought", "value"),
    [
        ("dpi-2021-02", 115, -5015439, 5015443, 322841667800359472095),
        ("dpi-2021-04", 209, -11209636, 11209629, 427924639209043442485),
        ("mvi-2021-06", 78, -314465, 314392, 51635679295987123672),
    ],
)
def test_published_totals(name: str, trades: int, sold: int, bought: int, value: int) -> None:
    """R-35: trades, whole dollars sold and bought, and the index value are those published."""
    rebalance = load(name)
    dollars = [plan.notional_usd(c.notional, c.price, c.decimals) for c in rebalance.components]
    assert sum(c.trade_count for c in rebalance.components) == trades == len(rebalance.schedule)
    assert sum(d for d in dollars if d < 0) == sold
    assert sum(d for d in dollars if d > 0) == bought
    assert sum(c.current_unit * c.price // 10**c.decimals for c in rebalance.components) == value


def test_schedule__published(rebalance: Rebalance) -> None:
    """R-35: the whole order of trades is the published one."""
    order = plan.schedule(rebalance.components, rebalance.weth_price, rebalance.conventions)
    assert order == rebalance.schedule


@pytest.mark.parametrize("conventions", [FEBRUARY_2021, MAY_2021, JUNE_2021, CORRECTED])
def test_schedule__decimals_matter_in_june(conventions: Conventions) -> None:
    """Pricing by 18 decimals gives DPI's orders, but not the one of June: MVI has other tokens."""
    orders = {
        name: plan.schedule(load(name).components, load(name).weth_price, conventions)
        for name in NAMES
    }
    same = [name for name in NAMES if orders[name] == load(name).schedule]
    assert same == list(NAMES if conventions.sizes == "scaled" else NAMES[:2])


def test_schedule__as_18_decimals_prices_base_units() -> None:
    """A sale of a token of 8 decimals pays for nothing when priced as one of 18."""
    components = component("S", -(10**8), 10**9, decimals=8), component("B", 10**18, 10**19)
    more = (*components, component("C", 5, 10))
    assert plan.schedule(more, WAD) == ("S", "B", "C")
    assert plan.schedule(more, WAD, MAY_2021) == ("S", "C", "B")


def test_schedule__last_trade_of_february() -> None:
    """MTA's last trade was never affordable in the rounds: it is appended."""
    february = load("dpi-2021-02")
    dearer = [
        replace(c, notional=c.notional + 1) if c.symbol == "UNI" else c for c in february.components
    ]
    assert february.schedule[-1] == "MTA"
    assert plan.schedule(dearer, february.weth_price, FEBRUARY_2021) == february.schedule


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


def test_schedule__unaffordable_buys() -> None:
    """Published, a buy is appended once however many trades it lacks; now none is dropped."""
    components = (
        component("S", -5, 10),
        component("B", 35, 10),
        component("C", 1, 10),
        component("D", 15, 10),
    )
    assert [c.trade_count for c in components] == [1, 4, 1, 2]
    assert plan.schedule(components, WAD, JUNE_2021) == ("S", "C", "B", "D")
    assert plan.schedule(components, WAD) == ("S", "C", "B", "D", "B", "D", "B", "B")


def test_schedule__exact_multiple() -> None:
    """Published, a trade of zero ends it; now the sizes are all there is."""
    components = component("S", -20, 10), component("B", 10, 10)
    assert plan.schedule(components, WAD, JUNE_2021) == ("S", "B", "S", "B", "S")
    assert plan.schedule(components, WAD) == ("S", "B", "S")


def test_schedule__zero_notional() -> None:
    """Published, nothing to trade is one trade, at the end of the first round; now it is none."""
    components = component("Z", 0, 10), component("S", -5, 10)
    assert plan.schedule(components, WAD, FEBRUARY_2021) == ("S", "Z")
    assert plan.schedule(components, WAD) == ("S",)


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
