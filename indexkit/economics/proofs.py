"""What a ledger of the walk must read, besides adding up: the published schedules, exactly."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from indexkit.economics.allocation_model import Allocation
from indexkit.economics.calendar import Calendar, streamed
from indexkit.economics.circulating import TOTAL
from indexkit.economics.distribution import LIQUIDITY_MINING, STREAM_BUCKETS, Plan
from indexkit.economics.ledger import Ledger
from indexkit.economics.pots import BOUNTY, INITIAL, STREAMS
from indexkit.errors import IndexkitError
from indexkit.plan import WAD


def prove(
    ledger: Ledger, allocation: Allocation, plan: Plan, calendar: Calendar, stakes: int
) -> None:
    """Require that a ledger reads as published.

    - Each stream has vested what its schedule says, and at the published boundaries the published
      sums of the years before.
    - Liquidity mining has streamed 900,000 INDEX times the seconds with a stake over the duration;
      less than a base unit is still to come for each staker, for each time that the stakes changed,
      and for each whole LP token that is staked.
    - The bounty has released the tranches of all months that are settled.
    - No list has paid more than it holds.

    Parameters
    ----------
    ledger
        As read from the chain.
    allocation, plan, calendar
        What is published, what was distributed, who stakes when.
    stakes
        At least what is staked {LP base units}.

    Raises
    ------
    IndexkitError
        Naming what reads otherwise, and both figures.
    """
    for party, schedule in plan.streams.items():
        name = STREAMS[party]
        _require(ledger, name, ledger.program(name).released, schedule.vested(ledger.time))
        if ledger.time in allocation.published.boundaries:
            year = allocation.published.boundaries.index(ledger.time)
            due = sum(allocation.published.by_year[STREAM_BUCKETS[party]][:year])
            _require(ledger, f"{name} after year {year}", ledger.program(name).released, due)
    _prove_mining(ledger, plan, calendar, stakes)
    settled = _settled(plan, calendar, allocation.bounty.months, allocation.bounty.days, ledger)
    tranches = plan.bounty * settled // allocation.bounty.months
    _require(ledger, f"{BOUNTY}, {settled} months", ledger.program(BOUNTY).released, tranches)
    if ledger.program(INITIAL).claimed > plan.initial:
        raise IndexkitError(f"Block {ledger.block}: the {INITIAL} has paid more than its list.")


def prove_reckoned(ledger: Ledger, reckoned: int) -> None:
    """Require that what a vote reckons from events circulates is what the contracts tell.

    Parameters
    ----------
    ledger
        As read from the contracts.
    reckoned
        What circulates by `indexkit.metagov.supply` at the same block {INDEX base units}.

    Raises
    ------
    IndexkitError
        Naming both figures.
    """
    if reckoned != ledger.circulating:
        raise IndexkitError(
            f"Block {ledger.block}: a vote reckons that {reckoned} circulate, the contracts tell "
            f"{ledger.circulating}: a difference of {reckoned - ledger.circulating}."
        )


def prove_end(ledger: Ledger, plan: Plan) -> None:
    """Require that at the end everything has been released, and everything but the lists claimed.

    Raises
    ------
    IndexkitError
        Naming what reads otherwise, and both figures.
    """
    for name in (*STREAMS.values(), BOUNTY):
        program = ledger.program(name)
        _require(ledger, f"{name}, claimed", program.claimed, program.funded)
    _require(ledger, f"{BOUNTY}, in all", ledger.program(BOUNTY).claimed, plan.bounty)


def proved(ledgers: Sequence[Ledger], plan: Plan) -> Iterable[str]:
    """Yield what the ledgers of a walk have shown, a sentence each."""
    first, last = ledgers[0], ledgers[-1]
    mining = last.program(LIQUIDITY_MINING)
    yield (
        f"Liquidity mining: {mining.claimed} paid + {mining.due + mining.treasury_due} owed + "
        f"{mining.locked} undistributed = {mining.funded} base units."
    )
    yield f"Methodologist bounty: {last.program(BOUNTY).claimed} base units paid of {plan.bounty}."
    yield (
        f"Proved at {len(ledgers)} ledgers from {_date(first)} to {_date(last)}: all pots together "
        f"are {TOTAL} base units, 10,000,000 INDEX, every stream is as published, and a vote "
        "reckons from events that the same coins circulate."
    )


def _prove_mining(ledger: Ledger, plan: Plan, calendar: Calendar, stakes: int) -> None:
    program = ledger.program(LIQUIDITY_MINING)
    exact = streamed(
        calendar.stakes, plan.mining_begin, plan.mining_seconds, plan.mining, ledger.time
    )
    # A reward per LP base unit has 18 decimals: what they cannot hold waits for the next accrual.
    rounded = len(calendar.stakes) + calendar.stakers + stakes // WAD + 1
    if not 0 <= exact - program.released < rounded:
        raise IndexkitError(
            f"Block {ledger.block}: {LIQUIDITY_MINING} has released {program.released}, and by the "
            f"stakes it must be {int(exact)}, less at most {rounded}."
        )


def _settled(plan: Plan, calendar: Calendar, months: int, days: int, ledger: Ledger) -> int:
    month = days * 86_400 // months
    return min(
        months, max(0, (ledger.time - calendar.settled_after - plan.bounty_begin - 1) // month)
    )


def _require(ledger: Ledger, what: str, found: int, expected: int) -> None:
    if found != expected:
        raise IndexkitError(
            f"Block {ledger.block}: {what} reads {found}, published is {expected}: a difference "
            f"of {found - expected}."
        )


def _date(ledger: Ledger) -> str:
    return f"{datetime.fromtimestamp(ledger.time, UTC):%d %B %Y}"
