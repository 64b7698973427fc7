"""SetTokenCreator: what it checks, in which order, and what a new SetToken is (R-01, R-06)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_utils import to_checksum_address

E18 = 10**18
MAX_COMPONENTS = 200
MAX_MODULES = 64
MAX_UNIT = 2**231 - 1
DUPLICATE = "Components must not have a duplicate"


def listed(count, first=0xA000):
    """Return made-up addresses."""
    return [to_checksum_address(f"0x{first + i:040x}") for i in range(count)]


@pytest.fixture(scope="session")
def create(protocol, stranger, manager):
    """Return a function that has a stranger create a Set of given, else good, arguments."""

    def created(**changes):
        arguments = {
            "components": listed(2),
            "units": [E18, 1],
            "modules": [protocol.issuance, protocol.governance],
            "manager": manager,
            "name": "Index",
            "symbol": "IDX",
        }
        return protocol.creator.create(*(arguments | changes).values(), sender=stranger)

    return created


@pytest.fixture(scope="session")
def new_set(project, protocol):
    """Return a function that finds the SetToken a receipt tells of."""

    def found(tx):
        (event,) = tx.events.filter(protocol.creator.SetTokenCreated)
        return project.SetToken.at(event._setToken)

    return found


def test_init__names_controller_and_blueprint(protocol, chain):
    """R-01; the blueprint is marked as one (EIP-5202) and cannot be called by mistake."""
    assert protocol.creator.controller() == protocol.controller
    code = chain.provider.get_code(protocol.creator.blueprint())
    assert bytes(code[:3]) == bytes.fromhex("fe7100")


def test_init__no_blueprint__reverts(project, owner, protocol, stranger):
    """Only code can be a blueprint (S-036)."""
    with ape.reverts("Blueprint must exist"):
        owner.deploy(
            project.SetTokenCreator, protocol.controller, stranger, protocol.creator.logic()
        )


def test_create__registers_and_announces(create, new_set, protocol, manager):
    """R-01, R-06, S-030: anyone creates; the Set is in the system in the same call."""
    tx = create()
    created = new_set(tx)
    assert tx.events == [
        protocol.controller.SetAdded(_setToken=created.address, _factory=protocol.creator.address),
        protocol.creator.SetTokenCreated(
            _setToken=created.address, _manager=manager.address, _name="Index", _symbol="IDX"
        ),
    ]
    assert protocol.controller.isSet(created)
    assert tx.return_value == created.address


def test_create__state_of_a_new_set(create, new_set, protocol, manager, stranger):
    """R-02, S-031: modules pending, no supply, multiplier 1e18, unlocked."""
    created = new_set(create())
    assert created.controller() == protocol.controller
    assert created.manager() == manager
    assert (created.name(), created.symbol(), created.decimals()) == ("Index", "IDX", 18)
    assert created.totalSupply() == 0
    assert created.positionMultiplier() == E18
    assert not created.isLocked()
    assert created.locker() == ZERO_ADDRESS
    assert created.getModules() == []
    for module in (protocol.issuance, protocol.governance):
        assert created.moduleStates(module) == 1
        assert created.isPendingModule(module)
        assert not created.isInitializedModule(module)
    assert created.moduleStates(protocol.streaming_fee) == 0
    assert not created.isPendingModule(stranger)


def test_create__positions_of_a_new_set(create, new_set):
    """R-02: default positions in the order of the arguments."""
    components, units = listed(3), [5, 2 * E18, 1]
    created = new_set(create(components=components, units=units))
    assert created.getComponents() == components
    assert [created.components(i) for i in range(3)] == components
    with ape.reverts():
        created.components(3)
    assert [created.getDefaultPositionRealUnit(c) for c in components] == units
    assert [tuple(p) for p in created.getPositions()] == [
        (component, ZERO_ADDRESS, unit, 0, b"")
        for component, unit in zip(components, units, strict=True)
    ]
    assert tuple(created.getPositionPage(0)) == (components, units, False)


def test_create__is_the_same_code_each_time(create, new_set, chain):
    """R-01, S-037: the same shell, its immutables aside."""
    first, second = new_set(create()), new_set(create())
    assert first != second
    assert chain.provider.get_code(first.address) == chain.provider.get_code(second.address)


def test_create__two_in_one_transaction(create, protocol, puppet, calls, stranger):
    """R-06: the marks of the duplicate check of one call do not reach the next."""
    arguments = (listed(2), [1, 1], [protocol.issuance], stranger, "Index", "IDX")
    twice = calls(protocol.creator, [("create", *arguments)] * 2)
    before = len(protocol.controller.getSets())
    puppet.execute(twice, sender=stranger)
    assert len(protocol.controller.getSets()) == before + 2


def test_create__name_and_symbol_at_the_bound(create, new_set):
    """R-02, S-035: 64 bytes of name and 32 of symbol, counted in UTF-8; empty ones too."""
    long = new_set(create(name="é" * 32, symbol="Z" * 32))
    assert (long.name(), long.symbol()) == ("é" * 32, "Z" * 32)
    empty = new_set(create(name="", symbol=""))
    assert (empty.name(), empty.symbol()) == ("", "")


@pytest.mark.parametrize("change", [{"name": "n" * 65}, {"symbol": "s" * 33}])
def test_create__name_or_symbol_too_long__reverts(create, change):
    """R-02, S-035: refused when decoded, never cut."""
    with ape.reverts():
        create(**change)


def test_create__two_hundred_components(create, new_set, protocol):
    """R-06: the most components and modules fit half a block, and every position reads back.

    S-034.
    """
    components = listed(MAX_COMPONENTS)
    units = list(range(1, MAX_COMPONENTS + 1))
    tx = create(components=components, units=units, modules=[protocol.issuance] * MAX_MODULES)
    assert tx.gas_used < 15_000_000
    created = new_set(tx)
    assert created.getComponents() == components
    pages = [created.getPositionPage(start) for start in range(0, MAX_COMPONENTS, 32)]
    assert [component for page in pages for component in page[0]] == components
    assert [unit for page in pages for unit in page[1]] == units
    assert not any(page[2] for page in pages)
    assert [position.unit for position in created.getPositions()] == units


def test_create__beyond_the_bounds__reverts(create, protocol):
    """One component or module too many is refused when decoded (S-034)."""
    with ape.reverts():
        create(components=listed(MAX_COMPONENTS + 1), units=[1] * (MAX_COMPONENTS + 1))
    with ape.reverts():
        create(modules=[protocol.issuance] * (MAX_MODULES + 1))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"components": [], "units": []}, "Must have at least 1 component"),
        ({"units": [1]}, "Component and unit lengths must be the same"),
        ({"units": [1, 1, 1]}, "Component and unit lengths must be the same"),
        ({"components": listed(1) * 2}, DUPLICATE),
        ({"modules": []}, "Must have at least 1 module"),
        ({"manager": ZERO_ADDRESS}, "Manager must not be empty"),
        (
            {"components": [*listed(1), ZERO_ADDRESS]},
            "Component must not be null address",
        ),
        ({"units": [1, 0]}, "Units must be greater than 0"),
        ({"units": [-1, 1]}, "Units must be greater than 0"),
        ({"modules": listed(1)}, "Must be enabled module"),
    ],
)
def test_create__bad_argument__reverts(create, change, reason):
    """R-01, S-032: each with the original's reason."""
    with ape.reverts(reason):
        create(**change)


