"""What keeper, author and strangers of a vote off chain cannot do (R-13)."""

import json
import shutil
from dataclasses import replace

import ape
import pytest
from ape import chain, project
from offchain_terms import BLOCKS_PER_DAY, VOTE_BLOCKS, arguments, until_the_close

from indexkit import deploy, documents
from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, mine, protocols, token_at
from indexkit.localnet.artifacts import artifact, contract_at
from indexkit.metagov import casting, steps
from indexkit.metagov.envelope import read_proposal, sign
from indexkit.metagov.tally import Outcome
from indexkit.metagov.window import Window


def sign_again(folder, account, **changes):
    """Have the author sign other terms than the chain's."""
    message = read_proposal(folder / steps.PROPOSAL).message
    terms = replace(message.terms, **changes)
    documents.write(
        folder / steps.PROPOSAL, sign(replace(message, terms=terms), account).document()
    )


def test_result_of_another_proposal__refused(
    opened,
    tmp_path_factory,
    stranger,
    index,
    proposal,
    holders,
    accounts,
    owner,
    aave,
):
    """R-13: result.json must be of proposal.json, not of one that the keeper made up."""
    keeper = accounts[12]
    coin = deploy.deploy_index_token(project, keeper, keeper)
    coin.invoke_transaction("delegate", keeper, sender=keeper)
    mine(2)
    other = tmp_path_factory.mktemp("keeper")
    steps.propose(other, keeper, **arguments(index, proposal, coin))
    for holder in holders:
        steps.vote(opened, holder, "for")
    steps.vote(other, keeper, "against")
    until_the_close()
    assert steps.tally(opened).outcome is Outcome.FOR
    steps.tally(other)
    shutil.rmtree(opened / steps.BALLOTS)
    shutil.copytree(other / steps.BALLOTS, opened / steps.BALLOTS)
    shutil.copy(other / steps.RESULT, opened / steps.RESULT)

    for step in (lambda: casting.execute(opened, accounts[8:10]), lambda: casting.verify(opened)):
        with pytest.raises(IndexkitError, match="is of another proposal"):
            step()
    assert aave.getVoteOnProposal(proposal, index).votingPower == 0


def test_abstention_the_governor_does_not_take__refused(
    opened,
    stranger,
    holders,
    accounts,
    index,
    proposal,
    aave,
):
    """R-13: "can_abstain" of the author's making: abstain must not become against."""
    sign_again(opened, stranger, can_abstain=True)
    steps.vote(opened, holders[0], "abstain")
    until_the_close()
    assert steps.tally(opened).outcome is Outcome.ABSTAIN
    with pytest.raises(IndexkitError, match="can_abstain: expected False, found True"):
        casting.execute(opened, accounts[8:10])
    assert aave.getVoteOnProposal(proposal, index).votingPower == 0


def test_window_of_the_authors_making__refused(
    opened,
    stranger,
    holders,
    accounts,
    index,
    proposal,
    aave,
):
    """R-13: start and end are the governor's own."""
    window = read_proposal(opened / steps.PROPOSAL).message.terms.window
    short = Window.of(window.start, chain.blocks.head.number + 40, False, BLOCKS_PER_DAY)
    sign_again(opened, stranger, window=short)
    steps.vote(opened, holders[0], "against")
    mine(30, 14)
    steps.tally(opened)
    with pytest.raises(IndexkitError, match="are not the governor's: window"):
        casting.execute(opened, accounts[8:10])
    assert aave.getVoteOnProposal(proposal, index).votingPower == 0


def test_verify__edited_receipt__found(voted, accounts):
    """R-13: a receipt that says something else than the chain."""
    folder = voted("for")
    steps.tally(folder)
    casting.execute(folder, accounts[8:10])
    receipt = json.loads((folder / steps.RECEIPT).read_text())
    receipt |= {"outcome": "AGAINST", "votes": "1", "transaction": "0x" + "00" * 32}
    (folder / steps.RECEIPT).write_text(json.dumps(receipt))
    found = casting.verify(folder)
    assert [sentence.split(":")[0] for sentence in found] == [
        "receipt outcome",
        "receipt transaction",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"strategies": ("none-such",)},
        {"strategies": ("wallet", "delegated")},
        {"proposal": 1 << 256},
        {"vote_token": "0x" + "11" * 20},
        {"vote_token": "INDEX"},
        {"index": "DPI"},
        {"title": "\udcff"},
    ],
    ids=["strategy", "twice", "proposal", "no token", "token", "index", "title"],
)
def test_propose__bad_input__one_sentence(
    tmp_path,
    stranger,
    index,
    proposal,
    index_coin,
    changes,
):
    """R-40: found out before it is signed, not when the vote has closed."""
    with pytest.raises(IndexkitError):
        steps.propose(tmp_path, stranger, **(arguments(index, proposal, index_coin) | changes))
    assert list(tmp_path.iterdir()) == []


def test_propose__folder_that_cannot_be__one_sentence(
    tmp_path,
    stranger,
    index,
    proposal,
    index_coin,
):
    """R-40: a file where the folder should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexkitError):
        steps.propose(
            tmp_path / "file" / "vote", stranger, **arguments(index, proposal, index_coin)
        )


def test_execute__crumb_at_a_governor_without_snapshots__can_be_repeated(
    tmp_path, stranger, index, index_coin, holders, accounts, protocol, issuer
):
    """I-26: who redeems, lets the index vote, and issues again does not have the last word."""
    governor = contract_at(artifact(protocols.AAVE_V1_GOVERNANCE), addresses.AAVE_V1_GOVERNANCE)
    genesis = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    words = (b"\x01" * 32, b"\x02" * 32)
    terms = (governor.MIN_THRESHOLD(), stranger, VOTE_BLOCKS, VOTE_BLOCKS, 2)
    governor.newProposal(*words, *terms, sender=genesis)
    changes = {"governor": deploy.AAVE_V1_GOVERNANCE}
    steps.propose(tmp_path, stranger, **(arguments(index, 0, index_coin) | changes))
    steps.vote(tmp_path, holders[0], "for")
    until_the_close()
    steps.tally(tmp_path)

    quantity = index.balanceOf(issuer) - 1000
    protocol.issuance.redeem(index, quantity, issuer, sender=issuer)
    crumb = casting.execute(tmp_path, accounts[8:10])
    protocol.issuance.issue(index, quantity, issuer, sender=issuer)
    whole = casting.execute(tmp_path, accounts[8:10])
    assert crumb.votes < 10**6 < whole.votes
    assert whole.votes == 100 * token_at(addresses.AAVE).balanceOf(index)
    assert casting.verify(tmp_path) == ()
    with pytest.raises(IndexkitError, match="already, with"):
        casting.execute(tmp_path, accounts[8:10])
