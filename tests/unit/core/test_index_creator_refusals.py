"""IndexCreator against strangers, careless creators and hostile modules (V-5, I-20, I-22)."""

import ape
import pytest
import rlp
from eth_abi import encode
from eth_utils import keccak, to_checksum_address

from indexkit.deploy import module_setup

ZERO = "0x" + "00" * 20
E18 = 10**18
SELECTOR = bytes.fromhex("12345678")
LAUNCH = bytes(64)


@pytest.fixture
def hostile(owner, mock, protocol):
    """Deploy an enabled module that does as it is asked."""
    deployed = owner.deploy(mock("SetupModule"))
    protocol.controller.addModule(deployed, sender=owner)
    return deployed


@pytest.fixture(scope="session")
def create(protocol, addresses, manager, stranger):
    """Return a function that has a stranger create an index of given, else good, arguments."""

    def created(*setups, sender=stranger, gas_limit=None, **changes):
        arguments = {
            "components": addresses[:2],
            "units": [E18, 1],
            "setups": setups or [module_setup(protocol.governance, "initialize")],
            "manager": manager,
            "name": "Index",
            "symbol": "IDX",
        }
        limit = {"gas_limit": gas_limit} if gas_limit else {}
        return protocol.index_creator.create(
            *(arguments | changes).values(), sender=sender, **limit
        )

    return created


@pytest.fixture(scope="session")
def new_set(project, protocol):
    """Return a function that finds the SetToken a receipt tells of."""

    def found(tx):
        (event,) = tx.events.filter(protocol.index_creator.IndexCreated)
        return project.SetToken.at(event._setToken)

    return found


def word(account):
    """Return an account as an ABI word."""
    return encode(["address"], [account.address])


# ---------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"manager": ZERO}, "Manager must not be empty"),
        ({"components": []}, "Must have at least 1 component"),
        ({"units": [1]}, "Component and unit lengths must be the same"),
        ({"units": [1, 0]}, "Units must be greater than 0"),
        ({"setups": []}, "Must have at least 1 module"),
    ],
)
def test_create__bad_arguments__reverts(create, changes, reason):
    """R-06: the rules are those of the creator of SetTokens."""
    with ape.reverts(reason):
        create(**changes)


def test_create__creator_as_manager__reverts(create, protocol):
    """I-20: no index is left to a contract that serves anyone."""
    with ape.reverts("Manager must not be the creator"):
        create(manager=protocol.index_creator)


def test_create__too_many_setups__reverts(create, hostile):
    """R-06, S-046: sixteen setups at most; more do not decode."""
    with ape.reverts():
        create(*[(hostile, SELECTOR, b"")] * 17)


def test_create__arguments_at_the_bound(create, new_set, hostile):
    """R-06, S-046: 1,024 bytes of arguments arrive; one more does not decode."""
    assert new_set(create((hostile, SELECTOR, bytes(1024)))).isInitializedModule(hostile)
    with ape.reverts():
        create((hostile, SELECTOR, bytes(1025)))


# ---------------------------------------------------------------- what it may call


def test_create__calls_with_the_set_token_first(create, new_set, hostile, protocol):
    """R-06, S-042: selector, SetToken, arguments; as the SetToken's manager."""
    created = new_set(create((hostile, SELECTOR, word(protocol.controller) + LAUNCH)))
    assert hostile.received() == SELECTOR + word(created) + word(protocol.controller) + bytes(32)
    assert hostile.caller() == protocol.index_creator


def test_create__module_not_enabled__reverts(create, protocol, hostile, owner):
    """I-20, S-042: only what the controller's owner enabled is ever called."""
    protocol.controller.removeModule(hostile, sender=owner)
    with ape.reverts("Must be enabled module"):
        create((hostile, SELECTOR, b""))


