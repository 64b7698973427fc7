"""IndexToken: transfers, allowances and delegation (R-20)."""

import pytest
from ape import project, reverts
from twins.index_house import index_coop

E18 = 10**18
SUPPLY = 10_000_000 * E18
HELD = 1_000 * E18
MOST = 2**96 - 1
UNLIMITED = 2**256 - 1
ZERO = "0x" + "00" * 20


def votes(token, *accounts):
    """Return the votes of each account now {INDEX}."""
    return [token.getCurrentVotes(account) for account in accounts]


# ---------------------------------------------------------------- the token


def test_constructor__plain(treasury):
    """R-20, R-25, S-205: ten million, all of it where it was ordered to."""
    token = treasury.deploy(project.IndexToken, treasury)
    assert token.creation_metadata.receipt.events == [
        token.Transfer(sender=ZERO, receiver=treasury, amount=SUPPLY),
    ]
    assert (token.name(), token.symbol(), token.decimals()) == ("Index", "INDEX", 18)
    assert token.totalSupply() == token.balanceOf(treasury) == SUPPLY
    assert votes(token, treasury, ZERO) == [0, 0]


def test_abi__has_nothing_that_mints_or_burns(index_token):
    """R-20, S-205: what can change state is the original's functions and `permit`."""

    def changing(contract_type):
        return {method.selector for method in contract_type.mutable_methods}

    theirs = changing(index_coop("token/IndexToken").container().contract_type)
    permit = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"
    assert changing(index_token.contract_type) == theirs | {permit}


def test_transfer__plain(index_token, holder, stranger):
    """R-20: balances and one event; nobody has votes of what nobody delegated."""
    receipt = index_token.transfer(stranger, 7, sender=holder)
    assert receipt.return_value is True
    assert receipt.events == [index_token.Transfer(sender=holder, receiver=stranger, amount=7)]
    assert index_token.balanceOf(holder) == HELD - 7
    assert index_token.balanceOf(stranger) == 7
    assert votes(index_token, holder, stranger) == [0, 0]


@pytest.mark.parametrize("amount", [0, HELD])
def test_transfer__to_oneself__changes_nothing(index_token, count_for, holder, amount):
    """R-25: the sum stays; no checkpoint either."""
    count_for(holder, sender=holder)
    receipt = index_token.transfer(holder, amount, sender=holder)
    assert receipt.events == [index_token.Transfer(sender=holder, receiver=holder, amount=amount)]
    assert index_token.balanceOf(holder) == index_token.getCurrentVotes(holder) == HELD
    assert index_token.delegates(holder) == holder
    assert index_token.numCheckpoints(holder) == 1


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (HELD + 1, "INDEX._transferTokens: transfer amount exceeds balance"),
        (MOST, "INDEX._transferTokens: transfer amount exceeds balance"),
        (MOST + 1, "INDEX.transfer: amount exceeds 96 bits"),
    ],
)
def test_transfer__too_much__reverts(index_token, count_for, holder, stranger, amount, reason):
    """R-20: the original's reasons, delegated or not."""
    for _ in range(2):
        with reverts(reason):
            index_token.transfer(stranger, amount, sender=holder)
        count_for(holder, sender=holder)


def test_transfer__to_nobody__reverts(index_token, holder):
    """R-20: nothing is burnt."""
    with reverts("INDEX._transferTokens: cannot transfer to the zero address"):
        index_token.transfer(ZERO, 1, sender=holder)


def test_approve__plain(index_token, holder, stranger):
    """R-20: the last one stands."""
    for amount in (9, 5, MOST - 1, 0):
        receipt = index_token.approve(stranger, amount, sender=holder)
        assert receipt.return_value is True
        assert receipt.events == [
            index_token.Approval(owner=holder, spender=stranger, amount=amount)
        ]
        assert index_token.allowance(holder, stranger) == amount
    assert index_token.allowance(stranger, holder) == 0


