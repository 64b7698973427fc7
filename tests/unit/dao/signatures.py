"""What wallets sign for INDEX: delegations as the original's, and permits, in one domain."""

from typing import Any

from ape.api import AccountAPI
from eth_account.messages import encode_typed_data

NEVER = 2**256 - 1
Signature = tuple[int, bytes, bytes]

_TYPES = {
    "EIP712Domain": "string name,uint256 chainId,address verifyingContract",
    "Delegation": "address delegatee,uint256 nonce,uint256 expiry",
    "Permit": "address owner,address spender,uint256 value,uint256 nonce,uint256 deadline",
}


def sign(
    signer: AccountAPI, kind: str, message: dict[str, Any], token: str, **domain: Any
) -> Signature:
    """Return v, r and s over a message of a token.

    Parameters
    ----------
    kind
        "Delegation" or "Permit".
    domain
        Fields that are to differ from the token's own; a ``version`` is one more.
    """
    fields = dict(_TYPES)
    if "version" in domain:
        fields["EIP712Domain"] += ",string version"
    own = {"name": "Index", "chainId": 1, "verifyingContract": token}
    full = {
        "types": {name: _fields(fields[name]) for name in ("EIP712Domain", kind)},
        "primaryType": kind,
        "domain": own | domain,
        "message": message,
    }
    signature = signer.sign_message(encode_typed_data(full_message=full))
    assert signature is not None
    # Ape drops leading zeros.
    return signature.v, signature.r.rjust(32, b"\0"), signature.s.rjust(32, b"\0")


def delegation(
    signer: AccountAPI, token: str, delegatee: str, nonce: int, expiry: int, **domain: Any
) -> Signature:
    """Return the signature of a delegation that is good until `expiry` {s}."""
    message = {"delegatee": delegatee, "nonce": nonce, "expiry": expiry}
    return sign(signer, "Delegation", message, token, **domain)


def permit(
    owner: AccountAPI,
    token: str,
    spender: str,
    value: int,
    nonce: int = 0,
    deadline: int = NEVER,
    signer: AccountAPI | None = None,
    **domain: Any,
) -> Signature:
    """Return the signature of a permit that is good until `deadline` {s}; by its owner, usually."""
    message = {
        "owner": owner.address,
        "spender": spender,
        "value": value,
        "nonce": nonce,
        "deadline": deadline,
    }
    return sign(signer or owner, "Permit", message, token, **domain)


def _fields(spelled: str) -> list[dict[str, str]]:
    pairs = (field.split() for field in spelled.split(","))
    return [{"type": kind, "name": name} for kind, name in pairs]
