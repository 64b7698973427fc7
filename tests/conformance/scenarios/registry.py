"""IntegrationRegistry: adapters by module and name, one by one and in batches."""

from eth_utils.crypto import keccak
from twins.scenario import scenario
from twins.stage import ZERO, Handle, Stage

NOT_OWNER = "Ownable: caller is not the owner"
NOT_MODULE = "Must be valid module."
EXISTS = "Integration exists already."
MISSING = "Integration does not exist."
NO_ADAPTER = "Adapter address must exist."


def look(registry: Handle, module: object, name: str) -> None:
    """Ask for an adapter in all three ways."""
    registry.getIntegrationAdapter(module, name)
    registry.getIntegrationAdapterWithHash(module, keccak(text=name))
    registry.isValidIntegration(module, name)


@scenario
def integrations_come_change_and_go(s: Stage) -> None:
    """Add, edit, edit to the same, remove and add again."""
    s.registry.addIntegration(s.issuance, "One", s.heir, by=s.owner)
    look(s.registry, s.issuance, "One")
    s.registry.editIntegration(s.issuance, "One", s.keeper, by=s.owner)
    s.registry.editIntegration(s.issuance, "One", s.keeper, by=s.owner)
    look(s.registry, s.issuance, "One")
    look(s.registry, s.streaming_fee, "One")
    s.registry.removeIntegration(s.issuance, "One", by=s.owner)
    look(s.registry, s.issuance, "One")
    s.registry.addIntegration(s.issuance, "One", s.trader, by=s.owner)
    look(s.registry, s.issuance, "One")


@scenario
def names_are_any_bytes(s: Stage) -> None:
    """Use the empty name, capitals, spaces, letters of several bytes, and 64 bytes."""
    names = ("", "one", "One", " one", "Zürich 日本", "x" * 31, "x" * 32, "x" * 33, "x" * 64)
    for name in names:
        s.registry.addIntegration(s.issuance, name, s.heir, by=s.owner)
        look(s.registry, s.issuance, name)
    for name in names:
        s.registry.addIntegration(s.issuance, name, s.heir, by=s.owner, reverts=EXISTS)
        s.registry.editIntegration(s.issuance, name, s.keeper, by=s.owner)
        s.registry.removeIntegration(s.issuance, name, by=s.owner)


@scenario
def adding_is_refused(s: Stage) -> None:
    """Break each rule of an addition, alone and together with later ones."""
    add = s.registry.addIntegration
    add(s.issuance, "Known", s.heir, by=s.owner)
    for actor in (s.stranger, s.manager, s.module):
        add(s.issuance, "New", s.heir, by=actor, reverts=NOT_OWNER)
    add(s.stranger, "Known", ZERO, by=s.stranger, reverts=NOT_OWNER)
    add(s.stranger, "New", s.heir, by=s.owner, reverts=NOT_MODULE)
    add(ZERO, "New", ZERO, by=s.owner, reverts=NOT_MODULE)
    add(s.issuance, "Known", s.heir, by=s.owner, reverts=EXISTS)
    add(s.issuance, "Known", ZERO, by=s.owner, reverts=EXISTS)
    add(s.issuance, "New", ZERO, by=s.owner, reverts=NO_ADAPTER)


@scenario
def editing_is_refused(s: Stage) -> None:
    """Break each rule of an edit, alone and together with later ones."""
    edit = s.registry.editIntegration
    s.registry.addIntegration(s.issuance, "Known", s.heir, by=s.owner)
    for actor in (s.stranger, s.manager, s.module):
        edit(s.issuance, "Known", s.keeper, by=actor, reverts=NOT_OWNER)
    edit(s.stranger, "New", ZERO, by=s.stranger, reverts=NOT_OWNER)
    edit(s.stranger, "Known", s.keeper, by=s.owner, reverts=NOT_MODULE)
    edit(s.stranger, "New", ZERO, by=s.owner, reverts=NOT_MODULE)
    edit(s.issuance, "New", s.keeper, by=s.owner, reverts=MISSING)
    edit(s.issuance, "known", ZERO, by=s.owner, reverts=MISSING)
    edit(s.issuance, "Known", ZERO, by=s.owner, reverts=NO_ADAPTER)


