"""SetToken: who may call what a module may call; locks and holds (I-20, I-22, R-02)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_abi import decode

E18 = 10**18
LOCKED = "When locked, only the locker can call"
HELD = "When held, only the holder can call"
NOT_A_MODULE = "Only the module can call"
DISABLED = "Module must be enabled on controller"


@pytest.fixture
def requests_of(basket, components, position_module, addresses, target, stranger, module):
    """Return good calls of everything that asks whether the caller may change the SetToken now."""
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
    }
    return {name: getattr(basket, name).encode_input(*values) for name, values in steps.items()}


@pytest.fixture
def answers_to(basket, requests_of, stranger):
    """Return a function that has a puppet call each function, and tells what each answers.

    The answer is the reason of a refusal, else empty. Other puppets' calls may go first.
    """

    def answered(puppet, *first, through=None):
        answers = {}
        for name, data in requests_of.items():
            call = (basket, data)
            if through is not None:
                call = (through, through.execute.encode_input([call]))
            *_, outcome = puppet.attempt.call([*first, call], sender=stranger)
            reason = "" if outcome.success else decode(["string"], outcome.answer[4:])[0]
            answers[name] = reason
        return answers

    return answered


@pytest.fixture
def as_module(puppet, stranger):
    """Return a function that makes calls as `puppet`, a module, in one transaction."""
    return lambda *calls: puppet.execute(list(calls), sender=stranger)


def test_module_functions__by_a_module(answers_to, puppet, requests_of):
    """I-20: an initialised, enabled module may do everything."""
    assert answers_to(puppet) == dict.fromkeys(requests_of, "")


@pytest.mark.parametrize("role", ["pending", "manager"])
def test_module_functions__by_no_module(
    basket, answers_to, manager, owner, mock, pending, requests_of, role
):
    """I-20, S-059: a module must have initialised itself; being the manager is not enough."""
    caller = pending
    if role == "manager":
        caller = owner.deploy(mock("Puppet"))
        basket.setManager(caller, sender=manager)
    assert answers_to(caller) == dict.fromkeys(requests_of, NOT_A_MODULE)


@pytest.mark.parametrize("role", ["stranger", "owner"])
def test_module_function__by_an_account__reverts(request, basket, role):
    """I-20, S-059: not even the controller's owner."""
    sender = request.getfixturevalue(role)
    with ape.reverts(NOT_A_MODULE):
        basket.mint(sender, 1, sender=sender)


def test_module_functions__dropped_by_the_controller(
    answers_to, owner, protocol, puppet, requests_of
):
    """I-04, I-20, S-008: the controller stops a module on every Set at once."""
    protocol.controller.removeModule(puppet, sender=owner)
    assert answers_to(puppet) == dict.fromkeys(requests_of, DISABLED)
    protocol.controller.addModule(puppet, sender=owner)
    assert answers_to(puppet) == dict.fromkeys(requests_of, "")


def test_module_functions__locked(basket, answers_to, module, puppet, as_module, requests_of):
    """R-02, S-062: during a lock only the locker acts."""
    basket.lock(sender=module)
    assert answers_to(puppet) == dict.fromkeys(requests_of, LOCKED)
    basket.unlock(sender=module)
    as_module((basket, basket.lock.encode_input()))
    assert answers_to(puppet) == dict.fromkeys(requests_of, "")


def test_module_functions__held(basket, answers_to, manager, puppet, pending, requests_of):
    """I-22: during a hold only the holder acts, even for another module it calls meanwhile.

    S-064.
    """
    pending.execute([(basket, basket.initializeModule.encode_input())], sender=manager)
    hold = (basket, basket.hold.encode_input())
    assert answers_to(puppet, through=pending) == dict.fromkeys(requests_of, "")
    assert answers_to(puppet, hold, through=pending) == dict.fromkeys(requests_of, HELD)
    assert answers_to(puppet, hold) == dict.fromkeys(requests_of, "")


# ---------------------------------------------------------------- lock


def test_lock__names_the_locker(basket, module):
    """R-02: silent, as in the original."""
    tx = basket.lock(sender=module)
    assert tx.events == []
    assert basket.isLocked()
    assert basket.locker() == module


def test_unlock__clears_the_locker(basket, module):
    """R-02: silent, as in the original; it can be locked again."""
    basket.lock(sender=module)
    tx = basket.unlock(sender=module)
    assert tx.events == []
    assert not basket.isLocked()
    assert basket.locker() == ZERO_ADDRESS
    basket.lock(sender=module)


def test_lock__locked_already__reverts(basket, module, as_module):
    """R-01: not even by the locker."""
    basket.lock(sender=module)
    with ape.reverts("Must not be locked"):
        basket.lock(sender=module)
    with ape.reverts("Must not be locked"):
        as_module((basket, basket.lock.encode_input()))


def test_unlock__not_locked__reverts(basket, module):
    """R-01: with the original's reason."""
    with ape.reverts("Must be locked"):
        basket.unlock(sender=module)


