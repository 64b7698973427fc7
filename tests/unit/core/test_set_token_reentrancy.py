"""SetToken: nothing called in the middle of an operation changes it (I-22)."""

import pytest

from indexkit.localnet import deal

E18 = 10**18
SILENCE = (False, b"")
"""What a call meets that the lock turns away."""


@pytest.fixture
def state_of(components, position_module, addresses):
    """Return a function that reads everything a call could change in a SetToken."""

    def read(basket):
        return (
            [tuple(position) for position in basket.getPositions()],
            basket.getComponents(),
            [basket.getExternalPositionModules(token) for token in (*components, addresses[1])],
            basket.getExternalPositionRealUnit(addresses[1], position_module),
            basket.getExternalPositionData(addresses[1], position_module),
            basket.positionMultiplier(),
            basket.totalSupply(),
            basket.getModules(),
            basket.manager(),
            basket.locker(),
        )

    return read


@pytest.fixture
def requests_of(basket, components, position_module, addresses, target, pending, stranger, module):
    """Return good calls of everything that changes the SetToken, by what they are."""
    # Of no component, since no positions are paid while one of the basket's is elsewhere.
    other = addresses[1]
    basket.addExternalPositionModule(other, position_module, sender=module)
    steps = {
        "invoke": (target, 0, b""),
        "transferComponent": (stranger, components[0], 0),
        "transferPositions": (stranger, 0),
        "addComponent": (addresses[0],),
        "removeComponent": (components[1],),
        "editDefaultPositionUnit": (components[1], 5),
        "editDefaultPosition": (components[1], 5),
        "swapAtPair": (target, components[1], 0, components[2], 0, 0),
        "settle": (components[1], components[2], 0, 0),
        "addExternalPositionModule": (components[1], position_module),
        "removeExternalPositionModule": (other, position_module),
        "editExternalPositionUnit": (other, position_module, -5),
        "editExternalPositionData": (other, position_module, b"data"),
        "editPositionMultiplier": (E18 - 1,),
        "mint": (stranger, 1),
        "burn": (stranger, 0),
        "lock": (),
        "hold": (),
        "removePendingModule": (pending,),
        "setManager": (stranger,),
    }
    return {name: getattr(basket, name).encode_input(*values) for name, values in steps.items()}


@pytest.fixture
def as_everything(basket, manager, puppet, requests_of):
    """Make the puppet manager too, and have it try everything the next time it is called."""
    basket.setManager(puppet, sender=manager)
    # Each of the calls is good by itself.
    for data in requests_of.values():
        puppet.execute.call([(basket, data)], sender=manager)
    puppet.prepare([(basket, data) for data in requests_of.values()], sender=manager)
    return puppet


def refused(puppet, requests):
    """Tell which calls met silence when the puppet was called."""
    outcomes = zip(requests, puppet.getOutcomes(), strict=True)
    return [name for name, outcome in outcomes if tuple(outcome) == SILENCE]


def test_invoke__called_back_by_a_module_and_manager(
    basket, module, as_everything, requests_of, state_of
):
    """I-22, S-065: the most powerful caller there is gets nowhere from inside a call."""
    before = state_of(basket)
    basket.invoke(as_everything, 0, b"", sender=module)
    assert refused(as_everything, requests_of) == list(requests_of)
    assert state_of(basket) == before


def test_invoke__called_back_to_initialize_unlock_or_release(
    basket, manager, module, puppet, pending, state_of
):
    """I-22: a pending module does not slip in, the locker does not unlock, nobody releases."""
    unlock = (basket, basket.unlock.encode_input())
    initialize = (basket, basket.initializeModule.encode_input())
    basket.lock(sender=module)
    basket.unlock(sender=module)
    pending.prepare([initialize], sender=manager)
    puppet.prepare([unlock, (basket, basket.release.encode_input())], sender=manager)
    before = state_of(basket)
    basket.invoke(pending, 0, b"", sender=module)
    lock_and_call = [
        (basket, basket.lock.encode_input()),
        (basket, basket.invoke.encode_input(puppet, 0, b"")),
        unlock,
    ]
    puppet.execute(lock_and_call, sender=manager)
    assert [tuple(outcome) for outcome in pending.getOutcomes()] == [SILENCE]
    assert [tuple(outcome) for outcome in puppet.getOutcomes()] == [SILENCE] * 2
    assert state_of(basket) == before


