"""SingleIndexModule: taking up an index, letting it go, and taking up another."""

import ape
import pytest
from ape import project

from indexkit import deploy

E18 = 10**18
ZERO = "0x" + "00" * 20
UNI = 1


@pytest.fixture(scope="module")
def unused(owner, protocol):
    """Deploy a module that serves nobody yet."""
    return deploy.deploy_index_module(project, owner, protocol)


def test_initialize__plain(unused, protocol, set_token, components, units, manager, logs):
    """Present units are the targets; everything else is empty (R-08)."""
    set_token.addModule(unused, sender=manager)
    receipt = unused.initialize(set_token, sender=manager)
    assert logs(receipt, set_token, unused) == [set_token.ModuleInitialized(_module=unused)]
    assert unused.index() == set_token
    assert unused.controller() == protocol.controller
    assert (unused.anyoneTrade(), unused.positionMultiplier()) == (False, 0)
    assert unused.getRebalanceComponents() == []
    for token, unit in zip(components, units, strict=True):
        assert unused.assetInfo(token) == (unit, 0, 0, 0, 0)


def test_initialize__not_manager__reverts(unused, set_token, manager, stranger):
    """Only the SetToken's manager may (I-20)."""
    set_token.addModule(unused, sender=manager)
    with ape.reverts("Must be the SetToken manager"):
        unused.initialize(set_token, sender=stranger)


def test_initialize__not_pending__reverts(unused, index_module, set_token, manager):
    """Neither a module that was never added, nor one that is initialised already."""
    for module in (unused, index_module):
        with ape.reverts("Must be pending initialization"):
            module.initialize(set_token, sender=manager)


def test_initialize__set_not_in_controller__reverts(unused, protocol, set_token, owner, manager):
    """A SetToken the controller does not know is refused (R-01)."""
    set_token.addModule(unused, sender=manager)
    protocol.controller.removeSet(set_token, sender=owner)
    with ape.reverts("Must be controller-enabled SetToken"):
        unused.initialize(set_token, sender=manager)


def test_initialize__in_use__reverts(index_module, set_token, empty_set, manager):
    """One module serves one index (R-08, S-130)."""
    with ape.reverts("Module already in use"):
        index_module.initialize(empty_set, sender=manager)


def test_initialize__original_set_token__reverts(
    unused, protocol, original, owner, manager, components, units
):
    """A SetToken of Set V2 itself is refused by name, and the module stays free (R-01)."""
    foreign = owner.deploy(
        original("protocol/SetToken.sol/SetToken.json"),
        components,
        units,
        [unused],
        protocol.controller,
        manager,
        "Original",
        "ORIG",
    )
    protocol.controller.addFactory(owner, sender=owner)
    protocol.controller.addSet(foreign, sender=owner)
    with ape.reverts("SetToken must support batch calls"):
        unused.initialize(foreign, sender=manager)
    assert unused.index() == ZERO


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("startRebalance", ([], [], [], E18)),
        ("setTradeMaximums", ([ZERO], [1])),
        ("setExchanges", ([ZERO], [1])),
        ("setCoolOffPeriods", ([ZERO], [1])),
        ("updateTraderStatus", ([ZERO], [True])),
        ("updateAnyoneTrade", (True,)),
    ],
)
def test_manager_function__without_an_index__reverts(unused, stranger, function, arguments):
    """Without an index there is no manager (I-20)."""
    with ape.reverts():
        getattr(unused, function)(*arguments, sender=stranger)


@pytest.mark.parametrize("function", ["trade", "tradeRemainingWETH", "raiseAssetTargets"])
def test_trader_function__without_an_index__reverts(unused, components, stranger, function):
    """Nor is there anybody who may trade (I-11)."""
    arguments = [] if function == "raiseAssetTargets" else [components[UNI]]
    with ape.reverts("Address not permitted to trade"):
        getattr(unused, function)(*arguments, sender=stranger)


