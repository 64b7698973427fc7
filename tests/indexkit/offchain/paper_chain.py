"""A chain made up, on which contracts hold INDEX for others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from electorate import INDEX, FakeChain

from indexkit.metagov.moment import NOBODY, Event, Kind, Transfer

SECONDS_A_BLOCK = 10
FARM, STREAMS, PAIR, LISTS = (f"0x{digit * 40}" for digit in "1234")


@dataclass
class PaperChain(FakeChain):
    """Contracts with logs and answers.

    Attributes
    ----------
    logs
        By contract.
    answers
        By contract, function and arguments: a whole number, or words.
    """

    logs: dict[str, list[Event]] = field(default_factory=dict)
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def time(self, block: int) -> int:
        """Return when a block was."""
        return SECONDS_A_BLOCK * block

    def events(self, contract: str, kinds: Sequence[Kind], last: int) -> list[Event]:
        """Return a contract's logs."""
        names = {kind.name for kind in kinds}
        events = self.logs.get(contract, [])
        return [event for event in events if event.block <= last and event.name in names]

    def view(self, token: str, function: str, *arguments: str | int, block: int) -> int:
        """Answer for a contract."""
        if token == INDEX:
            return super().view(token, function, *arguments, block=block)
        (answer,) = self.words(token, function, *arguments, block=block)
        return answer

    def words(
        self, contract: str, function: str, *arguments: str | int, block: int
    ) -> tuple[int, ...]:
        """Answer for a contract, word by word."""
        assert block == self.latest
        answer = self.answers[contract, function, *arguments]
        return answer if isinstance(answer, tuple) else (answer,)

    def file(self, digest: str) -> Path:
        """There are no files."""
        raise AssertionError(digest)

    def give(self, to: str, amount: int, block: int = 1) -> None:
        """Make INDEX for somebody."""
        self.moves.append(Transfer(block, NOBODY, to, amount))

    def tell(self, contract: str, **answers: Any) -> None:
        """Have a contract answer views without arguments; addresses as numbers."""
        for name, answer in answers.items():
            told = int(answer, 16) if isinstance(answer, str) else answer
            self.answers[contract, f"{name}()"] = told

    def log(self, contract: str, block: int, kind: Kind, *values: Any) -> None:
        """Have a contract log something."""
        self.logs.setdefault(contract, []).append(Event(block, kind.name, values))
