"""MetaGovernor: a ballot from its opening to the index's vote (R-13, I-26)."""

import ape
import pytest
from ape import chain
from eth_abi import encode
from eth_utils import keccak
from governor_house import (
    ABSTAIN,
    AGAINST,
    BLOCKS_PER_DAY,
    CIRCULATING,
    E18,
    IN_FAVOUR,
    LENGTH,
    NAME,
    PROPOSAL,
    QUORUM,
)

from indexkit import deploy
from indexkit.localnet import mine
from indexkit.localnet.artifacts import artifact

ZERO = deploy.NOBODY
SET_V2_ADAPTER = (
    "@setprotocol/set-protocol-v2/artifacts/contracts/protocol/integration/governance/"
    "AaveGovernanceV2Adapter.sol/AaveGovernanceV2Adapter.json"
)


def test_init__state(house, committee, protocol):
    """R-13: the arguments are the state, and the logs say so."""
    governor = house.governor
    assert governor.votesToken() == house.index
    assert governor.governanceModule() == protocol.governance
    assert governor.blocksPerDay() == BLOCKS_PER_DAY
    assert governor.circulatingSupply() == CIRCULATING
    assert governor.committee() == committee
    assert governor.owner() == house.owner
    assert governor.creation_metadata.receipt.events == [
        governor.OwnershipTransferred(previousOwner=ZERO, newOwner=house.owner),
        governor.CirculatingSupplyChanged(_circulatingSupply=CIRCULATING),
        governor.CommitteeChanged(_committee=committee),
    ]


def test_init__bad_arguments__reverts(house, protocol, project, owner, stranger):
    """R-13: a token, a module, blocks, and a supply that can exist."""
    good = [house.index, protocol.governance, 1, CIRCULATING, ZERO]
    for place, bad, reason in (
        (0, stranger, "Votes token must exist"),
        (1, stranger, "Module must exist"),
        (2, 0, "Blocks per day must be positive"),
        (3, 10**23 - 1, "Circulating supply must be 1% to 100%"),
        (3, 10**25 + 1, "Circulating supply must be 1% to 100%"),
    ):
        arguments = good.copy()
        arguments[place] = bad
        with ape.reverts(reason):
            owner.deploy(project.MetaGovernor, *arguments)


# ---------------------------------------------------------------- open


def test_open__by_anyone(house, stranger, committee):
    """R-13, S-217: the window is the governor's, the snapshot the block before, the quorum 5 %."""
    _, end = house.propose()
    ballot = house.governor.ballotOf(NAME, PROPOSAL)
    assert ballot == keccak(encode(["address", "uint256"], [house.adapter.address, PROPOSAL]))
    receipt = house.governor.open(NAME, PROPOSAL, sender=stranger)
    close = end - BLOCKS_PER_DAY
    figures = {"_close": close, "_quorum": QUORUM, "_snapshot": receipt.block_number - 1}
    assert receipt.return_value == ballot
    assert receipt.events == [
        house.governor.BallotOpened(
            _ballot=ballot,
            _adapter=house.adapter,
            _proposalId=PROPOSAL,
            _governanceName=NAME,
            _end=end,
            _inSeconds=False,
            **figures,
        )
    ]
    assert tuple(house.governor.getBallot(ballot)) == (
        *(house.adapter, PROPOSAL, receipt.block_number - 1, close, False),
        *(QUORUM, committee, 0, 0, 0),
    )
    assert tuple(house.governor.outcome(ballot)) == (False, AGAINST)


