"""SetToken as an ERC-20: balances, allowances, minting and burning (R-02, I-04)."""

import ape
import pytest
from ape.utils import ZERO_ADDRESS

E18 = 10**18
MOST = 2**256 - 1
MOST_SETS = 2**128 - 1


@pytest.fixture(scope="session")
def nobody(accounts):
    """Return the zero address as a sender."""
    return accounts.impersonate_account(ZERO_ADDRESS)


@pytest.fixture
def funded(basket, module, issuer):
    """Return the basket after 10 tokens were minted to the issuer."""
    basket.mint(issuer, 10 * E18, sender=module)
    return basket


def balances(token, *holders):
    """Return what each holds."""
    return [token.balanceOf(holder) for holder in holders]


def test_transfer__moves_and_announces(funded, issuer, stranger):
    """R-02: one event, and true."""
    tx = funded.transfer(stranger, 4, sender=issuer)
    assert tx.events == [funded.Transfer(sender=issuer.address, receiver=stranger.address, value=4)]
    assert tx.return_value is True
    assert balances(funded, issuer, stranger) == [10 * E18 - 4, 4]
    assert funded.totalSupply() == 10 * E18


@pytest.mark.parametrize("amount", [0, 1, 10 * E18])
def test_transfer__to_oneself_changes_nothing(funded, issuer, amount):
    """I-04: neither more nor less afterwards."""
    funded.transfer(issuer, amount, sender=issuer)
    assert funded.balanceOf(issuer) == 10 * E18


def test_transfer__everything_and_nothing(funded, issuer, stranger):
    """R-02: the whole balance can go; 0 can always."""
    funded.transfer(stranger, 10 * E18, sender=issuer)
    assert balances(funded, issuer, stranger) == [0, 10 * E18]
    funded.transfer(stranger, 0, sender=issuer)
    assert balances(funded, issuer, stranger) == [0, 10 * E18]


def test_transfer__to_the_set_itself(funded, issuer):
    """R-02: as in the original, a Set may hold its own tokens."""
    funded.transfer(funded, 5, sender=issuer)
    assert funded.balanceOf(funded) == 5


@pytest.mark.parametrize("amount", [10 * E18 + 1, MOST])
def test_transfer__too_much__reverts(funded, issuer, stranger, amount):
    """R-01: with OpenZeppelin's reason."""
    with ape.reverts("ERC20: transfer amount exceeds balance"):
        funded.transfer(stranger, amount, sender=issuer)


def test_transfer__to_zero__reverts(funded, issuer):
    """R-01: tokens are not burnt by mistake."""
    with ape.reverts("ERC20: transfer to the zero address"):
        funded.transfer(ZERO_ADDRESS, 0, sender=issuer)


def test_transfer__from_zero__reverts(funded, nobody, stranger):
    """R-01: the zero address owns nothing, whoever impersonates it."""
    with ape.reverts("ERC20: transfer from the zero address"):
        funded.transfer(stranger, 0, sender=nobody)
    with ape.reverts("ERC20: transfer from the zero address"):
        funded.transferFrom(ZERO_ADDRESS, stranger, 0, sender=stranger)


def test_approve__sets_and_announces(basket, issuer, stranger):
    """R-02: a new allowance replaces the old one."""
    basket.approve(stranger, 5, sender=issuer)
    tx = basket.approve(stranger, 7, sender=issuer)
    assert tx.events == [basket.Approval(owner=issuer.address, spender=stranger.address, value=7)]
    assert tx.return_value is True
    assert basket.allowance(issuer, stranger) == 7
    assert basket.allowance(stranger, issuer) == 0


def test_approve__zero_spender__reverts(basket, issuer):
    """R-01: with OpenZeppelin's reason."""
    with ape.reverts("ERC20: approve to the zero address"):
        basket.approve(ZERO_ADDRESS, 1, sender=issuer)


def test_approve__zero_owner__reverts(basket, nobody, stranger):
    """R-01: with OpenZeppelin's reason."""
    with ape.reverts("ERC20: approve from the zero address"):
        basket.approve(stranger, 1, sender=nobody)


@pytest.mark.parametrize("allowance", [4, 9, MOST])
def test_transfer_from__spends_the_allowance(funded, issuer, stranger, manager, allowance):
    """R-01, S-052: an allowance always falls, also an unlimited one, and is announced."""
    funded.approve(stranger, allowance, sender=issuer)
    tx = funded.transferFrom(issuer, manager, 4, sender=stranger)
    assert tx.events == [
        funded.Transfer(sender=issuer.address, receiver=manager.address, value=4),
        funded.Approval(owner=issuer.address, spender=stranger.address, value=allowance - 4),
    ]
    assert tx.return_value is True
    assert balances(funded, issuer, manager, stranger) == [10 * E18 - 4, 4, 0]
    assert funded.allowance(issuer, stranger) == allowance - 4


def test_transfer_from__more_than_allowed__reverts(funded, issuer, stranger):
    """R-01: also for the owner itself, who has allowed itself nothing."""
    funded.approve(stranger, 3, sender=issuer)
    for sender in (stranger, issuer):
        with ape.reverts("ERC20: transfer amount exceeds allowance"):
            funded.transferFrom(issuer, stranger, 4, sender=sender)


