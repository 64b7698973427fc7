"""IntegrationRegistry: adapters by module and name (R-01, R-12)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_utils import keccak

NAME = "AAVEV2"
NEW = "COMPOUND"


@pytest.fixture(scope="session")
def modules(protocol):
    """Return two enabled modules."""
    return [protocol.issuance.address, protocol.streaming_fee.address]


@pytest.fixture(scope="session")
def registry(project, owner, protocol):
    """Deploy a registry without an entry."""
    return owner.deploy(project.IntegrationRegistry, protocol.controller)


@pytest.fixture
def filled(registry, owner, modules, addresses):
    """Add one adapter under `NAME` for the first module."""
    registry.addIntegration(modules[0], NAME, addresses[0], sender=owner)
    return registry


def test_init__belongs_to_the_deployer(registry, owner, protocol):
    """R-01: the controller never changes; ownership is announced."""
    assert registry.controller() == protocol.controller
    assert registry.owner() == owner
    assert registry.creation_metadata.receipt.events == [
        registry.OwnershipTransferred(previousOwner=ZERO_ADDRESS, newOwner=owner.address)
    ]


def test_add_integration__registers_and_announces(registry, owner, modules, addresses):
    """R-01, S-020: one event; readable by name and by its hash, for that module only."""
    tx = registry.addIntegration(modules[0], NAME, addresses[0], sender=owner)
    assert tx.events == [
        registry.IntegrationAdded(_module=modules[0], _adapter=addresses[0], _integrationName=NAME)
    ]
    assert registry.getIntegrationAdapter(modules[0], NAME) == addresses[0]
    assert registry.getIntegrationAdapterWithHash(modules[0], keccak(text=NAME)) == addresses[0]
    assert registry.isValidIntegration(modules[0], NAME)
    for module, name in ((modules[1], NAME), (modules[0], NEW), (modules[0], NAME.lower())):
        assert registry.getIntegrationAdapter(module, name) == ZERO_ADDRESS
        assert registry.getIntegrationAdapterWithHash(module, keccak(text=name)) == ZERO_ADDRESS
        assert not registry.isValidIntegration(module, name)


@pytest.mark.parametrize("name", ["", "é", "x" * 64])
def test_add_integration__any_name_up_to_the_bound(registry, owner, modules, addresses, name):
    """R-01, S-021: names are text of up to 64 bytes; the hash is that of the text."""
    registry.addIntegration(modules[0], name, addresses[0], sender=owner)
    assert registry.getIntegrationAdapterWithHash(modules[0], keccak(text=name)) == addresses[0]


def test_add_integration__name_too_long__reverts(registry, owner, modules, addresses):
    """A name of 65 bytes is refused when it is decoded, not cut (S-021)."""
    with ape.reverts():
        registry.addIntegration(modules[0], "x" * 65, addresses[0], sender=owner)


def test_add_integration__twice__reverts(filled, owner, modules, addresses):
    """R-01, S-023: an existing entry is edited, not added."""
    with ape.reverts("Integration exists already."):
        filled.addIntegration(modules[0], NAME, addresses[1], sender=owner)


def test_batch_add__registers_each_and_announces(registry, owner, modules, addresses):
    """R-01: events in the order of the arguments."""
    names = [NAME, NAME]
    tx = registry.batchAddIntegration(modules, names, addresses[:2], sender=owner)
    assert tx.events == [
        registry.IntegrationAdded(_module=module, _adapter=adapter, _integrationName=NAME)
        for module, adapter in zip(modules, addresses[:2], strict=True)
    ]
    assert [registry.getIntegrationAdapter(m, NAME) for m in modules] == addresses[:2]


def test_batch_add__one_entry_twice__reverts(registry, owner, modules, addresses):
    """R-01, S-024: the batch is as strict as its parts, and all or nothing."""
    with ape.reverts("Integration exists already."):
        registry.batchAddIntegration([modules[0]] * 2, [NAME] * 2, addresses[:2], sender=owner)
    assert not registry.isValidIntegration(modules[0], NAME)


def test_edit_integration__replaces_and_announces(filled, owner, modules, addresses):
    """R-01: the event names the new adapter."""
    tx = filled.editIntegration(modules[0], NAME, addresses[1], sender=owner)
    assert tx.events == [
        filled.IntegrationEdited(
            _module=modules[0], _newAdapter=addresses[1], _integrationName=NAME
        )
    ]
    assert filled.getIntegrationAdapter(modules[0], NAME) == addresses[1]


def test_batch_edit__replaces_each_and_announces(filled, owner, modules, addresses):
    """R-01: events in the order of the arguments."""
    filled.addIntegration(modules[1], NEW, addresses[1], sender=owner)
    tx = filled.batchEditIntegration(modules, [NAME, NEW], addresses[2:4], sender=owner)
    assert tx.events == [
        filled.IntegrationEdited(_module=module, _newAdapter=adapter, _integrationName=name)
        for module, adapter, name in zip(modules, addresses[2:4], (NAME, NEW), strict=True)
    ]
    assert filled.getIntegrationAdapter(modules[0], NAME) == addresses[2]
    assert filled.getIntegrationAdapter(modules[1], NEW) == addresses[3]


def test_remove_integration__forgets_and_announces(filled, owner, modules, addresses):
    """R-01: the event names the adapter that went; the name is free again."""
    tx = filled.removeIntegration(modules[0], NAME, sender=owner)
    assert tx.events == [
        filled.IntegrationRemoved(_module=modules[0], _adapter=addresses[0], _integrationName=NAME)
    ]
    assert filled.getIntegrationAdapter(modules[0], NAME) == ZERO_ADDRESS
    assert not filled.isValidIntegration(modules[0], NAME)
    filled.addIntegration(modules[0], NAME, addresses[1], sender=owner)


def test_remove_integration__of_a_removed_module(filled, owner, protocol, modules):
    """R-01, S-022: an adapter can go after its module went; it can be neither edited nor added."""
    protocol.controller.removeModule(modules[0], sender=owner)
    with ape.reverts("Must be valid module."):
        filled.editIntegration(modules[0], NAME, modules[1], sender=owner)
    filled.removeIntegration(modules[0], NAME, sender=owner)
    with ape.reverts("Must be valid module."):
        filled.addIntegration(modules[0], NAME, modules[1], sender=owner)


def test_remove_integration__unknown__reverts(filled, owner, modules):
    """R-01: with the original's reason."""
    with ape.reverts("Integration does not exist."):
        filled.removeIntegration(modules[0], NEW, sender=owner)


