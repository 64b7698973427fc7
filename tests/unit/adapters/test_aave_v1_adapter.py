"""The adapter of Aave's first governance, with the real one: votes, power and window."""

import ape
import pytest
from eth_abi import encode

from indexkit import deploy
from indexkit.localnet import addresses, deal, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at

AAVE_V1 = deploy.AAVE_V1_GOVERNANCE
E18 = 10**18
AGAINST, IN_FAVOUR = 2, 1
AAVE_WEIGHT = 100
VOTING, VALIDATING, EXECUTED = 1, 2, 3
LEND = encode(["address"], [addresses.LEND])
NUMBER = 0


@pytest.fixture(scope="module")
def governance():
    """Return Aave's first governance."""
    return contract_at(artifact(protocols.AAVE_V1_GOVERNANCE), addresses.AAVE_V1_GOVERNANCE)


@pytest.fixture(scope="module")
def genesis(accounts):
    """Return who may propose."""
    return accounts.impersonate_account(addresses.DEPLOYER)


@pytest.fixture(scope="module")
def blocks(governance, genesis, owner):
    """Open proposal 0 for the shortest time there is; return the blocks of that."""
    duration = governance.MIN_STATUS_DURATION()
    words = (b"\x01" * 32, b"\x02" * 32)
    terms = (governance.MIN_THRESHOLD(), owner, duration, duration, 2)
    governance.newProposal(*words, *terms, sender=genesis)
    return duration


@pytest.fixture(scope="module")
def adapter(protocol):
    """Return the adapter that the protocol has registered."""
    return protocol.adapters[AAVE_V1]


@pytest.fixture
def decisive(owner):
    """Give the owner AAVE whose votes are more than the threshold."""
    deal(addresses.AAVE, owner, 130_001 * E18)
    return owner


def go_to(block: int) -> None:
    """Let the next transaction be in this block."""
    mine(block - ape.chain.provider.get_block("latest").number - 1)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("support", [True, False])
def test_vote__aave_v1(protocol, set_token, manager, governance, adapter, components, support):
    """The governor counts a hundred for each AAVE held, as the receipt says (R-12)."""
    held = components[2].balanceOf(set_token)
    power = AAVE_WEIGHT * held
    assert adapter.getVotingPower(set_token, NUMBER) == power > 0
    assert adapter.getVotesCast(set_token, NUMBER) == 0
    receipt = protocol.governance.vote(set_token, AAVE_V1, NUMBER, support, b"", sender=manager)
    choice = IN_FAVOUR if support else AGAINST
    call = governance.submitVoteByVoter.encode_input(NUMBER, choice, addresses.AAVE)
    common = {"_setToken": set_token, "_governanceAdapter": adapter, "_proposalId": NUMBER}
    asked = (governance, set_token, protocol.governance)
    emitted = governance.VoteEmitted(
        proposalId=NUMBER,
        voter=set_token,
        vote=choice,
        asset=addresses.AAVE,
        weight=AAVE_WEIGHT,
        balance=held,
    )
    assert [log for log in receipt.events if log.contract_address in asked] == [
        emitted,
        set_token.Invoked(_target=governance, _value=0, _data=call, _returnValue=b""),
        protocol.governance.ProposalVoted(**common, _support=support),
        protocol.governance.VoteReceipt(**common, _votingPower=power),
    ]
    assert adapter.getVotesCast(set_token, NUMBER) == power


@pytest.mark.usefixtures("blocks")
def test_vote__aave_v1__with_another_asset(protocol, set_token, manager, governance, adapter):
    """LEND, named in the data, counts one for one; one vote replaces the other (R-12)."""
    deal(addresses.LEND, set_token, 5 * E18)
    vote = protocol.governance.vote
    vote(set_token, AAVE_V1, NUMBER, True, LEND, sender=manager)
    assert adapter.getVotesCast(set_token, NUMBER) == 5 * E18
    assert list(governance.getVotesData(NUMBER)) == [0, 5 * E18, 0]
    vote(set_token, AAVE_V1, NUMBER, False, b"", sender=manager)
    power = adapter.getVotingPower(set_token, NUMBER)
    assert list(governance.getVotesData(NUMBER)) == [0, 0, power]
    assert adapter.getVotesCast(set_token, NUMBER) == power


@pytest.mark.usefixtures("blocks")
def test_vote__aave_v1__without_power__reverts(protocol, set_token, manager, adapter):
    """Without a balance, or with an asset not listed, the governor itself refuses (I-26)."""
    for data, reason in (
        (LEND, "INVALID_VOTER_BALANCE"),
        (encode(["address"], [addresses.UNI]), "ASSET_NOT_LISTED"),
    ):
        with ape.reverts(reason):
            protocol.governance.vote(set_token, AAVE_V1, NUMBER, True, data, sender=manager)
    assert adapter.getVotesCast(set_token, NUMBER) == 0


@pytest.mark.usefixtures("blocks")
def test_vote__aave_v1__counted_as_nothing__reverts(
    protocol, set_token, manager, owner, governance, mock
):
    """A vote that another governor of this kind counts as nothing is refused (I-26)."""
    registry = protocol.integration_registry
    odd = owner.deploy(mock("ScriptedAdapter"))
    data = governance.submitVoteByVoter.encode_input(NUMBER, IN_FAVOUR, addresses.AAVE)
    odd.script(governance, 0, data, sender=owner)
    odd.tellPower(bytes(32), sender=owner)
    registry.editIntegration(protocol.governance, AAVE_V1, odd, sender=owner)
    with ape.reverts("Vote must carry power"):
        protocol.governance.vote(set_token, AAVE_V1, NUMBER, True, b"", sender=manager)