@pytest.mark.parametrize("name", ["controller", "creator", "index_creator", "integration_registry"])
def test_create__system_contract_as_target__reverts(create, protocol, name):
    """I-20: neither the controller nor the creators are reached in the creator's name."""
    with ape.reverts("Must be enabled module"):
        create((getattr(protocol, name), SELECTOR, b""))


def test_create__existing_set_as_target__reverts(create, set_token):
    """I-23: another SetToken cannot be called through the creator."""
    selector = bytes(set_token.setManager.encode_input(ZERO))[:4]
    with ape.reverts("Must be enabled module"):
        create((set_token, selector, b""))


def test_create__module_named_twice__reverts(create, hostile, stranger):
    """I-20, S-042: a second call, of any function, in the name of the manager is refused."""
    hostile.adopt("takes any call", sender=stranger)
    with ape.reverts("Module must be pending"):
        create((hostile, SELECTOR, b""), (hostile, SELECTOR, b""))


def test_create__does_not_initialise__reverts(create, hostile, stranger):
    """R-06, S-043: a module that is still pending could be bound by somebody else later."""
    hostile.adopt("does nothing", sender=stranger)
    with ape.reverts("Module must be initialized"):
        create((hostile, SELECTOR, b""))


def test_create__function_that_does_not_initialise__reverts(create, protocol):
    """I-20: of a real module, too, nothing but the initialisation can be reached."""
    selector = bytes(protocol.streaming_fee.removeModule.encode_input())[:4]
    with ape.reverts("Module must be initialized"):
        create((protocol.streaming_fee, selector, b""))


def test_create__account_as_module__reverts(create, protocol, module, owner):
    """R-06: an account that is enabled as a module answers nothing and initialises nothing."""
    if not protocol.controller.isModule(module):
        protocol.controller.addModule(module, sender=owner)
    with ape.reverts("Module must be initialized"):
        create((module, SELECTOR, b""))


def test_create__module_refuses__reason_comes_through(create, hostile, stranger, protocol, manager):
    """R-06, S-040: the module's reason is the creation's."""
    hostile.adopt("reverts with a reason", sender=stranger)
    with ape.reverts("Not today"):
        create((hostile, SELECTOR, b""))
    fee = (manager.address, 1, 2, 0)
    with ape.reverts("Fee must be <= max."):
        create(module_setup(protocol.streaming_fee, "initialize", fee))


def test_create__module_refuses_in_silence__reverts(create, hostile, stranger):
    """R-06: no reason is none."""
    hostile.adopt("reverts without reason", sender=stranger)
    with ape.reverts():
        create((hostile, SELECTOR, b""))


def test_create__module_locks__reverts(create, hostile, stranger):
    """R-06, S-045: an index that only a module could unlock is not handed over."""
    hostile.adopt("locks", sender=stranger)
    with ape.reverts("Only when unlocked"):
        create((hostile, SELECTOR, b""))


# ---------------------------------------------------------------- re-entrance


def test_create__re_entered__is_refused(create, new_set, hostile, protocol, addresses, stranger):
    """I-22: nobody creates inside a creation."""
    setup = module_setup(protocol.governance, "initialize")
    arguments = (addresses[:1], [1], [setup], stranger, "In", "IN")
    hostile.callBack(
        protocol.index_creator,
        protocol.index_creator.create.encode_input(*arguments),
        sender=stranger,
    )
    created = new_set(create((hostile, SELECTOR, b"")))
    assert not hostile.succeeded()
    assert created.isInitializedModule(hostile)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("setManager", ("stranger",)), ("addModule", ("module",)), ("removeModule", ("governance",))],
)
def test_create__module_acts_as_manager__is_refused(
    create, new_set, hostile, protocol, set_token, stranger, module, manager, function, arguments
):
    """I-20: what is called in the middle of a creation is not the manager."""
    named = {"stranger": stranger, "module": module, "governance": protocol.governance}
    call = getattr(set_token, function).encode_input(*(named[a] for a in arguments))
    hostile.callBack(ZERO, call, sender=stranger)
    governance = module_setup(protocol.governance, "initialize")
    created = new_set(create(governance, (hostile, SELECTOR, b"")))
    assert not hostile.succeeded()
    assert b"Only manager can call" in bytes(hostile.answer())
    assert created.manager() == manager


