"""SingleIndexModule: what has room in an asset's word, and what spills; both read back (R-01)."""

import json
import subprocess
import sys

import pytest
from eth_utils import keccak

MAX = 2**256 - 1
SIZES, TARGETS, COOL_OFFS = 2**88, 2**88, 2**20
"""From here on a value has no room; the largest size that has one stands for no limit."""
TARGET, SIZE, COOL_OFF, LAST, EXCHANGE = range(5)
WIDE_BIT = 1


@pytest.fixture(scope="session")
def assets_slot(project):
    """Return where the compiler puts the assets' words."""
    source = "contracts/modules/SingleIndexModule.vy"
    run = subprocess.run(
        [sys.executable, "-m", "vyper", "-p", ".", "-f", "layout", source],
        cwd=project.path,
        check=True,
        capture_output=True,
        text=True,
    )
    storage = json.loads(run.stdout)["storage_layout"]
    (book,) = [module for module in storage.values() if "wide_assets" in module]
    return book["assets"]["slot"]


@pytest.fixture
def is_wide(assets_slot, index_module, chain):
    """Return a function that tells whether an asset's figures have spilled."""

    def told(token):
        key = assets_slot.to_bytes(32, "big") + bytes(12) + bytes.fromhex(token.address[2:])
        place = int.from_bytes(keccak(key), "big")
        word = int.from_bytes(chain.provider.get_storage(index_module.address, place), "big")
        assert word, "an asset that was set has a word"
        return bool(word & WIDE_BIT)

    return told


@pytest.fixture
def asset(index_module, set_token, components, units, manager):
    """Return an asset of which every figure is set to something narrow, and those figures."""
    token = components[1]
    index_module.setTradeMaximums([token], [11], sender=manager)
    index_module.setCoolOffPeriods([token], [22], sender=manager)
    index_module.setExchanges([token], [3], sender=manager)
    return token, [units[1], 11, 22, 0, 3]


@pytest.mark.parametrize(
    ("size", "wide"),
    [
        (0, False),
        (SIZES - 2, False),
        (SIZES - 1, True),
        (SIZES, True),
        (MAX - 1, True),
        (MAX, False),
    ],
)
def test_max_size__reads_back(index_module, asset, manager, is_wide, size, wide):
    """R-08: no limit has room, only what lies between spills; the other figures stay."""
    token, figures = asset
    index_module.setTradeMaximums([token], [size], sender=manager)
    figures[SIZE] = size
    assert list(index_module.assetInfo(token)) == figures
    assert is_wide(token) is wide


@pytest.mark.parametrize(
    ("period", "wide"),
    [(0, False), (COOL_OFFS - 1, False), (COOL_OFFS, True), (SIZES - 1, True), (MAX, True)],
)
def test_cool_off__reads_back(index_module, asset, manager, is_wide, period, wide):
    """R-08: twelve days have room; longer ones spill and are kept as they are."""
    token, figures = asset
    index_module.setCoolOffPeriods([token], [period], sender=manager)
    figures[COOL_OFF] = period
    assert list(index_module.assetInfo(token)) == figures
    assert is_wide(token) is wide


@pytest.mark.parametrize(
    ("target", "wide"),
    [(0, False), (TARGETS - 2, False), (TARGETS - 1, False), (TARGETS, True), (MAX, True)],
)
@pytest.mark.parametrize("size", [11, MAX, SIZES - 1])
def test_target__reads_back(index_module, asset, start, manager, is_wide, target, size, wide):
    """R-08: also one of all ones, whatever the size beside it says."""
    token, figures = asset
    index_module.setTradeMaximums([token], [size], sender=manager)
    start((token, target))
    figures[TARGET], figures[SIZE] = target, size
    assert list(index_module.assetInfo(token)) == figures
    assert is_wide(token) is (wide or size == SIZES - 1)


@pytest.mark.parametrize("exchange", range(4))
@pytest.mark.parametrize("size", [MAX, SIZES])
def test_exchange__reads_back(index_module, asset, manager, exchange, size):
    """R-08: its two bits touch neither neighbour, in a word of either kind."""
    token, figures = asset
    index_module.setTradeMaximums([token], [size], sender=manager)
    index_module.setExchanges([token], [exchange], sender=manager)
    figures[SIZE], figures[EXCHANGE] = size, exchange
    assert list(index_module.assetInfo(token)) == figures


def test_wide__and_back(index_module, asset, start, manager, is_wide):
    """R-08: nothing of what spilled is left once all has room again, limits of none included."""
    token, figures = asset
    index_module.setTradeMaximums([token], [SIZES], sender=manager)
    index_module.setCoolOffPeriods([token], [COOL_OFFS], sender=manager)
    index_module.setTradeMaximums([token], [MAX], sender=manager)
    figures[SIZE], figures[COOL_OFF] = MAX, COOL_OFFS
    assert is_wide(token)
    assert list(index_module.assetInfo(token)) == figures
    index_module.setCoolOffPeriods([token], [COOL_OFFS - 1], sender=manager)
    figures[COOL_OFF] = COOL_OFFS - 1
    assert not is_wide(token)
    assert list(index_module.assetInfo(token)) == figures


@pytest.mark.parametrize(("size", "period"), [(MAX, COOL_OFFS - 1), (SIZES, COOL_OFFS)])
def test_trade__keeps_the_settings(ready, start, components, units, manager, trader, size, period):
    """R-08: what a trade writes beside them, its moment and the place, moves none of them."""
    token = components[1]
    ready.setTradeMaximums([token], [size], sender=manager)
    ready.setCoolOffPeriods([token], [period], sender=manager)
    start((token, units[1] // 2))
    moment = ready.trade(token, sender=trader).timestamp
    assert list(ready.assetInfo(token)) == [units[1] // 2, size, period, moment, 1]
