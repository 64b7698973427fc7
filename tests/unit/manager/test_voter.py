"""IndexManager: who both parties let vote, and how little else that is (R-13)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS

from indexkit import deploy


@pytest.fixture(scope="module")
def recorder(protocol, set_token, owner, mock):
    """Register an adapter whose votes ask the SetToken for its supply, with power 5."""
    adapter = owner.deploy(mock("ScriptedAdapter"))
    registry = protocol.integration_registry
    registry.addIntegration(protocol.governance, "Scripted", adapter, sender=owner)
    adapter.script(set_token, 0, set_token.totalSupply.encode_input(), sender=owner)
    adapter.tellPower((5).to_bytes(32, "big"), sender=owner)
    return adapter


@pytest.fixture
def voter(agree, protocol, newcomer):
    """Name the newcomer as voter."""
    agree("setVoter", newcomer, protocol.governance)
    return newcomer


def test_set_voter__both_parties(index_manager, protocol, operator, methodologist, newcomer, logs):
    """R-13: nobody votes at first; the second of both calls names who does."""
    assert (index_manager.voter(), index_manager.governanceModule()) == (ZERO_ADDRESS,) * 2
    index_manager.setVoter(newcomer, protocol.governance, sender=operator)
    assert index_manager.voter() == ZERO_ADDRESS
    receipt = index_manager.setVoter(newcomer, protocol.governance, sender=methodologist)
    assert (index_manager.voter(), index_manager.governanceModule()) == (
        newcomer,
        protocol.governance,
    )
    assert logs(receipt, index_manager)[1:] == [
        index_manager.VoterChanged(_voter=newcomer, _governanceModule=protocol.governance)
    ]


def test_set_voter__nobody(index_manager, agree, voter):
    """R-13: both empty: nobody votes any more, the former voter included."""
    agree("setVoter", ZERO_ADDRESS, ZERO_ADDRESS)
    assert (index_manager.voter(), index_manager.governanceModule()) == (ZERO_ADDRESS,) * 2
    with ape.reverts("Must be voter"):
        index_manager.vote("Scripted", 7, True, b"", sender=voter)


def test_set_voter__module_without_code__reverts(index_manager, operator, newcomer, stranger):
    """R-13: from the first of both calls on."""
    with ape.reverts("Module must exist"):
        index_manager.setVoter(newcomer, stranger, sender=operator)


def test_vote__goes_through_the_governance_module(
    index_manager, protocol, set_token, recorder, voter, logs
):
    """R-13, I-25, S-196: proposal, side and data arrive as given, for this SetToken."""
    receipt = index_manager.vote("Scripted", 7, True, b"data", sender=voter)
    common = {"_setToken": set_token, "_governanceAdapter": recorder, "_proposalId": 7}
    assert logs(receipt, protocol.governance) == [
        protocol.governance.ProposalVoted(**common, _support=True),
        protocol.governance.VoteReceipt(**common, _votingPower=5),
    ]
    (recorded,) = logs(index_manager.vote("Scripted", 8, False, b"", sender=voter), set_token)
    assert recorded._data == set_token.totalSupply.encode_input()


def test_vote__by_others__reverts(index_manager, voter, operator, methodologist, stranger):
    """I-21: not the parties, not strangers; the operator may by `execute`, if the list says so."""
    for account in (operator, methodologist, stranger):
        with ape.reverts("Must be voter"):
            index_manager.vote("Scripted", 7, True, b"", sender=account)


def test_vote__refused_by_the_governor__reverts_with_its_reason(
    index_manager, protocol, voter, recorder
):
    """R-13: the reason comes through, and nothing is kept that would hinder the next attempt."""
    with ape.reverts("INVALID_PROPOSAL_ID"):
        index_manager.vote(deploy.AAVE_GOVERNANCE, 999, True, b"", sender=voter)


def test_voter__reaches_nothing_else(index_manager, protocol, set_token, voter, recorder):
    """I-21, S-196: no other function of the manager obeys the voter."""
    call = (protocol.governance, protocol.governance.register.encode_input(set_token, "Scripted"))
    cases = (
        ("execute", call, "Must be operator"),
        ("executeBatch", ([call],), "Must be operator"),
        ("executeAgreed", call, "Must be operator or methodologist"),
        ("setVoter", (voter, protocol.governance), "Must be operator or methodologist"),
        ("allow", (protocol.governance, bytes(4), True), "Must be operator or methodologist"),
        ("setOperator", (voter,), "Must be operator or methodologist"),
    )
    for function, arguments, reason in cases:
        with ape.reverts(reason):
            getattr(index_manager, function)(*arguments, sender=voter)