def test_transfer_from__order_of_the_checks(funded, issuer, stranger):
    """R-01: the balance is looked at before the allowance, as in the original."""
    with ape.reverts("ERC20: transfer amount exceeds balance"):
        funded.transferFrom(issuer, stranger, 10 * E18 + 1, sender=stranger)
    with ape.reverts("ERC20: transfer to the zero address"):
        funded.transferFrom(issuer, ZERO_ADDRESS, 1, sender=stranger)


def test_increase_allowance__adds_and_announces(basket, issuer, stranger):
    """R-02: the event tells the new allowance."""
    basket.approve(stranger, 5, sender=issuer)
    tx = basket.increaseAllowance(stranger, 2, sender=issuer)
    assert tx.events == [basket.Approval(owner=issuer.address, spender=stranger.address, value=7)]
    assert tx.return_value is True
    assert basket.allowance(issuer, stranger) == 7


def test_increase_allowance__overflow__reverts(basket, issuer, stranger):
    """R-01: with SafeMath's reason."""
    basket.approve(stranger, MOST, sender=issuer)
    with ape.reverts("SafeMath: addition overflow"):
        basket.increaseAllowance(stranger, 1, sender=issuer)


def test_decrease_allowance__subtracts_and_announces(basket, issuer, stranger):
    """R-02: down to nothing at most."""
    basket.approve(stranger, 5, sender=issuer)
    tx = basket.decreaseAllowance(stranger, 5, sender=issuer)
    assert tx.events == [basket.Approval(owner=issuer.address, spender=stranger.address, value=0)]
    assert tx.return_value is True
    assert basket.allowance(issuer, stranger) == 0


def test_decrease_allowance__below_zero__reverts(basket, issuer, stranger):
    """R-01: with OpenZeppelin's reason."""
    basket.approve(stranger, 5, sender=issuer)
    with ape.reverts("ERC20: decreased allowance below zero"):
        basket.decreaseAllowance(stranger, 6, sender=issuer)


@pytest.mark.parametrize("function", ["increaseAllowance", "decreaseAllowance"])
def test_change_allowance__zero_spender__reverts(basket, issuer, function):
    """R-01: with OpenZeppelin's reason."""
    with ape.reverts("ERC20: approve to the zero address"):
        getattr(basket, function)(ZERO_ADDRESS, 0, sender=issuer)


def test_mint__creates_and_announces(basket, module, issuer):
    """I-04, S-050: supply and balance rise together."""
    tx = basket.mint(issuer, 3, sender=module)
    assert tx.events == [basket.Transfer(sender=ZERO_ADDRESS, receiver=issuer.address, value=3)]
    basket.mint(issuer, 4, sender=module)
    assert basket.totalSupply() == basket.balanceOf(issuer) == 7


def test_mint__up_to_the_limit(basket, module, issuer, stranger):
    """R-01: the supply stops at 2^128 - 1 with SafeMath's reason; the original's at 2^256 - 1.

    S-051.
    """
    basket.mint(issuer, MOST_SETS, sender=module)
    assert basket.totalSupply() == MOST_SETS
    for holder in (issuer, stranger):
        for quantity in (1, MOST_SETS, MOST_SETS + 1, MOST):
            with ape.reverts("SafeMath: addition overflow"):
                basket.mint(holder, quantity, sender=module)
    basket.transfer(stranger, MOST_SETS, sender=issuer)
    assert balances(basket, issuer, stranger) == [0, MOST_SETS]
    basket.burn(stranger, 1, sender=module)
    basket.mint(issuer, 1, sender=module)
    assert basket.totalSupply() == MOST_SETS


@pytest.mark.parametrize("quantity", [MOST_SETS + 1, MOST])
def test_mint__beyond_the_limit_at_once__reverts(basket, module, issuer, quantity):
    """I-04: neither supply nor balance is cut to what has room."""
    with ape.reverts("SafeMath: addition overflow"):
        basket.mint(issuer, quantity, sender=module)
    assert basket.totalSupply() == basket.balanceOf(issuer) == 0


def test_mint__to_zero__reverts(basket, module):
    """R-01: with OpenZeppelin's reason."""
    with ape.reverts("ERC20: mint to the zero address"):
        basket.mint(ZERO_ADDRESS, 1, sender=module)


def test_burn__destroys_and_announces(funded, module, issuer):
    """I-04, S-050: supply and balance fall together; no allowance is asked for."""
    tx = funded.burn(issuer, 4, sender=module)
    assert tx.events == [funded.Transfer(sender=issuer.address, receiver=ZERO_ADDRESS, value=4)]
    assert funded.totalSupply() == funded.balanceOf(issuer) == 10 * E18 - 4
    funded.burn(issuer, 10 * E18 - 4, sender=module)
    assert funded.totalSupply() == 0


def test_burn__more_than_held__reverts(funded, module, issuer, stranger):
    """R-01: what others hold does not count."""
    funded.transfer(stranger, 1, sender=issuer)
    with ape.reverts("ERC20: burn amount exceeds balance"):
        funded.burn(issuer, 10 * E18, sender=module)


def test_burn__from_zero__reverts(basket, module):
    """R-01: with OpenZeppelin's reason."""
    with ape.reverts("ERC20: burn from the zero address"):
        basket.burn(ZERO_ADDRESS, 0, sender=module)
