"""Figures that contradict each other are refused, naming the component and both values."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from indexkit import plan
from indexkit.conventions import CORRECTED, MAY_2021
from indexkit.errors import IndexkitError
from indexkit.rebalance_checks import check
from indexkit.rebalance_data import Rebalance, load


@pytest.fixture(scope="module")
def april() -> Rebalance:
    """DPI's rebalance of April 2021: UNI is sold, everything else is bought."""
    return load("dpi-2021-04")


@pytest.fixture(scope="module")
def june() -> Rebalance:
    """MVI's rebalance of June 2021, with tokens of 4 and 8 decimals."""
    return load("mvi-2021-06")


def refusal(rebalance: Rebalance) -> str:
    """Return what the check says."""
    with pytest.raises(IndexkitError) as raised:
        check(rebalance, "file.json")
    return raised.value.message


def with_list(rebalance: Rebalance, attribute: str, symbols: tuple[str, ...]) -> Rebalance:
    """Return the rebalance with one of its lists of symbols replaced."""
    lists: Any = {attribute: symbols}
    return replace(rebalance, **lists)


def edited(rebalance: Rebalance, symbol: str, **figures: Any) -> Rebalance:
    """Return the rebalance with some figures of a component changed."""
    return replace(
        rebalance,
        components=tuple(
            replace(component, **figures) if component.symbol == symbol else component
            for component in rebalance.components
        ),
    )


@pytest.mark.parametrize("name", ["dpi-2021-02", "dpi-2021-04", "mvi-2021-06"])
def test_check__published(name: str) -> None:
    """The published figures agree with each other."""
    check(load(name), "file.json")


def test_check__duplicate_symbol(april: Rebalance) -> None:
    """A component is listed once."""
    assert refusal(replace(april, components=(*april.components, april.component("UNI")))) == (
        "file.json: components has UNI twice: remove one of them."
    )


@pytest.mark.parametrize("spell", [str, str.lower])
def test_check__duplicate_address(april: Rebalance, spell: Callable[[str], str]) -> None:
    """I-28: two symbols cannot be one token, however it is spelled."""
    uni = april.component("UNI").address
    assert refusal(edited(april, "YFI", address=spell(uni))) == (
        f"file.json: components has {uni} twice: remove one of them."
    )


@pytest.mark.parametrize("key", ["component_order", "new_symbols"])
def test_check__duplicate_place(april: Rebalance, key: str) -> None:
    """A component is old or new, once."""
    repeated = (*getattr(april, key), "YFI")
    assert refusal(with_list(april, key, repeated)) == (
        "file.json: component_order and new_components name YFI twice: remove one of them."
    )


@pytest.mark.parametrize(
    ("attribute", "key"),
    [
        ("component_order", "component_order"),
        ("new_symbols", "new_components"),
        ("schedule", "schedule"),
    ],
)
def test_check__unknown_symbol(april: Rebalance, attribute: str, key: str) -> None:
    """Lists name components only."""
    named = (*getattr(april, attribute), "DOGE")
    assert refusal(with_list(april, attribute, named)) == (
        f"file.json: {key} names DOGE, which is no component: remove it or add the component."
    )


@pytest.mark.parametrize("key", ["component_order", "new_symbols"])
def test_check__order_does_not_cover(april: Rebalance, key: str) -> None:
    """No component is left out."""
    *kept, left_out = getattr(april, key)
    assert refusal(with_list(april, key, tuple(kept))) == (
        f"file.json: {left_out} is in neither component_order nor new_components: add it to one."
    )


def test_check__notional(april: Rebalance) -> None:
    """A notional one wei away is refused with both values."""
    notional = april.component("UNI").notional
    assert refusal(edited(april, "UNI", notional=notional + 1)) == (
        f"file.json: UNI: notional is {notional + 1}, but its units and total_supply "
        f"give {notional}: correct the wrong one."
    )


@pytest.mark.parametrize("key", ["current_unit", "target_unit"])
def test_check__unit(april: Rebalance, key: str) -> None:
    """A unit one wei away moves the notional."""
    unit = getattr(april.component("MKR"), key)
    assert refusal(edited(april, "MKR", **{key: unit + 1})).startswith(
        "file.json: MKR: notional is 379986225124559638021, but its units and total_supply give 3"
    )


def test_check__total_supply(april: Rebalance) -> None:
    """Each rounded notional allows many supplies; together they allow this one only."""
    for supply in (april.total_supply - 1, april.total_supply + 1):
        assert "total_supply" in refusal(replace(april, total_supply=supply))


def test_check__trade_count(april: Rebalance) -> None:
    """A count that the sizes do not give is refused with both values."""
    assert refusal(edited(april, "KNC", trade_count=41)) == (
        "file.json: KNC: trade_count is 41, but its notional and max_trade_size give 42: "
        "correct the wrong one."
    )


def test_check__max_trade_size(april: Rebalance) -> None:
    """A size ten times too large changes the count."""
    size = april.component("KNC").max_trade_size * 10
    assert "KNC: trade_count is 42, but" in refusal(edited(april, "KNC", max_trade_size=size))


