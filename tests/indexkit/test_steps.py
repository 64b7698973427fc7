"""The first four steps of a rebalance, as a chain of files, without a node (R-34, I-28)."""

import json
import random
from fractions import Fraction

import pytest
from run_directory import (
    NAMES,
    OPTIONS,
    basket_of,
    edited,
    make,
    state_of,
    with_component,
)

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.fields import Record
from indexkit.localnet import addresses
from indexkit.plan import WAD
from indexkit.rebalance_data import load
from indexkit.steps import basket as baskets
from indexkit.steps import chain, orders, run, units
from indexkit.steps import state as states
from indexkit.steps.folder import STEPS, Folder

APRIL = "dpi-2021-04"
FIGURES = [
    ("weights", "weight"),
    ("weights", "price_usd"),
    ("params", "max_trade_size"),
    ("params", "cool_off_period"),
    ("params", "exchange"),
    ("units", "target_unit"),
    ("units", "current_unit"),
    ("units", "notional"),
    ("units", "notional_usd"),
    ("units", "trade_count"),
    ("units", "max_trade_size"),
    ("units", "weight_before"),
]
CLEAN = {"conventions": "corrected", "rule": {"name": "iterated-cap", "cap": "0.25"}}
"""What a new rebalance uses: an iterated cap and the corrected conventions."""


@pytest.fixture(scope="module")
def april(tmp_path_factory):
    """Make the run directory of April 2021 once; tests copy what they change."""
    return make(tmp_path_factory.mktemp("april"), basket_of(APRIL), state_of(APRIL))


@pytest.fixture
def copy(april, tmp_path):
    """Return a copy of that directory."""
    for file in april.path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return Folder(tmp_path)


def bump(value):
    """Return another figure of the same kind."""
    if isinstance(value, int):
        return value + 1
    if value.replace(".", "").lstrip("-").isdigit():
        return value + "1" if "." in value else str(int(value) + 1)
    return "SushiSwap" if value == "UniswapV2" else "UniswapV2"


def components_of(folder, step):
    """Return the components in a step's file."""
    return folder.document(step)["content"]["components"]


@pytest.mark.parametrize("name", NAMES)
def test_steps__published__give_what_was_published(name, tmp_path):
    """R-35: units, notionals, counts, order and arguments, to the wei, through all four files."""
    rebalance = load(name)
    content = make(tmp_path, basket_of(name), state_of(name)).document("units")["content"]
    assert units.rebalance_of(content).components == rebalance.components
    assert tuple(content["schedule"]) == rebalance.schedule
    new, new_units, old_units, multiplier = rebalance.start_arguments()
    assert content["start"] == {
        "new_components": list(new),
        "new_target_units": [str(unit) for unit in new_units],
        "old_target_units": [str(unit) for unit in old_units],
        "position_multiplier": str(multiplier),
    }


@pytest.mark.parametrize("symbol", ["YFI", "UNI", "FARM"])
@pytest.mark.parametrize(("step", "key"), FIGURES)
def test_check__edited_figure__names_component_and_both_values(copy, step, key, symbol):
    """An edited figure in any file of the chain is refused with component, expected and found."""
    file = copy.file(step)
    document = json.loads(file.read_text())
    entry = next(e for e in document["content"]["components"] if e["symbol"] == symbol)
    before, entry[key] = entry[key], bump(entry[key])
    documents.write(file, document)
    with pytest.raises(IndexkitError) as caught:
        chain.check(copy, step)
    sentence = caught.value.message
    assert f"components {symbol} {key}: expected {json.dumps(before)}, " in sentence
    assert f"found {json.dumps(entry[key])}" in sentence
    assert file.name in sentence


@pytest.mark.parametrize("key", ["price_usd", "supply", "decimals"])
def test_check__edited_basket__is_refused(copy, key):
    """What the weights follow from is part of the chain: a later edit is found."""
    content = documents.read(copy.path / "basket.json")
    content["components"][1][key] = bump(content["components"][1][key])
    documents.write(copy.path / "basket.json", content)
    with pytest.raises(IndexkitError, match=r"1-weights\.json"):
        chain.check(copy, "weights")


