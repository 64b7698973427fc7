"""The walk's calendar: times of ledgers, what is streamed while nobody stakes, bad input (V-9)."""

import json
from fractions import Fraction

import pytest

from indexkit.economics.allocation import load
from indexkit.economics.calendar import FILE, Stake, ledger_times, read_calendar, streamed
from indexkit.economics.claiming import proofs_of, write_epochs
from indexkit.errors import IndexkitError

BEGIN, LENGTH, TOTAL = 1_000, 600, 6_000
STAKES = (
    Stake(1_100, 0, 40),
    Stake(1_200, 1, 10),
    Stake(1_300, 0, 0),
    Stake(1_400, 1, 0),
    Stake(1_650, 2, 5),
    Stake(9_000, 2, 0),
)
"""Staked from 1,100 to 1,400, and again from 1,650: 250 s idle in between."""


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        (0, 0),
        (1_000, 0),
        (1_100, 0),
        (1_101, 1),
        (1_350, 250),
        (1_400, 300),
        (1_649, 300),
        (1_651, 301),
        (1_949, 599),
        (1_950, 600),
        (9_999, 600),
    ],
)
def test_streamed__stands_still_while_nobody_stakes(time, seconds):
    """R-23, V-9: only seconds with a stake count, and no more than the programme has."""
    assert streamed(STAKES, BEGIN, LENGTH, TOTAL, time) == Fraction(TOTAL * seconds, LENGTH)


def test_streamed__staked_before_the_begin():
    """What was staked earlier counts from the begin."""
    assert streamed((Stake(10, 0, 1),), BEGIN, LENGTH, TOTAL, 1_030) == 300


@pytest.mark.parametrize("every", [1, 3, 5, 6, 12])
def test_ledger_times__the_published_boundaries_are_among_them(every):
    """R-22: months of the calendar meet boundaries that are 365 days apart."""
    boundaries = load().published.boundaries
    times = ledger_times(boundaries[0], every)
    assert list(times) == sorted(set(times))
    assert (times[0], times[-1]) == (boundaries[0], boundaries[-1])
    if 12 % every == 0:
        assert set(boundaries) <= set(times)
        assert len(times) == 36 // every + 1 + sum(month % every > 0 for month in (1, 2, 3))


def test_calendar__as_it_is():
    """Its claims are no more than the list, its months those of the lists."""
    calendar = read_calendar()
    assert sum(one.number for one in calendar.initial_claims) == 1_100
    assert [one.month for one in calendar.epochs] == [
        *("2020-11", "2020-12"),
        *(f"2021-0{month}" for month in range(1, 6)),
    ]
    assert calendar.stakers == 3


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (("deployed", "time"), "2020-10-06", "time is '2020-10-06', not a time such as 2020-10-06"),
        (("stakes", 0, "percent"), 101, "percent is 101, not a whole number of percent from 0 to"),
        (("issues", 0, "index"), "bed", "index is 'bed', not one of dpi-2021-02, mvi-2021-06"),
        (("indices",), [], "there is no index whose pool is farmed: list one."),
        (("stream_claims", "treasury"), 0, "treasury is 0, not a whole number above zero"),
        (("indices", 0, "methodologist"), "me", "not one of treasury, set_labs, defi_pulse"),
    ],
)
def test_calendar__wrong__refused(tmp_path, place, value, words):
    """One sentence that names the entry."""
    content = json.loads(FILE.read_text())
    fields = content
    for key in place[:-1]:
        fields = fields[key]
    fields[place[-1]] = value
    file = tmp_path / "walk.json"
    file.write_text(json.dumps(content))
    with pytest.raises(IndexkitError) as error:
        read_calendar(file)
    assert words in error.value.message
    assert error.value.message.startswith("walk.json")


def test_proofs_of__both_lists(tmp_path):
    """R-21: an account's arguments, from the published list and from a deployment's epochs."""
    deployment = tmp_path / "deployment.json"
    deployment.write_text(json.dumps(RECORD))
    files = write_epochs(deployment, tmp_path / "epochs")
    assert [file.name for file in files] == [f"epoch-000{number}.json" for number in range(1, 8)]
    account = next(iter(json.loads(files[-1].read_text())["claims"]))
    proof = proofs_of(account.lower(), tmp_path / "epochs")["claimEpochs"]
    assert proof["account"] == account
    first = proofs_of("0x0002DcfD1EF89c80B3A9518adF67D1b845D619c2")
    assert (first["claim"]["index"], first["claim"]["amount"]) == ("0", str(50 * 10**18))
    assert "claimEpochs" not in first
    with pytest.raises(IndexkitError, match=r"is in no list: there is nothing to claim\.$"):
        proofs_of("0x" + "11" * 20, tmp_path / "epochs")


RECORD = {
    "kind": "index-deployment",
    "chain_id": 1,
    "block": 2,
    "contracts": {
        name: f"0x{place:040}"
        for place, name in enumerate(
            ("token", "streams", "distributor", "bounty", "fee_module", "weth"), 1
        )
    },
    "farms": [],
    "pools": [],
    "parties": {
        name: f"0x{place:040}"
        for place, name in enumerate(("deployer", "treasury", "set_labs", "defi_pulse"), 7)
    },
    "streams": {"treasury": 0, "set_labs": 1, "defi_pulse": 2},
}
