"""GovernanceModule: who may call it, on which SetToken, by which name of an adapter."""

from typing import Any

from twins.canned import answering, word
from twins.governors import compound_data, harmless, name_governors
from twins.mocks import mock
from twins.scenario import scenario
from twins.stage import E18, MAX_UINT, ZERO, Handle, Stage

ISSUED = 6 * 10**6 * E18
HELD = {"uni": 2 * E18, "aave": E18 // 50, "dai": E18}
"""Components and units: 12 million UNI and 120,000 AAVE, enough to propose."""

NOT_MANAGER = "Must be the SetToken manager"
NOT_VALID = "Must be a valid and initialized SetToken"
NO_ADAPTER = "Must be valid adapter"
UNISWAP = "UniswapGovernance"


def started(s: Stage, **more: Any) -> None:
    """Create a SetToken that holds UNI and AAVE and can vote; name the governors."""
    name_governors(s)
    components = [getattr(s, name) for name in HELD]
    s.create(components, list(HELD.values()), [s.issuance, s.governance, s.module], **more)
    manager = more.get("manager") or s.manager
    s.issuance.initialize(s.set, ZERO, by=manager)
    s.governance.initialize(s.set, by=manager)
    s.set.initializeModule(by=s.module)
    for name, unit in HELD.items():
        s.fund(name, s.issuer, unit * ISSUED // E18)
        getattr(s, name).approve(s.issuance, MAX_UINT, by=s.issuer)
    s.issuance.issue(s.set, ISSUED, s.issuer, by=s.issuer)


def every_call(s: Stage, on: Any, name: str = UNISWAP, **expected: Any) -> None:
    """Call each function of the module that uses an adapter, one after the other."""
    s.governance.delegate(on, name, s.heir, **expected)
    s.governance.register(on, name, **expected)
    s.governance.revoke(on, name, **expected)
    s.governance.propose(on, name, compound_data(harmless()), **expected)
    s.governance.vote(on, name, 1, True, b"", **expected)


def scripted(s: Stage, called: str = "scripted", name: str = "Scripted") -> Handle:
    """Register an adapter that answers what it is told to."""
    adapter = s.deploy(called, mock("ScriptedAdapter"))
    s.registry.addIntegration(s.governance, name, adapter, by=s.owner)
    return adapter


@scenario
def knows_its_controller(s: Stage) -> None:
    """Answer with the controller it was made for, also if that is none."""
    s.governance.controller()
    s.put("lost", "GovernanceModule", ZERO)
    s.lost.controller()


@scenario
def serves_after_initialization(s: Stage) -> None:
    """Serve a SetToken whose manager initialises the module, once."""
    name_governors(s)
    s.create([s.uni], [E18], [s.governance])
    every_call(s, s.set, by=s.manager, reverts=NOT_VALID)
    s.governance.initialize(s.set, by=s.manager)
    s.governance.delegate(s.set, UNISWAP, s.heir, by=s.manager)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    s.governance.revoke(s.set, UNISWAP, by=s.manager)
    s.governance.initialize(s.set, by=s.manager, reverts="Must be pending initialization")
    s.governance.initialize(s.set, by=s.stranger, reverts=NOT_MANAGER)


@scenario
def initialization_is_refused(s: Stage) -> None:
    """Refuse in a fixed order: the caller, the SetToken, its state."""
    s.create([s.uni], [E18], [s.issuance])
    s.governance.initialize(s.set, by=s.stranger, reverts=NOT_MANAGER)
    s.governance.initialize(s.set, by=s.owner, reverts=NOT_MANAGER)
    s.governance.initialize(s.set, by=s.manager, reverts="Must be pending initialization")
    with s.aside():
        s.controller.removeSet(s.set, by=s.owner)
        s.governance.initialize(s.set, by=s.stranger, reverts=NOT_MANAGER)
        not_enabled = "Must be controller-enabled SetToken"
        s.governance.initialize(s.set, by=s.manager, reverts=not_enabled)
        s.set.addModule(s.governance, by=s.manager)
        s.governance.initialize(s.set, by=s.manager, reverts=not_enabled)
    s.set.addModule(s.governance, by=s.manager)
    s.set.setManager(s.heir, by=s.manager)
    s.governance.initialize(s.set, by=s.manager, reverts=NOT_MANAGER)
    s.governance.initialize(s.set, by=s.heir)


@scenario
def initialization_needs_no_enabled_module(s: Stage) -> None:
    """Initialise a module that the controller has dropped since; it cannot act."""
    name_governors(s)
    s.create([s.uni], [E18], [s.governance])
    s.controller.removeModule(s.governance, by=s.owner)
    s.governance.initialize(s.set, by=s.manager)
    s.governance.register(
        s.set, UNISWAP, by=s.manager, reverts="Module must be enabled on controller"
    )
    s.controller.addModule(s.governance, by=s.owner)
    s.governance.register(s.set, UNISWAP, by=s.manager)


@scenario
def locked_set_is_left_alone(s: Stage) -> None:
    """Refuse to initialise or to act on a SetToken that another module holds."""
    started(s)
    s.create([s.uni], [E18], [s.governance, s.module], called="other")
    s.other.initializeModule(by=s.module)
    s.other.lock(by=s.module)
    s.governance.initialize(s.other, by=s.manager, reverts="Only when unlocked")
    s.governance.initialize(s.other, by=s.stranger, reverts=NOT_MANAGER)
    s.set.lock(by=s.module)
    locked = "When locked, only the locker can call"
    s.governance.register(s.set, UNISWAP, by=s.manager, reverts=locked)
    s.governance.revoke(s.set, UNISWAP, by=s.manager, reverts=locked)
    s.governance.delegate(s.set, UNISWAP, s.heir, by=s.manager, reverts=locked)
    data = compound_data(harmless())
    s.governance.propose(s.set, UNISWAP, data, by=s.manager, reverts=locked)
    s.governance.vote(s.set, UNISWAP, 1, True, b"", by=s.manager, reverts=locked)
    s.governance.vote(s.set, "Nobody", 1, True, b"", by=s.manager, reverts=NO_ADAPTER)
    with s.aside():
        s.controller.removeModule(s.governance, by=s.owner)
        every_call(s, s.set, by=s.manager, reverts="Module must be enabled on controller")
    s.set.unlock(by=s.module)
    s.governance.register(s.set, UNISWAP, by=s.manager)


@scenario
def only_the_manager_acts(s: Stage) -> None:
    """Refuse everybody else, before anything else is looked at."""
    started(s)
    for caller in (s.stranger, s.owner, s.issuer, s.module, s.trader, s.governance.address):
        every_call(s, s.set, by=caller, reverts=NOT_MANAGER)
    every_call(s, s.set, "Nobody", by=s.stranger, reverts=NOT_MANAGER)
    s.controller.removeSet(s.set, by=s.owner)
    every_call(s, s.set, by=s.stranger, reverts=NOT_MANAGER)
    every_call(s, s.set, by=s.manager, reverts=NOT_VALID)
    every_call(s, s.set, "Nobody", by=s.manager, reverts=NOT_VALID)


@scenario
def new_manager_acts(s: Stage) -> None:
    """Follow the SetToken's manager."""
    started(s)
    s.set.setManager(s.heir, by=s.manager)
    every_call(s, s.set, by=s.manager, reverts=NOT_MANAGER)
    s.governance.register(s.set, UNISWAP, by=s.heir)


@scenario
def not_a_set_token(s: Stage) -> None:
    """Refuse accounts, contracts of another kind, and nobody."""
    name_governors(s)
    for other in (ZERO, s.stranger, s.uni, s.controller, s.governance):
        every_call(s, other, by=s.manager, reverts="")
        s.governance.initialize(other, by=s.manager, reverts="")


@scenario
def imitation_of_a_set_token(s: Stage) -> None:
    """Refuse a contract that names the caller as manager, even if the controller lists it."""
    name_governors(s)
    fake = s.deploy("fake", answering(word(int(s.manager, 16))))
    every_call(s, fake, by=s.manager, reverts=NOT_VALID)
    s.governance.initialize(fake, by=s.manager, reverts="Must be controller-enabled SetToken")
    s.controller.addFactory(s.owner, by=s.owner)
    s.controller.addSet(fake, by=s.owner)
    # Its answer to every question is an address: no truth value.
    every_call(s, fake, by=s.manager, reverts="")
    s.governance.initialize(fake, by=s.manager, reverts="")
    one = s.deploy("one", answering(word(1)))
    s.controller.addSet(one, by=s.owner)
    nobody = "0x" + "00" * 19 + "01"
    s.governance.initialize(one, by=nobody)
    every_call(s, one, "Nobody", by=nobody, reverts=NO_ADAPTER)
    every_call(s, one, by=nobody, reverts="")
    dirty = s.deploy("dirty", answering(word(int(s.manager, 16) + 2**160)))
    every_call(s, dirty, by=s.manager, reverts="")
    short = s.deploy("short", answering(word(int(s.manager, 16))[:31]))
    every_call(s, short, by=s.manager, reverts="")


@scenario
def names_of_adapters(s: Stage) -> None:
    """Find adapters by the exact name, whatever it consists of."""
    started(s)
    for name in ("", "Nobody", UNISWAP.lower(), UNISWAP + " ", UNISWAP[:-1], "ü" * 30):
        every_call(s, s.set, name, by=s.manager, reverts=NO_ADAPTER)
    for name in ("", "a", "é" * 32, "n" * 32, "n" * 33, "n" * 64):
        s.registry.addIntegration(s.governance, name, s.uniswap_adapter, by=s.owner)
        s.governance.register(s.set, name, by=s.manager)
        s.governance.revoke(s.set, name, by=s.manager)
    s.registry.addIntegration(s.index_module, "Elsewhere", s.uniswap_adapter, by=s.owner)
    every_call(s, s.set, "Elsewhere", by=s.manager, reverts=NO_ADAPTER)


@scenario
def name_beyond_the_bound(s: Stage) -> None:
    """D-22."""
    started(s)
    long = "n" * 65
    bounded = {"reverts": NO_ADAPTER, "ours": "", "differs": "D-22"}
    every_call(s, s.set, long, by=s.manager, **bounded)
    every_call(s, s.set, long, by=s.stranger, reverts=NOT_MANAGER, ours="", differs="D-22")


@scenario
def registry_decides(s: Stage) -> None:
    """Ask the registry that the controller names, at every call."""
    started(s)
    s.registry.editIntegration(s.governance, UNISWAP, s.bravo_adapter, by=s.owner)
    s.governance.register(s.set, UNISWAP, by=s.manager)
    s.registry.removeIntegration(s.governance, UNISWAP, by=s.owner)
    every_call(s, s.set, by=s.manager, reverts=NO_ADAPTER)
    s.put("registry_2", "IntegrationRegistry", s.controller)
    s.controller.removeResource(0, by=s.owner)
    every_call(s, s.set, by=s.manager, reverts="")
    s.controller.addResource(s.registry_2, 0, by=s.owner)
    every_call(s, s.set, by=s.manager, reverts=NO_ADAPTER)
    s.registry_2.addIntegration(s.governance, UNISWAP, s.uniswap_adapter, by=s.owner)
    s.governance.revoke(s.set, UNISWAP, by=s.manager)


@scenario
def dropped_module_cannot_act(s: Stage) -> None:
    """Refuse while the controller does not know the module."""
    started(s)
    s.controller.removeModule(s.governance, by=s.owner)
    every_call(s, s.set, by=s.manager, reverts="Module must be enabled on controller")
    every_call(s, s.set, "Nobody", by=s.manager, reverts=NO_ADAPTER)
    s.controller.addModule(s.governance, by=s.owner)
    s.governance.register(s.set, UNISWAP, by=s.manager)


@scenario
def removed_module_comes_back(s: Stage) -> None:
    """Serve again after removal, and a new initialisation; what was delegated stays so."""
    started(s)
    s.governance.delegate(s.set, UNISWAP, s.heir, by=s.manager)
    s.set.removeModule(s.governance, by=s.manager)
    every_call(s, s.set, by=s.manager, reverts=NOT_VALID)
    pending = "Must be pending initialization"
    s.governance.initialize(s.set, by=s.manager, reverts=pending)
    s.uni_votes.delegates(s.set)
    s.set.addModule(s.governance, by=s.manager)
    every_call(s, s.set, by=s.manager, reverts=NOT_VALID)
    s.governance.initialize(s.set, by=s.manager)
    s.governance.initialize(s.set, by=s.manager, reverts=pending)
    s.governance.revoke(s.set, UNISWAP, by=s.manager)
    s.uni_votes.delegates(s.set)


@scenario
def anybody_may_say_removed(s: Stage) -> None:
    """Do nothing when told of a removal, whoever says so."""
    started(s)
    for caller in (s.stranger, s.manager, s.module, s.set.address):
        s.governance.removeModule(by=caller)
    s.governance.register(s.set, UNISWAP, by=s.manager)


@scenario
def sets_do_not_mix(s: Stage) -> None:
    """Act for the SetToken that was named, with its own manager."""
    started(s)
    s.create([s.uni], [E18], [s.governance], s.heir, called="other")
    s.governance.initialize(s.other, by=s.heir)
    s.governance.delegate(s.set, UNISWAP, s.trader, by=s.manager)
    s.governance.delegate(s.other, UNISWAP, s.keeper, by=s.heir)
    s.uni_votes.delegates(s.set)
    s.uni_votes.delegates(s.other)
    every_call(s, s.other, by=s.manager, reverts=NOT_MANAGER)
    every_call(s, s.set, by=s.heir, reverts=NOT_MANAGER)


@scenario
def second_module_has_its_own_adapters(s: Stage) -> None:
    """Keep the adapters of two governance modules apart."""
    started(s)
    s.put("governance_2", "GovernanceModule", s.controller)
    s.controller.addModule(s.governance_2, by=s.owner)
    s.set.addModule(s.governance_2, by=s.manager)
    s.governance_2.initialize(s.set, by=s.manager)
    s.governance_2.register(s.set, UNISWAP, by=s.manager, reverts=NO_ADAPTER)
    s.registry.addIntegration(s.governance_2, UNISWAP, s.uniswap_adapter, by=s.owner)
    s.governance_2.register(s.set, UNISWAP, by=s.manager)
