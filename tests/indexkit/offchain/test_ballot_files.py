"""The box: which files count, and the one reason for each that does not (R-13)."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from electorate import (
    AUTHOR,
    CLOSE,
    DPI,
    PROPOSAL,
    START,
    TERMS,
    VOTERS,
    ballot,
    fill,
    proposal,
    seal,
)

from indexkit.errors import IndexkitError
from indexkit.metagov.ballots import LONGEST, Ballot, Box, Rejected, read_box
from indexkit.metagov.window import Clock, Window

VOTER, OTHER, THIRD = VOTERS[:3]
Edit = Callable[[dict[str, Any]], object]


def reasons(folder: Path, on: Any = PROPOSAL) -> dict[str, str]:
    """Return why each file is rejected."""
    return {rejected.file: rejected.reason for rejected in read_box(folder, on).rejected}


def voters(box: Box) -> dict[str, int]:
    """Return who counts with which choice."""
    return {b.vote.author: b.vote.choice for b in box.accepted}


def test_read_box__one_ballot_per_voter(tmp_path: Path) -> None:
    """Plain votes, by voter, each with its file and hash."""
    signed = [ballot(VOTER, 1), ballot(OTHER, 2, CLOSE - 1), ballot(THIRD, 3)]
    box = read_box(fill(tmp_path, signed), PROPOSAL)
    expected = [Ballot(f"{s.hash}.json", s.hash, s.message) for s in signed]
    assert box == Box(tuple(sorted(expected, key=lambda b: b.vote.author)), ())


def test_read_box__other_files_are_none_of_it(tmp_path: Path) -> None:
    """Only .json files are looked at, and a temporary file of a writer is not one."""
    fill(tmp_path, [ballot(VOTER)])
    (tmp_path / ".abc.tmp").write_text("{")
    (tmp_path / "README").write_text("votes")
    assert reasons(tmp_path) == {}


def test_read_box__no_folder__raises(tmp_path: Path) -> None:
    """One sentence, with the remedy."""
    with pytest.raises(IndexkitError, match="name the folder of the ballots"):
        read_box(tmp_path / "none", PROPOSAL)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b'{"a":NaN}',
        b'{"a":"\\ud800"}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b"[" * 50_000,
        b"{}" + b" " * LONGEST,
    ],
    ids=lambda content: content[:9].decode("latin-1").encode("unicode-escape").decode(),
)
def test_read_box__not_json__rejected(tmp_path: Path, content: bytes) -> None:
    """Whatever a file holds, the others are counted."""
    fill(tmp_path, [ballot(VOTER)])
    (tmp_path / "odd.json").write_bytes(content)
    assert reasons(tmp_path) == {"odd.json": "the file is not JSON as ballots are written"}
    assert voters(read_box(tmp_path, PROPOSAL)) == {VOTER.address: 1}


def test_read_box__no_file__rejected(tmp_path: Path) -> None:
    """A folder, a broken link and a pipe are called like ballots."""
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    cannot = "the file cannot be read"
    assert reasons(tmp_path) == dict.fromkeys(("folder.json", "link.json", "zero.json"), cannot)


def message(key: str, value: object) -> Edit:
    """Return an edit of a field of the message."""
    return lambda content: content["data"]["message"].update({key: value})


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda c: c.pop("sig"), "the shape is wrong: address, sig and data"),
        (lambda c: c.update(hash="0x"), "the shape is wrong: address, sig and data"),
        (lambda c: c.update(data=[]), "the shape is wrong: address, sig and data"),
        (lambda c: c.update(sig=7), "the shape is wrong: address and sig are texts"),
        (lambda c: c["data"].pop("domain"), "the shape is wrong: data holds"),
        (lambda c: c["data"].update(message="For"), "the shape is wrong: data holds"),
        (lambda c: c["data"]["message"].pop("app"), "the shape is wrong: the message's fields"),
        (message("weight", 9), "the shape is wrong: the message's fields"),
        (message("choice", "1"), "the shape is wrong: choice is no plain uint32"),
        (message("choice", True), "the shape is wrong: choice is no plain uint32"),
        (message("choice", 1.0), "the shape is wrong: choice is no plain uint32"),
        (message("choice", [1]), "the shape is wrong: choice is no plain uint32"),
        (message("timestamp", -1), "the shape is wrong: timestamp is no plain uint64"),
        (message("from", VOTER.address.lower()), "the shape is wrong: from is no plain address"),
        (message("proposal", "0xAB" + "0" * 62), "the shape is wrong: proposal is no plain"),
        (message("reason", None), "the shape is wrong: reason is no plain string"),
        (lambda c: c["data"].update(domain={}), "forged domain"),
        (lambda c: c["data"]["domain"].update(version="0.1.5"), "forged domain"),
        (lambda c: c["data"]["domain"].update(chainId=1), "forged domain"),
        (lambda c: c["data"]["types"].update(Mail=[]), "forged types"),
        (lambda c: c["data"]["types"]["Vote"].reverse(), "forged types"),
        (lambda c: c["data"]["types"]["Vote"][4].update(type="uint256"), "forged types"),
        (message("choice", 2), "tampered: address: expected the signer"),
        (message("timestamp", START + 1), "tampered: address: expected the signer"),
        (message("reason", " "), "tampered: address: expected the signer"),
        (message("from", OTHER.address), "tampered: address: expected the signer"),
        (lambda c: c.update(address=OTHER.address), "tampered: address: expected the signer"),
        (lambda c: c.update(sig=c["sig"][:-2]), "the signature is in the short form of ERC-2098"),
        (lambda c: c.update(sig="0x"), "the signature is not 65 bytes"),
    ],
)
def test_read_box__edited__rejected(tmp_path: Path, edit: Edit, reason: str) -> None:
    """Every part of a ballot is looked at: what was changed is named."""
    (path,) = fill(tmp_path, [ballot(VOTER)]).iterdir()
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))
    box = read_box(tmp_path, PROPOSAL)
    assert box.accepted == ()
    assert [(r.file, r.reason.startswith(reason)) for r in box.rejected] == [(path.name, True)]


def test_read_box__in_anothers_name__rejected(tmp_path: Path) -> None:
    """A stranger signs what says to be from another: whichever address the envelope names."""
    forged = seal(replace(ballot(VOTER).message, author=OTHER.address), VOTER).document()
    for address in (VOTER.address, OTHER.address):
        (tmp_path / "forged.json").write_text(json.dumps({**forged, "address": address}))
        (reason,) = reasons(tmp_path).values()
        assert reason.startswith("tampered: ")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"space": "index.eth"}, "other space: expected 'index', found 'index.eth'"),
        ({"choice": 0}, "choice 0 is out of range: 1 to 3 exist"),
        ({"choice": 4}, "choice 4 is out of range: 1 to 3 exist"),
        (
            {"timestamp": START - 1},
            f"before the start: signed at {START - 1}, voting from {START}",
        ),
        ({"timestamp": CLOSE}, f"late: signed at {CLOSE}, voting closed at {CLOSE}"),
        ({"timestamp": CLOSE + 86_400}, f"late: signed at {CLOSE + 86_400}"),
    ],
)
def test_read_box__not_a_vote_of_this_proposal__rejected(
    tmp_path: Path, fields: dict[str, Any], reason: str
) -> None:
    """Rightly signed, but not for this box."""
    fill(tmp_path, [ballot(VOTER, **fields)])
    (found,) = reasons(tmp_path).values()
    assert found.startswith(reason)


def test_read_box__other_proposal__rejected(tmp_path: Path) -> None:
    """A vote on one proposal is none on its twin, which differs in one second."""
    twin = proposal(timestamp=START - 59)
    fill(tmp_path, [ballot(VOTER, on=twin)])
    (reason,) = reasons(tmp_path).values()
    assert reason == f"other proposal: expected {PROPOSAL.hash}, found {twin.hash}"
    assert voters(read_box(tmp_path, twin)) == {VOTER.address: 1}


def test_read_box__window_in_blocks__to_the_second(tmp_path: Path) -> None:
    """The first and the last second that count, as the stated clock gives them."""
    clock = Clock(block=12_000_000, time=START, blocks_per_day=6_400)
    window = Window.of(12_000_001, 12_000_005, in_seconds=False, day=6_400)
    on = proposal(replace(TERMS, window=window, clock=clock))
    # Starts with block 1, 13.5 s later; closes with block 3, 40.5 s later.
    signed = [ballot(VOTERS[i], 1, START + t, on) for i, t in enumerate((12, 13, 39, 40))]
    box = read_box(fill(tmp_path, signed), on)
    assert set(voters(box)) == {VOTERS[1].address, VOTERS[2].address}


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_read_box__votes_again__supersedes(tmp_path: Path, names: tuple[str, str]) -> None:
    """The later timestamp counts, whatever the files are called."""
    for name, signed in zip(names, (ballot(VOTER, 1), ballot(VOTER, 2, START + 1)), strict=True):
        signed.write(tmp_path).rename(tmp_path / name)
    old, new = names
    assert voters(read_box(tmp_path, PROPOSAL)) == {VOTER.address: 2}
    assert reasons(tmp_path) == {old: f"superseded: {VOTER.address} voted again in {new}"}


def test_read_box__same_second__the_lower_hash(tmp_path: Path) -> None:
    """Of equal timestamps the lower EIP-712 hash counts, though its file comes last."""
    signed = [ballot(VOTER, choice) for choice in (1, 2, 3)]
    signed.sort(key=lambda s: int(s.hash, 16), reverse=True)
    for number, vote in enumerate(signed):
        vote.write(tmp_path).rename(tmp_path / f"{number}.json")
    (kept,) = read_box(tmp_path, PROPOSAL).accepted
    assert (kept.hash, set(reasons(tmp_path))) == (signed[2].hash, {"0.json", "1.json"})


def test_read_box__late_ballot__supersedes_nothing(tmp_path: Path) -> None:
    """Who changes his mind too late has voted as he did."""
    fill(tmp_path, [ballot(VOTER, 1), ballot(VOTER, 2, CLOSE)])
    assert voters(read_box(tmp_path, PROPOSAL)) == {VOTER.address: 1}


def test_read_box__same_message_twice__duplicate(tmp_path: Path) -> None:
    """The first by name counts; a copy of a superseded ballot is a copy, too."""
    for number, signed in enumerate([ballot(VOTER), ballot(VOTER), ballot(OTHER)] * 2):
        signed.write(tmp_path).rename(tmp_path / f"{number}.json")
    ballot(OTHER, 2, START + 1).write(tmp_path).rename(tmp_path / "9.json")
    copy = "duplicate: the same message is in "
    assert reasons(tmp_path) == {
        "1.json": copy + "0.json",
        "2.json": f"superseded: {OTHER.address} voted again in 9.json",
        "3.json": copy + "0.json",
        "4.json": copy + "0.json",
        "5.json": copy + "2.json",
    }
    assert [b.file for b in read_box(tmp_path, PROPOSAL).accepted if b.vote.choice == 1] == [
        "0.json"
    ]


def test_without__zero_power(tmp_path: Path) -> None:
    """A ballot without votes behind it is rejected among the others."""
    (tmp_path / "a.json").write_text("{")
    fill(tmp_path, [ballot(VOTER), ballot(AUTHOR)])
    box = read_box(tmp_path, PROPOSAL)
    less = box.without([AUTHOR.address, DPI])
    assert voters(less) == {VOTER.address: 1}
    name = f"{ballot(AUTHOR).hash}.json"
    assert less.rejected == tuple(
        sorted(
            [*box.rejected, Rejected(name, f"zero power: {AUTHOR.address} has no votes")],
            key=lambda r: r.file,
        )
    )
