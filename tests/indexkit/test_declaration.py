"""Declarations: read strictly, one sentence for each that cannot be deployed (R-45)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from indexkit.deployment import networks
from indexkit.deployment.declaration import DEPLOYER
from indexkit.deployment.plan import plan, with_deployer
from indexkit.deployment.reading import declaration_of, read_declaration
from indexkit.errors import IndexkitError
from indexkit.localnet.paths import ROOT

DECLARED = ROOT / "deployments" / "declared"
OTHER = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"
SIGNER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"


@pytest.fixture
def content() -> dict[str, Any]:
    """Return what the declaration for the localnet says, to be changed."""
    return tomllib.loads((DECLARED / "localnet.toml").read_text())


def _put(content: dict[str, Any], path: str, value: object) -> None:
    *way, last = path.split(".")
    place: Any = content
    for key in way:
        place = place[int(key) if key.isdecimal() else key]
    if value is None:
        del place[last]
    else:
        place[last] = value


def test_read_declaration__localnet() -> None:
    """Amounts are base units, shares D18, and the deployer is nobody in particular yet."""
    found = read_declaration(DECLARED / "localnet.toml")

    (index,) = found.indices
    assert (found.chain_id, found.confirmations) == (1, 0)
    assert found.protocol.owner is DEPLOYER
    assert (index.streaming_fee, index.operator_share) == (95 * 10**14, 7 * 10**17)
    assert index.guard.min_liquidity == 100 * 10**18
    assert index.components[0].unit == 566411985921079
    assert found.protocol.governors[0].name == "AaveGovernance"
    assert found.dao is not None
    assert found.dao.circulating_supply == 4_000_000 * 10**18


def test_read_declaration__sepolia_wants_its_second_party(tmp_path: Path) -> None:
    """The example deploys nothing until somebody is named; then all of it is valid."""
    text = (DECLARED / "sepolia.toml").read_text()
    with pytest.raises(IndexkitError, match=r"methodologist is .*not an address"):
        read_declaration(DECLARED / "sepolia.toml")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace("the address of the second party", OTHER))

    found = read_declaration(file)

    assert found.venues.names == ("UniswapV2",)
    assert found.indices[0].components[0].unit == 5 * 10**17
    assert len(plan(found, SIGNER)) == 36


def test_read_declaration__digest_is_of_what_is_said(tmp_path: Path) -> None:
    """Comments and layout change nothing, a figure does."""
    text = (DECLARED / "localnet.toml").read_text()
    digests = []
    for changed in (text, "# more\n" + text, text.replace('"0.7"', '"0.6"')):
        file = tmp_path / "localnet.toml"
        file.write_text(changed)
        digests.append(read_declaration(file).digest)

    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("netwrok", {}, r"no field 'netwrok' \(there are: network"),
        ("network.chain_id", "1", "chain_id is '1', not a whole number"),
        ("network.confirmations", 5_000, "more than 1,000: lower them"),
        ("network.chain_id", 5, "chain 5 is not in data/networks.json: give weth"),
        ("protocol.owner", OTHER.lower(), "owner is .*EIP-55"),
        ("protocol.owner", "0x" + 40 * "0", "owner is .*not an address"),
        ("protocol.streaming_fee_share", "1.1", "not a share from 0 to 1"),
        ("protocol.streaming_fee_share", 0.1, "not a share from 0 to 1"),
        ("protocol.guard_window_s", 0, "guard_window_s is 0"),
        ("protocol.governors", ["Nobody"], r"no governor is called 'Nobody' \(there are: Aave"),
        ("protocol.governors", 2 * ["AaveGovernance"], "a governor is named twice"),
        ("protocol.fees", "1", "no field 'fees'"),
        ("index.0.symbol", "TWO WORDS", "not a text of 1 to 32 letters and digits"),
        ("index.0.name", "x" * 65, "name is too long"),
        ("index.0.streaming_fee", "0.06", "streaming_fee is above max_streaming_fee"),
        ("index.0.max_streaming_fee", "1", "max_streaming_fee is not below 1"),
        ("index.0.methodologist", None, "'methodologist' is missing"),
        (
            "index.0.methodologist",
            "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
            "operator and methodologist are the same",
        ),
        ("index.0.traders", [OTHER, OTHER], "traders is .*different addresses"),
        ("index.0.guard", None, "'guard' is missing"),
        ("index.0.guard.max_deviation", "0.21", 'at most "0.2"'),
        ("index.0.guard.max_deviation", "0", 'not above "0"'),
        ("index.0.guard.loss_budget_weth", "1" + 12 * "0", "more than there is WETH"),
        ("index.0.component", [], "0 components, not 1 to 200"),
        ("index.0.component.0.exchange", "UniswapV3", "which this network does not have"),
        ("index.0.component.0.unit", "0", "not a whole number above zero"),
        ("index.0.component.0.amount", "1", "give either amount .* or unit"),
        ("index.0.component.0.max_trade_size", str(2**88), "too large to store"),
        ("index.0.component.0.unit", str(2**94), "too large for a SetToken"),
        ("index.0.component.0.cool_off_s", 2**20, "longer than 12 days"),
        ("index.0.component.0.decimals", 99, "decimals are above 36"),
        (
            "index.0.component.1.token",
            "0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e",
            "two components have one token",
        ),
        ("dao.blocks_per_day", 0, "blocks_per_day is 0"),
        ("dao.circulating_supply", "10000001", "at most 10,000,000 INDEX"),
        ("dao.committee", "nobody", 'committee is .*"deployer" or "none"'),
        ("venues", {"weth": OTHER, "uniswap_v3": "none"}, "no field 'uniswap_v3'"),
    ],
)
def test_declaration_of__field_that_is_wrong(
    content: dict[str, Any], path: str, value: object, sentence: str
) -> None:
    """Each is refused with what, where and what to do."""
    _put(content, path, value)

    with pytest.raises(IndexkitError, match=sentence) as refused:
        declaration_of("test", content)

    assert refused.value.message.startswith("test")
    assert refused.value.message.count(". ") == 0


def test_declaration_of__two_indices_of_one_symbol(content: dict[str, Any]) -> None:
    """Steps are named by it."""
    content["index"] *= 2
    with pytest.raises(IndexkitError, match="two indices have one symbol"):
        declaration_of("test", content)


def test_declaration_of__exchange_that_was_taken_away(content: dict[str, Any]) -> None:
    """A component must not trade where the declaration says that nothing is."""
    content["venues"] = {"sushiswap": "none"}
    with pytest.raises(IndexkitError, match=r"YFI: trades on 'SushiSwap'"):
        declaration_of("test", content)


def test_declaration_of__network_of_ones_own(content: dict[str, Any]) -> None:
    """Any chain will do whose WETH and Uniswap V2 are given; the rest is none."""
    content["network"]["chain_id"] = 31337
    content["protocol"]["governors"] = ["Mine"]
    mine = {"adapter": "SnapshotGovernanceAdapter", "name": "Mine", "governor": OTHER}
    content["governor"] = [mine]
    exchange = {"factory": OTHER, "router": OTHER, "pair_code_hash": "0x" + 32 * "ab"}
    content["venues"] = {"weth": OTHER, "uniswap_v2": exchange}
    for component in content["index"][0]["component"]:
        component["exchange"] = "UniswapV2"

    found = declaration_of("test", content)

    assert found.venues == networks.Venues(OTHER, networks.Exchange(**exchange), None, None)
    assert found.protocol.governors[0].addresses == (OTHER,)


def test_declaration_of__cash(content: dict[str, Any]) -> None:
    """WETH is held, not traded: it has neither exchange nor sizes."""
    weth = networks.known()[1].venues.weth
    cash = {"symbol": "WETH", "token": weth, "decimals": 18, "amount": "0.1"}
    content["index"][0]["component"].append(cash)

    found = declaration_of("test", content)

    assert found.indices[0].components[-1].exchange is None
    calls = [step for step in plan(found, SIGNER) if step.id == "index.SMALL.exchanges"]
    assert weth not in calls[0].arguments[0]
    content["index"][0]["component"][-1] = cash | {"exchange": "UniswapV2"}
    with pytest.raises(IndexkitError, match="no field 'exchange'"):
        declaration_of("test", content)


def test_with_deployer__puts_the_address_everywhere(content: dict[str, Any]) -> None:
    """Nothing says "deployer" afterwards, and nothing else is changed."""
    found = with_deployer(declaration_of("test", content), SIGNER)

    assert found.protocol.owner == found.protocol.fee_recipient == SIGNER
    assert found.dao is not None
    assert found.dao.treasury == SIGNER
    assert "DEPLOYER" not in repr(found)
    assert "Deployer" not in repr(found)


@pytest.mark.parametrize("text", ["x = ", "x = 1979-05-27", "\x00", ""])
def test_read_declaration__no_toml(tmp_path: Path, text: str) -> None:
    """What is no declaration at all is refused in one sentence too."""
    file = tmp_path / "broken.toml"
    file.write_text(text)
    with pytest.raises(IndexkitError, match="broken"):
        read_declaration(file)


def test_read_declaration__no_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(IndexkitError, match=r"nowhere\.toml: cannot be read as TOML"):
        read_declaration(tmp_path / "nowhere.toml")


def test_known__every_address_has_a_source() -> None:
    """Whatever data/networks.json says itself has a public source beside it."""
    import json

    def look(value: Any, place: str) -> None:
        if isinstance(value, dict):
            assert not {"address", "hash"} & set(value) or value.get("source"), place
            for key, each in value.items():
                look(each, f"{place} {key}")

    look(json.loads((ROOT / "data" / "networks.json").read_text())["networks"], "")
    assert set(networks.known()) == {1, 11155111}
