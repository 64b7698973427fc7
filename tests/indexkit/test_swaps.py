"""Quotes and costs of swaps on Uniswap V2: Uniswap's own vectors, and sums that add up."""

from collections.abc import Callable

import pytest

from indexkit import plan, swaps
from indexkit.errors import IndexkitError
from indexkit.swaps import Cost

WAD = 10**18
Quote = Callable[[int, int, int], int]


def test_plan__offers_the_swaps_too() -> None:
    """Whoever plans finds quotes and costs in the same place."""
    assert (plan.amount_in, plan.amount_out) == (swaps.amount_in, swaps.amount_out)
    assert (plan.Cost, plan.split_cost) == (swaps.Cost, swaps.split_cost)


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
    assert swaps.amount_out(paid, reserve_in, reserve_out) == got


def test_amount_in__uniswap_vector() -> None:
    """The vector of Uniswap's own router test; an exact quotient still gets one more."""
    assert swaps.amount_in(1, 100, 100) == 2
    assert swaps.amount_in(3, 997, 1003) == 4


def test_quotes__smallest_pool() -> None:
    """One base unit on a side is a pool still, with little to give."""
    assert swaps.amount_out(1000, 1, 1) == 0
    assert swaps.amount_in(1, 1, 2) == 2


@pytest.mark.parametrize("amount", [0, -1])
@pytest.mark.parametrize("quote", [swaps.amount_out, swaps.amount_in])
def test_quotes__no_amount(quote: Quote, amount: int) -> None:
    """Nothing cannot be quoted."""
    with pytest.raises(IndexkitError) as raised:
        quote(amount, 100, 100)
    assert raised.value.message == (
        f"The amount {amount} cannot be quoted: ask for a positive amount."
    )


@pytest.mark.parametrize("reserves", [(0, 100), (100, 0)])
@pytest.mark.parametrize("quote", [swaps.amount_out, swaps.amount_in])
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
        swaps.amount_in(wanted, 100, 100)
    assert raised.value.message == (
        f"The pool holds 100 base units, so it cannot sell {wanted}: trade less or add liquidity."
    )
    assert swaps.amount_in(99, 100, 100) == 9930


def test_split_cost__sell() -> None:
    """Mid 1 per cent below the market; the fee is 0.30 % of the amount at mid."""
    cost = swaps.split_cost(9_870, 9_900, 10_000, is_buy=False)
    assert cost == Cost(fee=29, impact=1, drift=100)
    assert cost.total == 10_000 - 9_870


def test_split_cost__buy() -> None:
    """The fee is 0.30 % of the WETH paid; a mid below the market is a gain."""
    cost = swaps.split_cost(10_050, 9_900, 10_000, is_buy=True)
    assert cost == Cost(fee=30, impact=120, drift=-100)
    assert cost.total == 10_050 - 10_000


def test_split_cost__another_fee() -> None:
    """A pool with a fee of 1 %."""
    assert swaps.split_cost(98, 100, 100, is_buy=False, fee=10**16) == Cost(1, 1, 0)
