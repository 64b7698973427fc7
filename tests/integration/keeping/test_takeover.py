"""R-42: a keeper that goes on with another account, and journals that somebody touched."""

import json

import pytest

from indexkit.errors import IndexkitError


class CrashError(Exception):
    """Stands for whatever ends a process."""


def dies(line):
    """End the run when a trade is signed, before it is sent."""
    if line["what"] == "intent" and line["for"] == "trade":
        raise CrashError


def lines(started, what):
    """Return the journal's lines of a kind."""
    text = (started.folder / "journal.jsonl").read_text()
    found = [json.loads(line) for line in text.splitlines()]
    return [line for line in found if line["what"] == what]


def test_run__another_account__sees_to_what_the_first_signed(started):
    """I-28: another account's nonce says nothing of it; given up, it could still be mined later."""
    with pytest.raises(CrashError):
        started.keeper(watch=dies).run()
    first, other = started.index.roles.trader, started.index.roles.manager
    started.index.module.updateTraderStatus([other], [True], sender=other)
    for _ in range(first.nonce + 1 - other.nonce):
        other.transfer(first, 0)
    (signed,) = lines(started, "intent")[-1:]
    assert other.nonce > signed["account_nonce"] == first.nonce
    done = started.keeper(trader=other).run()
    assert done.finished
    assert lines(started, "replaced") == []
    assert [line["hash"] for line in lines(started, "resent")] == [signed["hash"]]
    assert signed["hash"] in {trade.transaction for trade in done.trades}


@pytest.mark.parametrize(
    ("what", "key", "value"),
    [
        ("opened", "start_hash", None),
        ("opened", "prices", {"UNI": "nan"}),
        ("opened", "before", {"block": 1}),
        ("intent", "raw", None),
        ("intent", "account_nonce", "3"),
    ],
)
def test_run__edited_journal__is_named_and_nothing_sent(started, what, key, value):
    """R-40: a line that lacks what the keeper needs of it is damaged like one that is no JSON."""
    with pytest.raises(CrashError):
        started.keeper(watch=dies).run()
    path = started.folder / "journal.jsonl"
    found = [json.loads(line) for line in path.read_text().splitlines()]
    last = [line for line in found if line["what"] == what][-1]
    last.pop(key)
    if value is not None:
        last[key] = value
    path.write_text("".join(json.dumps(line) + "\n" for line in found))
    nonce = started.index.roles.trader.nonce
    with pytest.raises(IndexkitError, match=r"journal.jsonl: (line \d+|the line .*) is damaged"):
        started.keeper().run()
    assert started.index.roles.trader.nonce == nonce
