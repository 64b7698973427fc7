"""R-42: executing where, or when, nothing of it was submitted: refused, and nothing written."""

import json

import pytest

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.steps import execute, submit
from indexkit.steps.folder import Folder

WEIGHTS = {"UNI": "0.6", "YFI": "0.3", "BAL": "0.1"}


@pytest.fixture(scope="module")
def made(desk, tmp_path_factory):
    """Take the steps up to a pack that nobody has signed."""
    folder = desk.prepare(tmp_path_factory.mktemp("composed"), desk.basket("composed", WEIGHTS))
    submit.compose(folder, deadline_s=submit.DEADLINE_S, traders=desk.traders)
    return folder


@pytest.fixture
def composed(made, tmp_path):
    """Return a copy of it."""
    for file in made.path.rglob("*.*"):
        to = tmp_path / "composed" / file.relative_to(made.path)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(file.read_bytes())
    return Folder(tmp_path / "composed")


def test_job_of__not_yet_started__says_so_and_writes_nothing(composed, desk):
    """The prices of a run to come are not fixed by a command that comes too early."""
    with pytest.raises(
        IndexkitError, match=r"not yet \d+, which was submitted here: have the Safe"
    ):
        execute.job_of(composed, desk.index.roles.trader)
    assert not (composed.path / "market.json").exists()


def test_job_of__started_elsewhere__goes_on(composed, desk):
    """The Safe's owners may execute the pack by other means; only the chain counts."""
    before = composed.file("submission").read_bytes()
    desk.submit(composed)
    composed.file("submission").write_bytes(before)
    job = execute.job_of(composed, desk.index.roles.trader)
    assert job.dry_run()
    assert not (composed.path / "market.json").exists()
    assert len(job.run(entries=1).trades) == 1


def test_send__executed_elsewhere__says_to_go_on(composed, desk):
    """To read the state anew and compose again would lose the files that it was made from."""
    before = composed.file("submission").read_bytes()
    desk.submit(composed)
    composed.file("submission").write_bytes(before)
    with pytest.raises(IndexkitError, match=r"has executed another transaction since.*'execute'"):
        submit.send(composed, desk.house.signers.quorum, traders=desk.traders)


@pytest.mark.parametrize("price", ["nan", "0", "-1", "1/0", 3, None, "1e999999999"])
def test_job_of__edited_prices__are_named(composed, desk, price):
    """What is affordable is judged by them: they are read as strictly as any other file."""
    desk.submit(composed)
    job = execute.job_of(composed, desk.index.roles.trader)
    content = json.loads(json.dumps(job.market.to_json()))
    content["prices"]["UNI"] = price
    documents.write(composed.path / "market.json", content)
    with pytest.raises(IndexkitError, match=r"the price of UNI is .*, not a fraction above zero"):
        execute.job_of(composed, desk.index.roles.trader)


def test_job_of__overtaken__says_so(composed, desk, tmp_path):
    """Another rebalance started since, with other targets or the same."""
    desk.submit(composed)
    other = desk.basket("other", {**WEIGHTS, "UNI": "0.5", "YFI": "0.4"})
    module = desk.index.module
    desk.house.operate(module, "cancelRebalance")
    later = desk.prepare(tmp_path / "later", other)
    desk.submit(later)
    with pytest.raises(IndexkitError, match=r"later than \d+, which was submitted here"):
        execute.job_of(composed, desk.index.roles.trader)


def test_send__did_something_else__is_recorded_as_sent(composed, desk, monkeypatch):
    """R-42: what was sent is never taken for unsent, least of all when it did something else."""
    changed = {"events": [], "balances": [], "parameters": {}, "rebalance": {}}
    monkeypatch.setattr(submit, "simulate", lambda _: changed)
    with pytest.raises(IndexkitError, match="did not do what was simulated"):
        submit.send(composed, desk.house.signers.quorum, traders=desk.traders)
    executed = composed.document("submission")["content"]["executed"]
    assert executed["transaction"].startswith("0x")
    with pytest.raises(IndexkitError, match="was executed in 0x"):
        submit.compose(composed, deadline_s=0, traders=(), again=True)


def test_send__live_network__takes_the_simulation_of_its_fork(composed, desk, monkeypatch):
    """R-44: simulated on a fork first; then the live network is compared with that."""
    submit.rehearse(composed, signers=(), traders=desk.traders)
    simulated = composed.document("submission")["content"]["simulated"]
    monkeypatch.setattr(submit, "_is_fork", lambda: False)
    content = submit.send(composed, desk.house.signers.quorum, traders=desk.traders)
    assert content["simulated"] == simulated
    assert content == composed.document("submission")["content"]
    assert content["executed"] is not None
