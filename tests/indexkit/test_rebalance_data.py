"""The data files: what they hold, and one clear refusal for each thing that can be wrong."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from indexkit.conventions import CORRECTED
from indexkit.errors import IndexkitError
from indexkit.rebalance_data import FOLDER, Rebalance, available, load

NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
Fields = dict[str, Any]
Edit = Callable[[Fields], object]

# keccak-256 of the startRebalance calldata in rebalance-june.json (IndexCoop/
# index-coop-smart-contracts, commit 3e9212c): GeneralIndexModule, so the index token comes first.
CALLDATA_HASH = "28b34af5fe313a658aa36246515888b7f620757f88440fa472e9ca4ea1da3bea"


@pytest.fixture(scope="module", params=NAMES)
def rebalance(request: pytest.FixtureRequest) -> Rebalance:
    """Each of the published rebalances."""
    return load(request.param)


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[[Edit], str]:
    """Return what `load` says to the April file after an edit."""

    def refuse(edit: Edit) -> str:
        fields = json.loads((FOLDER / "dpi-2021-04.json").read_text())
        edit(fields)
        path = tmp_path / "edited.json"
        path.write_text(json.dumps(fields))
        with pytest.raises(IndexkitError) as raised:
            load(str(path))
        return raised.value.message

    return refuse


def uni(fields: Fields) -> Fields:
    """Return UNI's entry: the only component sold in April."""
    return next(entry for entry in fields["components"] if entry["symbol"] == "UNI")


def test_available__lists_the_names_in_order() -> None:
    """The folder holds the three files and each is called what it says."""
    assert available() == NAMES
    assert tuple(load(name).name for name in NAMES) == NAMES


def test_available__another_folder(tmp_path: Path) -> None:
    """Only JSON files count."""
    (tmp_path / "one.json").touch()
    (tmp_path / "two.txt").touch()
    assert available(tmp_path) == ("one",)


def test_load__by_name_path_and_folder(tmp_path: Path) -> None:
    """A name, a path and a name in another folder give the same rebalance."""
    named = load("dpi-2021-04")
    copy = tmp_path / "copy.json"
    copy.write_bytes((FOLDER / "dpi-2021-04.json").read_bytes())
    assert load(str(copy)) == named
    assert load("copy", tmp_path) == named


def test_load__reads_the_header() -> None:
    """Every field above the components arrives with its type."""
    april = load("dpi-2021-04")
    assert (april.index, april.index_name) == ("DPI", "DefiPulse Index")
    assert april.token_address == "0x1494CA1F11D487c2bBe4543E90080AeBa4BA3C2b"
    assert april.date == date(2021, 4, 20)
    assert april.weth_price_usd == Decimal("1942.51")
    assert april.weth_price == 1942_510000000000000000
    assert april.total_supply == 318564173063822888353616
    assert april.position_multiplier == 994832748042687048
    assert april.source.repository == "IndexCoop/index-coop-smart-contracts"
    assert april.source.commit == "83469f866cfd8bf1f7f38e8c4a353e5750c4edea"
    assert april.source.commit_date == "2021-04-20T10:37:19-07:00"
    assert april.source.files[0] == "index-rebalances/dpi/rebalances/rebalance-april.json"
    assert april.source.note.startswith("Figures transcribed")


def test_load__reads_a_component() -> None:
    """Every field of a component arrives with its type."""
    whale = load("mvi-2021-06").component("WHALE")
    assert whale.name == "WHALE"
    assert whale.address == "0x9355372396e3F6daF13359B7b607a3374cc638e0"
    assert whale.decimals == 4
    assert whale.price_usd == Decimal("12.40")
    assert whale.price == 12_400000000000000000
    assert whale.exchange == "UniswapV2"
    assert whale.max_trade_size == 8530000
    assert whale.cool_off_period == 1800
    assert (whale.current_unit, whale.target_unit) == (2118, 1954)
    assert (whale.notional, whale.trade_count) == (-13078460, 2)


def test_old_components__on_chain_order() -> None:
    """MVI's on-chain order differs from the table; nothing entered in June 2021."""
    june = load("mvi-2021-06")
    old = [
        "ENJ",
        "MANA",
        "SAND",
        "AUDIO",
        "WAXE",
        "RFOX",
        "NFTX",
        "MUSE",
        "DG",
        "WHALE",
        "TVK",
        "MEME",
        "REVV",
        "RARI",
        "AXS",
    ]
    assert [component.symbol for component in june.old_components] == old
    assert [component.symbol for component in june.components] != old
    assert june.new_components == ()


def test_new_components__april() -> None:
    """CREAM and FARM entered DPI in April 2021."""
    april = load("dpi-2021-04")
    assert [component.symbol for component in april.new_components] == ["CREAM", "FARM"]


def test_component__unknown_symbol(rebalance: Rebalance) -> None:
    """The refusal lists the symbols there are."""
    with pytest.raises(IndexkitError) as raised:
        rebalance.component("DOGE")
    assert raised.value.message.startswith(f"{rebalance.name}: no component is called 'DOGE': ")
    assert rebalance.components[-1].symbol in raised.value.message


