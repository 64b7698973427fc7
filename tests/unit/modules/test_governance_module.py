"""GovernanceModule: delegating, registering, proposing, revoking at real governors."""

import ape
import pytest
from eth_abi import encode

from indexkit import deploy
from indexkit.localnet import addresses, deal, mine, protocols
from indexkit.localnet.artifacts import artifact, contract_at

ZERO = "0x" + "00" * 20
AAVE, UNI = deploy.AAVE_GOVERNANCE, deploy.UNISWAP_GOVERNANCE
MAX_PROPOSAL_DATA = 8192
NO_DATA = {
    "delegate": (ZERO,),
    "propose": (b"",),
    "register": (),
    "revoke": (),
    "vote": (1, True, b""),
}
FUNCTIONS = list(NO_DATA)


@pytest.fixture
def governance(protocol):
    """Return the module under test."""
    return protocol.governance


@pytest.fixture(scope="module")
def uni():
    """Return UNI with its votes."""
    return contract_at(artifact(protocols.UNI), addresses.UNI)


@pytest.fixture(scope="module")
def aave():
    """Return AAVE with its delegations."""
    return contract_at(artifact(protocols.AAVE_TOKEN), addresses.AAVE)


@pytest.fixture(scope="module")
def alpha():
    """Return Uniswap's governor."""
    return contract_at(artifact(protocols.GOVERNOR_ALPHA), addresses.UNISWAP_GOVERNOR)


def call(module, function, *arguments, sender):
    """Send a transaction; `delegate` is also the name of something of Ape's own."""
    return module.invoke_transaction(function, *arguments, sender=sender)


def test_initialize__plain(governance, protocol, empty_set, manager, logs):
    """The module is initialised on the SetToken (R-12)."""
    receipt = governance.initialize(empty_set, sender=manager)
    assert logs(receipt, empty_set, governance) == [empty_set.ModuleInitialized(_module=governance)]
    assert empty_set.isInitializedModule(governance)
    assert governance.controller() == protocol.controller


def test_initialize__checks__reverts(
    governance, protocol, empty_set, set_token, owner, manager, stranger
):
    """The manager's, pending there, and known to the controller (I-20)."""
    with ape.reverts("Must be the SetToken manager"):
        governance.initialize(empty_set, sender=stranger)
    with ape.reverts("Must be pending initialization"):
        governance.initialize(set_token, sender=manager)
    protocol.controller.removeSet(empty_set, sender=owner)
    with ape.reverts("Must be controller-enabled SetToken"):
        governance.initialize(empty_set, sender=manager)


def test_remove_module__plain(governance, set_token, manager):
    """Nothing stays behind, and it can come back (I-18)."""
    set_token.removeModule(governance, sender=manager)
    with ape.reverts("Must be a valid and initialized SetToken"):
        governance.register(set_token, UNI, sender=manager)
    set_token.addModule(governance, sender=manager)
    governance.initialize(set_token, sender=manager)
    governance.register(set_token, UNI, sender=manager)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function__not_manager__reverts(governance, set_token, stranger, function):
    """Only the manager may (I-20, S-165)."""
    with ape.reverts("Must be the SetToken manager"):
        call(governance, function, set_token, UNI, *NO_DATA[function], sender=stranger)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function__pending__reverts(governance, empty_set, manager, function):
    """Not before the module is initialised (I-10, S-165)."""
    with ape.reverts("Must be a valid and initialized SetToken"):
        call(governance, function, empty_set, UNI, *NO_DATA[function], sender=manager)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("name", ["Unknown", "", "uniswapGovernance", "U" * 64])
def test_function__unknown_governance__reverts(governance, set_token, manager, function, name):
    """Adapters are known by their exact names (R-12, S-167)."""
    with ape.reverts("Must be valid adapter"):
        call(governance, function, set_token, name, *NO_DATA[function], sender=manager)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function__adapter_removed__reverts(
    governance, protocol, set_token, owner, manager, function
):
    """What the registry forgets cannot be called any more (R-12, S-167)."""
    protocol.integration_registry.removeIntegration(governance, UNI, sender=owner)
    with ape.reverts("Must be valid adapter"):
        call(governance, function, set_token, UNI, *NO_DATA[function], sender=manager)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function__name_too_long__reverts(governance, set_token, manager, function):
    """A name longer than any that can be registered is refused."""
    with ape.reverts():
        call(governance, function, set_token, "U" * 65, *NO_DATA[function], sender=manager)


def test_delegate__uniswap(governance, protocol, set_token, manager, stranger, uni, logs):
    """The SetToken's UNI count for the delegatee (R-12)."""
    receipt = call(governance, "delegate", set_token, UNI, stranger, sender=manager)
    assert logs(receipt, set_token, governance) == [
        set_token.Invoked(_target=uni, _value=0, _data=delegation(stranger), _returnValue=b""),
        governance.VoteDelegated(
            _setToken=set_token, _governanceAdapter=protocol.uniswap_adapter, _delegatee=stranger
        ),
    ]
    assert uni.delegates(set_token) == stranger
    assert uni.getCurrentVotes(stranger) == uni.balanceOf(set_token) > 0


def test_delegate__aave(governance, protocol, set_token, manager, stranger, aave, logs):
    """The SetToken's AAVE count for the delegatee, votes and propositions (R-12)."""
    receipt = call(governance, "delegate", set_token, AAVE, stranger, sender=manager)
    assert logs(receipt, set_token, governance) == [
        set_token.Invoked(_target=aave, _value=0, _data=delegation(stranger), _returnValue=b""),
        governance.VoteDelegated(
            _setToken=set_token, _governanceAdapter=protocol.aave_adapter, _delegatee=stranger
        ),
    ]
    held = aave.balanceOf(set_token)
    assert [aave.getPowerCurrent(stranger, kind) for kind in (0, 1)] == [held, held]


