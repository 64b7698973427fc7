"""Controller: its four lists of addresses (R-01)."""

from dataclasses import dataclass
from typing import Any

import ape
import pytest
from ape.utils import ZERO_ADDRESS


@dataclass(frozen=True)
class Register:
    """One list of a controller, under one name for what is called differently in each."""

    controller: Any
    kind: str
    sender: Any
    owner: Any

    def add(self, entry, key=0, sender=None):
        """Add an entry; only resources have a key."""
        keys = [key] if self.kind == "Resource" else []
        return getattr(self.controller, f"add{self.kind}")(
            entry, *keys, sender=sender or self.sender
        )

    def remove(self, entry, key=0, sender=None):
        """Remove an entry: resources by key, the rest by address."""
        named = key if self.kind == "Resource" else entry
        return getattr(self.controller, f"remove{self.kind}")(named, sender=sender or self.owner)

    def added(self, entry, key=0):
        """Return the event of an addition."""
        event = getattr(self.controller, f"{self.kind}Added")
        return {
            "Set": lambda: event(_setToken=entry, _factory=self.sender.address),
            "Factory": lambda: event(_factory=entry),
            "Module": lambda: event(_module=entry),
            "Resource": lambda: event(_resource=entry, _id=key),
        }[self.kind]()

    def removed(self, entry, key=0):
        """Return the event of a removal."""
        event = getattr(self.controller, f"{self.kind}Removed")
        return {
            "Set": lambda: event(_setToken=entry),
            "Factory": lambda: event(_factory=entry),
            "Module": lambda: event(_module=entry),
            "Resource": lambda: event(_resource=entry, _id=key),
        }[self.kind]()

    def has(self, entry):
        """Tell whether an entry is registered."""
        return getattr(self.controller, f"is{self.kind}")(entry)

    def all(self):
        """Return the whole list."""
        plural = {"Factory": "Factories"}.get(self.kind, f"{self.kind}s")
        return getattr(self.controller, f"get{plural}")()

    def at(self, index):
        """Return the entry at an index."""
        plural = {"Factory": "factories"}.get(self.kind, f"{self.kind.lower()}s")
        return getattr(self.controller, plural)(index)


@pytest.fixture(scope="session")
def controller(project, owner, module, fee_recipient):
    """Deploy a controller whose only entry is `module` as a factory."""
    deployed = owner.deploy(project.Controller, fee_recipient)
    deployed.initialize([module], [], [], [], sender=owner)
    return deployed


@pytest.fixture(params=["Set", "Factory", "Module", "Resource"])
def register(request, controller, module, owner):
    """Return one of the controller's lists; only a factory adds Sets."""
    if request.param == "Factory":
        controller.removeFactory(module, sender=owner)
    sender = module if request.param == "Set" else owner
    return Register(controller, request.param, sender, owner)


def test_add__registers_and_announces(register, addresses):
    """R-01: one event; the entry is known, listed, and part of the system."""
    tx = register.add(addresses[0], 7)
    assert tx.events == [register.added(addresses[0], 7)]
    assert register.has(addresses[0])
    assert not register.has(addresses[1])
    assert register.all() == [addresses[0]]
    assert register.at(0) == addresses[0]
    assert register.controller.isSystemContract(addresses[0])
    assert not register.controller.isSystemContract(addresses[1])


def test_add__keeps_the_order(register, addresses):
    """R-01: entries are listed as they came, and readable by index."""
    for key, entry in enumerate(addresses[:4]):
        register.add(entry, key)
    assert register.all() == addresses[:4]
    assert [register.at(index) for index in range(4)] == addresses[:4]


def test_add__twice__reverts(register, addresses):
    """R-01, S-006: an address is listed once."""
    register.add(addresses[0], 0)
    with ape.reverts(f"{register.kind} already exists"):
        register.add(addresses[0], 1)


def test_add__zero_address_is_taken(register):
    """R-01: the original refuses the zero address only in `initialize`."""
    register.add(ZERO_ADDRESS, 3)
    assert register.all() == [ZERO_ADDRESS]


