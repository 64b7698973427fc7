"""indexkit.signing.calldata and builder: encodings and a checksum that others made up."""

from dataclasses import replace

import pytest
from ape import project
from hypothesis import given
from hypothesis import strategies as st

from indexkit.errors import IndexkitError
from indexkit.localnet import protocols
from indexkit.localnet.artifacts import artifact, contract_type
from indexkit.safe import CALL, Call, batch
from indexkit.signing import builder, calldata

ADDRESS = "0x" + "11" * 20
USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"
BIP_519_2 = "a1bc4667c4f7289ebd0f1a07a44e791e2bc9883cf3ee0650c966b12a685d8721"
BIP_518_5 = "1f440bb1b31ed23dce797e5957ac2a5749add1074f8540f0ff0a158e4b248003"
BALANCER_SAFE = "0x10A19e7eE7d7F8a52822f6817de8ea18204F2e4f"


def balancer_file(created, receiver, amount):
    """Return a file of github.com/BalancerMaxis/multisig-ops, BIPs/2024-W3/BIP-519-2.json."""
    return {
        "version": "1.0",
        "chainId": "1",
        "createdAt": created,
        "meta": {
            "name": "Transactions Batch",
            "description": "",
            "txBuilderVersion": "1.16.3",
            "createdFromSafeAddress": BALANCER_SAFE,
            "createdFromOwnerAddress": "",
        },
        "transactions": [
            {
                "to": USDC,
                "value": "0",
                "data": None,
                "contractMethod": {
                    "inputs": [
                        {"name": "to", "type": "address", "internalType": "address"},
                        {"name": "value", "type": "uint256", "internalType": "uint256"},
                    ],
                    "name": "transfer",
                    "payable": False,
                },
                "contractInputsValues": {"to": receiver, "value": amount},
            }
        ],
    }


@pytest.mark.parametrize(
    ("created", "amount", "expected"),
    [
        (1703107142345, "30000000000", BIP_519_2),
        (1703107040104, "29000000000", BIP_518_5),
    ],
)
def test_checksum__published_file(created, amount, expected):
    """R-44: what Safe's own app wrote into files of Balancer's multisig (BIP-519-2, BIP-518-5)."""
    receiver = "0x811912c19eEF91b9Dc3cA52fc426590cFB84FC86"
    content = balancer_file(created, receiver, amount)
    assert builder.checksum(content) == f"0x{expected}"
    content["meta"]["checksum"] = "0x00"
    assert builder.checksum(content) == f"0x{expected}"
    content["meta"]["name"] = "The name does not count"
    assert builder.checksum(content) == f"0x{expected}"
    content["transactions"][0]["value"] = "1"
    assert builder.checksum(content) != f"0x{expected}"


def test_functions__are_the_contracts():
    """R-44: the table that encodes without a compiler is what the compiler made, and Safe's."""
    contracts = {
        calldata.EXECUTE_BATCH: project.IndexManager.contract_type,
        calldata.MULTI_SEND: contract_type(artifact(protocols.SAFE_MULTISEND)),
    }
    for name, function in calldata.FUNCTIONS.items():
        contract = contracts.get(name, project.SingleIndexModule.contract_type)
        abi = next(each for each in contract.mutable_methods if each.name == name)
        assert abi.selector == f"{name}({','.join(function.types)})", name


ADDRESSES = st.binary(min_size=20, max_size=20).map(lambda data: "0x" + data.hex())
WORDS = st.integers(0, 2**256 - 1)


@given(st.lists(st.tuples(ADDRESSES, WORDS), max_size=5))
def test_decode__what_was_encoded(pairs):
    """R-44: the text shows what is signed."""
    keys, values = [key for key, _ in pairs], [value for _, value in pairs]
    function, arguments = calldata.decode(
        calldata.encode(calldata.SET_TRADE_MAXIMUMS, keys, values)
    )
    assert function == calldata.SET_TRADE_MAXIMUMS
    assert [key.lower() for key in arguments[0]] == keys
    assert list(arguments[1]) == values


@given(st.lists(st.binary(max_size=70), min_size=2, max_size=4))
def test_inner_calls__of_a_multisend(datas):
    """R-44: every call of a batch is found again, in order."""
    calls = [Call(ADDRESS, data) for data in datas]
    assert calldata.inner_calls(batch(calls, 0).call) == tuple(calls)


def test_decode__unknown_function__raises():
    """R-44: nothing is signed that the text cannot explain."""
    with pytest.raises(IndexkitError, match=r"unknown function \(0xa9059cbb\): do not sign it\.$"):
        calldata.decode(bytes.fromhex("a9059cbb") + bytes(64))


@pytest.mark.parametrize("tail", [b"\x00", bytes(32), b"cut"])
def test_decode__not_canonical__raises(tail):
    """R-44: bytes that no argument explains are refused."""
    data = calldata.encode(calldata.SET_TRADE_MAXIMUMS, [ADDRESS], [1])
    data = data[:-1] if tail == b"cut" else data + tail
    with pytest.raises(IndexkitError, match="setTradeMaximums is not what its arguments encode to"):
        calldata.decode(data)


@pytest.mark.parametrize(("place", "byte"), [(0, 1), (1 + 20 + 31, 1), (1 + 20 + 32 + 31, 200)])
def test_inner_calls__hidden_in_a_multisend__raises(place, byte):
    """R-44: a batch that delegates, pays, or is longer than it says is refused."""
    data = calldata.encode(calldata.SET_TRADE_MAXIMUMS, [], [])
    whole = batch([Call(ADDRESS, data), Call(ADDRESS, data)], 0).call
    _, (packed,) = calldata.decode(whole.data)
    forged = bytearray(packed)
    assert forged[0] == CALL
    forged[place] = byte
    changed = replace(whole, data=calldata.encode(calldata.MULTI_SEND, bytes(forged)))
    with pytest.raises(IndexkitError, match="multiSend is not what its arguments encode to"):
        calldata.inner_calls(changed)
