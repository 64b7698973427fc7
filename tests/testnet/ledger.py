"""What each step of the rehearsal took: time, transactions, gas, fees."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.table import Table

from indexkit.localnet.rpc import Rpc


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step took.

    Attributes
    ----------
    seconds
        By the wall clock {s}.
    fee
        That its transactions paid {wei}.
    """

    name: str
    seconds: float
    transactions: int
    gas: int
    fee: int


class Ledger:
    """The steps of a rehearsal, read from the chain's blocks.

    Parameters
    ----------
    rpc
        Of the node.
    say
        Is given a line when a step is over.
    """

    def __init__(self, rpc: Rpc, say: Callable[[str], object]) -> None:
        self._rpc = rpc
        self._say = say
        self.taken: list[Taken] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what happens on the chain within a `with`: blocks come one by one in it."""
        began, first = time.monotonic(), self._head()
        yield
        receipts = [*self._receipts(first + 1, self._head())]
        gas = [int(each["gasUsed"], 16) for each in receipts]
        prices = [int(each["effectiveGasPrice"], 16) for each in receipts]
        fee = sum(each * price for each, price in zip(gas, prices, strict=True))
        taken = Taken(name, time.monotonic() - began, len(receipts), sum(gas), fee)
        self.taken.append(taken)
        self._say(
            f"{taken.seconds:6.1f} s  {name} ({taken.transactions} transactions, {taken.gas:,} gas)"
        )

    def table(self) -> Table:
        """Return all steps."""
        table = Table(title="A deployment's life on a node that is not anvil")
        table.add_column("step")
        for column in ("seconds", "transactions", "gas", "fee (wei)"):
            table.add_column(column, justify="right")
        for each in self.taken:
            table.add_row(each.name, *_figures(each))
        table.add_section()
        table.add_row("total", *_figures(total(self.taken)))
        return table

    def _head(self) -> int:
        return int(self._rpc.call("eth_blockNumber"), 16)

    def _receipts(self, first: int, last: int) -> Iterator[dict[str, str]]:
        for number in range(first, last + 1):
            for transaction in self._rpc.call("eth_getBlockByNumber", hex(number), False)[
                "transactions"
            ]:
                yield self._rpc.call("eth_getTransactionReceipt", transaction)


def total(taken: list[Taken]) -> Taken:
    """Return all steps as one."""
    return Taken(
        "total",
        sum(each.seconds for each in taken),
        sum(each.transactions for each in taken),
        sum(each.gas for each in taken),
        sum(each.fee for each in taken),
    )


def _figures(taken: Taken) -> tuple[str, ...]:
    return (
        f"{taken.seconds:.1f}",
        f"{taken.transactions:,}",
        f"{taken.gas:,}",
        f"{taken.fee:,}",
    )
