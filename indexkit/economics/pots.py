"""The ledger as the chain tells it: contracts' own books, and every wallet from the token's events.

Two accounts of the same coins meet here. What a contract owes comes from its views; what it holds
comes from replaying all transfers of INDEX, and must be what the token says of it. Nothing is
derived from the total, so that a missing coin is missing in the sum.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import ape
from ape import project
from ape.exceptions import ApeException
from web3.exceptions import Web3Exception

from indexkit.economics.circulating import Pot, Standing
from indexkit.economics.ledger import Contract, Ledger, Program, checked
from indexkit.economics.lists import read_initial
from indexkit.economics.record import PARTIES, Deployment, Farm, read_deployment
from indexkit.errors import IndexkitError
from indexkit.metagov.moment import NOBODY
from indexkit.metagov.reader import ChainReader

INITIAL, EPOCHS, BOUNTY = "initial distribution", "contributor rewards", "methodologist bounty"
STREAMS = {
    "treasury": "treasury stream",
    "set_labs": "Set Labs stream",
    "defi_pulse": "DeFi Pulse stream",
}
BOUNTY_MONTHS = 18
OTHER_STREAMS = "other streams"
WALLETS = {
    "deployer": ("not distributed", Standing.LOCKED),
    "treasury": ("treasury wallet", Standing.TREASURY),
    "set_labs": ("Set Labs wallet", Standing.CIRCULATING),
    "defi_pulse": ("DeFi Pulse wallet", Standing.CIRCULATING),
}
OTHER_WALLETS = "other wallets"


class Books:
    """Reads the ledger of a deployment, at later and later blocks.

    Parameters
    ----------
    deployment
        Where everything is.
    initial
        Total of the initial distribution's list {INDEX base units}.

    Raises
    ------
    IndexkitError
        A farm's stakes are INDEX.
    """

    def __init__(self, deployment: Deployment, initial: int) -> None:
        self._deployment = deployment
        self._initial = initial
        self._token = project.IndexToken.at(deployment.token)
        self._streams = project.TokenStream.at(deployment.streams)
        self._distributor = project.MerkleDistributor.at(deployment.distributor)
        self._bounty = project.MethodologistBounty.at(deployment.bounty)
        self._farms = {
            farm.address: project.StakingRewards.at(farm.address) for farm in deployment.farms
        }
        for farm in deployment.farms:
            if self._farms[farm.address].stakingToken() == deployment.token:
                raise IndexkitError(
                    f"In {farm.name} INDEX itself is staked, which the ledger does not tell from "
                    "its rewards: leave that farm out of the record."
                )
        self._read = deployment.block - 1
        self._held: defaultdict[str, int] = defaultdict(int)
        self._paid: defaultdict[str, int] = defaultdict(int)
        self._notified: defaultdict[str, int] = defaultdict(int)
        self._rewarded: defaultdict[str, int] = defaultdict(int)
        self._tranches = [int(self._bounty.trancheOf(month)) for month in range(BOUNTY_MONTHS)]
        self._listed = 0
        self._paid_months: set[int] = set()
        self._stakers: defaultdict[str, set[str]] = defaultdict(set)

    def ledger(self, block: int | None = None) -> Ledger:
        """Return the ledger at the end of a block, by default the latest.

        An earlier block than the latest takes a node that keeps its state, and must not be earlier
        than that of the ledger before.

        Raises
        ------
        IndexkitError
            A coin is missing, events and contracts contradict each other, or the block is earlier
            than that of the ledger before.
        """
        number = ape.chain.blocks.head.number if block is None else block
        if number < self._read:
            raise IndexkitError(
                f"Block {number} is earlier than {self._read}, which was read already: read "
                "ledgers in their order."
            )
        self._follow(number)
        time = int(ape.chain.provider.get_block(number).timestamp)
        contracts = (
            *(self._farm(farm, number) for farm in self._deployment.farms),
            self._distributor_at(number),
            self._bounty_at(number),
            self._streams_at(number, time),
        )
        return checked(Ledger(number, time, contracts, tuple(self._wallets(number))))

    def _follow(self, block: int) -> None:
        """Replay what happened since the last ledger."""
        first = self._read + 1
        if block < first:
            return
        for transfer in ChainReader(first).transfers(self._deployment.token, block):
            self._paid[transfer.sender] += transfer.amount
            self._held[transfer.sender] -= transfer.amount
            self._held[transfer.receiver] += transfer.amount
        for log in self._distributor.Claimed.range(first, block + 1):
            self._listed += int(log.amount)
        for address, farm in self._farms.items():
            for log in farm.RewardAdded.range(first, block + 1):
                self._notified[address] += int(log.reward)
            for log in farm.Staked.range(first, block + 1):
                self._stakers[address].add(log.user)
            for log in farm.RewardPaid.range(first, block + 1):
                self._rewarded[address] += int(log.reward)
        self._read = block

    def _farm(self, farm: Farm, block: int) -> Contract:
        """Return a farm: what stakers have earned is due, what is not streamed yet is locked.

        What stakers have earned is rounded down for each; the rest, less than a base unit for each
        of them, counts as locked until it is a whole one.
        """
        contract, treasury = self._farms[farm.address], self._deployment.parties.treasury
        earned = {
            staker: int(contract.earned(staker, block_identifier=block))
            for staker in sorted(self._stakers[farm.address])
        }
        claimed = self._rewarded[farm.address]
        balance = self._balance(farm.name, farm.address, block)
        # Coins that wait for the first notification are paid in, and nobody's yet.
        funded = self._notified[farm.address] or balance
        own = earned.pop(treasury, 0)
        due = sum(earned.values())
        locked = funded - claimed - due - own
        program = Program(farm.name, funded, locked, due, own, claimed)
        return Contract(farm.name, balance, (program,))

    def _distributor_at(self, block: int) -> Contract:
        address = self._deployment.distributor
        total = int(self._distributor.epochTotal(block_identifier=block))
        paid = int(self._distributor.epochPaid(block_identifier=block))
        self._check_paid("distributor", address, self._listed + paid, block)
        initial = Program(
            INITIAL, self._initial, 0, self._initial - self._listed, 0, claimed=self._listed
        )
        epochs = Program(EPOCHS, total, 0, total - paid, 0, claimed=paid)
        balance = self._balance("distributor", address, block)
        return Contract("distributor", balance, (initial, epochs))

    def _bounty_at(self, block: int) -> Contract:
        """Return the bounty: settled parts are due, the tranches to come are locked.

        After the last month what nobody earned is the treasury's, and so is whatever was sent there
        by mistake, which its books don't know.
        """
        bounty, treasury = self._bounty, self._deployment.parties.treasury
        settled = int(bounty.settledMonths(block_identifier=block))
        left = own = 0
        for month in sorted({*range(settled)} - self._paid_months):
            tranche = int(bounty.getMonth(month, block_identifier=block).trancheLeft)
            if tranche == 0:
                # Nothing comes back into a settled month.
                self._paid_months.add(month)
                continue
            left += tranche
            own += int(bounty.claimable(month, treasury, block_identifier=block))
        carried = int(bounty.carried(block_identifier=block))
        locked = sum(self._tranches[settled:])
        over = settled == len(self._tranches)
        funded = sum(self._tranches)
        claimed = funded - locked - carried - left
        passed_on = max(0, self._paid[bounty.address] - claimed)
        self._check_paid(BOUNTY, bounty.address, claimed + passed_on, block)
        program = Program(
            BOUNTY,
            funded,
            locked=locked + (0 if over else carried),
            due=left - own,
            treasury_due=own + (carried if over else 0),
            claimed=claimed,
        )
        return Contract(BOUNTY, self._balance(BOUNTY, bounty.address, block), (program,))

    def _streams_at(self, block: int, time: int) -> Contract:
        named = {getattr(self._deployment.stream_ids, party): party for party in PARTIES}
        programs: dict[str, Program] = {}
        for number in range(int(self._streams.streamCount(block_identifier=block))):
            name = STREAMS[named[number]] if number in named else OTHER_STREAMS
            read = self._stream(name, number, block, time)
            programs[name] = _sum(read, programs[name]) if name in programs else read
        balance = self._balance("streams", self._deployment.streams, block)
        return Contract("streams", balance, tuple(programs.values()))

    def _stream(self, name: str, number: int, block: int, time: int) -> Program:
        stream = self._streams.getStream(number, block_identifier=block)
        vested = int(self._streams.vested(number, time, block_identifier=block))
        due = vested - int(stream.claimed)
        is_treasury = stream.recipient == self._deployment.parties.treasury
        return Program(
            name,
            funded=int(stream.total),
            locked=int(stream.total) - vested,
            due=0 if is_treasury else due,
            treasury_due=due if is_treasury else 0,
            claimed=int(stream.claimed),
        )

    def _wallets(self, block: int) -> Iterable[Pot]:
        """Yield the named wallets, and all others together."""
        known = {*self._deployment.contracts, NOBODY}
        for party, (name, standing) in WALLETS.items():
            address = getattr(self._deployment.parties, party)
            known.add(address)
            yield Pot(name, standing, self._balance(name, address, block))
        rest = sum(held for holder, held in self._held.items() if holder not in known)
        yield Pot(OTHER_WALLETS, Standing.CIRCULATING, rest)

    def _check_paid(self, name: str, address: str, claimed: int, block: int) -> None:
        """Require that a contract has paid what its books say."""
        paid = self._paid[address]
        if claimed != paid:
            raise IndexkitError(
                f"Block {block}: by its books the {name} has paid {claimed}, by INDEX's events "
                f"{paid}, a difference of {paid - claimed}: check its contract."
            )

    def _balance(self, name: str, address: str, block: int) -> int:
        """Return what an account holds, as events and token agree."""
        held = self._held[address]
        told = int(self._token.balanceOf(address, block_identifier=block))
        if held != told:
            raise IndexkitError(
                f"Block {block}: by its events INDEX's {name} holds {held}, by the token {told}, "
                f"a difference of {told - held}: use a node that keeps all logs."
            )
        return held


def read_ledger(deployment: Path, block: int | None = None) -> Ledger:
    """Return the ledger of a deployment on the connected chain, by default at the latest block.

    Parameters
    ----------
    deployment
        Its record.
    block
        An earlier one takes a node that keeps its state.

    Raises
    ------
    IndexkitError
        The record is of another chain, the node cannot tell, or a coin is missing.
    """
    record = read_deployment(deployment)
    if record.chain_id != ape.chain.chain_id:
        raise IndexkitError(
            f"{deployment} is of chain {record.chain_id}, connected is {ape.chain.chain_id}: "
            "name its network with --network."
        )
    head = ape.chain.blocks.head.number
    if not record.block <= (head if block is None else block) <= head:
        raise IndexkitError(
            f"Block {head if block is None else block} is not between the token's, {record.block}, "
            f"and the latest, {head}: name another with --block, or the chain with --network."
        )
    try:
        return Books(record, read_initial().total).ledger(block)
    except (ApeException, Web3Exception) as error:
        raise IndexkitError(
            f"The chain does not tell what {deployment} names ({_first_line(error)}): check the "
            "record and the network; for an earlier block take a node that keeps its state."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def _sum(one: Program, other: Program) -> Program:
    figures = ("funded", "locked", "due", "treasury_due", "claimed")
    return Program(one.name, *(getattr(one, f) + getattr(other, f) for f in figures))