def test_start_arguments__april() -> None:
    """New tokens first; the old targets follow the on-chain order."""
    addresses, new, old, multiplier = load("dpi-2021-04").start_arguments()
    assert addresses == (
        "0x2ba592F78dB6436527729929AAf6c908497cB200",
        "0xa0246c9032bC3A600820415aE600c6388619A14D",
    )
    assert new == (11494761584286758, 8735836649218458)
    assert len(old) == 12
    assert (old[0], old[8], old[-1]) == (634658405971623, 3663738349392495226, 2451805159185069535)
    assert multiplier == 994832748042687048


def test_start_arguments__published_calldata() -> None:
    """MVI's arguments encode to the calldata published beside the June 2021 figures."""
    june = load("mvi-2021-06")
    calldata = keccak(text="startRebalance(address,address[],uint256[],uint256[],uint256)")[:4]
    calldata += encode(
        ["address", "address[]", "uint256[]", "uint256[]", "uint256"],
        [june.token_address, *june.start_arguments()],
    )
    assert keccak(calldata).hex() == CALLDATA_HASH


def test_load__unknown_name(tmp_path: Path) -> None:
    """The refusal lists the names there are."""
    with pytest.raises(IndexkitError) as raised:
        load("dpi-2020-01")
    assert raised.value.message == (
        "No rebalance is called 'dpi-2020-01': use one of dpi-2021-02, dpi-2021-04, mvi-2021-06 "
        "or the path of a .json file."
    )


def test_load__name_outside_the_folder(tmp_path: Path) -> None:
    """A name is not a way to another folder."""
    with pytest.raises(IndexkitError, match=r"No rebalance is called '\.\./rebalances/dpi"):
        load("../rebalances/dpi-2021-04")


def test_load__no_such_file(tmp_path: Path) -> None:
    """A path must exist."""
    path = tmp_path / "gone.json"
    with pytest.raises(IndexkitError) as raised:
        load(str(path))
    assert raised.value.message == (
        f"{path}: there is no such file: name an existing rebalance file."
    )


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe{}", b"DPI"])
def test_load__not_json(tmp_path: Path, content: bytes) -> None:
    """Neither a torn file nor another encoding passes."""
    path = tmp_path / "torn.json"
    path.write_bytes(content)
    with pytest.raises(IndexkitError, match=r"torn\.json: cannot be read as JSON \(.+\): correct"):
        load(str(path))


@pytest.mark.parametrize("content", ["[]", "null", '"DPI"', "7"])
def test_load__not_an_object(tmp_path: Path, content: str) -> None:
    """A file holds one object."""
    path = tmp_path / "list.json"
    path.write_text(content)
    with pytest.raises(IndexkitError, match=r"list\.json: holds something else than one JSON obj"):
        load(str(path))


def test_load__checks_the_figures(refusal: Callable[[Edit], str]) -> None:
    """A figure that contradicts the others is refused, with the file's name."""
    said = refusal(lambda fields: uni(fields).update(trade_count=24))
    assert said.startswith("edited.json: UNI: trade_count is 24, but its notional")


def test_load__no_cool_off(tmp_path: Path) -> None:
    """A component may have no cool-off at all."""
    fields = json.loads((FOLDER / "dpi-2021-04.json").read_text())
    uni(fields)["cool_off_period"] = 0
    (tmp_path / "eager.json").write_text(json.dumps(fields))
    assert load("eager", tmp_path).component("UNI").cool_off_period == 0


HEADER = [
    "name",
    "index",
    "index_name",
    "token_address",
    "date",
    "source",
    "weth_price_usd",
    "total_supply",
    "position_multiplier",
    "components",
    "component_order",
    "new_components",
    "schedule",
]
COMPONENT = [
    "symbol",
    "name",
    "address",
    "decimals",
    "price_usd",
    "exchange",
    "max_trade_size",
    "cool_off_period",
    "current_unit",
    "target_unit",
    "notional",
    "trade_count",
]
SOURCE = ["repository", "commit", "commit_date", "files", "note"]


def test_load__conventions(refusal: Callable[[Edit], str], tmp_path: Path) -> None:
    """The files name theirs; a file that names none follows the corrected ones."""
    assert {load(name).conventions.name for name in NAMES} == {"february-2021", "june-2021"}
    said = refusal(lambda fields: fields.update(conventions="march-2021"))
    assert said == (
        "edited.json: conventions is 'march-2021', not one of corrected, february-2021, may-2021, "
        "june-2021: correct it."
    )
    fields = json.loads((FOLDER / "dpi-2021-04.json").read_text())
    del fields["conventions"]
    (tmp_path / "new.json").write_text(json.dumps(fields))
    assert load("new", tmp_path).conventions is CORRECTED


def test_load__address_twice_in_another_spelling(refusal: Callable[[Edit], str]) -> None:
    """I-28: a double is found before checksums are asked for, among the components."""
    address = "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984"

    def edit(fields: Fields) -> None:
        fields["components"][-1]["address"] = address

    assert refusal(edit) == (
        f"edited.json: components has {address} twice, as UNI and as FARM: remove one of them."
    )


