"""TokenStream beside the vesting contract that Index Coop deployed, claimed at the same times."""

import pytest
from ape import chain, reverts

from indexkit.economics.schedule import OriginalVesting, Schedule, Segment
from indexkit.localnet.artifacts import artifact

E18 = 10**18
DAY_S = 86_400
YEAR_S = 365 * DAY_S
AMOUNT = 2_375_000 * E18

ORIGINAL = "@setprotocol/index-coop-contracts/artifacts/contracts/token/Vesting.sol/Vesting.json"


@pytest.fixture(scope="module")
def make_original(creator, coin):
    """Return a function that deploys and fills Index Coop's compiled vesting contract."""
    container = artifact(ORIGINAL).container()

    def make(recipient, amount, begin, end):
        made = creator.deploy(container, coin, recipient, amount, begin, begin, end)
        coin.transfer(made, amount, sender=creator)
        return made

    return make


def test_claims__often__original_falls_behind(
    streams, make_original, coin, creator, recipient, successor, stranger, at
):
    """R-22: the original pays less with each claim until its end; ours what has vested, always."""
    begin = chain.pending_timestamp + DAY_S
    end = begin + YEAR_S
    original = make_original(recipient, AMOUNT, begin, end)
    streams.create(successor, begin, [(end, AMOUNT)], sender=creator)
    rule = OriginalVesting(begin, begin, end, AMOUNT)
    ours = Schedule(begin, (Segment(end, AMOUNT),))

    times = [begin + 7 * DAY_S * week + 5 for week in range(1, 13)]
    for time in times:
        at(time, original.claim, sender=stranger)
        at(time + 1, streams.claim, 0, sender=stranger)
    theirs = rule.claims(times)
    assert coin.balanceOf(recipient) == sum(theirs)
    assert coin.balanceOf(successor) == ours.vested(times[-1] + 1)
    behind = ours.vested(times[-1]) - sum(theirs)
    assert 3 <= behind < len(times)

    at(end, original.claim, sender=stranger)
    at(end + 1, streams.claim, 0, sender=stranger)
    assert coin.balanceOf(recipient) == coin.balanceOf(successor) == AMOUNT
    assert sum(rule.claims([*times, end])) == AMOUNT


def test_claims__each_block__original_pays_nothing(
    streams, make_original, coin, creator, recipient, successor, stranger, at
):
    """R-22: of less than a unit a second, a stranger withholds all until the end; not here."""
    begin = chain.pending_timestamp + DAY_S
    end, amount = begin + YEAR_S, 10**6
    original = make_original(recipient, amount, begin, end)
    streams.create(successor, begin, [(end, amount)], sender=creator)
    times = [begin + 30 * place for place in range(1, 9)]
    for time in times:
        at(time, original.claim, sender=stranger)
        at(time + 1, streams.claim, 0, sender=stranger)
    assert sum(OriginalVesting(begin, begin, end, amount).claims(times)) == 0
    assert original.lastUpdate() == times[-1]
    assert coin.balanceOf(recipient) == 0
    assert coin.balanceOf(successor) == amount * 241 // YEAR_S == 7


def test_set_recipient__mistyped__original_loses_the_rest(
    streams, make_original, coin, creator, recipient, stranger, at
):
    """R-22: one step there, and nobody has the key; here nothing happens until he takes it."""
    nobody = "0x" + "e1" * 20
    begin = chain.pending_timestamp + DAY_S
    end = begin + YEAR_S
    original = make_original(recipient, AMOUNT, begin, end)
    streams.create(recipient, begin, [(end, AMOUNT)], sender=creator)
    original.setRecipient(nobody, sender=recipient)
    streams.proposeRecipient(0, nobody, sender=recipient)
    at(end, original.claim, sender=stranger)
    streams.claim(0, sender=stranger)
    assert (coin.balanceOf(nobody), coin.balanceOf(recipient)) == (AMOUNT, AMOUNT)
    with reverts():
        original.setRecipient(recipient, sender=recipient)