@scenario
def removing_is_refused(s: Stage) -> None:
    """Remove as a stranger, twice, and what never was."""
    s.registry.addIntegration(s.issuance, "Known", s.heir, by=s.owner)
    s.registry.removeIntegration(s.issuance, "Known", by=s.stranger, reverts=NOT_OWNER)
    s.registry.removeIntegration(s.issuance, "New", by=s.stranger, reverts=NOT_OWNER)
    s.registry.removeIntegration(s.issuance, "New", by=s.owner, reverts=MISSING)
    s.registry.removeIntegration(s.stranger, "Known", by=s.owner, reverts=MISSING)
    s.registry.removeIntegration(s.issuance, "Known", by=s.owner)
    s.registry.removeIntegration(s.issuance, "Known", by=s.owner, reverts=MISSING)
    s.registry.editIntegration(s.issuance, "Known", s.heir, by=s.owner, reverts=MISSING)


@scenario
def removed_module_keeps_its_adapters(s: Stage) -> None:
    """Take the module from the controller: adapters can be removed, not added or edited."""
    s.registry.addIntegration(s.issuance, "One", s.heir, by=s.owner)
    s.registry.addIntegration(s.issuance, "Two", s.heir, by=s.owner)
    s.controller.removeModule(s.issuance, by=s.owner)
    look(s.registry, s.issuance, "One")
    s.registry.addIntegration(s.issuance, "Three", s.heir, by=s.owner, reverts=NOT_MODULE)
    s.registry.addIntegration(s.issuance, "One", s.heir, by=s.owner, reverts=NOT_MODULE)
    s.registry.editIntegration(s.issuance, "One", s.keeper, by=s.owner, reverts=NOT_MODULE)
    s.registry.removeIntegration(s.issuance, "One", by=s.owner)
    s.controller.addModule(s.issuance, by=s.owner)
    s.registry.editIntegration(s.issuance, "Two", s.keeper, by=s.owner)
    look(s.registry, s.issuance, "Two")


@scenario
def batches_add_and_edit(s: Stage) -> None:
    """Add and edit several at once; each is announced in turn."""
    modules = [s.issuance, s.streaming_fee, s.issuance]
    names = ["One", "One", "Two"]
    s.registry.batchAddIntegration(modules, names, [s.heir, s.keeper, s.trader], by=s.owner)
    s.registry.batchEditIntegration(modules, names, [s.keeper, s.keeper, s.heir], by=s.owner)
    s.registry.batchEditIntegration(
        [s.issuance, s.issuance], ["One", "One"], [s.heir, s.trader], by=s.owner
    )
    for module, name in zip(modules, names, strict=True):
        look(s.registry, module, name)


@scenario
def batch_lengths_must_match(s: Stage) -> None:
    """Send empty batches and lists of different lengths, as owner and as a stranger."""
    empty, names, adapters = (
        "Modules must not be empty",
        "Module and name lengths mismatch",
        "Module and adapter lengths mismatch",
    )
    for batch in (s.registry.batchAddIntegration, s.registry.batchEditIntegration):
        batch([], [], [], by=s.stranger, reverts=NOT_OWNER)
        batch([s.issuance], [], [], by=s.stranger, reverts=NOT_OWNER)
        batch([], [], [], by=s.owner, reverts=empty)
        batch([], ["One"], [s.heir], by=s.owner, reverts=empty)
        batch([s.issuance], [], [s.heir], by=s.owner, reverts=names)
        batch([s.issuance], ["One", "Two"], [s.heir, s.heir], by=s.owner, reverts=names)
        batch([s.issuance], [], [], by=s.owner, reverts=names)
        batch([s.issuance], ["One"], [], by=s.owner, reverts=adapters)
        batch([s.stranger], ["One"], [ZERO, ZERO], by=s.owner, reverts=adapters)


