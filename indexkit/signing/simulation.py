"""What a pack would do: executed by the real Safe on a fork, and taken back.

No owner signs: as many of them as the Safe asks for are impersonated and approve the transaction's
hash on chain, which the Safe takes for their signatures. All of it happens in a snapshot.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ape
from ape.exceptions import ApeException, ContractLogicError

from indexkit import safe
from indexkit.errors import IndexkitError
from indexkit.signing.effects import balances, effects, without_ether_of
from indexkit.signing.handles import handles
from indexkit.signing.pack import Pack

if TYPE_CHECKING:
    from ape.api import AccountAPI

GAS_MONEY = 10**20
"""What an impersonated owner gets to pay gas with, inside the snapshot {wei}."""


def simulate(pack: Pack) -> dict[str, Any]:
    """Execute a pack on the connected fork as if its owners had signed, and take it back.

    Returns
    -------
    dict
        What it did, see `effects`; and `touched`: whose storage or ether changed, if the node can
        tell, else null.

    Raises
    ------
    IndexkitError
        If the chain is no fork, the transaction fails, or the chain does not read as before.
    """
    _require_fork()
    head = ape.chain.provider.get_block("latest").hash
    # Ape's own `isolate` swallows what goes wrong inside.
    snapshot = ape.chain.snapshot()
    try:
        found = _played(pack)
    finally:
        ape.chain.restore(snapshot)
    if ape.chain.provider.get_block("latest").hash != head:
        raise IndexkitError("The simulation was not taken back: start the fork anew.")
    return found


def _played(pack: Pack) -> dict[str, Any]:
    on = handles(pack.state)
    transaction, hash_ = pack.transaction, pack.hashes.transaction
    owners = on.safe.contract.getOwners()[: on.safe.contract.getThreshold()]
    before = balances(pack, on)
    with _impersonated(owners) as accounts:
        for account in accounts:
            on.safe.contract.approveHash(hash_, sender=account)
        signatures = safe.approvals(owners)
        touched = _touched(pack, on.safe, signatures, owners[0])
        try:
            receipt = on.safe.execute(transaction, signatures, accounts[0])
        except ContractLogicError as error:
            raise IndexkitError(
                f"{pack.units.name}: the Safe's transaction fails ({error}): run the preflight, "
                "and compose the pack again."
            ) from error
        # What the owners got to pay gas with is no effect, nor is what they paid.
        held = without_ether_of(owners, before)
    return {**effects(pack, on, held, receipt), "touched": touched}


@contextmanager
def _impersonated(owners: Sequence[str]) -> "Iterator[list[AccountAPI]]":
    """Let owners send transactions without their keys; afterwards none can any more."""
    manager, provider = ape.accounts.test_accounts, ape.chain.provider
    fresh = [owner for owner in owners if owner not in manager._impersonated_accounts]
    try:
        for owner in owners:
            provider.set_balance(owner, GAS_MONEY)
        yield [manager.impersonate_account(owner) for owner in owners]
    finally:
        for owner in fresh:
            manager.stop_impersonating(owner)


def _touched(pack: Pack, of: safe.Safe, signatures: bytes, sender: str) -> list[str] | None:
    """Ask the node whose storage, code or ether the transaction changes, besides its sender."""
    request = {
        "from": sender,
        "to": of.address,
        "data": "0x" + of.execution(pack.transaction, signatures).hex(),
    }
    tracer = {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}}
    try:
        answer = ape.chain.provider.make_request("debug_traceCall", [request, "latest", tracer])
    except ApeException:
        return None
    names = {address.lower(): address for address in (pack.state.safe, pack.state.module)}
    return sorted(
        names.get(address, address) for address in answer["post"] if address != sender.lower()
    )


def _require_fork() -> None:
    if not ape.chain.provider.network.is_dev:
        raise IndexkitError(
            "Only a fork can simulate a transaction and take it back: connect to "
            "ethereum:mainnet-fork:foundry with MAINNET_RPC_URL set."
        )
