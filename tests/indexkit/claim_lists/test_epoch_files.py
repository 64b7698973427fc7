"""Epochs: what accumulates, what a file says, and that none of it can be changed (R-21, I-27)."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexkit import documents
from indexkit.economics.epoch_files import name_of, read_epoch, verify_epoch, write_epoch
from indexkit.economics.epochs import (
    NO_ROOT,
    accumulate,
    build,
    check_published,
    from_lists,
)
from indexkit.economics.lists import read_rewards
from indexkit.economics.merkle_tree import epoch_leaf, verify
from indexkit.errors import IndexkitError

E18 = 10**18
DISTRIBUTOR = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
ELSEWHERE = "0x" + "11" * 20
ONE, TWO, THREE = (f"0x{number:040d}" for number in (1, 2, 3))


@pytest.fixture(scope="module")
def months():
    """Return the epochs of the seven published months."""
    return from_lists(1, DISTRIBUTOR, read_rewards())


@pytest.fixture
def folder(tmp_path, months):
    """Write them into a folder."""
    for epoch in months:
        write_epoch(tmp_path, epoch)
    return tmp_path


def test_from_lists__accumulates_the_months(months):
    """R-21: each epoch has all that came before; the last one pays 37,142.84 INDEX to 113."""
    lists = read_rewards()
    assert [epoch.number for epoch in months] == list(range(1, 8))
    assert [epoch.previous for epoch in months] == [NO_ROOT, *(one.root for one in months[:-1])]
    for epoch in months:
        assert epoch.cumulative == accumulate(lists[: epoch.number])
        assert epoch.total == sum(one.total for one in lists[: epoch.number])
    assert (months[-1].total, len(months[-1].entries)) == (3_714_284 * 10**16, 113)


def test_from_lists__every_claim_is_proven(months):
    """R-21: on this chain, by this contract; the same claim of another has another leaf."""
    for epoch in months:
        for entry in epoch.entries:
            leaf = epoch_leaf(1, DISTRIBUTOR, entry.account, entry.cumulative)
            assert verify(epoch.root, leaf, entry.proof)
            for chain_id, contract in ((61, DISTRIBUTOR), (1, ELSEWHERE)):
                foreign = epoch_leaf(chain_id, contract, entry.account, entry.cumulative)
                assert not verify(epoch.root, foreign, entry.proof)


def test_write_epoch__is_the_documented_document(tmp_path):
    """R-21: canonical JSON, amounts as text; the arguments of publishEpoch and claimEpochs."""
    epoch = build(1, DISTRIBUTOR, {TWO: 7, ONE: 5})
    path = write_epoch(tmp_path, epoch)
    leaves = {
        account: epoch_leaf(1, DISTRIBUTOR, account, n) for account, n in ((ONE, 5), (TWO, 7))
    }
    content = {
        "chain": 1,
        "distributor": DISTRIBUTOR,
        "epoch": 1,
        "previous": "0x" + "00" * 32,
        "root": "0x" + epoch.root.hex(),
        "total": "12",
        "claims": {
            ONE: {"cumulative": "5", "proof": ["0x" + leaves[TWO].hex()]},
            TWO: {"cumulative": "7", "proof": ["0x" + leaves[ONE].hex()]},
        },
    }
    assert path.name == "epoch-0001.json"
    assert path.read_text() == documents.canonical(content) + "\n"
    assert read_epoch(path) == verify_epoch(path) == verify_epoch(tmp_path) == epoch


def test_write_epoch__another_of_that_name__refused(tmp_path):
    """What was published is not written over; the same again is no harm."""
    epoch = build(1, DISTRIBUTOR, {ONE: 5})
    assert write_epoch(tmp_path, epoch) == write_epoch(tmp_path, epoch)
    before = (tmp_path / name_of(1)).read_bytes()
    with pytest.raises(IndexkitError, match=r"epoch-0001.json has another epoch 1"):
        write_epoch(tmp_path, build(1, DISTRIBUTOR, {ONE: 6}))
    assert (tmp_path / name_of(1)).read_bytes() == before


def test_write_epoch__longer_than_can_be_read__refused(tmp_path, monkeypatch):
    """A file that nobody could verify is not written."""
    monkeypatch.setattr(documents, "LONGEST", 100)
    with pytest.raises(IndexkitError, match="too many claims for one distributor"):
        write_epoch(tmp_path, build(1, DISTRIBUTOR, {ONE: 5}))
    assert not list(tmp_path.iterdir())


def test_find__gives_the_arguments_of_a_claim(months):
    """R-21: account, cumulative and proof, whatever the case of the address."""
    entry = months[-1].entries[5]
    for spelled in (entry.account, entry.account.lower()):
        assert months[-1].find(spelled) == entry
    with pytest.raises(IndexkitError, match="is not in epoch 7"):
        months[-1].find(ELSEWHERE)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("cumulative", "reason"),
    [
        ({}, "needs leaves"),
        ({ONE: 0}, "has earned 0, not a number above zero"),
        ({ONE: -1}, "has earned -1"),
        ({ONE: 2**256}, "of at most 256 bits"),
        ({ONE: 2**255, TWO: 2**255}, "add up to more than 256 bits"),
        ({DISTRIBUTOR.lower(): 1}, "no valid EIP-55 checksum"),
    ],
)
def test_build__claims_that_are_none__refused(cumulative, reason):
    """One sentence, with the account."""
    with pytest.raises(IndexkitError, match=reason):
        build(1, DISTRIBUTOR, cumulative)


@pytest.mark.parametrize("cumulative", [{ONE: 4, TWO: 99}, {TWO: 99}])
def test_build__somebody_has_less_than_before__refused(cumulative):
    """I-27: what was earned stays earned; leaving an account out is less, too."""
    before = build(1, DISTRIBUTOR, {ONE: 5, TWO: 7})
    with pytest.raises(IndexkitError, match=f"{ONE} would have ., less than the 5 of epoch 1"):
        build(1, DISTRIBUTOR, cumulative, before)


@pytest.mark.parametrize(("chain_id", "contract"), [(61, DISTRIBUTOR), (1, ELSEWHERE)])
def test_build__on_another_contracts_epoch__refused(chain_id, contract):
    """R-21: epochs of one contract say nothing of another's."""
    before = build(1, DISTRIBUTOR, {ONE: 5})
    with pytest.raises(IndexkitError, match="build on the right one"):
        build(chain_id, contract, {ONE: 6}, before)


