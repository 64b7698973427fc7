"""What happens in the walk: every event of the calendar as a call on the chain."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ape import project
from ape_ethereum import multicall

from indexkit import deploy
from indexkit.economics.calendar import Calendar, Collection, EpochPlan, IndexPlan, Issue, Stake
from indexkit.economics.distribution import Plan
from indexkit.economics.epochs import Epoch, from_lists
from indexkit.economics.indices import CreatedIndex, create_index, issue
from indexkit.economics.lists import ClaimList
from indexkit.economics.pots import BOUNTY_MONTHS
from indexkit.economics.record import Deployment
from indexkit.errors import IndexkitError
from indexkit.localnet import token_at
from indexkit.published_index import UNLIMITED

if TYPE_CHECKING:
    from ape.api import AccountAPI

CLAIMS_AT_ONCE = 150
"""Claims in one transaction: far below a block's gas."""

BOUNTY_MONTH_S = 30 * 86_400


@dataclass(frozen=True, slots=True)
class People:
    """Who acts: accounts that can sign on the connected chain.

    Attributes
    ----------
    deployer, treasury, set_labs, defi_pulse
        The parties of a deployment record.
    issuer
        Creates indices, holds their supply.
    stranger
        Pushes claims to whom they belong, and settles.
    stakers
        Of liquidity mining.
    """

    deployer: "AccountAPI"
    treasury: "AccountAPI"
    set_labs: "AccountAPI"
    defi_pulse: "AccountAPI"
    issuer: "AccountAPI"
    stranger: "AccountAPI"
    stakers: "tuple[AccountAPI, ...]"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at a time {s}."""

    time: int
    act: Callable[[], None]


class Stage:
    """The distribution, the indices, and everybody who takes part.

    Parameters
    ----------
    people
        Who acts.
    calendar, plan
        What happens when, who gets what.
    initial, rewards
        The published lists.
    protocol
        What the indices share.
    """

    def __init__(
        self,
        people: People,
        calendar: Calendar,
        plan: Plan,
        initial: ClaimList,
        rewards: tuple[ClaimList, ...],
        protocol: deploy.Protocol,
    ) -> None:
        self.people = people
        self._calendar, self._plan, self._protocol = calendar, plan, protocol
        self._initial, self._rewards = initial, rewards
        self._indices: dict[str, CreatedIndex] = {}
        self._claimed = 0
        self._asked: set[tuple[int, str]] = set()
        self._collected: dict[str, int] = {}
        self._epochs: tuple[Epoch, ...] = ()
        self._staked: dict[int, int] = {}

    def create(self, index: IndexPlan) -> CreatedIndex:
        """Create an index and its pool."""
        people = self.people
        # Authors who leave the bounty to the treasury are still the manager's other party.
        methodologist = getattr(people, index.methodologist)
        created = create_index(
            project,
            self._protocol,
            index,
            people.issuer,
            operator=people.treasury,
            methodologist=people.issuer if methodologist == people.treasury else methodologist,
        )
        self._indices[index.rebalance] = created
        return created

    def take_over(self, deployment: Deployment) -> None:
        """Have the treasury take what it was offered, and keep the contracts at hand."""
        self._token = project.IndexToken.at(deployment.token)
        self._streams = project.TokenStream.at(deployment.streams)
        self._distributor = project.MerkleDistributor.at(deployment.distributor)
        self._bounty = project.MethodologistBounty.at(deployment.bounty)
        self._farm = project.StakingRewards.at(deployment.farms[0].address)
        self._pool = token_at(deployment.pools[0])
        self._ids = deployment.stream_ids
        for contract in (self._distributor, self._bounty):
            contract.acceptOwnership(sender=self.people.treasury)
        self._token.approve(self._distributor, UNLIMITED, sender=self.people.treasury)
        self._epochs = from_lists(deployment.chain_id, deployment.distributor, self._rewards)

    @property
    def _methodologists(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(index.methodologist for index in self._calendar.indices))

    @property
    def pool_supply(self) -> int:
        """LP tokens of the farmed pool: at least what is staked {LP base units}."""
        return int(self._pool.totalSupply())

    def events(self, months: Iterable[int]) -> list[Event]:
        """Return what happens, in its order.

        Parameters
        ----------
        months
            When a month of the calendar ends {s}: streams are claimed ten minutes later.
        """
        calendar, plan = self._calendar, self._plan
        found = [Event(plan.mining_begin, self._begin_mining)]
        found += [Event(one.time, partial(self._stake, one)) for one in calendar.stakes]
        found += [Event(one.time, partial(self._pay_list, one)) for one in calendar.initial_claims]
        found += [Event(one.time, partial(self._publish, one)) for one in calendar.epochs]
        found += [Event(one.time, partial(self._pay_epochs, one)) for one in calendar.epoch_claims]
        found += [Event(one.time, partial(self._issue, one)) for one in calendar.issues]
        for index in calendar.indices:
            if index.rebalance not in self._indices:
                found.append(Event(index.created, partial(self._add, index)))
            found.append(Event(index.registered, partial(self._register, index)))
        for month in range(BOUNTY_MONTHS):
            over = plan.bounty_begin + (month + 1) * BOUNTY_MONTH_S
            found.append(Event(over + calendar.settled_after, partial(self._settle, month)))
        for number, time in enumerate(months, 1):
            found.append(Event(time + 600, partial(self._claim_streams, number)))
        return sorted(found, key=lambda event: event.time)

    def finish(self) -> None:
        """Have everybody claim what is due to them, but for the lists."""
        for number in range(int(self._streams.streamCount())):
            self._streams.claim(number, sender=self.people.stranger)
        for party in self._methodologists:
            self._claim_bounty(party, range(BOUNTY_MONTHS))

    # ------------------------------------------------------------ liquidity mining

    def _begin_mining(self) -> None:
        self._farm.notifyRewardAmount(self._plan.mining, sender=self.people.treasury)

    def _stake(self, stake: Stake) -> None:
        staker = self.people.stakers[stake.staker]
        before = self._staked.get(stake.staker, 0)
        if stake.percent == 0:
            self._farm.exit(sender=staker)
        elif stake.percent > before:
            # The stake comes first: its block is the one of the calendar's time.
            amount = int(self._pool.totalSupply()) * (stake.percent - before) // 100
            self._farm.stake(amount, sender=staker)
        else:
            raise IndexkitError(
                f"Staker {stake.staker} goes from {before} to {stake.percent} percent: the walk "
                "has stakes that rise or end; correct data/token/walk.json."
            )
        self._staked[stake.staker] = stake.percent

    def equip_stakers(self) -> None:
        """Give every staker as many LP tokens as he will stake, and have him approve the farm."""
        supply = int(self._pool.totalSupply())
        for place, staker in enumerate(self.people.stakers):
            most = max(one.percent for one in self._calendar.stakes if one.staker == place)
            amount = supply * most // 100
            self._pool.transfer(staker, amount, sender=self.people.issuer)
            self._pool.approve(self._farm, UNLIMITED, sender=staker)

    # ------------------------------------------------------------ lists

    def _pay_list(self, collection: Collection) -> None:
        """Have the next claims of the initial distribution paid."""
        first, last = self._claimed, self._claimed + collection.number
        claims, proofs = self._initial.claims[first:last], self._initial.proofs[first:last]
        self._send(
            (self._distributor.claim, index, claim.account, claim.amount, list(proof))
            for index, (claim, proof) in enumerate(zip(claims, proofs, strict=True), first)
        )
        self._claimed += len(claims)

    def _publish(self, epoch: EpochPlan) -> None:
        number = [rewards.name for rewards in self._rewards].index(epoch.month)
        made = self._epochs[number]
        self._distributor.publishEpoch(made.root, made.total, sender=self.people.treasury)

    def _pay_epochs(self, collection: Collection) -> None:
        """Have one in so many accounts of the latest epoch paid all their months at once."""
        latest = self._epochs[int(self._distributor.epoch()) - 1]
        entries = [
            entry
            for entry in latest.entries[:: collection.number]
            if entry.cumulative > self._collected.get(entry.account, 0)
        ]
        self._send(
            (self._distributor.claimEpochs, entry.account, entry.cumulative, list(entry.proof))
            for entry in entries
        )
        self._collected |= {entry.account: entry.cumulative for entry in entries}

    def _send(self, calls: Iterable[tuple[Any, ...]]) -> None:
        """Make calls that anybody may make, many in one transaction; none may fail."""
        for batch in _batches(list(calls), CLAIMS_AT_ONCE):
            transaction = multicall.Transaction()
            for function, *arguments in batch:
                transaction.add(function, *arguments, allowFailure=False)
            transaction(sender=self.people.stranger)

    # ------------------------------------------------------------ bounty and streams

    def _add(self, index: IndexPlan) -> None:
        self.create(index)

    def _register(self, index: IndexPlan) -> None:
        created, people = self._indices[index.rebalance], self.people
        methodologist = getattr(people, index.methodologist)
        arguments = (created.token, methodologist, index.house_share)
        self._bounty.register(*arguments, sender=people.treasury)

    def _issue(self, more: Issue) -> None:
        issue(self._protocol, self._indices[more.rebalance].token, more.amount, self.people.issuer)

    def _settle(self, month: int) -> None:
        self._bounty.settle(sender=self.people.stranger)
        for party in self._methodologists:
            every = self._calendar.bounty_claims[party]
            if (month + 1) % every == 0:
                self._claim_bounty(party, range(month + 1 - every, month + 1))

    def _claim_bounty(self, party: str, months: Iterable[int]) -> None:
        account = getattr(self.people, party)
        for month in months:
            asked = (month, party) in self._asked
            if not asked and self._bounty.claimable(month, account):
                self._bounty.claim(month, account, sender=self.people.stranger)
            self._asked.add((month, party))

    def _claim_streams(self, number: int) -> None:
        for party, every in self._calendar.stream_claims.items():
            if number % every == 0:
                self._streams.claim(getattr(self._ids, party), sender=self.people.stranger)


def _batches(calls: list[Any], size: int) -> Iterator[list[Any]]:
    for first in range(0, len(calls), size):
        yield calls[first : first + size]
