"""SetToken: what a quantity of SetTokens stands for, paid out at once (I-01, I-19, R-03)."""

import ape
import pytest

E18 = 10**18
HELD = 1000
LIST_LIMIT = 2**94


@pytest.fixture(scope="session")
def tokens(mock, owner):
    """Deploy three ordinary tokens that can be told to misbehave."""
    container = mock("OddToken")
    return [owner.deploy(container, 18, 2**200) for _ in range(3)]


@pytest.fixture
def held(make_basket, tokens, owner):
    """Return a basket of 1, 2.5 and 3 of the tokens with 1,000 base units of each."""
    basket = make_basket([E18, 5 * E18 // 2, 3 * E18], tokens)
    for token in tokens:
        token.transfer(basket, HELD, sender=owner)
    return basket


def moved(token, sender, receiver, amount):
    """Return the event of a token's transfer."""
    return token.Transfer(sender=sender.address, receiver=receiver.address, value=amount)


def test_transfer_positions__pays_each(held, module, stranger, tokens):
    """I-01, S-085: in the order of the list, rounded down each; the tokens' events and no other."""
    tx = held.transferPositions(stranger, 101, sender=module)
    paid = [101, 252, 303]
    assert tx.events == [
        moved(token, held, stranger, amount) for token, amount in zip(tokens, paid, strict=True)
    ]
    assert [token.balanceOf(held) for token in tokens] == [HELD - amount for amount in paid]


def test_transfer_positions__changes_no_unit_and_no_supply(held, module, issuer, stranger):
    """R-03, S-085: the caller burns what they stood for."""
    held.mint(issuer, 5, sender=module)
    before = held.getPositions(), held.totalSupply()
    held.transferPositions(stranger, 5, sender=module)
    assert (held.getPositions(), held.totalSupply()) == before


def test_transfer_positions__of_nothing(held, module, stranger, tokens):
    """I-19: no token is even asked, so one that refuses does not matter."""
    tokens[1].adopt("reverts with a reason", sender=module)
    assert held.transferPositions(stranger, 0, sender=module).events == []


def test_transfer_positions__nothing_of_one(held, module, stranger, tokens):
    """I-19: a component of which 0 is due, for its unit or for rounding, is not asked."""
    tokens[0].adopt("reverts with a reason", sender=module)
    held.editDefaultPositionUnit(tokens[0], 0, sender=module)
    assert len(held.transferPositions(stranger, 10, sender=module).events) == 2
    held.editDefaultPositionUnit(tokens[0], E18 // 11, sender=module)
    assert len(held.transferPositions(stranger, 10, sender=module).events) == 2
    with ape.reverts("Transfers are paused"):
        held.transferPositions(stranger, 12, sender=module)


def test_transfer_positions__after_a_fee(held, module, stranger, tokens):
    """I-01: the real units count, and those are rounded before the quantity is."""
    held.editPositionMultiplier(E18 // 3, sender=module)
    held.transferPositions(stranger, 30, sender=module)
    units = [unit * (E18 // 3) // E18 for unit in (E18, 5 * E18 // 2, 3 * E18)]
    assert [token.balanceOf(stranger) for token in tokens] == [unit * 30 // E18 for unit in units]


@pytest.mark.parametrize("unit", [LIST_LIMIT - 1, LIST_LIMIT, LIST_LIMIT + 1])
def test_transfer_positions__units_beyond_the_list(held, module, stranger, tokens, unit):
    """I-01: wherever the unit is kept."""
    held.editDefaultPositionUnit(tokens[1], unit, sender=module)
    tokens[1].setBalance(held, 10 * unit, sender=module)
    held.transferPositions(stranger, 100, sender=module)
    assert tokens[1].balanceOf(stranger) == unit * 100 // E18


def test_transfer_positions__negative_unit__reverts(held, module, stranger, tokens):
    """R-01: with the reason that the original's modules give."""
    held.editDefaultPositionUnit(tokens[1], -1, sender=module)
    with ape.reverts("SafeCast: value must be positive"):
        held.transferPositions(stranger, 1, sender=module)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("quantity", [0, 10])
def test_transfer_positions__external_position__reverts(
    held, module, stranger, tokens, addresses, place, quantity
):
    """R-03, S-086: it cannot be paid in kind; nothing of the others was paid."""
    held.addExternalPositionModule(tokens[place], addresses[0], sender=module)
    with ape.reverts("Only default positions are supported"):
        held.transferPositions(stranger, quantity, sender=module)
    held.removeExternalPositionModule(tokens[place], addresses[0], sender=module)
    held.transferPositions(stranger, quantity, sender=module)
    assert tokens[0].balanceOf(stranger) == quantity


def test_transfer_positions__external_position_in_its_turn(
    held, module, stranger, tokens, addresses
):
    """R-01: as in Set V2, a component before it is asked first."""
    tokens[0].adopt("reverts with a reason", sender=module)
    held.addExternalPositionModule(tokens[1], addresses[0], sender=module)
    with ape.reverts("Transfers are paused"):
        held.transferPositions(stranger, 10, sender=module)


@pytest.mark.parametrize("habit", ["", "returns nothing", "returns false", "takes a fee"])
def test_transfer_positions__odd_token_that_pays(held, module, stranger, tokens, habit):
    """I-19: what counts is that the Set has exactly so much less."""
    tokens[2].adopt(habit, sender=module)
    held.transferPositions(stranger, 100, sender=module)
    assert tokens[2].balanceOf(held) == HELD - 300


@pytest.mark.parametrize(
    ("habit", "reason"),
    [
        ("moves nothing", "Invalid post transfer balance"),
        ("charges one more", "Invalid post transfer balance"),
        ("reverts with a reason", "Transfers are paused"),
        ("reverts without reason", "Address: low-level call with value failed"),
    ],
)
def test_transfer_positions__odd_token_that_does_not_pay__reverts(
    held, module, stranger, tokens, habit, reason
):
    """I-01, I-19: then nobody pays."""
    tokens[2].adopt(habit, sender=module)
    with ape.reverts(reason):
        held.transferPositions(stranger, 100, sender=module)
    assert [token.balanceOf(held) for token in tokens] == [HELD] * 3


def test_transfer_positions__more_than_held__reverts(held, module, stranger, tokens):
    """I-01: whole or not at all."""
    with ape.reverts():
        held.transferPositions(stranger, 334, sender=module)
    assert [token.balanceOf(stranger) for token in tokens] == [0] * 3


def test_transfer_positions__to_the_set_itself__reverts(held, module):
    """I-01: what does not leave was not sent."""
    with ape.reverts("Invalid post transfer balance"):
        held.transferPositions(held, 1, sender=module)
