"""An index as published and its rebalance's start: the chain against the data files, to the wei.

The figures are read here from the files themselves, past the loader that the code under test uses.
"""

import ape
import pytest
from eth_abi import decode
from eth_utils import keccak, to_checksum_address

from indexkit import execution, published_index
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses
from indexkit.published_index import SET_UP_ACCOUNT
from indexkit.rebalance_data import load

WAD = 10**18
NAMES = ("dpi-2021-02", "dpi-2021-04", "mvi-2021-06")
EXCHANGES = ("", "UniswapV2", "SushiSwap", "BalancerV1")
START = "startRebalance(address[],uint256[],uint256[],uint256)"


@pytest.fixture(scope="module", params=NAMES)
def figures(request, read_raw):
    """Return the fields of a data file."""
    return read_raw(request.param)


@pytest.fixture(scope="module")
def by_symbol(figures):
    """Return the fields of its components."""
    return {entry["symbol"]: entry for entry in figures["components"]}


@pytest.fixture(scope="module")
def index(figures, make_index):
    """Create the index as published."""
    return make_index(load(figures["name"]))


@pytest.fixture(scope="module")
def started(figures, index):
    """Start the rebalance; return its transaction and receipt as the node has them."""
    execution.start(index, load(figures["name"]))
    request = ape.chain.provider.make_request
    (transaction,) = request("eth_getBlockByNumber", ["latest", True])["transactions"]
    return transaction, request("eth_getTransactionReceipt", [transaction["hash"]])


def trunc(numerator, denominator):
    """Divide towards zero, as the published figures were."""
    quotient = abs(numerator) // denominator
    return quotient if numerator >= 0 else -quotient


def test_create_published_index__reads_as_published(figures, by_symbol, index):
    """Supply, multiplier, order of the components and each real unit (I-01, I-05)."""
    token, order = index.token, figures["component_order"]
    assert (token.name(), token.symbol()) == (figures["index_name"], figures["index"])
    assert token.totalSupply() == int(figures["total_supply"])
    assert token.balanceOf(index.roles.issuer) == int(figures["total_supply"])
    assert token.positionMultiplier() == int(figures["position_multiplier"])
    assert list(token.getComponents()) == [by_symbol[symbol]["address"] for symbol in order]
    for entry in figures["components"]:
        unit = token.getDefaultPositionRealUnit(entry["address"])
        assert unit == int(entry["current_unit"]), entry["symbol"]
        assert token.isComponent(entry["address"]) == (entry["symbol"] in order)


def test_create_published_index__is_backed(index, assert_backed):
    """Every unit is there in tokens (I-01)."""
    assert_backed(index)


def test_create_published_index__set_up_account__left_no_trace(index):
    """It is no module any more, neither of the index nor of the controller (I-04, I-20)."""
    token, protocol = index.token, index.protocol
    modules = {module.address for module in (*protocol.modules, index.module)}
    assert set(token.getModules()) == modules
    assert token.moduleStates(SET_UP_ACCOUNT) == 0
    assert not token.isInitializedModule(SET_UP_ACCOUNT)
    assert not token.isPendingModule(SET_UP_ACCOUNT)
    assert set(protocol.controller.getModules()) == modules
    assert not protocol.controller.isModule(SET_UP_ACCOUNT)
    assert not protocol.controller.isSystemContract(SET_UP_ACCOUNT)
    assert token.balanceOf(SET_UP_ACCOUNT) == 0
    assert (token.manager(), token.isLocked()) == (index.roles.manager, False)


def test_create_published_index__reads_otherwise__raises(make_index, monkeypatch):
    """An index that does not read as published is refused, with both figures."""
    monkeypatch.setattr(published_index, "_write_multiplier", lambda index, multiplier: None)
    with pytest.raises(IndexkitError) as error:
        make_index(load("dpi-2021-04"))
    assert error.value.message == (
        "dpi-2021-04: the position multiplier on the chain is 1000000000000000000, published is "
        "994832748042687048: the set-up does not reproduce this rebalance."
    )


def test_start__calldata_is_as_published(figures, by_symbol, index, started):
    """The manager's transaction on the chain has the published arguments and nothing else."""
    transaction, receipt = started
    data = bytes.fromhex(transaction["input"][2:])
    new = figures["new_components"]
    assert receipt["status"] == "0x1"
    assert to_checksum_address(transaction["from"]) == index.roles.manager
    assert to_checksum_address(transaction["to"]) == index.module
    assert data[:4] == keccak(text=START)[:4]
    found = decode(["address[]", "uint256[]", "uint256[]", "uint256"], data[4:])
    assert tuple(map(to_checksum_address, found[0])) == tuple(by_symbol[s]["address"] for s in new)
    assert found[1] == tuple(int(by_symbol[s]["target_unit"]) for s in new)
    assert found[2] == tuple(int(by_symbol[s]["target_unit"]) for s in figures["component_order"])
    assert found[3] == int(figures["position_multiplier"])


def test_start__announces_each_target(figures, by_symbol, index, started):
    """TargetUnitsUpdated, once each: the held components in their order, then the new ones."""
    _, receipt = started
    topic = "0x" + keccak(text="TargetUnitsUpdated(address,uint256,uint256)").hex()
    found = [
        (
            to_checksum_address(log["address"]),
            log["topics"][0],
            to_checksum_address(log["topics"][1][-40:]),
            *decode(["uint256", "uint256"], bytes.fromhex(log["data"][2:])),
        )
        for log in receipt["logs"]
    ]
    multiplier = int(figures["position_multiplier"])
    due = [by_symbol[s] for s in (*figures["component_order"], *figures["new_components"])]
    assert found == [
        (index.module, topic, entry["address"], int(entry["target_unit"]), multiplier)
        for entry in due
    ]


def test_start__settings_are_as_published(figures, index, started):
    """Target, largest trade, cool-off and exchange of each component; nothing traded yet."""
    for entry in figures["components"]:
        target, largest, cool_off, last_trade, exchange = index.module.assetInfo(entry["address"])
        assert target == int(entry["target_unit"]), entry["symbol"]
        assert largest == int(entry["max_trade_size"]), entry["symbol"]
        assert cool_off == entry["cool_off_period"], entry["symbol"]
        assert EXCHANGES[exchange] == entry["exchange"], entry["symbol"]
        assert last_trade == 0
    assert index.module.positionMultiplier() == int(figures["position_multiplier"])
    assert index.module.tradeAllowList(index.roles.trader)
    assert not index.module.anyoneTrade()


def test_start__notionals_are_as_published(figures, index, started):
    """What is to be traded follows from the chain's units, targets and supply alone."""
    token, module = index.token, index.module
    assert len(figures["components"]) == len(module.getRebalanceComponents())
    for entry in figures["components"]:
        (target,) = module.getTargetUnits([entry["address"]])
        current = token.getDefaultPositionRealUnit(entry["address"])
        notional = trunc((target - current) * token.totalSupply(), WAD)
        assert notional == int(entry["notional"]), entry["symbol"]
    assert token.getDefaultPositionRealUnit(addresses.WETH) == 0
