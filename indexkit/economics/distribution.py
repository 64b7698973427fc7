"""The distribution of INDEX as published: deploy everything, pay everybody, check after each step.

A library for the walk and the tests, by the steps that `ape run deploy dao` makes. Whoever deploys
holds all INDEX for as long as it takes, keeps none of it, and no power: distributor and bounty are
offered to the treasury, which takes them in a transaction of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ape

from indexkit.deployment import chain
from indexkit.deployment.at_once import Deployed, run_at_once
from indexkit.deployment.contracts import Contracts
from indexkit.deployment.declaration import (
    BountyTerms,
    DistributionTerms,
    ListTerms,
    MiningTerms,
    StreamTerms,
)
from indexkit.deployment.distribution_plan import (
    BOUNTY,
    DISTRIBUTOR,
    FARM,
    INDEX_TOKEN,
    TOKEN_STREAM,
    Surroundings,
    begins,
    distribution_steps,
)
from indexkit.deployment.steps import Call, Deploy, Step
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
from indexkit.economics.schedule import Schedule
from indexkit.errors import IndexkitError

if TYPE_CHECKING:
    from ape.api import AccountAPI
    from ape.managers.project import ProjectManager

__all__ = ["LIQUIDITY_MINING", "STREAM_BUCKETS", "Plan", "Surroundings", "distribute", "plan_of"]

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

    def shifted(self, seconds: int) -> "Plan":
        """Return the same plan, so much later {s}: for chains whose clock is past its beginning."""
        return replace(
            self,
            mining_begin=self.mining_begin + seconds,
            bounty_begin=self.bounty_begin + seconds,
            streams={name: one.shifted(seconds) for name, one in self.streams.items()},
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
        The plan is not all INDEX, begins in the past, or leaves the deployer INDEX, which is found
        out before anything is sent; or the chain does not read as it should after a step.
    """
    if recipients.treasury == deployer.address:
        raise IndexkitError(
            "The deployer is the treasury: name another account, so that what it keeps is told "
            "from what it pays."
        )
    terms = _terms(plan, recipients)
    contracts, first = Contracts(project), ape.chain.blocks.head.number + 1
    there: Deployed = {}
    for step in (
        Deploy(INDEX_TOKEN, "IndexToken", (deployer.address,)),
        *distribution_steps(terms, recipients.treasury, deployer.address, around),
    ):
        say(step.id)
        there = run_at_once(project, deployer, [step], there)
        _require(step, contracts, {key: str(each.address) for key, each in there.items()})
    say("Distributor and bounty are offered to the treasury")
    for key in (DISTRIBUTOR, BOUNTY):
        there[key].transferOwnership(recipients.treasury, sender=deployer)
    return Deployment(
        chain_id=ape.chain.chain_id,
        block=first,
        token=there[INDEX_TOKEN].address,
        streams=there[TOKEN_STREAM].address,
        distributor=there[DISTRIBUTOR].address,
        bounty=there[BOUNTY].address,
        farms=(Farm(LIQUIDITY_MINING, there[FARM].address),),
        pools=(around.pool,),
        fee_module=around.fee_module,
        weth=around.weth,
        parties=replace(recipients, deployer=deployer.address),
        stream_ids=StreamIds(**{name: number for number, name in enumerate(PARTIES)}),
    )


def _terms(plan: Plan, recipients: Parties) -> DistributionTerms:
    """Return a plan as a declaration has it; a stream's id is its party's place in `PARTIES`."""
    if set(plan.streams) != set(PARTIES):
        raise IndexkitError(
            f"The plan has streams for {', '.join(plan.streams) or 'nobody'}: it must be "
            f"{', '.join(PARTIES)}."
        )
    streams = [StreamTerms(name, getattr(recipients, name), plan.streams[name]) for name in PARTIES]
    terms = DistributionTerms(
        at_once=plan.treasury,
        streams=tuple(streams),
        initial=ListTerms(plan.initial_root, plan.initial),
        mining=MiningTerms(plan.mining, plan.mining_seconds, None, None),
        bounty=BountyTerms(plan.bounty, plan.bounty_begin),
    )
    if terms.total != TOTAL:
        raise IndexkitError(
            f"The plan distributes {terms.total} base units of INDEX, and there are {TOTAL}: "
            "correct the allocation."
        )
    now, begin = chain.time(), min(begins(terms).values())
    if begin <= now:
        raise IndexkitError(
            f"The chain's clock is at {now}, and the plan begins at {begin}: use a chain that is "
            "not there yet (a fork: an earlier MAINNET_FORK_BLOCK), or shift the plan."
        )
    return terms


def _require(step: Step, contracts: Contracts, addresses: Mapping[str, str]) -> None:
    """Require that the chain reads as it should after a step."""
    for view in step.holds if isinstance(step, Call) else ():
        if not contracts.holds(view, addresses):
            raise IndexkitError(
                f"The distribution went wrong: after {step.id}, {view.function} of {view.target} "
                f"is not {view.expected}; throw this deployment away and start anew."
            )