def rewrite(path, change):
    """Change a file in place."""
    content = json.loads(path.read_text())
    change(content)
    path.write_text(documents.canonical(content) + "\n")


def first(content):
    """Return the first claim of a file."""
    return content["claims"][min(content["claims"])]


EDITS = [
    (lambda c: first(c).update(cumulative="5"), "epoch-0007.json was changed: claims"),
    (lambda c: first(c)["proof"].pop(), "epoch-0007.json was changed: claims 0x008B.* proof"),
    (lambda c: first(c)["proof"].reverse(), r"was changed: claims 0x008B.* proof\[0\]"),
    (lambda c: first(c).update(note="x"), "was changed: claims 0x008B.* note"),
    (lambda c: c["claims"].pop(min(c["claims"])), "epoch-0007.json was changed"),
    (lambda c: c["claims"].update({ONE: first(c)}), "epoch-0007.json was changed"),
    (lambda c: c.update(root="0x" + "11" * 32), "was changed: root: expected"),
    (lambda c: c.update(total="1"), "was changed: total: expected"),
    (lambda c: c.update(chain=61), "epoch-0007.json was changed"),
    (lambda c: c.update(distributor=ELSEWHERE), "epoch-0007.json was changed"),
    (lambda c: c.update(extra=1), "was changed: extra"),
    (lambda c: c.update(epoch=0), "only the first, number 1"),
    (lambda c: c.update(epoch=1), "epoch-0007.json: epoch 1 follows"),
    (lambda c: c.update(epoch="7"), "epoch is '7', not a whole number"),
    (lambda c: c.update(previous="0x" + "00" * 32), "epoch 7 follows 0x00"),
    (lambda c: c.update(previous="0x"), "previous is '0x', not 32 bytes"),
    (lambda c: c.update(claims={}), "epoch-0007.json: A Merkle tree needs leaves"),
    (lambda c: c["claims"].update({"0xE1\x1b": {}}), r"claims has '0xE1\\x1b', not an address"),
    (lambda c: c["claims"].update({ONE: 5}), "claims 0x0.*1: the field 'cumulative' is missing"),
]


@pytest.mark.parametrize(("change", "reason"), EDITS)
def test_read_epoch__edited__refused(folder, change, reason):
    """R-21: whatever is changed, the file is named, and what in it."""
    path = folder / name_of(7)
    rewrite(path, change)
    with pytest.raises(IndexkitError, match=reason):
        read_epoch(path)
    with pytest.raises(IndexkitError, match=r"epoch-0007\.json"):
        verify_epoch(folder)


