"""GovernanceModule: votes, read back from the real governors that counted them."""

import ape
import pytest
from ape import project
from eth_abi import encode

from indexkit.deploy import AAVE_GOVERNANCE, UNISWAP_GOVERNANCE
from indexkit.localnet import addresses, deal, mine, protocols
from indexkit.localnet.artifacts import artifact, contract_at

BRAVO = "Bravo"
COMPOUND = "@setprotocol/set-protocol-v2/external/abi/compound"
PAYLOAD = ([addresses.UNI], [0], ["transfer(address,uint256)"], [b"\x01" * 64])
AGAINST, IN_FAVOUR, ABSTAIN = 0, 1, 2
DAY_S = 86_400
E18 = 10**18

pytestmark = pytest.mark.usefixtures(
    "alpha_proposal", "aave_proposal", "bravo_proposal", "scripted"
)


@pytest.fixture(scope="module")
def uni():
    """Return UNI with its votes."""
    return contract_at(artifact(protocols.UNI), addresses.UNI)


@pytest.fixture(scope="module")
def electorate(protocol, set_token, manager, issuer, owner, uni):
    """Let the SetToken's UNI count, and give the issuer and the owner enough to propose."""
    protocol.governance.register(set_token, UNISWAP_GOVERNANCE, sender=manager)
    for proposer in (issuer, owner):
        deal(uni, proposer, 11 * 10**24)
        deal(addresses.AAVE, proposer, 100_000 * E18)
        uni.invoke_transaction("delegate", proposer, sender=proposer)
    mine(2)
    return issuer


@pytest.fixture(scope="module")
def alpha():
    """Return Uniswap's governor."""
    return contract_at(artifact(protocols.GOVERNOR_ALPHA), addresses.UNISWAP_GOVERNOR)


@pytest.fixture(scope="module")
def alpha_proposal(electorate, alpha):
    """Open a vote at Uniswap's governor."""
    alpha.propose(*PAYLOAD, "One", sender=electorate)
    mine(2)
    return alpha.proposalCount()


@pytest.fixture(scope="module")
def aave_governor():
    """Return Aave's governor."""
    return contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)


@pytest.fixture(scope="module")
def aave_proposal(electorate, aave_governor):
    """Open a vote at Aave's governor."""
    executor = addresses.AAVE_SHORT_EXECUTOR
    aave_governor.create(executor, *PAYLOAD, [False], b"\x01" * 32, sender=electorate)
    mine()
    return aave_governor.getProposalsCount() - 1


@pytest.fixture(scope="module")
def bravo(electorate, protocol, owner, accounts, uni, alpha):
    """Deploy the real Governor Bravo over UNI, and register its adapter."""
    timelock = owner.deploy(
        artifact(f"{COMPOUND}/CompoundTimelock.json").container(), owner, 2 * DAY_S
    )
    delegate = artifact(f"{COMPOUND}/CompoundGovernorBravoDelegate.json")
    delegator = owner.deploy(
        artifact(f"{COMPOUND}/CompoundGovernorBravoDelegator.json").container(),
        timelock,
        uni,
        owner,
        owner.deploy(delegate.container()),
        5_760,
        1,
        50_000 * E18,
    )
    timelock.setPendingAdmin(delegator, sender=accounts.impersonate_account(timelock.address))
    governor = contract_at(delegate, delegator.address)
    governor._initiate(alpha, sender=owner)
    adapter = owner.deploy(project.CompoundBravoGovernanceAdapter, governor, uni)
    registry = protocol.integration_registry
    registry.addIntegration(protocol.governance, BRAVO, adapter, sender=owner)
    return governor


@pytest.fixture(scope="module")
def bravo_proposal(bravo, electorate):
    """Open a vote at Governor Bravo."""
    bravo.propose(*PAYLOAD, "Two", sender=electorate)
    mine(3)
    return bravo.initialProposalId() + 1


def receipt_logs(module, set_token, adapter, proposal, support, power):
    """Return what the module logs of a vote whose power is known."""
    common = {"_setToken": set_token, "_governanceAdapter": adapter, "_proposalId": proposal}
    return [
        module.ProposalVoted(**common, _support=support),
        module.VoteReceipt(**common, _votingPower=power),
    ]


@pytest.mark.parametrize("support", [True, False])
def test_vote__uniswap(protocol, set_token, manager, uni, alpha, alpha_proposal, logs, support):
    """The governor counts the SetToken's UNI as the receipt says (R-12, S-168)."""
    power = uni.balanceOf(set_token)
    deal(uni, set_token, E18)
    receipt = protocol.governance.vote(
        set_token, UNISWAP_GOVERNANCE, alpha_proposal, support, b"", sender=manager
    )
    invoked, *rest = logs(receipt, set_token, protocol.governance)
    data = alpha.castVote.encode_input(alpha_proposal, support)
    assert invoked == set_token.Invoked(_target=alpha, _value=0, _data=data, _returnValue=b"")
    assert rest == receipt_logs(
        protocol.governance, set_token, protocol.uniswap_adapter, alpha_proposal, support, power
    )
    counted = alpha.getReceipt(alpha_proposal, set_token)
    assert (counted.hasVoted, counted.support, counted.votes) == (True, support, power)


