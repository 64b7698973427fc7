"""What a stranger who may put files into the box can stop: nothing (R-13)."""

import json
import os
from pathlib import Path

from electorate import E18, PROPOSAL, START, VOTERS, Key, ballot, chain_of, fill
from eth_utils.crypto import keccak

from indexkit.metagov import ballots
from indexkit.metagov.result import count, read_result, recompute


def test_read_result__file_name_that_is_no_utf8(tmp_path: Path) -> None:
    """R-13: whoever may drop a file into the box cannot make the result unreadable."""
    chain = chain_of([200 * E18])
    box = fill(tmp_path / "box", [ballot(VOTERS[0])])
    with open(os.path.join(os.fsencode(box), b"\xff.json"), "wb") as file:
        file.write(b"{")
    path = count(PROPOSAL, box, chain).write(tmp_path / "result.json")
    assert recompute(read_result(path), box, chain) == ()


def test_read_result__many_long_reasons(tmp_path: Path) -> None:
    """R-13: 60 files of anybody, each below the bound, cannot make the result unreadable."""
    chain = chain_of([200 * E18])
    box = fill(tmp_path / "box", [ballot(VOTERS[0])])
    space = "\x7f" * 60_000
    for number in range(60):
        signed = ballot(Key(keccak(number.to_bytes(2, "big"))), space=space)
        text = json.dumps(signed.document(), ensure_ascii=False)
        assert len(text.encode()) <= ballots.LONGEST
        (box / f"{number}.json").write_text(text)
    result = count(PROPOSAL, box, chain)
    assert len(result.ballots) == 1
    path = result.write(tmp_path / "result.json")
    assert recompute(read_result(path), box, chain) == ()


def test_recompute__other_file_names(tmp_path: Path) -> None:
    """docs/GOVERNANCE.md: names mean nothing; a voter's own collection gives the same result."""
    chain = chain_of([200 * E18])
    box = fill(tmp_path / "box", [ballot(VOTERS[0]), ballot(VOTERS[0], 2, START + 1)])
    result = count(PROPOSAL, box, chain)
    for number, path in enumerate(sorted(box.iterdir())):
        path.rename(box / f"mine-{number}.json")
    assert recompute(result, box, chain) == ()


def test_recompute__a_strangers_junk(tmp_path: Path) -> None:
    """R-13: a file that counts for nothing does not stop what was counted from being cast."""
    chain = chain_of([200 * E18])
    box = fill(tmp_path / "box", [ballot(VOTERS[0])])
    result = count(PROPOSAL, box, chain)
    (box / "junk.json").write_text("{")
    assert recompute(result, box, chain) == ()
