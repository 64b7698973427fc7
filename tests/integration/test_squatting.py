"""V-5: whoever comes first owns a fresh SingleIndexModule of the original, and no Set has it twice.

The module serves one SetToken and creating one is open to anyone, so a stranger who sees it
deployed binds it to a SetToken of his own. It is then of no use to the index it was made for.
"""

import ape
import pytest
from twins.world import VENUES, original

from indexkit import deploy
from indexkit.deploy import module_setup

IN_USE = "Module already in use"
RESERVED = "Module is reserved"
ZERO = "0x" + "00" * 20


class Originals:
    """Set V2's own bytecode, with an index module that was just deployed."""

    def __init__(self, owner, components, units):
        self.components, self.units = components, units
        self.controller = owner.deploy(original("Controller").container(), owner)
        creator = original("SetTokenCreator").container()
        self.creator = owner.deploy(creator, self.controller)
        module = original("SingleIndexModule").container()
        self.module = owner.deploy(module, self.controller, *VENUES)
        self.controller.initialize([self.creator], [self.module], [], [], sender=owner)

    def create(self, manager):
        """Create a SetToken with the module pending."""
        receipt = self.creator.create(
            self.components, self.units, [self.module], manager, "Index", "IDX", sender=manager
        )
        (created,) = self.creator.SetTokenCreated.from_receipt(receipt)
        return original("SetToken").container().at(created._setToken)


@pytest.fixture
def originals(owner, components, units):
    """Deploy Set V2's own bytecode."""
    return Originals(owner, components, units)


@pytest.fixture
def reserved(project, owner, protocol, manager):
    """Deploy a SingleIndexModule of ours, reserved for the manager."""
    return deploy.deploy_index_module(project, owner, protocol, reserved_for=manager)


@pytest.fixture
def create_pending(project, protocol, components, units):
    """Return a function that creates a SetToken of ours with a module pending."""

    def created(manager, module):
        return deploy.create_set(
            project,
            protocol,
            manager,
            components=components,
            units=units,
            modules=[protocol.issuance, module],
            name="Index",
            symbol="IDX",
        )

    return created


@pytest.fixture
def creation(protocol, components, units, manager, reserved):
    """Return the arguments with which the manager creates his index at once."""
    setups = [
        module_setup(protocol.issuance, "initialize", ZERO),
        module_setup(reserved, "initialize"),
    ]
    return (components, units, setups, manager, "Index", "IDX")


# ---------------------------------------------------------------- the original


def test_initialize__stranger_first__the_original_is_lost(originals, manager, stranger):
    """V-5: the manager's SetToken is locked out, though he made everything in the right order."""
    intended = originals.create(manager)
    squatter = originals.create(stranger)
    receipt = originals.module.initialize(squatter, sender=stranger)
    assert originals.module.index() == squatter
    # It costs a SetToken of nothing: the stranger issues none of it.
    assert squatter.totalSupply() == 0
    assert receipt.gas_used < 400_000

    with ape.reverts(IN_USE):
        originals.module.initialize(intended, sender=manager)
    assert intended.isPendingModule(originals.module)


def test_initialize__squatter_stays__the_original_is_lost_for_ever(
    originals, owner, manager, stranger
):
    """V-5: nobody can free it: not the controller's owner, and not the squatter himself."""
    intended, squatter = originals.create(manager), originals.create(stranger)
    originals.module.initialize(squatter, sender=stranger)
    squatter.removeModule(originals.module, sender=stranger)
    originals.controller.removeSet(squatter, sender=owner)
    with ape.reverts(IN_USE):
        originals.module.initialize(intended, sender=manager)


def test_initialize__again__the_original_refuses(originals, manager):
    """V-5: a SetToken that removed the module has it never again."""
    index = originals.create(manager)
    originals.module.initialize(index, sender=manager)
    index.removeModule(originals.module, sender=manager)
    index.addModule(originals.module, sender=manager)
    with ape.reverts(IN_USE):
        originals.module.initialize(index, sender=manager)


# ---------------------------------------------------------------- ours


