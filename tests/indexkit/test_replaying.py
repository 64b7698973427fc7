"""The replay reproduces every published figure, and finds whichever is edited."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import decode

from indexkit import publication, replaying
from indexkit.conventions import FEBRUARY_2021
from indexkit.errors import IndexkitError
from indexkit.publication import DRAFTS, Publication
from indexkit.rebalance_data import FOLDER
from indexkit.replaying import Figure, recompute, replay, require_all

Fields = dict[str, Any]
Edit = Callable[[Fields], None]
NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
CONTENTS: dict[str, Fields] = {n: json.loads((FOLDER / f"{n}.json").read_text()) for n in NAMES}


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, Edit], Publication]:
    """Return a function that edits a published file and reads it."""

    def edit(name: str, change: Edit) -> Publication:
        fields = json.loads(json.dumps(CONTENTS[name]))
        change(fields)
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(fields))
        return publication.read(str(path))

    return edit


def unsealed(figures: tuple[Figure, ...]) -> list[Figure]:
    """Return the figures that differ without the digests' help."""
    return [f for f in figures if not f.passed and replaying.SEAL not in f.name]


@pytest.mark.parametrize(("name", "count"), [(NAMES[0], 112), (NAMES[1], 139), (NAMES[2], 130)])
def test_replay__published(name: str, count: int) -> None:
    """R-35: every figure of the three files is what their inputs give."""
    figures = replay(publication.read(name))
    require_all(name, figures)
    assert len(figures) == count == len({(f.component, f.name) for f in figures})


@pytest.mark.parametrize("name", NAMES)
def test_recompute__reads_no_output(name: str, edited: Callable[[str, Edit], Publication]) -> None:
    """R-35: with every published output spoilt the inputs still give the same plan."""

    def spoil(fields: Fields) -> None:
        for entry in fields["components"]:
            entry |= {"target_unit": "1", "notional": "1", "notional_usd": "1", "trade_count": 1}
            entry["is_buy"] = not entry["is_buy"]
        fields |= {"schedule": [], "new_components": []}
        fields["published"]["index_value"] = {"per-component": "1", "after-sum": "1"}

    given, published = recompute(edited(name, spoil)), publication.read(name).rebalance
    assert given == published


COMPONENT_FIGURES = (
    "price_usd",
    "decimals",
    "max_trade_size",
    "cool_off_period",
    "exchange",
    "current_unit",
    "target_unit",
    "notional",
    "notional_usd",
    "is_buy",
    "trade_count",
    "address",
    "name",
    "circulating_supply",
    "target_weight",
)


def tampered(value: Any) -> Any:
    """Return another value of the same kind, as little away as can be."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value.startswith("0x"):
        return "0x0000000000000000000000000000000000000001"
    if value in ("UniswapV2", "SushiSwap", "BalancerV1"):
        return "BalancerV1" if value != "BalancerV1" else "UniswapV2"
    if value.lstrip("-").isdecimal():
        return str(int(value) + 1)
    return value[:-1] + ("1" if value[-1] != "1" else "2")


def edits(*wanted: str) -> Iterator[tuple[str, str]]:
    """Yield the wanted figures of each file."""
    for name, fields in CONTENTS.items():
        yield from ((name, key) for key in wanted if key in fields["components"][0])


def each_edited(
    name: str, key: str, tamper: Callable[[Any], Any], edited: Callable[[str, Edit], Publication]
) -> Iterator[tuple[str, Publication]]:
    """Yield a file once per component, with that component's figure edited."""
    for place, entry in enumerate(CONTENTS[name]["components"]):

        def change(fields: Fields, place: int = place) -> None:
            found = fields["components"][place]
            found[key] = tamper(found[key])

        yield entry["symbol"], edited(name, change)


@pytest.mark.parametrize(("name", "key"), edits(*COMPONENT_FIGURES))
def test_replay__any_figure_of_a_component(
    name: str, key: str, edited: Callable[[str, Edit], Publication]
) -> None:
    """R-35: one figure edited by its last digit, and the component is named with both values."""
    for symbol, read in each_edited(name, key, tampered, edited):
        with pytest.raises(IndexkitError) as raised:
            require_all(name, replay(read))
        said = raised.value.message
        if key == "decimals" and name.startswith("dpi"):
            assert said.startswith(f"{name}: {symbol} has 19 decimals, but the cap-weighted formul")
        else:
            assert said.startswith(f"{name}: {symbol}: ")
            assert ": expected " in said
            assert ", found " in said
            assert said.endswith(" figures differ): correct what was edited.")