@pytest.fixture
def used(ready, start, components, units, manager, trader):
    """Trade in a rebalance with every setting made, one of them wide, and one newcomer."""
    start((components[UNI], units[UNI] // 2))
    ready.trade(components[UNI], sender=trader)
    ready.setCoolOffPeriods(components, [600] * 4, sender=manager)
    ready.setTradeMaximums(components, [2**256 - 1, 5, 5, 2**88], sender=manager)
    ready.updateAnyoneTrade(True, sender=manager)
    return ready


@pytest.fixture
def removed(used, set_token, manager):
    """Remove the module from its index."""
    set_token.removeModule(used, sender=manager)
    return used


def test_remove_module__forgets(removed, set_token, components, trader):
    """No trace of the index is left (V-12)."""
    assert removed.index() == ZERO
    assert not set_token.isInitializedModule(removed)
    assert (removed.anyoneTrade(), removed.positionMultiplier()) == (False, 0)
    assert removed.tradeAllowList(trader) is False
    assert removed.getRebalanceComponents() == []
    for token in components:
        assert removed.assetInfo(token) == (0, 0, 0, 0, 0)
    with ape.reverts("Address not permitted to trade"):
        removed.trade(components[UNI], sender=trader)


def test_remove_module__called_by_a_stranger(used, set_token, stranger):
    """Only the index itself lets go of the module (I-23)."""
    before = used.getRebalanceComponents(), used.positionMultiplier(), used.anyoneTrade()
    receipt = used.removeModule(sender=stranger)
    assert receipt.events == []
    assert used.index() == set_token
    assert (used.getRebalanceComponents(), used.positionMultiplier(), used.anyoneTrade()) == before


def assert_new(module, set_token, components, trader):
    """Assert that a module starts from the units of its index and nothing else."""
    assert module.index() == set_token
    assert (module.anyoneTrade(), module.positionMultiplier()) == (False, 0)
    assert module.tradeAllowList(trader) is False
    assert module.getRebalanceComponents() == []
    for token in components:
        unit = set_token.getDefaultPositionRealUnit(token)
        assert module.assetInfo(token) == (unit, 0, 0, 0, 0)


def test_initialize__same_index_again(removed, start, set_token, components, manager, trader):
    """An index that removed its module can have it back, as if new (V-5, V-12, I-18)."""
    set_token.addModule(removed, sender=manager)
    removed.initialize(set_token, sender=manager)
    assert_new(removed, set_token, components, trader)
    with ape.reverts("Address not permitted to trade"):
        removed.trade(components[UNI], sender=trader)

    start((components[UNI], 10**18))
    removed.updateTraderStatus([trader], [True], sender=manager)
    with ape.reverts("Exchange must be specified"):
        removed.trade(components[UNI], sender=trader)
    removed.setExchanges(components, [2, 1, 2, 3], sender=manager)
    removed.setTradeMaximums(components, [10**18] * 4, sender=manager)
    removed.trade(components[UNI], sender=trader)
    assert removed.assetInfo(components[UNI])[3] > 0


def test_initialize__after_a_rebalance_that_was_ended(
    ready, start, set_token, components, units, manager, trader
):
    """That it had ended is forgotten too (V-12, I-18)."""
    start((components[UNI], units[UNI]))
    ready.endRebalance(sender=trader)
    with ape.reverts("Rebalance has ended"):
        ready.raiseAssetTargets(sender=trader)
    set_token.removeModule(ready, sender=manager)
    set_token.addModule(ready, sender=manager)
    ready.initialize(set_token, sender=manager)
    ready.updateTraderStatus([trader], [True], sender=manager)
    with ape.reverts("Targets must be met and ETH remaining in order to raise target"):
        ready.raiseAssetTargets(sender=trader)


def test_initialize__another_index(
    removed, protocol, empty_set, set_token, components, manager, trader
):
    """The module can serve another index, which finds no trace of the last (V-5, V-12, S-130)."""
    removed.initialize(empty_set, sender=manager)
    assert_new(removed, empty_set, components, trader)
    with ape.reverts("Must be pending initialization"):
        removed.initialize(set_token, sender=manager)


def test_initialize__again_and_again(ready, set_token, components, manager, trader, start):
    """Each life of the module begins at zero, settings made before a start included (I-18)."""
    for turn in range(1, 4):
        set_token.removeModule(ready, sender=manager)
        set_token.addModule(ready, sender=manager)
        ready.initialize(set_token, sender=manager)
        assert_new(ready, set_token, components, trader)
        ready.setCoolOffPeriods([components[0]], [turn], sender=manager)
        unit = set_token.getDefaultPositionRealUnit(components[0])
        assert ready.assetInfo(components[0]) == (unit, 0, turn, 0, 0)
        start((components[0], turn))
        assert ready.assetInfo(components[0]) == (turn, 0, turn, 0, 0)
        assert list(ready.getRebalanceComponents()) == components


def test_initialize__index_with_cash(
    unused, make_plain_set, set_token, components, units, weth, manager
):
    """WETH found at the beginning is a target until the first rebalance makes it cash (R-11)."""
    created = make_plain_set([components[UNI], weth], [units[UNI], 10**16], unused)
    unused.initialize(created, sender=manager)
    assert unused.assetInfo(weth)[0] == 10**16
    unused.startRebalance([], [], [units[UNI], 0], 10**18, sender=manager)
    assert unused.assetInfo(weth) == (0, 0, 0, 0, 0)
    assert list(unused.getRebalanceComponents()) == [components[UNI]]