def test_create__order_of_the_checks(create):
    """R-01: with everything wrong, the reasons come in the original's order."""
    wrong = {
        "components": [ZERO_ADDRESS] * 2,
        "units": [0],
        "modules": [],
        "manager": ZERO_ADDRESS,
    }
    remedies = [
        ("Component and unit lengths must be the same", {"units": [0, 0]}),
        (DUPLICATE, {"components": [*listed(1), ZERO_ADDRESS]}),
        ("Must have at least 1 module", {"modules": listed(1)}),
        ("Manager must not be empty", {"manager": listed(1)[0]}),
        ("Units must be greater than 0", {"units": [1, 0]}),
        ("Component must not be null address", {"components": listed(2)}),
        ("Units must be greater than 0", {"units": [1, 1]}),
    ]
    for reason, remedy in remedies:
        with ape.reverts(reason):
            create(**wrong)
        wrong |= remedy
    with ape.reverts("Must be enabled module"):
        create(**wrong)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 9), (4, 5), (8, 9), (3, 7)])
def test_create__duplicate_anywhere__reverts(create, first, second):
    """I-05, S-033: also when the two are far apart."""
    components = listed(10)
    components[second] = components[first]
    with ape.reverts(DUPLICATE):
        create(components=components, units=[1] * 10)


def test_create__unit_beyond_the_range__reverts(create, new_set):
    """A unit that does not fit the storage word is refused with its reason, never cut (S-080)."""
    with ape.reverts("Unit too large"):
        create(units=[1, MAX_UNIT + 1])
    new_set(create(units=[1, 2**195]))


def test_create__not_a_factory__reverts(create, protocol, owner):
    """R-01: a creator that was removed creates nothing."""
    protocol.controller.removeFactory(protocol.creator, sender=owner)
    with ape.reverts("Only valid factories can call"):
        create()


def test_constructor__checks_the_range_of_units_only(project, owner, protocol, manager, addresses):
    """R-01: the creator validates, as in the original; a Set on its own is not in the system."""
    arguments = [protocol.controller, manager, "Index", "IDX"]
    with ape.reverts("Unit too large"):
        owner.deploy(project.SetToken, addresses[:1], [-MAX_UNIT - 1], [], *arguments)
    alone = owner.deploy(project.SetToken, addresses[:2], [-MAX_UNIT, MAX_UNIT], [], *arguments)
    assert alone.getComponents() == addresses[:2]
    assert not protocol.controller.isSet(alone)
    assert owner.deploy(project.SetToken, [], [], [], *arguments).getPositions() == []