@scenario
def batch_fails_as_a_whole(s: Stage) -> None:
    """Break a rule in the last entry: nothing of the batch stays."""
    add, edit = s.registry.batchAddIntegration, s.registry.batchEditIntegration
    two = [s.issuance, s.issuance]
    add(two, ["One", "One"], [s.heir, s.heir], by=s.owner, reverts=EXISTS)
    add(two, ["One", "Two"], [s.heir, ZERO], by=s.owner, reverts=NO_ADAPTER)
    add([s.issuance, ZERO], ["One", "Two"], [s.heir, ZERO], by=s.owner, reverts=NOT_MODULE)
    look(s.registry, s.issuance, "One")
    s.registry.addIntegration(s.issuance, "One", s.heir, by=s.owner)
    add(two, ["Two", "One"], [s.heir, ZERO], by=s.owner, reverts=EXISTS)
    edit(two, ["One", "Two"], [s.keeper, s.keeper], by=s.owner, reverts=MISSING)
    edit(two, ["One", "One"], [s.keeper, ZERO], by=s.owner, reverts=NO_ADAPTER)
    edit([s.issuance, s.heir], ["One", "One"], [s.keeper, ZERO], by=s.owner, reverts=NOT_MODULE)
    look(s.registry, s.issuance, "One")
    look(s.registry, s.issuance, "Two")


@scenario
def owner_hands_over_and_gives_up(s: Stage) -> None:
    """Hand the registry over, then leave it without an owner."""
    registry = s.registry
    registry.controller()
    registry.transferOwnership(s.heir, by=s.stranger, reverts=NOT_OWNER)
    registry.transferOwnership(ZERO, by=s.owner, reverts="Ownable: new owner is the zero address")
    registry.transferOwnership(s.heir, by=s.owner)
    registry.addIntegration(s.issuance, "One", s.heir, by=s.owner, reverts=NOT_OWNER)
    registry.addIntegration(s.issuance, "One", s.heir, by=s.heir)
    registry.renounceOwnership(by=s.owner, reverts=NOT_OWNER)
    registry.renounceOwnership(by=s.heir)
    registry.owner()
    look(registry, s.issuance, "One")
    for actor in (s.owner, s.heir):
        registry.removeIntegration(s.issuance, "One", by=actor, reverts=NOT_OWNER)
        registry.editIntegration(s.issuance, "One", actor, by=actor, reverts=NOT_OWNER)
        registry.batchAddIntegration([], [], [], by=actor, reverts=NOT_OWNER)
        registry.batchEditIntegration([], [], [], by=actor, reverts=NOT_OWNER)


@scenario
def controller_may_be_no_contract(s: Stage) -> None:
    """Deploy registries whose controller is an account, nobody, or something else."""
    for number, controller in enumerate((s.stranger, ZERO, s.dai)):
        registry = s.put(f"registry_{number}", "IntegrationRegistry", controller)
        registry.controller()
        registry.owner()
        registry.addIntegration(s.issuance, "One", s.heir, by=s.owner, reverts="")
        registry.editIntegration(s.issuance, "One", s.heir, by=s.owner, reverts="")
        registry.removeIntegration(s.issuance, "One", by=s.owner, reverts=MISSING)
        look(registry, s.issuance, "One")


@scenario
def other_controller_has_other_modules(s: Stage) -> None:
    """Ask a registry of a second controller: only its modules count."""
    controller = s.put("second", "Controller", s.fee_recipient)
    registry = s.put("other_registry", "IntegrationRegistry", controller)
    registry.addIntegration(s.issuance, "One", s.heir, by=s.owner, reverts=NOT_MODULE)
    controller.initialize([], [s.heir], [registry], [0], by=s.owner)
    registry.addIntegration(s.issuance, "One", s.heir, by=s.owner, reverts=NOT_MODULE)
    registry.addIntegration(s.heir, "One", s.heir, by=s.owner)
    look(registry, s.heir, "One")
