"""What a vote is about: the text that the proposal's author signs and every ballot refers to."""

from dataclasses import dataclass
from typing import Any

from indexkit.documents import canonical, differences, parse, sentence
from indexkit.errors import IndexkitError
from indexkit.fields import (
    ADDRESS,
    AMOUNT,
    POSITIVE,
    TEXT,
    TEXTS,
    Kind,
    Record,
    one_of,
)
from indexkit.metagov.places import NOWHERE, Places, places_of
from indexkit.metagov.window import DAY_S, Clock, Window, close_of

BPS = 10_000
FLAG = Kind("true or false", lambda value: value if isinstance(value, bool) else None)


@dataclass(frozen=True, slots=True)
class Terms:
    """All that decides a vote besides the ballots.

    Attributes
    ----------
    chain_id
        Of the chain on which governor and tokens are.
    governor
        The adapter's name in the IntegrationRegistry.
    adapter
        The adapter's address.
    proposal
        Id of the underlying proposal in its governor.
    can_abstain
        Whether that governor takes abstentions.
    index_token
        The index whose components vote.
    vote_token
        INDEX: the token of those who decide.
    window
        Of the underlying vote, on its governor's clock.
    clock
        Relates blocks to seconds; None where the governor counts seconds itself.
    strategies
        How voting power is counted; several add up.
    quorum_bps
        Share of the circulating supply that must take part {bps}.
    circulating
        The stated circulating supply {INDEX base units}.
    places
        The contracts that hold INDEX for others. Where there are any, the circulating supply is
        reckoned from them, at the snapshot.
    """

    chain_id: int
    governor: str
    adapter: str
    proposal: int
    can_abstain: bool
    index_token: str
    vote_token: str
    window: Window
    clock: Clock | None
    strategies: tuple[str, ...]
    quorum_bps: int
    circulating: int
    places: Places = NOWHERE

    def seconds(self, moment: int) -> int:
        """Return a moment of the governor's clock in seconds, by the stated clock."""
        return moment if self.clock is None else self.clock.seconds(moment)

    def as_json(self) -> dict[str, Any]:
        """Return the terms with integers as decimal strings."""
        window, clock = self.window, self.clock
        places = {} if self.places == NOWHERE else {"places": self.places.as_json()}
        return {
            "chain_id": str(self.chain_id),
            "governor": self.governor,
            "adapter": self.adapter,
            "proposal": str(self.proposal),
            "can_abstain": self.can_abstain,
            "index_token": self.index_token,
            "vote_token": self.vote_token,
            "window": {
                "start": str(window.start),
                "end": str(window.end),
                "close": str(window.close),
                "unit": window.unit,
            },
            "clock": clock
            and {
                "block": str(clock.block),
                "time": str(clock.time),
                "blocks_per_day": str(clock.blocks_per_day),
            },
            "strategies": list(self.strategies),
            "quorum_bps": str(self.quorum_bps),
            "circulating": str(self.circulating),
            **places,
        }

    def text(self) -> str:
        """Return the canonical text: the body of the proposal.

        Raises
        ------
        IndexkitError
            The terms contradict each other or hold what cannot be.
        """
        text = canonical(self.as_json())
        if terms_of(text) != self:
            raise IndexkitError("The terms of the vote change when they are written: correct them.")
        return text


def terms_of(text: str) -> Terms:
    """Read the body of a proposal.

    Raises
    ------
    IndexkitError
        Naming the field that is wrong, what was expected and what was found.
    """
    where = "The body of the proposal"
    try:
        content = parse(text.encode())
    except ValueError as error:
        raise IndexkitError(f"{where} is not the terms of a vote ({error}).") from error
    fields = Record(where, content)
    terms = _terms(fields)
    for difference in differences(terms.as_json(), content):
        raise fields.error(sentence(difference).rstrip("."))
    if canonical(content) != text:
        raise fields.error("it is not written canonically: keys sorted, no spaces")
    return terms


def _terms(fields: Record) -> Terms:
    window = _window(fields.record("window"))
    clock = None if fields.fields.get("clock") is None else _clock(fields.record("clock"))
    if window.in_seconds != (clock is None):
        raise fields.error("a window in blocks needs a clock, a window in seconds has none")
    day = DAY_S if clock is None else clock.blocks_per_day
    close = close_of(window.start, window.end, day)
    if window.close != close:
        raise fields.error(f"window close: expected {close}, found {window.close}")
    bps = fields.read("quorum_bps", POSITIVE)
    if bps > BPS:
        raise fields.error(f"quorum_bps: expected at most {BPS}, found {bps}")
    return Terms(
        chain_id=fields.read("chain_id", POSITIVE),
        governor=fields.read("governor", TEXT),
        adapter=fields.read("adapter", ADDRESS),
        proposal=fields.read("proposal", AMOUNT),
        can_abstain=fields.read("can_abstain", FLAG),
        index_token=fields.read("index_token", ADDRESS),
        vote_token=fields.read("vote_token", ADDRESS),
        window=window,
        clock=clock,
        strategies=fields.read("strategies", TEXTS),
        quorum_bps=bps,
        circulating=fields.read("circulating", POSITIVE),
        places=places_of(fields.record("places")) if "places" in fields.fields else NOWHERE,
    )


def _window(fields: Record) -> Window:
    return Window(
        start=fields.read("start", AMOUNT),
        end=fields.read("end", AMOUNT),
        in_seconds=fields.read("unit", one_of(("seconds", "blocks"))) == "seconds",
        close=fields.read("close", AMOUNT),
    )


def _clock(fields: Record) -> Clock:
    return Clock(
        block=fields.read("block", AMOUNT),
        time=fields.read("time", AMOUNT),
        blocks_per_day=fields.read("blocks_per_day", POSITIVE),
    )
