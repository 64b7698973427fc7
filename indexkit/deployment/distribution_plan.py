"""The plan of what becomes of INDEX: streams, the initial list, a farm, the bounty, the treasury.

Whoever deploys holds all INDEX, pays every pot, and at last the treasury. Nobody else has any until
the list is paid, or a stream begins: what a pot holds tells whether it was paid. So contracts come
first, pots that can pay nobody yet after them, then streams, the list, and the treasury.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from indexkit.deployment.declaration import DistributionTerms, StreamTerms
from indexkit.deployment.steps import Address, Call, Deploy, Step, View

INDEX_TOKEN = "dao.index_token"
TOKEN_STREAM = "dao.token_stream"
DISTRIBUTOR = "dao.merkle_distributor"
FARM = "dao.staking_rewards"
BOUNTY = "dao.methodologist_bounty"

RECIPIENT, BEGIN, TOTAL = 0, 2, 3
"""Places in the answer of TokenStream.getStream."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the distribution builds on: addresses, or what stands for them.

    Attributes
    ----------
    pool
        Whose LP tokens are staked: a Uniswap V2 pair with WETH, there or not; any other token.
    fee_module
        StreamingFeeModule of the indices.
    weth, factory
        WETH and Uniswap V2's factory.
    """

    pool: Any
    fee_module: Any
    weth: str
    factory: str


def stream_id(name: str) -> str:
    """Return the step that creates a stream."""
    return f"dao.stream.{name}"


def funding_id(contract: str) -> str:
    """Return the step that pays a contract what it distributes."""
    return f"{contract}_funded"


def begins(terms: DistributionTerms) -> Mapping[str, int]:
    """Return when what some steps make begins {s}: the contracts refuse a time that is past."""
    found = {stream_id(each.name): each.schedule.begin for each in terms.streams}
    return found | ({BOUNTY: terms.bounty.begin} if terms.bounty else {})


def distribution_steps(
    terms: DistributionTerms, treasury: str, deployer: str, around: Surroundings
) -> tuple[Step, ...]:
    """Return the steps that distribute INDEX, which the deployer holds.

    Afterwards the treasury must notify the farm, which holds the coins already. Distributor and
    bounty are the deployer's until they are handed over.

    Parameters
    ----------
    treasury, deployer
        Addresses; if they are one, what the treasury gets at once stays where it is.
    """
    return (
        *_contracts(terms, treasury, around),
        *_still_pots(terms),
        *_streams(terms.streams, deployer),
        *_list(terms),
        *_treasury(terms.at_once, treasury, deployer),
    )


def _contracts(terms: DistributionTerms, treasury: str, around: Surroundings) -> Iterator[Step]:
    token = Address(INDEX_TOKEN)
    if terms.streams:
        yield Deploy(TOKEN_STREAM, "TokenStream", (token,))
    if terms.initial:
        yield Deploy(DISTRIBUTOR, "MerkleDistributor", (token, terms.initial.root))
    if terms.mining:
        arguments = (treasury, token, around.pool, terms.mining.duration_s)
        yield Deploy(FARM, "StakingRewards", arguments)
    if terms.bounty:
        figures = (terms.bounty.amount, terms.bounty.begin)
        what_counts = (around.weth, around.factory, around.fee_module)
        yield Deploy(BOUNTY, "MethodologistBounty", (token, *figures, treasury, *what_counts))


def _still_pots(terms: DistributionTerms) -> Iterator[Call]:
    """Pay the pots that nobody can have anything of before the treasury or a month has acted."""
    if terms.mining:
        yield _payment(funding_id(FARM), Address(FARM), terms.mining.amount)
    if terms.bounty:
        yield _payment(funding_id(BOUNTY), Address(BOUNTY), terms.bounty.amount)


def _list(terms: DistributionTerms) -> Iterator[Call]:
    if terms.initial:
        yield _payment(funding_id(DISTRIBUTOR), Address(DISTRIBUTOR), terms.initial.amount)


def _treasury(at_once: int, treasury: str, deployer: str) -> Iterator[Call]:
    if at_once and treasury != deployer:
        yield _payment("dao.treasury_funded", treasury, at_once, _balance(deployer, 0))


def _streams(streams: tuple[StreamTerms, ...], deployer: str) -> Iterator[Call]:
    if not streams:
        return
    total = sum(each.schedule.total for each in streams)
    # Nothing tells afterwards that it was given. Given twice, it is the same.
    yield _call("dao.stream_allowance", "approve", (Address(TOKEN_STREAM), total))
    for number, each in enumerate(streams):
        yield _stream(number, each)


def _stream(number: int, terms: StreamTerms) -> Call:
    schedule = terms.schedule
    segments = [(segment.end, segment.amount) for segment in schedule.segments]
    figures = ((terms.recipient, RECIPIENT), (schedule.begin, BEGIN), (schedule.total, TOTAL))
    return Call(
        stream_id(terms.name),
        TOKEN_STREAM,
        "TokenStream",
        "create",
        (terms.recipient, schedule.begin, segments),
        (
            *(_ask("getStream", number, figure, place) for figure, place in figures),
            _ask("getSegments", number, segments),
        ),
    )


def _payment(step: str, receiver: Any, amount: int, *more: View) -> Call:
    return _call(step, "transfer", (receiver, amount), _balance(receiver, amount), *more)


def _call(step: str, function: str, arguments: tuple[Any, ...], *holds: View) -> Call:
    return Call(step, INDEX_TOKEN, "IndexToken", function, arguments, holds)


def _balance(holder: Any, amount: int) -> View:
    return View(INDEX_TOKEN, "IndexToken", "balanceOf", (holder,), amount)


def _ask(function: str, number: int, expected: Any, item: int | None = None) -> View:
    return View(TOKEN_STREAM, "TokenStream", function, (number,), expected, item)