def test_invoke__called_back_to_read_and_to_pay(basket, module, manager, puppet, stranger):
    """R-02: views answer from inside a call, and holders may move their tokens."""
    basket.mint(puppet, 5, sender=module)
    calls = [
        (basket, basket.transfer.encode_input(stranger, 5)),
        (basket, basket.getPositionPage.encode_input(0)),
        (basket, basket.getModules.encode_input()),
        (basket, basket.isLocked.encode_input()),
    ]
    puppet.prepare(calls, sender=manager)
    basket.invoke(puppet, 0, b"", sender=module)
    assert [outcome.success for outcome in puppet.getOutcomes()] == [True] * 4
    assert basket.balanceOf(stranger) == 5


@pytest.mark.parametrize("operation", ["transferComponent", "transferPositions", "swapAtPair"])
def test_component__calls_back(
    basket, module, as_everything, mock, owner, target, requests_of, state_of, components, operation
):
    """I-19, I-22, S-065: a token with hooks gets nowhere either, whatever moves it."""
    container = mock("CallbackToken")
    token, other = owner.deploy(container, 1000), owner.deploy(container, 0)
    token.transfer(basket, 1000, sender=owner)
    for component in components:
        deal(component, basket, 10**20)
    arguments = {
        "transferComponent": (owner, token, 1000),
        "transferPositions": (owner, 1),
        "swapAtPair": (target, token, 1000, other, 0, 0),
    }
    if operation == "transferPositions":
        basket.editDefaultPosition(token, 1000 * E18, sender=module)
    token.callBack(as_everything, b"", sender=owner)
    before = state_of(basket)
    getattr(basket, operation)(*arguments[operation], sender=module)
    assert token.attempts() == 1
    assert token.balanceOf(basket) == 0
    assert refused(as_everything, requests_of) == list(requests_of)
    assert state_of(basket) == before


def test_swap_at_pair__the_pair_calls_back(
    basket, module, as_everything, mock, owner, requests_of, state_of
):
    """I-22: nor does a pair, though it is the manager and a module."""
    sold, bought = (owner.deploy(mock("OddToken"), 18, 1000) for _ in range(2))
    sold.transfer(basket, 1000, sender=owner)
    before = state_of(basket)
    basket.swapAtPair(as_everything, sold, 1000, bought, 0, 0, sender=module)
    assert refused(as_everything, requests_of) == list(requests_of)
    assert state_of(basket) == before


def test_remove_module__held_by_the_caller(basket, manager, puppet, pending, module):
    """I-22: a manager contract called during a held operation removes no module."""
    basket.setManager(pending, sender=manager)
    pending.prepare([(basket, basket.removeModule.encode_input(puppet))], sender=manager)
    before = basket.getModules()
    hold_and_call = [
        (basket, basket.hold.encode_input()),
        (basket, basket.invoke.encode_input(pending, 0, b"")),
    ]
    puppet.execute(hold_and_call, sender=manager)
    (outcome,) = pending.getOutcomes()
    assert not outcome.success
    assert b"When held, only the holder can call" in outcome.answer
    assert basket.getModules() == before


def test_remove_module__the_module_settles_meanwhile(basket, manager, module, puppet, components):
    """R-01: a module told to go may still close its positions; that is why it is not locked.

    S-065.
    """
    puppet.prepare(
        [(basket, basket.editDefaultPosition.encode_input(components[0], 0))], sender=manager
    )
    tx = basket.removeModule(puppet, sender=manager)
    assert tx.events == [
        basket.ComponentRemoved(_component=components[0].address),
        basket.DefaultPositionUnitEdited(_component=components[0].address, _realUnit=0),
        basket.ModuleRemoved(_module=puppet.address),
    ]
    assert components[0] not in basket.getComponents()
