"""The index votes in Aave's governance: the receipt against Aave's own record."""

import ape
import pytest

from indexkit import voting
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, deal, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.rebalance_data import load


@pytest.fixture(scope="module")
def index(make_index):
    """Create the index as of April 2021, which holds AAVE."""
    return make_index(load("dpi-2021-04"))


@pytest.fixture
def governance():
    """Return Aave's governance."""
    return contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)


def test_vote_in_aave__receipt_is_aaves_own_record(index, governance):
    """Side, votes and tally are Aave's; the votes are the AAVE held at the snapshot (I-26)."""
    held = token_at(addresses.AAVE).balanceOf(index.token)
    unit = index.token.getDefaultPositionRealUnit(addresses.AAVE)
    receipt = voting.vote_in_aave(index)
    assert held == receipt.held >= unit * index.token.totalSupply() // 10**18 > 0

    assert governance.getProposalsCount() == receipt.proposal + 1
    assert tuple(governance.getVoteOnProposal(receipt.proposal, index.token)) == (True, held)
    assert (receipt.support, receipt.power) == (True, held)

    proposal = governance.getProposalById(receipt.proposal)
    strategy = contract_at(artifact(protocols.AAVE_STRATEGY), proposal.strategy)
    assert proposal.startBlock < ape.chain.blocks.head.number <= proposal.endBlock
    assert strategy.getVotingPowerAt(index.token, proposal.startBlock) == held
    assert (proposal.forVotes, proposal.againstVotes) == (held, 0)
    assert receipt.votes_for == held
    assert proposal.creator == voting.PROPOSER
    assert receipt.gas > 100_000


def test_vote_in_aave__receipt_as_json__keeps_every_digit(index):
    """Integers are decimal strings there."""
    receipt = voting.vote_in_aave(index)
    content = receipt.as_json()
    assert content["support"] == "True"
    for key in ("proposal", "power", "votes_for", "held", "gas"):
        assert content[key] == f"{getattr(receipt, key):d}"


def test_vote_in_aave__aave_bought_after_the_snapshot__adds_no_vote(index, governance, monkeypatch):
    """What arrives when voting is open counts for nothing (I-26)."""
    before = token_at(addresses.AAVE).balanceOf(index.token)
    opened = voting._open_vote

    def open_then_buy(*arguments):
        opened(*arguments)
        deal(addresses.AAVE, index.token, 10**21)

    monkeypatch.setattr(voting, "_open_vote", open_then_buy)
    receipt = voting.vote_in_aave(index)
    assert token_at(addresses.AAVE).balanceOf(index.token) == before + 10**21
    assert receipt.power == before


def test_vote_in_aave__twice__votes_on_two_proposals(index):
    """Each call makes a proposal of its own."""
    first, second = voting.vote_in_aave(index), voting.vote_in_aave(index)
    assert second.proposal == first.proposal + 1
    assert second.power == first.power


def test_vote_in_aave__index_without_aave__raises(make_index, governance):
    """It has no vote; nothing is proposed for nothing."""
    metaverse = make_index(load("mvi-2021-06"))
    count = governance.getProposalsCount()
    with pytest.raises(IndexkitError) as error:
        voting.vote_in_aave(metaverse)
    assert error.value.message == (
        "MVI holds no AAVE, so it has no vote in Aave's governance: "
        "choose a rebalance of an index that does."
    )
    assert governance.getProposalsCount() == count
