"""A vote off chain from the proposal to the governor's record: real Aave, a real Safe (R-13)."""

import ape
import pytest
from ape import chain, project
from offchain_terms import BLOCKS_PER_DAY, E18, arguments, until_the_close

from indexkit import deploy
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, mine
from indexkit.metagov import casting, steps
from indexkit.metagov.tally import Outcome
from indexkit.safe import Call


def test_whole_vote(voted, index, aave, proposal, safe, accounts):
    """R-13: proposed, voted, counted, cast by two of three owners, verified."""
    folder = voted("for", "against", "abstain")
    result = steps.tally(folder)
    assert result.outcome is Outcome.FOR
    totals = result.totals
    assert (totals.votes_for, totals.against, totals.abstain) == (
        60_000 * E18,
        30_000 * E18,
        10_000 * E18,
    )
    (difference, counted) = casting.verify(folder)
    assert difference == "cast: expected FOR, found nothing."
    assert counted == "votes in the governor: expected some, found 0."

    assert casting.execute(folder, accounts[8:10], dry_run=True) is None
    assert aave.getVoteOnProposal(proposal, index).votingPower == 0
    receipt = casting.execute(folder, accounts[8:10])
    assert tuple(aave.getVoteOnProposal(proposal, index)) == (True, receipt.votes)
    assert casting.verify(folder) == ()
    with pytest.raises(IndexkitError, match="already, with"):
        casting.execute(folder, accounts[8:10])


def test_wallets_of_the_snapshot(tmp_path, stranger, index, proposal, index_coin, holders):
    """R-13, I-26: balances of the snapshot block from the transfers, whatever moved later."""
    steps.propose(
        tmp_path, stranger, **arguments(index, proposal, index_coin, strategies=("wallet",))
    )
    index_coin.transfer(holders[1], 60_000 * E18, sender=holders[0])
    for holder in holders[:2]:
        steps.vote(tmp_path, holder, "against")
    until_the_close()
    result = steps.tally(tmp_path)
    assert {ballot.voter: ballot.total for ballot in result.ballots} == {
        holders[0].address: 60_000 * E18,
        holders[1].address: 30_000 * E18,
    }
    assert result.outcome is Outcome.AGAINST


def test_execute__undecided(voted, accounts, aave, proposal, index):
    """R-13: below the quorum nothing is cast, and verify agrees."""
    folder = voted(None, "for", "for")
    assert steps.tally(folder).outcome is Outcome.UNDECIDED
    with pytest.raises(IndexkitError, match="The holders decided nothing"):
        casting.execute(folder, accounts[8:10])
    assert casting.verify(folder) == ()


def test_execute__too_few_owners__can_be_tried_again(voted, accounts, safe):
    """R-14: one signature is not enough, a stranger's does not count; nothing is written."""
    folder = voted("against")
    steps.tally(folder)
    for signers, words in (
        (accounts[8:9], "asks for 2 owners' signatures, and 1 given"),
        ([accounts[8], accounts[4]], "is no owner of the Safe"),
        (accounts[4:5], "is no owner of the Safe"),
    ):
        with pytest.raises(IndexkitError, match=words):
            casting.execute(folder, signers)
    assert not (folder / steps.RECEIPT).exists()
    assert casting.execute(folder, accounts[9:11]).outcome == "AGAINST"


def test_execute__after_the_end__raises(voted, accounts):
    """R-13: what the governor does not take any more is not tried."""
    folder = voted("for")
    steps.tally(folder)
    mine(BLOCKS_PER_DAY + 1)
    with pytest.raises(IndexkitError, match="and it is not active any more"):
        casting.execute(folder, accounts[8:10])


def test_execute__edited_ballot_box__raises(voted, accounts, holders):
    """R-13: the result must be what the ballots say."""
    folder = voted("for", "against")
    steps.tally(folder)
    for ballot in (folder / steps.BALLOTS).iterdir():
        if holders[0].address in ballot.read_text():
            ballot.unlink()
    with pytest.raises(IndexkitError, match="is not what the ballots say"):
        casting.execute(folder, accounts[8:10])


def test_verify__vote_against_the_result(voted, index, protocol, safe, accounts, proposal):
    """R-13: a multisig that casts something else is found out."""
    folder = voted("for")
    steps.tally(folder)
    data = protocol.governance.vote.encode_input(
        index, deploy.AAVE_GOVERNANCE, proposal, False, b""
    )
    manager = project.IndexManager.at(index.manager())
    call = manager.execute.encode_input(protocol.governance, data)
    safe.run(accounts[8:10], Call(manager.address, call))
    (difference,) = casting.verify(folder)
    assert difference.startswith("cast: expected FOR, found AGAINST in 0x")


def test_tally__before_the_close__raises(opened, holders):
    """R-13: a count that could change is none."""
    steps.vote(opened, holders[0], "for")
    with pytest.raises(IndexkitError, match="count it then"):
        steps.tally(opened)


def test_vote__after_the_close__raises(voted, holders):
    """R-13: late."""
    folder = voted("for")
    with pytest.raises(IndexkitError, match="this one would not count"):
        steps.vote(folder, holders[1], "against")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"governor": "Nobody"}, "knows a governor 'Nobody'"),
        ({"proposal": 99}, "does not tell when proposal 99 is voted on"),
        ({"index": addresses.AAVE}, "is no index on this chain"),
    ],
)
def test_propose__bad_input__raises(
    tmp_path, stranger, index, proposal, index_coin, changes, words
):
    """R-40: one sentence, and no file."""
    with pytest.raises(IndexkitError, match=words):
        steps.propose(tmp_path, stranger, **(arguments(index, proposal, index_coin) | changes))
    assert list(tmp_path.iterdir()) == []


def test_propose__cancelled__raises(tmp_path, stranger, index, proposal, index_coin, aave):
    """R-13: nothing is left to decide."""
    guardian = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    aave.cancel(proposal, sender=guardian)
    with pytest.raises(IndexkitError, match="neither pending nor active"):
        steps.propose(tmp_path, stranger, **arguments(index, proposal, index_coin))


def test_propose__too_late__raises(tmp_path, stranger, index, proposal, index_coin):
    """R-13: no time for the holders is left."""
    until_the_close()
    assert chain.blocks.head.number is not None
    with pytest.raises(IndexkitError, match="it had to be opened by"):
        steps.propose(tmp_path, stranger, **arguments(index, proposal, index_coin))


def test_propose__twice__raises(opened, stranger, index, proposal, index_coin):
    """R-13: a folder is one vote's."""
    with pytest.raises(IndexkitError, match="has a proposal already"):
        steps.propose(opened, stranger, **arguments(index, proposal, index_coin))
