"""Governance adapters: the same calldata as the original bytecode gives, for any arguments."""

import ape
import pytest
from eth_abi import encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexkit.localnet import addresses, deal, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at

ZERO = "0x" + "00" * 20
NAMES = [
    "AaveGovernanceV2Adapter",
    "CompoundLikeGovernanceAdapter",
    "CompoundBravoGovernanceAdapter",
]
COMPOUND = NAMES[1:]
VOTE = {
    NAMES[0]: "612c56fa",  # submitVote(uint256,bool)
    NAMES[1]: "15373e3d",  # castVote(uint256,bool)
    NAMES[2]: "56781388",  # castVote(uint256,uint8)
}
DELEGATE = "5c19a95c"
ZERO_ADDRESS = "0x538ba4f9"
MAX_PROPOSAL_DATA = 8192
COMPOUND_PROPOSAL = ["address[]", "uint256[]", "string[]", "bytes[]", "string"]
AAVE_PROPOSAL = ["address", "address[]", "uint256[]", "string[]", "bytes[]", "bool[]", "bytes32"]

amounts = st.integers(0, 2**256 - 1)
accounts_ = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
texts = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=40)
each = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("name", NAMES)
def test_get_vote_calldata__plain(ours, name):
    """A call of the governor, worth nothing, with the id and the support (R-12)."""
    for support in (True, False):
        target, value, data = ours[name].getVoteCalldata(7, support, b"")
        governor = addresses.AAVE_GOVERNANCE if name == NAMES[0] else addresses.UNISWAP_GOVERNOR
        assert (target, value) == (governor, 0)
        assert data == bytes.fromhex(VOTE[name]) + encode(["uint256", "bool"], [7, support])


@pytest.mark.parametrize("name", NAMES)
@each
@given(proposal=amounts, support=st.booleans(), data=st.binary(max_size=70))
def test_get_vote_calldata__as_the_original(ours, originals, name, proposal, support, data):
    """For any proposal, choice and data (R-01)."""
    arguments = (proposal, support, data)
    assert ours[name].getVoteCalldata(*arguments) == originals[name].getVoteCalldata(*arguments)


@pytest.mark.parametrize("name", NAMES)
@each
@given(delegatee=accounts_)
def test_get_delegate_calldata__as_the_original(ours, originals, name, delegatee):
    """A call of the token, worth nothing, with the delegatee (R-01)."""
    target, value, data = ours[name].getDelegateCalldata(delegatee)
    token = addresses.AAVE if name == NAMES[0] else addresses.UNI
    assert (target, value) == (token, 0)
    assert data == bytes.fromhex(DELEGATE) + encode(["address"], [delegatee])
    assert originals[name].getDelegateCalldata(delegatee) == (target, value, data)


@pytest.mark.parametrize("name", COMPOUND)
@each
@given(set_token=accounts_)
def test_get_register_calldata__as_the_original(ours, originals, name, set_token):
    """Registering is delegating to oneself, revoking to nobody (R-01, S-180)."""
    registering = ours[name].getRegisterCalldata(set_token)
    assert registering == originals[name].getRegisterCalldata(set_token)
    assert registering == ours[name].getDelegateCalldata(set_token)
    revoking = ours[name].getRevokeCalldata()
    assert revoking == originals[name].getRevokeCalldata()
    assert revoking == ours[name].getDelegateCalldata(ZERO)


@pytest.mark.parametrize("which", ["ours", "originals"])
def test_get_register_calldata__aave__reverts(request, which, stranger):
    """There is nothing to register, in the original's words (R-01, S-180)."""
    adapter = request.getfixturevalue(which)[NAMES[0]]
    with ape.reverts("No register available in AAVE governance"):
        adapter.getRegisterCalldata(stranger)
    with ape.reverts("No revoke available in AAVE governance"):
        adapter.getRevokeCalldata()


@pytest.mark.parametrize("name", COMPOUND)
@each
@given(
    actions=st.lists(st.tuples(accounts_, amounts, texts, st.binary(max_size=100)), max_size=4),
    description=texts,
)
def test_get_propose_calldata__compound__as_the_original(
    ours, originals, name, actions, description
):
    """The governor's own call, whatever is proposed (R-01)."""
    columns = [list(column) for column in zip(*actions, strict=True)] or [[], [], [], []]
    proposal = encode(COMPOUND_PROPOSAL, [*columns, description])
    answer = ours[name].getProposeCalldata(proposal)
    assert answer == originals[name].getProposeCalldata(proposal)
    assert answer[0] == addresses.UNISWAP_GOVERNOR


@each
@given(
    actions=st.lists(
        st.tuples(accounts_, amounts, texts, st.binary(max_size=100), st.booleans()), max_size=4
    ),
    executor=accounts_,
    ipfs=st.binary(min_size=32, max_size=32),
)
def test_get_propose_calldata__aave__as_the_original(ours, originals, actions, executor, ipfs):
    """The governor's own call, whatever is proposed (R-01)."""
    columns = [list(column) for column in zip(*actions, strict=True)] or [[], [], [], [], []]
    proposal = encode(AAVE_PROPOSAL, [executor, *columns, ipfs])
    answer = ours[NAMES[0]].getProposeCalldata(proposal)
    assert answer == originals[NAMES[0]].getProposeCalldata(proposal)
    assert answer[0] == addresses.AAVE_GOVERNANCE


@pytest.mark.parametrize("name", NAMES)
def test_get_propose_calldata__largest(ours, name):
    """Up to the bound data are passed on whole, beyond they are refused (R-12)."""
    data = bytes(i % 253 for i in range(MAX_PROPOSAL_DATA))
    assert ours[name].getProposeCalldata(data)[2][4:] == data
    with ape.reverts():
        ours[name].getProposeCalldata(data + b"\x00")


