"""IndexToken: delegations and approvals by signature, in the original's domain (R-20)."""

import pytest
from ape import chain, reverts
from eth_abi import encode
from eth_utils import keccak
from signatures import NEVER, delegation, permit

HELD = 1_000 * 10**18
MOST = 2**96 - 1
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
ZERO = "0x" + "00" * 20
DOMAIN = "EIP712Domain(string name,uint256 chainId,address verifyingContract)"
INVALID_DELEGATION = "INDEX.delegateBySig: invalid signature"
OTHER_DOMAINS = (
    {"chainId": 5},
    {"verifyingContract": "0x" + "11" * 20},
    {"name": "INDEX"},
    {"version": "1"},
)


def twin(v, r, s):
    """Return the other signature with the same meaning."""
    return 55 - v, r, (CURVE_ORDER - int.from_bytes(s)).to_bytes(32)


@pytest.fixture
def delegate_for(index_token, holder, stranger):
    """Return a function that signs as the holder and has a stranger submit it."""

    def send(delegatee, nonce=0, expiry=NEVER, signer=holder, signed=None, **domain):
        signature = delegation(
            signer, index_token.address, str(signed or delegatee), nonce, expiry, **domain
        )
        return index_token.delegateBySig(delegatee, nonce, expiry, *signature, sender=stranger)

    return send


@pytest.fixture
def approve_for(index_token, holder, delegate, stranger):
    """Return a function that signs the holder's permit and has a stranger submit it."""

    def send(value, deadline=NEVER, signed=None, spender=delegate, **signing):
        signature = permit(
            holder,
            index_token.address,
            str(spender),
            value if signed is None else signed,
            deadline=deadline,
            **signing,
        )
        return index_token.permit(holder, spender, value, deadline, *signature, sender=stranger)

    return send


# ---------------------------------------------------------------- delegateBySig


def test_delegate_by_sig__plain(index_token, delegate_for, holder, stranger, delegate):
    """R-20: the signer delegates, whoever brings it; the nonce is used up."""
    receipt = delegate_for(delegate)
    assert receipt.events == [
        index_token.DelegateChanged(delegator=holder, fromDelegate=ZERO, toDelegate=delegate),
        index_token.DelegateVotesChanged(delegate=delegate, previousBalance=0, newBalance=HELD),
    ]
    assert index_token.delegates(holder) == delegate
    assert index_token.delegates(stranger) == ZERO
    assert index_token.getCurrentVotes(delegate) == HELD
    assert (index_token.nonces(holder), index_token.nonces(stranger)) == (1, 0)


def test_delegate_by_sig__one_after_the_other(index_token, delegate_for, holder, delegate):
    """R-20: each with the next nonce."""
    for nonce, delegatee in enumerate((delegate, holder, ZERO)):
        delegate_for(delegatee, nonce)
        assert index_token.delegates(holder) == delegatee
    assert index_token.nonces(holder) == 3


@pytest.mark.parametrize("nonce", [0, 2])
def test_delegate_by_sig__another_nonce__reverts(delegate_for, delegate, nonce):
    """R-20: a signature is good once, and in its turn."""
    delegate_for(delegate)
    with reverts("INDEX.delegateBySig: invalid nonce"):
        delegate_for(delegate, nonce)


def test_delegate_by_sig__at_and_after_its_expiry(delegate_for, delegate):
    """R-20, S-211: the expiry is the last good second."""
    expiry = chain.pending_timestamp + 100
    chain.pending_timestamp = expiry
    delegate_for(delegate, expiry=expiry)
    assert chain.blocks.head.timestamp == expiry
    chain.pending_timestamp = expiry + 1
    with reverts("INDEX.delegateBySig: signature expired"):
        delegate_for(delegate, nonce=1, expiry=expiry)


@pytest.mark.parametrize("v", [0, 26, 29, 255])
def test_delegate_by_sig__of_nobody__reverts(index_token, holder, stranger, delegate, v):
    """R-20: what recovers nobody, delegates for nobody."""
    _, r, s = delegation(holder, index_token.address, delegate.address, 0, NEVER)
    with reverts(INVALID_DELEGATION):
        index_token.delegateBySig(delegate, 0, NEVER, v, r, s, sender=stranger)


def test_delegate_by_sig__its_twin__counts_once(index_token, holder, stranger, delegate):
    """R-20: as in the original, either is good, not both."""
    signature = delegation(holder, index_token.address, delegate.address, 0, NEVER)
    arguments = (delegate, 0, NEVER)
    index_token.delegateBySig(*arguments, *twin(*signature), sender=stranger)
    with reverts("INDEX.delegateBySig: invalid nonce"):
        index_token.delegateBySig(*arguments, *signature, sender=stranger)


