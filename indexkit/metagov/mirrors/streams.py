"""TokenStream: what has vested for a recipient and was not claimed.

What has not vested is nobody's, and votes for nobody: of the team's 30 % only 2.5 % of all INDEX
counts after two months, as published, and not the whole pool from the first day.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from eth_utils.address import to_checksum_address

from indexkit.economics.schedule import Schedule, Segment
from indexkit.errors import IndexkitError
from indexkit.metagov.moment import Event, Kind, Moment

CREATED = Kind(
    "StreamCreated", ("uint256", "address", "address"), ("uint256", "(uint256,uint256)[]")
)
CLAIMED = Kind("Claimed", ("uint256", "address"), ("uint256",))
CHANGED = Kind("RecipientChanged", ("uint256", "address", "address"))


@dataclass(slots=True)
class Stream:
    """A stream, step by step.

    Attributes
    ----------
    recipient
        Whose it is.
    schedule
        By which it vests.
    claimed
        Paid so far {INDEX base units}.
    """

    recipient: str
    schedule: Schedule
    claimed: int = 0

    def due(self, time: int) -> int:
        """Return what a claim at a time {s} would pay {INDEX base units}."""
        return self.schedule.vested(time) - self.claimed


def owners(contract: str, moment: Moment, voters: Collection[str]) -> dict[str, int]:
    """Return what each recipient could claim at the end of the block."""
    moment.require_token(contract, "vesting")
    before, after = moment.split(contract, (CREATED, CLAIMED, CHANGED))
    then, now = moment.times
    streams: list[Stream] = []
    book(streams, before, contract)
    found: dict[str, int] = {}
    for stream in streams:
        found[stream.recipient] = found.get(stream.recipient, 0) + stream.due(then)
    watched = {number for number, one in enumerate(streams) if one.recipient in voters}
    book(streams, after, contract)
    moment.expect(
        contract, "the number of streams", len(streams), moment.view(contract, "streamCount()")
    )
    for number, stream in enumerate(streams):
        if number in watched or stream.recipient in voters:
            _meet(contract, moment, number, stream, now)
    return found


def book(streams: list[Stream], events: Iterable[Event], contract: str) -> None:
    """Follow a contract's events.

    Raises
    ------
    IndexkitError
        They tell of a stream that there is not, or that there cannot be.
    """
    for event in events:
        number = event.values[0]
        if event.name == CREATED.name:
            _, _, recipient, begin, segments = event.values
            schedule = Schedule(begin, tuple(Segment(*segment) for segment in segments))
            streams.append(Stream(recipient, schedule))
        if number >= len(streams):
            raise IndexkitError(
                f"The events of {contract} are incomplete: block {event.block} tells of stream "
                f"{number}, and there are {len(streams)}; use a node that keeps all logs."
            )
        if event.name == CLAIMED.name:
            streams[number].claimed += event.values[2]
        elif event.name == CHANGED.name:
            streams[number].recipient = event.values[2]


def _meet(contract: str, moment: Moment, number: int, stream: Stream, now: int) -> None:
    recipient, _, _, total, claimed = moment.words(contract, "getStream(uint256)", number)
    told = to_checksum_address(f"0x{recipient:040x}")
    if told != stream.recipient:
        raise IndexkitError(
            f"The events of {contract} make {stream.recipient} the recipient of stream {number}, "
            f"the contract says {told}; use a node that keeps all logs."
        )
    what = f"stream {number}"
    moment.expect(contract, f"the total of {what}", stream.schedule.total, total)
    moment.expect(contract, f"what {what} paid", stream.claimed, claimed)
    claimable = moment.view(contract, "claimable(uint256)", number)
    moment.expect(contract, f"what {what} owes", stream.due(now), claimable)
