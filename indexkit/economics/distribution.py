"""The distribution of INDEX as published: deploy everything, pay everybody, check after each step.

A library for the walk, the tests and deployments alike. Whoever deploys holds all INDEX for as long
as it takes, keeps none of it, and no power: distributor and bounty are offered to the treasury,
which takes them in a transaction of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import ape

from indexkit import deploy
from indexkit.economics.allocation_model import (
    AIRDROP,
    DEFI_PULSE,
    SET_LABS,
    TREASURY,
    TREASURY_NOW,
    Allocation,
)
from indexkit.economics.circulating import TOTAL
from indexkit.economics.lists import ClaimList
from indexkit.economics.record import PARTIES, Deployment, Farm, Parties, StreamIds
from indexkit.economics.schedule import Schedule, Segment
from indexkit.errors import IndexkitError

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.contracts import ContractInstance
    from ape.managers.project import ProjectManager

LIQUIDITY_MINING = "liquidity mining"
STREAM_BUCKETS = {"treasury": TREASURY, "set_labs": SET_LABS, "defi_pulse": DEFI_PULSE}
"""Bucket of the allocation by the recipient's name in a deployment record."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets how much INDEX, when; amounts in base units, times and lengths in seconds.

    Attributes
    ----------
    treasury
        At once.
    initial, initial_root
        Of the initial distribution: the list's total, its Merkle root.
    mining, mining_begin, mining_seconds
        Of liquidity mining; the treasury starts it.
    bounty, bounty_begin
        Of the methodologist bounty.
    streams
        Schedules by the recipient's name in a deployment record.
    """

    treasury: int
    initial: int
    initial_root: bytes
    mining: int
    mining_begin: int
    mining_seconds: int
    bounty: int
    bounty_begin: int
    streams: dict[str, Schedule]

    @property
    def total(self) -> int:
        """All of it {INDEX base units}."""
        vesting = sum(schedule.total for schedule in self.streams.values())
        return self.treasury + self.initial + self.mining + self.bounty + vesting

    def shifted(self, seconds: int) -> "Plan":
        """Return the same plan, so much later {s}: for chains whose clock is past its beginning."""
        streams = {
            name: Schedule(
                schedule.begin + seconds,
                tuple(Segment(one.end + seconds, one.amount) for one in schedule.segments),
            )
            for name, schedule in self.streams.items()
        }
        return replace(
            self,
            mining_begin=self.mining_begin + seconds,
            bounty_begin=self.bounty_begin + seconds,
            streams=streams,
        )


def plan_of(allocation: Allocation, initial: ClaimList) -> Plan:
    """Return the published plan.

    Raises
    ------
    IndexkitError
        The list of the initial distribution is not as much as its part of the supply.
    """
    given = allocation.bucket(AIRDROP).amount
    if initial.total != given:
        raise IndexkitError(
            f"The initial distribution's list adds up to {initial.total}, the allocation gives it "
            f"{given}: correct data/token."
        )
    mining, bounty = allocation.mining, allocation.bounty
    return Plan(
        treasury=allocation.bucket(TREASURY_NOW).amount,
        initial=given,
        initial_root=initial.root,
        mining=mining.amount,
        mining_begin=mining.start,
        mining_seconds=mining.end - mining.start,
        bounty=bounty.amount,
        bounty_begin=bounty.begin,
        streams={party: allocation.stream(key).schedule for party, key in STREAM_BUCKETS.items()},
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the distribution builds on: the pool that is farmed, and how fees are counted.

    Attributes
    ----------
    pool
        Uniswap V2 pair of the first index with WETH.
    fee_module
        StreamingFeeModule of the indices.
    weth, factory
        WETH and Uniswap V2's factory.
    """

    pool: str
    fee_module: str
    weth: str
    factory: str


