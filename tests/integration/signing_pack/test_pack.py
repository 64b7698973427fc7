"""indexkit.signing: composing a pack and checking one, without a chain."""

import copy
import json
import subprocess
import sys

import pytest

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.safe import Call
from indexkit.signing import builder, calldata, compose, files, make_pack, text, verify_pack

DAY_S = 86_400
TRADER = "0x" + "99" * 20


def figures(pack):
    """Return the calls of a pack by function, each with its arguments."""
    inner = calldata.inner_calls(pack.transaction.call)
    return dict(calldata.decode(call.data) for call in inner)


def test_compose__a_house(paper, rebalance):
    """R-44, R-11: parameters, traders, start with nonce and deadline: one call of the house."""
    units, state = paper
    pack = compose(units, state, deadline_s=DAY_S, traders=[TRADER])
    assert pack.transaction.call.to == state["house"]
    assert pack.transaction.operation == 0
    assert pack.transaction.nonce == 3
    calls = figures(pack)
    components = rebalance.components
    everything = tuple(c.address for c in components)
    assert list(calls) == [
        "setTradeMaximums",
        "setExchanges",
        "setCoolOffPeriods",
        "updateTraderStatus",
        "startRebalanceWithDeadline",
    ]
    assert calls["setTradeMaximums"] == (everything, tuple(c.max_trade_size for c in components))
    assert calls["setExchanges"] == (everything, (2, 1, 3, 1, 2, 2))
    assert calls["setCoolOffPeriods"] == (everything, tuple(c.cool_off_period for c in components))
    assert calls["updateTraderStatus"] == ((TRADER,), (True,))
    new, new_targets, old_targets, multiplier = rebalance.start_arguments()
    assert calls["startRebalanceWithDeadline"] == (
        *(new, new_targets, old_targets, multiplier),
        *(2, state["timestamp"] + DAY_S),
    )


def test_compose__the_safe_itself(paper):
    """R-44: the same calls, all or none, by MultiSend."""
    units, state = copy.deepcopy(paper)
    house = compose(units, state, deadline_s=0, traders=[])
    state |= {"house": None, "manager": state["safe"]["address"]}
    units["state"] = documents.digest(state)
    direct = compose(units, state, deadline_s=0, traders=[])
    assert direct.transaction.operation == 1
    assert direct.calls == house.calls == calldata.inner_calls(direct.transaction.call)
    assert figures(direct)["startRebalanceWithDeadline"][-1] == 0
    assert "updateTraderStatus" not in figures(direct)


def test_compose__only_what_differs(paper, rebalance):
    """R-44: what the module has stored already is not set again; sizes are the followed plan's."""
    units, state = copy.deepcopy(paper)
    state["stored"] = {
        c.address: {
            "exchange": {"YFI": 2, "UNI": "1", "BAL": "BalancerV1"}.get(c.symbol),
            "max_trade_size": "5" if c.symbol == "UNI" else str(c.max_trade_size),
            "cool_off_period": c.cool_off_period,
        }
        for c in rebalance.components
    }
    units["state"] = documents.digest(state)
    units["followed"] = "planned"
    units["plans"]["planned"]["max_trade_sizes"] |= {"UNI": "5", "YFI": "7"}
    calls = figures(compose(units, state, deadline_s=0, traders=[]))
    lrc, aave, cream = (rebalance.component(symbol).address for symbol in ("LRC", "AAVE", "CREAM"))
    assert calls["setTradeMaximums"] == ((rebalance.component("YFI").address,), (7,))
    assert calls["setExchanges"] == ((lrc, aave, cream), (1, 2, 2))
    assert "setCoolOffPeriods" not in calls


def test_compose__cash_in_the_index__keeps_it(paper):
    """R-11: WETH that the index holds has target 0."""
    units, state = copy.deepcopy(paper)
    weth = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
    state["component_order"].insert(1, weth)
    state["units"][weth] = "17"
    units["component_order"].insert(1, "WETH")
    units["start"]["old_target_units"].insert(1, "0")
    units["state"] = documents.digest(state)
    pack = compose(units, state, deadline_s=0, traders=[])
    assert figures(pack)["startRebalanceWithDeadline"][2][1] == 0
    assert f"WETH    {weth}" in text.decoded(pack)


def set_target(units, _):
    """Change a target in the components only."""
    units["components"][3]["target_unit"] = "1"


def set_start(units, _):
    """Change a target in the arguments of the start only."""
    units["start"]["new_target_units"][0] = "1"


def set_current(units, _):
    """Change what the index is said to hold."""
    units["components"][0]["current_unit"] = "5"