OUTPUTS = {
    "target_unit": "target unit",
    "notional": "notional",
    "notional_usd": "notional in USD",
    "is_buy": "side",
    "trade_count": "trade count",
}


@pytest.mark.parametrize(("name", "key"), edits(*OUTPUTS))
def test_replay__output_without_a_digest(
    name: str, key: str, edited: Callable[[str, Edit], Publication]
) -> None:
    """R-35: an edited output is found by the computation itself, and nothing else is."""
    for symbol, read in each_edited(name, key, tampered, edited):
        wrong = [(f.component, f.name) for f in unsealed(replay(read))]
        assert wrong == [(symbol, OUTPUTS[key])]


def by_a_thousandth(value: str) -> str:
    """Return a number larger by a thousandth; a whole one stays whole."""
    larger = Decimal(value) * 1001 / 1000
    return f"{larger:f}" if "." in value else str(int(larger))


@pytest.mark.parametrize(("name", "key"), edits("circulating_supply", "target_weight", "price_usd"))
def test_replay__input_without_a_digest(
    name: str, key: str, edited: Callable[[str, Edit], Publication]
) -> None:
    """R-35: an input edited by a thousandth is contradicted by the units it no longer gives.

    UNI, capped in April, gets the same unit from any supply; the divisor and all others change.
    """
    for symbol, read in each_edited(name, key, by_a_thousandth, edited):
        wrong = [(f.component, f.name) for f in unsealed(replay(read))]
        if (name, symbol, key) == ("dpi-2021-04", "UNI", "circulating_supply"):
            assert ("", "divisor") in wrong
            assert ("COMP", "target unit") in wrong
        else:
            assert (symbol, "target unit") in wrong


def start(fields: Fields) -> Fields:
    """Return the published arguments."""
    found: Fields = fields["published"]["start_rebalance"]
    return found


def swap(values: list[Any], one: int = 0, other: int = 1) -> None:
    """Exchange two places of a list."""
    values[one], values[other] = values[other], values[one]


UNI_BEFORE = "3663738349392495226"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (
            "dpi-2021-04",
            lambda f: start(f)["old_target_units"].__setitem__(8, "3663738349392495227"),
            f"UNI: startRebalance, target unit: expected {UNI_BEFORE}, found 3663738349392495227 "
            "(3 of 139",
        ),
        (
            "dpi-2021-04",
            lambda f: swap(start(f)["new_target_units"]),
            "CREAM: startRebalance, target unit: expected 11494761584286758, found 87358366492",
        ),
        (
            "dpi-2021-04",
            lambda f: start(f)["new_target_units"].pop(),
            "startRebalance, target units: expected 2 units, found 1 units",
        ),
        (
            "dpi-2021-04",
            lambda f: swap(start(f)["old_components"]),
            "startRebalance, old components: expected 0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e, ",
        ),
        (
            "dpi-2021-02",
            lambda f: start(f).update(position_multiplier="1000000000000000000"),
            "startRebalance, position multiplier: expected 996522462920134153, found 10000",
        ),
        (
            "dpi-2021-02",
            lambda f: f["published"].update(divisor="54247842"),
            "divisor: expected 54247841, found 54247842",
        ),
        (
            "dpi-2021-02",
            lambda f: f["published"]["index_value"].update({"after-sum": "322841667800359472095"}),
            "index value, rounded after-sum: expected 322841667800359472100, found 322841667",
        ),
        (
            "dpi-2021-02",
            lambda f: f["published"]["param_updates"]["exchanges"].update(REN="1"),
            "REN: update of exchange: expected 2, found 1",
        ),
        (
            "dpi-2021-02",
            lambda f: f["published"]["param_updates"]["max_trade_sizes"].update(YFI="12"),
            "YFI: update of max_trade_size: expected 12000000000000000000, found 12",
        ),
        (
            "dpi-2021-02",
            lambda f: f["published"]["param_updates"]["cool_off_periods"].update(MTA="60"),
            "MTA: update of cool_off_period: expected 600, found 60",
        ),
        (
            "dpi-2021-02",
            lambda f: f["published"]["param_updates"]["cool_off_periods"].update(DOGE="60"),
            "updates of cool_off_periods: expected MTA, found DOGE, MTA",
        ),
        (
            "dpi-2021-04",
            lambda f: swap(f["schedule"], 5, 6),
            "order of trades: expected COMP as trade 6, found MKR as trade 6",
        ),
        (
            "dpi-2021-04",
            lambda f: f["schedule"].remove("KNC"),
            "KNC: times in the order: expected 42, found 41",
        ),
        (
            "dpi-2021-04",
            lambda f: f.update(new_components=["FARM", "CREAM"]),
            "new components: expected CREAM, FARM, found FARM, CREAM",
        ),
        (
            "mvi-2021-06",
            lambda f: swap(f["component_order"]),
            "MANA: startRebalance, target unit: expected 8719505925843498353, found 52270",
        ),
        (
            "mvi-2021-06",
            lambda f: start(f).update(calldata=start(f)["calldata"][:-1] + "f"),
            "GeneralIndexModule calldata, keccak-256: expected 28b34af5fe313a658aa36246515888b7",
        ),
        (
            "mvi-2021-06",
            lambda f: f.update(total_supply="79746711640975423679610"),
            "MANA: notional: expected -107126905786650898579009, found -107126905786650898579007",
        ),
        (
            "dpi-2021-02",
            lambda f: f["components"][0].update(symbol="YFX"),
            "no component is called 'YFI': use one of YFX, COMP,",
        ),
        (
            "dpi-2021-02",
            lambda f: f["components"][0].update(symbol="COMP"),
            "COMP is among the components twice: remove one of them.",
        ),
        (
            "dpi-2021-02",
            lambda f: f.update(weth_price_usd="1330.81"),
            f"file {replaying.SEAL}: expected ",
        ),
    ],
)
def test_replay__any_other_figure(
    name: str, change: Edit, said: str, edited: Callable[[str, Edit], Publication]
) -> None:
    """R-35: figures of the whole, arguments, updates and the order are compared one by one."""
    with pytest.raises(IndexkitError) as raised:
        require_all(name, replay(edited(name, change)))
    assert raised.value.message.startswith(f"{name}: {said}")


