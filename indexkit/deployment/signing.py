"""Signing the transactions of a deployment with an account of Ape, and giving them to the node."""

from dataclasses import dataclass
from typing import Any

import ape
from ape.api import TestProviderAPI
from ape.exceptions import AccountsError, ContractLogicError, SignatureError
from ape_accounts import KeyfileAccount
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from eth_utils.crypto import keccak
from hexbytes import HexBytes

from indexkit.deployment import chain
from indexkit.errors import IndexkitError

GAS_MARGIN = (5, 4)
"""Gas that is offered, of what the node estimates."""

RAISE = (9, 8)
"""By how much the fees of a transaction that replaces another must at least be higher: most nodes
ask for a tenth."""


class RefusedError(IndexkitError):
    """A step's transaction would revert.

    Attributes
    ----------
    reason
        The contract's.
    """

    def __init__(self, what: str, reason: str) -> None:
        self.reason = reason.rstrip(".")
        super().__init__(
            f"{what} would revert ({self.reason}): see to the cause, or have who may make this "
            "call make it, and run the same command again."
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed transaction.

    Attributes
    ----------
    raw, hash
        0x-hex.
    """

    raw: str
    hash: str
    nonce: int


@dataclass(frozen=True, slots=True)
class Fees:
    """What a transaction offers {wei/gas}; None: as Ape and the node think fit."""

    most: int | None = None
    tip: int | None = None


def unlock(account: Any) -> None:
    """Have an account sign without a question for each transaction; its passphrase is asked once.

    Raises
    ------
    IndexkitError
        The passphrase is wrong.
    """
    if not isinstance(account, KeyfileAccount) or not account.locked:
        return
    try:
        account.set_autosign(True)
    except AccountsError as error:
        raise IndexkitError(
            f"Account {account.alias!r} was not unlocked ({chain.words(error)}): give its right "
            "passphrase."
        ) from error


def sign(account: Any, transaction: Any, nonce: int, what: str, fees: Fees) -> Signed:
    """Sign a transaction, with gas as the node estimates it.

    Parameters
    ----------
    transaction
        Of Ape, without an account.
    what
        Name of the step, for complaints.

    Raises
    ------
    RefusedError
        It would revert.
    IndexkitError
        It cannot be signed or paid for.
    """
    transaction.sender = account.address
    transaction.nonce = nonce
    transaction.gas_limit = _gas(transaction, what)
    if fees.most is not None and hasattr(transaction, "max_fee"):
        transaction.max_fee, transaction.max_priority_fee = fees.most, fees.tip
    try:
        signed = account.sign_transaction(account.prepare_transaction(transaction))
    except (AccountsError, SignatureError) as error:
        raise IndexkitError(
            f"{what} was not signed ({chain.words(error)}): see to the cause and run the same "
            "command again."
        ) from error
    except chain.UNREACHABLE as error:
        raise chain.unreached(error) from error
    if signed is None or signed.signature is None:
        raise IndexkitError(
            f"The account {account.address} signed nothing: unlock it, or name another."
        )
    raw = bytes(signed.serialize_transaction())
    return Signed("0x" + raw.hex(), "0x" + keccak(raw).hex(), nonce)


def _gas(transaction: Any, what: str) -> int:
    provider = ape.chain.provider
    try:
        estimate = int(provider.estimate_gas_cost(transaction))
    except ContractLogicError as error:
        raise RefusedError(what, error.revert_message or chain.words(error)) from error
    except chain.UNREACHABLE as error:
        raise chain.unreached(error) from error
    more, of = GAS_MARGIN
    return min(estimate * more // of, int(chain.reached(lambda: provider.max_gas)))


def raised(raw: str) -> Fees:
    """Return fees at which a transaction replaces another one of its nonce."""
    more, of = RAISE
    data = HexBytes(raw)
    if data[0] > 0x7F:
        return Fees()
    fields = TypedTransaction.from_bytes(data).as_dict()
    provider = ape.chain.provider
    now = chain.fee_per_gas()
    tip = max(int(fields["maxPriorityFeePerGas"]) * more // of + 1, int(provider.priority_fee))
    return Fees(max(int(fields["maxFeePerGas"]) * more // of + 1, 2 * now), tip)


def publish(raw: str, transaction: str) -> None:
    """Give a signed transaction to the node; one that it has already is as good.

    Raises
    ------
    NodeError
        The node did not take it.
    """
    provider = ape.chain.provider
    try:
        provider.web3.eth.send_raw_transaction(raw)
    except chain.UNREACHABLE as error:
        if chain.receipt(transaction) is None and not chain.is_known(transaction):
            raise chain.NodeError(
                f"The node did not take transaction {transaction} ({chain.words(error)}): see to "
                "the cause and run the same command again; the same transaction is then sent, no "
                "other (--sign-again offers higher fees)."
            ) from error


def nudge() -> None:
    """Have a chain of this machine mine what it has, if it does not do so by itself."""
    if isinstance(ape.chain.provider, TestProviderAPI):
        ape.chain.provider.mine()
