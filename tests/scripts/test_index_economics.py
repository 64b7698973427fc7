"""`ape run index-economics` as a user runs it: the whole calendar, with two ledgers a year."""

import csv
import json
from fractions import Fraction

import pytest

from indexkit.economics.record import read_deployment
from indexkit.localnet.paths import ROOT

INDEX = 10**18
ALL = 10_000_000 * INDEX
BOUNDARIES = (1_602_010_800, 1_633_546_800, 1_665_082_800, 1_696_618_800)
BY_YEAR = {
    "treasury stream": (2_375_000, 1_425_000, 950_000),
    "Set Labs stream": (1_400_000, 840_000, 560_000),
    "DeFi Pulse stream": (100_000, 60_000, 40_000),
}
MINING_S = 60 * 86_400
MINING_BEGIN = 1_602_097_200
STAKED = ((1_602_097_800, 1_603_713_600), (1_604_232_000, 1_609_459_200))
"""When somebody staked, as data/token/walk.json has it: ten minutes late, and six days not."""

BOUNTY_BEGIN, MONTH_S = 1_607_281_200, 30 * 86_400
HOLDINGS = (": locked", ": due", ": due to the treasury", "wallet", "wallets", "strays")


@pytest.fixture(scope="module")
def outcome(ape_run, tmp_path_factory):
    """Walk once; return the command with its files."""
    folder = tmp_path_factory.mktemp("economics")
    files = {kind: folder / f"walk.{kind}" for kind in ("json", "csv", "svg")}
    command = ape_run(
        *("index-economics", "--every", "6", "--json", str(files["json"])),
        *("--csv", str(files["csv"]), "--plot", str(files["svg"])),
    )
    assert command.status == 0, command.out + command.err
    return command, files


@pytest.fixture(scope="module")
def ledgers(outcome):
    """Return the figures of every ledger {INDEX base units}, with time and block."""
    _, files = outcome
    content = json.loads(files["json"].read_text())
    return [
        {"time": one["time"], **{name: int(text) for name, text in one["figures"].items()}}
        for one in content["ledgers"]
    ]


def test_walk__every_coin_at_every_step(ledgers):
    """R-25, I-27: contracts, strays and wallets are ten million, added up here once more."""
    assert len(ledgers) == 11
    for ledger in ledgers:
        held = [name for name in ledger if name.endswith(HOLDINGS) or name == "not distributed"]
        assert sum(ledger[name] for name in held) == ALL == ledger["total"]
        locked = [name for name in held if name.endswith("locked")]
        spare = ledger["strays"] + ledger["not distributed"]
        assert ledger["vested"] == ALL - sum(ledger[name] for name in locked) - spare
        own = [name for name in held if name.endswith("to the treasury")]
        treasury = ledger["treasury wallet"] + sum(ledger[name] for name in own)
        assert ledger["circulating"] == ledger["vested"] - treasury
        assert ledger["not distributed"] == ledger["strays"] == 0


def test_walk__published_sums_at_the_boundaries(ledgers):
    """R-22: by each year's end what was published, to the base unit; half way in between."""
    at = {ledger["time"]: ledger for ledger in ledgers}
    for name, years in BY_YEAR.items():
        for year, boundary in enumerate(BOUNDARIES):
            released = at[boundary][f"{name}: funded"] - at[boundary][f"{name}: locked"]
            assert released == sum(years[:year]) * INDEX
    team = ("Set Labs stream", "DeFi Pulse stream")
    for year, percent in enumerate((0, 15, 24, 30)):
        ledger = at[BOUNDARIES[year]]
        released = sum(ledger[f"{name}: funded"] - ledger[f"{name}: locked"] for name in team)
        assert released * 100 == percent * ALL