def test_replay__another_file_has_no_digests(edited: Callable[[str, Edit], Publication]) -> None:
    """A file that is not the project's is replayed without the seals."""
    figures = replay(edited("dpi-2021-02", lambda fields: fields.update(name="mine")))
    require_all("mine", figures)
    assert len(figures) == 112 - 12


def test_replay__inputs_that_give_nothing(edited: Callable[[str, Edit], Publication]) -> None:
    """Where the formulas refuse, the sentence is theirs."""

    def change(fields: Fields) -> None:
        for entry in fields["components"]:
            entry["circulating_supply"] = "0"

    with pytest.raises(IndexkitError, match="so the divisor is zero: correct the circulating"):
        replay(edited("dpi-2021-02", change))


def test_calldata__decodes_to_the_listed_values() -> None:
    """R-35: MVI's published calldata holds the token, then the arguments."""
    june = publication.read("mvi-2021-06")
    calldata = june.start.calldata
    assert calldata == replaying.general_calldata(june.rebalance.token_address, june.start)
    token, new, new_units, old_units, multiplier = decode(
        ["address", "address[]", "uint256[]", "uint256[]", "uint256"], bytes.fromhex(calldata[10:])
    )
    assert token == june.rebalance.token_address.lower()
    assert (new, new_units) == ((), ())
    assert old_units == june.start.old_target_units
    assert multiplier == june.start.position_multiplier


def test_draft__computes_but_lists_a_token_twice(tmp_path: Path) -> None:
    """R-35, I-28: the draft's figures follow from its inputs; its lists are what is wrong.

    Units, counts and all 457 trades come out; UNI lacks one more buy than it is given at the end.
    """
    content = json.loads((DRAFTS / "dpi-2021-03-31.json").read_text())
    checksums = {e["symbol"]: e["address"] for e in CONTENTS["dpi-2021-04"]["components"]}
    for entry in content["components"]:
        entry["address"] = checksums[entry["symbol"]]
    repaired = content["published"]["start_rebalance"]
    repaired["old_components"] = [checksums[s] for s in content["component_order"][:-1]]
    repaired["old_target_units"].pop()
    repaired["new_components"] = [checksums[s] for s in content["new_components"]]
    content["component_order"].pop()
    (tmp_path / "repaired.json").write_text(json.dumps(content))
    read = publication.read("repaired", tmp_path)
    assert read.rebalance.conventions is FEBRUARY_2021
    require_all("repaired", replay(read))
    assert len(read.rebalance.schedule) == 457
