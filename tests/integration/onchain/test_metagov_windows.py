"""MetaGovernor with the real governors: from the close to the very last block (R-13)."""

import ape
import pytest
from governors_at_work import (
    ABSTAIN,
    AGAINST,
    BLOCKS_PER_DAY,
    E18,
    IN_FAVOUR,
    end_of,
    opened,
    until,
)

from indexkit.localnet import addresses

pytestmark = pytest.mark.usefixtures("aave", "uniswap", "compound", "pair")


@pytest.mark.parametrize("choice", [AGAINST, IN_FAVOUR])
@pytest.mark.parametrize("last", [False, True])
def test_execute__first_and_last_block(
    meta, governor, ballot, managed, set_token, protocol, holders, stranger, choice, last
):
    """R-13: recorded as the holders decided, from the close to the governor's very last block."""
    meta.castVote(ballot, choice, sender=holders[0])
    end = end_of(governor, protocol)
    close = meta.getBallot(ballot).close
    assert close == end - BLOCKS_PER_DAY
    until(end if last else close)
    call = (set_token, governor.name, governor.proposal)
    receipt = meta.execute(*call, sender=stranger)
    assert receipt.block_number == (end if last else close)
    recorded, votes = governor.recorded(set_token)
    assert recorded == choice
    (told,) = receipt.events.filter(protocol.governance.VoteReceipt)
    assert told._votingPower == votes > 0


def test_execute__outside_the_window__reverts(
    meta, governor, ballot, set_token, protocol, holders, stranger
):
    """R-13: a block before the close it is ours to refuse, a block after the end the governor's."""
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    call = (set_token, governor.name, governor.proposal)
    until(meta.getBallot(ballot).close - 1)
    with ape.reverts("Ballot must be closed"):
        meta.execute(*call, sender=stranger)
    until(end_of(governor, protocol) + 1)
    with ape.reverts(governor.refusal):
        meta.execute(*call, sender=stranger)
    assert not meta.isExecuted(ballot, set_token)


def test_execute__abstain_at_bravo(meta, compound, managed, set_token, holders, stranger):
    """R-12, R-13: the third choice reaches the governor that has it."""
    ballot = opened(meta, compound, stranger)
    meta.castVote(ballot, ABSTAIN, sender=holders[0])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, compound.name, compound.proposal, sender=stranger)
    assert compound.recorded(set_token) == (ABSTAIN, 1_000 * E18)


def test_execute__abstain_at_aave(meta, aave, managed, set_token, holders, stranger):
    """R-13: where there is none, abstentions make the quorum and the rest decides."""
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, ABSTAIN, sender=holders[0])
    meta.castVote(ballot, AGAINST, sender=holders[1])
    until(meta.getBallot(ballot).close)
    meta.execute(set_token, aave.name, aave.proposal, sender=stranger)
    assert aave.recorded(set_token)[0] == AGAINST


def test_open__cancelled__reverts(meta, aave, stranger):
    """R-13: there is nothing to decide any more."""
    guardian = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    aave.contract.cancel(aave.proposal, sender=guardian)
    with ape.reverts("Proposal must be open"):
        meta.open(aave.name, aave.proposal, sender=stranger)


def test_execute__cancelled__reverts(meta, aave, set_token, holders, stranger):
    """R-13: a ballot that is open is of no use: the governor refuses the vote."""
    guardian = ape.accounts.test_accounts.impersonate_account(addresses.DEPLOYER)
    ballot = opened(meta, aave, stranger)
    meta.castVote(ballot, IN_FAVOUR, sender=holders[0])
    aave.contract.cancel(aave.proposal, sender=guardian)
    until(meta.getBallot(ballot).close)
    with ape.reverts("VOTING_CLOSED"):
        meta.execute(set_token, aave.name, aave.proposal, sender=stranger)


def test_open__vote_is_over__reverts(meta, governor, protocol, stranger):
    """R-13: defeated for lack of votes: there is nothing to decide."""
    until(end_of(governor, protocol) + 1)
    with ape.reverts("Proposal must be open"):
        meta.open(governor.name, governor.proposal, sender=stranger)