def test_walk__liquidity_mining_pauses_and_pays_all(ledgers):
    """R-23, V-9: paid + owed + undistributed = funded; streamed while anybody staked, no longer."""
    name = "liquidity mining"
    for ledger in ledgers:
        parts = ("locked", "due", "due to the treasury", "claimed")
        assert sum(ledger[f"{name}: {part}"] for part in parts) == 900_000 * INDEX
        until = ledger["time"]
        staked = sum(max(0, min(until, end) - begin) for begin, end in STAKED)
        exact = Fraction(900_000 * INDEX * min(staked, MINING_S), MINING_S)
        released = ledger[f"{name}: funded"] - ledger[f"{name}: locked"]
        assert 0 <= exact - released < 2_000
    assert 900_000 * INDEX - ledgers[-1][f"{name}: claimed"] < 2_000
    idle = [ledger for ledger in ledgers if MINING_BEGIN < ledger["time"] < STAKED[1][1]]
    assert [ledger[f"{name}: locked"] // INDEX for ledger in idle] == [540_104, 90_104]


def test_walk__bounty_pays_750_000(ledgers):
    """R-24: a tranche for each settled month, all of it in the end."""
    for ledger in ledgers:
        months = max(0, min(18, (ledger["time"] - 3_601 - BOUNTY_BEGIN) // MONTH_S))
        released = 750_000 * INDEX - ledger["methodologist bounty: locked"]
        assert released == 750_000 * INDEX * months // 18
    assert ledgers[-1]["methodologist bounty: claimed"] == 750_000 * INDEX


def test_walk__lists_pay_what_they_promise(ledgers):
    """R-21: 1,100 of the published claims, and all seven months of the contributors."""
    last = ledgers[-1]
    parts = ("due", "claimed")
    assert sum(last[f"initial distribution: {part}"] for part in parts) == 100_000 * INDEX
    assert 0 < last["initial distribution: due"] < 10_000 * INDEX
    assert last["contributor rewards: claimed"] == 37_142_840 * 10**15
    assert last["contributor rewards: due"] == 0


def test_walk__tells_what_it_proved(outcome, ledgers):
    """The last lines say it, the record reads, CSV has the same figures, the plot is a plot."""
    command, files = outcome
    text = " ".join(command.out.split())
    assert text.endswith(
        "Proved at 11 ledgers from 06 October 2020 to 06 October 2023: all pots together are "
        f"{ALL} base units, 10,000,000 INDEX, every stream is as published, and a vote "
        "reckons from events that the same coins circulate."
    )
    assert f"Methodologist bounty: {750_000 * INDEX} base units paid of {750_000 * INDEX}." in text
    rows = list(csv.DictReader(files["csv"].read_text().splitlines()))
    assert [row["circulating"].replace(".", "") for row in rows] == [
        str(ledger["circulating"]) for ledger in ledgers
    ]
    assert files["svg"].read_text().startswith("<?xml")
    record = ROOT / "build" / "economics" / "deployment.json"
    assert read_deployment(record).as_json() == json.loads(files["json"].read_text())["deployment"]


def test_epochs_and_proofs__after_the_walk(outcome, ape_run, tmp_path):
    """R-21: the epochs of a deployment are the files it left; an account gets its arguments."""
    folder = ROOT / "build" / "economics"
    record, epochs = str(folder / "deployment.json"), tmp_path / "epochs"
    made = ape_run("index-economics", "epoch", "--deployment", record, str(epochs))
    assert made.status == 0, made.err
    assert len(made.out.splitlines()) == 7
    for file in (folder / "epochs").iterdir():
        assert (epochs / file.name).read_bytes() == file.read_bytes()
    account = next(iter(json.loads((epochs / "epoch-0007.json").read_text())["claims"]))
    shown = ape_run("index-economics", "proof", account, "--epochs", str(epochs))
    assert shown.status == 0, shown.err
    assert json.loads(shown.out)["claimEpochs"]["account"] == account


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--plot", "walk.gif"), "walk.gif is no .svg or .png: name another file with --plot."),
        (("--csv", "/nowhere/walk.csv"), "/nowhere/walk.csv cannot be written (No such file or"),
        (("--network", "ethereum:local:test"), "runs on ethereum:mainnet-fork:foundry only"),
        (("--prices", "dpi-1999"), "No rebalance is called 'dpi-1999'"),
        (("proof", "0x01"), "0x01 is in no list: there is nothing to claim; name the epochs"),
    ],
)
def test_bad_input__one_sentence(ape_run, arguments, sentence):
    """What is wrong, where, and what to do; nothing is written."""
    command = ape_run("index-economics", *arguments)
    assert command.status == 1
    assert sentence in " ".join(command.err.split())
    assert "Traceback" not in command.err
