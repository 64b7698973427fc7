"""Where all INDEX is at one moment: every contract's books, every wallet, to the last base unit.

A contract's books are its programs: what was paid in for a purpose, and how much of it is locked,
due or claimed. What a contract holds beyond its books was sent there by mistake and belongs to
nobody (a *stray*); if it holds less, the ledger is refused. Anybody can send coins anywhere, so a
stray must not break anything, and is only told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from indexkit.economics.circulating import TOTAL, Pot, Standing, circulating, total_of
from indexkit.errors import IndexkitError

STRAYS = "strays"


@dataclass(frozen=True, slots=True)
class Program:
    """What became of the coins paid in for one purpose {INDEX base units}.

    Attributes
    ----------
    name
        The purpose.
    funded
        Paid in so far.
    locked
        Nobody's yet.
    due
        Somebody's, who has not claimed it.
    treasury_due
        The same, where that is the treasury.
    claimed
        Paid out.
    """

    name: str
    funded: int
    locked: int
    due: int
    treasury_due: int
    claimed: int

    @property
    def held(self) -> int:
        """What must still be there."""
        return self.locked + self.due + self.treasury_due

    @property
    def released(self) -> int:
        """What has become somebody's, claimed or not."""
        return self.funded - self.locked

    def pots(self) -> tuple[Pot, ...]:
        """Return what is held, by kind."""
        return (
            Pot(f"{self.name}: locked", Standing.LOCKED, self.locked),
            Pot(f"{self.name}: due", Standing.CIRCULATING, self.due),
            Pot(f"{self.name}: due to the treasury", Standing.TREASURY, self.treasury_due),
        )


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract that holds INDEX: what the token says it has, and what its books say."""

    name: str
    balance: int
    programs: tuple[Program, ...]

    @property
    def stray(self) -> int:
        """What it has beyond its books {INDEX base units}; negative if something is missing."""
        return self.balance - sum(program.held for program in self.programs)


T = TypeVar("T", Program, Pot)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All INDEX at the end of a block.

    Attributes
    ----------
    block, time
        Which block, and when {s}.
    contracts
        Those that hold INDEX for others.
    wallets
        All other holders, named or together.
    """

    block: int
    time: int
    contracts: tuple[Contract, ...]
    wallets: tuple[Pot, ...]

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs of all contracts."""
        return tuple(program for contract in self.contracts for program in contract.programs)

    @property
    def pots(self) -> tuple[Pot, ...]:
        """Every coin, once: what the contracts hold by kind, strays, wallets."""
        held = [pot for program in self.programs for pot in program.pots()]
        strays = sum(contract.stray for contract in self.contracts)
        return (*held, Pot(STRAYS, Standing.LOCKED, strays), *self.wallets)

    @property
    def vested(self) -> int:
        """What has become somebody's: all but what is locked {INDEX base units}."""
        return TOTAL - total_of(self.pots, Standing.LOCKED)

    @property
    def claimed(self) -> int:
        """What of it has been claimed, or never had to be: what lies in wallets."""
        return total_of(self.wallets, Standing.TREASURY, Standing.CIRCULATING)

    @property
    def circulating(self) -> int:
        """What circulates, see `indexkit.economics.circulating`."""
        return circulating(self.pots)

    def program(self, name: str) -> Program:
        """Return a program by its name.

        Raises
        ------
        IndexkitError
            There is none.
        """
        return _named(self.programs, name)

    def pot(self, name: str) -> Pot:
        """Return a pot by its name.

        Raises
        ------
        IndexkitError
            There is none.
        """
        return _named(self.pots, name)


def checked(ledger: Ledger) -> Ledger:
    """Return a ledger that accounts for every coin.

    Raises
    ------
    IndexkitError
        Naming the pot that is wrong and by how much, in base units.
    """
    where = f"Block {ledger.block}"
    for program in ledger.programs:
        missing = program.funded - program.held - program.claimed
        if missing:
            raise IndexkitError(
                f"{where}: the {program.name} got {program.funded} and accounts for "
                f"{program.funded - missing}, a difference of {missing}: check its contract."
            )
    for contract in ledger.contracts:
        if contract.stray < 0:
            raise IndexkitError(
                f"{where}: the {contract.name} holds {contract.balance}, which is "
                f"{-contract.stray} less than it owes: check its contract."
            )
    for pot in ledger.pots:
        if pot.amount < 0:
            raise IndexkitError(f"{where}: {pot.name} is {pot.amount}: no pot can be below zero.")
    difference = sum(pot.amount for pot in ledger.pots) - TOTAL
    if difference:
        raise IndexkitError(
            f"{where}: all pots together hold {abs(difference)} base units "
            f"{'more' if difference > 0 else 'less'} than {TOTAL}: a wallet is counted twice, or "
            "left out."
        )
    return ledger


def check_order(ledgers: Iterable[Ledger]) -> None:
    """Require that nothing is taken back from one ledger to the next.

    Raises
    ------
    IndexkitError
        Naming the program of which less was paid in, released or claimed than before.
    """
    before: dict[str, Program] = {}
    for ledger in ledgers:
        for program in ledger.programs:
            earlier = before.get(program.name, program)
            for figure in ("funded", "released", "claimed"):
                fell = getattr(earlier, figure) - getattr(program, figure)
                if fell > 0:
                    raise IndexkitError(
                        f"Block {ledger.block}: of the {program.name} {fell} less is {figure} "
                        "than before: check its contract."
                    )
            before[program.name] = program


def _named(entries: tuple[T, ...], name: str) -> T:
    for entry in entries:
        if entry.name == name:
            return entry
    raise IndexkitError(
        f"The ledger has no {name!r}: choose from {', '.join(entry.name for entry in entries)}."
    )
