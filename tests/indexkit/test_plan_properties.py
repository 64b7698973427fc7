"""Properties of the integer mirrors, over the sizes that tokens and pools really have."""

from hypothesis import given
from hypothesis import strategies as st

from indexkit import plan

supplies = st.integers(1, 10**27)
units = st.integers(0, 10**24)
sizes = st.integers(1, 10**30)
reserves = st.integers(10**3, 10**33)


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


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**28))
def test_trade_sizes__add_up(amount: int, largest: int) -> None:
    """The counted trades make up the notional, none above the largest."""
    largest = max(largest, abs(amount) // 50 + 1)
    parts = plan.trade_sizes(amount, largest)
    assert sum(parts) == abs(amount)
    assert len(parts) == plan.trade_count(amount, largest)
    assert 0 <= min(parts) <= max(parts) <= largest


@given(units, st.integers(1, 10**18), st.integers(1, 10**18))
def test_normalised_target__never_grows_with_fees(target: int, now: int, start: int) -> None:
    """The multiplier only falls, and so do the targets; equal multipliers change nothing."""
    low, high = sorted((now, start))
    assert plan.normalised_target(target, low, high) <= target
    assert plan.normalised_target(target, high, high) == target


@given(st.data(), reserves, reserves)
def test_quotes__exact_output_pays_for_itself(
    data: st.DataObject, reserve_in: int, reserve_out: int
) -> None:
    """Paying the quoted input gives at least the wanted output; two wei less does not."""
    wanted = data.draw(st.integers(1, reserve_out - 1))
    paid = plan.amount_in(wanted, reserve_in, reserve_out)
    assert plan.amount_out(paid, reserve_in, reserve_out) >= wanted
    if paid > 2:
        assert plan.amount_out(paid - 2, reserve_in, reserve_out) < wanted


@given(st.data(), reserves, reserves)
def test_quotes__the_product_never_falls(
    data: st.DataObject, reserve_in: int, reserve_out: int
) -> None:
    """No trade takes value out of the pool, and none empties it."""
    paid = data.draw(st.integers(1, 10 * reserve_in))
    got = plan.amount_out(paid, reserve_in, reserve_out)
    assert got < reserve_out
    assert (reserve_in + paid) * (reserve_out - got) >= reserve_in * reserve_out


@given(st.data(), reserves, reserves, st.integers(0, 10**33))
def test_split_cost__sell_on_a_pool(
    data: st.DataObject, token: int, weth: int, market: int
) -> None:
    """The parts add up to what the sale fell short of the market; fee and impact never pay."""
    sold = data.draw(st.integers(1, 10 * token))
    received = plan.amount_out(sold, token, weth)
    mid = sold * weth // token
    cost = plan.split_cost(received, mid, market, is_buy=False)
    assert cost.total == market - received
    assert cost.drift == market - mid
    assert cost.fee == mid * 3 // 1000
    assert cost.impact >= 0


@given(st.data(), reserves, reserves, st.integers(0, 10**33))
def test_split_cost__buy_on_a_pool(data: st.DataObject, token: int, weth: int, market: int) -> None:
    """The parts add up to what the buy paid above the market; fee and impact never pay."""
    bought = data.draw(st.integers(1, token - 1))
    paid = plan.amount_in(bought, weth, token)
    mid = bought * weth // token
    cost = plan.split_cost(paid, mid, market, is_buy=True)
    assert cost.total == paid - market
    assert cost.drift == mid - market
    assert cost.fee == paid * 3 // 1000
    assert cost.impact >= 0
