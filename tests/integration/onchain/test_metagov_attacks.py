"""MetaGovernor under attack: borrowed votes, and the same tokens twice (I-26)."""

import ape
import pytest
from eth_abi import decode
from governors_at_work import ACTIONS, BLOCKS_PER_DAY, E18, IN_FAVOUR, Governor, opened, until

from indexkit import deploy
from indexkit.localnet import addresses, deal, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at

pytestmark = pytest.mark.usefixtures("aave", "uniswap", "compound", "pair")


@pytest.mark.parametrize("opens", [False, True])
def test_flash_swap__adds_no_votes(meta, aave, pair, coin, owner, stranger, mock, opens):
    """I-26: 400,000 INDEX in the middle of a transaction, opening the ballot itself or not."""
    attacker = owner.deploy(mock("FlashVoter"))
    # The pool's fee must come from somewhere.
    coin.transfer(attacker, 10_000 * E18, sender=owner)
    ballot = bytes(32) if opens else opened(meta, aave, stranger)
    attacker.attack(
        pair,
        pair.token0() == coin,
        400_000 * E18,
        coin,
        meta,
        ballot,
        aave.name,
        aave.proposal,
        opens,
        sender=stranger,
    )
    assert attacker.votes() == 410_000 * E18
    assert not attacker.taken()
    assert decode(["string"], attacker.reason()[4:]) == ("Vote must carry power",)
    kept = meta.getBallot(meta.ballotOf(aave.name, aave.proposal))
    assert (kept.votesFor, kept.votesAgainst, kept.votesAbstain) == (0, 0, 0)


def test_late_purchase__adds_no_votes(meta, aave, pair, coin, holders, stranger, owner):
    """I-26: bought from the pool after the opening, in the very next block."""
    ballot = opened(meta, aave, stranger)
    weth = token_at(addresses.WETH)
    deal(weth, pair, 1_010 * E18)
    out = (4_000 * E18, 0) if pair.token0() == coin else (0, 4_000 * E18)
    pair.swap(*out, holders[1], b"", sender=owner)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[1])
    assert meta.getBallot(ballot).votesFor == 40_000 * E18


# ---------------------------------------------------------------- issue and redeem around it


def votes_in_aave(aave, voters):
    """Let accounts vote in Aave themselves; return all votes counted."""
    for voter in voters:
        aave.contract.submitVote(aave.proposal, True, sender=voter)
    return aave.contract.getProposalById(aave.proposal).forVotes


@pytest.mark.parametrize("redeems_first", [True, False])
def test_issue_and_redeem_around_the_snapshot__no_double_influence(
    meta, managed, set_token, protocol, issuer, stranger, holders, redeems_first
):
    """I-26: AAVE counts where it was at Aave's snapshot: in the index, or in the wallet."""
    aave_token = token_at(addresses.AAVE)
    governor = contract_at(artifact(protocols.AAVE_GOVERNANCE), addresses.AAVE_GOVERNANCE)
    deal(addresses.AAVE, stranger, 100_000 * E18)
    if redeems_first:
        protocol.issuance.redeem(set_token, 400 * E18, issuer, sender=issuer)
    mine()
    arguments = (addresses.AAVE_SHORT_EXECUTOR, *ACTIONS, [False], b"\x02" * 32)
    governor.create(*arguments, sender=stranger)
    proposal = governor.getProposalsCount() - 1
    held = aave_token.balanceOf(set_token), aave_token.balanceOf(issuer)
    # After the snapshot the same AAVE goes to the other place.
    if redeems_first:
        protocol.issuance.issue(set_token, 400 * E18, issuer, sender=issuer)
    else:
        protocol.issuance.redeem(set_token, 400 * E18, issuer, sender=issuer)
    assert (aave_token.balanceOf(set_token) > held[0]) is redeems_first

    aave = Governor(deploy.AAVE_GOVERNANCE, governor, proposal, None, "")
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, aave.name, aave.proposal, sender=stranger)
    assert governor.getVoteOnProposal(proposal, set_token).votingPower == held[0]
    assert votes_in_aave(aave, [issuer]) == sum(held)


