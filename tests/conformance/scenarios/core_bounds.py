"""Controller, registry, creator and SetToken beyond the bounds of ours (D-22)."""

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, Stage

BATCH, COMPONENTS, MODULES, EXTERNAL, LIST = 64, 200, 64, 16, 1024


def accounts(count: int) -> list[str]:
    """Return addresses that nobody has."""
    return [to_checksum_address(f"0x{0xC0DE0000 + number:040x}") for number in range(count)]


@scenario
def initialisation_takes_64_of_each(s: Stage) -> None:
    """D-22."""
    members, ids = accounts(BATCH + 1), list(range(BATCH + 1))
    controller = s.put("second", "Controller", s.fee_recipient)
    for lists in ((members, [], [], []), ([], members, [], []), ([], [], members, ids)):
        with s.aside():
            controller.initialize(*lists, by=s.owner, ours="", differs="D-22")
    controller.initialize(
        members[:BATCH], members[:BATCH], members[:BATCH], ids[:BATCH], by=s.owner
    )
    controller.getModules()
    controller.getResources()


@scenario
def longer_lists_are_read_by_index(s: Stage) -> None:
    """D-22: 1,024 entries are returned at once, more are not."""
    puppet = s.deploy("puppet", mock("Puppet"))
    controller = s.put("second", "Controller", s.fee_recipient)
    controller.initialize([], [], [], [], by=s.owner)
    controller.transferOwnership(puppet, by=s.owner)
    members = accounts(LIST + 1)
    for start in range(0, LIST, BATCH):
        calls = [controller.addModule.data(member) for member in members[start : start + BATCH]]
        puppet.execute([(controller, data) for data in calls], by=s.stranger)
    controller.getModules()
    puppet.execute([(controller, controller.addModule.data(members[LIST]))], by=s.stranger)
    controller.getModules(ours="List too long, read by index", differs="D-22")
    for place in (0, LIST - 1, LIST):
        controller.modules(place)


@scenario
def integration_names_have_64_bytes(s: Stage) -> None:
    """D-22."""
    name, other = "n" * 65, "ü" * 33
    for words in (name, other):
        with s.aside():
            s.registry.addIntegration(
                s.issuance, words, s.heir, by=s.owner, ours="", differs="D-22"
            )
            hashed = keccak(text=words)
            found = s.registry.getIntegrationAdapterWithHash(s.issuance, hashed)
            assert (found == s.heir.lower()) != s.world.has_our_sets
            s.registry.editIntegration(s.issuance, words, s.keeper, by=s.owner, ours="")
            s.registry.removeIntegration(s.issuance, words, by=s.owner, ours="")
        s.registry.getIntegrationAdapter(s.issuance, words, ours="", differs="D-22")
        s.registry.isValidIntegration(s.issuance, words, ours="", differs="D-22")


@scenario
def integration_batches_have_64_entries(s: Stage) -> None:
    """D-22."""
    names = [str(number) for number in range(BATCH + 1)]
    modules, adapters = [s.issuance] * (BATCH + 1), [s.heir] * (BATCH + 1)
    with s.aside():
        s.registry.batchAddIntegration(
            modules, names, adapters, by=s.owner, ours="", differs="D-22"
        )
        s.registry.batchEditIntegration(modules, names, adapters, by=s.owner, ours="")
    full = slice(BATCH)
    s.registry.batchAddIntegration(modules[full], names[full], adapters[full], by=s.owner)
    s.registry.batchEditIntegration(modules[full], names[full], adapters[full], by=s.owner)


@scenario
def words_have_64_and_32_bytes(s: Stage) -> None:
    """D-22: a name of 65 bytes, a symbol of 33."""
    for name, symbol in (("n" * 65, "s"), ("n", "s" * 33), ("ü" * 33, "s"), ("n", "€" * 11)):
        with s.aside():
            s.creator.create(
                [s.dai],
                [E18],
                [s.issuance],
                s.manager,
                name,
                symbol,
                by=s.stranger,
                ours="",
                differs="D-22",
            )


@scenario
def sets_have_200_components(s: Stage) -> None:
    """D-22: at the creation, and one added later."""
    components = accounts(COMPONENTS + 1)
    units = [1] * len(components)
    with s.aside():
        s.creator.create(
            components,
            units,
            [s.module],
            s.manager,
            "Twin",
            "TWIN",
            by=s.stranger,
            ours="",
            differs="D-22",
        )
    s.create(components[:COMPONENTS], units[:COMPONENTS], [s.module])
    s.set.initializeModule(by=s.module)
    with s.aside():
        s.set.addComponent(
            components[COMPONENTS], by=s.module, ours="Too many components", differs="D-22"
        )
    s.set.removeComponent(components[0], by=s.module)
    s.set.addComponent(components[COMPONENTS], by=s.module)


