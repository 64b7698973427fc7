"""The allocation of INDEX: what was published, and what is refused because it does not add up."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from indexkit.economics.allocation import FILE, load, parse
from indexkit.economics.allocation_model import BUCKETS
from indexkit.economics.schedule import Schedule, Segment
from indexkit.errors import IndexkitError

E18 = 10**18
TREASURY = "0x9467cfADC9DE245010dF95Ec6a585A506A8ad5FC"
LAUNCH, YEARS = 1_602_010_800, (1_633_546_800, 1_665_082_800, 1_696_618_800)

Content = dict[str, Any]


@pytest.fixture
def content() -> Content:
    """Return the file's content, to be changed."""
    loaded: Content = json.loads(FILE.read_text())
    return loaded


def test_load__adds_up_to_ten_million() -> None:
    """R-21: seven parts, in INDEX and in percent, and nothing besides."""
    allocation = load()
    assert {bucket.key: bucket.amount // E18 for bucket in allocation.buckets} == {
        "liquidity-mining": 900_000,
        "initial-distribution": 100_000,
        "methodologist-bounty": 750_000,
        "treasury-immediate": 500_000,
        "treasury-vesting": 4_750_000,
        "set-labs": 2_800_000,
        "defi-pulse": 200_000,
    }
    assert sum(bucket.amount for bucket in allocation.buckets) == 10_000_000 * E18
    assert sum(bucket.percent for bucket in allocation.buckets) == 100
    assert len(allocation.vesting) == 10
    paid = [one.amount for one in (*allocation.vesting, *allocation.transfers)]
    assert (len(paid), sum(paid)) == (13, allocation.token.total_supply)


def test_streams__join_the_years_of_a_recipient() -> None:
    """R-22: nine contracts of a year are three streams of three segments."""
    allocation = load()
    streams = {stream.bucket: stream for stream in allocation.streams()}
    assert list(streams) == [key for key in BUCKETS if allocation.bucket(key).vested]
    treasury = streams["treasury-vesting"]
    amounts = (2_375_000 * E18, 1_425_000 * E18, 950_000 * E18)
    assert treasury.schedule == Schedule(LAUNCH, tuple(map(Segment, YEARS, amounts)))
    assert (treasury.recipient, treasury.recipient_name) == (TREASURY, "Treasury multisig")
    assert [one.name[-6:] for one in treasury.contracts] == ["year 1", "year 2", "year 3"]
    bounty = streams["methodologist-bounty"].schedule
    assert bounty == Schedule(1_607_281_200, (Segment(1_653_937_200, 750_000 * E18),))
    assert [schedule.total // E18 for schedule in allocation.team()] == [2_800_000, 200_000]


def test_mining__ends_when_the_bounty_begins() -> None:
    """R-21, R-24: 60 days from 7 October 2020, 19:00 UTC."""
    allocation = load()
    assert allocation.mining.end == allocation.bounty.begin == 1_607_281_200
    assert [program.iip for program in allocation.programs] == [11, 12, 14, 19, 28]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("treasury", "INDEX has no bucket 'treasury': use one of liquidity-mining, "),
        ("", "no buck"),
    ],
)
def test_bucket__unknown__refused(key: str, reason: str) -> None:
    """A key mistyped is named."""
    with pytest.raises(IndexkitError, match=reason):
        load().bucket(key)


def test_stream__of_what_does_not_vest__refused() -> None:
    """R-21: liquidity mining is unvested."""
    with pytest.raises(IndexkitError, match=r"Liquidity mining .* does not vest: name a bucket"):
        load().stream("liquidity-mining")


def put(*path: str | int, value: object) -> Callable[[Content], None]:
    """Return a change of one field."""

    def change(content: Content) -> None:
        place: Any = content
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def both(*changes: Callable[[Content], None]) -> Callable[[Content], None]:
    """Return several changes as one."""

    def change(content: Content) -> None:
        for one in changes:
            one(content)

    return change


def drop(*path: str | int) -> Callable[[Content], None]:
    """Return a change that leaves a field out."""

    def change(content: Content) -> None:
        place: Any = content
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


WEI = "1"
LESS = "899999999999999999999999"
SUPPLY = "10000000000000000000000001"
FIRST = ("vesting_contracts", 1)
SECOND = ("vesting_contracts", 2)

