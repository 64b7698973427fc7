"""SetToken: a component sent, and tokens with odd habits (I-01, I-19)."""

import ape
import pytest

from indexkit.localnet import deal

SUPPLY = 1000


@pytest.fixture(scope="session")
def tokens(mock, owner):
    """Deploy four ordinary tokens that can be told to misbehave."""
    container = mock("OddToken")
    return [owner.deploy(container, 18, SUPPLY) for _ in range(4)]


@pytest.fixture
def held(basket, owner, tokens):
    """Give the basket all of each token."""
    for token in tokens:
        token.transfer(basket, SUPPLY, sender=owner)
    return basket


def moved(token, sender, receiver, amount):
    """Return the event of a token's transfer."""
    return token.Transfer(sender=sender.address, receiver=receiver.address, value=amount)


def test_transfer_component__sends_each(held, module, stranger, tokens):
    """R-01: the token's own event, none of the Set's; as much as there is."""
    quantities = [1, 2, 3, SUPPLY]
    for token, quantity in zip(tokens, quantities, strict=True):
        tx = held.transferComponent(stranger, token, quantity, sender=module)
        assert tx.events == [moved(token, held, stranger, quantity)]
    assert [token.balanceOf(stranger) for token in tokens] == quantities
    assert [token.balanceOf(held) for token in tokens] == [999, 998, 997, 0]


def test_transfer_component__changes_no_unit(basket, module, stranger, components):
    """R-01: units are the caller's task."""
    deal(components[0], basket, SUPPLY)
    before = [tuple(position) for position in basket.getPositions()]
    basket.transferComponent(stranger, components[0], SUPPLY, sender=module)
    assert [tuple(position) for position in basket.getPositions()] == before


@pytest.mark.parametrize("habit", ["", "reverts with a reason", "no token"])
def test_transfer_component__zero_is_skipped(held, module, manager, stranger, tokens, habit):
    """I-19: the token is not even asked, so one that refuses 0 or is no token does not matter.

    S-084.
    """
    tokens[0].adopt("" if habit == "no token" else habit, sender=module)
    asked = manager if habit == "no token" else tokens[0]
    assert held.transferComponent(stranger, asked, 0, sender=module).events == []


def test_transfer_component__one_token_twice(held, module, stranger, tokens):
    """R-01: each transfer is checked against the balance of its own moment."""
    for quantity in (5, 6):
        held.transferComponent(stranger, tokens[0], quantity, sender=module)
    assert tokens[0].balanceOf(stranger) == 11


def test_transfer_component__more_than_held__reverts(held, module, stranger, tokens):
    """I-01: nothing at all was sent."""
    with ape.reverts():
        held.transferComponent(stranger, tokens[2], SUPPLY + 1, sender=module)
    assert tokens[2].balanceOf(stranger) == 0


def test_transfer_component__to_the_set_itself__reverts(held, module, tokens):
    """I-01: what does not leave was not sent."""
    with ape.reverts("Invalid post transfer balance"):
        held.transferComponent(held, tokens[0], 1, sender=module)


def test_transfer_component__no_token__reverts(held, module, manager, stranger):
    """I-19: an address without code is none."""
    with ape.reverts():
        held.transferComponent(stranger, manager, 1, sender=module)


@pytest.mark.parametrize(
    "habit",
    [
        "",
        "returns nothing",
        "returns false",
        "returns two",
        "returns one byte",
        "returns a lot",
        "takes a fee",
    ],
)
def test_transfer_component__odd_token_that_pays(held, module, tokens, stranger, habit):
    """I-19: what counts is that the Set has exactly so much less; the answer does not."""
    odd = tokens[0]
    odd.adopt(habit, sender=module)
    held.transferComponent(stranger, odd, 400, sender=module)
    assert odd.balanceOf(held) == SUPPLY - 400
    assert odd.balanceOf(stranger) == (396 if habit == "takes a fee" else 400)


@pytest.mark.parametrize(
    ("habit", "quantity", "reason"),
    [
        ("moves nothing", 400, "Invalid post transfer balance"),
        ("moves nothing, returns false", 400, "Invalid post transfer balance"),
        ("charges one more", 400, "Invalid post transfer balance"),
        ("moves nothing", SUPPLY + 1, "SafeMath: subtraction overflow"),
        ("reverts with a reason", 400, "Transfers are paused"),
        ("reverts without reason", 400, "Address: low-level call with value failed"),
    ],
)
def test_transfer_component__odd_token_that_does_not_pay__reverts(
    held, module, tokens, stranger, habit, quantity, reason
):
    """I-01, I-19, S-084: one stated outcome for each habit."""
    odd = tokens[0]
    odd.adopt(habit, sender=module)
    with ape.reverts(reason):
        held.transferComponent(stranger, odd, quantity, sender=module)


@pytest.mark.parametrize(
    ("habit", "data"),
    [
        ("reverts with one byte", b"\x07"),
        ("reverts with 640 bytes", bytes(511) + b"\x07"),
    ],
)
def test_transfer_component__revert_data__comes_back(
    held, module, stranger, tokens, chain, habit, data
):
    """D-31: a token's revert data are passed on, up to 512 bytes."""
    tokens[0].adopt(habit, sender=stranger)
    call = held.transferComponent.encode_input(stranger, tokens[0], 1)
    request = {"from": module.address, "to": held.address, "data": call.to_0x_hex()}
    answer = chain.provider.web3.provider.make_request("eth_call", [request, "latest"])
    assert answer["error"]["data"] == "0x" + data.hex()
