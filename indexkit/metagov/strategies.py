"""How voting power is counted: strategies that turn voters and a block into powers, by name."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexkit.errors import IndexkitError

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


class Reader(Protocol):
    """What strategies ask of a chain; no past state is asked for, only past events."""

    def chain_id(self) -> int:
        """Return which chain it is."""

    def head(self) -> int:
        """Return the latest block."""

    def transfers(self, token: str, last: int) -> Iterable[Transfer]:
        """Return all transfers of a token up to and with a block, in order."""

    def view(self, token: str, function: str, *arguments: str | int, block: int) -> int:
        """Return the whole number that a view, as ``balanceOf(address)``, gives at a late block."""


Powers = Callable[[str, Sequence[str], int, Reader], Mapping[str, int]]
"""Token, voters, snapshot block and reader to the power of each voter {INDEX base units}."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way of counting.

    Attributes
    ----------
    coins
        Which coins it counts: two strategies that count the same ones exclude each other.
    powers
        Does it.
    """

    coins: str
    powers: Powers


def wallet(token: str, voters: Sequence[str], block: int, reader: Reader) -> dict[str, int]:
    """Return what each voter held at the end of a block, reckoned from the token's events.

    The reckoning goes on to the chain's latest block, where it must meet what the token itself says
    of its total supply and of every voter's balance: a node that hides events is found out.

    Raises
    ------
    IndexkitError
        The block is still to come, or events and token contradict each other.
    """
    head = reader.head()
    if block > head:
        raise IndexkitError(
            f"Block {block} is still to come (the latest is {head}): count later, or set an "
            "earlier snapshot."
        )
    balances: defaultdict[str, int] = defaultdict(int)
    made = 0
    then: dict[str, int] | None = None
    for transfer in reader.transfers(token, head):
        if transfer.block > block and then is None:
            then = dict(balances)
        made += _move(balances, transfer, token)
    held = dict(balances) if then is None else then
    _expect(token, "totalSupply", made, reader.view(token, "totalSupply()", block=head))
    for voter in voters:
        balance = reader.view(token, "balanceOf(address)", voter, block=head)
        _expect(token, f"the balance of {voter}", balances[voter], balance)
    return {voter: held.get(voter, 0) for voter in voters}


def delegated(token: str, voters: Sequence[str], block: int, reader: Reader) -> dict[str, int]:
    """Return the votes delegated to each voter at the end of a block, as the token counts them.

    Raises
    ------
    IndexkitError
        The block is not over.
    """
    head = reader.head()
    if block >= head:
        raise IndexkitError(
            f"Block {block} is not over (the latest is {head}): count later, or set an earlier "
            "snapshot."
        )
    function = "getPriorVotes(address,uint256)"
    return {voter: reader.view(token, function, voter, block, block=head) for voter in voters}


STRATEGIES: Mapping[str, Strategy] = {
    # What is delegated lies in wallets: together they would count a coin twice.
    "wallet": Strategy("in wallets", wallet),
    "delegated": Strategy("in wallets", delegated),
}


def check(names: Sequence[str], strategies: Mapping[str, Strategy] = STRATEGIES) -> None:
    """Require strategies that exist and count no coin twice.

    Raises
    ------
    IndexkitError
        Naming the strategies that do not go together, or that there is none.
    """
    if not names:
        raise IndexkitError("A vote needs a strategy that counts power: name at least one.")
    counted: dict[str, str] = {}
    for name in names:
        if name not in strategies:
            raise IndexkitError(
                f"There is no strategy {name!r}: choose from {', '.join(strategies)}."
            )
        coins = strategies[name].coins
        if coins in counted:
            raise IndexkitError(
                f"The strategies {counted[coins]} and {name} both count the coins {coins}, so "
                "each coin twice: choose one."
            )
        counted[coins] = name


def powers(
    names: Sequence[str],
    token: str,
    voters: Iterable[str],
    block: int,
    reader: Reader,
    strategies: Mapping[str, Strategy] = STRATEGIES,
) -> dict[str, dict[str, int]]:
    """Return each voter's power by strategy {INDEX base units}.

    Parameters
    ----------
    names
        The strategies; their powers add up.
    token
        INDEX.
    voters
        Checksummed addresses.
    block
        The snapshot: what counts is the state at its end.
    reader
        The chain.
    strategies
        Those there are.

    Raises
    ------
    IndexkitError
        The strategies do not go together, or the chain cannot answer.
    """
    check(names, strategies)
    asked = sorted(set(voters))
    result: dict[str, dict[str, int]] = {voter: {} for voter in asked}
    for name in names:
        found = strategies[name].powers(token, asked, block, reader)
        for voter in asked:
            power = found.get(voter, -1)
            if power < 0:
                raise IndexkitError(f"The strategy {name} has no power for {voter}: correct it.")
            result[voter][name] = power
    return result


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


def _expect(token: str, what: str, reckoned: int, told: int) -> None:
    if reckoned != told:
        raise IndexkitError(
            f"The events of {token} do not account for {what}: they add up to {reckoned}, the "
            f"token says {told}; use a node that keeps all logs."
        )