@pytest.mark.parametrize(
    ("length", "margin"),
    [
        (10 * BLOCKS_PER_DAY, BLOCKS_PER_DAY),
        (2 * BLOCKS_PER_DAY, BLOCKS_PER_DAY),
        (2 * BLOCKS_PER_DAY - 1, BLOCKS_PER_DAY - 1),
        (BLOCKS_PER_DAY, BLOCKS_PER_DAY // 2),
        (41, 20),
    ],
)
def test_open__closes_a_day_before_the_end(house, length, margin):
    """R-13, S-219: 24 hours, or half of a vote that lasts less than two days."""
    _, end = house.propose(length)
    assert house.governor.getBallot(house.open()).close == end - margin


@pytest.mark.parametrize(
    ("length", "margin"),
    [(259_200, 86_400), (172_800, 86_400), (172_799, 86_399), (3_601, 1_800)],
)
def test_open__governor_that_counts_seconds(house, length, margin):
    """R-13: the same in seconds, and the ballot counts them too."""
    _, end = house.propose(length, in_seconds=True)
    ballot = house.governor.getBallot(house.open())
    assert (ballot.close, ballot.inSeconds) == (end - margin, True)


def test_open__proposal_that_is_pending(house):
    """R-13: voting there has not begun: holders may decide already."""
    _, end = house.propose(start=chain.blocks.head.number + 50)
    assert house.governor.getBallot(house.open()).close == end - BLOCKS_PER_DAY


def test_open__quorum_is_rounded_up(house, owner):
    """R-13, S-222: of one base unit more than 100,000 INDEX, one more than 5,000 must take part."""
    house.governor.setCirculatingSupply(100_000 * E18 + 1, sender=owner)
    house.propose()
    assert house.governor.getBallot(house.open()).quorum == 5_000 * E18 + 1


def test_open__twice__reverts(house, stranger):
    """R-13, S-217: one ballot a proposal, whoever opens it."""
    house.propose()
    house.open()
    with ape.reverts("Ballot is open already"):
        house.governor.open(NAME, PROPOSAL, sender=stranger)


def test_open__proposal_that_is_not_open__reverts(house, stranger):
    """R-13, S-217: cancelled, executed, defeated: there is nothing to decide."""
    house.propose(is_open=False)
    with ape.reverts("Proposal must be open"):
        house.governor.open(NAME, PROPOSAL, sender=stranger)


@pytest.mark.parametrize("length", [LENGTH, 2 * BLOCKS_PER_DAY, BLOCKS_PER_DAY])
def test_open__last_block(house, stranger, length):
    """R-13: half a margin before the close: nobody opens a ballot that only he can vote on.

    S-220.
    """
    _, end = house.propose(length)
    margin = min(BLOCKS_PER_DAY, length // 2)
    last = end - margin - margin // 2
    mine(last - chain.blocks.head.number - 1)
    opened = house.governor.open(NAME, PROPOSAL, sender=stranger)
    assert opened.block_number == last
    with ape.reverts("Too late to open"):
        house.governor.open(NAME, PROPOSAL + 1, sender=stranger)


def test_open__unknown_name__reverts(house, stranger):
    """R-13: the name must be the governance module's."""
    with ape.reverts("Must be valid adapter"):
        house.governor.open("None", PROPOSAL, sender=stranger)


def test_open__adapter_that_tells_no_window__reverts(house, owner, stranger, protocol):
    """R-13: Set V2's own adapters cannot tell, so nothing is guessed."""
    adapter = owner.deploy(artifact(SET_V2_ADAPTER).container(), stranger, stranger)
    protocol.integration_registry.editIntegration(protocol.governance, NAME, adapter, sender=owner)
    with ape.reverts():
        house.governor.open(NAME, PROPOSAL, sender=stranger)


# ---------------------------------------------------------------- castVote


@pytest.mark.parametrize(
    ("choice", "totals"),
    [(AGAINST, (1, 0, 0)), (IN_FAVOUR, (0, 1, 0)), (ABSTAIN, (0, 0, 1))],
)
def test_cast_vote__counts_the_snapshot(house, holders, choice, totals):
    """R-13, I-26, S-218: the INDEX of the block before the opening."""
    house.propose()
    ballot = house.open()
    receipt = house.governor.castVote(ballot, choice, sender=holders[1])
    assert receipt.events == [
        house.governor.BallotCast(_ballot=ballot, _voter=holders[1], _choice=choice, _votes=E18)
    ]
    kept = house.governor.getBallot(ballot)
    assert (kept.votesAgainst, kept.votesFor, kept.votesAbstain) == tuple(
        count * E18 for count in totals
    )
    assert tuple(house.governor.choiceOf(ballot, holders[1])) == (True, choice)
    assert tuple(house.governor.choiceOf(ballot, holders[0])) == (False, 0)


@pytest.mark.parametrize("first", [AGAINST, IN_FAVOUR, ABSTAIN])
@pytest.mark.parametrize("second", [AGAINST, IN_FAVOUR, ABSTAIN])
def test_cast_vote__again__replaces(house, holders, first, second):
    """R-13, S-221: a holder counts once, with what he said last."""
    house.propose()
    ballot = house.open()
    house.governor.castVote(ballot, first, sender=holders[1])
    house.governor.castVote(ballot, second, sender=holders[1])
    kept = house.governor.getBallot(ballot)
    expected = [0, 0, 0]
    expected[second] = E18
    assert [kept.votesAgainst, kept.votesFor, kept.votesAbstain] == expected


def test_cast_vote__index_moved_after_the_snapshot(house, holders, stranger):
    """I-26, S-218: sold and bought later changes nobody's votes, and gives nobody any."""
    house.propose()
    ballot = house.open()
    house.index.transfer(stranger, E18, sender=holders[1])
    house.index.invoke_transaction("delegate", stranger, sender=stranger)
    with ape.reverts("Vote must carry power"):
        house.governor.castVote(ballot, IN_FAVOUR, sender=stranger)
    house.governor.castVote(ballot, IN_FAVOUR, sender=holders[1])
    assert house.governor.getBallot(ballot).votesFor == E18


def test_cast_vote__no_such_ballot__reverts(house, holders):
    """R-13: nothing was opened under the number."""
    with ape.reverts("No such ballot"):
        house.governor.castVote(b"\x01" * 32, IN_FAVOUR, sender=holders[0])


def test_cast_vote__no_such_choice__reverts(house, holders):
    """R-13: 0, 1 and 2."""
    house.propose()
    ballot = house.open()
    with ape.reverts("No such choice"):
        house.governor.castVote(ballot, 3, sender=holders[0])


def test_cast_vote__up_to_the_close(house, holders):
    """R-13, S-221: the last block that counts is the one before the close."""
    house.propose()
    ballot = house.open()
    mine(house.governor.getBallot(ballot).close - chain.blocks.head.number - 2)
    house.governor.castVote(ballot, IN_FAVOUR, sender=holders[0])
    assert chain.blocks.head.number == house.governor.getBallot(ballot).close - 1
    with ape.reverts("Ballot is closed"):
        house.governor.castVote(ballot, IN_FAVOUR, sender=holders[1])


def test_cast_vote__up_to_the_second(house, holders):
    """R-13: where the governor counts seconds."""
    house.propose(259_200, in_seconds=True)
    ballot = house.open()
    close = house.governor.getBallot(ballot).close
    chain.pending_timestamp = close - 1
    house.governor.castVote(ballot, IN_FAVOUR, sender=holders[0])
    chain.pending_timestamp = close
    with ape.reverts("Ballot is closed"):
        house.governor.castVote(ballot, IN_FAVOUR, sender=holders[1])
