"""Calls for a Safe to make, other than a rebalance's: the files that its owners sign by."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import ape

from indexkit import documents, safe
from indexkit.safe import Call, Transaction, safe_at
from indexkit.signing import builder

TRANSACTIONS, DECODED, HASHES = "transactions.json", "decoded.txt", "hashes.json"


@dataclass(frozen=True, slots=True)
class Meant:
    """A call, and what it is in words."""

    call: Call
    words: str


def write_calls(folder: Path, address: str, calls: Sequence[Meant], title: str) -> str:
    """Write what the owners of a Safe sign: one transaction that makes all of the calls, or none.

    Parameters
    ----------
    folder
        Gets `transactions.json` for the Transaction Builder, `decoded.txt` and `hashes.json`.
    address
        The Safe's, on the connected chain.
    title
        What they are for.

    Returns
    -------
    str
        The safeTxHash, as 0x-hex.

    Raises
    ------
    IndexkitError
        A file cannot be written.
    """
    transaction = safe_at(address).transaction(*(each.call for each in calls))
    chain_id = int(ape.chain.chain_id)
    content = builder.transactions_file(
        [each.call for each in calls],
        address,
        chain_id=chain_id,
        timestamp=int(ape.chain.provider.get_block("latest").timestamp),
        name=title,
        description="; ".join(each.words for each in calls),
    )
    signed = signed_fields(transaction, address, chain_id)
    documents.write(folder / TRANSACTIONS, content)
    documents.write(folder / HASHES, signed)
    documents.write_text(folder / DECODED, _decoded(signed, calls, title))
    return str(signed["safe_tx_hash"])


def signed_fields(transaction: Transaction, address: str, chain_id: int) -> dict[str, Any]:
    """Return what ties a transaction of a Safe to the signatures of its owners."""
    hashes, call = safe.hashes(transaction, address, chain_id), transaction.call
    return {
        "chain_id": chain_id,
        "safe": address,
        "nonce": transaction.nonce,
        "to": call.to,
        "value": str(call.value),
        "operation": transaction.operation,
        "domain_hash": "0x" + hashes.domain.hex(),
        "message_hash": "0x" + hashes.message.hex(),
        "safe_tx_hash": "0x" + hashes.transaction.hex(),
        "calldata_digest": sha256(call.data).hexdigest(),
    }


def _decoded(signed: dict[str, Any], calls: Sequence[Meant], title: str) -> str:
    lines = [
        title,
        "",
        f"chain         {signed['chain_id']}",
        f"Safe          {signed['safe']}, nonce {signed['nonce']}",
        f"domain hash   {signed['domain_hash']}",
        f"message hash  {signed['message_hash']}",
        f"safeTxHash    {signed['safe_tx_hash']}",
        "",
        *(f"{place}. {each.words}" for place, each in enumerate(calls, 1)),
        "",
    ]
    return "\n".join(lines)
