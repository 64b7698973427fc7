"""The journal survives whatever a kill leaves of its last line, and nothing else (R-42)."""

import json
import re

import pytest

from indexkit.errors import IndexkitError
from indexkit.keeper.journal import INTENT, MINED, REPLACED, RESENT, open_journal
from indexkit.keeper.refusals import Patience, Refusals, StopError


def write(folder, *lines, tail=b""):
    """Write a journal as a keeper left it."""
    folder.mkdir(exist_ok=True)
    text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    (folder / "journal.jsonl").write_bytes(text + tail)
    return folder


INTENTS = [{"what": INTENT, "hash": h, "raw": "0x", "account_nonce": n} for n, h in enumerate("ab")]


@pytest.mark.parametrize("cut", [1, 7, 40])
@pytest.mark.parametrize("before", [0, 1, 2])
def test_open_journal__torn_line__is_cut_off(tmp_path, cut, before):
    """What a line was to announce was not done; the next one stands on a line of its own."""
    tail = json.dumps(INTENTS[1]).encode()[:cut]
    folder = write(tmp_path / "run", *INTENTS[:before], tail=tail)
    with open_journal(folder) as journal:
        assert journal.lines == INTENTS[:before]
        journal.add("waiting", seconds=1)
    lines = (folder / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        *INTENTS[:before],
        {"what": "waiting", "seconds": 1},
    ]


def test_open_journal__damaged_in_the_middle__raises(tmp_path):
    """No kill does that: the signed transaction it told of may be gone."""
    folder = write(tmp_path / "run", INTENTS[0])
    path = folder / "journal.jsonl"
    path.write_bytes(b'{"what":\n' + path.read_bytes())
    with (
        pytest.raises(IndexkitError, match=rf"^{re.escape(str(path))}: line 1 is damaged"),
        open_journal(folder),
    ):
        pass


def test_open_journal__twice__raises(tmp_path):
    """One keeper a folder; once it ended, the next may."""
    with (
        open_journal(tmp_path / "run"),
        pytest.raises(IndexkitError, match=r"^Another keeper works in"),
        open_journal(tmp_path / "run"),
    ):
        pass
    with open_journal(tmp_path / "run"):
        pass


def test_open_journal__no_folder_to_make__raises(tmp_path):
    """One sentence with the place."""
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(IndexkitError, match=r"cannot be written \(Not a directory\)"),
        open_journal(tmp_path / "file" / "run"),
    ):
        pass


@pytest.mark.parametrize(
    ("after", "open_"),
    [([], "b"), ([RESENT], "b"), ([MINED], None), ([RESENT, MINED], None), ([REPLACED], None)],
)
def test_unresolved__until_its_end_is_known(tmp_path, after, open_):
    """What was signed last counts until it was mined or can never be."""
    lines = [{"what": what, "hash": "b"} for what in after]
    done = {"what": MINED, "hash": "a"}
    with open_journal(write(tmp_path / "run", INTENTS[0], done, INTENTS[1], *lines)) as journal:
        found = journal.unresolved()
        assert (found and found["hash"]) == open_
        assert set(journal.intents()) == {"a", "b"}


def test_refusals__wait_longer_each_time_until_given_up():
    """Waits double and are bounded in number; a trade in between forgets them."""
    refusals = Refusals(Patience(first=60, refusals=3))
    assert refusals.add("A", "no", now=0) == 60
    assert refusals.waits("A", 59)
    assert not refusals.waits("A", 60)
    refusals.clear("A")
    assert [refusals.add("A", "no", now=0) for _ in range(2)] == [60, 120]
    assert (refusals.until(), refusals.sentence()) == (120, None)
    refusals.add("A", "no way", now=120)
    assert refusals.waits("A", 10**9)
    assert refusals.until() is None
    assert refusals.sentence().startswith("The chain kept refusing A (no way, 3 times): the other")


def test_refusals__nothing_that_waiting_changes__stops():
    """In one sentence with the component, the reason and the remedy (R-40)."""
    with pytest.raises(StopError, match=r"^A was refused \(Rebalance has expired\): its deadline"):
        Refusals(Patience()).add("A", "Rebalance has expired", now=0)