def test_load__old_and_new_by_spelling(refusal: Callable[[Edit], str]) -> None:
    """I-28: nor is it missed between the published lists of old and new components."""
    address = "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984"

    def edit(fields: Fields) -> None:
        fields["published"]["start_rebalance"]["new_components"].append(address)

    assert refusal(edit) == (
        "edited.json: UNI is in old_components as 0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984 "
        f"and in new_components as {address}, which is the same token: remove one of them."
    )


@pytest.mark.parametrize("key", HEADER)
def test_load__missing_field(refusal: Callable[[Edit], str], key: str) -> None:
    """Every field of the file is needed."""
    said = refusal(lambda fields: fields.pop(key))
    assert said == f"edited.json: the field '{key}' is missing: add it."


@pytest.mark.parametrize("key", COMPONENT)
def test_load__missing_component_field(refusal: Callable[[Edit], str], key: str) -> None:
    """Every field of a component is needed; the refusal says of which."""
    said = refusal(lambda fields: uni(fields).pop(key))
    label = "components[8]" if key == "symbol" else "components[8] UNI"
    assert said == f"edited.json, {label}: the field '{key}' is missing: add it."


@pytest.mark.parametrize("key", SOURCE)
def test_load__missing_source_field(refusal: Callable[[Edit], str], key: str) -> None:
    """Figures without a source are refused."""
    said = refusal(lambda fields: fields["source"].pop(key))
    assert said == f"edited.json, source: the field '{key}' is missing: add it."


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("name", "", "a text of at least one character"),
        ("index", 7, "a text of at least one character"),
        ("index_name", None, "a text of at least one character"),
        ("date", "2021-04-31", "a date such as 2021-04-20"),
        ("date", 20210420, "a date such as 2021-04-20"),
        ("source", "github", "an object"),
        ("components", {"UNI": {}}, "a list of objects"),
        ("components", ["UNI"], "a list of objects"),
        ("components", [{}, "UNI"], "a list of objects"),
        ("component_order", "UNI", "a list of texts"),
        ("new_components", [1], "a list of texts"),
        ("schedule", ["UNI", ""], "a list of texts"),
        ("total_supply", "0", "a whole number above zero, written as text"),
        ("total_supply", "-1", "a whole number above zero, written as text"),
        ("position_multiplier", 10**18, "a whole number above zero, written as text"),
        ("weth_price_usd", "0.00", "a price above zero with at most 18 decimals, written as text"),
    ],
)
def test_load__bad_field(
    refusal: Callable[[Edit], str], key: str, value: object, words: str
) -> None:
    """A field of the wrong kind is shown, with what it should be."""
    said = refusal(lambda fields: fields.update({key: value}))
    assert said == f"edited.json: {key} is {value!r}, not {words}: correct it."


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("address", "0x1f9840", "an address with a valid EIP-55 checksum"),
        ("address", 31, "an address with a valid EIP-55 checksum"),
        (
            "address",
            "0x1f9840a85d5aF5bf1D1762F925BDADdC4201f984",
            "an address with a valid EIP-55 checksum",
        ),
        (
            "address",
            "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984",
            "an address with a valid EIP-55 checksum",
        ),
        ("current_unit", "-1", "a whole number, zero or more, written as text"),
        ("current_unit", "1.5", "a whole number, zero or more, written as text"),
        ("current_unit", 4868806936278409794, "a whole number, zero or more, written as text"),
        ("target_unit", "1e18", "a whole number, zero or more, written as text"),
        ("target_unit", "", "a whole number, zero or more, written as text"),
        ("max_trade_size", "0", "a whole number above zero, written as text"),
        ("max_trade_size", "17 000", "a whole number above zero, written as text"),
        ("notional", "- 5", "a whole number written as text"),
        ("notional", "-5.0", "a whole number written as text"),
        ("notional", -5, "a whole number written as text"),
        ("decimals", "18", "a whole number, zero or more, without quotes"),
        ("decimals", -1, "a whole number, zero or more, without quotes"),
        ("cool_off_period", 900.0, "a whole number, zero or more, without quotes"),
        ("trade_count", True, "a whole number, zero or more, without quotes"),
        ("price_usd", "-29.20", "a price above zero with at most 18 decimals, written as text"),
        ("price_usd", "0", "a price above zero with at most 18 decimals, written as text"),
        ("price_usd", 29.2, "a price above zero with at most 18 decimals, written as text"),
        ("price_usd", "NaN", "a price above zero with at most 18 decimals, written as text"),
        (
            "price_usd",
            "29.2000000000000000001",
            "a price above zero with at most 18 decimals, written as text",
        ),
        ("exchange", "Curve", "one of UniswapV2, SushiSwap, BalancerV1"),
        ("exchange", None, "one of UniswapV2, SushiSwap, BalancerV1"),
    ],
)
def test_load__bad_component_field(
    refusal: Callable[[Edit], str], key: str, value: object, words: str
) -> None:
    """The refusal names the component, the value and what it should be."""
    said = refusal(lambda fields: uni(fields).update({key: value}))
    assert said == (f"edited.json, components[8] UNI: {key} is {value!r}, not {words}: correct it.")
