"""The end of a block, and what events tell of it: no past state is asked for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from indexkit.errors import IndexkitError
from indexkit.metagov.places import NOWHERE, Places

NOBODY = "0x" + "00" * 20


@dataclass(frozen=True, slots=True)
class Transfer:
    """One Transfer event of a token.

    Attributes
    ----------
    block
        In which it happened.
    sender, receiver
        Whose balances changed; `NOBODY` where tokens were made or destroyed.
    amount
        {base units}
    """

    block: int
    sender: str
    receiver: str
    amount: int


@dataclass(frozen=True, slots=True)
class Kind:
    """An event of a contract: its name, and the types of its fields, the indexed ones first."""

    name: str
    indexed: tuple[str, ...]
    data: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """The first topic of its logs."""
        return "0x" + keccak(text=f"{self.name}({','.join(self.indexed + self.data)})").hex()


@dataclass(frozen=True, slots=True)
class Event:
    """A log: its block, its kind's name, and its fields in their order; addresses checksummed."""

    block: int
    name: str
    values: tuple[Any, ...]


class Reader(Protocol):
    """What strategies ask of a chain; no past state is asked for, only past events."""

    def chain_id(self) -> int:
        """Return which chain it is."""

    def head(self) -> int:
        """Return the latest block."""

    def time(self, block: int) -> int:
        """Return when a block was {s}."""

    def transfers(self, token: str, last: int) -> Iterable[Transfer]:
        """Return all transfers of a token up to and with a block, in order."""

    def events(self, contract: str, kinds: Sequence[Kind], last: int) -> Iterable[Event]:
        """Return all events of these kinds up to and with a block, in order."""

    def view(self, token: str, function: str, *arguments: str | int, block: int) -> int:
        """Return the whole number that a view, as ``balanceOf(address)``, gives at a late block."""

    def words(
        self, contract: str, function: str, *arguments: str | int, block: int
    ) -> tuple[int, ...]:
        """Return what a view gives at a late block, word by word."""

    def file(self, digest: str) -> Path:
        """Return the JSON file whose canonical text has that SHA-256."""


@dataclass(frozen=True, slots=True)
class Wallets:
    """What everybody had {INDEX base units}.

    Attributes
    ----------
    then, now
        At the end of the block that counts, and of the latest one.
    """

    then: Mapping[str, int]
    now: Mapping[str, int]


@dataclass(slots=True)
class Moment:
    """A block at whose end power is counted; what is read of the chain is read once.

    Attributes
    ----------
    token
        INDEX.
    block
        Which.
    reader
        The chain.
    places
        The contracts that hold INDEX for others.
    head
        The latest block, where reckoning and contracts must meet.

    Raises
    ------
    IndexkitError
        The block is still to come.
    """

    token: str
    block: int
    reader: Reader
    places: Places = NOWHERE
    head: int = field(init=False)
    _wallets: Wallets | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Refuse a block that is still to come."""
        self.head = self.reader.head()
        if self.block > self.head:
            raise IndexkitError(
                f"Block {self.block} is still to come (the latest is {self.head}): count later, or "
                "set an earlier snapshot."
            )

    @property
    def times(self) -> tuple[int, int]:
        """When the block was, and the latest one {s}."""
        return self.reader.time(self.block), self.reader.time(self.head)

    def split(
        self, contract: str, kinds: Sequence[Kind]
    ) -> tuple[Sequence[Event], Sequence[Event]]:
        """Return a contract's events up to the end of the block, and those after it."""
        events = list(self.reader.events(contract, kinds, self.head))
        until = sum(event.block <= self.block for event in events)
        return events[:until], events[until:]

    def view(self, contract: str, function: str, *arguments: str | int) -> int:
        """Return the whole number that a view gives at the latest block."""
        return self.reader.view(contract, function, *arguments, block=self.head)

    def words(self, contract: str, function: str, *arguments: str | int) -> tuple[int, ...]:
        """Return what a view gives at the latest block, word by word."""
        return self.reader.words(contract, function, *arguments, block=self.head)

    def address(self, contract: str, function: str) -> str:
        """Return the address that a view gives.

        Raises
        ------
        IndexkitError
            It gives none.
        """
        found = self.view(contract, function)
        if found >> 160:
            raise IndexkitError(f"{contract} gives no address for {function}: leave it out.")
        return to_checksum_address(f"0x{found:040x}")

    def require_token(self, contract: str, kind: str) -> None:
        """Refuse a contract that is not about INDEX."""
        token = self.address(contract, "token()")
        if token != self.token:
            raise IndexkitError(
                f"{contract}, named among {kind}, is about the token {token}, not {self.token}: "
                "leave it out."
            )

    def wallets(self) -> Wallets:
        """Return everybody's balance, reckoned from the token's events.

        The reckoning goes on to the latest block, where it must meet the token's total supply: a
        node that hides events is found out.

        Raises
        ------
        IndexkitError
            Events and token contradict each other.
        """
        if self._wallets is None:
            self._wallets = self._reckon()
        return self._wallets

    def expect(self, contract: str, what: str, reckoned: int, told: int) -> None:
        """Require what a contract tells at the latest block to be what its events add up to."""
        if reckoned != told:
            raise IndexkitError(
                f"The events of {contract} do not account for {what}: they add up to {reckoned}, "
                f"{'the token' if contract == self.token else 'the contract'} says {told}; use a "
                "node that keeps all logs."
            )

    def _reckon(self) -> Wallets:
        balances: defaultdict[str, int] = defaultdict(int)
        made = 0
        then: dict[str, int] | None = None
        for transfer in self.reader.transfers(self.token, self.head):
            if transfer.block > self.block and then is None:
                then = dict(balances)
            made += _move(balances, transfer, self.token)
        self.expect(self.token, "totalSupply", made, self.view(self.token, "totalSupply()"))
        return Wallets(dict(balances) if then is None else then, dict(balances))


def _move(balances: defaultdict[str, int], transfer: Transfer, token: str) -> int:
    """Book a transfer; return by how much it changed the supply."""
    made = transfer.sender == NOBODY
    destroyed = transfer.receiver == NOBODY
    if not made:
        balances[transfer.sender] -= transfer.amount
        if balances[transfer.sender] < 0:
            raise IndexkitError(
                f"The events of {token} are incomplete: in block {transfer.block} "
                f"{transfer.sender} sends more than it has; use a node that keeps all logs."
            )
    if not destroyed:
        balances[transfer.receiver] += transfer.amount
    return transfer.amount * (made - destroyed)