@pytest.mark.parametrize("domain", OTHER_DOMAINS)
def test_delegate_by_sig__of_another_domain__is_not_the_holders(
    index_token, delegate_for, holder, delegate, domain
):
    """R-20: it recovers somebody who has nothing to delegate."""
    delegate_for(delegate, **domain)
    assert index_token.delegates(holder) == ZERO
    assert index_token.getCurrentVotes(delegate) == index_token.nonces(holder) == 0


def test_delegate_by_sig__not_what_was_signed__is_not_the_holders(
    index_token, delegate_for, holder, stranger, delegate
):
    """R-20: the signature covers the delegatee."""
    delegate_for(stranger, signed=delegate)
    assert index_token.delegates(holder) == ZERO


# ---------------------------------------------------------------- permit


@pytest.mark.parametrize(
    ("value", "allowed"), [(7, 7), (0, 0), (MOST - 1, MOST - 1), (MOST, MOST), (NEVER, MOST)]
)
def test_permit__plain(index_token, approve_for, holder, delegate, value, allowed):
    """R-20: as `approve`, whoever brings it; the nonce is used up."""
    receipt = approve_for(value)
    assert receipt.events == [
        index_token.Approval(owner=holder, spender=delegate, amount=allowed),
    ]
    assert index_token.allowance(holder, delegate) == allowed
    assert index_token.nonces(holder) == 1


def test_permit__too_much__reverts(approve_for):
    """R-20: the reason of `approve`."""
    with reverts("INDEX.approve: amount exceeds 96 bits"):
        approve_for(MOST + 1)


def test_permit__shares_its_nonces_with_delegations(
    index_token, approve_for, delegate_for, holder, delegate
):
    """R-20, S-211: one used up is used up for both."""
    delegate_for(delegate)
    with reverts("Invalid signature"):
        approve_for(7)
    approve_for(7, nonce=1)
    with reverts("INDEX.delegateBySig: invalid nonce"):
        delegate_for(delegate, nonce=1)
    assert index_token.nonces(holder) == 2


def test_permit__replayed__reverts(approve_for):
    """R-20: a signature is good once."""
    approve_for(7)
    with reverts("Invalid signature"):
        approve_for(7)


def test_permit__at_and_after_its_deadline(approve_for):
    """R-20: the deadline is the last good second."""
    deadline = chain.pending_timestamp + 100
    chain.pending_timestamp = deadline
    approve_for(7, deadline=deadline)
    assert chain.blocks.head.timestamp == deadline
    chain.pending_timestamp = deadline + 1
    with reverts("Permit expired"):
        approve_for(7, deadline=deadline, nonce=1)


def test_permit__not_what_was_signed__reverts(approve_for, stranger):
    """R-20: only the owner's signature, for that amount."""
    with reverts("Invalid signature"):
        approve_for(8, signed=7)
    with reverts("Invalid signature"):
        approve_for(7, signer=stranger)


@pytest.mark.parametrize("domain", OTHER_DOMAINS)
def test_permit__of_another_domain__reverts(approve_for, domain):
    """R-20: there is one domain, and it has no version."""
    with reverts("Invalid signature"):
        approve_for(7, **domain)


def test_permit__malleable_twin__reverts(index_token, holder, delegate, stranger):
    """R-20: the other signature with the same meaning is refused (EIP-2)."""
    signature = permit(holder, index_token.address, delegate.address, 7)
    with reverts("Invalid signature"):
        index_token.permit(holder, delegate, 7, NEVER, *twin(*signature), sender=stranger)


def test_permit__for_the_zero_owner__reverts(index_token, stranger):
    """R-20: a broken signature does not sign for the zero address."""
    broken = (27, b"\0" * 32, b"\0" * 32)
    with reverts("Invalid signature"):
        index_token.permit(ZERO, stranger, 7, NEVER, *broken, sender=stranger)


# ---------------------------------------------------------------- the domain


def test_domain__is_the_original_s(index_token):
    """R-20: name, chain and contract; no version (EIP-712, EIP-5267)."""
    kinds = ["bytes32", "bytes32", "uint256", "address"]
    values = [keccak(text=DOMAIN), keccak(text="Index"), 1, index_token.address]
    assert index_token.DOMAIN_TYPEHASH() == keccak(text=DOMAIN)
    assert index_token.DOMAIN_SEPARATOR() == keccak(encode(kinds, values))
    fields, name, version, chain_id, contract, salt, extensions = index_token.eip712Domain()
    assert (bytes(fields), name, version) == (b"\x0d", "Index", "")
    assert (chain_id, contract) == (1, index_token)
    assert (bytes(salt), extensions) == (b"\0" * 32, [])