@pytest.mark.parametrize("name", NAMES)
def test_views__as_the_original(ours, originals, name):
    """Signatures and addresses read the same (R-01)."""
    views = {
        NAMES[0]: ["aaveGovernanceV2", "aaveToken", "VOTE_SIGNATURE"],
        NAMES[1]: ["governorAlpha", "governanceToken"],
        NAMES[2]: ["governorBravo", "governanceToken"],
    }[name]
    for view in [*views, "DELEGATE_SIGNATURE", "PROPOSE_SIGNATURE"]:
        answer = getattr(ours[name], view)()
        assert answer == getattr(originals[name], view)() != ""


@pytest.mark.parametrize("support", [True, False])
def test_get_vote_calldata__bravo_abstain(ours, support):
    """One word 2 abstains, whatever the support (R-12, S-178)."""
    data = encode(["uint256"], [2])
    _, _, calldata = ours[NAMES[2]].getVoteCalldata(5, support, data)
    assert calldata == bytes.fromhex(VOTE[NAMES[2]]) + encode(["uint256", "uint8"], [5, 2])


@pytest.mark.parametrize(
    "data",
    [
        encode(["uint256"], [0]),
        encode(["uint256"], [1]),
        encode(["uint256"], [3]),
        encode(["uint256"], [2 + 2**8]),
        encode(["uint256"], [2])[1:],
        encode(["uint256"], [2]) + b"\x00",
        encode(["uint256", "uint256"], [2, 2]),
        b"\x02",
    ],
)
@pytest.mark.parametrize("support", [True, False])
def test_get_vote_calldata__bravo_other_data(ours, originals, data, support):
    """Nothing else does: it is ignored, as by the original (R-01)."""
    answer = ours[NAMES[2]].getVoteCalldata(5, support, data)
    assert answer == originals[NAMES[2]].getVoteCalldata(5, support, data)


@pytest.mark.parametrize("name", COMPOUND)
def test_zero_address__answers(ours, originals, raw_call, name):
    """A constant whose name this language reserves is answered all the same (R-01)."""
    answer = raw_call(ours[name], ZERO_ADDRESS)
    assert answer == raw_call(originals[name], ZERO_ADDRESS) == "0x" + "00" * 32


@pytest.mark.parametrize("name", COMPOUND)
def test_fallback__unknown_function__reverts(ours, owner, name):
    """Every other unknown function is refused (R-01)."""
    with ape.reverts("Unknown function"):
        owner.transfer(ours[name], 0, data=bytes.fromhex("deadbeef"), gas=10**6)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", ["", "53", "538ba4"])
def test_fallback__no_function__reverts(ours, owner, name, data):
    """Nor is a call without one, or any ether, taken."""
    for value in (0, 1):
        with ape.reverts():
            owner.transfer(ours[name], value, data=bytes.fromhex(data), gas=10**6)


def test_fallback__aave_unknown_function__reverts(ours, owner):
    """Aave's adapter knows no such constant."""
    with ape.reverts():
        owner.transfer(ours[NAMES[0]], 0, data=bytes.fromhex(ZERO_ADDRESS[2:]), gas=10**6)


def test_get_voting_power__at_the_snapshot(ours, owner, stranger):
    """Delegated UNI, or AAVE held, at the proposal's start: later changes do not count (I-26).

    S-175.
    """
    uni = contract_at(artifact(protocols.UNI), addresses.UNI)
    alpha = contract_at(artifact(protocols.GOVERNOR_ALPHA), addresses.UNISWAP_GOVERNOR)
    aave = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    deal(uni, owner, 11 * 10**24)
    deal(addresses.AAVE, owner, 100_000 * 10**18)
    uni.invoke_transaction("delegate", owner, sender=owner)
    mine(2)
    payload = ([ZERO], [0], [""], [b""])
    alpha.propose(*payload, "One", sender=owner)
    aave.create(addresses.AAVE_SHORT_EXECUTOR, *payload, [False], b"\x01" * 32, sender=owner)
    mine(2)
    for token in (uni, token_at(addresses.AAVE)):
        token.transfer(stranger, 10**18, sender=owner)
    mine()
    number = alpha.proposalCount()
    assert ours[NAMES[1]].getVotingPower(owner, number) == 11 * 10**24
    assert ours[NAMES[1]].getVotingPower(stranger, number) == 0
    number = aave.getProposalsCount() - 1
    assert ours[NAMES[0]].getVotingPower(owner, number) == 100_000 * 10**18
    assert ours[NAMES[0]].getVotingPower(stranger, number) == 0

    assert [ours[name].getVotesCast(owner, number) for name in NAMES[:1]] == [0]
    aave.submitVote(number, True, sender=owner)
    assert ours[NAMES[0]].getVotesCast(owner, number) == 100_000 * 10**18
    assert ours[NAMES[0]].getVotesCast(stranger, number) == 0
    number = alpha.proposalCount()
    assert ours[NAMES[1]].getVotesCast(owner, number) == 0
    alpha.castVote(number, False, sender=owner)
    assert ours[NAMES[1]].getVotesCast(owner, number) == 11 * 10**24
    assert ours[NAMES[1]].getVotesCast(stranger, number) == 0


@pytest.mark.parametrize("name", NAMES)
def test_get_voting_power__no_such_proposal__reverts(ours, stranger, name):
    """Of a proposal that does not exist nothing can be said (R-12)."""
    with ape.reverts("No such proposal"):
        ours[name].getVotingPower(stranger, 999)
