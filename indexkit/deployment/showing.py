"""A hand-over as a command shows it: the calls that are left, who has what, who must act next."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from indexkit.deployment.accepting import Offer, Pack
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.handing_over import Handover, receiver_of
from indexkit.deployment.parties import party_at
from indexkit.deployment.roles import OWNER, PENDING_OWNER


def calls_table(found: Handover) -> Table:
    """Return the calls that the deployer still makes."""
    table = _table(f"{found.declaration.name}: {len(found.left)} calls to make", "of", "call", "to")
    for step in found.left:
        receiver = receiver_of(step, found.execution)
        who = str(found.parties.get(receiver, "its IndexManager"))
        table.add_row(step.target, step.function, receiver, who)
    return table


def rights_table(found: Mapping[str, str], deployer: str) -> Table:
    """Return a row for each role: who has it, and whether that is the end of it.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    table = _table("Who has what", "role", "holder")
    table.add_column("")
    kinds = {address: str(party_at(address)) for address in set(found.values()) - {NOBODY}}
    for role, holder in found.items():
        if role.endswith(PENDING_OWNER):
            continue
        name = role.rpartition(".")[0]
        remark = "stays with the deployer" if holder == deployer else ""
        if role.endswith(f".{OWNER}") and found.get(f"{name}.{PENDING_OWNER}", NOBODY) != NOBODY:
            remark = "offered, not accepted"
        table.add_row(role, holder, kinds.get(holder, "nobody"), remark)
    return table


def _table(title: str, *columns: str) -> Table:
    """Return a table whose last columns are an address, in full, and who that is."""
    table = Table(title=title)
    for column in columns:
        table.add_column(column, no_wrap=True, min_width=42 if column == columns[-1] else None)
    table.add_column("who that is")
    return table


def receivers_half(pending: Sequence[Offer], packs: Sequence[Pack]) -> Iterator[str]:
    """Yield what is left for others to do, or that nothing is."""
    if not pending:
        yield "All is handed over."
    for pack in packs:
        yield (
            f"{pack.safe.address} ({pack.safe}) is offered {_offered(pack.safe.address, pending)}: "
            f"its owners sign {pack.folder}, safeTxHash {pack.safe_tx_hash}, in its wallet "
            "(transactions.json), or run 'ape run handover accept'."
        )
    safes = {pack.safe.address for pack in packs}
    for receiver in dict.fromkeys(offer.receiver for offer in pending):
        if receiver not in safes:
            yield (
                f"{receiver} is offered {_offered(receiver, pending)}, and runs "
                "'ape run handover accept'."
            )


def _offered(receiver: str, pending: Sequence[Offer]) -> str:
    return ", ".join(offer.kind for offer in pending if offer.receiver == receiver)