def test_check__held_but_new(april: Rebalance) -> None:
    """What the index holds already is not new."""
    order = tuple(symbol for symbol in april.component_order if symbol != "SUSHI")
    moved = replace(april, component_order=order, new_symbols=("SUSHI", *april.new_symbols))
    assert refusal(moved) == (
        "file.json: SUSHI: current_unit is 1968786284093672866, but only new_components have none, "
        "and all of them: correct the unit or the list."
    )


def test_check__new_but_listed_as_held(april: Rebalance) -> None:
    """What the index does not hold is new."""
    moved = replace(april, component_order=(*april.component_order, "FARM"), new_symbols=("CREAM",))
    assert "FARM: current_unit is 0, but only new_components have none" in refusal(moved)


def test_check__price(april: Rebalance) -> None:
    """A wrong price shows in the value of the index."""
    assert refusal(edited(april, "UNI", price_usd=Decimal("30.20"))) == (
        "file.json: the current units are worth 432.7934 USD per index token but the target units "
        "431.5884 USD, more than 0.01 % apart: correct the wrong price, decimals or unit."
    )


@pytest.mark.parametrize("decimals", [3, 5])
def test_check__decimals(june: Rebalance, decimals: int) -> None:
    """Wrong decimals show in the value of the index."""
    assert "correct the wrong price, decimals" in refusal(edited(june, "WHALE", decimals=decimals))


def test_check__value_tolerance(april: Rebalance) -> None:
    """A change of the index value of exactly 0.01 % passes, one wei more does not."""
    supply, unit = 10**18, 10**22
    yfi, uni = april.component("YFI"), april.component("UNI")

    def drifting(change: int) -> Rebalance:
        figures: Any = {"price_usd": Decimal(1), "decimals": 18, "max_trade_size": 10**24}
        still = replace(
            yfi, **figures, current_unit=unit, target_unit=unit, notional=0, trade_count=1
        )
        sold = replace(
            uni,
            **figures,
            current_unit=unit,
            target_unit=unit - change,
            notional=-change,
            trade_count=1,
        )
        return replace(
            april,
            total_supply=supply,
            components=(still, sold),
            component_order=("YFI", "UNI"),
            new_symbols=(),
            schedule=("UNI", "YFI"),
        )

    check(drifting(2 * 10**18), "file.json")
    assert "more than 0.01 % apart" in refusal(drifting(2 * 10**18 + 1))


def test_check__schedule_lacks_a_trade(april: Rebalance) -> None:
    """The refusal names the component and both counts."""
    schedule = list(april.schedule)
    schedule.remove("UNI")
    assert refusal(replace(april, schedule=tuple(schedule))) == (
        "file.json: UNI: is 22 times in schedule, but its figures give 23 (trade_count 23): "
        "correct the wrong one."
    )


def test_check__schedule_has_a_trade_too_many(april: Rebalance) -> None:
    """The refusal names the component and both counts."""
    assert "BAL: is 2 times in schedule, but its figures give 1 " in refusal(
        replace(april, schedule=(*april.schedule, "BAL"))
    )


def test_check__schedule_order(april: Rebalance) -> None:
    """Two neighbours exchanged are found, with their place."""
    schedule = list(april.schedule)
    assert schedule[5:7] == ["COMP", "MKR"]
    schedule[5:7] = "MKR", "COMP"
    assert refusal(replace(april, schedule=tuple(schedule))) == (
        "file.json: schedule[5] is MKR, but the figures give COMP: "
        "correct the order, or the price or size that moved it."
    )


def test_check__conventions(june: Rebalance) -> None:
    """An order made by other conventions than the file names is refused."""
    order = plan.schedule(june.components, june.weth_price, MAY_2021)
    check(replace(june, conventions=MAY_2021, schedule=order), "file.json")
    assert "schedule[9] is SAND, but the figures give AUDIO" in refusal(
        replace(june, schedule=order)
    )


def test_check__corrected_counts(april: Rebalance) -> None:
    """Nothing to trade is a trade by the published conventions, and none by ours."""
    still = edited(april, "BAL", target_unit=april.component("BAL").current_unit, notional=0)
    assert "BAL: trade_count is 1, but its notional and max_trade_size give 0" in refusal(
        replace(still, conventions=CORRECTED)
    )
    assert "BAL: trade_count is 0, but its notional and max_trade_size give 1" in refusal(
        edited(still, "BAL", trade_count=0)
    )


def test_check__schedule_mixes_conventions(june: Rebalance) -> None:
    """Two neighbours of different value exchanged are found."""
    schedule = list(june.schedule)
    assert schedule[9:11] == ["AUDIO", "NFTX"]
    schedule[9:11] = "NFTX", "AUDIO"
    said = refusal(replace(june, schedule=tuple(schedule)))
    assert said.startswith("file.json: schedule[9] is NFTX, but the figures give AUDIO: ")
