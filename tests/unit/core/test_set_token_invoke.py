"""SetToken: calls a module makes through it, and plain ether (R-01, R-02)."""

import ape
import pytest
from eth_abi import encode
from eth_utils import keccak

from indexkit.localnet import deal

ETHER = 10**18
MAX_INVOKE_DATA = 8196
MAX_RETURN_DATA = 4096


@pytest.fixture
def rich(basket, stranger):
    """Return the basket with 3 ether."""
    stranger.transfer(basket, 3 * ETHER)
    return basket


@pytest.fixture
def answer_of(basket, puppet, target, stranger):
    """Return a function that has a module invoke the target, and tells what came back to it."""

    def answered(data, value=0):
        call = (basket, basket.invoke.encode_input(target, value, data))
        (outcome,) = puppet.attempt.call([call], sender=stranger)
        return outcome.success, bytes(outcome.answer)

    return answered


def error(reason):
    """Return the revert data of a text reason."""
    return keccak(text="Error(string)")[:4] + encode(["string"], [reason])


def test_invoke__returns_and_announces(basket, module, target):
    """R-01: the event carries what was sent and what came back."""
    data = target.echo.encode_input(b"answer")
    assert basket.invoke.call(target, 0, data, sender=module) == b"answer"
    tx = basket.invoke(target, 0, data, sender=module)
    assert tx.events == [
        basket.Invoked(_target=target.address, _value=0, _data=data, _returnValue=b"answer")
    ]


def test_invoke__calls_as_the_set(basket, module, components, stranger):
    """R-02, S-082: the target sees the SetToken as its caller."""
    token = components[0]
    deal(token, basket, 5)
    data = token.transfer.encode_input(stranger, 5)
    tx = basket.invoke(token, 0, data, sender=module)
    assert tx.events == [
        token.Transfer(**{"from": basket.address, "to": stranger.address, "value": 5}),
        basket.Invoked(
            _target=token.address, _value=0, _data=data, _returnValue=encode(["bool"], [True])
        ),
    ]
    assert (token.balanceOf(basket), token.balanceOf(stranger)) == (0, 5)


def test_invoke__sends_ether(rich, module, target):
    """R-02: up to the whole balance, with or without data."""
    tx = rich.invoke(target, ETHER, b"", sender=module)
    assert tx.events == [
        rich.Invoked(_target=target.address, _value=ETHER, _data=b"", _returnValue=b"")
    ]
    rich.invoke(target, 2 * ETHER, target.echo.encode_input(b""), sender=module)
    assert (rich.balance, target.balance) == (0, 3 * ETHER)


def test_invoke__more_ether_than_there_is__reverts(rich, module, target, stranger):
    """R-01: looked at before the target, as in the original."""
    for receiver in (target, stranger):
        with ape.reverts("Address: insufficient balance for call"):
            rich.invoke(receiver, 3 * ETHER + 1, b"", sender=module)


@pytest.mark.parametrize("value", [0, ETHER])
def test_invoke__no_contract__reverts(rich, module, stranger, value):
    """R-01, S-083: a call to an address without code would succeed and do nothing."""
    with ape.reverts("Address: call to non-contract"):
        rich.invoke(stranger, value, b"", sender=module)


@pytest.mark.parametrize("reason", ["No", "", "because" * 32])
def test_invoke__target_reverts_with_a_reason__reverts(answer_of, basket, module, target, reason):
    """R-01: the reason comes back unchanged."""
    data = target.fail.encode_input(reason)
    assert answer_of(data) == (False, error(reason))
    if reason:
        with ape.reverts(reason):
            basket.invoke(target, 0, data, sender=module)


@pytest.mark.parametrize("size", [1, 4, 36, 1000])
def test_invoke__target_reverts_with_data__reverts(answer_of, target, size):
    """R-01, S-082: custom errors and whatever else come back unchanged."""
    data = bytes(range(1, 251)) * 4
    assert answer_of(target.failWith.encode_input(data[:size])) == (False, data[:size])


def test_invoke__target_reverts_silently__reverts(rich, module, target):
    """R-01: with OpenZeppelin's reason, also when a function does not take ether."""
    with ape.reverts("Address: low-level call with value failed"):
        rich.invoke(target, 0, target.failWith.encode_input(b""), sender=module)
    with ape.reverts("Address: low-level call with value failed"):
        rich.invoke(target, 1, target.refuseEther.encode_input(), sender=module)


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 1000])
def test_invoke__answers_of_any_size(answer_of, target, size):
    """R-01: the answer comes back to the byte, padded as the ABI wants it."""
    answer = bytes(range(1, 251)) * 4
    success, returned = answer_of(target.echo.encode_input(answer[:size]))
    assert success
    assert returned == encode(["bytes"], [answer[:size]])


def test_invoke__answer_at_the_bound(basket, module, target):
    """A full buffer may hide a cut, so the longest answer is one byte shorter."""
    longest = b"\xab" * (MAX_RETURN_DATA - 1)
    data = target.echo.encode_input(longest)
    tx = basket.invoke(target, 0, data, sender=module)
    assert tx.events == [
        basket.Invoked(_target=target.address, _value=0, _data=data, _returnValue=longest)
    ]


@pytest.mark.parametrize("size", [MAX_RETURN_DATA, MAX_RETURN_DATA + 1, 8000])
def test_invoke__answer_too_long__reverts(basket, module, target, size):
    """I-19, S-083: huge return data are refused, never cut."""
    with ape.reverts("Return data too long"):
        basket.invoke(target, 0, target.echo.encode_input(b"\xab" * size), sender=module)


def test_invoke__payload_at_the_bound(basket, module, target):
    """R-12: 8,192 bytes of proposal data and a selector; one more is refused when decoded.

    S-082.
    """
    data = b"\xcd" * MAX_INVOKE_DATA
    tx = basket.invoke(target, 0, data, sender=module)
    assert tx.events == [
        basket.Invoked(_target=target.address, _value=0, _data=data, _returnValue=b"")
    ]
    with ape.reverts():
        basket.invoke(target, 0, data + b"\xcd", sender=module)


def test_invoke__the_set_itself(basket, module, manager, stranger):
    """I-22: its ERC-20 answers, what changes the basket does not."""
    basket.mint(basket, 5, sender=module)
    basket.invoke(basket, 0, basket.transfer.encode_input(stranger, 5), sender=module)
    assert basket.balanceOf(stranger) == 5
    with ape.reverts("Address: low-level call with value failed"):
        basket.invoke(basket, 0, basket.mint.encode_input(stranger, 5), sender=module)


# ---------------------------------------------------------------- plain ether


def test_default__takes_plain_ether(basket, stranger):
    """R-02, S-055: from anyone, from unwrapping for instance; silent."""
    tx = stranger.transfer(basket, 7)
    assert list(tx.events) == []
    assert basket.balance == 7
    stranger.transfer(basket, 0)


@pytest.mark.parametrize("value", [0, 7])
@pytest.mark.parametrize("data", ["00", "a9059c", "deadbeef", "00" * 36])
def test_default__unknown_function__reverts(basket, stranger, value, data):
    """R-01: Solidity's `receive` takes no data."""
    with ape.reverts("Unknown function"):
        stranger.transfer(basket, value, data=bytes.fromhex(data))


def test_default__ether_to_a_function__reverts(basket, stranger, manager):
    """R-01, S-055: no function is payable."""
    with ape.reverts():
        stranger.transfer(basket, 1, data=basket.approve.encode_input(manager, 1))