def delegation(to):
    """Return the calldata of delegate(address)."""
    return bytes.fromhex("5c19a95c") + encode(["address"], [to.address])


def test_register__uniswap(governance, protocol, set_token, manager, uni, logs):
    """The SetToken's own UNI begin to count (R-12)."""
    assert uni.getCurrentVotes(set_token) == 0
    receipt = governance.register(set_token, UNI, sender=manager)
    assert logs(receipt, set_token, governance) == [
        set_token.Invoked(_target=uni, _value=0, _data=delegation(set_token), _returnValue=b""),
        governance.RegistrationSubmitted(
            _setToken=set_token, _governanceAdapter=protocol.uniswap_adapter
        ),
    ]
    assert uni.getCurrentVotes(set_token) == uni.balanceOf(set_token)


class Nobody:
    """The empty address, where an account is expected."""

    address = ZERO


def test_revoke__uniswap(governance, protocol, set_token, manager, uni, logs):
    """The SetToken's UNI count for nobody again (R-12)."""
    governance.register(set_token, UNI, sender=manager)
    receipt = governance.revoke(set_token, UNI, sender=manager)
    assert logs(receipt, set_token, governance) == [
        set_token.Invoked(_target=uni, _value=0, _data=delegation(Nobody), _returnValue=b""),
        governance.RegistrationRevoked(
            _setToken=set_token, _governanceAdapter=protocol.uniswap_adapter
        ),
    ]
    assert uni.getCurrentVotes(set_token) == 0
    assert uni.delegates(set_token) == ZERO


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("register", "No register available in AAVE governance"),
        ("revoke", "No revoke available in AAVE governance"),
    ],
)
def test_register__aave__reverts(governance, set_token, manager, function, reason):
    """AAVE counts by itself: there is nothing to register (R-12)."""
    with ape.reverts(reason):
        call(governance, function, set_token, AAVE, sender=manager)


def test_propose__uniswap(governance, protocol, set_token, manager, uni, alpha, logs):
    """The SetToken proposes with votes delegated to it (R-12)."""
    deal(uni, set_token, 11 * 10**24)
    governance.register(set_token, UNI, sender=manager)
    mine()
    proposal = encode(
        ["address[]", "uint256[]", "string[]", "bytes[]", "string"],
        [[uni.address], [0], ["mint(address,uint256)"], [b"\x01" * 70], "Mint some more"],
    )
    receipt = governance.propose(set_token, UNI, proposal, sender=manager)
    number = alpha.proposalCount()
    invoked, created = logs(receipt, set_token, governance)
    assert (invoked._target, invoked._value) == (alpha, 0)
    assert invoked._data[4:] == proposal
    assert int.from_bytes(invoked._returnValue) == number
    assert created == governance.ProposalCreated(
        _setToken=set_token,
        _governanceAdapter=protocol.uniswap_adapter,
        _proposalData=proposal,
    )
    assert alpha.proposals(number)[1] == set_token
    assert alpha.getActions(number)[0] == [uni]


def test_propose__aave(governance, protocol, set_token, manager, aave, logs):
    """The SetToken proposes with the AAVE it holds (R-12)."""
    deal(aave, set_token, 100_000 * 10**18)
    mine()
    proposal = encode(
        ["address", "address[]", "uint256[]", "string[]", "bytes[]", "bool[]", "bytes32"],
        [
            addresses.AAVE_SHORT_EXECUTOR,
            [aave.address],
            [0],
            ["transfer(address,uint256)"],
            [b"\x02" * 64],
            [False],
            b"\x03" * 32,
        ],
    )
    receipt = governance.propose(set_token, AAVE, proposal, sender=manager)
    governor = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    invoked, created = logs(receipt, set_token, governance)
    assert (invoked._target, invoked._value, invoked._data[4:]) == (governor, 0, proposal)
    assert created == governance.ProposalCreated(
        _setToken=set_token, _governanceAdapter=protocol.aave_adapter, _proposalData=proposal
    )
    made = governor.getProposalById(governor.getProposalsCount() - 1)
    assert (made.creator, made.targets, made.ipfsHash) == (set_token, [aave], b"\x03" * 32)


def test_propose__without_power__reverts(governance, set_token, manager):
    """The governor's own words come through (I-25)."""
    proposal = encode(
        ["address[]", "uint256[]", "string[]", "bytes[]", "string"], [[ZERO], [0], [""], [b""], ""]
    )
    with ape.reverts("GovernorAlpha::propose: proposer votes below proposal threshold"):
        governance.propose(set_token, UNI, proposal, sender=manager)


@pytest.mark.parametrize("length", [MAX_PROPOSAL_DATA - 1, MAX_PROPOSAL_DATA])
def test_propose__largest_data(governance, protocol, set_token, owner, manager, mock, logs, length):
    """Up to the bound, data arrive whole (R-12)."""
    adapter = owner.deploy(mock("ScriptedAdapter"))
    adapter.script(set_token, 0, set_token.totalSupply.encode_input(), sender=owner)
    protocol.integration_registry.addIntegration(governance, "Scripted", adapter, sender=owner)
    data = bytes(i % 251 for i in range(length))
    receipt = governance.propose(set_token, "Scripted", data, sender=manager)
    assert logs(receipt, governance) == [
        governance.ProposalCreated(
            _setToken=set_token, _governanceAdapter=adapter, _proposalData=data
        )
    ]


def test_propose__data_too_long__reverts(governance, set_token, manager):
    """Beyond the bound they are refused, not cut (R-12, S-170)."""
    with ape.reverts():
        governance.propose(set_token, UNI, b"\x01" * (MAX_PROPOSAL_DATA + 1), sender=manager)