REFUSED: dict[str, tuple[Callable[[Content], None], str]] = {
    "supply": (put("token", "total_supply", value=SUPPLY), "total_supply and decimals are not"),
    "decimals": (put("token", "decimals", value=6), "total_supply and decimals are not"),
    "bucket missing": (drop("buckets", 0), "buckets are .*, not each of"),
    "bucket twice": (put("buckets", 0, "key", value="set-labs"), "buckets are .*, not each of"),
    "bucket's amount": (
        put("buckets", 0, "amount", value=LESS),
        f"amount of liquidity-mining is {LESS}, but 9 % of the supply gives 900000{'0' * 18}:",
    ),
    "percent beyond a hundred": (
        both(
            put("buckets", 0, "percent", value="10"),
            put("buckets", 0, "amount", value="1000000000000000000000000"),
            put("transfers", 2, "amount", value="1000000000000000000000000"),
        ),
        "total_supply is 1.*, but the sum of the buckets gives 101",
    ),
    "vested, but paid at once": (
        put("buckets", 0, "vested", value=True),
        "liquidity-mining vests and has a transfer, or neither",
    ),
    "paid in two transfers": (
        lambda content: content["transfers"].append(content["transfers"][0]),
        "treasury-immediate vests and has a transfer, or neither, or has several",
    ),
    "a year's amount": (
        put(*FIRST, "amount", value=WEI),
        "amount of treasury-vesting is .*, but the sum of what was paid for it gives",
    ),
    "funded twice by one transaction": (
        lambda content: content["transfers"][0].update(funding=content["token"]["deployment"]),
        "the transaction 0x7d1f84b3.* is listed twice",
    ),
    "contract twice": (
        put(*SECOND, "contract", value="0x26e316f5b3819264DF013Ccf47989Fb8C891b088"),
        "the contract 0x26e3.* is listed twice",
    ),
    "cliff": (put(*FIRST, "cliff", value=LAUNCH + 1), "Community treasury year 1 does not vest"),
    "no duration": (put(*FIRST, "end", value=LAUNCH), "Community treasury year 1 does not vest"),
    "gap between years": (
        both(
            put(*SECOND, "begin", value=YEARS[0] + 1),
            put(*SECOND, "cliff", value=YEARS[0] + 1),
        ),
        "begin of .* year 2 is 1633546801, but the end of Community treasury year 1 gives",
    ),
    "another recipient": (
        put(*SECOND, "recipient", value="0xF8523c551763FE4261A28313015267F163de7541"),
        "year 1 and Community treasury year 2 have different recipients",
    ),
    "mining's amount": (put("liquidity_mining", "amount", value=LESS), "but its bucket gives"),
    "mining's contract": (
        put("liquidity_mining", "contract", value=TREASURY),
        "the transfer for liquidity-mining does not go to the mining's contract",
    ),
    "mining's days": (
        put("liquidity_mining", "days", value=59),
        "the sum of its days gives 885000",
    ),
    "mining's rate": (
        put("liquidity_mining", "rate", value="173611111111111112"),
        "the rate of the mining is 173611111111111112, but the amount over the duration gives",
    ),
    "program's number": (
        put("later_programs", 1, "program", value=4),
        "the number of program 4 is 4, but its place gives 3",
    ),
    "program's amount": (
        put("later_programs", 0, "amount", value=WEI),
        "the amount of program 2 is 1, but the sum of its days gives 115920",
    ),
    "bounty's amount": (put("methodologist_bounty", "amount", value=WEI), "its contract gives 75"),
    "bounty's begin": (
        put("methodologist_bounty", "begin", value=7),
        "its contract gives 16072812",
    ),
    "bounty's end": (put("methodologist_bounty", "end", value=7), "its contract gives 1653937200"),
    "mining's start": (
        put("liquidity_mining", "start", value=LAUNCH),
        "begin of the bounty is 1607281200, but the end of the mining gives",
    ),
    "bounty's days": (
        put("methodologist_bounty", "days", value=541),
        "the begin and its days give",
    ),
    "table of another bucket": (drop("published", "by_year", "set-labs"), "by_year does not have"),
    "boundary": (
        put("published", "boundaries", 2, value=YEARS[1] + 1),
        "contracts of treasury-vesting do not change at the published boundaries",
    ),
    "amount by year": (
        put("published", "by_year", "set-labs", 1, value=WEI),
        "contracts of set-labs do not pay the published amounts by year",
    ),
    "share by year": (
        put("published", "share_by_year_percent", value=["50", "20", "30"]),
        "contracts of treasury-vesting do not pay the published shares by year",
    ),
    "team's share": (
        put("published", "team_share_by_month", 1, "percent", value="3.7"),
        "share of the team after 3 months is 3.7, but the sum of its streams gives 3.75",
    ),
    # malformed
    "hash": (put("token", "deployment", "hash", value="0x7D"), "hash is '0x7D', not a transaction"),
    "recorded_at": (put(*FIRST, "deployment", "recorded_at", value="now"), "not an instant"),
    "percent": (put("buckets", 0, "percent", value="9%"), "percent is '9%', not a share"),
    "bucket's key": (put("buckets", 0, "key", value="dao"), "key is 'dao', not one of"),
    "address": (put(*FIRST, "contract", value=TREASURY.lower()), "EIP-55 checksum"),
    "no sources": (put("buckets", 0, "sources", value=[]), "not a list of at least one source"),
    "no boundaries": (put("published", "boundaries", value=[]), "not a list of times"),
    "one odd time": (put("published", "boundaries", 0, value="1602010800"), "not a list of times"),
    "amount of nothing": (
        put("published", "by_year", "set-labs", 0, value="0"),
        "not a list of whole numbers above zero",
    ),
    "funding left out": (drop(*FIRST, "funding"), "the field 'funding' is missing"),
    "end left out": (drop("later_programs", 0, "end"), "the field 'end' is missing"),
}


@pytest.mark.parametrize(("change", "reason"), REFUSED.values(), ids=REFUSED)
def test_parse__does_not_add_up__refused(
    content: Content, change: Callable[[Content], None], reason: str
) -> None:
    """R-21: each figure is held against another one; the sentence says which."""
    parse(content)
    change(content)
    with pytest.raises(IndexkitError, match=reason) as refusal:
        parse(content, "allocation.json")
    assert refusal.value.message.startswith("allocation.json")
    assert refusal.value.message.endswith(("correct it.", "add it."))