@pytest.mark.parametrize("support", [True, False])
def test_vote__aave(
    protocol, set_token, manager, components, aave_governor, aave_proposal, logs, support
):
    """The governor counts the AAVE held when the proposal started, not what came later (I-26)."""
    power = components[2].balanceOf(set_token)
    deal(components[2], set_token, E18)
    receipt = protocol.governance.vote(
        set_token, AAVE_GOVERNANCE, aave_proposal, support, b"ignored", sender=manager
    )
    invoked, *rest = logs(receipt, set_token, protocol.governance)
    data = aave_governor.submitVote.encode_input(aave_proposal, support)
    assert invoked == set_token.Invoked(
        _target=aave_governor, _value=0, _data=data, _returnValue=b""
    )
    assert rest == receipt_logs(
        protocol.governance, set_token, protocol.aave_adapter, aave_proposal, support, power
    )
    counted = aave_governor.getVoteOnProposal(aave_proposal, set_token)
    assert (counted.support, counted.votingPower) == (support, power)


@pytest.mark.parametrize(
    ("support", "data", "choice"),
    [
        (True, b"", IN_FAVOUR),
        (False, b"", AGAINST),
        (True, encode(["uint256"], [2]), ABSTAIN),
        (False, encode(["uint256"], [2]), ABSTAIN),
    ],
)
def test_vote__bravo(
    protocol, set_token, manager, uni, bravo, bravo_proposal, logs, support, data, choice
):
    """In favour, against, and (through the data) abstaining (R-12)."""
    power = uni.balanceOf(set_token)
    receipt = protocol.governance.vote(
        set_token, BRAVO, bravo_proposal, support, data, sender=manager
    )
    adapter = protocol.integration_registry.getIntegrationAdapter(protocol.governance, BRAVO)
    assert logs(receipt, protocol.governance) == receipt_logs(
        protocol.governance, set_token, adapter, bravo_proposal, support, power
    )
    counted = bravo.getReceipt(bravo_proposal, set_token)
    assert (counted.hasVoted, counted.support, counted.votes) == (True, choice, power)


def test_vote__twice__reverts(protocol, set_token, manager, alpha_proposal):
    """One cast per proposal, by the governor's own rule (I-26)."""
    vote = (set_token, UNISWAP_GOVERNANCE, alpha_proposal, True, b"")
    protocol.governance.vote(*vote, sender=manager)
    with ape.reverts("GovernorAlpha::_castVote: voter already voted"):
        protocol.governance.vote(*vote, sender=manager)


def test_vote__before_the_window__reverts(protocol, set_token, electorate, owner, alpha, manager):
    """Power cannot be known before the snapshot: the governor has the last word (I-26)."""
    alpha.propose(*PAYLOAD, "Early", sender=owner)
    with ape.reverts("GovernorAlpha::_castVote: voting is closed"):
        protocol.governance.vote(
            set_token, UNISWAP_GOVERNANCE, alpha.proposalCount(), True, b"", sender=manager
        )


def test_vote__without_power_at_uniswap__reverts(
    protocol, set_token, electorate, owner, alpha, uni, manager
):
    """Registered too late: the votes of the snapshot count, and there are none (R-12, I-26)."""
    protocol.governance.revoke(set_token, UNISWAP_GOVERNANCE, sender=manager)
    alpha.propose(*PAYLOAD, "Late", sender=owner)
    mine(2)
    protocol.governance.register(set_token, UNISWAP_GOVERNANCE, sender=manager)
    mine()
    assert uni.getCurrentVotes(set_token) > 0
    with ape.reverts("Vote must carry power"):
        protocol.governance.vote(
            set_token, UNISWAP_GOVERNANCE, alpha.proposalCount(), True, b"", sender=manager
        )


def test_vote__without_power_at_aave__reverts(
    protocol, set_token, electorate, aave_governor, stranger, manager
):
    """Delegated away before the snapshot (R-12)."""
    protocol.governance.invoke_transaction(
        "delegate", set_token, AAVE_GOVERNANCE, stranger, sender=manager
    )
    mine()
    executor = addresses.AAVE_SHORT_EXECUTOR
    aave_governor.create(executor, *PAYLOAD, [False], b"\x02" * 32, sender=electorate)
    mine()
    with ape.reverts("Vote must carry power"):
        protocol.governance.vote(
            set_token,
            AAVE_GOVERNANCE,
            aave_governor.getProposalsCount() - 1,
            True,
            b"",
            sender=manager,
        )


