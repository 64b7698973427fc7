"""Controller: set-up, fees and their recipient (R-01)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS

FEE_TYPE = 0
SHARE = 10**17
"""D18{1}"""


@pytest.fixture(scope="session")
def fresh(project, owner, fee_recipient):
    """Deploy a controller that is not initialised."""
    return owner.deploy(project.Controller, fee_recipient)


@pytest.fixture(scope="session")
def controller(project, owner, module, fee_recipient):
    """Deploy a controller with `module` as a module."""
    deployed = owner.deploy(project.Controller, fee_recipient)
    deployed.initialize([], [module], [], [], sender=owner)
    return deployed


def test_init__sets_owner_and_recipient(project, fresh, owner, fee_recipient):
    """R-01, S-001: closed until initialised; ownership is announced."""
    assert fresh.owner() == owner
    assert fresh.feeRecipient() == fee_recipient
    assert not fresh.isInitialized()
    tx = fresh.creation_metadata.receipt
    assert tx.events == [
        fresh.OwnershipTransferred(previousOwner=ZERO_ADDRESS, newOwner=owner.address)
    ]
    for read in (fresh.getSets, fresh.getFactories, fresh.getModules, fresh.getResources):
        assert read() == []


def test_initialize__registers_everything_silently(fresh, owner, addresses):
    """R-01, S-002: the original emits nothing either."""
    factories, modules, resources = addresses[:2], addresses[2:5], addresses[5:7]
    tx = fresh.initialize(factories, modules, resources, [0, 9], sender=owner)
    assert tx.events == []
    assert fresh.isInitialized()
    assert fresh.getFactories() == factories
    assert fresh.getModules() == modules
    assert fresh.getResources() == resources
    assert fresh.getSets() == []
    assert [fresh.resourceId(key) for key in (0, 9)] == resources
    assert all(map(fresh.isFactory, factories))
    assert all(map(fresh.isModule, modules))
    assert all(map(fresh.isResource, resources))


def test_initialize__of_nothing(fresh, owner):
    """R-01: empty lists are fine."""
    fresh.initialize([], [], [], [], sender=owner)
    assert fresh.isInitialized()


def test_initialize__duplicates_stay_listed(fresh, owner, addresses):
    """R-01: as in the original, duplicates are listed and a removal takes the first of them."""
    twice, other = addresses[:2]
    fresh.initialize([twice, other, twice], [], [], [], sender=owner)
    assert fresh.getFactories() == [twice, other, twice]
    fresh.removeFactory(twice, sender=owner)
    assert fresh.getFactories() == [other, twice]
    assert not fresh.isFactory(twice)
    with ape.reverts("Factory does not exist"):
        fresh.removeFactory(twice, sender=owner)
    fresh.addFactory(twice, sender=owner)
    fresh.removeFactory(twice, sender=owner)
    assert fresh.getFactories() == [other, twice]


def test_initialize__one_resource_under_two_ids(fresh, owner, addresses):
    """R-01: as in the original, each id is removed on its own."""
    fresh.initialize([], [], [addresses[0]] * 2, [1, 2], sender=owner)
    fresh.removeResource(1, sender=owner)
    assert not fresh.isResource(addresses[0])
    assert fresh.getResources() == [addresses[0]]
    fresh.removeResource(2, sender=owner)
    assert fresh.getResources() == []


def test_initialize__twice__reverts(controller, owner):
    """R-01, S-001: once."""
    with ape.reverts("Controller is already initialized"):
        controller.initialize([], [], [], [], sender=owner)


def test_initialize__by_a_stranger__reverts(fresh, stranger):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        fresh.initialize([], [], [], [], sender=stranger)


@pytest.mark.parametrize("keys", [[], [1, 2]])
def test_initialize__resources_without_ids__reverts(fresh, owner, addresses, keys):
    """R-01: an id for each resource."""
    with ape.reverts("Array lengths do not match."):
        fresh.initialize([], [], addresses[:1], keys, sender=owner)


@pytest.mark.parametrize("place", range(3))
def test_initialize__zero_address__reverts(fresh, owner, addresses, place):
    """R-01, S-002: in any of the lists, also behind good entries."""
    lists = [[], [], []]
    lists[place] = [addresses[0], ZERO_ADDRESS]
    keys = [1, 2] if place == 2 else []
    with ape.reverts("Zero address submitted."):
        fresh.initialize(*lists, keys, sender=owner)


def test_initialize__id_twice__reverts(fresh, owner, addresses):
    """R-01: an id names one resource."""
    with ape.reverts("Resource ID already exists"):
        fresh.initialize([], [], addresses[:2], [4, 4], sender=owner)


def test_initialize__beyond_a_batch__reverts(fresh, owner, addresses):
    """A list of 65 is refused when it is decoded; 64 are taken."""
    fresh.initialize([], addresses[:32] * 2, [], [], sender=owner)
    assert len(fresh.getModules()) == 64
    with ape.reverts():
        fresh.initialize([], [addresses[0]] * 65, [], [], sender=owner)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("addSet", 1),
        ("removeSet", 1),
        ("addFactory", 1),
        ("removeFactory", 1),
        ("addModule", 1),
        ("removeModule", 1),
        ("addResource", 2),
        ("editFeeRecipient", 1),
    ],
)
def test_change__before_initialize__reverts(fresh, stranger, function, arguments):
    """R-01, S-001: closed until initialised, whoever asks."""
    values = [stranger.address, 0][:arguments]
    with ape.reverts("Contract must be initialized."):
        getattr(fresh, function)(*values, sender=stranger)


@pytest.mark.parametrize("function", ["addFee", "editFee"])
def test_fee__before_initialize__reverts(fresh, owner, module, function):
    """R-01: closed until initialised."""
    with ape.reverts("Contract must be initialized."):
        getattr(fresh, function)(module, FEE_TYPE, SHARE, sender=owner)


def test_remove_resource__before_initialize__reverts(fresh, owner):
    """R-01: closed until initialised."""
    with ape.reverts("Contract must be initialized."):
        fresh.removeResource(0, sender=owner)


def test_add_fee__sets_and_announces(controller, owner, module):
    """R-01: fees are keyed by module and type."""
    tx = controller.addFee(module, FEE_TYPE, SHARE, sender=owner)
    assert tx.events == [
        controller.FeeEdited(_module=module.address, _feeType=FEE_TYPE, _feePercentage=SHARE)
    ]
    assert controller.getModuleFee(module, FEE_TYPE) == SHARE
    assert controller.fees(module, FEE_TYPE) == SHARE
    assert controller.getModuleFee(module, FEE_TYPE + 1) == 0
    assert controller.getModuleFee(owner, FEE_TYPE) == 0


def test_add_fee__of_zero__adds_nothing(controller, owner, module):
    """R-01: a fee of 0 counts as none."""
    controller.addFee(module, FEE_TYPE, 0, sender=owner)
    controller.addFee(module, FEE_TYPE, SHARE, sender=owner)
    assert controller.getModuleFee(module, FEE_TYPE) == SHARE


def test_add_fee__twice__reverts(controller, owner, module):
    """R-01, S-009: an existing fee is edited, not added."""
    controller.addFee(module, FEE_TYPE, SHARE, sender=owner)
    with ape.reverts("Fee type already exists on module"):
        controller.addFee(module, FEE_TYPE, SHARE + 1, sender=owner)


def test_edit_fee__replaces_and_announces(controller, owner, module):
    """R-01, S-009: also down to 0, which takes the fee away."""
    controller.addFee(module, FEE_TYPE, SHARE, sender=owner)
    tx = controller.editFee(module, FEE_TYPE, 2 * SHARE, sender=owner)
    assert tx.events == [
        controller.FeeEdited(_module=module.address, _feeType=FEE_TYPE, _feePercentage=2 * SHARE)
    ]
    assert controller.getModuleFee(module, FEE_TYPE) == 2 * SHARE
    controller.editFee(module, FEE_TYPE, 0, sender=owner)
    assert controller.getModuleFee(module, FEE_TYPE) == 0


def test_edit_fee__not_added__reverts(controller, owner, module):
    """R-01: a fee of another type does not count."""
    controller.addFee(module, FEE_TYPE, SHARE, sender=owner)
    with ape.reverts("Fee type does not exist on module"):
        controller.editFee(module, FEE_TYPE + 1, SHARE, sender=owner)


@pytest.mark.parametrize("function", ["addFee", "editFee"])
def test_fee__of_no_module__reverts(controller, owner, stranger, function):
    """R-01: only modules charge."""
    with ape.reverts("Module does not exist"):
        getattr(controller, function)(stranger, FEE_TYPE, SHARE, sender=owner)


@pytest.mark.parametrize("function", ["addFee", "editFee"])
def test_fee__by_a_stranger__reverts(controller, stranger, module, function):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        getattr(controller, function)(module, FEE_TYPE, SHARE, sender=stranger)


def test_edit_fee_recipient__replaces_and_announces(controller, owner, stranger):
    """R-01, S-010: the recipient is one for all fees."""
    tx = controller.editFeeRecipient(stranger, sender=owner)
    assert tx.events == [controller.FeeRecipientChanged(_newFeeRecipient=stranger.address)]
    assert controller.feeRecipient() == stranger


def test_edit_fee_recipient__to_zero__reverts(controller, owner):
    """R-01, S-010: fees never go to nobody."""
    with ape.reverts("Address must not be 0"):
        controller.editFeeRecipient(ZERO_ADDRESS, sender=owner)


def test_edit_fee_recipient__by_a_stranger__reverts(controller, stranger):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        controller.editFeeRecipient(stranger, sender=stranger)
