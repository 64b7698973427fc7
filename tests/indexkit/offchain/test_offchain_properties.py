"""Properties of off-chain votes: order, splitting, mutation, the rule by an oracle (R-13)."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from electorate import CLOSE, E18, PROPOSAL, START, VOTERS, ballot, chain_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexkit.metagov.ballots import read_box
from indexkit.metagov.envelope import Signed
from indexkit.metagov.result import Result, count
from indexkit.metagov.snapshot import Vote
from indexkit.metagov.tally import Outcome, Totals, decide, quorum

BALANCES = [60 * E18, 30 * E18, 20 * E18, 7, 0]
CHAIN = chain_of(BALANCES)
TIMES = (START - 1, START, START + 1, CLOSE - 1, CLOSE)

POWER = st.one_of(st.integers(0, 5), st.integers(0, 10**25))
TOTALS = st.builds(Totals, POWER, POWER, POWER)


@cache
def cast(voter: int, choice: int, time: int) -> Signed[Vote]:
    """Sign each vote once."""
    return ballot(VOTERS[voter], choice, TIMES[time])


VOTES = st.builds(cast, st.integers(0, 4), st.integers(1, 4), st.integers(0, 4))
BOXES = st.lists(VOTES, min_size=1, max_size=12)


def counted(files: Sequence[tuple[str, bytes]]) -> Result:
    """Write files in this order into a new folder and count them."""
    with TemporaryDirectory() as folder:
        for name, content in files:
            (Path(folder) / name).write_bytes(content)
        return count(PROPOSAL, Path(folder), CHAIN)


@cache
def content(signed: Signed[Vote]) -> bytes:
    """Return a ballot as its file has it."""
    with TemporaryDirectory() as folder:
        return signed.write(Path(folder)).read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.data(), BOXES)
def test_count__order_changes_nothing(data: st.DataObject, box: list[Signed[Vote]]) -> None:
    """Written in any order: the same bytes. Called anything: the same ballots, powers, outcome."""
    files = [(f"{number:02}.json", content(signed)) for number, signed in enumerate(box)]
    result = counted(files)
    assert counted(data.draw(st.permutations(files))).text() == result.text()
    others = enumerate(data.draw(st.permutations(box)))
    renamed = counted([(f"{number:02}.json", content(signed)) for number, signed in others])
    assert renamed.ballots == result.ballots
    assert len(renamed.rejected) == len(result.rejected)


@settings(max_examples=60, deadline=None)
@given(BOXES)
def test_count__against_a_plain_reading(box: list[Signed[Vote]]) -> None:
    """Of each voter the last valid vote; each file counts or is rejected, none is both."""
    last: dict[str, Signed[Vote]] = {}
    for signed in box:
        vote = signed.message
        if vote.choice > 3 or not START <= vote.timestamp < CLOSE:
            continue
        best = last.setdefault(vote.author, signed)
        if (vote.timestamp, -int(signed.hash, 16)) > (
            best.message.timestamp,
            -int(best.hash, 16),
        ):
            last[vote.author] = signed
    powers = {key.address: power for key, power in zip(VOTERS, BALANCES, strict=True)}
    result = counted([(f"{number:02}.json", content(s)) for number, s in enumerate(box)])
    assert {b.hash: b.total for b in result.ballots} == {
        s.hash: powers[voter] for voter, s in last.items() if powers[voter]
    }
    assert len(result.ballots) + len(result.rejected) == len(box)


EDITS = st.sampled_from(["replace", "insert", "delete"])


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**20), EDITS, st.integers(0, 255))
@example(0, "delete", 0)
def test_count__mutated_ballot__never_more_power(place: int, edit: str, byte: int) -> None:
    """Whatever is done to a byte: the ballot counts as it was signed, or not at all."""
    first, second = cast(0, 1, 1), cast(1, 2, 1)
    old = content(first)
    at = place % len(old)
    middle = {"replace": bytes([byte]), "insert": bytes([byte, old[at]]), "delete": b""}[edit]
    result = counted([("a.json", old[:at] + middle + old[at + 1 :]), ("b.json", content(second))])
    assert result.totals.total <= BALANCES[0] + BALANCES[1]
    for vote in result.ballots:
        assert (vote.hash, vote.choice) in [(s.hash, s.message.choice) for s in (first, second)]
    if result.totals.votes_for == 0:
        assert [rejected.file for rejected in result.rejected] == ["a.json"]


@pytest.mark.parametrize("bit", [0x01, 0x20])
def test_read_box__each_byte_of_a_ballot_flipped__rejected(tmp_path: Path, bit: int) -> None:
    """One box with a file for each byte of a ballot, in which that one is another: none counts."""
    old = content(cast(0, 1, 1))
    for place in range(len(old)):
        changed = old[:place] + bytes([old[place] ^ bit]) + old[place + 1 :]
        (tmp_path / f"{place:04}.json").write_bytes(changed)
    box = read_box(tmp_path, PROPOSAL)
    assert box.accepted == ()
    assert len(box.rejected) == len(old) > 700


def oracle(totals: Totals, needed: int, can_abstain: bool) -> Outcome:
    """Return the outcome by the rule as one says it, case by case."""
    yes, no, none = totals.votes_for, totals.against, totals.abstain
    if yes + no + none < needed:
        return Outcome.UNDECIDED
    if can_abstain and none > yes and none > no:
        return Outcome.ABSTAIN
    if yes > no:
        return Outcome.FOR
    return Outcome.AGAINST if no > yes else Outcome.UNDECIDED


@given(TOTALS, POWER, st.booleans())
def test_decide__against_an_oracle(totals: Totals, needed: int, can_abstain: bool) -> None:
    """The rule, for any votes."""
    assert decide(totals, needed, can_abstain) is oracle(totals, needed, can_abstain)


@given(TOTALS, POWER, st.booleans(), st.sampled_from(["votes_for", "against"]), st.integers(1, 9))
def test_decide__more_votes_never_help_the_other_side(
    totals: Totals, needed: int, can_abstain: bool, side: str, more: int
) -> None:
    """Votes for one side never turn the outcome to the other."""
    sides = {"votes_for": totals.votes_for, "against": totals.against}
    sides[side] += more
    after = decide(Totals(**sides, abstain=totals.abstain), needed, can_abstain)
    other = Outcome.AGAINST if side == "votes_for" else Outcome.FOR
    if after is other:
        assert decide(totals, needed, can_abstain) in (other, Outcome.UNDECIDED)


@given(st.integers(0, 10**27), st.integers(1, 10_000))
def test_quorum__is_the_least_that_is_enough(circulating: int, bps: int) -> None:
    """Enough is at least the share; one less is less than the share."""
    needed = quorum(circulating, bps)
    assert needed * 10_000 >= circulating * bps
    assert (needed - 1) * 10_000 < circulating * bps or needed == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(0, 120), st.integers(0, 120), st.data())
def test_count__splitting_a_holding_changes_no_outcome(
    choice: int, other: int, held: int, rest: int, data: st.DataObject
) -> None:
    """Two voters of the same choice are as good as one with the coins of both."""
    part = data.draw(st.integers(0, held)) * E18
    with TemporaryDirectory() as folder:
        for voter, chosen in enumerate((choice, other, choice)):
            cast(voter, chosen, 1).write(Path(folder))
        whole = count(PROPOSAL, Path(folder), chain_of([held * E18, rest * E18, 0]))
        split = count(PROPOSAL, Path(folder), chain_of([held * E18 - part, rest * E18, part]))
    assert (split.totals, split.outcome) == (whole.totals, whole.outcome)
