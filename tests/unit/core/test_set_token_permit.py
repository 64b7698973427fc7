"""SetToken: approvals by signature, EIP-2612 (R-02)."""

from dataclasses import dataclass, replace
from typing import Any

import ape
import pytest
from ape.utils import ZERO_ADDRESS
from eth_abi import encode
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from indexkit.localnet import advance

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
HIGHEST_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
NEVER = 2**256 - 1
PERMIT = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
    ],
    "Permit": [
        {"name": "owner", "type": "address"},
        {"name": "spender", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ],
}


@dataclass(frozen=True)
class Permit:
    """What a wallet signs."""

    owner: Any
    spender: str
    value: int = 7
    nonce: int = 0
    deadline: int = NEVER

    def sign(self, token, signer=None, **domain):
        """Return v, r and s over this permit of a token, by its owner unless told otherwise."""
        message = encode_typed_data(
            full_message={
                "types": PERMIT,
                "primaryType": "Permit",
                "domain": {
                    "name": token.name(),
                    "version": "1",
                    "chainId": 1,
                    "verifyingContract": token.address,
                }
                | domain,
                "message": {
                    "owner": self.owner.address,
                    "spender": self.spender,
                    "value": self.value,
                    "nonce": self.nonce,
                    "deadline": self.deadline,
                },
            }
        )
        signature = (signer or self.owner).sign_message(message)
        return signature.v, signature.r.rjust(32, b"\0"), signature.s.rjust(32, b"\0")

    def arguments(self, *signature):
        """Return what `permit` takes."""
        return (self.owner, self.spender, self.value, self.deadline, *signature)


@pytest.fixture
def permit(issuer, stranger):
    """Return the issuer's permit for the stranger."""
    return Permit(issuer, stranger.address)


def test_permit__approves_and_announces(basket, permit, issuer, stranger, manager):
    """R-02: anyone submits it; the nonce is used up."""
    tx = basket.permit(*permit.arguments(*permit.sign(basket)), sender=manager)
    assert tx.events == [basket.Approval(owner=issuer.address, spender=stranger.address, value=7)]
    assert basket.allowance(issuer, stranger) == 7
    assert basket.nonces(issuer) == 1
    assert basket.nonces(stranger) == 0


def test_permit__one_after_the_other(basket, permit, issuer, stranger, manager):
    """R-02: each with the next nonce; the last one stands, also an allowance of 0."""
    for nonce, value in enumerate((5, NEVER, 0)):
        following = replace(permit, nonce=nonce, value=value)
        basket.permit(*following.arguments(*following.sign(basket)), sender=manager)
        assert basket.allowance(issuer, stranger) == value
    assert basket.nonces(issuer) == 3


def test_permit__replayed__reverts(basket, permit, manager):
    """R-02, S-053: a signature is good once."""
    signature = permit.sign(basket)
    basket.permit(*permit.arguments(*signature), sender=manager)
    with ape.reverts("Invalid signature"):
        basket.permit(*permit.arguments(*signature), sender=manager)


def test_permit__ahead_of_its_nonce__reverts(basket, permit, manager):
    """R-02: nonces come in order."""
    early = replace(permit, nonce=1)
    with ape.reverts("Invalid signature"):
        basket.permit(*early.arguments(*early.sign(basket)), sender=manager)


def test_permit__at_and_after_its_deadline(basket, permit, manager, chain):
    """R-02, S-053: the deadline is the last good second."""
    deadline = chain.blocks.head.timestamp + 100
    first, second = (replace(permit, nonce=n, deadline=deadline) for n in range(2))
    chain.provider.make_request("evm_setNextBlockTimestamp", [deadline])
    basket.permit(*first.arguments(*first.sign(basket)), sender=manager)
    assert chain.blocks.head.timestamp == deadline
    advance(1)
    with ape.reverts("Permit expired"):
        basket.permit(*second.arguments(*second.sign(basket)), sender=manager)