def distribute(
    project: "ProjectManager",
    deployer: "AccountAPI",
    recipients: Parties,
    plan: Plan,
    around: Surroundings,
    say: Callable[[str], None] = lambda _: None,
) -> Deployment:
    """Deploy INDEX and all that distributes it, and pay everybody.

    Afterwards the treasury must accept the ownership of distributor and bounty, and when liquidity
    mining begins it must notify the farm, which holds the coins already.

    Parameters
    ----------
    project
        The Ape project with the compiled contracts.
    deployer
        Signs; named in the record, whatever ``recipients`` says.
    recipients
        Addresses.
    plan
        Who gets what.
    around
        What there is already.
    say
        Is told each step.

    Raises
    ------
    IndexkitError
        The plan is not all INDEX or begins in the past, which is found out before anything is sent;
        or the chain does not read as it should after a step.
    """
    _check(plan)
    first = ape.chain.blocks.head.number + 1
    say("Deploying INDEX, streams, distributor, farm and bounty")
    token = deploy.deploy_index_token(project, deployer, deployer)
    _require("INDEX of the deployer", token.balanceOf(deployer), TOTAL)
    streams = deployer.deploy(project.TokenStream, token)
    distributor = deployer.deploy(project.MerkleDistributor, token, plan.initial_root)
    farm = deployer.deploy(
        project.StakingRewards, recipients.treasury, token, around.pool, plan.mining_seconds
    )
    bounty = deployer.deploy(
        project.MethodologistBounty,
        token,
        plan.bounty,
        plan.bounty_begin,
        recipients.treasury,
        around.weth,
        around.factory,
        around.fee_module,
    )

    payments = (
        ("the treasury, at once", recipients.treasury, plan.treasury),
        ("the methodologist bounty", bounty, plan.bounty),
        ("the initial distribution", distributor, plan.initial),
        (LIQUIDITY_MINING, farm, plan.mining),
    )
    for name, receiver, amount in payments:
        say(f"{amount // 10**18:,} INDEX: {name}")
        token.transfer(receiver, amount, sender=deployer)
        _require(f"INDEX of {name}", token.balanceOf(receiver), amount)
    ids = _create_streams(token, streams, deployer, recipients, plan, say)
    _require("INDEX left to the deployer", token.balanceOf(deployer), 0)

    for contract in (distributor, bounty):
        contract.transferOwnership(recipients.treasury, sender=deployer)
        _require("the owner to come", contract.pendingOwner(), recipients.treasury)
    say("Distributor and bounty are offered to the treasury")
    return Deployment(
        chain_id=ape.chain.chain_id,
        block=first,
        token=token.address,
        streams=streams.address,
        distributor=distributor.address,
        bounty=bounty.address,
        farms=(Farm(LIQUIDITY_MINING, farm.address),),
        pools=(around.pool,),
        fee_module=around.fee_module,
        weth=around.weth,
        parties=replace(recipients, deployer=deployer.address),
        stream_ids=ids,
    )


def _create_streams(
    token: "ContractInstance",
    streams: "ContractInstance",
    deployer: "AccountAPI",
    recipients: Parties,
    plan: Plan,
    say: Callable[[str], None],
) -> StreamIds:
    ids, held = {}, 0
    for name in PARTIES:
        schedule, recipient = plan.streams[name], getattr(recipients, name)
        say(f"{schedule.total // 10**18:,} INDEX: a stream to {name.replace('_', ' ')}")
        token.approve(streams, schedule.total, sender=deployer)
        segments = [(segment.end, segment.amount) for segment in schedule.segments]
        streams.create(recipient, schedule.begin, segments, sender=deployer)
        ids[name] = int(streams.streamCount()) - 1
        held += schedule.total
        _require("INDEX of the streams", token.balanceOf(streams), held)
        _require(f"the recipient of {name}", streams.getStream(ids[name]).recipient, recipient)
        vested = 0
        for segment in schedule.segments:
            vested += segment.amount
            found = streams.vested(ids[name], segment.end)
            _require(f"what {name} has at {segment.end}", found, vested)
    return StreamIds(**ids)


def _check(plan: Plan) -> None:
    """Refuse a plan before anything is sent."""
    if plan.total != TOTAL:
        raise IndexkitError(
            f"The plan distributes {plan.total} base units of INDEX, and there are {TOTAL}: "
            "correct the allocation."
        )
    if set(plan.streams) != set(PARTIES):
        raise IndexkitError(
            f"The plan has streams for {', '.join(plan.streams) or 'nobody'}: it must be "
            f"{', '.join(PARTIES)}."
        )
    now = ape.chain.provider.get_block("latest").timestamp
    begin = min(schedule.begin for schedule in plan.streams.values())
    if begin <= now:
        raise IndexkitError(
            f"The chain's clock is at {now}, and the plan begins at {begin}: use a chain that is "
            "not there yet (a fork: an earlier MAINNET_FORK_BLOCK), or shift the plan."
        )


def _require(what: str, found: Any, expected: Any) -> None:
    """Require that the chain reads as it should after a step."""
    if found != expected:
        raise IndexkitError(
            f"The distribution went wrong: {what} is {found}, and must be {expected}; "
            "throw this deployment away and start anew."
        )