@pytest.mark.parametrize("amount", [MOST, UNLIMITED])
def test_approve__unlimited__never_falls(index_token, holder, stranger, amount):
    """R-20, S-210: told as 2^96 - 1; spending it announces nothing."""
    receipt = index_token.approve(stranger, amount, sender=holder)
    assert receipt.events == [index_token.Approval(owner=holder, spender=stranger, amount=MOST)]
    receipt = index_token.transferFrom(holder, stranger, 7, sender=stranger)
    assert receipt.events == [index_token.Transfer(sender=holder, receiver=stranger, amount=7)]
    assert index_token.allowance(holder, stranger) == MOST


@pytest.mark.parametrize("amount", [MOST + 1, UNLIMITED - 1])
def test_approve__too_much__reverts(index_token, holder, stranger, amount):
    """R-20: the original's reason."""
    with reverts("INDEX.approve: amount exceeds 96 bits"):
        index_token.approve(stranger, amount, sender=holder)


def test_transfer_from__plain(index_token, holder, stranger, delegate):
    """R-20: the allowance falls and is announced first, as in the original."""
    index_token.approve(stranger, 9, sender=holder)
    receipt = index_token.transferFrom(holder, delegate, 7, sender=stranger)
    assert receipt.return_value is True
    assert receipt.events == [
        index_token.Approval(owner=holder, spender=stranger, amount=2),
        index_token.Transfer(sender=holder, receiver=delegate, amount=7),
    ]
    assert index_token.allowance(holder, stranger) == 2
    assert index_token.balanceOf(delegate) == 7


def test_transfer_from__the_holder_himself__needs_no_allowance(index_token, holder, stranger):
    """R-20, S-210: nor does one that he has fall."""
    index_token.approve(holder, 3, sender=holder)
    receipt = index_token.transferFrom(holder, stranger, 7, sender=holder)
    assert receipt.events == [index_token.Transfer(sender=holder, receiver=stranger, amount=7)]
    assert index_token.allowance(holder, holder) == 3


def test_transfer_from__whatever_is_wrong__reverts(index_token, holder, stranger):
    """R-20: the original's reasons, that for the amount included."""
    no_allowance = "INDEX.transferFrom: transfer amount exceeds spender allowance"
    index_token.approve(stranger, HELD + 2, sender=holder)
    for source, target, amount, reason in (
        (holder, stranger, HELD + 3, no_allowance),
        (holder, stranger, HELD + 1, "INDEX._transferTokens: transfer amount exceeds balance"),
        (holder, stranger, MOST + 1, "INDEX.approve: amount exceeds 96 bits"),
        (holder, ZERO, 1, "INDEX._transferTokens: cannot transfer to the zero address"),
        (ZERO, stranger, 0, "INDEX._transferTokens: cannot transfer from the zero address"),
        (ZERO, stranger, 1, no_allowance),
    ):
        with reverts(reason):
            index_token.transferFrom(source, target, amount, sender=stranger)
    assert index_token.allowance(holder, stranger) == HELD + 2


# ---------------------------------------------------------------- delegation


def test_delegate__plain(index_token, count_for, holder, delegate):
    """R-20, S-206: the whole balance counts for the delegate; it stays where it is."""
    receipt = count_for(delegate, sender=holder)
    assert receipt.events == [
        index_token.DelegateChanged(delegator=holder, fromDelegate=ZERO, toDelegate=delegate),
        index_token.DelegateVotesChanged(delegate=delegate, previousBalance=0, newBalance=HELD),
    ]
    assert index_token.delegates(holder) == delegate
    assert index_token.balanceOf(holder) == HELD
    assert votes(index_token, holder, delegate) == [0, HELD]
    assert index_token.getVotes(delegate) == HELD
    assert index_token.numCheckpoints(delegate) == 1
    assert tuple(index_token.checkpoints(delegate, 0)) == (receipt.block_number, HELD)
    assert tuple(index_token.checkpoints(delegate, 1)) == (0, 0)


