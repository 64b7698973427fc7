"""Signed messages of Snapshot's: in envelopes as its hub has them, one file for each.

Votes of contract wallets (ERC-1271) are out of scope: a signature is a key's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils.crypto import keccak

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.metagov.snapshot import (
    DOMAIN,
    Message,
    Proposal,
    RefusalError,
    Types,
    Vote,
    check_fields,
)
from indexkit.metagov.terms import terms_of

if TYPE_CHECKING:
    from ape.types.signatures import MessageSignature

_CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

M = TypeVar("M", bound=Message)


class Signer(Protocol):
    """An account of Ape's."""

    @property
    def address(self) -> str:
        """Its address."""

    def sign_message(self, message: SignableMessage) -> "MessageSignature | None":
        """Sign, or return None."""


@dataclass(frozen=True, slots=True)
class Signed(Generic[M]):
    """A message with its author's signature.

    Attributes
    ----------
    message
        The proposal or vote.
    signature
        r, s and v as 65 bytes of lower-case hex.
    """

    message: M
    signature: str

    @property
    def hash(self) -> str:
        """The message's EIP-712 hash: the id of a proposal, and of a ballot."""
        return hash_of(self.message)

    def document(self) -> dict[str, Any]:
        """Return the envelope as Snapshot's hub has it."""
        message = self.message
        data = {"domain": DOMAIN, "types": dict(message.TYPES), "message": message.fields()}
        return {"address": message.author, "sig": self.signature, "data": data}

    def write(self, folder: Path) -> Path:
        """Write the envelope into a folder, as a file that is called after the hash."""
        return documents.write(folder / f"{self.hash}.json", self.document())


def hash_of(message: Message) -> str:
    """Return a message's EIP-712 hash."""
    signable = _signable(message)
    return "0x" + keccak(b"\x19" + signable.version + signable.header + signable.body).hex()


def sign(message: M, account: Signer) -> Signed[M]:
    """Have its author sign a message.

    Raises
    ------
    IndexkitError
        The message cannot be signed, the account is not its author, or it does not sign.
    """
    check_fields(message.fields(), message.TYPES)
    signature = account.sign_message(_signable(message))
    if signature is None:
        raise IndexkitError(f"{account.address} did not sign: unlock the account, try again.")
    signed = Signed(message, "0x" + bytes(signature.encode_rsv()).hex())
    _check_signature(signed, message.author)
    return signed


def recover(message: Message, signature: str) -> str:
    """Return who signed a message.

    Only one form of each signature is taken, so that no vote exists as two that both count.

    Raises
    ------
    RefusalError
        The signature has another form, or is nobody's.
    """
    if re.fullmatch("0x[0-9a-f]{128}", signature):
        raise RefusalError("the signature is in the short form of ERC-2098")
    if not re.fullmatch("0x[0-9a-f]{130}", signature):
        raise RefusalError("the signature is not 65 bytes of lower-case hex")
    data = bytes.fromhex(signature[2:])
    if data[64] not in (27, 28):
        raise RefusalError(f"the signature's v is {data[64]}, neither 27 nor 28")
    if int.from_bytes(data[32:64]) > _CURVE_ORDER // 2:
        raise RefusalError("the signature's s is in the upper half: it is the double of another")
    try:
        return str(Account.recover_message(_signable(message), signature=data))
    except Exception as error:  # whatever the curve's library finds wrong with r and s
        raise RefusalError("the signature is nobody's") from error


def vote_of(content: Mapping[str, Any]) -> Signed[Vote]:
    """Read the envelope of a vote.

    Raises
    ------
    RefusalError
        It has another shape, or was not signed by its author.
    """
    fields = _message(content, Vote.TYPES)
    author = fields.pop("from")
    signed = Signed(Vote(author, **fields), content["sig"])
    _check_signature(signed, content["address"])
    return signed


def proposal_of(content: Mapping[str, Any]) -> Signed[Proposal]:
    """Read the envelope of a proposal.

    Raises
    ------
    RefusalError
        It has another shape, was not signed by its author, or was edited.
    """
    fields = _message(content, Proposal.TYPES)
    try:
        terms = terms_of(fields["body"])
    except IndexkitError as error:
        raise RefusalError(error.message.rstrip(".")) from error
    free = ("space", "timestamp", "title", "snapshot", "discussion", "app")
    proposal = Proposal(fields["from"], terms=terms, **{key: fields[key] for key in free})
    for difference in documents.differences(proposal.fields(), fields):
        raise RefusalError(documents.sentence(difference).rstrip("."))
    signed = Signed(proposal, content["sig"])
    _check_signature(signed, content["address"])
    return signed


def read_proposal(path: Path) -> Signed[Proposal]:
    """Read a proposal from its file.

    Raises
    ------
    IndexkitError
        The file is no proposal, was edited, or is called after another one's id.
    """
    try:
        signed = proposal_of(documents.read(path))
        if path.stem.startswith("0x") and path.stem != signed.hash:
            raise RefusalError(f"id: expected {signed.hash}, found {path.stem}")
    except RefusalError as error:
        raise RefusalError(
            f"{path}: {error.message}: get the file from its author again."
        ) from error
    return signed


def _signable(message: Message) -> SignableMessage:
    return encode_typed_data(DOMAIN, dict(message.TYPES), message.fields())


def _message(content: Mapping[str, Any], types: Types) -> dict[str, Any]:
    """Return the message of an envelope that has exactly the shape of Snapshot's."""
    data = content.get("data")
    if set(content) != {"address", "sig", "data"} or not isinstance(data, dict):
        raise RefusalError("the shape is wrong: address, sig and data are expected")
    if set(data) != {"domain", "types", "message"} or not isinstance(data["message"], dict):
        raise RefusalError("the shape is wrong: data holds a domain, types and a message")
    if not isinstance(content["address"], str) or not isinstance(content["sig"], str):
        raise RefusalError("the shape is wrong: address and sig are texts")
    if data["domain"] != DOMAIN:
        raise RefusalError("forged domain: it is not Snapshot's")
    if data["types"] != types:
        raise RefusalError("forged types: they are not Snapshot's")
    message: dict[str, Any] = dict(data["message"])
    check_fields(message, types)
    return message


def _check_signature(signed: Signed[Any], address: str) -> None:
    signer = recover(signed.message, signed.signature)
    for name, found in (("address", address), ("from", signed.message.author)):
        if found != signer:
            raise RefusalError(f"tampered: {name}: expected the signer {signer}, found {found}")