def test_check__edited_state__is_refused(copy):
    """The supply that notionals follow from was read once; another one is found by its digest."""
    content = documents.read(copy.path / "state.json")
    content["total_supply"] = bump(content["total_supply"])
    documents.write(copy.path / "state.json", content)
    with pytest.raises(IndexkitError, match=r"3-params.json.*state: expected"):
        chain.check(copy, "units")


@pytest.mark.parametrize("step", STEPS[:4])
def test_document__missing__says_what_to_run(copy, step):
    """Each step needs the one before, and says by which command to get it."""
    copy.file(step).unlink()
    command = {"verification": "verify"}.get(step, step)
    with pytest.raises(IndexkitError, match=f"is missing: run 'ape run rebalance {command}"):
        chain.check(copy, "units")


def test_document__link_to_another_file__is_refused(copy, tmp_path_factory):
    """A file of another run does not fit in, even if each is right by itself."""
    other = make(
        tmp_path_factory.mktemp("other"),
        edited(basket_of(APRIL), name="another"),
        state_of(APRIL),
    )
    copy.file("verification").write_bytes(other.file("verification").read_bytes())
    with pytest.raises(IndexkitError, match="previous: expected"):
        chain.check(copy, "verification")


def test_verify__own_inputs__finds_another_price(copy):
    """R-34 (2): anyone repeats the weights from inputs of his own."""
    content = with_component(basket_of(APRIL), "UNI", price_usd="40.00")
    own = documents.write(copy.path / "own.json", content)
    with pytest.raises(IndexkitError, match=r"1-weights.json: components .*: expected"):
        run.verify(copy, own)
    assert run.verify(copy)["components"] == 14


def test_write__same_again__changes_nothing(copy):
    """A step may be repeated; its file stays as it is."""
    before = {file.name: file.read_bytes() for file in copy.path.iterdir()}
    run.publish(copy, basket_of(APRIL), today=basket_of(APRIL).method.date)
    run.convert(copy, OPTIONS)
    assert {file.name: file.read_bytes() for file in copy.path.iterdir()} == before


def test_write__something_else__asks_and_drops_what_follows(copy):
    """Nothing is replaced unasked; what followed from the old file goes with it."""
    other = baskets.parse(with_component(basket_of(APRIL), "UNI", price_usd="40.00"))
    with pytest.raises(IndexkitError, match="says something else already"):
        run.publish(copy, other, today=other.method.date)
    chain.check(copy, "units")
    run.publish(copy, other, today=other.method.date, again=True)
    assert [step for step in STEPS if copy.has(step)] == ["weights"]
    chain.check(copy, "weights")


def test_write__executed__stays(copy):
    """The files of a rebalance that was executed are its record."""
    copy.write("submission", {"sent": True})
    copy.write("execution", {"done": True})
    with pytest.raises(IndexkitError, match="was executed, so its files stay"):
        run.convert(copy, orders.Options("planned", 1, 1, None), again=True)


def test_steps__same_input__same_bytes(tmp_path):
    """I-28: the same inputs give byte-identical files."""
    one, two = (
        make(tmp_path / place, basket_of(APRIL), state_of(APRIL)).path for place in ("one", "two")
    )
    assert sorted(file.name for file in one.iterdir()) == sorted(f.name for f in two.iterdir())
    for file in one.iterdir():
        assert file.read_bytes() == (two / file.name).read_bytes()


@pytest.mark.parametrize("fields", [{}, CLEAN])
def test_steps__order_of_input__changes_no_figure(fields, tmp_path):
    """I-28: components in another order get the same weights and units."""
    basket = edited(basket_of(APRIL), **fields)
    shuffled = list(basket.content["components"])
    random.Random(7).shuffle(shuffled)
    one = make(tmp_path / "one", basket, state_of(APRIL))
    two = make(tmp_path / "two", edited(basket, components=shuffled), state_of(APRIL))
    for step, keys in (("weights", ["weight"]), ("units", ["target_unit", "notional"])):
        first, second = (
            {
                e["symbol"]: [e[key] for key in keys]
                for e in f.document(step)["content"]["components"]
            }
            for f in (one, two)
        )
        assert first == second


