"""The same ballots decide the same, counted from files or by the contract (R-13)."""

import tempfile
from pathlib import Path

import pytest
from ape import chain
from governor_house import BLOCKS_PER_DAY, E18, LENGTH, NAME, build
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexkit import deploy
from indexkit.localnet import mine
from indexkit.metagov import steps
from indexkit.metagov.snapshot import CHOICES
from indexkit.metagov.tally import Outcome

AMOUNTS = (1, 5_000 * E18, 40_000 * E18, 40_000 * E18, 59_999 * E18 + 1)
"""Votes such that ties, one unit more, and one unit less than a quorum can happen."""

BRAVO = {"For": 1, "Against": 0, "Abstain": 2}
OUTCOMES = {(True, 0): Outcome.AGAINST, (True, 1): Outcome.FOR, (True, 2): Outcome.ABSTAIN}

ballots = st.lists(
    st.tuples(st.integers(0, len(AMOUNTS) - 1), st.sampled_from(CHOICES)), max_size=8
)
quorums = st.sampled_from(
    [5_000 * E18, 40_000 * E18, 80_000 * E18, 80_000 * E18 + 1, 100_000 * E18]
)


@pytest.fixture(scope="module")
def holders(accounts):
    """Vote by both paths."""
    return accounts[7:12]


@pytest.fixture(scope="module")
def house(protocol, set_token, mock, owner, manager, accounts, holders):
    """Build the house and hand out INDEX."""
    built = build(
        protocol,
        set_token,
        mock,
        owner,
        manager,
        accounts[13:15],
        deploy.NOBODY,
    )
    for holder, amount in zip(holders, AMOUNTS, strict=True):
        built.index.transfer(holder, amount, sender=owner)
        built.index.invoke_transaction("delegate", holder, sender=holder)
    return built


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(votes=ballots, quorum=quorums, can_abstain=st.booleans(), in_seconds=st.booleans())
def test_both_paths__same_result(house, holders, votes, quorum, can_abstain, in_seconds):
    """Totals, quorum and outcome are the same, whoever votes what, and changes his mind."""
    house.governor.setCirculatingSupply(20 * quorum, sender=house.owner)
    proposal = chain.blocks.head.number
    length = 3 * 86_400 if in_seconds else LENGTH
    house.propose(length, in_seconds=in_seconds, can_abstain=can_abstain)
    with tempfile.TemporaryDirectory() as folder:
        off_chain = steps.propose(
            Path(folder),
            holders[0],
            index=house.set_token.address,
            governor=NAME,
            proposal=proposal,
            vote_token=house.index.address,
            circulating=20 * quorum,
            title="Both",
            blocks_per_day=BLOCKS_PER_DAY,
        )
        ballot = house.open(proposal)
        kept = house.governor.getBallot(ballot)
        assert off_chain.message.snapshot == kept.snapshot
        assert off_chain.message.terms.window.close == kept.close
        for place, choice in votes:
            steps.vote(Path(folder), holders[place], choice)
            house.governor.castVote(ballot, BRAVO[choice], sender=holders[place])
            # Of two ballots of one second files cannot tell which came later.
            mine()
        # Slower than is stated, so that both clocks have reached the close.
        mine(2 * BLOCKS_PER_DAY, 86_400 // BLOCKS_PER_DAY + 1)
        result = steps.tally(Path(folder))

    kept = house.governor.getBallot(ballot)
    totals = result.totals
    assert (totals.votes_for, totals.against, totals.abstain) == (
        kept.votesFor,
        kept.votesAgainst,
        kept.votesAbstain,
    )
    assert result.needed == kept.quorum == quorum
    decided = OUTCOMES.get(tuple(house.governor.outcome(ballot)), Outcome.UNDECIDED)
    assert result.outcome is decided
