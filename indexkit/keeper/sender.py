"""Transactions of the trader: each signed once, in the journal before it is sent, never two."""

from dataclasses import dataclass
from typing import Any

import ape
from ape.api import TestProviderAPI
from ape.exceptions import ApeException, ContractLogicError
from eth_account import Account
from eth_utils.crypto import keccak
from web3.exceptions import TimeExhausted, Web3Exception

from indexkit.errors import IndexkitError
from indexkit.keeper.events import number, request
from indexkit.keeper.journal import INTENT, MINED, REPLACED, RESENT, SENT, Journal, Line

PATIENCE_S, LOCAL_PATIENCE_S = 1_800.0, 120.0
"""How long a live network, and a chain of this machine, may take to mine a transaction {s}."""

GAS_MARGIN = (5, 4)
"""Gas a live network is offered, of its estimate: a pool may need more when it is mined."""


class RefusedError(Exception):
    """The chain does not take a transaction; `reason` is the contract's own."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason.rstrip(".")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a contract.

    Attributes
    ----------
    what
        A word for the journal: trade, remaining, raise, observe.
    """

    what: str
    to: str
    data: bytes

    @classmethod
    def of(cls, what: str, contract: Any, function: str, *arguments: Any) -> "Call":
        """Return the call of a contract's function."""
        data = bytes(getattr(contract, function).encode_input(*arguments))
        return cls(what, contract.address, data)


class Sender:
    """Sends a trader's transactions, one at a time.

    Parameters
    ----------
    account
        Of Ape; it signs without questions.
    journal
        Where each is written before it is sent.
    """

    def __init__(self, account: Any, journal: Journal) -> None:
        self._account = account
        self._journal = journal
        local = isinstance(ape.chain.provider, TestProviderAPI)
        self._patience = LOCAL_PATIENCE_S if local else PATIENCE_S

    def send(self, call: Call, **intent: Any) -> dict[str, Any]:
        """Send a call, and wait until it is mined.

        Parameters
        ----------
        intent
            What the journal should say of it.

        Raises
        ------
        RefusedError
            It would revert, or was mined and did.
        IndexkitError
            It cannot be signed, or was not mined in time.
        """
        raw, nonce = self._sign(call)
        line = {
            "for": call.what,
            "hash": "0x" + keccak(raw).hex(),
            "raw": "0x" + raw.hex(),
            "account_nonce": nonce,
            **intent,
        }
        self._journal.add(INTENT, **line)
        self._publish(line)
        self._journal.add(SENT, hash=line["hash"])
        return self._mined(line)

    def resolve(self) -> None:
        """See to it that what was signed last is mined, once: the very same bytes if need be.

        Raises
        ------
        IndexkitError
            It was not mined in time, or the node does not take it.
        """
        line = self._journal.unresolved()
        if line is None:
            return
        if _receipt(line["hash"]) is None:
            used = _next_nonce(_signer(line)) > line["account_nonce"]
            if used and _receipt(line["hash"]) is None:
                self._journal.add(REPLACED, hash=line["hash"], account_nonce=line["account_nonce"])
                return
            self._journal.add(RESENT, hash=line["hash"])
            self._publish(line)
        try:
            self._mined(line)
        except RefusedError:
            return

    def _sign(self, call: Call) -> tuple[bytes, int]:
        provider = ape.chain.provider
        transaction = provider.network.ecosystem.create_transaction(
            sender=self._account.address, receiver=call.to, data=call.data
        )
        try:
            provider.send_call(transaction)
            if not isinstance(provider, TestProviderAPI):
                more, of = GAS_MARGIN
                transaction.gas_limit = provider.estimate_gas_cost(transaction) * more // of
            prepared = self._account.prepare_transaction(transaction)
        except ContractLogicError as error:
            raise RefusedError(error.revert_message or str(error)) from error
        signed = self._account.sign_transaction(prepared)
        if signed is None or signed.signature is None:
            raise IndexkitError(
                f"The account {self._account.address} signed nothing: unlock it, or name another."
            )
        return bytes(signed.serialize_transaction()), int(signed.nonce)

    def _publish(self, line: Line) -> None:
        """Send bytes; a node that has them already is as good."""
        provider = ape.chain.provider
        try:
            provider.web3.eth.send_raw_transaction(line["raw"])
        except (ValueError, Web3Exception, ApeException) as error:
            if _receipt(line["hash"]) is None and not _is_known(line["hash"]):
                raise IndexkitError(
                    f"The node did not take transaction {line['hash']} ({_words(error)}): see to "
                    "the cause and start again; the same transaction is then sent, no other."
                ) from error
            # A local node that does not mine by itself was killed between the two.
            if isinstance(provider, TestProviderAPI) and _receipt(line["hash"]) is None:
                provider.mine()

    def _mined(self, line: Line) -> dict[str, Any]:
        web3 = ape.chain.provider.web3
        try:
            web3.eth.wait_for_transaction_receipt(line["hash"], timeout=self._patience)
        except TimeExhausted as error:
            raise IndexkitError(
                f"Transaction {line['hash']} was not mined within {self._patience:,.0f} s: start "
                "again when fees have fallen; the same transaction is then sent, no other."
            ) from error
        receipt = _receipt(line["hash"])
        assert receipt is not None
        good = number(receipt["status"]) == 1
        self._journal.add(
            MINED,
            hash=line["hash"],
            component=line.get("component"),
            block=number(receipt["blockNumber"]),
            gas=number(receipt["gasUsed"]),
            status="ok" if good else "reverted",
        )
        if not good:
            raise RefusedError("it was mined and reverted")
        return receipt


def _signer(line: Line) -> str:
    """Return whose transaction it is: the keeper before may have had another account."""
    try:
        return str(Account.recover_transaction(line["raw"]))
    except Exception as error:  # The library names no errors of its own.
        raise IndexkitError(
            f"The journal's transaction {line['hash']} cannot be read ({_words(error)}): restore "
            "the file, or move it away if the trader's last transaction is known to be mined."
        ) from error


def _next_nonce(account: str) -> int:
    return number(request("eth_getTransactionCount", account, "latest"))


def _receipt(transaction: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = request("eth_getTransactionReceipt", transaction)
    return found


def _is_known(transaction: str) -> bool:
    return request("eth_getTransactionByHash", transaction) is not None


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
