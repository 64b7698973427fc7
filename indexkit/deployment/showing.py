"""A hand-over as a command shows it: the calls that are left, who has what, who must act next."""

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from indexkit.deployment.accepting import Offer, Pack
from indexkit.deployment.conventions import NOBODY
from indexkit.deployment.handing_over import Handover, receiver_of
from indexkit.deployment.parties import party_at

PENDING = ".pendingOwner"


def calls_table(found: Handover) -> Table:
    """Return the calls that the deployer still makes."""
    table = Table(title=f"{found.declaration.name}: {len(found.left)} calls to make")
    for column in ("step", "call", "to", "who that is"):
        table.add_column(column)
    for step in found.left:
        receiver = receiver_of(step, found.execution)
        who = str(found.parties.get(receiver, "its IndexManager"))
        table.add_row(step.id, f"{step.contract}.{step.function}", receiver, who)
    return table


def rights_table(found: Mapping[str, str], deployer: str) -> Table:
    """Return a row for each role: who has it, and whether that is the end of it.

    Raises
    ------
    NodeError
        The node did not answer.
    """
    table = Table(title="Who has what")
    for column in ("role", "holder", "who that is", ""):
        table.add_column(column)
    kinds = {address: str(party_at(address)) for address in set(found.values()) - {NOBODY}}
    for role, holder in found.items():
        if role.endswith(PENDING):
            continue
        name = role.rpartition(".")[0]
        offered = found.get(name + PENDING, NOBODY) if role.endswith(".owner") else NOBODY
        table.add_row(role, holder, kinds.get(holder, "nobody"), _remark(holder, offered, deployer))
    return table


def _remark(holder: str, offered: str, deployer: str) -> str:
    if offered != NOBODY:
        return f"offered to {offered}"
    return "stays with the deployer" if holder == deployer else ""


def receivers_half(pending: Sequence[Offer], packs: Sequence[Pack]) -> Iterator[str]:
    """Yield what is left for others to do, or that nothing is."""
    if not pending:
        yield "All is handed over."
    for pack in packs:
        yield (
            f"{pack.safe.address} ({pack.safe}) signs {pack.folder}, safeTxHash "
            f"{pack.safe_tx_hash}: import transactions.json in its wallet, or run "
            "'ape run handover accept' with its owners."
        )
    safes = {pack.safe.address for pack in packs}
    for receiver in dict.fromkeys(offer.receiver for offer in pending):
        if receiver not in safes:
            yield f"{receiver} runs 'ape run handover accept' with its own --account."