@pytest.mark.parametrize("function", ["addIntegration", "editIntegration"])
def test_change__of_no_module__reverts(filled, owner, stranger, addresses, function):
    """R-01, S-022: only enabled modules have adapters."""
    with ape.reverts("Must be valid module."):
        getattr(filled, function)(stranger, NAME, addresses[1], sender=owner)


@pytest.mark.parametrize(("function", "name"), [("addIntegration", NEW), ("editIntegration", NAME)])
def test_change__to_no_adapter__reverts(filled, owner, modules, function, name):
    """R-01: an entry without an adapter would be none."""
    with ape.reverts("Adapter address must exist."):
        getattr(filled, function)(modules[0], name, ZERO_ADDRESS, sender=owner)


def test_edit_integration__unknown__reverts(filled, owner, modules, addresses):
    """R-01, S-023: with the original's reason."""
    with ape.reverts("Integration does not exist."):
        filled.editIntegration(modules[0], NEW, addresses[1], sender=owner)


@pytest.mark.parametrize("function", ["batchAddIntegration", "batchEditIntegration"])
@pytest.mark.parametrize(
    ("lengths", "reason"),
    [
        ((0, 0, 0), "Modules must not be empty"),
        ((0, 1, 1), "Modules must not be empty"),
        ((1, 2, 1), "Module and name lengths mismatch"),
        ((2, 1, 1), "Module and name lengths mismatch"),
        ((1, 1, 2), "Module and adapter lengths mismatch"),
        ((2, 2, 1), "Module and adapter lengths mismatch"),
    ],
)
def test_batch__lengths_differ__reverts(
    filled, owner, modules, addresses, function, lengths, reason
):
    """R-01: names before adapters, as in the original."""
    count, names, adapters = lengths
    with ape.reverts(reason):
        getattr(filled, function)(
            modules[:count], [NEW] * names, addresses[:adapters], sender=owner
        )


@pytest.mark.parametrize(
    ("function", "batch"),
    [
        ("addIntegration", False),
        ("editIntegration", False),
        ("batchAddIntegration", True),
        ("batchEditIntegration", True),
    ],
)
def test_change__by_a_stranger__reverts(filled, stranger, modules, addresses, function, batch):
    """I-20: the owner's; ownership is checked before anything else."""
    arguments = ([], [], []) if batch else (modules[0], NAME, addresses[1])
    with ape.reverts("Ownable: caller is not the owner"):
        getattr(filled, function)(*arguments, sender=stranger)


def test_remove_integration__by_a_stranger__reverts(filled, stranger, modules):
    """I-20: the owner's."""
    with ape.reverts("Ownable: caller is not the owner"):
        filled.removeIntegration(modules[0], NAME, sender=stranger)


def test_batch_edit__is_as_strict_as_its_parts(filled, owner, modules, addresses):
    """R-01, S-024: an unknown entry anywhere stops the whole batch."""
    with ape.reverts("Integration does not exist."):
        filled.batchEditIntegration([modules[0]] * 2, [NAME, NEW], addresses[1:3], sender=owner)
    assert filled.getIntegrationAdapter(modules[0], NAME) == addresses[0]