def set_supply(units, _):
    """Change the supply that units were worked out for."""
    units["total_supply"] = "10"


def set_order(units, state):
    """Exchange two components of the index."""
    order = state["component_order"]
    order[0], order[1] = order[1], order[0]
    units["state"] = documents.digest(state)


def set_state(_, state):
    """Change the state behind the units' back."""
    state["nonce"] = 7


def set_no_safe(_, state):
    """Leave nobody to sign."""
    state["safe"] = None


def set_manager(_, state):
    """Have a stranger manage the index."""
    state["manager"] = TRADER


def set_exchange(units, _):
    """Name an exchange that there is not."""
    units["components"][2]["exchange"] = "Curve"


def set_symbol(units, _):
    """Put a line of one's own into what signers read."""
    units["components"][2]["symbol"] = "BAL\u2028UNI"


def set_twice(units, _):
    """List a token under two symbols."""
    units["components"][2]["address"] = units["components"][1]["address"]


def set_enters(units, _):
    """Have a component enter that the index holds."""
    units["new_components"] = ["UNI"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (set_target, 'UNI in start old_target_units: expected "1", found "3895045549022727835"'),
        (set_start, 'CREAM in start new_target_units: expected "11494761584286758", found "1"'),
        (set_current, "YFI current_unit: expected 566411985921079, found 5"),
        (set_supply, "total_supply: expected 10000000000000000000000, found 10"),
        (set_order, "component_order[0]: expected"),
        (set_state, "state (digest): expected"),
        (set_no_safe, "no Safe manages the index"),
        (set_manager, "manager: expected 0x0404040404040404040404040404040404040404, found 0x99"),
        (set_exchange, "components[2] BAL: exchange is 'Curve', not an exchange"),
        (set_symbol, "not a text that can be printed: correct it"),
        (set_twice, "components names a symbol or an address twice: leave one out"),
        (set_enters, "new_components: expected none that the index holds, found 0x1f98"),
    ],
)  # fmt: skip
def test_compose__at_odds__raises(paper, change, sentence):
    """R-34, R-44: component, expected and found, in one sentence."""
    units, state = copy.deepcopy(paper)
    change(units, state)
    with pytest.raises(IndexkitError) as error:
        compose(units, state, deadline_s=0, traders=[])
    assert sentence in error.value.message
    assert error.value.message.endswith(".")
    assert "\n" not in error.value.message


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"deadline_s": -1}, "The deadline is -1 s"),
        ({"traders": ["0xabc"]}, "The trader '0xabc' is no address"),
        ({"traders": [TRADER, TRADER]}, "is named twice"),
    ],
)
def test_compose__bad_choice__raises(paper, choices, sentence):
    """R-40: one sentence."""
    with pytest.raises(IndexkitError, match=sentence):
        compose(*paper, **{"deadline_s": 0, "traders": [], **choices})


def test_compose__needs_no_node(paper, tmp_path):
    """R-44: a signer checks a pack on a machine that is connected to nothing."""
    (tmp_path / "run.json").write_text(json.dumps(paper))
    script = (
        "import json, sys; from indexkit.signing import compose; import ape\n"
        "units, state = json.load(open(sys.argv[1]))\n"
        "pack = compose(units, state, deadline_s=0, traders=[])\n"
        "assert ape.networks.active_provider is None\n"
        "sys.stdout.write(pack.hashes.transaction.hex())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "run.json")]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    pack = compose(*paper, deadline_s=0, traders=[])
    assert answer.stdout == pack.hashes.transaction.hex()


def test_make_pack__is_verified_and_repeatable(folder, tmp_path):
    """R-44: who composes it again gets the same bytes."""
    pack = make_pack(folder(), deadline_s=DAY_S, traders=[TRADER])
    written = {path.name: path.read_bytes() for path in (tmp_path / "pack").iterdir()}
    assert set(written) == {"transactions.json", "decoded.txt", "hashes.json"}
    assert verify_pack(tmp_path) == pack
    make_pack(tmp_path, deadline_s=DAY_S, traders=[TRADER])
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "pack").iterdir()}
    hashes = documents.read(tmp_path / "pack" / "hashes.json")
    units = documents.read(tmp_path / "4-units.json")
    assert hashes["units"] == documents.digest(units)
    assert hashes["nonce"] == 3


