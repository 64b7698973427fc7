"""The circulating supply that a MetaGovernor takes 5 % of: compared with the truth, and stated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ape import project
from ape.exceptions import ApeException
from rich.table import Table

from indexkit.acting import act_as
from indexkit.economics.circulating import Pot
from indexkit.errors import IndexkitError
from indexkit.metagov.ledger import tokens
from indexkit.metagov.supply import is_off
from indexkit.safe import Call

if TYPE_CHECKING:
    from ape.api import AccountAPI, ReceiptAPI


@dataclass(frozen=True, slots=True)
class Statement:
    """What a MetaGovernor has been told, beside what is true {INDEX base units}."""

    governor: str
    stated: int
    reckoned: int

    def line(self) -> str:
        """Return one line; a warning if they are more than 1 % apart."""
        start = f"{self.governor} states {tokens(self.stated)} INDEX"
        if not is_off(self.stated, self.reckoned):
            return f"{start}, within 1 % of the {tokens(self.reckoned)} that circulate."
        return (
            f"WARNING: {start}, and {tokens(self.reckoned)} circulate: more than 1 % apart; have "
            "the owner state it, with --state."
        )


def statement(governor: str, reckoned: int) -> Statement:
    """Ask a MetaGovernor for the supply that was stated.

    Raises
    ------
    IndexkitError
        It is none.
    """
    try:
        stated = project.MetaGovernor.at(governor).circulatingSupply()
    except (ApeException, ValueError) as error:
        raise IndexkitError(
            f"{governor} is no MetaGovernor on this chain ({error}): check the address."
        ) from error
    return Statement(governor, int(stated), reckoned)


def state(governor: str, supply: int, signers: "Sequence[AccountAPI]") -> "ReceiptAPI":
    """State the circulating supply, for ballots opened from now on.

    Parameters
    ----------
    governor
        The MetaGovernor.
    supply
        {INDEX base units}
    signers
        Its owner, or the owners of the Safe that is.

    Raises
    ------
    IndexkitError
        These accounts are not the owner, or the contract refuses.
    """
    contract = project.MetaGovernor.at(governor)
    if not signers:
        raise IndexkitError(f"Only the owner of {governor} states its supply: add --account.")
    call = Call.of(contract, "setCirculatingSupply", supply)
    try:
        return act_as(str(contract.owner()), call, signers, "the MetaGovernor")
    except ApeException as error:
        raise IndexkitError(f"{governor} does not take {supply} ({error}).") from error


def pots_table(pots: Sequence[Pot], block: int) -> Table:
    """Return a row per pot that is not empty."""
    table = Table("where", "standing", title=f"INDEX at block {block:,}")
    table.add_column("INDEX", justify="right")
    for pot in pots:
        if pot.amount:
            table.add_row(pot.name, str(pot.standing), tokens(pot.amount))
    return table
