"""SetToken: the manager, and the way of a module in and out (R-02, I-24)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS

NONE, PENDING, INITIALIZED = range(3)


def command(puppet, contract, name, *arguments, sender):
    """Have a puppet make one call."""
    data = getattr(contract, name).encode_input(*arguments)
    return puppet.execute([(contract, data)], sender=sender)


def states(basket, module):
    """Return what the three views tell of a module."""
    return (
        basket.moduleStates(module),
        basket.isPendingModule(module),
        basket.isInitializedModule(module),
    )


def test_add_module__makes_it_pending(basket, manager, owner, protocol, stranger):
    """R-02: a module the controller knows; it is not listed before it initialises itself."""
    protocol.controller.addModule(stranger, sender=owner)
    before = basket.getModules()
    tx = basket.addModule(stranger, sender=manager)
    assert tx.events == [basket.ModuleAdded(_module=stranger.address)]
    assert states(basket, stranger) == (PENDING, True, False)
    assert basket.getModules() == before


def test_add_module__while_locked(basket, manager, owner, protocol, module, stranger):
    """R-01: as in the original, a lock does not keep the manager from letting modules in."""
    protocol.controller.addModule(stranger, sender=owner)
    basket.lock(sender=module)
    basket.addModule(stranger, sender=manager)
    assert basket.isPendingModule(stranger)


def test_add_module__known_already__reverts(basket, manager, module, pending):
    """R-01: whether pending or initialised."""
    for known in (module, pending):
        with ape.reverts("Module must not be added"):
            basket.addModule(known, sender=manager)


def test_add_module__not_on_the_controller__reverts(basket, manager, stranger):
    """R-01, S-058: the manager chooses among the controller's modules."""
    with ape.reverts("Must be enabled on Controller"):
        basket.addModule(stranger, sender=manager)


def test_initialize_module__lists_and_announces(basket, manager, pending):
    """R-02, S-058: called by the module itself; the newest is the last in the list."""
    before = basket.getModules()
    tx = command(pending, basket, "initializeModule", sender=manager)
    assert tx.events == [basket.ModuleInitialized(_module=pending.address)]
    assert states(basket, pending) == (INITIALIZED, False, True)
    assert basket.getModules() == [*before, pending.address]
    assert [basket.modules(i) for i in range(len(before) + 1)] == [*before, pending.address]


def test_modules__beyond_the_end__reverts(basket):
    """R-01: read by index as a public array."""
    with ape.reverts():
        basket.modules(2)


def test_initialize_module__after_the_controller_dropped_it(
    basket, manager, owner, protocol, pending
):
    """R-01: as in the original it becomes a module, but may do nothing."""
    protocol.controller.removeModule(pending, sender=owner)
    command(pending, basket, "initializeModule", sender=manager)
    assert basket.isInitializedModule(pending)
    with ape.reverts("Module must be enabled on controller"):
        command(pending, basket, "mint", manager, 1, sender=manager)


@pytest.mark.parametrize("role", ["stranger", "manager", "module"])
def test_initialize_module__not_pending__reverts(request, basket, role):
    """I-20: strangers are none, initialised modules no longer."""
    with ape.reverts("Module must be pending"):
        basket.initializeModule(sender=request.getfixturevalue(role))


def test_initialize_module__while_locked__reverts(basket, manager, module, pending):
    """R-01: nothing changes during somebody's lock."""
    basket.lock(sender=module)
    with ape.reverts("Only when unlocked"):
        command(pending, basket, "initializeModule", sender=manager)


def test_remove_pending_module__forgets_and_announces(basket, manager, pending):
    """R-02: it can be added again."""
    tx = basket.removePendingModule(pending, sender=manager)
    assert tx.events == [basket.PendingModuleRemoved(_module=pending.address)]
    assert states(basket, pending) == (NONE, False, False)
    with ape.reverts("Module must be pending"):
        command(pending, basket, "initializeModule", sender=manager)
    basket.addModule(pending, sender=manager)
    assert states(basket, pending) == (PENDING, True, False)


@pytest.mark.parametrize("role", ["stranger", "module"])
def test_remove_pending_module__not_pending__reverts(request, basket, manager, role):
    """R-01: an initialised module leaves through `removeModule`."""
    with ape.reverts("Module must be pending"):
        basket.removePendingModule(request.getfixturevalue(role), sender=manager)


def test_remove_pending_module__while_locked__reverts(basket, manager, module, pending):
    """R-01: nothing changes during somebody's lock."""
    basket.lock(sender=module)
    with ape.reverts("Only when unlocked"):
        basket.removePendingModule(pending, sender=manager)