@scenario
def sets_are_created_with_64_modules(s: Stage) -> None:
    """D-22."""
    with s.aside():
        s.creator.create(
            [s.dai],
            [E18],
            [s.module] * (MODULES + 1),
            s.manager,
            "Twin",
            "TWIN",
            by=s.stranger,
            ours="",
            differs="D-22",
        )
    s.create([s.dai], [E18], [s.module] * MODULES)


@scenario
def sets_show_64_modules(s: Stage) -> None:
    """D-22: one more can be initialised and act, but the list is not returned then."""
    controller = s.put("second", "Controller", s.fee_recipient)
    modules = accounts(MODULES + 1)
    controller.initialize([], modules[:MODULES], [], [], by=s.owner)
    controller.addModule(modules[MODULES], by=s.owner)
    arguments = ([s.dai], [E18], modules[:MODULES], controller, s.manager, "Twin", "TWIN")
    the_set = s.put("bare", "SetToken", *arguments)
    the_set.addModule(modules[MODULES], by=s.manager)
    for module in modules[:MODULES]:
        the_set.initializeModule(by=module)
    the_set.getModules()
    the_set.initializeModule(by=modules[MODULES])
    the_set.getModules(ours="Too many modules", differs="D-22")
    the_set.modules(MODULES, ours="Too many modules", differs="D-22")
    the_set.isInitializedModule(modules[MODULES])
    the_set.mint(s.heir, 1, by=modules[MODULES])


@scenario
def components_have_16_position_modules(s: Stage) -> None:
    """D-22."""
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    modules = accounts(EXTERNAL + 1)
    for module in modules[:EXTERNAL]:
        s.set.addExternalPositionModule(s.dai, module, by=s.module)
    with s.aside():
        s.set.addExternalPositionModule(
            s.dai,
            modules[EXTERNAL],
            by=s.module,
            ours="Too many external modules",
            differs="D-22",
        )
    s.set.addExternalPositionModule(s.dai, modules[0], by=s.module, reverts="Module already added")
    s.set.removeExternalPositionModule(s.dai, modules[0], by=s.module)
    s.set.addExternalPositionModule(s.dai, modules[EXTERNAL], by=s.module)


@scenario
def sets_show_256_positions(s: Stage) -> None:
    """D-22: with more of them everything but the list of all works."""
    components = accounts(COMPONENTS)
    the_set = s.put(
        "bare",
        "SetToken",
        components,
        [E18] * COMPONENTS,
        [s.module],
        s.controller,
        s.manager,
        "Twin",
        "TWIN",
    )
    the_set.initializeModule(by=s.module)
    for number in range(56):
        component, module = components[number // 16], accounts(16)[number % 16]
        the_set.addExternalPositionModule(component, module, by=s.module)
    the_set.getPositions()
    the_set.addExternalPositionModule(components[50], s.heir, by=s.module)
    the_set.getPositions(ours="", differs="D-22")
    the_set.editPositionMultiplier(E18 // 2, by=s.module)
    the_set.getTotalComponentRealUnits(components[50])


@scenario
def position_data_have_512_bytes(s: Stage) -> None:
    """D-22."""
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    s.set.addExternalPositionModule(s.dai, s.heir, by=s.module)
    with s.aside():
        s.set.editExternalPositionData(
            s.dai, s.heir, b"d" * 513, by=s.module, ours="", differs="D-22"
        )


@scenario
def invoked_data_have_8196_bytes(s: Stage) -> None:
    """D-22."""
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    target = s.deploy("target", mock("Target"))
    s.set.invoke(target, 0, b"d" * 8196, by=s.module)
    with s.aside():
        s.set.invoke(target, 0, b"d" * 8197, by=s.module, ours="", differs="D-22")


@scenario
def returned_data_have_4095_bytes(s: Stage) -> None:
    """D-22."""
    s.create([s.dai], [E18], [s.module])
    s.set.initializeModule(by=s.module)
    target = s.deploy("target", mock("Target"))
    s.set.invoke(target, 0, target.echo.data(b"a" * 4095), by=s.module)
    for length in (4096, 5000):
        with s.aside():
            s.set.invoke(
                target,
                0,
                target.echo.data(b"a" * length),
                by=s.module,
                ours="Return data too long",
                differs="D-22",
            )