@pytest.mark.usefixtures("blocks")
def test_get_voting_power__aave_v1__now(adapter, decisive, stranger):
    """There is no snapshot: what is held now counts (R-12, S-179)."""
    aave = token_at(addresses.AAVE)
    assert adapter.getVotingPower(decisive, NUMBER) == AAVE_WEIGHT * aave.balanceOf(decisive)
    assert adapter.getVotingPower(stranger, NUMBER) == 0
    aave.transfer(stranger, 3, sender=decisive)
    assert adapter.getVotingPower(stranger, NUMBER) == 3 * AAVE_WEIGHT


@pytest.mark.parametrize("threshold_met", [True, False])
@pytest.mark.parametrize(("after_start", "after_end"), [(1, None), (None, 0), (None, 1)])
def test_get_proposal_window__aave_v1__as_the_governor(
    adapter, governance, genesis, blocks, owner, stranger, after_start, after_end, threshold_met
):
    """To the last block votes are taken, and later until the threshold is met (R-12)."""
    start, end, in_seconds, is_open = adapter.getProposalWindow(NUMBER)
    assert (end, in_seconds, is_open) == (start + blocks, False, True)
    deal(addresses.AAVE, stranger, 1)
    if threshold_met:
        deal(addresses.AAVE, owner, 130_001 * E18)
        governance.submitVoteByVoter(NUMBER, IN_FAVOUR, addresses.AAVE, sender=owner)
    block = start + after_start if after_end is None else end + after_end
    go_to(block)
    if block == end + 1 and threshold_met:
        governance.tryToMoveToValidating(NUMBER, sender=genesis)
        with ape.reverts("VOTING_STATUS_REQUIRED"):
            governance.submitVoteByVoter(NUMBER, IN_FAVOUR, addresses.AAVE, sender=stranger)
    else:
        governance.submitVoteByVoter(NUMBER, IN_FAVOUR, addresses.AAVE, sender=stranger)
        assert adapter.getVotesCast(stranger, NUMBER) == AAVE_WEIGHT
    open_now = not (threshold_met and block >= end)
    window = (start, end) if open_now else (block, block + blocks)
    assert adapter.getProposalWindow(NUMBER) == (*window, False, open_now)


def test_get_proposal_window__aave_v1__validated_and_executed(
    adapter, governance, blocks, decisive
):
    """Neither while it is validated nor once it is decided is a proposal open (R-12)."""
    governance.submitVoteByVoter(NUMBER, AGAINST, addresses.AAVE, sender=decisive)
    mine(blocks)
    governance.tryToMoveToValidating(NUMBER, sender=decisive)
    assert governance.getProposalBasicData(NUMBER)._proposalStatus == VALIDATING
    assert adapter.getProposalWindow(NUMBER)[3] is False
    mine(blocks)
    governance.resolveProposal(NUMBER, sender=decisive)
    assert governance.getProposalBasicData(NUMBER)._proposalStatus == EXECUTED
    assert adapter.getProposalWindow(NUMBER)[3] is False


def test_get_proposal_window__aave_v1__open_again(adapter, governance, blocks, decisive, stranger):
    """A vote struck off while it is validated opens the voting again, from then on (R-12)."""
    governance.submitVoteByVoter(NUMBER, IN_FAVOUR, addresses.AAVE, sender=decisive)
    mine(blocks)
    governance.tryToMoveToValidating(NUMBER, sender=decisive)
    aave = token_at(addresses.AAVE)
    aave.transfer(stranger, 10 * E18, sender=decisive)
    receipt = governance.challengeVoters(NUMBER, [decisive], sender=stranger)
    assert adapter.getVotesCast(decisive, NUMBER) == 0
    start = receipt.block_number
    assert adapter.getProposalWindow(NUMBER) == (start, start + blocks, False, True)


@pytest.mark.usefixtures("blocks")
def test_get_proposal_window__aave_v1__no_such_proposal__reverts(adapter, stranger):
    """Of a proposal that does not exist nothing can be said (R-12)."""
    for unknown in (1, 2**256 - 1):
        with ape.reverts("No such proposal"):
            adapter.getProposalWindow(unknown)
        with ape.reverts("No such proposal"):
            adapter.getVotingPower(stranger, unknown)


def test_can_abstain__aave_v1(adapter):
    """For or against, nothing else (R-12)."""
    assert adapter.canAbstain() is False


def test_protocol__registers_every_adapter(protocol):
    """The registry knows each adapter under the name it has in the protocol."""
    registry, module = protocol.integration_registry, protocol.governance
    registered = {name: registry.getIntegrationAdapter(module, name) for name in protocol.adapters}
    assert registered == {name: one.address for name, one in protocol.adapters.items()}
    assert set(registered) == {
        *("AaveGovernance", "AaveGovernanceV2", "UniswapGovernance"),
        *("CompoundGovernance", "SnapshotGovernance"),
    }


def test_revoke__snapshot(protocol, set_token, manager, stranger):
    """One delegate for all spaces, then none (R-12)."""
    registry = contract_at(
        artifact(protocols.SNAPSHOT_DELEGATE_REGISTRY), addresses.SNAPSHOT_DELEGATE_REGISTRY
    )
    module, name = protocol.governance, deploy.SNAPSHOT
    assert protocol.adapters[name].delegateRegistry() == registry.address
    module.invoke_transaction("delegate", set_token, name, stranger, sender=manager)
    assert registry.delegation(set_token, bytes(32)) == stranger
    module.revoke(set_token, name, sender=manager)
    assert registry.delegation(set_token, bytes(32)) == "0x" + "00" * 20