@pytest.mark.parametrize("gone", range(4))
def test_remove__keeps_the_order_of_the_rest(register, addresses, gone):
    """R-01, S-006: unlike a SetToken's lists, the controller's close the gap."""
    for key, entry in enumerate(addresses[:4]):
        register.add(entry, key)
    tx = register.remove(addresses[gone], gone)
    assert tx.events == [register.removed(addresses[gone], gone)]
    assert register.all() == [entry for entry in addresses[:4] if entry != addresses[gone]]
    assert not register.has(addresses[gone])
    assert not register.controller.isSystemContract(addresses[gone])


def test_remove__the_only_one__leaves_an_empty_list(register, addresses):
    """R-01: what was removed can come back, as the last one."""
    register.add(addresses[0], 0)
    register.add(addresses[1], 1)
    register.remove(addresses[0], 0)
    register.remove(addresses[1], 1)
    assert register.all() == []
    register.add(addresses[1], 1)
    register.add(addresses[0], 0)
    assert register.all() == [addresses[1], addresses[0]]


def test_remove__unknown__reverts(register, addresses):
    """R-01: with the original's reason."""
    with ape.reverts(f"{register.kind} does not exist"):
        register.remove(addresses[0], 9)


def test_remove__twice__reverts(register, addresses):
    """R-01: a removed entry is unknown."""
    register.add(addresses[0], 0)
    register.remove(addresses[0], 0)
    with ape.reverts(f"{register.kind} does not exist"):
        register.remove(addresses[0], 0)


def test_at__beyond_the_end__reverts(register, addresses):
    """R-01: also where a removed entry was."""
    register.add(addresses[0], 0)
    register.add(addresses[1], 1)
    register.remove(addresses[1], 1)
    with ape.reverts("Index must be < A length"):
        register.at(1)


def test_change__by_a_stranger__reverts(register, stranger, addresses):
    """I-20: Sets come from factories, everything else is the owner's."""
    reason = "Ownable: caller is not the owner"
    if register.kind == "Set":
        reason = "Only valid factories can call"
    with ape.reverts(reason):
        register.add(addresses[0], sender=stranger)
    register.add(addresses[0])
    with ape.reverts("Ownable: caller is not the owner"):
        register.remove(addresses[0], sender=stranger)


def test_add_set__by_the_owner__reverts(controller, owner, addresses):
    """I-20, S-004: not even the owner adds a Set."""
    with ape.reverts("Only valid factories can call"):
        controller.addSet(addresses[0], sender=owner)


def test_add_set__by_a_removed_factory__reverts(controller, owner, module, addresses):
    """I-20, S-005: removal works at once; Sets the factory added stay."""
    controller.addSet(addresses[0], sender=module)
    controller.removeFactory(module, sender=owner)
    with ape.reverts("Only valid factories can call"):
        controller.addSet(addresses[1], sender=module)
    assert controller.getSets() == [addresses[0]]


def test_add_resource__id_taken__reverts(controller, owner, addresses):
    """R-01, S-003: an id names one resource."""
    controller.addResource(addresses[0], 5, sender=owner)
    with ape.reverts("Resource ID already exists"):
        controller.addResource(addresses[1], 5, sender=owner)


def test_resource_id__follows_the_list(controller, owner, addresses):
    """R-01, S-003: an id is free again after the removal."""
    controller.addResource(addresses[0], 5, sender=owner)
    assert controller.resourceId(5) == addresses[0]
    controller.removeResource(5, sender=owner)
    assert controller.resourceId(5) == ZERO_ADDRESS
    controller.addResource(addresses[1], 5, sender=owner)
    assert controller.resourceId(5) == addresses[1]
    assert controller.getResources() == [addresses[1]]


def test_lists__do_not_mix(controller, owner, module, addresses):
    """R-01: one address may stand in every list; leaving one leaves the others alone."""
    entry = addresses[0]
    controller.addFactory(entry, sender=owner)
    controller.addModule(entry, sender=owner)
    controller.addResource(entry, 1, sender=owner)
    controller.addSet(entry, sender=module)
    controller.removeModule(entry, sender=owner)
    assert controller.getFactories() == [module, entry]
    assert controller.getModules() == []
    assert controller.getResources() == [entry]
    assert controller.getSets() == [entry]
    assert controller.isSystemContract(entry)


def test_is_system_contract__the_controller_itself(controller, stranger):
    """R-01, S-011: the controller belongs to the system it registers."""
    assert controller.isSystemContract(controller)
    assert not controller.isSystemContract(stranger)