def test_decoded__says_what_changes(paper):
    """R-44: components by symbol and address, old and new, in tokens and in base units."""
    shown = text.decoded(compose(*paper, deadline_s=DAY_S, traders=[TRADER]))
    for line in (
        "YFI     0x0bc529c00C6401aEF6D220BE8C6Ea1667F6Ad93e  stays   0.000566411985921079 -> "
        "0.000623053184513186 per DPI (566411985921079 -> 623053184513186), weight 7.94 % -> 10.03",
        "LRC     0xBBbbCA6A901c926F240b89EacB641d8Aec7AEafD  leaves  20.260870085903879514 -> "
        "0 per DPI",
        "UNI     0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984  0 -> 17,000 UNI (0 -> 17",
        f"{TRADER}  may trade",
        "CREAM   0x2ba592F78dB6436527729929AAf6c908497cB200  none -> SushiSwap (2)",
        "0 s -> 600 s",
        "deadline 1618963200 (2021-04-21 00:00:00 UTC)",
    ):
        assert line in shown


def test_builder__is_what_the_safe_sends(paper):
    """R-44: with a house one transaction, else one a call; importable, with its checksum."""
    pack = compose(*paper, deadline_s=0, traders=[])
    content = builder.batch_file(pack)
    (transaction,) = content["transactions"]
    assert transaction["data"] == pack.calldata
    assert transaction["to"] == pack.state.house
    assert content["meta"]["checksum"] == builder.checksum(content)
    assert content["chainId"] == "1"


def test_compose__too_long_for_a_house__raises(paper):
    """R-40: the house's own bound is said before anybody signs."""
    units, state = copy.deepcopy(paper)
    crowd = [f"0x{number:040d}" for number in range(1, 150)]
    with pytest.raises(IndexkitError, match="more than the 8,192 of an IndexManager's batch"):
        compose(units, state, deadline_s=0, traders=crowd)


def retarget(folder):
    """Raise one target in the batch, and mend the checksum."""
    path = folder / "pack" / files.TRANSACTIONS
    content = documents.read(path)
    (entry,) = content["transactions"]
    calls = calldata.inner_calls(Call(entry["to"], bytes.fromhex(entry["data"][2:])))
    function, arguments = calldata.decode(calls[-1].data)
    changed = [list(arguments[0]), arguments[1], list(arguments[2]), *arguments[3:]]
    changed[2][3] += 1
    pairs = [(call.to, call.data) for call in calls[:-1]]
    pairs.append((calls[-1].to, calldata.encode(function, *changed)))
    entry["data"] = "0x" + calldata.encode(calldata.EXECUTE_BATCH, pairs).hex()
    content["meta"]["checksum"] = builder.checksum(content)
    documents.write(path, content)


def add_call(folder):
    """Add a call at the end."""
    path = folder / "pack" / files.TRANSACTIONS
    content = documents.read(path)
    content["transactions"].append(content["transactions"][0])
    documents.write(path, content)


def rename(file, key, value):
    """Return a change of one field."""

    def change(folder):
        content = documents.read(folder / "pack" / file)
        documents.write(folder / "pack" / file, {**content, key: value})

    return change


def retype(folder):
    """Change one digit of the text."""
    path = folder / "pack" / files.DECODED
    path.write_text(path.read_text().replace("566411985921079", "566411985921078", 1))


def reunit(folder):
    """Change a target everywhere in the units, as if they had been so."""
    content = documents.read(folder / files.UNITS)
    content["content"]["components"][3]["target_unit"] = "1"
    content["content"]["start"]["old_target_units"][3] = "1"
    documents.write(folder / files.UNITS, content)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (retarget, 'UNI target: expected "3895045549022727835", found "3895045549022727836"'),
        (add_call, "transactions.json: 10. startRebalanceWithDeadline: expected nothing, found"),
        (rename(files.TRANSACTIONS, "chainId", "5"), 'chainId: expected "1", found "5"'),
        (rename(files.TRANSACTIONS, "transactions", [{}]), "is no batch of the Transaction"),
        (rename(files.HASHES, "nonce", 4), "hashes.json: nonce: expected 3, found 4"),
        (rename(files.HASHES, "safe_tx_hash", "0x00"), "hashes.json: safe_tx_hash: expected"),
        (rename(files.HASHES, "choices", {"deadline": 1, "traders": [TRADER]}), "deadline: exp"),
        (rename(files.HASHES, "choices", {}), "hashes.json, choices: the field 'traders' is miss"),
        (retype, "decoded.txt: line "),
        (reunit, 'UNI target: expected "1", found "3895045549022727835"'),
    ],
)  # fmt: skip
def test_verify_pack__tampered__raises(folder, tmp_path, change, sentence):
    """R-44, R-34: any edited figure is refused, with its component and both values."""
    make_pack(folder(), deadline_s=DAY_S, traders=[TRADER])
    change(tmp_path)
    with pytest.raises(IndexkitError) as error:
        verify_pack(tmp_path)
    assert sentence in error.value.message
    assert "\n" not in error.value.message
