"""The result: counted, written, read back, recomputed (R-13)."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from electorate import (
    E18,
    PROPOSAL,
    START,
    TERMS,
    VOTERS,
    FakeChain,
    ballot,
    chain_of,
    fill,
    proposal,
)

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.metagov.result import Result, count, read_result, recompute
from indexkit.metagov.tally import Outcome, Totals, decide, quorum

BALANCES = [60 * E18, 30 * E18, 20 * E18]
CHOSEN = [1, 2, 3, 1]
Fields = dict[str, Any]


@pytest.fixture
def chain() -> FakeChain:
    """Return a chain on which three of the voters hold INDEX."""
    return chain_of(BALANCES)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """Return a box of four ballots, one of them without power, and a broken one."""
    folder = tmp_path / "box"
    fill(folder, [ballot(key, choice) for key, choice in zip(VOTERS, CHOSEN, strict=False)])
    (folder / "broken.json").write_text("{")
    return folder


@pytest.fixture
def result(box: Path, chain: FakeChain) -> Result:
    """Return the result of the vote."""
    return count(PROPOSAL, box, chain)


def test_quorum__rounds_up() -> None:
    """One wei too little is too little."""
    assert [quorum(c, 500) for c in (0, 1, 20, 21, 40)] == [0, 1, 1, 2, 2]
    assert quorum(2_083_126 * E18, 500) == 104_156_300_000_000_000_000_000


@pytest.mark.parametrize(
    ("votes", "can_abstain", "outcome"),
    [
        ((60, 30, 10), True, Outcome.FOR),
        ((30, 60, 10), True, Outcome.AGAINST),
        ((30, 20, 50), True, Outcome.ABSTAIN),
        ((30, 20, 50), False, Outcome.FOR),
        ((50, 0, 50), True, Outcome.FOR),
        ((0, 50, 50), True, Outcome.AGAINST),
        ((45, 45, 10), True, Outcome.UNDECIDED),
        ((25, 25, 50), True, Outcome.ABSTAIN),
        ((25, 25, 50), False, Outcome.UNDECIDED),
        ((0, 0, 100), False, Outcome.UNDECIDED),
        ((99, 0, 0), True, Outcome.UNDECIDED),
        ((0, 0, 99), True, Outcome.UNDECIDED),
        ((100, 0, 0), True, Outcome.FOR),
    ],
)
def test_decide__by_the_rule(
    votes: tuple[int, int, int], can_abstain: bool, outcome: Outcome
) -> None:
    """A quorum of 100; abstentions count for it, and win only where the governor takes them."""
    assert decide(Totals(*votes), 100, can_abstain) is outcome


def test_count__the_whole_document(result: Result) -> None:
    """Every field, integers as decimal strings, and the SHA-256 over all the others."""
    document = result.document()
    seal = document.pop("sha256")
    assert seal == documents.digest(document)
    signed = [ballot(key, choice) for key, choice in zip(VOTERS, CHOSEN, strict=False)]
    message = {
        key: str(value) if isinstance(value, int) else value
        for key, value in PROPOSAL.message.fields().items()
    }
    assert document == {
        "format": "indexkit off-chain vote 1",
        "proposal": {"id": PROPOSAL.hash, "sig": PROPOSAL.signature, "message": message},
        "snapshot": "100",
        "ballots": {
            vote.hash: {
                "voter": vote.message.author,
                "choice": str(vote.message.choice),
                "timestamp": str(START),
                "power": {"wallet": str(power)},
                "total": str(power),
            }
            for vote, power in zip(signed, BALANCES, strict=False)
        },
        "rejected": {
            f"{signed[3].hash}.json": f"zero power: {VOTERS[3].address} has no votes",
            "broken.json": "the file is not JSON as ballots are written",
        },
        "totals": {
            "for": str(60 * E18),
            "against": str(30 * E18),
            "abstain": str(20 * E18),
            "total": str(110 * E18),
        },
        "quorum": {
            "circulating": str(2_000 * E18),
            "bps": "500",
            "needed": str(100 * E18),
            "reached": True,
        },
        "outcome": "FOR",
    }


def test_count__quorum_missed_by_one(box: Path, chain: FakeChain) -> None:
    """110 INDEX voted; of 2,200 and a wei, 5 % are one wei more."""
    for circulating, outcome in ((2_200 * E18, Outcome.FOR), (2_200 * E18 + 1, Outcome.UNDECIDED)):
        on = proposal(replace(TERMS, circulating=circulating))
        signed = [ballot(key, choice, on=on) for key, choice in zip(VOTERS, CHOSEN, strict=False)]
        found = count(on, fill(box, signed), chain)
        assert (found.reached, found.outcome) == (outcome is Outcome.FOR, outcome)
        assert len(found.rejected) > len(CHOSEN), "those on the other proposals"


def test_count__empty_box(tmp_path: Path, chain: FakeChain) -> None:
    """Nobody voted: nothing is decided."""
    found = count(PROPOSAL, tmp_path, chain)
    assert (found.totals, found.outcome) == (Totals(0, 0, 0), Outcome.UNDECIDED)


def test_count__another_chain__raises(box: Path, chain: FakeChain) -> None:
    """Powers of another chain are none."""
    chain.chain = 10
    with pytest.raises(IndexkitError, match="The vote is about chain 1, not 10"):
        count(PROPOSAL, box, chain)


def test_count__coins_twice__raises(box: Path, chain: FakeChain) -> None:
    """Whoever signed such terms: nobody counts by them."""
    on = proposal(replace(TERMS, strategies=("wallet", "delegated")))
    with pytest.raises(IndexkitError, match="each coin twice"):
        count(on, box, chain)


def test_read_result__reads_what_was_written(result: Result, tmp_path: Path) -> None:
    """Byte for byte, and everything in it."""
    path = result.write(tmp_path / "result.json")
    again = read_result(path)
    assert again == result
    assert path.read_text() == again.text() + "\n"


def reseal(content: Fields) -> None:
    """Set the SHA-256 that belongs to edited content."""
    content.pop("sha256")
    content["sha256"] = documents.digest(content)


def first(content: Fields, key: str) -> Any:
    """Return the first entry of an object."""
    return next(iter(content[key].values()))


@pytest.mark.parametrize("resealed", [False, True])
@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda c: c.update(outcome="AGAINST"), 'outcome: expected "FOR", found "AGAINST"'),
        (
            lambda c: c["totals"].update({"for": "1"}),
            f'totals for: expected "{60 * E18}", found "1"',
        ),
        (lambda c: c["quorum"].update(reached=False), "quorum reached: expected true, found false"),
        (lambda c: c["quorum"].update(reached=1), "quorum reached: expected true, found 1"),
        (lambda c: c["quorum"].update(needed="1"), "quorum needed: expected"),
        (lambda c: c["quorum"].update(circulating="1"), "quorum circulating: expected"),
        (lambda c: c.update(snapshot="99"), 'snapshot: expected "100", found "99"'),
        (lambda c: c.update(format="2"), "format: expected"),
        (lambda c: c.update(note=None), "note: expected nothing, found null"),
        (lambda c: c["proposal"].update(id="0x00"), f'proposal id: expected "{PROPOSAL.hash}"'),
        (lambda c: c["proposal"]["message"].update(title="?"), "address: expected the signer"),
        (lambda c: c["proposal"]["message"].update(snapshot="99"), "address: expected the signer"),
        (lambda c: c["proposal"]["message"].update(end="7"), "end: expected"),
        (lambda c: first(c, "ballots").update(total="1"), "total: expected"),
        (lambda c: first(c, "ballots")["power"].update(wallet="1"), "total: expected"),
        (lambda c: first(c, "ballots").update(choice="9"), "choice: expected 1 to 3, found 9"),
        (lambda c: first(c, "ballots").update(voter="me"), "voter is 'me', not an address"),
        (lambda c: c["ballots"].popitem(), 'outcome: expected "UNDECIDED", found "FOR"'),
        (lambda c: c.pop("rejected"), "the field 'rejected' is missing"),
    ],
)
def test_read_result__edited__raises(
    result: Result, tmp_path: Path, edit: Callable[[Fields], object], said: str, resealed: bool
) -> None:
    """What follows from other fields must follow, with the right SHA-256 or without."""
    content = result.document()
    edit(content)
    if resealed:
        reseal(content)
    path = documents.write(tmp_path / "result.json", content)
    with pytest.raises(IndexkitError) as raised:
        read_result(path)
    assert said in raised.value.message


@pytest.mark.parametrize(
    "edit",
    [
        lambda c: c["rejected"].popitem(),
        lambda c: c["rejected"].update({"broken.json": "late"}),
        lambda c: first(c, "ballots").update(timestamp="7"),
        lambda c: c.update(sha256="00" * 32),
        lambda c: c.pop("sha256"),
    ],
)
def test_read_result__edited_where_nothing_follows__raises(
    result: Result, tmp_path: Path, edit: Callable[[Fields], object]
) -> None:
    """What nothing else tells, the SHA-256 does."""
    content = result.document()
    edit(content)
    path = documents.write(tmp_path / "result.json", content)
    with pytest.raises(IndexkitError, match="was edited: sha256: expected"):
        read_result(path)


def test_recompute__equal(result: Result, box: Path, chain: FakeChain) -> None:
    """Who has the ballots and a node finds the same."""
    assert recompute(result, box, chain) == ()


def test_recompute__later_chain__equal(result: Result, box: Path, chain: FakeChain) -> None:
    """What happened since the snapshot changes nothing."""
    chain.latest += 1_000
    chain.moves.append(replace(chain.moves[0], block=140, amount=5 * E18))
    assert recompute(result, box, chain) == ()


def test_recompute__differences(result: Result, box: Path, chain: FakeChain) -> None:
    """A well-made lie: resealed and consistent in itself, but ballots and chain say otherwise."""
    against = ballot(VOTERS[1], 2).hash
    liar = replace(
        result,
        ballots=tuple(
            replace(b, power={"wallet": 70 * E18}) if b.hash == against else b
            for b in result.ballots
        ),
    )
    found = recompute(liar, box, chain)
    assert found[:3] == (
        f'ballots {against} power wallet: expected "{30 * E18}", found "{70 * E18}".',
        f'ballots {against} total: expected "{30 * E18}", found "{70 * E18}".',
        'outcome: expected "FOR", found "AGAINST".',
    )
    assert [sentence.split(":")[0] for sentence in found[3:]] == [
        "sha256",
        "totals against",
        "totals total",
    ]


def test_recompute__withheld_ballot(result: Result, box: Path, chain: FakeChain) -> None:
    """Someone has a ballot that the keeper of the box did not count, or lost one that he did."""
    ballot(VOTERS[2], 1, START + 1).write(box)
    found = recompute(result, box, chain)
    assert 'outcome: expected "FOR"' not in found
    assert any(f"ballots {ballot(VOTERS[2], 3).hash}: expected nothing" in s for s in found)
    for path in box.iterdir():
        path.unlink()
    assert len(recompute(result, box, chain)) > len(CHOSEN)


def test_document__is_plain_json(result: Result) -> None:
    """No integers: JSON readers lose digits above 2**53."""

    def refuse(number: str) -> None:
        raise AssertionError(number)

    text = result.text()
    json.loads(text, parse_int=refuse, parse_float=refuse)
    assert text.isascii()
