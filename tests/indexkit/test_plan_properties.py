"""Properties of the integer mirrors, over the sizes that tokens and pools really have."""

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from indexkit import plan
from indexkit.conventions import CORRECTED, PRESETS, Conventions
from indexkit.rebalance_data import Component

supplies = st.integers(1, 10**27)
units = st.integers(0, 10**24)
sizes = st.integers(1, 10**30)


@given(st.integers(-(10**60), 10**60), st.integers(1, 10**30))
def test_div_trunc__is_symmetric(numerator: int, denominator: int) -> None:
    """Negating the numerator negates the quotient, and the remainder stays below the divisor."""
    quotient = plan.div_trunc(numerator, denominator)
    assert plan.div_trunc(-numerator, denominator) == -quotient
    assert abs(numerator - quotient * denominator) < denominator
    assert abs(quotient * denominator) <= abs(numerator)


@given(supplies, units, units, sizes)
def test_trade_size__never_crosses_the_target(
    supply: int, unit: int, target: int, largest: int
) -> None:
    """A trade stays within the largest size and between what is held and what is aimed at."""
    size = plan.trade_size(supply, unit, target, largest)
    held = plan.current_notional(supply, unit)
    aim = plan.target_notional(supply, target)
    assert abs(size) <= largest
    assert min(held, aim) <= held + size <= max(held, aim)


@given(st.integers(plan.WAD, 10**27), units, units, st.integers(1, 40))
def test_trade_size__repeated_trades_meet_the_target(
    supply: int, unit: int, target: int, parts: int
) -> None:
    """Trade after trade ends exactly on the target.

    The module rounds the new unit down after each trade and so loses sight of up to supply / 1e18
    base units: trades must be larger than that to get anywhere.
    """
    missing = abs(plan.target_notional(supply, target) - plan.current_notional(supply, unit))
    largest = max(missing // parts, 10 * (supply // plan.WAD + 1))
    for _ in range(2 * plan.trade_count(missing, largest) + 1):
        size = plan.trade_size(supply, unit, target, largest)
        unit = (plan.current_notional(supply, unit) + size) * plan.WAD // supply
        if unit == target:
            break
    assert unit == target


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**28), st.sampled_from(PRESETS))
def test_trade_sizes__add_up(amount: int, largest: int, conventions: Conventions) -> None:
    """The counted trades make up the notional, none above the largest, by all conventions."""
    largest = max(largest, abs(amount) // 50 + 1)
    parts = plan.trade_sizes(amount, largest, conventions)
    assert sum(parts) == abs(amount)
    assert len(parts) == plan.trade_count(amount, largest, conventions)
    assert all(0 <= part <= largest for part in parts)
    assert all(parts) or conventions is not CORRECTED


@st.composite
def traded(draw: st.DrawFn) -> tuple[Component, ...]:
    """Return components to trade, with notionals up to twenty trades and any decimals."""
    drawn = []
    for place in range(draw(st.integers(0, 6))):
        size = draw(st.integers(1, 10**20))
        amount = draw(st.integers(-20 * size, 20 * size) | st.integers(-20, 20).map(size.__mul__))
        drawn.append(
            Component(
                symbol=f"T{place}",
                name="",
                address="",
                decimals=draw(st.sampled_from((4, 8, 18))),
                price_usd=Decimal(draw(st.integers(1, 10**12))).scaleb(-4),
                exchange="UniswapV2",
                max_trade_size=size,
                cool_off_period=0,
                current_unit=0,
                target_unit=0,
                notional=amount,
                trade_count=plan.trade_count(amount, size),
            )
        )
    return tuple(drawn)


@given(traded(), st.integers(10**18, 10**22))
def test_schedule__lists_each_trade_once(components: tuple[Component, ...], weth: int) -> None:
    """R-35: by the corrected conventions each trade is there, none of zero and none too many."""
    order = plan.schedule(components, weth)
    assert Counter(order) == {c.symbol: c.trade_count for c in components if c.trade_count}


@given(traded(), st.integers(10**18, 10**22))
def test_schedule__buys_follow_sells_that_pay(components: tuple[Component, ...], weth: int) -> None:
    """Up to the first buy that nothing pays for, the sells before cover each one."""
    order = plan.schedule(components, weth)
    sizes = {c.symbol: list(plan.trade_sizes(c.notional, c.max_trade_size)) for c in components}
    by_symbol = {c.symbol: c for c in components}
    balance, short = 0, False
    for symbol in order:
        c = by_symbol[symbol]
        value = plan.value_in_weth(sizes[symbol].pop(0), c.price, weth, c.decimals)
        balance += value if c.notional < 0 else -value
        short = short or balance < 0
        assert not (short and c.notional < 0)


@given(units, st.integers(1, 10**18), st.integers(1, 10**18))
def test_normalised_target__never_grows_with_fees(target: int, now: int, start: int) -> None:
    """The multiplier only falls, and so do the targets; equal multipliers change nothing."""
    low, high = sorted((now, start))
    assert plan.normalised_target(target, low, high) <= target
    assert plan.normalised_target(target, high, high) == target