def test_initialize__stranger_first__is_refused(
    create_pending, reserved, manager, stranger, protocol
):
    """V-5, R-06: the module waits for whom it is reserved."""
    squatter = create_pending(stranger, reserved)
    with ape.reverts(RESERVED):
        reserved.initialize(squatter, sender=stranger)
    intended = create_pending(manager, reserved)
    reserved.initialize(intended, sender=manager)
    assert reserved.index() == intended


def test_initialize__stranger_manages_the_intended_set__is_refused(
    create_pending, reserved, manager, stranger
):
    """V-5: what counts is who calls, not which SetToken he names."""
    given = create_pending(manager, reserved)
    given.setManager(stranger, sender=manager)
    with ape.reverts(RESERVED):
        reserved.initialize(given, sender=stranger)


def test_create__stranger_copies_the_transaction__is_refused(
    protocol, reserved, creation, manager, stranger, owner
):
    """V-5, R-06: run ahead of with the very same data, the manager loses nothing."""
    creator = protocol.index_creator
    for attacker in (stranger, owner):
        with ape.reverts(RESERVED):
            creator.create(*creation, sender=attacker)
    own = (*creation[:3], stranger, *creation[4:])
    with ape.reverts(RESERVED):
        creator.create(*own, sender=stranger)

    receipt = creator.create(*creation, sender=manager)
    (created,) = receipt.events.filter(creator.IndexCreated)
    assert reserved.index() == created._setToken


def test_create__then_a_second_index__is_refused(protocol, creation, manager):
    """V-5: reserved does not mean for several: the module serves one index, and keeps it."""
    protocol.index_creator.create(*creation, sender=manager)
    with ape.reverts(IN_USE):
        protocol.index_creator.create(*creation, sender=manager)


def test_create__unreserved_module__is_bound_before_anyone_can_act(
    project, protocol, owner, manager, stranger, creation
):
    """R-06: creation and binding are one transaction, in which nobody else has a turn."""
    open_to_all = deploy.deploy_index_module(project, owner, protocol)
    setups = [module_setup(open_to_all, "initialize")]
    arguments = (*creation[:2], setups, *creation[3:])
    receipt = protocol.index_creator.create(*arguments, sender=manager)
    (created,) = receipt.events.filter(protocol.index_creator.IndexCreated)
    assert open_to_all.index() == created._setToken
    with ape.reverts(IN_USE):
        protocol.index_creator.create(*arguments, sender=stranger)


def test_initialize__again__works_for_the_set_that_removed_it(
    create_pending, reserved, manager, stranger
):
    """V-5, I-18: and while it is free, it is still no stranger's."""
    index = create_pending(manager, reserved)
    squatter = create_pending(stranger, reserved)
    reserved.initialize(index, sender=manager)
    index.removeModule(reserved, sender=manager)
    with ape.reverts(RESERVED):
        reserved.initialize(squatter, sender=stranger)
    index.addModule(reserved, sender=manager)
    reserved.initialize(index, sender=manager)
    assert reserved.index() == index


def test_initialize__by_a_manager_contract__needs_a_module_of_its_own(
    project, protocol, owner, manager, stranger, create_pending, reserved
):
    """V-5, R-07: reserved for an account is not reserved for the contract that follows it."""
    index = create_pending(manager, reserved)
    house = deploy.deploy_manager(
        project,
        owner,
        index,
        fee_module=ZERO,
        operator=manager,
        methodologist=owner,
        operator_share=0,
    )
    index.setManager(house, sender=manager)
    call = reserved.initialize.encode_input(index)
    house.executeAgreed(reserved, call, sender=manager)
    with ape.reverts(RESERVED):
        house.executeAgreed(reserved, call, sender=owner)

    fresh = deploy.deploy_index_module(project, owner, protocol, reserved_for=house)
    for target, function, argument in (
        (index, "addModule", fresh),
        (fresh, "initialize", index),
    ):
        data = getattr(target, function).encode_input(argument)
        for party in (manager, owner):
            house.executeAgreed(target, data, sender=party)
    assert fresh.index() == index
