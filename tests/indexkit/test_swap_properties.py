"""Properties of quotes and costs, over the sizes that pools really have."""

from hypothesis import given
from hypothesis import strategies as st

from indexkit import swaps

reserves = st.integers(10**3, 10**33)


@given(st.data(), reserves, reserves)
def test_quotes__exact_output_pays_for_itself(
    data: st.DataObject, reserve_in: int, reserve_out: int
) -> None:
    """Paying the quoted input gives at least the wanted output; two wei less does not."""
    wanted = data.draw(st.integers(1, reserve_out - 1))
    paid = swaps.amount_in(wanted, reserve_in, reserve_out)
    assert swaps.amount_out(paid, reserve_in, reserve_out) >= wanted
    if paid > 2:
        assert swaps.amount_out(paid - 2, reserve_in, reserve_out) < wanted


@given(st.data(), reserves, reserves)
def test_quotes__the_product_never_falls(
    data: st.DataObject, reserve_in: int, reserve_out: int
) -> None:
    """No trade takes value out of the pool, and none empties it."""
    paid = data.draw(st.integers(1, 10 * reserve_in))
    got = swaps.amount_out(paid, reserve_in, reserve_out)
    assert got < reserve_out
    assert (reserve_in + paid) * (reserve_out - got) >= reserve_in * reserve_out


@given(st.data(), reserves, reserves, st.integers(0, 10**33))
def test_split_cost__sell_on_a_pool(
    data: st.DataObject, token: int, weth: int, market: int
) -> None:
    """The parts add up to what the sale fell short of the market; fee and impact never pay."""
    sold = data.draw(st.integers(1, 10 * token))
    received = swaps.amount_out(sold, token, weth)
    mid = sold * weth // token
    cost = swaps.split_cost(received, mid, market, is_buy=False)
    assert cost.total == market - received
    assert cost.drift == market - mid
    assert cost.fee == mid * 3 // 1000
    assert cost.impact >= 0


@given(st.data(), reserves, reserves, st.integers(0, 10**33))
def test_split_cost__buy_on_a_pool(data: st.DataObject, token: int, weth: int, market: int) -> None:
    """The parts add up to what the buy paid above the market; fee and impact never pay."""
    bought = data.draw(st.integers(1, token - 1))
    paid = swaps.amount_in(bought, weth, token)
    mid = bought * weth // token
    cost = swaps.split_cost(paid, mid, market, is_buy=True)
    assert cost.total == paid - market
    assert cost.drift == mid - market
    assert cost.fee == paid * 3 // 1000
    assert cost.impact >= 0
