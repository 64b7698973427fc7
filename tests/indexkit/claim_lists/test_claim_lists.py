"""The published lists: counts, totals and roots as published; every change is refused (R-21)."""

import json
from collections import Counter

import pytest

from indexkit.economics.lists import INITIAL, REWARDS, read_initial, read_rewards
from indexkit.errors import IndexkitError

E18 = 10**18
INITIAL_ROOT = "0f2cabbe50fc2d5d46f34ead7924313782cfc6c19a6ae31aa5883628a523f5db"
MONTHS = {
    "2020-11": (21, "3601.03", "265bdd5bdaa289e1d7b5023da979406df9cc8b741f908f294b30f28a9acfcbb1"),
    "2020-12": (27, "7717.03", "920fbf3e45444b3889be840c5f38f6f945cdb366a94c14f4d711701bdff7eedf"),
    "2021-01": (32, "6324.08", "dc0b3fe0706e87034395dd299b366379cc8472c0a7c48a21a9d7f9287972da8c"),
    "2021-02": (41, "6028.13", "8d3b17d804d00e35f6f51e3cb8182c4caa14e8569d87d3d682d361da6cf639b1"),
    "2021-03": (39, "3408.84", "131215bc264632f33903bf9a58c096ce0b4444338de7918a2274f86072362610"),
    "2021-04": (48, "4322.25", "b1cec2f92423a2dc20a97598847495c67bf5147b31957642f5694c57880610eb"),
    "2021-05": (66, "5741.48", "1fc927145803f69851bf66923a8f003b92a8511103d866a98e29454d69a11fbc"),
}
"""Recipients, INDEX and root of each month, from the proofs that Index Coop's page was built of."""


def edited(tmp_path, path, change):
    """Return a copy of a data file with something changed."""
    content = json.loads(path.read_text())
    change(content)
    copy = tmp_path / path.name
    copy.write_text(json.dumps(content))
    return copy


def test_initial__as_published():
    """R-21: 1,151 claims of 100,000 INDEX in six amounts, under the published root."""
    published = read_initial()
    assert published.total == 100_000 * E18
    assert published.root.hex() == INITIAL_ROOT
    assert len(published.claims) == len(published.proofs) == 1_151
    amounts = Counter(claim.amount // E18 for claim in published.claims)
    assert amounts == {25: 276, 50: 596, 150: 217, 300: 37, 700: 24, 2850: 1}
    accounts = [claim.account.lower() for claim in published.claims]
    assert accounts == sorted(set(accounts))


def test_rewards__as_published():
    """R-21: seven months, 274 claims of 113 accounts, 37,142.84 INDEX, under their own roots."""
    lists = read_rewards()
    found = {one.name: (len(one.claims), f"{one.total / E18:.2f}", one.root.hex()) for one in lists}
    assert found == MONTHS
    assert sum(len(one.claims) for one in lists) == 274
    assert len({claim.account for one in lists for claim in one.claims}) == 113
    assert sum(one.total for one in lists) == 3_714_284 * 10**16


def test_find__gives_the_arguments_of_a_claim():
    """R-21: index, account, amount and proof, whatever the case of the address."""
    published = read_initial()
    account = published.claims[7].account
    for spelled in (account, account.lower()):
        assert published.find(spelled) == (7, published.claims[7], published.proofs[7])
    with pytest.raises(IndexkitError, match="is not in the list initial"):
        published.find("0x" + "11" * 20)


def swap(content):
    """Exchange the first two claims: same accounts, amounts and total, other indices."""
    content["claims"][:2] = content["claims"][1::-1]


def shift(content):
    """Move a coin from one account to another: the same total."""
    first, second = content["claims"][:2]
    first["amount"] = str(int(first["amount"]) + 1)
    second["amount"] = str(int(second["amount"]) - 1)


CHANGES = [
    (swap, "initial_distribution.json: the root of the claims is 0x"),
    (shift, "initial_distribution.json: the root of the claims is 0x"),
    (lambda c: c["claims"].pop(), "the amounts add up to 99950000000000000000000, not to"),
    (lambda c: c.update(root="0x" + "11" * 32), "not the one that is named"),
    (lambda c: c["claims"].append(c["claims"][4]), "0x00627E4.* is named 2 times"),
    (lambda c: c["claims"][0].update(account=c["claims"][0]["account"].lower()), "EIP-55"),
    (lambda c: c["claims"][0].update(amount="0"), r"claims\[0\] .* amount is '0', not a whole"),
    (lambda c: c["claims"][0].update(amount=str(2**256)), "of at most 256 bits"),
    (lambda c: c["claims"][0].update(amount=50), "amount is 50, not a whole number"),
    (lambda c: c.update(claims=[]), "there are no claims"),
    (lambda c: c.pop("root"), "the field 'root' is missing"),
    (lambda c: c.update(distributor="0xDD"), "distributor is '0xDD', not an address"),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_initial__changed__refused(tmp_path, change, reason):
    """R-21: a place, an amount, an account, a claim less or more: one sentence, with the file."""
    with pytest.raises(IndexkitError, match=reason):
        read_initial(edited(tmp_path, INITIAL, change))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: c["lists"].reverse(), "the months are 2021-05, .* in order"),
        (lambda c: c["lists"].append(c["lists"][6]), "name each once"),
        (lambda c: c.update(lists=[]), "the months are none"),
        (lambda c: c["lists"][2].update(name="2021-13"), "name is '2021-13', not a month"),
        (lambda c: swap(c["lists"][3]), r"lists\[3\] 2021-02: the root of the claims"),
    ],
)
def test_rewards__changed__refused(tmp_path, change, reason):
    """R-21: every month once, in order, each as published."""
    with pytest.raises(IndexkitError, match=reason):
        read_rewards(edited(tmp_path, REWARDS, change))


def test_initial__no_json__refused(tmp_path):
    """One sentence, with the file."""
    (tmp_path / "list.json").write_text("{")
    with pytest.raises(IndexkitError, match=r"list.json: cannot be read as JSON"):
        read_initial(tmp_path / "list.json")