def test_delegate__to_another__moves_the_votes(index_token, count_for, holder, delegate, stranger):
    """R-20: the old delegate first."""
    count_for(delegate, sender=holder)
    receipt = count_for(stranger, sender=holder)
    assert receipt.events == [
        index_token.DelegateChanged(delegator=holder, fromDelegate=delegate, toDelegate=stranger),
        index_token.DelegateVotesChanged(delegate=delegate, previousBalance=HELD, newBalance=0),
        index_token.DelegateVotesChanged(delegate=stranger, previousBalance=0, newBalance=HELD),
    ]
    assert votes(index_token, delegate, stranger) == [0, HELD]


def test_delegate__to_nobody__takes_the_votes_away(index_token, count_for, holder, delegate):
    """R-20: nobody never has votes."""
    count_for(delegate, sender=holder)
    receipt = count_for(ZERO, sender=holder)
    assert receipt.events == [
        index_token.DelegateChanged(delegator=holder, fromDelegate=delegate, toDelegate=ZERO),
        index_token.DelegateVotesChanged(delegate=delegate, previousBalance=HELD, newBalance=0),
    ]
    assert votes(index_token, delegate, ZERO) == [0, 0]
    assert index_token.numCheckpoints(ZERO) == 0


def test_delegate__to_the_same__writes_no_checkpoint(index_token, count_for, holder, delegate):
    """R-20: announced, as in the original, but nothing changes."""
    count_for(delegate, sender=holder)
    receipt = count_for(delegate, sender=holder)
    assert receipt.events == [
        index_token.DelegateChanged(delegator=holder, fromDelegate=delegate, toDelegate=delegate),
    ]
    assert index_token.numCheckpoints(delegate) == 1


def test_delegate__without_a_balance__writes_no_checkpoint(
    index_token, count_for, stranger, delegate
):
    """R-20: what comes later counts."""
    receipt = count_for(delegate, sender=stranger)
    assert receipt.events == [
        index_token.DelegateChanged(delegator=stranger, fromDelegate=ZERO, toDelegate=delegate),
    ]
    assert index_token.numCheckpoints(delegate) == 0


def test_transfer__between_delegates__moves_votes(
    index_token, count_for, holder, stranger, delegate
):
    """R-20, S-206: votes follow the tokens, from the sender's delegate to the receiver's."""
    count_for(delegate, sender=holder)
    count_for(stranger, sender=stranger)
    receipt = index_token.transfer(stranger, 7, sender=holder)
    assert receipt.events == [
        index_token.Transfer(sender=holder, receiver=stranger, amount=7),
        index_token.DelegateVotesChanged(
            delegate=delegate, previousBalance=HELD, newBalance=HELD - 7
        ),
        index_token.DelegateVotesChanged(delegate=stranger, previousBalance=0, newBalance=7),
    ]
    assert votes(index_token, delegate, stranger) == [HELD - 7, 7]


def test_transfer__same_delegate_or_nothing__writes_no_checkpoint(
    index_token, count_for, holder, stranger, delegate
):
    """R-20: his votes stay what they are."""
    count_for(delegate, sender=holder)
    count_for(delegate, sender=stranger)
    for amount in (7, 0):
        receipt = index_token.transfer(stranger, amount, sender=holder)
        assert receipt.events == [
            index_token.Transfer(sender=holder, receiver=stranger, amount=amount)
        ]
    count_for(holder, sender=stranger)
    before = index_token.numCheckpoints(delegate)
    index_token.transfer(stranger, 0, sender=holder)
    assert index_token.numCheckpoints(delegate) == before


def test_supply__all_with_one_delegate(index_token, count_for, treasury, holder, delegate):
    """R-20: votes reach the whole supply and no more; the delegate's address is untouched.

    S-209.
    """
    for account in (treasury, holder):
        count_for(delegate, sender=account)
    assert index_token.getCurrentVotes(delegate) == SUPPLY
    index_token.transfer(treasury, HELD, sender=holder)
    assert index_token.balanceOf(treasury) == index_token.getCurrentVotes(delegate) == SUPPLY
    assert index_token.delegates(treasury) == index_token.delegates(holder) == delegate
