"""Baskets: what the file means, and one sentence for each thing that can be wrong in it."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from indexkit.errors import IndexkitError
from indexkit.methodology import tables
from indexkit.methodology.basket import number, parse_basket, read_basket
from indexkit.methodology.weights import Entry, Rule
from indexkit.plan import WAD
from indexkit.rebalance_data import load

DATA = Path(__file__).resolve().parents[3] / "data" / "methodology"
Fields = dict[str, Any]


def april() -> Fields:
    """Return the April basket as JSON."""
    content: Fields = json.loads((DATA / "dpi-2021-04.json").read_text())
    return content


@pytest.mark.parametrize("name", ["dpi-2021-02", "dpi-2021-04"])
def test_read_basket__has_the_published_prices(name: str) -> None:
    """A basket in data/ has the components and prices of the published rebalance (R-32)."""
    basket, published = read_basket(DATA / f"{name}.json"), load(name)
    assert basket.prices == {c.symbol: c.price_usd for c in published.components}
    assert (basket.index, basket.date) == (published.index, published.date)
    assert set(basket.supplies) == set(basket.prices)


def test_parse_basket__reads_every_field() -> None:
    """Prices, supplies, weights, liquidity and current weights are taken as written (R-32)."""
    content = {
        "index": "X",
        "date": "2021-07-01",
        "rule": {"name": "flexible-cap", "cap": "0.5"},
        "components": [
            {"symbol": "A", "price_usd": "2", "supply": "3.5", "current_weight": "0.25"},
            {"symbol": "B", "price_usd": "1", "supply": "1", "current_weight": "0"},
            {"symbol": "C", "price_usd": "1", "supply": "1", "weight": "1", "liquidity_usd": "7"},
        ],
        "remark": "fields of others are left to them",
    }
    basket = parse_basket(content)
    assert basket.date == date(2021, 7, 1)
    assert basket.rule == Rule("flexible-cap", Decimal("0.5"))
    assert basket.entries == (
        Entry("A", Decimal(2), Decimal("3.5")),
        Entry("B", Decimal(1), Decimal(1)),
        Entry("C", Decimal(1), Decimal(1), Decimal(1), Decimal(7)),
    )
    assert dict(basket.current) == {"A": WAD // 4, "B": 0}
    assert basket.weights()["A"] == WAD * 3 // 8


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda f: f.pop("rule"), "basket: the field 'rule' is missing: add it."),
        (lambda f: f["rule"].update(name="best"), "basket, rule: name is 'best', not one of circ"),
        (lambda f: f["rule"].update(cap="0"), "basket, rule: cap is '0', not a number above 0, a"),
        (lambda f: f["rule"].update(cap="1.5"), "cap is '1.5', not a number above 0, at most 1,"),
        (lambda f: f["rule"].update(cap=0.25), "cap is 0.25, not a number above 0, at most 1, wi"),
        (lambda f: f["rule"].pop("cap"), "basket: single-pass-cap: the cap is missing: give a"),
        (lambda f: f.update(components=[]), "basket: An index without components has no weights"),
        (
            lambda f: f["components"][0].pop("price_usd"),
            "basket, components[0] YFI: the field 'price_usd' is missing: add it.",
        ),
        (
            lambda f: f["components"][0].update(price_usd="-1"),
            "basket, components[0] YFI: price_usd is '-1', not a price above zero",
        ),
        (lambda f: f["components"][0].update(supply="0"), "supply is '0', not a number above zer"),
        (lambda f: f["components"][0].pop("supply"), "basket: YFI: the supply is missing: give"),
        (lambda f: f["components"][1].update(symbol="YFI"), "basket: YFI is listed 2 times: leav"),
        (lambda f: f["components"][0].update(current_weight="2"), "current_weight is '2', not 0"),
    ],
)
def test_parse_basket__refuses(edit: Callable[[Fields], object], words: str) -> None:
    """What is missing or wrong is refused by its place in the file (R-32)."""
    content = april()
    edit(content)
    with pytest.raises(IndexkitError) as error:
        parse_basket(content)
    assert words in error.value.message
    assert error.value.message.endswith(".")


def test_read_basket__names_the_file(tmp_path: Path) -> None:
    """A file that is no JSON, and one with a key twice, is refused by name (R-32)."""
    path = tmp_path / "mine.json"
    with pytest.raises(IndexkitError, match=r"mine\.json: cannot be read as JSON"):
        read_basket(path)
    path.write_text('{"index": "X", "index": "Y"}')
    with pytest.raises(IndexkitError, match="a key is named twice"):
        read_basket(path)
    path.write_text("{}")
    with pytest.raises(IndexkitError, match=r"^mine\.json: the field 'rule' is missing"):
        read_basket(path)


def test_number__takes_digits_only() -> None:
    """A figure on the command line is a plain number above zero (R-31)."""
    assert number("44679560.64", "--divisor") == Decimal("44679560.64")
    for text in ("0", "-1", "1e9", "NaN", "", "0.0"):
        with pytest.raises(IndexkitError, match=r"^--divisor is .*, not a number above zero"):
            number(text, "--divisor")


def test_level_lines__need_supplies_only_for_a_level() -> None:
    """A basket of given weights has a table; its level is refused for want of a supply (R-31)."""
    content = {
        "index": "X",
        "date": "2021-07-01",
        "rule": {"name": "given"},
        "components": [{"symbol": "A", "price_usd": "2", "weight": "1"}],
    }
    basket = parse_basket(content)
    assert tables.level_lines(basket) == ()
    table = tables.weight_table(basket)
    assert [column.header for column in table.columns] == ["component", "price USD", "weight"]
    with pytest.raises(IndexkitError, match="A: the supply is missing: give it"):
        tables.level_lines(basket, kept=Decimal(1))
