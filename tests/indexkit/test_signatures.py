"""Functions named by their signatures: what is encoded, and what is refused in one sentence."""

import pytest
from eth_abi import encode
from eth_utils.crypto import keccak

from indexkit.calling import maker, wish
from indexkit.errors import IndexkitError
from indexkit.signatures import encode_call, read_arguments, types_of

A, B = "0x90F79bf6EB2c4f870365E785982E1f101E93b906", "0x7109709ECfa91a80626fF3989D68f67F5b1DD12D"


def test_types__nested():
    """Lists and tuples keep their form; nothing is in empty brackets."""
    assert types_of("f()") == ()
    assert types_of("executeBatch((address,bytes)[],uint256)") == ("(address,bytes)[]", "uint256")


@pytest.mark.parametrize(
    ("function", "texts", "values"),
    [
        ("cancelRebalance()", [], []),
        ("setGuard(address)", [A], [A]),
        ("f(address[],bool[])", [f'["{A}","{B}"]', "[true,false]"], [[A, B], [True, False]]),
        ("g(uint256,bytes,bool,string)", ["7", "0x0102", "true", "x"], [7, b"\1\2", True, "x"]),
        ("h((address,bytes)[])", [f'[["{A}","0x00"]]'], [[(A, b"\0")]]),
        ("big(uint256[])", [f'["{2**255}"]'], [[2**255]]),
    ],
)
def test_encode__as_eth_abi(function, texts, values):
    """Texts of a command line become the calldata that their values have."""
    found = encode_call(function, read_arguments(function, texts))
    assert found == keccak(text=function)[:4] + encode(types_of(function), values)


@pytest.mark.parametrize(
    ("function", "texts", "sentence"),
    [
        ("setGuard", [A], "'setGuard' is no signature"),
        ("setGuard(address", [A], "is no signature"),
        ("setGuard(address)[]", [A], "is no signature"),
        ("setGuard(addres)", [A], r"setGuard\(addres\) does not take"),
        ("setGuard(address)", [], "takes 1 arguments, not 0"),
        ("f(uint256)", ["ten"], "does not take"),
        ("f(uint8)", ["256"], "does not take"),
        ("f(bool)", ["yes"], "'yes' is no bool as JSON"),
        ("f(address[])", [A], "as JSON"),
        ("f(bytes)", ["0x0"], "does not take"),
    ],
)
def test_encode__refused(function, texts, sentence):
    """What does not fit is refused before any node is asked."""
    with pytest.raises(IndexkitError, match=sentence):
        encode_call(function, read_arguments(function, texts))


def test_wish__through_a_manager():
    """What goes through an IndexManager is wrapped: operated by one party, or agreed by both."""
    inner = encode_call("setGuard(address)", [B])
    for agreed, outer in ((False, "execute"), (True, "executeAgreed")):
        found = wish("setGuard(address)", [B], A, through=B, agreed=agreed)
        selector = keccak(text=f"{outer}(address,bytes)")[:4]
        assert found.call.to == B
        assert found.call.data == selector + encode(["address", "bytes"], [A, inner])


@pytest.mark.parametrize(
    ("arguments", "options", "sentence"),
    [
        ([B.lower()], {}, "EIP-55 checksum"),
        ([B], {"through": "0x12"}, "EIP-55 checksum"),
        ([B], {"agreed": True}, "name it with --through"),
        ([B], {"through": B, "value": 1}, "sends no ether"),
    ],
)
def test_wish__refused(arguments, options, sentence):
    """Addresses bear checksums; to agree takes a manager, which sends no ether."""
    with pytest.raises(IndexkitError, match=sentence):
        wish("setGuard(address)", arguments, A, **options)


def test_maker__must_be_named():
    """Either one account or a Safe makes a call."""
    assert maker(A, []) == A
    with pytest.raises(IndexkitError, match="one --account, or a Safe"):
        maker(None, [])
