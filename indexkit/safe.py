"""A Safe: created by its factory; owners sign its transactions off chain, anyone executes them.

Signatures are EIP-712 over Safe 1.3.0's own type, so the same hash can be checked and signed in any
wallet, and the order in which owners sign does not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ape
from eth_abi.abi import encode
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError
from indexkit.localnet import addresses, protocols
from indexkit.localnet.artifacts import artifact, contract_at

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI
    from ape.contracts import ContractInstance
    from eth_account.messages import SignableMessage

NOBODY = "0x" + "00" * 20
CALL, DELEGATE_CALL = 0, 1
MULTISEND = keccak(text="multiSend(bytes)")[:4]

_NO_REFUND = {
    "safeTxGas": 0,
    "baseGas": 0,
    "gasPrice": 0,
    "gasToken": NOBODY,
    "refundReceiver": NOBODY,
}
_TYPES = {
    "SafeTx": [
        {"name": "to", "type": "address"},
        {"name": "value", "type": "uint256"},
        {"name": "data", "type": "bytes"},
        {"name": "operation", "type": "uint8"},
        {"name": "safeTxGas", "type": "uint256"},
        {"name": "baseGas", "type": "uint256"},
        {"name": "gasPrice", "type": "uint256"},
        {"name": "gasToken", "type": "address"},
        {"name": "refundReceiver", "type": "address"},
        {"name": "nonce", "type": "uint256"},
    ]
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a Safe.

    Attributes
    ----------
    to
        Address of the callee.
    data
        Calldata.
    value
        {wei}
    """

    to: str
    data: bytes
    value: int = 0

    @classmethod
    def of(cls, contract: "ContractInstance", function: str, *arguments: Any) -> "Call":
        """Return the call of a contract's function."""
        return cls(contract.address, bytes(getattr(contract, function).encode_input(*arguments)))


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the owners of a Safe sign: one call, made in the Safe's name or by its own code.

    Attributes
    ----------
    call
        What is called.
    operation
        `CALL`, or `DELEGATE_CALL` for a batch through MultiSend.
    nonce
        The Safe's; a transaction of another one is not executed.
    """

    call: Call
    operation: int
    nonce: int


@dataclass(frozen=True, slots=True)
class Hashes:
    """What a wallet shows of a transaction before it signs.

    Attributes
    ----------
    domain, message
        EIP-712 hashes of the Safe on its chain, and of the transaction.
    transaction
        What is signed, and what the Safe itself computes (`safeTxHash`).
    """

    domain: bytes
    message: bytes
    transaction: bytes


def batch(calls: Sequence[Call], nonce: int) -> Transaction:
    """Return the transaction that makes one call, or several, all or none.

    Raises
    ------
    IndexkitError
        If there is no call.
    """
    if not calls:
        raise IndexkitError("A Safe transaction needs at least one call: give it one.")
    if len(calls) == 1:
        return Transaction(calls[0], CALL, nonce)
    data = MULTISEND + encode(["bytes"], [b"".join(map(_packed, calls))])
    return Transaction(Call(addresses.SAFE_MULTISEND, data), DELEGATE_CALL, nonce)


def hashes(transaction: Transaction, safe: str, chain_id: int) -> Hashes:
    """Return what the owners of the Safe at an address sign; no node is asked."""
    message = typed_message(transaction, safe, chain_id)
    whole = keccak(b"\x19" + message.version + message.header + message.body)
    return Hashes(message.header, message.body, whole)


def typed_message(transaction: Transaction, safe: str, chain_id: int) -> "SignableMessage":
    """Return the EIP-712 message of a transaction, for any wallet to sign."""
    call = transaction.call
    fields = {
        "to": call.to,
        "value": call.value,
        "data": call.data,
        "operation": transaction.operation,
        "nonce": transaction.nonce,
    }
    domain = {"chainId": chain_id, "verifyingContract": safe}
    return encode_typed_data(domain, _TYPES, fields | _NO_REFUND)


def approvals(owners: Iterable[str]) -> bytes:
    """Return the signatures of owners who have called `approveHash` instead of signing.

    Parameters
    ----------
    owners
        Addresses.
    """
    ordered = sorted(bytes.fromhex(owner.removeprefix("0x")) for owner in owners)
    return b"".join(bytes(12) + owner + bytes(32) + b"\x01" for owner in ordered)


@dataclass(frozen=True, slots=True)
class Safe:
    """A Safe on the connected chain."""

    contract: "ContractInstance"

    @property
    def address(self) -> str:
        """Its address."""
        return str(self.contract.address)

    def transaction(self, *calls: Call) -> Transaction:
        """Return the next transaction of the Safe: one call, or several, all or none."""
        # Ape has a `nonce` of its own for every address.
        return batch(calls, self.contract.call_view_method("nonce"))

    def hash(self, transaction: Transaction) -> bytes:
        """Return what owners sign, computed here and not asked of anyone."""
        return hashes(transaction, self.address, ape.chain.chain_id).transaction

    def sign(self, transaction: Transaction, owners: "Sequence[AccountAPI]") -> bytes:
        """Return the owners' signatures, in the order the Safe wants them.

        Raises
        ------
        IndexkitError
            If an owner does not sign.
        """
        message = typed_message(transaction, self.address, ape.chain.chain_id)
        signatures = b""
        for owner in sorted(owners, key=lambda account: int(account.address, 16)):
            signature = owner.sign_message(message)
            if signature is None:
                raise IndexkitError(f"{owner.address} did not sign: unlock the account, try again.")
            signatures += signature.encode_rsv()
        return signatures

    def execute(
        self, transaction: Transaction, signatures: bytes, sender: "AccountAPI"
    ) -> "ReceiptAPI":
        """Have anyone execute a signed transaction.

        A single call is tried first, so that it fails with the callee's reason; a Safe only says
        GS013.

        Raises
        ------
        ContractLogicError
            If the call fails, or the Safe refuses the signatures.
        """
        call = transaction.call
        if transaction.operation == CALL:
            try_call(self.address, call)
        return self.contract.execTransaction(*_arguments(transaction, signatures), sender=sender)

    def execution(self, transaction: Transaction, signatures: bytes) -> bytes:
        """Return the calldata that `execute` sends."""
        arguments = _arguments(transaction, signatures)
        return bytes(self.contract.execTransaction.encode_input(*arguments))

    def run(self, owners: "Sequence[AccountAPI]", *calls: Call) -> "ReceiptAPI":
        """Sign calls by these owners and have the first of them execute them."""
        transaction = self.transaction(*calls)
        return self.execute(transaction, self.sign(transaction, owners), owners[0])


def try_call(sender: str, call: Call) -> None:
    """Have the node try a call in somebody's name, and change nothing.

    Raises
    ------
    ContractLogicError
        It would fail, with the callee's reason.
    """
    provider = ape.chain.provider
    request = provider.network.ecosystem.create_transaction(
        sender=sender, receiver=call.to, data=call.data, value=call.value
    )
    # Ape would otherwise look for the line of the source that reverts, for half a minute.
    provider.send_call(request, skip_trace=True)


def safe_at(address: str) -> Safe:
    """Return the Safe at an address of the connected chain."""
    return Safe(contract_at(artifact(protocols.SAFE), address))


def create_safe(
    owners: "Sequence[AccountAPI]", threshold: int, deployer: "AccountAPI", salt: int = 0
) -> Safe:
    """Create a Safe through the factory; its address follows from owners, threshold and salt.

    Parameters
    ----------
    owners
        Who may sign.
    threshold
        How many of them must.
    deployer
        Pays the gas; gets no power.
    salt
        Tells Safes of the same owners apart.
    """
    singleton = contract_at(artifact(protocols.SAFE), addresses.SAFE_SINGLETON)
    factory = contract_at(artifact(protocols.SAFE_PROXY_FACTORY), addresses.SAFE_PROXY_FACTORY)
    setup = singleton.setup.encode_input(
        list(owners),
        threshold,
        NOBODY,
        b"",
        addresses.SAFE_FALLBACK_HANDLER,
        NOBODY,
        0,
        NOBODY,
    )
    receipt = factory.createProxyWithNonce(singleton, setup, salt, sender=deployer)
    (created,) = factory.ProxyCreation.from_receipt(receipt)
    return safe_at(created.proxy)


def _arguments(transaction: Transaction, signatures: bytes) -> tuple[Any, ...]:
    call = transaction.call
    refund = _NO_REFUND.values()
    return call.to, call.value, call.data, transaction.operation, *refund, signatures


def _packed(call: Call) -> bytes:
    """Return a call as MultiSend reads it: operation, callee, value, length, data."""
    return (
        bytes([CALL])
        + bytes.fromhex(call.to.removeprefix("0x"))
        + call.value.to_bytes(32, "big")
        + len(call.data).to_bytes(32, "big")
        + call.data
    )
