"""IndexCreator: one transaction from nothing to an index that works (R-06)."""

import ape
import pytest

from indexkit import deploy
from indexkit.deploy import module_setup
from indexkit.localnet.artifacts import artifact

ZERO = "0x" + "00" * 20
E18 = 10**18
SET_V2 = "@setprotocol/set-protocol-v2/artifacts/contracts"
FEE = (5 * 10**16, 95 * 10**14)


@pytest.fixture(scope="session")
def free_module(project, owner, protocol):
    """Deploy a SingleIndexModule that serves nobody, whatever other tests have created."""
    return deploy.deploy_index_module(project, owner, protocol)


@pytest.fixture(scope="session")
def setups(protocol, free_module, manager):
    """Return the set-up of every module."""
    fee = (manager.address, *FEE, 0)
    return [
        module_setup(protocol.issuance, "initialize", ZERO),
        module_setup(protocol.streaming_fee, "initialize", fee),
        module_setup(protocol.governance, "initialize"),
        module_setup(free_module, "initialize"),
    ]


@pytest.fixture(scope="session")
def create(project, protocol, components, units, setups, manager, stranger):
    """Return a function that has a stranger create an index of given, else good, arguments."""

    def created(sender=stranger, **changes):
        arguments = {
            "components": components,
            "units": units,
            "setups": setups,
            "manager": manager,
            "name": "Index",
            "symbol": "IDX",
        }
        return protocol.index_creator.create(*(arguments | changes).values(), sender=sender)

    return created


@pytest.fixture(scope="session")
def new_set(project, protocol):
    """Return a function that finds the SetToken a receipt tells of."""

    def found(tx):
        (event,) = tx.events.filter(protocol.index_creator.IndexCreated)
        return project.SetToken.at(event._setToken)

    return found


def plugged(protocol, owner, path, *arguments):
    """Deploy a module of Set V2 and enable it."""
    container = artifact(f"{SET_V2}/protocol/modules/{path}.sol/{path}.json").container()
    deployed = owner.deploy(container, protocol.controller, *arguments)
    protocol.controller.addModule(deployed, sender=owner)
    return deployed


def test_init__names_the_creator_of_set_tokens(protocol):
    """R-06."""
    assert protocol.index_creator.setTokenCreator() == protocol.creator


def test_init__no_creator__reverts(project, owner, stranger):
    """Only code can create SetTokens."""
    with ape.reverts("Creator must exist"):
        owner.deploy(project.IndexCreator, stranger)


def test_create__whole_receipt(create, new_set, protocol, free_module, manager, stranger, chain):
    """R-06, S-040: created, bound, initialised and handed over, in this order; nothing else."""
    tx = create()
    created = new_set(tx)
    assert tx.return_value == created.address
    creator = protocol.index_creator
    initialized = [
        created.ModuleInitialized(_module=module) for module in (*protocol.modules, free_module)
    ]
    # Read again: when it was read first, nobody knew what lies at the SetToken's address.
    assert chain.provider.get_receipt(tx.txn_hash).events == [
        protocol.controller.SetAdded(_setToken=created, _factory=protocol.creator),
        protocol.creator.SetTokenCreated(
            _setToken=created, _manager=creator, _name="Index", _symbol="IDX"
        ),
        *initialized,
        created.ManagerEdited(_newManager=manager, _oldManager=creator),
        creator.IndexCreated(_setToken=created, _manager=manager, _creator=stranger),
    ]


def test_create__state_of_a_new_index(
    create, new_set, protocol, free_module, manager, components, units, chain
):
    """R-06: nothing is left for the manager to initialise, and nothing for anyone else."""
    created = new_set(create())
    assert created.manager() == manager
    assert protocol.controller.isSet(created)
    assert set(created.getModules()) == {
        module.address for module in (*protocol.modules, free_module)
    }
    assert created.getComponents() == components
    assert [created.getDefaultPositionRealUnit(c) for c in components] == units
    assert (created.totalSupply(), created.isLocked()) == (0, False)
    assert free_module.index() == created
    now = chain.blocks.head.timestamp
    assert protocol.streaming_fee.feeStates(created) == (manager, *FEE, now)
    assert protocol.issuance.managerIssuanceHook(created) == ZERO


def test_create__the_creator_keeps_no_power(create, new_set, protocol, manager, free_module):
    """I-20, S-041: afterwards it manages nothing and is no module."""
    created = new_set(create())
    creator = protocol.index_creator
    assert created.manager() != creator
    assert created.moduleStates(creator) == 0
    assert not protocol.controller.isModule(creator)
    assert not protocol.controller.isFactory(creator)
    assert protocol.controller.isFactory(protocol.creator)


def test_create__can_be_issued_at_once(create, new_set, protocol, set_token, issuer, setups):
    """R-06: an index is ready when its transaction is over."""
    # With that index the issuer got a stock of components.
    assert set_token.totalSupply() > 0
    created = new_set(create(setups=setups[:3]))
    protocol.issuance.issue(created, E18, issuer, sender=issuer)
    protocol.issuance.redeem(created, E18, issuer, sender=issuer)
    assert created.totalSupply() == 0


def test_create__third_party_modules(create, new_set, protocol, owner, manager):
    """R-01, R-06: modules of Set V2, with none, five and one further arguments."""
    trade = plugged(protocol, owner, "TradeModule")
    issuance = plugged(protocol, owner, "IssuanceModule")
    rates = (E18 // 10, E18 // 100, E18 // 50, manager.address, ZERO)
    tx = create(
        setups=[
            module_setup(trade, "initialize"),
            module_setup(issuance, "initialize", *rates),
            module_setup(protocol.issuance, "initialize", ZERO),
        ]
    )
    created = new_set(tx)
    assert all(map(created.isInitializedModule, (trade, issuance, protocol.issuance)))
    assert issuance.issuanceSettings(created)[:3] == rates[:3]


def test_create__several_indices_share_modules(create, new_set, setups, manager, stranger):
    """R-06: each is its creator's own; the creator of one cannot touch another (I-23)."""
    first = new_set(create(setups=setups[:3]))
    second = new_set(create(setups=setups[:3], manager=stranger))
    assert (first.manager(), second.manager()) == (manager, stranger)
    assert first.getModules() == second.getModules()


def test_module_setup__is_the_call_without_the_set_token(protocol, create, new_set, manager):
    """The first word is left out; offsets count as in the whole call."""
    fee = (manager.address, *FEE, 0)
    module, selector, arguments = module_setup(protocol.streaming_fee, "initialize", fee)
    whole = protocol.streaming_fee.initialize.encode_input(manager, fee)
    assert module == protocol.streaming_fee
    assert selector + bytes(12) + bytes.fromhex(manager.address[2:]) + arguments == bytes(whole)


def test_create_index__returns_the_set_token(project, protocol, setups, manager, stranger):
    """R-06: the helper of scripts gives the contract."""
    created = deploy.create_index(
        project,
        protocol,
        stranger,
        components=[protocol.controller],
        units=[1],
        setups=setups[:1],
        manager=manager,
        name="One",
        symbol="ONE",
    )
    assert (created.name(), created.manager()) == ("One", manager)