@pytest.mark.parametrize(
    "change", [{"value": 8}, {"deadline": NEVER - 1}, {"spender": "0x" + "11" * 20}]
)
def test_permit__not_what_was_signed__reverts(basket, permit, manager, change):
    """R-02: the signature covers every argument."""
    signature = permit.sign(basket)
    with ape.reverts("Invalid signature"):
        basket.permit(*replace(permit, **change).arguments(*signature), sender=manager)


def test_permit__by_the_wrong_signer__reverts(basket, permit, manager, stranger):
    """R-02: only the owner signs."""
    with ape.reverts("Invalid signature"):
        basket.permit(*permit.arguments(*permit.sign(basket, signer=stranger)), sender=manager)


@pytest.mark.parametrize(
    "domain",
    [{"chainId": 5}, {"verifyingContract": "0x" + "11" * 20}, {"name": "X"}, {"version": "2"}],
)
def test_permit__of_another_domain__reverts(basket, permit, manager, domain):
    """R-02, S-053: a signature for another chain or token is none."""
    with ape.reverts("Invalid signature"):
        basket.permit(*permit.arguments(*permit.sign(basket, **domain)), sender=manager)


def test_permit__malleable_twin__reverts(basket, permit, manager):
    """R-02, S-054: the other signature with the same meaning is refused (EIP-2)."""
    v, r, s = permit.sign(basket)
    twin = (CURVE_ORDER - int.from_bytes(s, "big")).to_bytes(32, "big")
    with ape.reverts("Invalid signature"):
        basket.permit(*permit.arguments(55 - v, r, twin), sender=manager)
    with ape.reverts("Invalid signature"):
        above = (HIGHEST_S + 1).to_bytes(32, "big")
        basket.permit(*permit.arguments(v, r, above), sender=manager)


def test_permit__low_s_bound_is_half_the_order():
    """R-02: the highest s in use is half the curve's order, rounded down."""
    assert HIGHEST_S == CURVE_ORDER // 2


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_permit__impossible_v__reverts(basket, permit, manager, v):
    """R-02: ecrecover answers with the zero address, which signs for nobody."""
    _, r, s = permit.sign(basket)
    with ape.reverts("Invalid signature"):
        basket.permit(*permit.arguments(v, r, s), sender=manager)


def test_permit__for_the_zero_owner__reverts(basket, stranger, manager):
    """R-02: a broken signature does not sign for the zero address."""
    broken = (ZERO_ADDRESS, stranger, 7, NEVER, 27, b"\0" * 32, b"\0" * 32)
    with ape.reverts("Invalid signature"):
        basket.permit(*broken, sender=manager)


def test_permit__to_the_zero_spender__reverts(basket, permit, manager):
    """R-01: as for `approve`; the nonce stays."""
    nowhere = replace(permit, spender=ZERO_ADDRESS)
    with ape.reverts("ERC20: approve to the zero address"):
        basket.permit(*nowhere.arguments(*nowhere.sign(basket)), sender=manager)
    assert basket.nonces(permit.owner) == 0


def test_permit__with_a_name_at_the_bound(project, protocol, owner, permit, manager):
    """R-02: the domain hashes the whole name."""
    name = "é" * 32
    arguments = ([], [], [], protocol.controller, manager, name, "S", protocol.creator.logic())
    token = project.SetToken.at(owner.deploy(project.SetTokenShell, *arguments).address)
    token.permit(*permit.arguments(*permit.sign(token)), sender=manager)
    assert token.allowance(permit.owner, permit.spender) == 7


def test_domain_separator__is_eip_712s(basket):
    """R-02: name, version 1, chain and token."""
    kinds = ["bytes32", "bytes32", "bytes32", "uint256", "address"]
    domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    values = [keccak(text=domain), keccak(text=basket.name()), keccak(text="1"), 1, basket.address]
    assert basket.DOMAIN_SEPARATOR() == keccak(encode(kinds, values))
