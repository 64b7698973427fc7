"""SingleIndexModule: starting and restarting a rebalance."""

import ape
import pytest

from indexkit import deploy
from indexkit.localnet import addresses, deal, token_at

E18 = 10**18
MAX_COMPONENTS = 200
DRIFT = 2 * 10**16
NONCE_SHIFT = 220
"""Where the counter lies in the rebalance's word."""
YFI, UNI, AAVE, BAL = range(4)


@pytest.fixture(scope="module")
def comp(published):
    """Return a token the index does not hold."""
    return token_at(published.component("COMP").address)


def address(number):
    """Return an address of no account."""
    return f"0x{number + 2**32:040x}"


def test_start_rebalance__plain(
    index_module, set_token, components, units, comp, manager, logs, chain
):
    """Targets are stored at the multiplier they were made for; every one is told (R-08, R-11)."""
    targets = [units[0] * 2, units[1] // 2, 0, units[3]]
    receipt = index_module.startRebalance([comp], [10**16], targets, E18, sender=manager)
    told = list(zip([*components, comp], [*targets, 10**16], strict=True))
    assert logs(receipt, set_token, index_module) == [
        index_module.TargetUnitsUpdated(_component=token, _newUnit=target, _positionMultiplier=E18)
        for token, target in told
    ]
    assert list(index_module.getRebalanceComponents()) == [*components, comp]
    assert [index_module.rebalanceComponents(i) for i in range(5)] == [*components, comp]
    assert list(index_module.getTargetUnits([*components, comp])) == [*targets, 10**16]
    assert index_module.positionMultiplier() == E18
    for token, target in told:
        assert index_module.assetInfo(token) == (target, 0, 0, 0, 0)
    with ape.reverts():
        index_module.rebalanceComponents(5)


def test_start_rebalance__keeps_settings(ready, start, components, units, manager, trader):
    """Sizes, pace, venue and last trade of a component outlast its targets (R-08, S-151)."""
    token = components[UNI]
    start((token, units[UNI] // 2))
    ready.setCoolOffPeriods([token], [77], sender=manager)
    last = ready.trade(token, sender=trader).timestamp
    start((token, 1))
    assert ready.assetInfo(token) == (1, 2**256 - 1, 77, last, 1)


@pytest.mark.parametrize("deadline", [False, True])
def test_start_rebalance__newcomer_sold_out__is_listed_once(
    ready, set_token, units, comp, published, manager, module, trader, deadline
):
    """A new component that came in otherwise, and was sold, is still one of the rebalance's."""
    start = ready.startRebalanceWithDeadline if deadline else ready.startRebalance
    more = (ready.rebalanceNonce() + 1, 0) if deadline else ()
    start([comp], [0], units, E18, *more, sender=manager)
    exchange = published.component("COMP").exchange
    ready.setExchanges([comp], [deploy.EXCHANGE_IDS[exchange]], sender=manager)
    ready.setTradeMaximums([comp], [2**256 - 1], sender=manager)
    deal(comp, set_token, set_token.totalSupply() // 1000)
    set_token.addComponent(comp, sender=module)
    set_token.editDefaultPositionUnit(comp, E18 // 1000, sender=module)
    ready.trade(comp, sender=trader)
    assert comp not in set_token.getComponents()
    assert list(ready.getRebalanceComponents()).count(comp.address) == 1


def test_start_rebalance__replaces_one_under_way(index_module, start, components, units, comp):
    """The new targets count, and the old newcomer is forgotten (R-09, S-132)."""
    start((components[UNI], 5), new=[(comp, 10**16)])
    start((components[AAVE], 7))
    assert list(index_module.getRebalanceComponents()) == components
    assert list(index_module.getTargetUnits(components)) == [units[0], units[1], 7, units[3]]


def test_start_rebalance__cash_stays(ready, start, set_token, components, units, weth, trader):
    """WETH left over is cash with the target 0, and no component of the rebalance (V-1, R-11).

    S-134.
    """
    start((components[UNI], units[UNI] // 2))
    ready.trade(components[UNI], sender=trader)
    assert set_token.isComponent(weth)
    start((components[UNI], units[UNI]))
    assert list(ready.getRebalanceComponents()) == components
    assert list(ready.getTargetUnits([weth])) == [0]


def test_start_rebalance__cash_with_a_target__reverts(
    ready, start, set_token, components, units, manager, trader
):
    """WETH is what trades are paid in, it has no target of its own (R-01, S-134)."""
    start((components[UNI], units[UNI] // 2))
    ready.trade(components[UNI], sender=trader)
    with ape.reverts("WETH cannot be an index component"):
        ready.startRebalance([], [], [*units, 1], E18, sender=manager)


@pytest.mark.parametrize("target", [0, 10**16])
def test_start_rebalance__weth_as_new_component__reverts(
    index_module, set_token, units, weth, manager, target
):
    """Nor can it be brought in (R-01, S-134)."""
    with ape.reverts("WETH cannot be an index component"):
        index_module.startRebalance([weth], [target], units, E18, sender=manager)


def test_start_rebalance__weth_held_and_new__reverts(
    ready, start, components, units, weth, manager, trader
):
    """Cash that is there already would be named twice (R-01)."""
    start((components[UNI], units[UNI] // 2))
    ready.trade(components[UNI], sender=trader)
    with ape.reverts("Cannot duplicate components"):
        ready.startRebalance([weth], [0], [*units, 0], E18, sender=manager)


def test_start_rebalance__not_manager__reverts(index_module, set_token, units, trader):
    """Only the manager may (I-20, S-132)."""
    with ape.reverts("Must be the SetToken manager"):
        index_module.startRebalance([], [], units, E18, sender=trader)


def test_start_rebalance__set_removed_from_controller__reverts(
    index_module, protocol, set_token, units, owner, manager
):
    """Not for a SetToken the controller dropped."""
    protocol.controller.removeSet(set_token, sender=owner)
    with ape.reverts("Must be a valid and initialized SetToken"):
        index_module.startRebalance([], [], units, E18, sender=manager)


def test_start_rebalance__new_targets_missing__reverts(
    index_module, set_token, units, comp, manager
):
    """One target per new component."""
    with ape.reverts("Array length mismatch"):
        index_module.startRebalance([comp], [], units, E18, sender=manager)


@pytest.mark.parametrize("count", [0, 3, 5])
def test_start_rebalance__old_targets_missing__reverts(
    index_module, set_token, units, manager, count
):
    """One target per component held (S-132)."""
    with ape.reverts("New allocation must have target for all old components"):
        index_module.startRebalance([], [], [*units, 1][:count], E18, sender=manager)


def test_start_rebalance__component_twice__reverts(
    index_module, set_token, components, units, comp, manager
):
    """Neither among the new ones, nor an old one again (I-05)."""
    for new in ([comp, comp], [comp, components[BAL]]):
        with ape.reverts("Cannot duplicate components"):
            index_module.startRebalance(new, [1, 1], units, E18, sender=manager)


def test_start_rebalance__nothing_to_do__reverts(
    index_module, set_token, components, module, manager
):
    """An index without components and no new ones has nothing to rebalance (R-01)."""
    for component in components:
        set_token.removeComponent(component, sender=module)
    with ape.reverts("A is empty"):
        index_module.startRebalance([], [], [], E18, sender=manager)


@pytest.mark.parametrize("count", [MAX_COMPONENTS - 3, MAX_COMPONENTS])
def test_start_rebalance__too_many_components__reverts(
    index_module, set_token, units, manager, count
):
    """All of them together must fit into the list (R-01)."""
    new = [address(i) for i in range(count)]
    with ape.reverts("Too many components"):
        index_module.startRebalance(new, [1] * count, units, E18, sender=manager)


def test_start_rebalance__as_many_components_as_fit(index_module, set_token, units, manager):
    """The bound itself is allowed."""
    new = [address(i) for i in range(MAX_COMPONENTS - 4)]
    index_module.startRebalance(new, [1] * len(new), units, E18, sender=manager)
    assert len(index_module.getRebalanceComponents()) == MAX_COMPONENTS


def test_start_rebalance__index_as_large_as_can_be(project, protocol, owner, manager, issuer):
    """Each of 200 components held takes part, on whichever page of the list it stands (R-08)."""
    module = deploy.deploy_index_module(project, owner, protocol)
    held = [address(i) for i in range(MAX_COMPONENTS)]
    large = deploy.create_set(
        project,
        protocol,
        manager,
        components=held,
        units=[E18] * MAX_COMPONENTS,
        modules=[module],
        name="Large",
        symbol="LARGE",
    )
    module.initialize(large, sender=manager)
    targets = [E18 + i for i in range(MAX_COMPONENTS)]
    for with_deadline in (False, True):
        start = module.startRebalanceWithDeadline if with_deadline else module.startRebalance
        more = (module.rebalanceNonce() + 1, 0) if with_deadline else ()
        receipt = start([], [], targets, E18, *more, sender=manager)
        told = receipt.events.filter(module.TargetUnitsUpdated)
        assert [log._newUnit for log in told] == targets
        assert [int(component, 16) for component in module.getRebalanceComponents()] == [
            int(component, 16) for component in held
        ]


@pytest.mark.parametrize("multiplier", [E18 - DRIFT, E18 - 1, E18, E18 + 1, E18 + DRIFT])
def test_start_rebalance__multiplier_near_the_live_one(
    index_module, set_token, units, manager, multiplier
):
    """Fees may accrue between planning and start (V-6, S-133)."""
    index_module.startRebalance([], [], units, multiplier, sender=manager)
    assert index_module.positionMultiplier() == multiplier
    assert list(index_module.getTargetUnits(set_token.getComponents())) == [
        unit * E18 // multiplier for unit in units
    ]


@pytest.mark.parametrize(
    "multiplier", [0, 1, E18 // 2, E18 - DRIFT - 1, E18 + DRIFT + 1, 2 * E18, 2**64, 2**256 - 1]
)
def test_start_rebalance__multiplier_off__reverts(
    index_module, set_token, units, manager, multiplier
):
    """0 would brick trading and half would double every target (V-6, S-133)."""
    with ape.reverts("Position multiplier out of bounds"):
        index_module.startRebalance([], [], units, multiplier, sender=manager)


def test_start_rebalance__multiplier_bound_moves_with_fees(
    index_module, protocol, set_token, units, manager, stranger, chain
):
    """The bound is around the multiplier of now, rounded down (V-6)."""
    chain.mine(timestamp=chain.pending_timestamp + 4 * 365 * 86_400)
    protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    live = set_token.positionMultiplier()
    drift = live * DRIFT // E18
    for multiplier in (live - drift - 1, live + drift + 1, E18):
        with ape.reverts("Position multiplier out of bounds"):
            index_module.startRebalance([], [], units, multiplier, sender=manager)
    for multiplier in (live - drift, live + drift):
        index_module.startRebalance([], [], units, multiplier, sender=manager)


def count_to(module, index, provider, number):
    """Make the module's counter of initialisations and rebalances stand at a number."""
    words = {slot: int.from_bytes(provider.get_storage(module.address, slot)) for slot in range(32)}
    own = int(index.address, 16)
    slot, word = next((s, w) for s, w in words.items() if w % 2**160 == own)
    word = word & ~(0xFFFF << NONCE_SHIFT) | number << NONCE_SHIFT
    provider.set_storage(module.address, slot, word.to_bytes(32))
    assert module.rebalanceNonce() == number


def test_start_rebalance__counter_used_up__reverts(index_module, set_token, manager, start):
    """Past 65,535 the counter would begin again among stale targets: refused; removal works."""
    start()
    count_to(index_module, set_token, manager.provider, 65_534)
    start()
    with ape.reverts("Too many rebalances"):
        start()
    set_token.removeModule(index_module, sender=manager)
    assert index_module.index() == ape.utils.ZERO_ADDRESS
    set_token.addModule(index_module, sender=manager)
    with ape.reverts("Too many rebalances"):
        index_module.initialize(set_token, sender=manager)


def test_initialize__after_32767_rebalances__finds_no_trace(
    index_module, set_token, components, units, manager
):
    """Settings of before are told from those of now by all 16 bits of the counter (V-12)."""
    count_to(index_module, set_token, manager.provider, 32_764)
    for number in (32_766, 32_768):
        set_token.removeModule(index_module, sender=manager)
        set_token.addModule(index_module, sender=manager)
        index_module.initialize(set_token, sender=manager)
        assert index_module.rebalanceNonce() == number
        assert index_module.assetInfo(addresses.WETH) == (0, 0, 0, 0, 0)
        for component, unit in zip(components, units, strict=True):
            assert index_module.assetInfo(component) == (unit, 0, 0, 0, 0)
        traded = [*components, addresses.WETH]
        index_module.setTradeMaximums(traded, [E18] * 5, sender=manager)


def test_get_target_units__after_fees(
    index_module, protocol, set_token, start, units, chain, stranger
):
    """Targets shrink with the multiplier, rounded down (R-05, S-150)."""
    start()
    chain.mine(timestamp=chain.pending_timestamp + 100 * 86_400)
    protocol.streaming_fee.accrueFee(set_token, sender=stranger)
    multiplier = set_token.positionMultiplier()
    assert multiplier < E18
    assert list(index_module.getTargetUnits(set_token.getComponents())) == [
        unit * multiplier // E18 for unit in units
    ]
    assert index_module.getTargetUnits([]) == []


def test_get_target_units__before_any_rebalance__reverts(index_module, set_token, components):
    """There is no multiplier to divide by, as in the original (R-01)."""
    with ape.reverts("SafeMath: division by zero"):
        index_module.getTargetUnits(components)
    assert index_module.getRebalanceComponents() == []


def test_get_target_units__unknown_component(index_module, start, stranger):
    """Nothing is wanted of a token that takes no part."""
    start()
    assert list(index_module.getTargetUnits([stranger, addresses.WETH])) == [0, 0]