def test_read_epoch__key_twice__refused(tmp_path):
    """Of a claim named twice some readers take the first, others the last."""
    path = write_epoch(tmp_path, build(1, DISTRIBUTOR, {ONE: 5}))
    path.write_text(path.read_text().replace('{"chain":1', '{"chain":1,"chain":1'))
    with pytest.raises(IndexkitError, match="a key is named twice"):
        read_epoch(path)


def test_verify_epoch__folder__gives_the_latest(folder, months):
    """R-21: seven files, each after the one before; other files are left alone."""
    (folder / "README").write_text("not an epoch")
    assert verify_epoch(folder) == months[-1]


@pytest.mark.parametrize(
    ("number", "cumulative", "reason"),
    [
        (7, {ONE: 1}, "epoch-0007.json: 0x008B.* would have 0, less than"),
        (1, {ONE: 1}, "epoch-0002.json: is epoch 2 after .* not epoch 2 after"),
    ],
)
def test_verify_epoch__made_anew_from_other_claims__refused(
    folder, months, number, cumulative, reason
):
    """I-27: a file may be sound by itself; the folder shows that it is not what followed."""
    made = build(1, DISTRIBUTOR, cumulative)
    document = made.document() | {
        "epoch": number,
        "previous": months[number - 1].document()["previous"],
    }
    documents.write(folder / name_of(number), document)
    assert read_epoch(folder / name_of(number)).cumulative == cumulative
    with pytest.raises(IndexkitError, match=reason):
        verify_epoch(folder)


def test_verify_epoch__file_missing_or_under_another_name__refused(folder):
    """A gap in the folder is named."""
    (folder / name_of(3)).rename(folder / "epoch-9.json")
    with pytest.raises(IndexkitError, match=r"epoch-0003\.json is missing"):
        verify_epoch(folder)


def test_verify_epoch__another_epochs_file__refused(folder, months):
    """The number in the name is the number in the file."""
    (folder / name_of(3)).write_bytes((folder / name_of(2)).read_bytes())
    with pytest.raises(IndexkitError, match=r"epoch-0003.json: is epoch 2 after"):
        verify_epoch(folder)
    documents.write(folder / name_of(3), months[2].document() | {"epoch": 9})
    with pytest.raises(IndexkitError, match=r"epoch-0003.json: is epoch 9 after .* not epoch 3"):
        verify_epoch(folder)


def test_verify_epoch__nothing_there__refused(tmp_path):
    """One sentence each."""
    with pytest.raises(IndexkitError, match=r"there is no epoch-0001.json in it"):
        verify_epoch(tmp_path)
    with pytest.raises(IndexkitError, match=r"no.json: cannot be read"):
        verify_epoch(tmp_path / "no.json")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": 6}, "The epoch of the contract 0x5F.* is 6, not 7"),
        ({"root": bytes(32)}, "The root of the contract .* is 0x00"),
        ({"total": 1}, "The total of the contract .* is 1, not 37142840000000000000000"),
    ],
)
def test_check_published__another_than_the_contracts__refused(months, change, reason):
    """R-21: a file that was made anew from other claims is sound, but not the contract's."""
    latest = months[-1]
    said = {"number": 7, "root": latest.root, "total": latest.total}
    check_published(latest, **said)
    with pytest.raises(IndexkitError, match=reason):
        check_published(latest, **said | change)


AMOUNTS = st.dictionaries(st.sampled_from([ONE, TWO, THREE, ELSEWHERE]), st.integers(1, 2**200))


@settings(max_examples=60, deadline=None)
@given(additions=st.lists(AMOUNTS.filter(bool), min_size=1, max_size=5))
def test_epochs__any_additions__every_epoch_is_its_own(tmp_path_factory, additions):
    """I-27: any history makes files that verify; totals and claims never fall."""
    folder, epoch, earned = tmp_path_factory.mktemp("epochs"), None, {}
    for added in additions:
        before = epoch
        for account, amount in added.items():
            earned[account] = earned.get(account, 0) + amount
        epoch = build(1, DISTRIBUTOR, earned, epoch)
        write_epoch(folder, epoch)
        assert epoch.total == sum(earned.values()) > (before.total if before else 0)
    assert verify_epoch(folder) == epoch