def test_create__module_initialises_another_early__reverts(
    create, hostile, protocol, addresses, stranger, chain
):
    """V-5: in the middle of a creation nobody else initialises a module of the new SetToken."""
    created = ape.convert(protocol.creator, ape.types.AddressType)
    nonce = chain.provider.get_nonce(created)
    coming = _created_by(created, nonce)
    call = protocol.governance.initialize.encode_input(coming)
    hostile.callBack(protocol.governance, call, sender=stranger)
    create((hostile, SELECTOR, b""), module_setup(protocol.governance, "initialize"))
    assert not hostile.succeeded()
    assert b"Must be the SetToken manager" in bytes(hostile.answer())


def _created_by(address, nonce):
    return to_checksum_address(keccak(rlp.encode([bytes.fromhex(address[2:]), nonce]))[-20:])


# ---------------------------------------------------------------- reserved modules


def test_create__reserved_for_the_caller(create, new_set, hostile, manager):
    """V-5: who a module is reserved for may create with it."""
    hostile.reserve(word(manager), sender=manager)
    assert new_set(create((hostile, SELECTOR, b""), sender=manager)).isInitializedModule(hostile)


def test_create__reserved_for_someone_else__reverts(create, hostile, manager, stranger):
    """V-5, S-044: a stranger cannot bind it through the creator, for himself or for its owner."""
    hostile.reserve(word(manager), sender=manager)
    for owner in (stranger, manager):
        with ape.reverts("Module is reserved"):
            create((hostile, SELECTOR, b""), manager=owner)


def test_create__reserved_among_others__reverts(create, hostile, protocol, manager):
    """V-5: each module is asked, wherever it stands in the list."""
    hostile.reserve(word(manager), sender=manager)
    with ape.reverts("Module is reserved"):
        create(module_setup(protocol.governance, "initialize"), (hostile, SELECTOR, b""))


@pytest.mark.parametrize("habit", ["", "fails to answer"])
def test_create__module_that_knows_no_reservation(create, new_set, hostile, stranger, habit):
    """R-01: modules of Set V2 fail, or answer nothing, and are open to anyone."""
    hostile.adopt(habit, sender=stranger)
    assert new_set(create((hostile, SELECTOR, b""))).isInitializedModule(hostile)


@pytest.mark.parametrize("answer", [bytes(32), bytes(20), bytes(4000), b"\xff" * 31])
def test_create__answers_that_reserve_nothing(create, new_set, hostile, stranger, answer):
    """V-5: zero reserves for nobody; less than a word is no answer; more is not looked at.

    S-044.
    """
    hostile.reserve(answer, sender=stranger)
    assert new_set(create((hostile, SELECTOR, b""))).isInitializedModule(hostile)


@pytest.mark.parametrize("high", [1, 2**95])
def test_create__reservation_that_is_no_address__reverts(create, hostile, stranger, high):
    """V-5: bits above an address are not cut off; such a module is nobody's."""
    answer = (high << 160 | int(stranger.address, 16)).to_bytes(32, "big")
    hostile.reserve(answer, sender=stranger)
    with ape.reverts("Module is reserved"):
        create((hostile, SELECTOR, b""))


def test_create__endless_answers__are_not_copied(create, hostile, chain):
    """I-19: of answers of a megabyte, to both calls, at most one word is copied."""
    # PUSH3 0x100000, PUSH0, RETURN
    chain.provider.set_code(hostile.address, bytes.fromhex("621000005ff3"))
    with ape.reverts("Module must be initialized"):
        create((hostile, SELECTOR, b""), gas_limit=15_000_000)
