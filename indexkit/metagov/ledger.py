"""A vote as tables for a terminal: what is voted on, when, who counts and what comes of it."""

from datetime import UTC, datetime
from decimal import Decimal

from rich.markup import escape
from rich.table import Table

from indexkit.metagov.envelope import Signed
from indexkit.metagov.result import Result
from indexkit.metagov.snapshot import CHOICES, Proposal
from indexkit.metagov.terms import Terms

DECIMALS = 18
"""Of INDEX."""


def proposal_table(proposal: Signed[Proposal]) -> Table:
    """Return what is voted on, and by which rules."""
    message = proposal.message
    terms = message.terms
    share = Decimal(terms.quorum_bps) / 100
    table = Table("", "", title=_plain(message.title), show_header=False)
    for name, value in (
        ("proposal", proposal.hash),
        ("space", _plain(message.space)),
        ("author", message.author),
        ("chain", str(terms.chain_id)),
        ("governor", f"{_plain(terms.governor)} ({terms.adapter})"),
        ("its proposal", str(terms.proposal)),
        ("index", terms.index_token),
        ("votes with", terms.vote_token),
        ("snapshot", f"block {message.snapshot:,}"),
        ("strategies", _plain(" + ".join(terms.strategies))),
        *((f"place: {kind}", one) for kind, one in terms.places.named()),
        ("quorum", f"{share:f} % of {tokens(terms.circulating)}"),
        ("may abstain", "yes" if terms.can_abstain else "no: abstentions only make the quorum"),
    ):
        table.add_row(name, value)
    return table


def window_table(terms: Terms) -> Table:
    """Return the moments of a vote as dates, and in the governor's own unit."""
    window = terms.window
    table = Table(title="Window", caption=_clock(terms))
    table.add_column("")
    table.add_column("UTC")
    table.add_column("seconds", justify="right")
    if not window.in_seconds:
        table.add_column("block", justify="right")
    for name, moment in (
        ("voting starts", window.start),
        ("ballots close, casting opens", window.close),
        ("voting ends in the governor", window.end),
    ):
        seconds = terms.seconds(moment)
        row = [name, _date(seconds), str(seconds)]
        table.add_row(*row, *([] if window.in_seconds else [f"{moment:,}"]))
    return table


def votes_table(result: Result) -> Table:
    """Return a row per voter: choice and power, the most powerful first."""
    names = result.proposal.message.terms.strategies
    table = Table(title="Ballots that count")
    for heading in ("voter", "choice", "signed (UTC)"):
        table.add_column(heading)
    for heading in names if len(names) > 1 else ():
        table.add_column(heading, justify="right")
    table.add_column("power", justify="right")
    for ballot in sorted(result.ballots, key=lambda b: (-b.total, b.voter)):
        split = ballot.power.values() if len(names) > 1 else ()
        table.add_row(
            ballot.voter,
            CHOICES[ballot.choice - 1],
            _date(ballot.timestamp),
            *map(tokens, split),
            tokens(ballot.total),
        )
    return table


def rejected_table(result: Result) -> Table:
    """Return a row per file that does not count."""
    table = Table("file", "reason", title="Rejected")
    for rejected in result.rejected:
        table.add_row(_plain(rejected.file), _plain(rejected.reason))
    return table


def totals_table(result: Result) -> Table:
    """Return the power behind each choice."""
    totals = result.totals
    table = Table(title="Votes")
    table.add_column("")
    table.add_column("INDEX", justify="right")
    table.add_column("share", justify="right")
    for name, power in zip(
        (*CHOICES, "all"),
        (totals.votes_for, totals.against, totals.abstain, totals.total),
        strict=True,
    ):
        share = f"{Decimal(power) * 100 / totals.total:.2f} %" if totals.total else ""
        table.add_row(name, tokens(power), share)
    return table


def quorum_line(result: Result) -> str:
    """Return one line: what took part, what was needed, whether it is enough."""
    word = "reached" if result.reached else "not reached"
    voted, needed = tokens(result.totals.total), tokens(result.needed)
    return f"Quorum {word}: {voted} INDEX voted, {needed} are needed."


def outcome_line(result: Result) -> str:
    """Return one line: how the index votes."""
    terms = result.proposal.message.terms
    return f"{result.outcome} on proposal {terms.proposal} of {_plain(terms.governor)}."


def tables(result: Result) -> tuple[Table | str, ...]:
    """Return the whole ledger, in the order in which one reads it."""
    proposal = result.proposal
    return (
        proposal_table(proposal),
        window_table(proposal.message.terms),
        votes_table(result),
        rejected_table(result),
        totals_table(result),
        quorum_line(result),
        outcome_line(result),
    )


def _clock(terms: Terms) -> str | None:
    clock = terms.clock
    if clock is None:
        return None
    return (
        f"Dates reckoned from block {clock.block:,} at {clock.blocks_per_day:,} blocks a day; "
        "the governor goes by blocks."
    )


def _date(seconds: int) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return "beyond the calendar"


def tokens(amount: int) -> str:
    """Return an amount of a token of 18 decimals {base units} in whole ones."""
    return f"{Decimal(amount).scaleb(-DECIMALS):,.2f}"


def _plain(text: str) -> str:
    """Return a stranger's text as it is: neither markup nor what steers a terminal."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))
