"""What can be wrong with what a methodologist types in: one sentence each, and no file."""

import pytest
from run_directory import OPTIONS, basket_of, edited, publish, state_of, with_component

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import Record
from indexkit.steps import basket as baskets
from indexkit.steps import run
from indexkit.steps import state as states
from indexkit.steps.folder import Folder

APRIL, JUNE = "dpi-2021-04", "mvi-2021-06"
YFI = "0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e"
REFUSED = [
    ({"price_usd": None}, "UNI: the field 'price_usd' is missing"),
    ({"price_usd": "0"}, "UNI: price_usd is '0', not a price above zero"),
    ({"price_usd": "-3"}, "UNI: price_usd is '-3', not a price above zero"),
    ({"price_usd": 33.5}, "UNI: price_usd is 33.5, not a price above zero"),
    ({"supply": "0"}, "UNI: supply is '0', not a number above zero"),
    ({"supply": "-1"}, "UNI: supply is '-1', not a number above zero"),
    ({"supply": None}, "UNI: the supply is missing"),
    ({"decimals": "18"}, "UNI: decimals is '18', not a whole number"),
    ({"decimals": 77}, "UNI: decimals is 77, above 36"),
    ({"address": "0x1f98"}, "UNI: address is '0x1f98', not an address"),
    ({"address": YFI}, f"address {YFI.lower()} is listed twice"),
    ({"address": YFI.lower()}, f"address {YFI.lower()} is listed twice"),
    (
        {"address": "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"},
        "UNI: WETH is what the index trades against",
    ),
    ({"symbol": "YFI"}, "symbol YFI is listed twice"),
    ({"exchange": "Kyber"}, "UNI: exchange is 'Kyber', not one of UniswapV2"),
    ({"max_trade_size": "0"}, "UNI: max_trade_size is '0', not a whole number above zero"),
    ({"leaves": "yes"}, "UNI: leaves is 'yes', not true or false"),
]


@pytest.mark.parametrize(("fields", "sentence"), REFUSED)
def test_parse__wrong_component__is_named(fields, sentence):
    """Missing price, zero or negative supply, a double by address case, …: one sentence each."""
    with pytest.raises(IndexkitError) as caught:
        baskets.parse(with_component(basket_of(APRIL), "UNI", **fields), "basket.json")
    assert sentence in caught.value.message
    assert caught.value.message.startswith("basket.json")
    assert caught.value.message.count("\n") == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"rule": {"name": "equal"}}, "rule: name is 'equal', not one of circulating-cap"),
        ({"rule": {"name": "iterated-cap"}}, "the cap is missing"),
        ({"rule": {"name": "iterated-cap", "cap": "0.07"}}, "14 components of at most 0.07"),
        ({"rule": {"name": "circulating-cap", "cap": "0.25"}}, "has no cap"),
        ({"conventions": "mine"}, "conventions is 'mine', not one of corrected"),
        ({"date": "20.4.2021"}, "date is '20.4.2021', not a date"),
        ({"components": []}, "without components has no weights"),
    ],
)
def test_parse__wrong_field__is_named(fields, sentence):
    """What is wrong with the basket as a whole."""
    with pytest.raises(IndexkitError) as caught:
        edited(basket_of(APRIL), **fields)
    assert sentence in caught.value.message


def test_parse__weights_that_do_not_sum__says_what_they_sum_to():
    """R-32: given weights must make exactly 1."""
    with pytest.raises(IndexkitError, match=r"the weights add up to 1\.000001, not exactly 1"):
        baskets.parse(with_component(basket_of(JUNE), "MANA", weight="0.148603"))


@pytest.mark.parametrize(
    ("days", "sentence"), [(8, "8 days old on 2021-04-28"), (-1, "1 days after 2021-04-19")]
)
def test_publish__stale_or_future_prices__writes_nothing(days, sentence, tmp_path):
    """Prices are a week old at most when the weights are published, and of no day to come."""
    basket = basket_of(APRIL)
    folder = Folder(tmp_path / "run")
    today = basket.method.date.fromordinal(basket.method.date.toordinal() + days)
    with pytest.raises(IndexkitError, match=sentence):
        run.publish(folder, basket, today=today)
    assert not folder.path.exists()


def changed(name, **fields):
    """Return the state of a rebalance with other fields, through its JSON."""
    return states.state_of(documents_record({**state_of(name).document(), **fields}))


def documents_record(content):
    """Return a record of a JSON object."""
    return Record("state.json", content)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"token": YFI}, "but the state is of"),
        ({"decimals": {}}, "YFI: the state knows no decimals of it"),
        ({"pools": []}, "YFI"),
    ],
)
def test_choose__state_of_something_else__writes_nothing(fields, sentence, tmp_path):
    """Another index, a decimals mismatch, no pool: found before anything is written."""
    folder = publish(tmp_path, basket_of(APRIL))
    run.verify(folder)
    with pytest.raises(IndexkitError, match=sentence):
        run.choose(folder, lambda _: changed(APRIL, **fields), impact_bps=50)
    assert not folder.has("params")
    assert not (tmp_path / "state.json").exists()


def test_choose__other_decimals__names_both(tmp_path):
    """The token's own decimals count."""
    decimals = state_of(APRIL).document()["decimals"] | {YFI: 6}
    folder = publish(tmp_path, basket_of(APRIL))
    run.verify(folder)
    with pytest.raises(IndexkitError, match="YFI: decimals is 18, but the token says 6"):
        run.choose(folder, lambda _: changed(APRIL, decimals=decimals), impact_bps=50)


def test_choose__held_but_not_listed__says_how_to_sell_it(tmp_path):
    """Nothing that the index holds is forgotten; nothing it does not hold can leave."""
    content = basket_of(APRIL).content
    entries = [entry for entry in content["components"] if entry["symbol"] != "BAL"]
    folder = publish(tmp_path, edited(basket_of(APRIL), components=entries))
    run.verify(folder)
    with pytest.raises(IndexkitError, match=r"which the basket does not list.*\"leaves\": true"):
        run.choose(folder, lambda _: state_of(APRIL), impact_bps=50)


def test_convert__prices_older_than_the_chain__writes_nothing(tmp_path):
    """Units are computed at prices of the days before; the chain's clock says which day it is."""
    folder = publish(tmp_path, basket_of(APRIL))
    run.verify(folder)
    late = state_of(APRIL).timestamp + 4 * 86_400
    run.choose(folder, lambda _: changed(APRIL, timestamp=late), impact_bps=50)
    with pytest.raises(IndexkitError, match="4 days old on 2021-04-24"):
        run.convert(folder, OPTIONS)
    assert not folder.has("units")


def test_write__disk_full__leaves_no_half_file(tmp_path, monkeypatch):
    """A file is there whole, or not at all."""
    folder = Folder(tmp_path / "run")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(IndexkitError, match="cannot be written"):
        run.publish(folder, basket_of(APRIL), today=basket_of(APRIL).method.date)
    assert list(folder.path.iterdir()) == []


def test_document__not_json__says_so(tmp_path):
    """A damaged file is named."""
    folder = publish(tmp_path, basket_of(APRIL))
    folder.file("weights").write_text("{")
    with pytest.raises(IndexkitError, match=r"1-weights.json: cannot be read as JSON"):
        folder.document("weights")
    documents.write(folder.file("weights"), {"step": "params", "previous": None, "content": {}})
    with pytest.raises(IndexkitError, match="is no file of the step 'weights'"):
        folder.document("weights")
