"""R-42: a keeper killed at any instant goes on where it was, and trades nothing twice."""

import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import ape

from indexkit.localnet.paths import ROOT

SCRIPT = Path(__file__).parent / "killed.py"
DEATHS = [
    ("intent", "observe"),
    ("waiting", None),
    ("intent", "trade"),
    ("pending", "trade"),
    ("sent", "trade"),
    ("mined", "trade"),
    ("finishing", None),
    ("pending", "remaining"),
    ("mined", None),
]
"""After what is written the process is killed, one after the other."""

TORN = b'{"account_nonce":17,"for":"tra'


def live(started, folder, what=None, which=None):
    """Run a keeper in a process of its own; return how it ended."""
    order = {
        "token": started.index.token.address,
        "module": started.index.module.address,
        "guard": started.index.protocol.guard.address,
        "rebalance": pickle.dumps(started.rebalance).hex(),
        "folder": str(folder),
        "trader": 2,
        "death": (what, which),
    }
    command = [sys.executable, "-W", "ignore", str(SCRIPT), json.dumps(order)]
    host = {"APE_FOUNDRY_HOST": ape.chain.provider.uri, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | host, capture_output=True, text=True, timeout=60
    )
    assert run.returncode in (0, -signal.SIGKILL), run.stderr
    return run.returncode


def told(record):
    """Return what a record says of its trades, but for when they were made."""
    keys = ("symbol", "is_buy", "kind", "amount", "weth", "quoted", "limit")
    return [{key: trade[key] for key in keys} for trade in record["trades"]]


def test_run__killed_everywhere__trades_as_if_never_killed(started, tmp_path):
    """R-42: the same trades, none twice, the same units, with nine deaths as with none."""
    snapshot = ape.chain.snapshot()
    unharmed = started.keeper(folder=tmp_path / "unharmed").run().as_json()
    assert unharmed["finished"], unharmed["stopped"]
    ape.chain.restore(snapshot)

    folder = tmp_path / "killed"
    journal = folder / "journal.jsonl"
    for what, which in DEATHS:
        assert live(started, folder, what, which) == -signal.SIGKILL, (what, which)
        with journal.open("ab") as file:
            file.write(TORN)
    assert live(started, folder) == 0

    record = json.loads((folder / "6-execution.json").read_text())
    assert record["finished"], record["stopped"]
    assert told(record) == told(unharmed)
    assert record["after"]["units"] == unharmed["after"]["units"]
    assert record["after"]["balances"] == unharmed["after"]["balances"]
    assert record["before"] == unharmed["before"]
    transactions = [trade["transaction"] for trade in record["trades"]]
    assert len(transactions) == len(set(transactions))

    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    nonces = [line["account_nonce"] for line in lines if line["what"] == "intent"]
    assert nonces == list(range(nonces[0], nonces[0] + len(nonces)))
    # Two died between signing and sending, two with a transaction that was not mined yet.
    assert sum(line["what"] == "resent" for line in lines) == 4
