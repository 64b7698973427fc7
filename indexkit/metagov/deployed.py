"""From the deployment record of INDEX to the places of a vote, tried before anyone signs."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexkit import documents
from indexkit.economics.circulating import Pot, circulating
from indexkit.economics.record import Deployment, read_deployment
from indexkit.errors import IndexkitError
from indexkit.metagov import supply
from indexkit.metagov.holdings import owners
from indexkit.metagov.moment import Moment
from indexkit.metagov.places import Distributor, Places
from indexkit.metagov.reader import ChainReader
from indexkit.metagov.strategies import refuse_delegates

LISTS = "lists"
"""The folder, in that of a vote, with the files of what distributors owe."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment of INDEX, as a vote needs it.

    Attributes
    ----------
    chain_id, token
        The chain, and INDEX.
    first
        A block before all of it.
    places
        The contracts.
    lists
        The contents of the distributor's files, by digest.
    """

    chain_id: int
    token: str
    first: int
    places: Places
    lists: dict[str, dict[str, Any]] = field(repr=False)

    def write_lists(self, folder: Path) -> None:
        """Write the files, each called after its digest."""
        for digest, content in self.lists.items():
            documents.write(folder / f"{digest}.json", content)

    def circulating_now(self) -> "Circulation":
        """Reckon what circulates at the end of the latest block."""
        with self.reader() as reader:
            moment = self._moment(reader, reader.head())
            return Circulation(moment.block, supply.pots(moment))

    @contextmanager
    def reader(self) -> Iterator[ChainReader]:
        """Give a reader that finds the files."""
        with tempfile.TemporaryDirectory() as name:
            self.write_lists(Path(name))
            yield ChainReader(first=self.first, lists=Path(name))

    def try_out(self, block: int, strategies: Sequence[str] = ()) -> int:
        """Read every place, as a count will; return the circulating supply {INDEX base units}.

        Parameters
        ----------
        block
            At whose end.
        strategies
            That will count.

        Raises
        ------
        IndexkitError
            The record is of another chain, or a place cannot be counted: better now than after
            the vote.
        """
        with self.reader() as reader:
            moment = self._moment(reader, block)
            for pair in self.places.pools:
                owners("pools", pair, moment, ())
            if "delegated" in strategies:
                refuse_delegates(moment)
            found = supply.circulating(moment)
        if found == 0:
            raise IndexkitError(f"Nothing of {self.token} circulates at block {block}: wait.")
        return found

    def _moment(self, reader: ChainReader, block: int) -> Moment:
        if (chain_id := reader.chain_id()) != self.chain_id:
            raise IndexkitError(
                f"The deployment record is of chain {self.chain_id}, not {chain_id}: connect to it."
            )
        return Moment(self.token, block, reader, self.places)


@dataclass(frozen=True, slots=True)
class Circulation:
    """All INDEX at the end of a block, by where it is."""

    block: int
    pots: tuple[Pot, ...]

    @property
    def amount(self) -> int:
        """What circulates {INDEX base units}."""
        return circulating(self.pots)


def read_deployed(path: Path, lists: Sequence[Path] = ()) -> Deployed:
    """Read a deployment record and the files of what its distributor owes.

    Parameters
    ----------
    path
        The record.
    lists
        The initial list, and the epoch that is the latest, if there is one.

    Raises
    ------
    IndexkitError
        A file cannot be read, or names an address twice.
    """
    record = read_deployment(path)
    contents = {documents.digest(one): one for one in map(documents.read, lists)}
    return Deployed(
        record.chain_id,
        record.token,
        record.block,
        _places(record, tuple(contents)),
        contents,
    )


def _places(record: Deployment, digests: tuple[str, ...]) -> Places:
    return Places(
        vesting=(record.streams,),
        farms=tuple(farm.address for farm in record.farms),
        unclaimed=(Distributor(record.distributor, digests),),
        bounty=(record.bounty,),
        pools=record.pools,
        treasury=(record.parties.treasury,),
    )
