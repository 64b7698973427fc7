"""Figures and names that nobody would type in, and somebody will: one sentence each."""

import json

import pytest
from rich.console import Console
from run_directory import basket_of, edited, make, publish, state_of, with_component

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import Record
from indexkit.steps import basket as baskets
from indexkit.steps import run, shown, submit, tables, units
from indexkit.steps import state as states

JUNE = "mvi-2021-06"
MANY = "9" * 78


def changed(**fields):
    """Return the state of June with other fields, through its JSON."""
    content = json.loads(json.dumps({**state_of(JUNE).document(), **fields}))
    return states.state_of(Record("state.json", content))


@pytest.mark.parametrize(
    "symbol",
    [
        "WETH",
        "[/red]",
        "[bold]",
        "UNI\u001b[2J",
        "UNI\u202e",
        "UNI\nERC",
        "UNI 0x1f98  stays",
        "<b>",
        "U" * 33,
    ],
)
def test_parse__symbol_that_forges__is_refused(symbol):
    """R-44: no symbol passes for the cash, for markup or for another line or column."""
    content = with_component(basket_of(JUNE), "MANA", symbol=symbol)
    with pytest.raises(IndexkitError, match=r"symbol is .*, not a symbol of at most 32") as caught:
        baskets.parse(content)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("key", ["name", "index", "index_name"])
@pytest.mark.parametrize("text", ["[/b]", "a\u001b[2J", "a\u202eb"])
def test_parse__name_that_forges__is_refused(key, text):
    """R-40: names are shown on terminals, to signers and in pages."""
    with pytest.raises(IndexkitError, match=rf"{key} is .*, not a text of printable characters"):
        edited(basket_of(JUNE), **{key: text})


def test_parse__name_in_letters_of_any_script__is_shown(tmp_path):
    """Only what is no letter is refused."""
    basket = edited(basket_of(JUNE), name="Juni für Ξ")
    content = run.publish(publish(tmp_path, basket), basket, today=basket.method.date)
    console = Console(record=True, width=200)
    console.print(tables.weights_table(content))
    assert "Juni für Ξ" in console.export_text()


@pytest.mark.parametrize("key", ["exchange", "max_trade_size", "cool_off_period"])
def test_parse__two_of_three_parameters__are_refused(key):
    """R-34: given parameters are never dropped in silence, and derived instead."""
    content = with_component(basket_of(JUNE), "MANA", **{key: None})
    with pytest.raises(IndexkitError, match=f"MANA: the field '{key}' is missing"):
        baskets.parse(content)


def test_parse__number_beyond_floats__is_refused():
    """It would be written as Infinity, which no reader takes."""
    with pytest.raises(ValueError, match="1e999 is too large"):
        documents.parse(b'{"note": 1e999}')


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"timestamp": 2**33}, "timestamp is .*, not a time in seconds before"),
        ({"units": {}}, "component_order and units do not list the same addresses"),
    ],
)
def test_state_of__impossible__is_refused(fields, sentence):
    """What no chain says."""
    with pytest.raises(IndexkitError, match=sentence):
        changed(**fields)


def test_state_of__address_twice__is_refused():
    """A component that is held twice would be sold twice."""
    order = list(state_of(JUNE).component_order)
    with pytest.raises(IndexkitError, match="each once"):
        changed(component_order=[*order, order[0]])


def test_convert__trades_without_number__are_refused(tmp_path):
    """A size of one base unit, or a supply out of a typing error, ends in a sentence."""
    with pytest.raises(IndexkitError, match=r"\d+ trades, more than 1000: allow larger ones"):
        make(tmp_path, basket_of(JUNE), changed(total_supply=MANY))


def test_convert__stays_with_nothing__is_refused(tmp_path):
    """R-11: a token of so few decimals that its weight rounds to none is not sold by rounding."""
    basket = edited(basket_of(JUNE), conventions="corrected")
    content = with_component(basket, "MANA", price_usd="999999999999999999", decimals=0)
    parsed = baskets.parse(content)
    shares = parsed.method.weights()
    targets = units.target_units(parsed, shares, state_of(JUNE), 10**18)
    assert targets["MANA"] == 0
    with pytest.raises(IndexkitError, match="MANA: its weight is less than one base unit"):
        units.require_targets(parsed, targets)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Take the first four steps."""
    return make(tmp_path_factory.mktemp("june"), basket_of(JUNE), state_of(JUNE))


@pytest.mark.parametrize("deadline", [10**7 * 86_400, 10**90])
def test_compose__deadline_far_away__is_refused(folder, deadline):
    """R-40: no date, no calldata; and nothing is written."""
    with pytest.raises(IndexkitError, match="give at most 366 days, or none"):
        submit.compose(folder, deadline_s=deadline, traders=())
    assert not folder.has("submission")


def test_compose__figure_beyond_256_bits__is_refused(tmp_path):
    """R-40: the calldata says which function cannot take it."""
    made = make(tmp_path, basket_of(JUNE), changed(position_multiplier=MANY))
    with pytest.raises(IndexkitError, match="startRebalanceWithDeadline cannot be encoded"):
        submit.compose(made, deadline_s=0, traders=())
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize("module", ["0x12", "0x25100726b25a6ddb8f8e68988272e1883733966e", "x.eth"])
def test_source_of__no_address__is_refused(module):
    """A state with it could be written, but never be read again."""
    with pytest.raises(IndexkitError, match=r"--module is .*, not an address"):
        shown.source_of(None, "ethereum:mainnet-fork:foundry", module)
