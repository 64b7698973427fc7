"""Files edited behind the steps' backs, and commands in an order nobody meant: nothing is lost."""

import json

import pytest
from run_directory import basket_of, make, state_of

from indexkit import documents
from indexkit.errors import IndexkitError
from indexkit.steps import chain, orders, run, submit
from indexkit.steps.folder import Folder

MAY = "mvi-2021-06"
OTHER = orders.Options("published", 10**9, 188_000, None)
DEADLINE_S = 7 * 86_400


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a run directory with a pack once; tests copy what they change."""
    folder = make(tmp_path_factory.mktemp("made"), basket_of(MAY), state_of(MAY))
    submit.compose(folder, deadline_s=DEADLINE_S, traders=())
    return folder


@pytest.fixture
def copy(made, tmp_path):
    """Return a copy of that directory."""
    for file in made.path.rglob("*.*"):
        to = tmp_path / file.relative_to(made.path)
        to.parent.mkdir(exist_ok=True)
        to.write_bytes(file.read_bytes())
    return Folder(tmp_path)


def rewrite(folder, step, change):
    """Edit a step's content."""
    document = documents.read(folder.file(step))
    change(document["content"])
    documents.write(folder.file(step), document)


def files(folder):
    """Return what every file of a directory says."""
    return {file: file.read_bytes() for file in folder.path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("step", ["weights", "params", "units"])
def test_check__component_listed_twice__is_refused(copy, step):
    """I-28: the last of two entries of a symbol does not hide the first."""
    entries = documents.read(copy.file(step))["content"]["components"]
    wrong = json.loads(json.dumps(entries[0]))
    wrong["address"] = entries[1]["address"]
    rewrite(copy, step, lambda content: content["components"].insert(0, wrong))
    with pytest.raises(IndexkitError, match=rf"{step}.json: components: expected"):
        chain.check(copy, step)


def test_check__components_in_another_order__are_refused(copy):
    """I-28: the keeper trades what is left in the order of the file."""
    rewrite(copy, "units", lambda content: content["components"].reverse())
    with pytest.raises(IndexkitError, match=r"4-units.json: components\[0\]"):
        chain.check(copy, "units")


def test_compose__another_pack_unasked__leaves_the_first(copy):
    """R-40: a pack that signers look at is not written over by a command that is refused."""
    before = files(copy)
    with pytest.raises(IndexkitError, match="says something else already"):
        submit.compose(copy, deadline_s=86_400, traders=())
    assert files(copy) == before


def test_compose__same_pack_after_its_checks__keeps_them(copy):
    """R-40: who checked a pack first and signs it then, names the same command twice."""
    rewrite(copy, "submission", lambda content: content["checks"].append({"name": "chain"}))
    before = files(copy)
    submit.compose(copy, deadline_s=DEADLINE_S, traders=())
    assert files(copy) == before


def executed(folder):
    """Let the Safe's transaction be recorded as executed."""
    sent = {"transaction": "0x12", "block": 1, "gas": 1}
    rewrite(folder, "submission", lambda content: content.update(executed=sent))


def traded(folder):
    """Let a keeper have begun, and been killed before it left its record."""
    (folder.path / "journal.jsonl").write_text("")


@pytest.mark.parametrize("done", [executed, traded])
def test_convert__again_after_the_start__drops_nothing(copy, done):
    """R-42: what was sent can only be followed with the files that it was made from."""
    done(copy)
    before = files(copy)
    with pytest.raises(IndexkitError, match="was executed, so its files stay"):
        run.convert(copy, OTHER, again=True)
    assert files(copy) == before


@pytest.mark.parametrize("again", [False, True])
def test_compose__another_pack_after_execution__is_refused(copy, again):
    """R-42: the pack that was executed stays, or the keeper could not follow it."""
    executed(copy)
    before = files(copy)
    with pytest.raises(IndexkitError, match="was executed in 0x12"):
        submit.compose(copy, deadline_s=86_400, traders=(), again=again)
    assert files(copy) == before