def test_vote__no_such_proposal_at_aave__reverts(protocol, set_token, manager):
    """Nothing is known of its power: the governor has the last word (I-25)."""
    with ape.reverts("INVALID_PROPOSAL_ID"):
        protocol.governance.vote(set_token, AAVE_GOVERNANCE, 999, True, b"", sender=manager)


def test_vote__no_such_proposal_at_uniswap__reverts(protocol, set_token, manager):
    """Nor here: what it does not know it leaves to the governor (I-25)."""
    with ape.reverts("GovernorAlpha::state: invalid proposal id"):
        protocol.governance.vote(set_token, UNISWAP_GOVERNANCE, 999, True, b"", sender=manager)


def test_vote__original_adapter(
    protocol, original, set_token, owner, manager, uni, alpha, alpha_proposal, logs
):
    """Set V2's own adapter, which cannot tell the power, works as it did: no receipt (R-01).

    S-169.
    """
    path = "protocol/integration/governance/CompoundLikeGovernanceAdapter.sol"
    adapter = owner.deploy(original(f"{path}/CompoundLikeGovernanceAdapter.json"), alpha, uni)
    registry = protocol.integration_registry
    registry.editIntegration(protocol.governance, UNISWAP_GOVERNANCE, adapter, sender=owner)
    receipt = protocol.governance.vote(
        set_token, UNISWAP_GOVERNANCE, alpha_proposal, True, b"", sender=manager
    )
    assert logs(receipt, protocol.governance) == [
        protocol.governance.ProposalVoted(
            _setToken=set_token,
            _governanceAdapter=adapter,
            _proposalId=alpha_proposal,
            _support=True,
        )
    ]
    assert alpha.getReceipt(alpha_proposal, set_token).votes == uni.balanceOf(set_token)


@pytest.fixture(scope="module")
def scripted(protocol, set_token, owner, mock):
    """Register an adapter that answers what the test tells it."""
    adapter = owner.deploy(mock("ScriptedAdapter"))
    registry = protocol.integration_registry
    registry.addIntegration(protocol.governance, "Scripted", adapter, sender=owner)
    adapter.script(set_token, 0, set_token.totalSupply.encode_input(), sender=owner)
    return adapter


@pytest.mark.parametrize(
    ("answer", "power"),
    [
        (encode(["uint256"], [1]), 1),
        (encode(["uint256"], [2**256 - 1]), 2**256 - 1),
        (b"", None),
        (b"\x01" * 31, None),
    ],
)
def test_vote__answers_about_power(
    protocol, set_token, owner, manager, scripted, logs, answer, power
):
    """One word is a power; anything shorter is no answer, and the vote goes ahead (R-01, S-169)."""
    scripted.tellPower(answer, sender=owner)
    receipt = protocol.governance.vote(set_token, "Scripted", 7, False, b"", sender=manager)
    expected = receipt_logs(protocol.governance, set_token, scripted, 7, False, power)
    assert logs(receipt, protocol.governance) == expected[: 1 if power is None else 2]


def test_vote__zero_power_answered__reverts(protocol, set_token, owner, manager, scripted):
    """Zero is an answer, and an error (R-12, S-168)."""
    scripted.tellPower(encode(["uint256"], [0]), sender=owner)
    with ape.reverts("Vote must carry power"):
        protocol.governance.vote(set_token, "Scripted", 7, False, b"", sender=manager)


@pytest.mark.parametrize("function", ["delegate", "propose", "register", "revoke", "vote"])
def test_function__calls_what_the_adapter_said(
    protocol, set_token, owner, manager, mock, scripted, logs, function
):
    """Target, value and data, unchanged (I-25, S-166)."""
    hook = owner.deploy(mock("IssuanceHook"))
    data = hook.refuse.encode_input()
    scripted.script(hook, 0, data, sender=owner)
    arguments = {"delegate": (owner,), "propose": (b"",), "vote": (1, True, b"")}
    receipt = protocol.governance.invoke_transaction(
        function, set_token, "Scripted", *arguments.get(function, ()), sender=manager
    )
    assert logs(receipt, set_token) == [
        set_token.Invoked(_target=hook, _value=0, _data=data, _returnValue=b"")
    ]


def test_vote__value(protocol, set_token, owner, manager, scripted, logs):
    """A value the adapter asks for is the SetToken's to pay (I-25, S-166)."""
    scripted.script(set_token, 3, b"", sender=owner)
    with ape.reverts("Address: insufficient balance for call"):
        protocol.governance.vote(set_token, "Scripted", 1, True, b"", sender=manager)


@pytest.mark.parametrize(("length", "accepted"), [(1024, True), (1025, False)])
def test_vote__longest_data(protocol, set_token, manager, scripted, length, accepted):
    """Data for the adapter are bounded, and refused beyond (R-12, S-170)."""
    vote = (set_token, "Scripted", 1, True, b"\x01" * length)
    if accepted:
        protocol.governance.vote(*vote, sender=manager)
        return
    with ape.reverts():
        protocol.governance.vote(*vote, sender=manager)