def test_remove_module__asks_it_first_and_forgets_it(basket, manager, module, puppet):
    """R-02: the module is told, then forgotten; it can be added again."""
    told = [(basket, basket.mint.encode_input(manager, 5))]
    puppet.prepare(told, sender=manager)
    tx = basket.removeModule(puppet, sender=manager)
    assert tx.events == [
        basket.Transfer(sender=ZERO_ADDRESS, receiver=manager.address, value=5),
        basket.ModuleRemoved(_module=puppet.address),
    ]
    assert states(basket, puppet) == (NONE, False, False)
    assert basket.getModules() == [module]
    with ape.reverts("Only the module can call"):
        command(puppet, basket, "mint", manager, 1, sender=manager)
    basket.addModule(puppet, sender=manager)
    command(puppet, basket, "initializeModule", sender=manager)
    assert basket.getModules() == [module, puppet]


def test_remove_module__it_refuses__reverts(set_token, manager, protocol):
    """R-01, S-060: a module that reverts stays; its reason comes back."""
    with ape.reverts("The BasicIssuanceModule module cannot be removed"):
        set_token.removeModule(protocol.issuance, sender=manager)
    assert set_token.isInitializedModule(protocol.issuance)


def test_remove_module__the_controller_dropped_it(basket, manager, owner, protocol, puppet, module):
    """R-01, S-060: what the controller no longer knows can still leave."""
    protocol.controller.removeModule(puppet, sender=owner)
    basket.removeModule(puppet, sender=manager)
    assert basket.getModules() == [module]


@pytest.mark.parametrize("role", ["stranger", "pending"])
def test_remove_module__not_initialized__reverts(request, basket, manager, role):
    """R-01: a pending module leaves through `removePendingModule`."""
    with ape.reverts("Module must be added"):
        basket.removeModule(request.getfixturevalue(role), sender=manager)


def test_remove_module__while_locked__reverts(basket, manager, module, puppet):
    """R-01: nothing changes during somebody's lock."""
    basket.lock(sender=module)
    with ape.reverts("Only when unlocked"):
        basket.removeModule(puppet, sender=manager)


def test_remove_module__removed_meanwhile__reverts(basket, manager, puppet, pending):
    """I-22: a manager contract that removes the module again from inside removes nothing."""
    basket.setManager(pending, sender=manager)
    puppet.prepare([(pending, b"")], sender=manager)
    pending.prepare([(basket, basket.removeModule.encode_input(puppet))], sender=manager)
    before = basket.getModules()
    with ape.reverts("Module must be added"):
        command(pending, basket, "removeModule", puppet, sender=manager)
    assert basket.getModules() == before


def test_remove_module__it_locks_on_its_way_out__reverts(basket, manager, puppet):
    """D-26: it would stay the locker, and nobody could open the lock."""
    puppet.prepare([(basket, basket.lock.encode_input())], sender=manager)
    with ape.reverts("Only when unlocked"):
        basket.removeModule(puppet, sender=manager)
    assert not basket.isLocked()
    assert basket.isInitializedModule(puppet)


def test_set_manager__hands_over(basket, manager, stranger):
    """R-02, S-061: the event names both."""
    tx = basket.setManager(stranger, sender=manager)
    assert tx.events == [
        basket.ManagerEdited(_newManager=stranger.address, _oldManager=manager.address)
    ]
    assert basket.manager() == stranger
    with ape.reverts("Only manager can call"):
        basket.setManager(manager, sender=manager)


def test_set_manager__to_nobody(basket, manager):
    """I-24, S-061: a Set may be left without a manager, for ever."""
    basket.setManager(ZERO_ADDRESS, sender=manager)
    assert basket.manager() == ZERO_ADDRESS


def test_set_manager__while_locked__reverts(basket, manager, module, stranger):
    """R-01, S-062: modules may rely on the manager during a lock."""
    basket.lock(sender=module)
    with ape.reverts("Only when unlocked"):
        basket.setManager(stranger, sender=manager)


@pytest.mark.parametrize(
    "function", ["addModule", "removeModule", "removePendingModule", "setManager"]
)
@pytest.mark.parametrize("role", ["stranger", "module", "owner"])
def test_manager_function__by_another__reverts(request, basket, puppet, function, role):
    """I-20: neither modules nor the controller's owner manage a Set."""
    with ape.reverts("Only manager can call"):
        getattr(basket, function)(puppet, sender=request.getfixturevalue(role))