@pytest.mark.parametrize("follow", ["published", "planned"])
def test_units__corrected__have_the_weights_they_are_made_from(follow, tmp_path):
    """A new rebalance: units worth their weights, no trade too many, none dropped, cap kept."""
    options = orders.Options(follow, OPTIONS.gas_price, OPTIONS.gas_per_trade, None)
    folder = make(tmp_path, edited(basket_of(APRIL), **CLEAN), state_of(APRIL), options)
    content = folder.document("units")["content"]
    value = int(content["index_value"])
    weights = [int(e["weight_target"]) for e in content["components"]]
    assert sum(weights) == WAD
    assert max(weights) <= WAD // 4
    for entry in content["components"]:
        scale = Fraction(WAD * int(entry["target_unit"]), value * 10 ** entry["decimals"])
        worth = scale * Fraction(entry["price_usd"]) * WAD
        assert (
            0
            <= int(entry["weight_target"]) - worth
            < 2 * Fraction(entry["price_usd"]) * WAD / value + 1
        )
        assert content["schedule"].count(entry["symbol"]) == entry["trade_count"]
        least = -(-abs(int(entry["notional"])) // int(entry["max_trade_size"]))
        assert entry["trade_count"] == least
    cost = {
        name: sum(int(plan["expected"][key]) for key in ("fee", "impact", "gas_cost"))
        for name, plan in content["plans"].items()
    }
    assert cost["planned"] < cost["published"]
    chain.check(folder, "units")


def test_params__derived__bears_the_impact(tmp_path):
    """R-34 (3): without given parameters, the largest buy within 50 bps of the deepest pool."""
    basket = edited(
        basket_of(APRIL),
        components=[
            {
                k: v
                for k, v in entry.items()
                if k not in ("exchange", "max_trade_size", "cool_off_period")
            }
            for entry in basket_of(APRIL).content["components"]
        ],
    )
    content = make(tmp_path, basket, state_of(APRIL)).document("params")["content"]
    for entry, component in zip(content["components"], load(APRIL).components, strict=True):
        assert not entry["given"]
        assert entry["exchange"] == component.exchange or component.exchange == "BalancerV1"
        # The localnet's pools hold 201 published largest trades: half a per cent, as IIP-6 asks.
        assert abs(int(entry["max_trade_size"]) * 1000 // component.max_trade_size - 1000) <= 6
        assert entry["buy_impact_ppm"] <= 5_000 >= entry["sell_impact_ppm"]


def test_units__cash_of_earlier_trades__is_spent(tmp_path):
    """R-11: WETH left in the index is no component; its target is 0 and its value counts."""
    plain, state = (tmp_path / name for name in ("plain", "cash")), state_of(APRIL).document()
    cash = 10**15
    state["component_order"].insert(3, addresses.WETH)
    state["units"][addresses.WETH] = str(cash)
    state["decimals"][addresses.WETH] = 18
    basket = edited(basket_of(APRIL), **CLEAN)
    without, with_cash = (
        make(path, basket, given).document("units")["content"]
        for path, given in zip(
            plain, (state_of(APRIL), states.state_of(Record("state.json", state))), strict=True
        )
    )
    assert with_cash["component_order"][3] == "WETH"
    assert with_cash["start"]["old_target_units"][3] == "0"
    assert len(with_cash["start"]["old_target_units"]) == 13
    worth = int(with_cash["index_value"]) - int(without["index_value"])
    assert worth == cash * Fraction(basket.content["weth_price_usd"])
    assert [e["symbol"] for e in with_cash["components"]] == [
        e["symbol"] for e in without["components"]
    ]