def test_unlock__by_another_module__reverts(basket, module, as_module):
    """R-01, S-063: with the original's reason."""
    basket.lock(sender=module)
    with ape.reverts("Must be locker"):
        as_module((basket, basket.unlock.encode_input()))


@pytest.mark.parametrize("function", ["lock", "unlock"])
def test_lock__by_no_module__reverts(basket, owner, protocol, module, manager, function):
    """I-20: nor by a module that the controller dropped."""
    with ape.reverts(NOT_A_MODULE):
        getattr(basket, function)(sender=manager)
    protocol.controller.removeModule(module, sender=owner)
    with ape.reverts(DISABLED):
        getattr(basket, function)(sender=module)


def test_lock__leaves_holders_alone(basket, module, issuer, stranger):
    """R-02, S-062: tokens move while the basket is locked."""
    basket.mint(issuer, 5, sender=module)
    basket.lock(sender=module)
    basket.transfer(stranger, 5, sender=issuer)
    assert basket.balanceOf(stranger) == 5


# ---------------------------------------------------------------- hold


def test_hold__ends_with_release(basket, puppet, pending, manager, as_module):
    """I-22: after the release other modules act again, in the same transaction."""
    mint = basket.mint.encode_input(manager, 1)
    pending.execute([(basket, basket.initializeModule.encode_input())], sender=manager)
    as_module(
        (basket, basket.hold.encode_input()),
        (basket, mint),
        (basket, basket.release.encode_input()),
        (pending, pending.execute.encode_input([(basket, mint)])),
        (basket, basket.hold.encode_input()),
        (basket, mint),
    )
    assert basket.totalSupply() == 3


def test_hold__is_silent_and_ends_with_the_transaction(basket, as_module, module, manager):
    """I-22, S-064: a holder that forgets to release does not stop the others for long."""
    tx = as_module((basket, basket.hold.encode_input()))
    assert tx.events == []
    basket.mint(manager, 1, sender=module)
    as_module((basket, basket.hold.encode_input()))
    with ape.reverts("Must be holder"):
        as_module((basket, basket.release.encode_input()))


def test_hold__held_already__reverts(basket, pending, manager, as_module):
    """I-22: by another module or by the holder itself."""
    hold = (basket, basket.hold.encode_input())
    pending.execute([(basket, basket.initializeModule.encode_input())], sender=manager)
    with ape.reverts("Must not be held"):
        as_module(hold, hold)
    with ape.reverts("Must not be held"):
        as_module(hold, (pending, pending.execute.encode_input([hold])))


def test_hold__by_no_module__reverts(basket, pending, manager, stranger):
    """I-20: nobody but a module stops the others."""
    for sender in (stranger, manager):
        with ape.reverts(NOT_A_MODULE):
            basket.hold(sender=sender)
    with ape.reverts(NOT_A_MODULE):
        pending.execute([(basket, basket.hold.encode_input())], sender=manager)


@pytest.mark.parametrize("role", ["stranger", "module"])
def test_release__not_held__reverts(request, basket, role):
    """I-22: there is nothing to release."""
    with ape.reverts("Must be holder"):
        basket.release(sender=request.getfixturevalue(role))


def test_release__by_another__reverts(basket, pending, manager, as_module):
    """I-22: only the holder ends its hold."""
    pending.execute([(basket, basket.initializeModule.encode_input())], sender=manager)
    release = (basket, basket.release.encode_input())
    with ape.reverts("Must be holder"):
        as_module(
            (basket, basket.hold.encode_input()), (pending, pending.execute.encode_input([release]))
        )


def test_hold__stops_lock_unlock_and_initialize(basket, pending, manager, stranger, as_module):
    """I-22: what does not ask for the lock asks for the hold too."""
    hold = (basket, basket.hold.encode_input())
    initialize = (basket, basket.initializeModule.encode_input())
    with ape.reverts(HELD):
        as_module(hold, (pending, pending.execute.encode_input([initialize])))
    pending.execute([initialize], sender=stranger)
    for function in ("lock", "unlock"):
        data = getattr(basket, function).encode_input()
        with ape.reverts(HELD):
            as_module(hold, (pending, pending.execute.encode_input([(basket, data)])))


@pytest.mark.parametrize(
    "function", ["addModule", "removeModule", "removePendingModule", "setManager"]
)
def test_hold__stops_the_manager(basket, pending, manager, module, as_module, function):
    """I-22, S-064: a manager contract called in the middle of an operation changes nothing."""
    basket.setManager(pending, sender=manager)
    data = getattr(basket, function).encode_input(pending)
    with ape.reverts(HELD):
        as_module(
            (basket, basket.hold.encode_input()),
            (pending, pending.execute.encode_input([(basket, data)])),
        )


def test_hold__the_holder_locks(basket, puppet, as_module):
    """R-02: the holder itself locks and unlocks."""
    as_module((basket, basket.hold.encode_input()), (basket, basket.lock.encode_input()))
    assert basket.locker() == puppet
    as_module((basket, basket.hold.encode_input()), (basket, basket.unlock.encode_input()))
    assert not basket.isLocked()
