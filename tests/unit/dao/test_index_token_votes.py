"""IndexToken: votes at past blocks (R-20)."""

import pytest
from ape import chain, reverts
from eth_abi import encode
from eth_utils import keccak
from twins.node import Node

E18 = 10**18
SUPPLY = 10_000_000 * E18
HELD = 1_000 * E18


@pytest.fixture
def in_one_block():
    """Return a function that sends transactions of accounts and mines them in one block."""
    node = Node(chain.provider.web3.provider.endpoint_uri)

    def send(*calls):
        before, chain.provider.auto_mine = chain.provider.auto_mine, False
        try:
            for sender, function, *arguments in calls:
                data = "0x" + function.encode_input(*arguments).hex()
                request = {"from": sender.address, "to": function.contract.address, "data": data}
                node.ask("eth_sendTransaction", request | {"gas": hex(500_000)})
            node.ask("evm_mine")
        finally:
            chain.provider.auto_mine = before
        block = node.ask("eth_getBlockByNumber", "latest", False)
        assert len(block["transactions"]) == len(calls)
        return int(block["number"], 16)

    yield send
    node.close()


def test_get_prior_votes__plain(index_token, count_for, holder, delegate):
    """R-20, S-207: those at the end of each block, for ever."""
    count_for(delegate, sender=holder)
    history = {}
    for amount in (1, 2, 3, 4, 5):
        receipt = index_token.transfer(delegate, amount, sender=holder)
        history[receipt.block_number] = index_token.getCurrentVotes(delegate)
        chain.mine(amount % 3)
    chain.mine(1)
    first, last = min(history), max(history)
    assert index_token.getPriorVotes(delegate, first - 1) == HELD
    assert index_token.getPriorVotes(delegate, first - 2) == 0
    assert index_token.getPriorVotes(delegate, 0) == 0
    expected = HELD
    for number in range(first, last + 1):
        expected = history.get(number, expected)
        assert index_token.getPriorVotes(delegate, number) == expected
        assert index_token.getPastVotes(delegate, number) == expected
    assert index_token.numCheckpoints(delegate) == 6


@pytest.mark.parametrize("view", ["getPriorVotes", "getPastVotes", "getPastTotalSupply"])
@pytest.mark.parametrize("ahead", [0, 1, 2**64])
def test_get_prior_votes__not_past__reverts(index_token, holder, view, ahead):
    """R-20, S-207: a block that is not over can still change; also without any votes."""
    accounts = () if "Supply" in view else (holder,)
    chain.mine(1)
    with reverts("INDEX.getPriorVotes: not yet determined"):
        getattr(index_token, view)(*accounts, chain.blocks.head.number + 1 + ahead)
    getattr(index_token, view)(*accounts, chain.blocks.head.number - 1)


def test_checkpoints__several_changes_in_one_block__are_one(
    index_token, count_for, in_one_block, holder, treasury, delegate
):
    """R-20: the last counts; neither block before nor after is touched."""
    count_for(delegate, sender=holder)
    before = chain.blocks.head.number
    block = in_one_block(
        (holder, index_token.transfer, treasury, 1),
        (treasury, index_token.transfer, holder, 50),
        (holder, index_token.transfer, treasury, 2),
    )
    chain.mine(1)
    assert index_token.numCheckpoints(delegate) == 2
    assert tuple(index_token.checkpoints(delegate, 0)) == (before, HELD)
    assert tuple(index_token.checkpoints(delegate, 1)) == (block, HELD + 47)
    assert index_token.getPriorVotes(delegate, before) == HELD
    assert index_token.getPriorVotes(delegate, block) == HELD + 47


def test_checkpoints__votes_gained_and_lost_in_one_block__are_none(
    index_token, count_for, in_one_block, holder, treasury, delegate
):
    """R-20: what is there for a part of a block only, is not there at its end."""
    count_for(delegate, sender=holder)
    block = in_one_block(
        (treasury, index_token.transfer, holder, 10**6 * E18),
        (holder, index_token.transfer, treasury, 10**6 * E18),
    )
    chain.mine(1)
    assert index_token.getPriorVotes(delegate, block) == HELD


def test_flash_loan__adds_no_past_power(index_token, mock, treasury, stranger):
    """R-20: within the transaction the votes are there now, and in no block that can be asked.

    S-208.
    """
    borrower = stranger.deploy(mock("Puppet"))
    loan = 5_000_000 * E18
    index_token.approve(borrower, loan, sender=treasury)
    chain.mine(1)
    # The transaction is mined in the next block.
    now = chain.blocks.head.number + 1
    calls = [
        keccak(text="delegate(address)")[:4] + encode(["address"], [borrower.address]),
        index_token.transferFrom.encode_input(treasury, borrower, loan),
        index_token.getCurrentVotes.encode_input(borrower),
        index_token.getPriorVotes.encode_input(borrower, now - 1),
        index_token.getPriorVotes.encode_input(borrower, now),
        index_token.clock.encode_input(),
        index_token.transfer.encode_input(treasury, loan),
    ]
    receipt = borrower.attempt([(index_token, data) for data in calls], sender=stranger)
    assert receipt.block_number == now
    made, lent, current, past, present, clock, repaid = receipt.return_value
    assert all(one.success for one in (made, lent, current, past, repaid))
    assert int.from_bytes(current.answer) == loan
    assert int.from_bytes(past.answer) == 0
    assert int.from_bytes(clock.answer) == now
    assert not present.success
    chain.mine(1)
    assert index_token.getPriorVotes(borrower, now) == 0
    assert index_token.numCheckpoints(borrower) == 1


def test_get_past_total_supply__since_there_is_a_token(index_token):
    """R-20: ten million from its first block on, before that nothing."""
    birth = index_token.creation_metadata.block
    chain.mine(1)
    assert index_token.getPastTotalSupply(birth - 1) == 0
    assert index_token.getPastTotalSupply(birth) == SUPPLY
    assert index_token.getPastTotalSupply(chain.blocks.head.number - 1) == SUPPLY


def test_clock_mode__blocks(index_token):
    """R-20: ERC-6372."""
    assert index_token.CLOCK_MODE() == "mode=blocknumber&from=default"