def test_redeem_vote_issue__does_not_shrink_the_vote(
    meta,
    managed,
    proto,
    set_token,
    protocol,
    issuer,
    stranger,
    holders,
):
    """I-26: a stranger with borrowed shares of the index cannot have it vote with a crumb."""
    ballot = opened(meta, proto, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    full = token_at(addresses.AAVE).balanceOf(set_token)

    # What follows fits into one transaction; the shares may come from a flash swap.
    quantity = set_token.balanceOf(issuer) - 1000
    protocol.issuance.redeem(set_token, quantity, issuer, sender=issuer)
    meta.execute(set_token, proto.name, 0, sender=issuer)
    protocol.issuance.issue(set_token, quantity, issuer, sender=issuer)
    # Rounding leaves a unit more.
    assert token_at(addresses.AAVE).balanceOf(set_token) - full in (0, 1)

    assert proto.contract.getVoterData(0, set_token)[2] < 1_000
    meta.execute(set_token, proto.name, 0, sender=stranger)
    assert proto.contract.getVoterData(0, set_token)[2] >= full
    with ape.reverts("Index has voted already"):
        meta.execute(set_token, proto.name, 0, sender=stranger)


def test_struck_off__can_vote_again(
    meta,
    managed,
    proto,
    set_token,
    protocol,
    issuer,
    stranger,
    holders,
):
    """I-26: an honest redemption and a challenge do not silence the index for good."""
    ballot = opened(meta, proto, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, proto.name, 0, sender=stranger)
    held = token_at(addresses.AAVE).balanceOf(set_token)
    # Others have just too little without the index.
    has = token_at(addresses.AAVE).balanceOf(stranger)
    deal(addresses.AAVE, stranger, 130_000 * E18 - held // 2 - has)
    proto.contract.submitVoteByVoter(0, 1, addresses.AAVE, sender=stranger)
    protocol.issuance.redeem(set_token, set_token.balanceOf(issuer) // 10, issuer, sender=issuer)
    blocks = max(proto.contract.MIN_STATUS_DURATION(), 2 * BLOCKS_PER_DAY)
    mine(blocks)
    proto.contract.tryToMoveToValidating(0, sender=stranger)
    proto.contract.challengeVoters(0, [set_token], sender=stranger)
    status = proto.contract.getProposalBasicData(0)[8]
    assert (proto.contract.getVoterData(0, set_token)[2], status) == (0, 1)
    meta.execute(set_token, proto.name, 0, sender=stranger)


def test_redeem_after_the_vote__at_a_governor_without_snapshots(
    meta, proto, set_token, protocol, issuer, stranger, holders
):
    """I-26: Aave's first governance counts what is there now: the same AAVE twice is struck off."""
    governor, aave = proto.contract, proto
    blocks = governor.getProposalBasicData(0)[4]
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, aave.name, 0, sender=stranger)
    held = token_at(addresses.AAVE).balanceOf(set_token)
    assert governor.getVoterData(0, set_token)[:3] == (1, 100, held)

    protocol.issuance.redeem(set_token, 400 * E18, issuer, sender=issuer)
    governor.submitVoteByVoter(0, 1, addresses.AAVE, sender=issuer)
    # Somebody else's votes meet the threshold, so that the count is taken to be checked.
    deal(addresses.AAVE, stranger, 130_001 * E18)
    governor.submitVoteByVoter(0, 2, addresses.AAVE, sender=stranger)
    mine(blocks)
    governor.tryToMoveToValidating(0, sender=stranger)
    left = token_at(addresses.AAVE).balanceOf(set_token)
    assert left < held
    governor.challengeVoters(0, [set_token], sender=stranger)
    assert governor.getVoterData(0, set_token)[2] == 0
